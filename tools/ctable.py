"""Tables of texts as C: what mktexts.py, mkphrases.py and mkwords.py write."""


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("??", '?""?') + '"'


def write(path, tool, header, struct, name, rows):
    """`struct STRUCT NAMEs[]` of (key, texts) and `NAME_count`, as the header declares them; sorted by the bytes of the key."""
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'/* Written by tools/{tool}. */\n#include "{header}"\n\nconst struct {struct} {name}s[] = {{\n')
        for key, texts in sorted(rows, key=lambda row: row[0].encode()):
            out.write(f"    {{{literal(key)}, {{{', '.join(map(literal, texts))}}}}},\n")
        out.write(f"}};\nconst size_t {name}_count = {len(rows)};\n")
