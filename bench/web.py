#!/usr/bin/env python3
"""Measures pages of the release build:  bench/web.py [SIZE] [--users N] [--seconds N] [--no-write]

SIZE open invoices (100,000 unless given) on SQLite. Each page is asked for by N people at once (50) with wrk, first on a quiet server,
then while a round of the day runs. Prints requests a second, the 50th and 99th percentile, bytes on the wire and the server's memory,
and writes the table between its marks in docs/benchmarks.md. Needs wrk."""
import argparse
import gzip
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


def wrk(house, path, cookie, users, seconds):
    command = ["wrk", "-t1", f"-c{users}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-H", "Cookie: " + cookie, "-H", "Accept-Encoding: gzip",
               f"http://127.0.0.1:{house.port}{path}"]
    out = subprocess.run(command, capture_output=True, text=True).stdout
    if "99%" not in out.split("Latency Distribution")[-1]:
        raise SystemExit(f"{path}: nothing was answered\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p50, p99 = (ms(re.search(rf"^\s+{p}%\s+(\S+)", out, re.M).group(1)) for p in (50, 99))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: (.*)", out)
    if bad or errors:
        print(f"    {path}: {bad.group(0) if bad else ''} {errors.group(0) if errors else ''}", file=sys.stderr)
    return rate, p50, p99


def rss(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def wire(house, path, cookie):
    """Bytes of a first visit: the page and what its head and style sheet name, as sent."""
    headers = {"Accept-Encoding": "br, gzip"}
    answer = house.ask("GET", path, headers=headers, cookie=cookie)
    html = answer.body if answer.headers["Content-Encoding"] is None else gzip.decompress(answer.body)
    total = len(answer.body)
    wanted = set(re.findall(rb'(?:href|src)="(/assets/[^"#]+)', html))
    for css in [w for w in wanted if w.endswith(b".css")]:
        plain = house.ask("GET", css.decode()).body
        wanted |= set(re.findall(rb'url\(["\']?(/assets/[^"\')]+)', plain))
    for asset in wanted:
        total += len(house.ask("GET", asset.decode(), headers=headers).body)
    return total, answer.status


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("size", nargs="?", type=int, default=100000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("bench/web.py: there is no wrk", file=sys.stderr)
        return 69
    house = web.House(conf="contact_profile = none\nvolume_limit_factor = 0\nconnections_per_address = 0\nrequest_seconds = 120\n", customers=0)
    try:
        return measure(house, options)
    finally:
        house.close()


def measure(house, options):
    house.set_clock(AS_OF + "T08:00:00-05:00")
    folder = os.path.join(house.folder, "in")
    subprocess.run([sys.executable, str(ROOT / "bench/make_portfolio.py"), "--out", folder, "--as-of", AS_OF, str(options.size), "1"], check=True,
                   stdout=subprocess.DEVNULL)
    for noun in ("customer", "invoice"):
        house.good(noun, "import", os.path.join(folder, noun + "s.csv"))
    house.good("strategy", "activate", "--from", AS_OF)
    # One round before measuring: the pages of a company that works.
    house.good("run")
    house.serve()
    cookie = house.user("ana", "admin")
    house.set_clock(AS_OF + "T08:30:00-05:00")
    code = house.good("customer", "list", "--limit", "40")["items"][-1]["code"]
    pages = [("today", "/today"), ("portfolio", "/portfolio"), ("customer", "/customers/" + urllib.parse.quote(code, safe=""))]
    if house.ask("GET", "/search?q=" + code, cookie=cookie).status == 200:
        pages.append(("search", "/search?q=" + code))
    known = [(name, path) for name, path in pages if house.ask("GET", path, cookie=cookie).status == 200]
    rows = []
    for name, path in known + [("sign-in page", "/login")]:
        size, _ = wire(house, path, cookie if name != "sign-in page" else None)
        quiet = wrk(house, path, cookie, options.users, options.seconds)
        rows.append([name, quiet, None, size])
    # Again while the next day is planned and handed over.
    house.set_clock("2026-07-01T09:30:00-05:00")
    done = []
    runner = threading.Thread(target=lambda: done.append(house.run("run")))
    runner.start()
    time.sleep(0.5)
    for row in rows:
        if runner.is_alive():
            row[2] = wrk(house, dict(known).get(row[0], "/login"), cookie, options.users, options.seconds)
    memory = rss(house.server.pid)
    runner.join()
    table = ["| Page | Requests/s | p50 | p99 | p99 during a round | First visit |", "|---|---|---|---|---|---|"]
    for name, (rate, p50, p99), busy, size in rows:
        table.append(f"| {name} | {rate:,.0f} | {p50:.1f} ms | {p99:.1f} ms | {'%.1f ms' % busy[2] if busy else '–'} | {size / 1000:.0f} kB |")
    table.append(f"\n{options.size:,} open invoices, {options.users} people at once, SQLite; the server's memory afterwards: {memory:.0f} MB.")
    print("\n".join(table))
    if not options.no_write:
        path = ROOT / "docs/benchmarks.md"
        text = path.read_text(encoding="utf-8")
        block = MARKS[0] + "\n" + "\n".join(table) + "\n" + MARKS[1]
        if MARKS[0] in text:
            text = text.split(MARKS[0])[0] + block + text.split(MARKS[1])[1]
        else:
            text = text.rstrip("\n") + "\n\n## Pages\n\n" + block + "\n"
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
