#!/usr/bin/env python3
"""Check that the source includes only what ARCHITECTURE.md allows.

    checklayers.py ROOT          print each violation as FILE:LINE: …; exit 1 when there is one
    checklayers.py --self-test   prove on small made-up trees that violations are found

The table stands between the marks "<!-- layers -->" and "<!-- end of layers -->": folder, what it may include, calls it
must not make. A folder may always include itself. "name" allows all headers of a folder, "*_types.h" those of
every folder; what the build generates (x_sql.h) belongs to the folder of its x.sql."""
import os
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
BEGIN, END = "<!-- layers -->", "<!-- end of layers -->"


class Layer:
    def __init__(self, includes, never):
        self.includes = includes
        self.never = [(call, re.compile(r"\b%s\s*\(" % re.escape(call))) for call in never]


def words(cell):
    return re.findall(r"[\w*.]+", cell.replace("`", " "))


def read_table(path):
    with open(path, encoding="utf-8") as page:
        text = page.read()
    if BEGIN not in text or END not in text:
        sys.exit(f"{path}: the marks {BEGIN} and {END} are missing")
    layers = {}
    for line in text.split(BEGIN)[1].split(END)[0].splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) != 3 or cells[0] == "Folder" or set(cells[0]) <= set("-: "):
            continue
        for folder in words(cells[0]):
            if folder in layers:
                sys.exit(f"{path}: folder {folder} stands twice in the table of layers")
            layers[folder] = Layer(words(cells[1]), words(cells[2]))
    if not layers:
        sys.exit(f"{path}: the table of layers is empty")
    return layers


def sources(root):
    for top, folders, files in os.walk(os.path.join(root, "src")):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".c", ".h")):
                yield os.path.relpath(os.path.join(top, name), root)


def owner(root, path):
    """The folder below src/ a source belongs to; None for src/main.c."""
    parts = path.split(os.sep)
    return parts[1] if len(parts) > 2 else None


def generated_homes(root):
    """x_sql.h -> the folder of x.sql."""
    homes = {}
    for top, _, files in os.walk(os.path.join(root, "src")):
        for name in files:
            if name.endswith(".sql"):
                below = os.path.relpath(top, os.path.join(root, "src"))
                homes[name[: -len(".sql")] + "_sql.h"] = below.split(os.sep)[0]
    return homes


def allowed(layer, folder, home, target):
    if home == folder or home in layer.includes:
        return True
    return "*_types.h" in layer.includes and target.endswith("_types.h")


def without_comments(text):
    keep_lines = lambda m: "\n" * m.group(0).count("\n")
    return re.sub(r"/\*.*?\*/|//[^\n]*", keep_lines, text, flags=re.S)


def check_file(root, path, layers, homes):
    folder = owner(root, path)
    if folder is None:
        return []
    if folder not in layers:
        return [f"{path}:1: folder {folder} is not in the table of layers"]
    layer = layers[folder]
    with open(os.path.join(root, path), encoding="utf-8") as source:
        lines = without_comments(source.read()).splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        if include:
            target = include.group(1)
            home = target.split("/")[0] if "/" in target else homes.get(target, folder)
            if not allowed(layer, folder, home, target):
                found.append(f"{path}:{number}: {folder} may not include {target}")
        for call, pattern in layer.never:
            if not path.endswith("_test.c") and pattern.search(line):
                found.append(f"{path}:{number}: {folder} may not call {call}")
    return found


def check(root):
    layers = read_table(os.path.join(root, "ARCHITECTURE.md"))
    homes = generated_homes(root)
    found = []
    for layer, rule in layers.items():
        for name in rule.includes:
            if name != "*_types.h" and name not in layers:
                found.append(f"ARCHITECTURE.md: {layer} may include {name}, which is no folder of the table")
    for path in sources(root):
        found += check_file(root, path, layers, homes)
    return found


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


TABLE = f"""{BEGIN}
| Folder | May include | Never calls |
|---|---|---|
| `base` | | |
| `store` | `base` | |
| `strategy` | `base` `*_types.h` | `clock_now` |
{END}
"""

SELF_TESTS = [
    ("nothing wrong", {"src/strategy/a.c": '#include "base/str.h"\n#include "store/x_types.h"\n'}, None),
    ("main.c is above all", {"src/main.c": '#include "store/db.h"\n'}, None),
    ("own folder", {"src/store/a.c": '#include "store/db.h"\n'}, None),
    ("own queries", {"src/store/q.sql": "", "src/store/a.c": '#include "q_sql.h"\n'}, None),
    ("in a comment", {"src/strategy/a.c": '/*\n#include "store/db.h"\n*/\n// clock_now(\n'}, None),
    ("a test may ask the time", {"src/strategy/a_test.c": "void f(void) { clock_now(); }\n"}, None),
    ("upwards", {"src/base/a.c": '\n#include "store/db.h"\n'}, "src/base/a.c:2: base may not include store/db.h"),
    ("a header too", {"src/strategy/a.h": '#include "store/db.h"\n'}, "src/strategy/a.h:1: strategy may not include store/db.h"),
    ("a test too", {"src/strategy/a_test.c": '# include "store/db.h"\n'}, "src/strategy/a_test.c:1: strategy may not include store/db.h"),
    ("foreign queries", {"src/store/q.sql": "", "src/strategy/a.c": '#include "q_sql.h"\n'}, "src/strategy/a.c:1: strategy may not include q_sql.h"),
    ("the clock", {"src/strategy/a.c": "void f(void) {\n  clock_now (cx);\n}\n"}, "src/strategy/a.c:2: strategy may not call clock_now"),
    ("unknown folder", {"src/attic/a.c": ""}, "src/attic/a.c:1: folder attic is not in the table of layers"),
]


def self_test():
    failed = 0
    for name, files, expected in SELF_TESTS:
        with tempfile.TemporaryDirectory() as root:
            write(root, "ARCHITECTURE.md", TABLE)
            for path, text in files.items():
                write(root, path, text)
            found = check(root)
        if found != ([expected] if expected else []):
            print(f"self-test \"{name}\": found {found}, wanted {expected}")
            failed += 1
    print(f"{len(SELF_TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--self-test":
        sys.exit(self_test())
    found = check(sys.argv[1])
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
