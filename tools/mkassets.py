#!/usr/bin/env python3
"""Prepare the front-end files to be served: hashed names, compressed beforehand, embedded.

    mkassets.py ROOT FOLDER OUT.S OUT.c FILE...     (FILE relative to ROOT; FOLDER takes the compressed copies)

Own style sheets and scripts are joined in the order of their names (aldia.css, aldia.js); icons become one sprite, icons.svg. In
style sheets url(NAME) becomes the hashed path. Names carry the hash of their contents, so that they may be kept for ever.
"""
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".woff2": "font/woff2", ".png": "image/png"}


def symbol(name, svg):
    """The drawing alone: size, stroke and colour are the style sheet's."""
    inner = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1))
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", inner)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner.replace(" />", "/>").strip()}</symbol>'


def smaller_css(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", text).strip() + "\n"


def read(path):
    with open(path, "rb") as f:
        return f.read()


def collect(root, files):
    """{name: bytes} of what is served."""
    own_css, own_js, icons, served = [], [], [], {}
    for f in sorted(files):
        path, base = os.path.join(root, f), os.path.basename(f)
        if "/icons/outline/" in f:
            icons.append(symbol(base[:-4], read(path).decode()))
        elif f.startswith("src/web/assets/") and f.endswith(".css"):
            own_css.append(read(path).decode())
        elif f.startswith("src/web/assets/") and f.endswith(".js"):
            own_js.append(read(path).decode())
        elif f.startswith("docs/guide/img/"):
            served["guide-" + base] = read(path)
        elif base == "icons.txt":
            pass
        elif base.startswith("inter-"):
            served["inter.woff2"] = read(path)
        elif base == "htmx.min.js":
            served["htmx.js"] = read(path)
        else:
            served[base] = read(path)
    served["icons.svg"] = ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(sorted(icons)) + "</svg>").encode()
    served["aldia.js"] = "\n".join(own_js).encode()
    return served, "\n".join(own_css)


def hashed(name, data):
    stem, extension = os.path.splitext(name)
    return f"/assets/{stem}.{hashlib.sha256(data).hexdigest()[:12]}{extension}"


def compress(folder, path, data):
    """Paths of the brotli and gzip copies; empty where they would not be smaller, or brotli is not installed."""
    plain = os.path.join(folder, os.path.basename(path))
    with open(plain, "wb") as out:
        out.write(data)
    if path.endswith((".woff2", ".png")):
        return plain, "", ""
    packed = plain + ".gz"
    with open(packed, "wb") as out:
        out.write(gzip.compress(data, 9, mtime=0))
    small = plain + ".br"
    if shutil.which("brotli"):
        subprocess.run(["brotli", "-q", "11", "-f", "-o", small, plain], check=True)
    else:
        small = ""
    return plain, small if small and os.path.getsize(small) < len(data) else "", packed if os.path.getsize(packed) < len(data) else ""


def main():
    root, folder, asm_path, table_path, *files = sys.argv[1:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    served, css = collect(root, files)
    paths = {name: hashed(name, data) for name, data in served.items()}
    css = re.sub(r"url\(([\w.-]+)\)", lambda m: f"url({paths[m[1]]})" if m[1] in paths else "url(data:,)", smaller_css(css))
    served["aldia.css"] = css.encode()
    paths["aldia.css"] = hashed("aldia.css", served["aldia.css"])
    with open(asm_path, "w", encoding="utf-8") as asm, open(table_path, "w", encoding="utf-8") as table:
        asm.write(".section .rodata\n")
        table.write('/* Written by tools/mkassets.py. */\n#include "web/asset.h"\n\n')
        rows = []
        for i, name in enumerate(sorted(served, key=paths.get)):
            row = f'    {{"{name}", "{paths[name]}", "{TYPES.get(os.path.splitext(name)[1], "application/octet-stream")}"'
            for kind, copy in zip("pbg", compress(folder, paths[name], served[name])):
                label = f"asset_{i}{kind}"
                if copy:
                    asm.write(f'.global {label}\n.balign 16\n{label}:\n.incbin "{os.path.abspath(copy)}"\n.byte 0\n')
                    table.write(f"extern const char {label}[];\n")
                    row += f", {{{label}, {os.path.getsize(copy)}}}"
                else:
                    row += ", {0, 0}"
            rows.append(row + "},\n")
        asm.write('.section .note.GNU-stack,"",%progbits\n')
        table.write("\nconst struct asset asset_index[] = {\n" + "".join(rows) + f"}};\nconst size_t asset_index_count = {len(rows)};\n")


main()
