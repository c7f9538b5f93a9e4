#!/usr/bin/env python3
"""Compile the texts of the interface into a C table.

    mktexts.py OUT.c texts/badges.list texts/en.txt texts/es.txt texts/pt.txt
    mktexts.py --check ROOT      texts in use, translated, and nothing else (make layers)

A file holds "key = text" a line; a line that begins with a space goes on with the text above; # begins a comment. Placeholders are
{name} and {name, plural, one {# factura} other {# facturas}}; all languages have the same keys with the same placeholders.
"""
import os
import re
import sys

import ctable

LANGUAGES = ("es", "en", "pt")
# Keys nobody writes out in a view, because a value of the data is their end.
FAMILIES = ("label.", "badge.", "title.", "days", "done.", "field.", "chart.", "unit.")


def read(path):
    texts, key = {}, None
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith(" ") and key:
                texts[key] += " " + line.strip()
                continue
            m = re.match(r"([A-Za-z0-9_.-]+) = (.+)$", line)
            if not m:
                sys.exit(f"{path}:{number}: not \"key = text\": {line}")
            key = m[1]
            if key in texts:
                sys.exit(f"{path}:{number}: {key} is given twice")
            texts[key] = m[2].strip()
    return texts


def placeholders(path, key, text):
    """Names of a text; exits when braces do not match."""
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0 or depth > 2:
            sys.exit(f"{path}: {key}: braces do not match")
    if depth:
        sys.exit(f"{path}: {key}: braces do not match")
    for body in re.findall(r"\{[\w.]+, plural,(.*)", text):
        if not re.match(r"( (one|other) \{[^{}]*\})+\}", body) or "other {" not in body:
            sys.exit(f"{path}: {key}: a plural is {{name, plural, one {{…}} other {{…}}}}")
    return sorted(set(re.findall(r"\{([\w.]+)(?:\}|, plural)", text)))


def load(paths):
    """{language: {key: text}}; badges.list counts in all of them."""
    badges = {k: v for p in paths if p.endswith("badges.list") for k, v in read(p).items()}
    all_texts = {os.path.basename(p)[:-4]: {**badges, **read(p)} for p in paths if not p.endswith("badges.list")}
    first = all_texts["es"]
    for language, texts in all_texts.items():
        for key in sorted(set(first) ^ set(texts)):
            sys.exit(f"texts/{language}.txt: {key} is {'missing' if key in first else 'not in es.txt'}")
        for key, text in texts.items():
            if placeholders(language, key, text) != placeholders("es", key, first[key]):
                sys.exit(f"texts/{language}.txt: {key}: other placeholders than es.txt has")
    return all_texts


def write(out, paths):
    texts = load(paths)
    ctable.write(out, "mktexts.py", "web/text.h", "text_row", "text_row",
                 [(key, [texts[language][key] for language in LANGUAGES]) for key in texts["es"]])


def used_keys(root):
    keys = {}
    for folder, _, files in os.walk(os.path.join(root, "src")):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(".mustache"):
                with open(path, encoding="utf-8") as f:
                    found = re.findall(r"\{\{[#^&]?\s*t\.([\w.-]+)", f.read())
            elif name.endswith(".c") and not name.endswith("_test.c") and "/web/" in path:
                with open(path, encoding="utf-8") as f:
                    found = re.findall(r'(?:text_find\([^;]*S|TEXT_KEY)\("([a-z0-9_.-]+)"\)', f.read())
            else:
                continue
            for key in found:
                keys.setdefault(key, os.path.relpath(path, root))
    return keys


def check(root):
    texts = load([os.path.join(root, "texts", name) for name in ("badges.list", "es.txt", "en.txt", "pt.txt")])
    same = read_same(os.path.join(root, "texts", "same.list"))
    used, faults = used_keys(root), []
    for key, where in sorted(used.items()):
        if key not in texts["es"]:
            faults.append(f"{where}: no text {key}")
    for key in sorted(texts["es"]):
        if key not in used and not key.startswith(FAMILIES):
            faults.append(f"texts/es.txt: nothing uses {key}")
        for language in ("en", "pt"):
            text = texts[language][key]
            words = len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\{[\w.]+\}", "", text)))
            if text == texts["es"][key] and not key.startswith("badge.") and words > (0 if language == "en" else 2) and key not in same:
                faults.append(f"texts/{language}.txt: {key} reads as in Spanish; translate it or name it in texts/same.list")
    print("\n".join(faults) or f"texts: {len(texts['es'])} in 3 languages, all in use")
    sys.exit(1 if faults else 0)


def read_same(path):
    with open(path, encoding="utf-8") as f:
        return {line.strip() for line in f if line.strip() and not line.startswith("#")}


def main():
    if sys.argv[1] == "--check":
        check(sys.argv[2])
    else:
        write(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    main()
