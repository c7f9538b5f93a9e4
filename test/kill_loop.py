#!/usr/bin/env python3
"""Kills `aldia run` and `aldia invoice import` at random moments, dozens of times, against a server that hangs, drops and defers.

At the end: nobody got a reminder twice, nobody was forgotten, every planned message ended, at most one connection's worth of messages
is ambiguous for each kill, an import is there as a whole or not at all, and verify is clean.  INV: I1 I2 I3 I4 I11"""
import os
import random
import signal
import time

import crowd
from crowd import Crowd, Failed

CUSTOMERS, CONNECTIONS = 60, 2


def killed_after(world, args, seconds):
    """Starts a command and kills it after a while; true when it was still running."""
    process = world.start(args)
    deadline = time.time() + seconds
    while time.time() < deadline and process.poll() is None:
        time.sleep(0.002)
    cut = process.poll() is None
    if cut:
        os.killpg(process.pid, signal.SIGKILL)
    world.finish(process, args)
    return cut


def time_of(world, args):
    begun = time.time()
    world.aldia(*args)
    return time.time() - begun


def import_in_pieces(world, luck, number):
    """One import of 400 invoices killed somewhere: all or nothing of it is booked; the same file then completes it."""
    rows = [{"number": f"I{number}-{n}", "customer_code": "C1", "issue_date": "2026-02-01", "due_date": "2026-12-01", "currency": "COP",
             "amount": "5"} for n in range(400)]
    path = world.write_csv("invoices", rows)
    killed_after(world, ["--json", "invoice", "import", path], luck.uniform(0.02, 0.6))
    there = sum(r["number"].startswith(f"I{number}-") for r in world.items("invoice", "list"))
    if there not in (0, len(rows)):
        raise Failed("all or nothing of a killed import", f"{there} of {len(rows)} rows")
    found = world.succeed("invoice", "import", path)
    if found["booked"] + found["duplicate"] != len(rows) or found["duplicate"] != there:
        raise Failed(f"the import to be completed ({there} there already)", found)


def test(chosen):
    luck = random.Random(chosen.seed)
    setting = Crowd(chosen, CUSTOMERS, {"smtp_connections": str(CONNECTIONS), "smtp_timeout_s": "2"})
    world, peer = setting.world, setting.peer
    try:
        hangs = luck.sample(range(1, CUSTOMERS + 1), 4)
        for n in hangs:
            peer.rule(f"{luck.choice(['hang', 'drop', 'reset'])} at dot {luck.choice(['kept', 'lost'])} once for pagos@c{n}.example")
        for n in luck.sample(range(1, CUSTOMERS + 1), 8):
            peer.rule(f"{luck.choice(['drop', 'reply 451 later'])} at {luck.choice(['mail', 'rcpt', 'data'])} once")
        peer.rules.append({"at": "dot", "do": "accept-and-delay", "seconds": 0.05})
        peer.write()
        start_up = time_of(world, ["--json", "customer", "list"])
        kills = imports = 0
        end = time.time() + chosen.seconds
        while time.time() < end:
            if luck.random() < 0.15:
                imports += 1
                import_in_pieces(world, luck, imports)
            kills += killed_after(world, ["--json", "run"], start_up + luck.uniform(0, 0.5))
            if luck.random() < 0.3:
                world.advance(5, "minutes", None)
        setting.finish_all()
        setting.judge()
        listed = world.items("message", "list")
        ambiguous = [m for m in listed if m["status"] == "ambiguous"]
        if len(ambiguous) > kills * CONNECTIONS + len(hangs):
            raise Failed(f"at most {kills} × {CONNECTIONS} + {len(hangs)} ambiguous", len(ambiguous))
        reached = {m["customer"] for m in listed if m["status"] in ("sent", "ambiguous", "settled") and m["step"] == "d0"}
        lost = [f"C{n}" for n in range(1, CUSTOMERS + 1) if f"C{n}" not in reached]
        if lost:
            raise Failed("everyone to be written to or ambiguous", f"forgotten: {lost}")
        return f"{kills} kills, {imports} imports killed, {len(world.peer.kept())} mails, {len(ambiguous)} ambiguous"
    finally:
        setting.close()


crowd.main(__doc__, test)
