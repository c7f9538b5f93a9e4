#!/usr/bin/env python3
"""Breaks the code on purpose, one fault at a time, and demands that the simulation, or the test it names, notices each:

    test/sim/mutants.py [--companies N] [--days D] [--keep] [NAME …]

A mutant (test/sim/mutants/NAME.mutant) says in its first line what is broken, in its second which file, may say in its third `by: COMMAND`,
a test that must fail in place of the simulation (run from the root, $ALDIA is the broken program), then

    <<<<
    text as it stands, exactly once
    ====
    text as it becomes
    >>>>

The tree is copied to build-mutants/tree and built there without optimisation for size; each mutant rebuilds what it changed. A mutant that
no longer fits, does not build, or survives is a failure. Closes with `N passed, N failed`."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
SCRATCH = os.path.join(ROOT, "build-mutants")
TREE, BUILD = os.path.join(SCRATCH, "tree"), os.path.join(SCRATCH, "build")
FOLDERS = ("src", "tools", "test/sim", "test/fake", "messages", "strategies", "rules", "calendars", "texts", "lint", "docs/guide")
FILES = ("meson.build", "meson_options.txt", "test/unit_main.c")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def copy_tree():
    """Files that are the same keep their time, so that little is built again; the build is set up anew when there are others than before."""
    wanted, others = set(FILES), False
    for folder in FOLDERS:
        for top, _, names in os.walk(os.path.join(ROOT, folder)):
            wanted |= {os.path.relpath(os.path.join(top, n), ROOT) for n in names if not n.startswith(".")}
    for path in wanted:
        source, target = os.path.join(ROOT, path), os.path.join(TREE, path)
        if os.path.exists(target) and open(source, "rb").read() == open(target, "rb").read():
            continue
        others |= not os.path.exists(target)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)
    for top, _, names in os.walk(TREE):
        for name in names:
            if os.path.relpath(os.path.join(top, name), TREE) not in wanted:
                os.remove(os.path.join(top, name))
                others = True
    if others:
        os.utime(os.path.join(TREE, "meson.build"))  # files are listed when the build is set up


def build():
    """'' when it worked, else what the compiler said."""
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        result = subprocess.run(["meson", "setup", BUILD, TREE, "--buildtype=plain", "-Dc_args=-O1", "-Dwerror=false"],
                                capture_output=True, text=True)
        if result.returncode != 0:
            return result.stdout + result.stderr
    result = subprocess.run(["ninja", "-C", BUILD, "aldia-sim", "aldia"], capture_output=True, text=True)
    return "" if result.returncode == 0 else "\n".join(l for l in result.stdout.splitlines() if "error" in l) or result.stdout[-2000:]


def try_test(command):
    """As simulate, by a test of the whole program."""
    try:
        result = subprocess.run(command.split(), capture_output=True, text=True, errors="replace", timeout=600, cwd=ROOT,
                                env={**os.environ, "ALDIA": os.path.join(BUILD, "aldia")})
    except subprocess.TimeoutExpired:
        return True, "it did not come to an end"
    lines = result.stdout.splitlines()
    told = [i for i, l in enumerate(lines) if l.startswith("not ok")]
    return result.returncode != 0, " ".join(lines[told[0]:told[0] + 2]) if told else f"exit status {result.returncode} {result.stderr[-300:]}"


def simulate(companies, days):
    """(noticed, the first line that tells of it)"""
    command = [os.path.join(BUILD, "aldia-sim"), "--companies", str(companies), "--days", str(days), "--stop"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600)
    except subprocess.TimeoutExpired:
        return True, "it did not come to an end"
    told = [l for l in result.stdout.splitlines() if l.startswith("not ok")]
    return result.returncode != 0, told[0] if told else f"exit status {result.returncode}"


def parse(name):
    text = read(os.path.join(HERE, "mutants", name + ".mutant"))
    why, path, rest = text.split("\n", 2)
    by = ""
    if rest.startswith("by: "):
        by, rest = rest[4:].split("\n", 1)
    found = re.fullmatch(r"<<<<\n(.*?)\n====\n(.*?)\n?>>>>\n", rest, re.S)
    if not found:
        sys.exit(f"{name}: not written as a mutant is")
    return why, path, by, found.group(1), found.group(2)


def try_mutant(name, companies, days):
    why, path, by, old, new = parse(name)
    target = os.path.join(TREE, path)
    text = read(target)
    if text.count(old) != 1:
        return False, f"{path} has its text {text.count(old)} times; write it anew"
    try:
        write(target, text.replace(old, new))
        complaint = build()
        if complaint:
            return False, "it does not build: " + complaint[:300]
        noticed, how = try_test(by) if by else simulate(companies, days)
        return noticed, how if noticed else f"nobody noticed: {why}"
    finally:
        write(target, text)


def sound(names, companies, days):
    """Whether anything complains of the code as it is: the tests these mutants name, and the simulation if one needs it."""
    for command in sorted({parse(n)[2] for n in names}) or [""]:
        noticed, how = try_test(command) if command else simulate(companies, days)
        if noticed:
            return noticed, how
    return False, ""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--companies", type=int, default=12)
    arguments.add_argument("--days", type=int, default=240)
    a = arguments.parse_args()
    names = sorted(n[:-7] for n in os.listdir(os.path.join(HERE, "mutants")) if n.endswith(".mutant"))
    names = [n for n in names if not a.names or n in a.names]
    copy_tree()
    complaint = build()
    if complaint:
        print("not ok - the tree as it is: " + complaint)
        print(f"0 passed, {len(names) + 1} failed")
        return 1
    passed = failed = 0
    noticed, how = sound(names, a.companies, a.days)
    for name in [None] + names:
        begun = time.time()
        good, text = (not noticed, how if noticed else "") if name is None else try_mutant(name, a.companies, a.days)
        passed, failed = passed + good, failed + (not good)
        print(f"{'ok' if good else 'not ok'} - {name or 'the code as it is'}  ({time.time() - begun:.0f} s) {text[:160]}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
