#!/usr/bin/env python3
"""Measures pages of the release build:  bench/web.py [SIZE] [--users N] [--seconds N] [--no-write]

SIZE open invoices (a million unless given) on SQLite. Each page is asked for by N people at once (50) with wrk: on a quiet server, while the
server's own round of the day works, and while people download more than its slow lane can make. Prints requests a second, the 50th and
99th percentile, bytes on the wire and the server's memory, and writes the table between its marks in docs/benchmarks.md. Needs wrk; some
three minutes on a quiet machine of two cores."""
import argparse
import csv
import datetime
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test"))
os.environ.setdefault("ALDIA", str(ROOT / os.environ.get("BUILD", "build") / "aldia"))
import web  # noqa: E402

AS_OF = "2026-06-30"
MARKS = ("<!-- web -->", "<!-- end of web -->")


def ms(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)$", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


LIST_OF_PATHS = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function() at = at %% #paths + 1 return wrk.format("GET", paths[at]) end
"""


def wrk(house, paths, cookie, users, seconds):
    """Requests a second, p50 and p99 in ms of `users` people who ask for these addresses in turn, without a pause."""
    script = os.path.join(house.folder, "paths.lua")
    with open(os.path.join(house.folder, "paths"), "w") as out:
        out.write("".join(path + "\n" for path in paths))
    with open(script, "w") as out:
        out.write(LIST_OF_PATHS % os.path.join(house.folder, "paths"))
    command = ["wrk", "-t1", f"-c{users}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-s", script, "-H", "Cookie: " + (cookie or "none=0"),
               "-H", "Accept-Encoding: gzip", f"http://127.0.0.1:{house.port}/"]
    out = subprocess.run(command, capture_output=True, text=True).stdout
    if "99%" not in out.split("Latency Distribution")[-1]:
        raise SystemExit(f"{paths[0]}: nothing was answered\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p50, p99 = (ms(re.search(rf"^\s+{p}%\s+(\S+)", out, re.M).group(1)) for p in (50, 99))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: (.*)", out)
    if bad or errors:
        print(f"    {paths[0]}: {bad.group(0) if bad else ''} {errors.group(0) if errors else ''}", file=sys.stderr)
    return rate, p50, p99


def memory_of(pid):
    """MB now and at most so far."""
    with open(f"/proc/{pid}/status") as status:
        text = status.read()
    return tuple(int(re.search(name + r":\s+(\d+)", text).group(1)) / 1024 for name in ("VmRSS", "VmHWM"))


def cpu_of(pid):
    """Seconds the process has worked."""
    return sum(int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0]) for task in os.listdir(f"/proc/{pid}/task")) / 1e9


def times(house, path, cookie, count):
    """ms of requests one after another."""
    out = []
    for _ in range(count):
        began = time.monotonic()
        status = house.ask("GET", path, headers={"Accept-Encoding": "gzip"}, cookie=cookie).status
        out.append((time.monotonic() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{path}: {status}")
    return sorted(out)


class People:
    """Who is signed in; the clock moves by days, and sessions end."""

    def __init__(self, house):
        self.house = house
        self.cookies = {"ana": house.user("ana", "admin"), "luis": house.user("luis", "collector", "--scope", "own", "--code", "luis")}

    def cookie(self, who):
        if self.house.ask("GET", "/today", cookie=self.cookies[who]).status != 200:
            self.cookies[who] = self.house.sign_in(who, "una frase bien larga " + who)
        return self.cookies[who]


class Round:
    """The server's own daily round: begun by setting its clock to the next morning, seen in its log."""

    def __init__(self, house):
        self.house, self.day = house, datetime.date.fromisoformat(AS_OF)

    def is_going(self):
        log = self.house.log_text()
        return log.count("round_begins") > log.count("round_ended")

    def ensure(self):
        if self.is_going():
            return
        before = self.house.log_text().count("round_begins")
        self.day += datetime.timedelta(1)
        self.house.set_clock(f"{self.day}T09:30:00-05:00")
        deadline = time.monotonic() + 40
        while self.house.log_text().count("round_begins") == before:
            if time.monotonic() > deadline:
                raise SystemExit("the server begins no round")
            time.sleep(0.1)

    def finish(self):
        while self.is_going():
            time.sleep(0.2)


class Downloads:
    """Eight people who ask for the statements of the largest customers, over and over: more than the slow lane has workers."""

    def __init__(self, house, paths, cookie):
        self.house, self.paths, self.cookie, self.stop, self.done = house, paths, cookie, False, 0
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(8)]

    def run(self, i):
        while not self.stop:
            if self.house.ask("GET", self.paths[i % len(self.paths)], cookie=self.cookie).status == 200:
                self.done += 1

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        self.stop = True
        for t in self.threads:
            t.join()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("size", nargs="?", type=int, default=1000000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("bench/web.py: there is no wrk", file=sys.stderr)
        return 69
    load = os.getloadavg()[0]
    conf = "contact_profile = none\nvolume_limit_factor = 0\nconnections_per_address = 0\nrequest_seconds = 120\n"
    house = web.House(conf=conf, customers=0, currency="EUR")
    try:
        lines = measure(house, options, load)
    finally:
        house.close()
    print("\n".join(lines))
    if not options.no_write:
        write(lines)
    return 0


def furnish(house, options):
    """The portfolio, and what people did with it: payments, a segment on hold, promises, disputes, a collector with a fiftieth of the
    customers. Gives the codes."""
    folder = os.path.join(house.folder, "in")
    subprocess.run([sys.executable, str(ROOT / "bench/make_portfolio.py"), "--out", folder, "--as-of", AS_OF, str(options.size), "1"], check=True,
                   stdout=subprocess.DEVNULL)
    for noun in ("customer", "invoice"):
        house.good(noun, "import", os.path.join(folder, noun + "s.csv"))
    with open(os.path.join(folder, "customers.csv"), encoding="utf-8", newline="") as text:
        customers = list(csv.DictReader(text))
    with open(os.path.join(folder, "invoices.csv"), encoding="utf-8", newline="") as text:
        invoices = list(itertools.islice(csv.DictReader(text), len(customers)))  # the first of each customer
    own = "".join(f"{c['code']},{c['name']},luis\n" for c in customers[::50])
    house.good("customer", "import", house.file("own.csv", "code,name,collector\n" + own))
    paid = "".join(f"{AS_OF},{i['open_amount']},EUR,{i['customer_code']},{i['number']},P{n}\n" for n, i in enumerate(invoices[::10]))
    house.good("payment", "import", house.file("paid.csv", "date,amount,currency,customer_code,invoice_number,reference\n" + paid))
    house.good("hold", "add", "--segment", "key", "--reason", "review")
    for i in invoices[5::max(1, len(invoices) // 50)]:
        house.good("dispute", "open", "--invoice", i["number"], "--reason", "price")
    for i in invoices[7::max(1, len(invoices) // 50)]:
        house.good("promise", "add", "--customer", i["customer_code"], "--amount", i["open_amount"], "--date", "2026-07-10", "--invoice", i["number"])
    house.good("strategy", "activate", "--from", AS_OF)
    # One round before measuring: the pages of a company that works.
    house.good("run")
    return [c["code"] for c in customers], [i["number"] for i in invoices]


def measure(house, options, load):
    house.set_clock(AS_OF + "T08:00:00-05:00")
    codes, numbers = furnish(house, options)
    house.serve()
    people = People(house)
    house.ask("GET", "/portfolio", cookie=people.cookie("ana"))  # makes the sums, once in a company's life
    some = codes[::max(1, len(codes) // 997)]
    found = [q for pair in zip(some, (c[:5] for c in some), numbers[::max(1, len(numbers) // 997)]) for q in pair]
    pages = [("today", ["/today"], "ana"), ("portfolio", ["/portfolio"], "ana"), ("customer, of a thousand", ["/customers/" + c for c in some], "ana"),
             ("search, of three thousand", ["/search?q=" + q for q in found], "ana"), ("today, of a collector", ["/today"], "luis"),
             ("portfolio, of a collector", ["/portfolio"], "luis"), ("charts of 12 months", ["/figures?period=12m"], "ana"),
             ("charts, of a collector", ["/figures?period=12m"], "luis")]
    rows = []
    for name, paths, who in pages:
        cookie = people.cookie(who)
        size, answer = house.first_visit(paths[0], cookie)
        if answer.status != 200:
            raise SystemExit(f"{paths[0]}: {answer.status}")
        before = cpu_of(house.server.pid)
        quiet = wrk(house, paths, cookie, options.users, options.seconds)
        cpu = (cpu_of(house.server.pid) - before) * 1000 / max(1, quiet[0] * options.seconds)
        rows.append({"name": name, "paths": paths, "who": who, "size": size, "quiet": quiet, "cpu": cpu})
    filters = slowest_filter(house, people.cookie("ana"))
    biggest = times(house, "/customers/" + codes[0], people.cookie("ana"), 9)[4]
    round_of_day = Round(house)
    for row in rows:
        round_of_day.ensure()
        row["busy"] = wrk(house, row["paths"], people.cookie(row["who"]), options.users, options.seconds)
    round_of_day.finish()
    with Downloads(house, [f"/customers/{c}/statement" for c in codes[:8]], people.cookie("ana")) as downloads:
        time.sleep(1)
        for row in rows[:3]:
            row["export"] = wrk(house, row["paths"], people.cookie(row["who"]), options.users, options.seconds)
    now, most = memory_of(house.server.pid)
    return table(rows, options, load, filters, biggest, downloads.done, now, most)


def slowest_filter(house, cookie):
    """Every filter in every order, its first page, one after another: the slowest and its middle time in ms."""
    filters = [""] + [f"&state={s}" for s in ("overdue", "promised", "disputed", "held")] + ["&segment=key", "&collector=luis", "&state=held&collector=luis"]
    return max((times(house, f"/portfolio?sort={sort}{f}", cookie, 5)[2], f"sort={sort}{f}")
               for sort in ("overdue", "open", "oldest", "name") for f in filters)


def table(rows, options, load, filters, biggest, downloads, now, most):
    out = [f"{options.size:,} open invoices of {max(1, options.size // 5):,} customers on SQLite; {options.users} people who ask without a pause, on the same "
           f"{os.cpu_count()} cores as the server, its round and the program that asks ({datetime.date.today().isoformat()}"
           + (f"; while measuring, other programs used the same cores: the load average was {load:.1f} before" if load > 0.5 else "") + ").", "",
           "| Page | Requests/s | CPU ms | p50 | p99 | p99 during the daily round | p99 during exports | First visit |", "|:--|--:|--:|--:|--:|--:|--:|--:|"]
    for r in rows:
        rate, p50, p99 = r["quiet"]
        export = f"{r['export'][2]:.0f} ms" if "export" in r else ""
        out.append(f"| {r['name']} | {rate:,.0f} | {r['cpu']:.2f} | {p50:.1f} ms | {p99:.1f} ms | {r['busy'][2]:.0f} ms | {export} | {r['size'] / 1000:.0f} kB |")
    out += ["", f"The slowest filter and order of the portfolio's first page: `{filters[1]}`, {filters[0]:.0f} ms; the customer with the most open invoices: "
            f"{biggest:.0f} ms (one person, middle of several). During the exports {downloads} statements of the largest customers were made. The server's memory, its own "
            f"round included: {now:.0f} MB at the end, {most:.0f} MB at most.", "",
            "Targets: page p99 ≤ 50 ms, search p99 ≤ 100 ms, while a round works; ≥ 2,000 requests/s; ≤ 250 MB; first visit ≤ 100 kB; every filter ≤ 50 ms."]
    return out


def write(lines):
    path = ROOT / "docs/benchmarks.md"
    text = path.read_text(encoding="utf-8")
    block = MARKS[0] + "\n" + "\n".join(lines) + "\n" + MARKS[1]
    if MARKS[0] in text:
        text = text.split(MARKS[0])[0] + block + text.split(MARKS[1])[1]
    else:
        text = text.rstrip("\n") + "\n\n## Pages\n\n" + block + "\n"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
