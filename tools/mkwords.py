#!/usr/bin/env python3
"""Compile what commands call the members of their results, in Spanish and Portuguese, and see that nothing is missing.

    mkwords.py OUT.c texts/commands.txt
    mkwords.py --check ROOT      every column has its word, and every word its use (make layers)
    mkwords.py --missing ROOT    the lines that are missing, to be filled in

A line of texts/commands.txt is "KEY = Spanish | Portuguese" or "KEY.VALUE = Spanish | Portuguese"; # begins a comment. KEY is a member of a result
(docs/ref/languages.md): the English that commands show is the key itself. What must be there is every member an action writes (a literal
given to json_key, json_put_…, put_…, put_rows or put_page in src/action) and every column an action declares.
"""
import os
import re
import sys

import ctable

WRITES = re.compile(r'\b(?:json_key|json_put_\w+|put_\w+)\((?:[\w.>-]+, ){1,2}"([\w-]+)"')
LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')
ROWS = re.compile(r'\bput_(?:rows?|row_array|page)\(([^;]*);', re.S)
COLUMNS = re.compile(r'\.columns = ((?:"[^"]*"\s*)+)')


def read(path):
    words = {}
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            m = re.match(r"([\w-]+(?:\.[\w -]*[\w-])?) = (\S.*?) \| (\S.*)$", line)
            if not m:
                sys.exit(f"{path}:{number}: not \"KEY = Spanish | Portuguese\": {line}")
            if m[1] in words:
                sys.exit(f"{path}:{number}: {m[1]} is given twice")
            words[m[1]] = (m[2], m[3])
    return words


def write(out, path):
    ctable.write(out, "mkwords.py", "cli/word.h", "phrase_row", "word_row", list(read(path).items()))


def sources(root):
    for folder, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            if name.endswith((".c", ".h", ".sql")) and not name.endswith("_test.c"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    yield os.path.relpath(path, root), f.read()


def survey(root):
    """{key an action writes or declares: where}; every word that stands in the source by itself."""
    keys, known = {}, set()
    for path, text in sources(root):
        known.update(LITERAL.findall(text))
        known.update(re.findall(r"'([\w-]+)'", text))
        known.update(re.findall(r"\bX\((\w+)\)", text))
        if not path.startswith("src/action/"):
            continue
        for m in WRITES.finditer(text):
            keys.setdefault(m[1], path)
        for m in ROWS.finditer(text):
            for name in " ".join(LITERAL.findall(m[1])).split():
                keys.setdefault(name.partition("=")[0], path)
        for m in COLUMNS.finditer(text):
            for part in "".join(LITERAL.findall(m[1])).split(";"):
                name, _, columns = part.rpartition(":")
                for key in name.split() + columns.split():
                    keys.setdefault(key, path)
    return keys, known


def check(root):
    words = read(os.path.join(root, "texts", "commands.txt"))
    keys, known = survey(root)
    faults = [f"{where}: texts/commands.txt has no: {key}" for key, where in keys.items() if key not in words]
    for key in words:
        member, _, value = key.partition(".")
        if member not in keys and member not in known:
            faults.append(f"texts/commands.txt: nothing writes {member}")
        elif value and value not in known:
            faults.append(f"texts/commands.txt: nothing writes {key}")
    print("\n".join(faults) or f"words of commands: {len(words)} in 3 languages, all in use")
    if faults:
        print("tools/mkwords.py --missing . prints what to fill in")
    sys.exit(1 if faults else 0)


def missing(root):
    words = read(os.path.join(root, "texts", "commands.txt"))
    for key, where in survey(root)[0].items():
        if key not in words:
            print(f"# {where}\n{key} =  | ")


def main():
    if sys.argv[1] == "--check":
        check(sys.argv[2])
    elif sys.argv[1] == "--missing":
        missing(sys.argv[2])
    else:
        write(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
