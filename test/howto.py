#!/usr/bin/env python3
"""Follows every how-to of docs/howto in a scratch copy of the tree, so that none can rot:  test/howto.py [--keep]

What a fenced block is for stands behind its language:

    file=PATH                   a new file
    append=PATH                 goes to the end of one
    insert=PATH after=TEXT      goes behind the only line that begins with TEXT; before=TEXT in front of it
    run                         a script for sh -eu, run when everything is built: $ALDIA, $UNIT; the tree is the working folder

All how-tos are followed in one copy, which is built once. Each names at most three files. Closes with "N passed, N failed"."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
FENCE = re.compile(r"^( *)```(\S+) (.+?)\n(.*?)^\1```$", re.M | re.S)


def blocks(path):
    with open(path, encoding="utf-8") as file:
        for indent, _, about, body in FENCE.findall(file.read()):
            yield about, "".join(line[len(indent):] if line.strip() else line for line in body.splitlines(True))


def put(tree, about, body):
    """Does what a block says to the tree; the file it names."""
    kind, rest = about.split("=", 1)
    path, _, where = rest.partition(" ")
    full = os.path.join(tree, path)
    if kind == "file":
        if os.path.exists(full):
            raise ValueError(f"{path} is there already")
        text = body
        os.makedirs(os.path.dirname(full), exist_ok=True)
    else:
        with open(full, encoding="utf-8") as file:
            text = file.read()
        if kind == "append":
            text = text.rstrip("\n") + "\n\n" + body
        else:
            side, anchor = where.split("=", 1)
            lines = text.splitlines(True)
            found = [i for i, line in enumerate(lines) if line.startswith(anchor)]
            if len(found) != 1:
                raise ValueError(f"{path} has {len(found)} lines that begin with “{anchor}”")
            lines.insert(found[0] + (side == "after"), body)
            text = "".join(lines)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def copy_tree(tree):
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True)
    if names.returncode == 0:
        for name in filter(None, names.stdout.decode().split("\0")):
            if os.path.exists(os.path.join(ROOT, name)):
                os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
                shutil.copy2(os.path.join(ROOT, name), os.path.join(tree, name))
    else:  # not a checkout
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build*", ".git"), dirs_exist_ok=True)


def build(tree):
    for command in (["meson", "setup", "build-howto", "--buildtype=plain", "-Doptimization=0", "-Dwerror=true"],
                    ["ninja", "-C", "build-howto", "aldia", "aldia-unit"]):
        result = subprocess.run(command, cwd=tree, capture_output=True, text=True)
        if result.returncode:
            wanted = [line for line in result.stdout.splitlines() if "error:" in line or "FAILED" in line]
            raise ValueError("the tree does not build:\n" + "\n".join(wanted[:20] or result.stdout.splitlines()[-20:]))


def follow(tree, name, failures):
    """Puts the files of one how-to in place; its scripts."""
    files, scripts = set(), []
    try:
        for about, body in blocks(os.path.join(ROOT, "docs", "howto", name)):
            if about == "run":
                scripts.append(textwrap.dedent(body))
            else:
                files.add(put(tree, about, body))
        if not files or not scripts:
            raise ValueError("it has nothing to follow, or nothing that proves it")
        if len(files) > 3:
            raise ValueError(f"it names more than three files: {', '.join(sorted(files))}")
    except (ValueError, OSError) as why:
        failures[name] = str(why)
    return scripts


def main():
    tree = tempfile.mkdtemp(prefix="aldia-howto-")
    names = sorted(n for n in os.listdir(os.path.join(ROOT, "docs", "howto")) if n.endswith(".md"))
    failures, scripts = {}, {}
    try:
        copy_tree(tree)
        for name in names:
            scripts[name] = follow(tree, name, failures)
        try:
            build(tree)
        except ValueError as why:
            failures.update({name: failures.get(name, str(why)) for name in names})
        binary = os.path.join(tree, "build-howto", "aldia")
        env = {**os.environ, "ALDIA": binary, "UNIT": binary + "-unit", "TMPDIR": tree}
        for name in names:
            for script in scripts[name] if name not in failures else []:
                result = subprocess.run(["sh", "-eu"], input=script, cwd=tree, env=env, capture_output=True, text=True)
                if result.returncode:
                    failures[name] = (result.stdout + result.stderr)[-1500:] or f"exit {result.returncode}"
        for name in names:
            print(f"ok {name}" if name not in failures else f"not ok {name}\n" + textwrap.indent(failures[name], "  "))
    finally:
        if "--keep" in sys.argv:
            print(tree)
        else:
            shutil.rmtree(tree, ignore_errors=True)
    print(f"{len(names) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
