#!/usr/bin/env python3
"""Turn the user guide into a C table: docs/guide/LANGUAGE/N-name.md to HTML.

    mkguide.py OUT.c FILE...     (Markdown and the images of docs/guide/img)
    mkguide.py --check ROOT      every page has its chapter, in every language, the languages have the same, and pages call things as it says (make layers)

What it understands of Markdown: # ## ### headings, paragraphs, - and 1. lists, **bold**, *italic*, `code`, ![text](image). Anything else
is plain text. <!-- views: a b --> names the pages a chapter belongs to. An image NAME is docs/guide/img/NAME-LANGUAGE.png; one that is
not there is left out.
"""
import hashlib
import html
import os
import re
import sys


def inline(text):
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<kbd>\1</kbd>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)


def image(alt, name, images):
    data = images.get(name)
    if data is None:
        return ""
    # As tools/mkassets.py names it; width and height keep the page from jumping.
    path = f"/assets/guide-{name}.{hashlib.sha256(data).hexdigest()[:12]}.png"
    width, height = (int.from_bytes(data[i:i + 4], "big") for i in (16, 20))
    return f'<img src="{path}" alt="{html.escape(alt)}" width="{width}" height="{height}" loading="lazy">'


def convert(source, language, images):
    title, views, out, open_list = "", "", [], None

    def close():
        nonlocal open_list
        if open_list:
            out.append(f"</{open_list}>")
            open_list = None

    for block in re.split(r"\n\s*\n", source.strip()):
        for line in block.splitlines() if re.match(r"(- |\d+\. |#|<!--)", block) else [block.replace("\n", " ")]:
            if m := re.match(r"<!-- views: (.*?) -->", line):
                views = m[1]
            elif m := re.match(r"(#+) (.*)", line):
                close()
                if len(m[1]) == 1:
                    title = m[2]
                else:
                    out.append(f"<h{len(m[1])}>{inline(m[2])}</h{len(m[1])}>")
            elif m := re.match(r"(?:(- )|\d+\. )(.*)", line):
                kind = "ul" if m[1] else "ol"
                if open_list != kind:
                    close()
                    out.append(f"<{kind}>")
                    open_list = kind
                out.append(f"<li>{inline(m[2])}</li>")
            elif m := re.match(r"!\[(.*?)\]\((.*?)\)", line):
                close()
                out.append(image(m[1], f"{m[2]}-{language}", images))
            else:
                close()
                out.append(f"<p>{inline(line)}</p>")
    close()
    return title, views, "\n".join(out)


def c_string(text):
    lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return "\n        ".join(f'"{line}\\n"' for line in lines)


LANGUAGES = ("es", "en", "pt")


def shape(path):
    """What the languages must have alike: views, headings, points of lists, pictures."""
    with open(path, encoding="utf-8") as md:
        text = md.read()
    return {"views": (re.findall(r"<!-- views: (.*?) -->", text) or [""])[0].split(), "headings": len(re.findall(r"^#+ ", text, re.M)),
            "points of lists": len(re.findall(r"^(?:- |\d+\. )", text, re.M)), "pictures": re.findall(r"!\[.*?\]\((.*?)\)", text)}


def labels_of(root, language):
    """What pages call things, as the guide quotes them: without marks at the end, in small letters."""
    with open(os.path.join(root, "texts", f"{language}.txt"), encoding="utf-8") as texts:
        return {plain_label(m[1]) for m in re.finditer(r"^[\w.-]+ = (.+)$", texts.read(), re.M)}


def plain_label(text):
    return re.sub(r"[.:?¿]", "", text).strip().lower()


def quoted(path):
    """The labels a chapter sends its reader to: *Settings › Users*."""
    with open(path, encoding="utf-8") as md:
        for m in re.finditer(r"(?<!\*)\*([^*\n]+)\*(?!\*)", md.read()):
            yield from m[1].split("›")


def views_of(root):
    """The pages there are: views of the actions, the guide itself aside."""
    found = set()
    for folder, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            if name.endswith(".c") and not name.endswith("_test.c"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    found |= set(re.findall(r'\.view = "(\w+)"', f.read()))
    return found - {"guide"}


def check(root):
    top, faults, told = os.path.join(root, "docs", "guide"), [], {}
    chapters = {language: sorted(os.listdir(os.path.join(top, language))) for language in LANGUAGES}
    pictures = set(os.listdir(os.path.join(top, "img")))
    if len({len(names) for names in chapters.values()}) > 1:
        faults.append("docs/guide: not as many chapters in every language")
    for language in LANGUAGES:
        told[language], labels = set(), labels_of(root, language)
        for name, first in zip(chapters[language], chapters["es"]):
            here, there = shape(os.path.join(top, language, name)), shape(os.path.join(top, "es", first))
            told[language] |= set(here["views"])
            faults += [f"docs/guide/{language}/{name}: no page says “{label.strip()}”" for label in quoted(os.path.join(top, language, name))
                       if plain_label(label) not in labels]
            faults += [f"docs/guide/{language}/{name}: other {what} than es/{first}" for what in here if here[what] != there[what]]
            faults += [f"docs/guide/img: no {p}-{language}.png" for p in here["pictures"] if f"{p}-{language}.png" not in pictures]
        faults += [f"docs/guide/{language}: no chapter tells of the page {view}" for view in sorted(views_of(root) - told[language])]
        faults += [f"docs/guide/{language}: there is no page {view}" for view in sorted(told[language] - views_of(root) - {"error"})]
    print("\n".join(faults) or f"guide: {len(chapters['es'])} chapters in {len(LANGUAGES)} languages, every page in one")
    sys.exit(1 if faults else 0)


def main():
    if sys.argv[1] == "--check":
        check(sys.argv[2])
    out, *files = sys.argv[1:]
    images = {}
    for f in files:
        if f.endswith(".png"):
            with open(f, "rb") as image_file:
                images[os.path.basename(f)[:-4]] = image_file.read()
    with open(out, "w", encoding="utf-8") as c:
        c.write('/* Written by tools/mkguide.py. */\n#include "action/guide.h"\n\nconst struct guide_chapter guide_chapters[] = {\n')
        count = 0
        for f in sorted(files):
            if not f.endswith(".md"):
                continue
            language, name = f.split(os.sep)[-2], os.path.basename(f)[:-3]
            with open(f, encoding="utf-8") as md:
                title, views, body = convert(md.read(), language, images)
            chapter = name.split("-", 1)[1]
            c.write(f'    {{"{language}", "{chapter}", {c_string(title)[:-3]}", "{views}",\n        {c_string(body)}}},\n')
            count += 1
        c.write(f"}};\nconst size_t guide_chapter_count = {count};\n")


main()
