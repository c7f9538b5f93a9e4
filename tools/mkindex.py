#!/usr/bin/env python3
"""Collect declarations: grep `^const struct KIND NAME` in the given files and write one array per kind.

    mkindex.py OUT.c HEADER KIND FILE...

HEADER declares `extern const struct KIND *const KIND_index[]` and `extern const size_t KIND_index_count`. A thing is
declared once, at the top of its own file; nothing else has to be edited to add one.
"""
import re
import sys


def main():
    out_path, header, kind, *files = sys.argv[1:]
    pattern = re.compile(r"^const struct %s (\w+)\b" % re.escape(kind), re.M)
    names = []
    for path in sorted(files):
        with open(path, encoding="utf-8") as source:
            names += pattern.findall(source.read())
    if kind == "action":
        names.sort()  # help and manual list what can be done with one noun together
    with open(out_path, "w", encoding="utf-8") as out:
        out.write(f'/* Written by tools/mkindex.py. */\n#include "{header}"\n\n')
        for name in names:
            out.write(f"extern const struct {kind} {name};\n")
        out.write(f"\nconst struct {kind} *const {kind}_index[] = {{\n")
        for name in names:
            out.write(f"    &{name},\n")
        out.write("    0,\n};\n")
        out.write(f"const size_t {kind}_index_count = {len(names)};\n")


main()
