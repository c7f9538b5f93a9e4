#!/usr/bin/env python3
"""Write an assembler file that embeds data files, and the C table that names them.

    mkembed.py ROOT OUT.S OUT.c FILE...     (FILE relative to ROOT)

`.incbin` costs the compiler nothing and keeps the bytes read-only; the build lists the files as inputs, since the
compiler does not see them.
"""
import os
import sys


def main():
    root, asm_path, table_path, *names = sys.argv[1:]
    names = sorted(os.path.relpath(n, root) if os.path.isabs(n) else n for n in names)
    with open(asm_path, "w", encoding="utf-8") as out:
        out.write('.section .rodata\n')
        for i, name in enumerate(names):
            path = os.path.abspath(os.path.join(root, name))
            out.write(f'.global embedded_{i}\n.balign 16\nembedded_{i}:\n.incbin "{path}"\n.byte 0\n')
        out.write('.section .note.GNU-stack,"",%progbits\n')
    with open(table_path, "w", encoding="utf-8") as out:
        out.write('/* Written by tools/mkembed.py. */\n#include "base/embed.h"\n\n')
        for i, _ in enumerate(names):
            out.write(f'extern const char embedded_{i}[];\n')
        out.write('\nconst struct embedded_file embedded_files[] = {\n')
        for i, name in enumerate(names):
            size = os.path.getsize(os.path.join(root, name))
            out.write(f'    {{"{name}", {{embedded_{i}, {size}}}}},\n')
        out.write('    {0},\n};\n')
        out.write(f'const size_t embedded_file_count = {len(names)};\n')


main()
