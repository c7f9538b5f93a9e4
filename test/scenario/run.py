#!/usr/bin/env python3
"""Runs scenarios over the real binary: each in a folder of its own, with its own database, clock file and mail server.

    run.py [--db sqlite|postgres|URL] [--jobs N] [--keep] [--list] [FILE.t|PREFIX …]

The binary is $ALDIA (default build-test/aldia, the sanitizer build). On PostgreSQL every scenario gets a database of its own, on the server of
the URL, of $ALDIA_TEST_POSTGRES, or on one started for this run. Lines as in TAP, then `N passed, N failed`; a failure tells file:line, what was expected, what came
and how to run it alone."""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, HERE)

import guards  # noqa: E402
import script  # noqa: E402
import verbs   # noqa: E402
from database import Database, server_url  # noqa: E402
from peer import Peer  # noqa: E402
from world import Failed, World  # noqa: E402


class Outcome:
    def __init__(self, path, ids):
        self.path, self.ids = path, ids
        self.skipped = self.trouble = None
        self.seconds = 0.0


def title(path):
    """The first comment line: what the scenario is about."""
    with open(path, encoding="utf-8") as file:
        first = file.readline().lstrip("# ").strip()
    return first.split("  ")[0].rstrip(".")


ABOUT_ITSELF = ("only", "awaits")  # first statements, about whether the scenario applies


def skip_reason(statement, engine, options):
    """`only sqlite|postgres "why"`; `awaits command "VERB"` or `awaits folder PATH`: skipped until the product has it."""
    words = statement.words
    if words[0] == "only" and words[1] != engine:
        return words[2]
    if words[0] == "awaits" and words[1] == "command":
        help_text = subprocess.run([options.binary, "help"], capture_output=True, text=True).stdout
        return None if f"  {words[2]} " in help_text else f"there is no command “{words[2]}” yet"
    if words[0] == "awaits":
        return None if os.path.isdir(os.path.join(ROOT, words[2])) else f"there is no {words[2]} yet"
    return None


def play(path, options):
    shown = os.path.relpath(path, ROOT)
    begun = time.time()
    try:
        statements, ids = script.read(path, shown)
    except script.ScriptError as error:
        outcome = Outcome(path, [])
        outcome.trouble = str(error)
        return outcome
    outcome = Outcome(path, ids)
    engine = "postgres" if options.url else "sqlite"
    outcome.skipped = skip_reason(statements[0], engine, options)
    if outcome.skipped:
        return outcome
    folder = tempfile.mkdtemp(prefix="aldia-peer-")
    world = World(options.binary, engine, options.database, Peer(os.path.join(folder, "peer")),
                  options.keep)
    where = shown
    try:
        for statement in statements:
            where = statement.where()
            if statement.words[0] not in ABOUT_ITSELF:
                verbs.perform(world, statement)
        where = f"{shown}: at the end"
        guards.check(world)
    except Failed as failed:
        outcome.trouble = f"{where}\n  expected  {failed.expected}\n  got       {failed.got}"
    except (script.ScriptError, ValueError) as error:
        outcome.trouble = f"{where}\n  {error}"
    except Exception as error:  # a fault of the runner itself must not hide the other scenarios
        outcome.trouble = f"{where}\n  {type(error).__name__}: {error}\n{traceback.format_exc()}"
    finally:
        if outcome.trouble:
            outcome.trouble += "\n  last      " + "\n            ".join(world.log[-3:])
        if options.keep:
            print(f"# {shown}: {world.folder} {folder}")
        world.close()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.time() - begun
    return outcome


def chosen(names):
    every = sorted(os.path.join(HERE, n) for n in os.listdir(HERE) if n.endswith(".t"))
    if not names:
        return every
    found = []
    for name in names:
        if os.path.exists(name):
            found.append(os.path.abspath(name))
        else:
            found += [p for p in every if os.path.basename(p).startswith(name)]
    return found


def report(number, outcome, options):
    shown = os.path.relpath(outcome.path, ROOT)
    words = title(outcome.path)
    if outcome.skipped:
        print(f"ok {number} - {shown} # SKIP {outcome.skipped}", flush=True)
    elif outcome.trouble:
        print(f"not ok {number} - {shown} {words}")
        print("  " + outcome.trouble.replace("\n", "\n  "))
        database = " --db postgres" if options.url else ""
        print(f"  alone:    ALDIA={os.path.relpath(options.binary, ROOT)} test/scenario/run.py{database} {shown}", flush=True)
    else:
        print(f"ok {number} - {shown} {words} ({outcome.seconds:.1f} s)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--db", default="sqlite")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="leave the folders behind and say where")
    parser.add_argument("--list", action="store_true", help="only names and the ids they are evidence for")
    options = parser.parse_args()
    options.url = server_url(options.db)
    options.database = Database(options.url) if options.url else None
    options.binary = os.path.abspath(os.environ.get("ALDIA") or os.path.join(ROOT, "build-test", "aldia"))
    paths = chosen(options.names)
    if options.list:
        for path in paths:
            print(f"{os.path.relpath(path, ROOT)}: {title(path)} [{' '.join(script.read(path)[1])}]")
        return 0
    if not os.access(options.binary, os.X_OK):
        print(f"no binary at {options.binary}: run `make test-build` or set ALDIA", file=sys.stderr)
        return 2
    passed = failed = skipped = 0
    print(f"1..{len(paths)}")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for number, outcome in enumerate(pool.map(lambda p: play(p, options), paths), 1):
            report(number, outcome, options)
            failed += bool(outcome.trouble)
            skipped += bool(outcome.skipped)
            passed += not outcome.trouble and not outcome.skipped
    if options.database:
        options.database.close()
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
