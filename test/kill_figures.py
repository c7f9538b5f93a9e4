#!/usr/bin/env python3
"""Kills rounds in the middle of keeping the day's figures: whatever had been kept by then, what stands is as before the round, and the round
that follows keeps exactly what one nobody killed does.

Two installations live the same days. In one every round is first stopped at each table of the figures in turn, half of them written and
half not, and killed there. On PostgreSQL another session holds the table; on SQLite a trigger of ours on it never comes to an end.
REQ: K7"""
import os
import signal
import sqlite3
import subprocess
import time

import crowd
from crowd import Crowd, Failed

CUSTOMERS = 6
TABLES = {  # in the order in which a round writes them, and what is compared of each
    "figure_flow": "collector, date, kind, channel, currency, count, amount",
    "figure_head": "since, payment_id, contact_id",
    "figure_day": "date",
    "figure_open": "collector, currency, date, not_due, days_30, days_60, days_90, older, items, customers, customers_overdue",
}


class Sqlite:
    """A trigger that counts for ever, on one table."""

    def __init__(self, world):
        self.path, self.rounds, self.worked = os.path.join(world.data, "aldia.db"), 0, None

    def ask(self, sql):
        line = sqlite3.connect(self.path, timeout=20)
        try:
            return sorted(tuple(map(str, row)) for row in line.execute(sql).fetchall())
        finally:
            line.commit()
            line.close()

    def ended(self):
        return int(self.ask("SELECT COUNT(*) FROM run WHERE finished_at IS NOT NULL")[0][0])

    def hold(self, table):
        many = ", ".join(f"event e{n}" for n in range(9))
        self.ask(f"CREATE TRIGGER held BEFORE INSERT ON {table} BEGIN SELECT COUNT(*) FROM {many}; END")
        self.rounds, self.worked = self.ended(), None

    def waits(self, process):
        """True half a second of a processor's work after the reminders: nothing else of a round takes a tenth of it."""
        if self.ended() == self.rounds:
            return False
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        worked = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        self.worked = worked if self.worked is None else self.worked
        return worked - self.worked > 0.5

    def release(self):
        self.ask("DROP TRIGGER held")


class Postgres:
    """Another session that holds the table."""

    def __init__(self, world):
        self.url, self.holder = world.url, None

    def ask(self, sql):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-d", self.url, "-c", sql], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return sorted(tuple(line.split("|")) for line in done.stdout.splitlines())

    def sessions(self, where):
        return int(self.ask(f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND {where}")[0][0])

    def hold(self, table):
        self.holder = subprocess.Popen(["psql", "-X", "-q", "-d", self.url, "-c", f"BEGIN; LOCK TABLE {table} IN SHARE MODE; SELECT pg_sleep(600)"],
                                       env={**os.environ, "PGAPPNAME": "holder"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.time() + 30
        while not self.sessions("application_name = 'holder' AND wait_event = 'PgSleep'"):
            if time.time() > until:
                raise RuntimeError("the table could not be held")
            time.sleep(0.05)

    def waits(self, _):
        return self.sessions("wait_event_type = 'Lock' AND query LIKE '%figure_%'") > 0

    def release(self):
        """Only now does the server see that the killed one is gone."""
        self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'")
        self.holder.wait()
        until = time.time() + 30
        while self.sessions("pid <> pg_backend_pid()"):
            if time.time() > until:
                raise Failed("the session of a killed process to end", "it is still there")
            time.sleep(0.05)


def figures(engine):
    return {table: engine.ask(f"SELECT {columns} FROM {table}") for table, columns in TABLES.items()}


def kill_at(world, engine, table):
    """One round that is killed while it waits for the table."""
    before = figures(engine)
    engine.hold(table)
    process = world.start(["--json", "run"])
    until = time.time() + 60
    try:
        while not engine.waits(process):
            if process.poll() is not None or time.time() > until:
                raise Failed(f"a round to wait for {table}", f"exit {process.poll()}")
            time.sleep(0.02)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        engine.release()
    if figures(engine) != before:
        raise Failed(f"figures as they were, the round having been killed at {table}", figures(engine))


def live(world, day):
    """What a day brings: money, some of it taken back, calls, promises, a dispute opened and closed."""
    def pay(n, amount):
        return world.succeed("payment", "record", "--customer", f"C{n}", "--date", crowd.DUE, "--currency", "COP", "--amount", str(amount), "--invoice", f"F-{n}")
    pay(1, 10 + day)
    if day == 1:
        bounced = [p for p in world.items("payment", "list") if p["customer"] == "C1"][-1]
        world.succeed("payment", "reverse", str(bounced["id"]), "--reason", "cheque devuelto")
        world.succeed("dispute", "close", "--invoice", "F-3", "--outcome", "rejected")
    if day == 0:
        world.succeed("dispute", "open", "--invoice", "F-3", "--reason", "precio")
        world.succeed("promise", "add", "--customer", "C2", "--amount", "300", "--date", "2026-02-19", "--invoice", "F-2")
    world.succeed("contact", "record", f"C{4 + day % 2}", "--channel", "call", "--answered")
    pay(2, 200)


def told(world):
    return [world.succeed("figures", "list", "--from", "2026-02-16", "--by", by, *more) for by in ("day", "week") for more in ((), ("--collector", "ana"))]


def test(chosen):
    houses, kills = [], 0
    try:
        for _ in range(2):
            houses.append(Crowd(chosen, CUSTOMERS))
        engines = [(Postgres if chosen.url else Sqlite)(house.world) for house in houses]
        (spared, killed), days = houses, 3
        for house in houses:
            house.world.succeed("--yes", "customers", "change", "--do", "assign", "--to", "ana", "--code", "C1", "--code", "C2")
        for day in range(days):
            for house in houses:
                live(house.world, day)
            for table in TABLES:
                kill_at(killed.world, engines[1], table)
                kills += 1
            for house in houses:
                house.world.succeed("run")
            one, other = figures(engines[0]), figures(engines[1])
            if one != other:
                raise Failed(f"the figures of a round nobody killed: {one}", other)
            if not all(one.values()) or told(spared.world) != told(killed.world):
                raise Failed(f"the same told: {told(spared.world)}", told(killed.world))
            for house in houses:
                house.world.advance(1, "day", None)
        for house in houses:
            house.judge()
        return f"{days} days, {kills} rounds killed, {len(one['figure_flow'])} sums"
    finally:
        for house in houses:
            house.close()


crowd.main(__doc__, test)
