#!/usr/bin/env python3
"""Every action is called by a test that looks at what it does: a scenario, a test of accounts or pages, a how-to.

    test/covered.py [--list]

Reads the declarations in src/action and src/cli, and the tests' texts for the verb's words or the route. The sweep and the test of the API's
shapes call everything and therefore count for nothing here. Closes with "N passed, N failed"; --list tells where each is called."""
import glob
import os
import re
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
SOURCES = ("test/scenario/*.t", "test/scenario/*.py", "test/*.py", "test/*.sh", "test/browser/*.mjs", "test/sim/*.c", "docs/howto/*.md")
NOT_THESE = ("test/sweep.py", "test/covered.py")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def actions():
    """(verb, route or None), as declared."""
    for path in sorted(glob.glob(os.path.join(ROOT, "src/*/*.c"))):
        if path.endswith("_test.c"):
            continue
        for declared in re.findall(r"^const struct action \w+ = \{(.*?)^\};", read(path), re.S | re.M):
            verb, route = re.search(r'\.verb = "([^"]+)"', declared), re.search(r'\.path = "([^"]+)"', declared)
            yield verb[1], route and route[1]


def pattern(verb, route):
    """What calls it: its words one after the other, or method and path with something for each {NAME}."""
    words = r"[\"', ]+".join(map(re.escape, verb.split()))
    ways = [r"(?:aldia|aldia --json|fails \d+|fails \d+ --json|run\(|attempt\(|succeed\(|\")\s*\W{0,2}" + words + r"(?![\w-])"]
    if route:
        method, path = route.split(" ", 1)
        path = re.sub(r"\\\{[^/]*?\\\}", r"[^/\"'`\\s?]+", re.escape(path))
        path = r"[\"'`]" + path + r"(?=[\"'`?])"
        if method == "GET":
            ways += [r"(?:get|ask\(\"GET\",|goto|page|see|look|fetch|open|GET)[^\n]{0,120}?" + path, r"href=" + path]
        else:
            ways += [r"(?:post|form|send|POST|action)[^\n]{0,120}?" + path]
    return re.compile("|".join(ways), re.I)


def pieces(verb, route):
    """Lists of what a text holds, all of one list, if the pattern is anywhere in it: looked for first, being quickly found."""
    yield [word.lower() for word in verb.split()]
    if route:
        yield [piece.lower() for piece in re.split(r"{[^/]*?}", route.split(" ", 1)[1])]


def main():
    texts = {}
    for mask in SOURCES:
        for path in glob.glob(os.path.join(ROOT, mask)):
            name = os.path.relpath(path, ROOT)
            if name not in NOT_THESE:
                texts[name] = read(path)
    small = {name: text.lower() for name, text in texts.items()}
    passed = failed = 0
    for verb, route in sorted(actions()):
        wanted, held = pattern(verb, route), list(pieces(verb, route))
        where = sorted(name for name, text in texts.items() if any(all(piece in small[name] for piece in one) for one in held) and wanted.search(text))
        passed, failed = passed + bool(where), failed + (not where)
        if not where:
            print(f"not ok - {verb}{f' ({route})' if route else ''}: no test calls it")
        elif "--list" in sys.argv:
            print(f"ok - {verb}: {', '.join(where)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
