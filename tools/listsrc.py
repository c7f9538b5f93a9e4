#!/usr/bin/env python3
"""List the project's files of one sort, one a line, sorted, for meson.build.

    listsrc.py ROOT c|test|sql|testsql|data|asset|text|guide|fake|sim|bench

Files are found, not listed by hand: adding one touches no build file. The Makefile configures again when the list
changes."""
import os
import sys

DATA = ("messages", "strategies", "rules", "calendars", "documents", "lint", "src/web/views")
FILES = ("src/web/answers.txt",)


def walk(top):
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            if not name.startswith("."):
                yield os.path.join(folder, name)


def third_party():
    """What tools/fetch_assets left: the files that are embedded, not the thousands that are not."""
    top = "build-assets/node_modules"
    with open("src/web/assets/icons.txt", encoding="utf-8") as names:
        icons = [n.strip() for n in names if n.strip() and not n.startswith("#")]
    wanted = [f"{top}/htmx.org/dist/htmx.min.js", f"{top}/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"]
    wanted += [f"{top}/@tabler/icons/icons/outline/{n}.svg" for n in icons]
    return [p for p in wanted if os.path.exists(p)]


def main():
    root, sort = sys.argv[1:]
    os.chdir(root)
    found = []
    if sort == "data":
        for folder in DATA:
            found += list(walk(folder))
        found += [p for p in walk("src") if "/migrations/" in p and p.endswith(".sql")] + list(FILES)
    elif sort == "asset":
        found = [p for p in walk("src/web/assets") if not p.endswith(".json")] + third_party()
        found += list(walk("docs/guide/img"))
    elif sort == "guide":
        found = list(walk("docs/guide"))
    elif sort == "text":
        found = [p for p in walk("texts") if p.endswith((".txt", "badges.list")) and os.path.basename(p) not in ("phrases.txt", "help.txt", "commands.txt")]
    elif sort == "fake":
        found = [p for p in walk("test/fake") if p.endswith(".c")]
    elif sort == "sim":
        found = [p for p in walk("test/sim") if p.endswith(".c")]
    elif sort == "bench":
        found = [p for p in walk("bench") if p.endswith("_bench.c")]
    else:
        for path in walk("src"):
            is_test = path.endswith("_test.c")
            if sort == "c" and path.endswith(".c") and not is_test and path != "src/main.c":
                found.append(path)
            elif sort == "test" and is_test:
                found.append(path)
            elif path.endswith(".sql") and "/migrations/" not in path:
                if sort == ("testsql" if path.endswith("_test.sql") else "sql"):
                    found.append(path)
    print("\n".join(found))


main()
