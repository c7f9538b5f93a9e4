#!/usr/bin/env python3
"""Lists which rules have evidence:  tools/evidence.py [--missing]

Every REQ:, INV: and RULE: id cited in src/ and in tests, with how often each. --missing: only those that are implemented but cited by
no test."""
import os
import re
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
CITE = re.compile(r"\b(REQ|INV|RULE): *((?:[A-Z][A-Z0-9-]*[0-9][A-Z0-9-]*(?:[ ,]+(?!REQ|INV|RULE))?)+)")


def cited(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        for kind, ids in CITE.findall(file.read()):
            for one in re.findall(r"[A-Z][A-Z0-9-]*[0-9][A-Z0-9-]*", ids):
                yield kind, one


def main():
    code, tests = {}, {}
    for top in ("src", "test"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith((".c", ".h", ".sql", ".t", ".py")):
                    is_test = top == "test" or name.endswith("_test.c")
                    for what in cited(os.path.join(folder, name)):
                        (tests if is_test else code).setdefault(what, set()).add(name)
    for what in sorted(set(code) | set(tests), key=lambda w: (w[0], re.sub(r"\d+", lambda m: m[0].zfill(4), w[1]))):
        if "--missing" in sys.argv and (what in tests or what not in code):
            continue
        print(f"{what[0]} {what[1]:12} code {len(code.get(what, ())):3}  tests {len(tests.get(what, ())):3}")


main()
