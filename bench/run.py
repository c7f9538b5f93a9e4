#!/usr/bin/env python3
"""Measures the release build and writes docs/benchmarks.md.

    bench/run.py [SIZE,SIZE…] [--engines sqlite,postgres] [--long] [--no-write]

Sizes are open invoices, on one engine only as 1000000:sqlite; without them $BENCH_SIZES, else 10000,100000. Above 200,000 the rehearsal
and the hand-over are left out unless --long is given. Everything happens in a temporary folder, PostgreSQL included
(test/fake/postgres.sh). Each step is a command of its own, as a person would type it. CPU is user and system time of the command, on
PostgreSQL with that of the server's processes; memory is the largest resident set of the command."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALDIA = ROOT / os.environ.get("BUILD", "build") / "aldia"
PEER = ROOT.parent / "shared" / "bench-peer" / "make_portfolio.py"
AS_OF = "2026-06-30"
TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = "contact_profile = none\nvolume_limit_factor = 0\n"
TARGETS = {
    "customer import": "≥ 50,000 rows/s",
    "invoice import": "≥ 50,000 rows/s; 1M ≤ 20 s, ≤ 200 MB",
    "plan": "≥ 100,000/s; 1M ≤ 10 s, ≤ 200 MB",
    "rehearse 60 days": "100,000 ≤ 15 s",
    "compose and hand over": "≥ 2,000/s",
}


class Cost:
    def __init__(self, wall, cpu, server, rss):
        self.wall, self.cpu, self.server, self.rss = wall, cpu, server, rss


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.options = []

    def cpu(self):
        return 0.0

    def version(self):
        import sqlite3
        return "SQLite " + sqlite3.sqlite_version

    def close(self):
        pass


class Postgres:
    name = "PostgreSQL"

    def __init__(self, folder):
        self.folder = folder / "pg"
        os.chmod(folder, 0o711)
        script = str(ROOT / "test/fake/postgres.sh")
        url = subprocess.run([script, "start", str(self.folder)], check=True, capture_output=True, text=True).stdout.strip()
        self.options = ["--db", url]
        self.process = int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def cpu(self):
        """Seconds of the server and all it started, ended ones too."""
        total = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, rest = int(stat.parent.name), stat.read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if pid == self.process:
                total += sum(map(int, rest[11:15]))
            elif int(rest[1]) == self.process:
                total += sum(map(int, rest[11:13]))
        return total / TICKS

    def version(self):
        text = subprocess.run(["sh", "-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"], capture_output=True,
                              text=True).stdout.strip()
        text = subprocess.run([text + "/postgres", "--version"], capture_output=True, text=True).stdout.split()
        return "PostgreSQL " + (text[2] if len(text) > 2 else "?")

    def close(self):
        subprocess.run([str(ROOT / "test/fake/postgres.sh"), "stop", str(self.folder)], check=False)


class Sink:
    """The mail server that swallows everything, test/fake/smtp_sink.c."""

    def __init__(self, program, folder):
        self.folder = folder / "sink"
        self.folder.mkdir()
        self.process = subprocess.Popen([str(program), str(self.folder)])
        port = self.folder / "port"
        for _ in range(100):
            if port.exists() and port.read_text().strip():
                break
            time.sleep(0.05)
        self.port = int(port.read_text())

    def close(self):
        self.process.terminate()
        self.process.wait()


def memory_of(pid):
    """MB of the largest resident set so far."""
    try:
        for line in open(f"/proc/{pid}/status", encoding="ascii"):
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


class Installation:
    def __init__(self, folder, engine, settings):
        self.folder, self.engine = folder, engine
        (folder / "clock").write_text(AS_OF + "T10:00:00+02:00\n")
        self.base = [str(ALDIA), "--data", str(folder / "data"), "--clock-file", str(folder / "clock"), "--quiet", "--json", "--yes"]
        self.run("init", "--name", "Bench", "--country", "ES", "--currency", "EUR")
        with open(folder / "data" / "aldia.conf", "a", encoding="utf-8") as conf:
            conf.write(settings)

    def run(self, *words):
        log = self.folder / "out"
        server = self.engine.cpu()
        began = time.monotonic()
        with open(log, "wb") as out, open(self.folder / "err", "wb") as err:
            process = subprocess.Popen([*self.base, *self.engine.options, *words], stdout=out, stderr=err)
        memory, done = 0, 0
        while not done:  # the kernel's own maximum would be that of this script, from before the exec
            memory = max(memory, memory_of(process.pid))
            time.sleep(0.005)
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        if process.returncode:
            sys.exit(f"aldia {' '.join(words)}: exit {process.returncode}\n{(self.folder / 'err').read_text()}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, self.engine.cpu() - server, memory)


def make_portfolio(size, folder):
    tool = PEER if PEER.exists() else ROOT / "bench/make_portfolio.py"
    subprocess.run([sys.executable, str(tool), str(size), "1", "--out", str(folder), "--as-of", AS_OF], check=True)


def sent_by(place):
    """How many messages the run just done handed over."""
    def find(value):
        if isinstance(value, dict):
            if isinstance(value.get("sent"), int):
                return value["sent"]
            return next((n for n in map(find, value.values()) if n is not None), None)
        return None
    return find(json.loads((place.folder / "out").read_text())) or 0


def measure(size, engine_of, sink_program, portfolio, report, whole):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="aldia-bench-"))
    engine = engine_of(folder)
    sink = Sink(sink_program, folder)
    try:
        mail = f"smtp_host = 127.0.0.1\nsmtp_port = {sink.port}\nsmtp_security = none\nsmtp_connections = 32\nmail_from = cobros@bench.example\n"
        place = Installation(folder, engine, SETTINGS + mail)

        def row(work, count, cost):
            report({"size": size, "engine": engine.name, "work": work, "count": count, "cost": cost})

        row("customer import", size // 5, place.run("customer", "import", str(portfolio / "customers.csv")))
        row("invoice import", size, place.run("invoice", "import", str(portfolio / "invoices.csv")))
        row("ageing", size, place.run("report", "ageing"))
        if whole:
            cost = place.run("statement", "export", "--dir", str(folder / "statements"))
            row("statement export (PDF)", json.loads((place.folder / "out").read_text())["written"], cost)
        if whole:
            row("rehearse 60 days", size, place.run("strategy", "rehearse", "--days", "60"))
        place.run("strategy", "activate", "--from", "2026-01-01")
        row("plan", size, place.run("run", "--plan-only"))
        if not whole:
            return
        cost = place.run("run")
        row("compose and hand over", sent_by(place), cost)
        (folder / "attached").mkdir()
        place = Installation(folder / "attached", Sqlite(folder), SETTINGS + mail) if engine.name == "SQLite" else None
        if place:
            attach_statements(place, portfolio)
            cost = place.run("run")
            row("the same, with a statement", sent_by(place), cost)
    finally:
        sink.close()
        engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def attach_statements(place, portfolio):
    """The portfolio again, with a strategy whose every message carries the statement of account."""
    text = re.sub(r"(?m)^( +)(message: \w+.*)$", r"\1\2\n\1attach: [statement]", (ROOT / "strategies/recurrente-30.yaml").read_text(encoding="utf-8"))
    (place.folder / "attach.yaml").write_text(text, encoding="utf-8")
    for words in (("customer", "import", str(portfolio / "customers.csv")), ("invoice", "import", str(portfolio / "invoices.csv")),
                  ("strategy", "apply", str(place.folder / "attach.yaml")), ("strategy", "activate", "--from", "2026-01-01"),
                  ("run", "--plan-only")):
        place.run(*words)


def first_reminder(report):
    """From nothing to the first captured reminder: the commands somebody new types, and what the machine takes for them."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="aldia-bench-"))
    try:
        (folder / "c.csv").write_text("code,name,email\nC1,Almacén Uno,pagos@uno.example\n", encoding="utf-8")
        (folder / "i.csv").write_text("number,customer_code,issue_date,due_date,currency,amount\nF-1,C1,2026-05-20,2026-06-20,EUR,100\n")
        began = time.monotonic()
        place = Installation(folder, Sqlite(folder), "")
        costs = [place.run(*words) for words in (
            ("customer", "import", str(folder / "c.csv")), ("invoice", "import", str(folder / "i.csv")), ("strategy", "list"),
            ("strategy", "rehearse", "--days", "60"), ("strategy", "activate", "--from", "2026-01-01"), ("run",))]
        if sent_by(place) != 1:
            sys.exit("the first reminder did not leave")
        report({"size": 1, "engine": "SQLite", "work": "first reminder, 7 commands", "count": 1,
                "cost": Cost(time.monotonic() - began, sum(c.cpu for c in costs), 0.0, max(c.rss for c in costs))})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def line_of(r):
    cost = r["cost"]
    cpu = cost.cpu + cost.server
    return [f"{r['size']:,}", r["engine"], r["work"], f"{r['count']:,}", f"{cost.wall:.2f}", f"{cpu:.2f}",
            f"{r['count'] / max(cost.wall, 1e-9):,.0f}", f"{r['count'] / max(cpu, 1e-9):,.0f}", f"{cost.rss:.0f}",
            TARGETS.get(r["work"], "")]


HEADS = ["open invoices", "engine", "work", "count", "wall s", "CPU s", "per s", "per CPU s", "MB", "target"]


def decide_lines():
    program = ALDIA.parent / "decide_bench"
    subprocess.run(["ninja", "-C", str(ALDIA.parent), "decide_bench"], check=True, stdout=subprocess.DEVNULL)
    return [line.rstrip() for line in subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout.splitlines()]


def statement_lines():
    """The PDF engine alone: statements of 1, 30 and 500 rows, on one and two threads."""
    program = ALDIA.parent / "statement_bench"
    subprocess.run(["ninja", "-C", str(ALDIA.parent), "statement_bench"], check=True, stdout=subprocess.DEVNULL)
    lines = [f"{'rows':>5} {'threads':>8} {'per s':>8} {'kB each':>8}"]
    for count, rows in ((4000, 1), (2000, 30), (200, 500)):
        for threads in (1, 2):
            text = subprocess.run([str(program), str(count), str(rows), str(threads)], check=True, capture_output=True, text=True).stdout
            r = json.loads(text)
            lines.append(f"{rows:>5} {threads:>8} {r['per_second']:>8,} {r['bytes'] / 1000:>8.1f}")
    return lines


def machine():
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    models = {line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")}
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return (f"{os.cpu_count()} cores ({', '.join(sorted(models)) or platform.machine()}), {memory + 1} GB of memory, Linux; {compiler}, release build; "
            f"{Sqlite(None).version()}, {Postgres.version(None)}; {datetime.date.today().isoformat()}.")


def write_page(rows, decide, statements, load):
    out = ["# Benchmarks", "",
           "Written by `make bench` (`bench/run.py`); sizes with `BENCH_SIZES=10000,100000,1000000`. Never edited by hand.", "",
           machine(), ""]
    out += [f"While measuring, other programs used the same cores: the load average was {load[0]:.1f} before the first step (0 is a quiet machine). "
            "Wall times are therefore longer than on a quiet machine, and CPU seconds somewhat too; compare per CPU second." if load[0] > 0.5 else
            "Nothing else ran on the machine.", "",
            "Each step is one command of the release build on a fresh installation: SIZE open invoices of SIZE/5 customers, due from 120 days before to "
            "30 days after the day measured, one currency; contact rules and volume limit off, clock at 10:00. CPU is user and system time, on "
            "PostgreSQL with the server's; MB is the largest resident set of the command. *plan* is `run --plan-only` over everything open; *compose and "
            "hand over* the following `run`: it plans once more, composes, makes each hand-off durable and gives the mail to a server on loopback, "
            "32 connections.", "",
            "| " + " | ".join(HEADS) + " |", "|" + "|".join(["--:", ":--", ":--"] + ["--:"] * 6 + [":--"]) + "|"]
    out += ["| " + " | ".join(line_of(r)) + " |" for r in rows]
    out += ["", "PostgreSQL is meant to reach half of every target. An import there spends its time on ten indexes, each an insert with its own "
            "search and its own part of the log, while SQLite fills pages that only this one transaction sees; the server keeps its defaults, "
            "with fsync on.", "", "`decide` alone, one core, in memory:", "", "```", *decide,
            "```", "", "Statements of account as PDF, rows already in memory (target: 1,000/s on two cores, at most 40 kB with 30 rows):", "", "```",
            *statements, "```", "", "Measured elsewhere before, for comparison: Tryton 6.0 plans 275–371 items per CPU second, imports 33 invoices a second and sends "
            "20–25 mails a second.", ""]
    (ROOT / "docs/benchmarks.md").write_text("\n".join(out), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="?", default=os.environ.get("BENCH_SIZES") or "10000,100000")
    parser.add_argument("--engines", default="sqlite,postgres")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--no-write", action="store_true")
    given = parser.parse_args()
    known = {"sqlite": Sqlite, "postgres": Postgres}
    load, rows, decide, statements = os.getloadavg(), [], decide_lines(), statement_lines()
    print("\n".join(decide + statements))

    def report(row):
        rows.append(row)
        print("  ".join(f"{cell:>{width}}" for cell, width in zip(line_of(row), (13, 10, 26, 9, 8, 8, 9, 9, 5, 0))), flush=True)

    print("  ".join(f"{head:>{width}}" for head, width in zip(HEADS, (13, 10, 26, 9, 8, 8, 9, 9, 5, 0))))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="aldia-bench-"))
    try:
        sink = folder / "smtp_sink"
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", str(sink), str(ROOT / "test/fake/smtp_sink.c")], check=True)
        first_reminder(report)
        for part in given.sizes.split(","):
            size, _, engines = part.partition(":")
            make_portfolio(int(size), folder / size)
            for engine in (engines or given.engines).split(","):
                measure(int(size), known[engine], sink, folder / size, report, int(size) <= 200000 or given.long)
                if not given.no_write:
                    write_page(rows, decide, statements, load)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
