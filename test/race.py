#!/usr/bin/env python3
"""Records payments while a run hands over.

A message whose body the server asked for after the payment had been acknowledged has its T after the payment: if the server got it
all the same, the gate failed. A partial payment must show in the amount.  INV: I5 I7"""
import random
import threading
import time

import crowd
from crowd import Crowd, Failed
from mail import Mail

CUSTOMERS = 40


def asked_at(peer):
    """When the server asked for the body of the message to each address, by its own clock."""
    found, sender_of = {}, {}
    for place, event in peer.events("rcpt", "data-started"):
        key = (place, event["conn"])
        if event["event"] == "rcpt":
            sender_of[key] = event["to"]
        elif key in sender_of:
            found[sender_of[key]] = event["time"]
    return found


def test(chosen):
    luck = random.Random(chosen.seed)
    rounds = checked = meanwhile = 0
    end = time.time() + chosen.seconds
    while time.time() < end or rounds == 0:
        rounds += 1
        setting = Crowd(chosen, CUSTOMERS, {"smtp_connections": "2"})
        world, peer = setting.world, setting.peer
        try:
            peer.rules.append({"at": "rcpt", "do": "slow", "seconds": 0.005})
            peer.rules.append({"at": "data", "do": "slow", "seconds": 0.002})
            peer.write()
            acknowledged, partly = {}, set()
            process = world.start(["--json", "run"])

            def pay():
                for n in luck.sample(range(1, CUSTOMERS + 1), CUSTOMERS // 2):
                    amount = 1000 + n
                    if luck.random() < 0.4:
                        amount, _ = 400, partly.add(n)
                    args = ["--json", "payment", "record", "--customer", f"C{n}", "--date", "2026-02-17", "--currency", "COP",
                            "--amount", str(amount), "--invoice", f"F-{n}"]
                    paid = world.start(args)
                    paid.communicate(timeout=60)
                    if paid.returncode == 0:
                        acknowledged[n] = time.time()
            payer = threading.Thread(target=pay)
            payer.start()
            result = world.finish(process, ["run"])
            payer.join()
            if result.code != 0:
                raise Failed("exit 0 from the run", str(result))
            if len(acknowledged) != CUSTOMERS // 2:
                raise Failed("every payment acknowledged while the run goes on", f"{len(acknowledged)} of {CUSTOMERS // 2}")
            asked = asked_at(peer)
            got = {m.to: m for m in map(Mail, peer.kept())}
            for n, at in acknowledged.items():
                address = f"pagos@c{n}.example"
                meanwhile += address not in got
                if address in got and asked[address] > at:
                    checked += 1
                    if n not in partly:
                        raise Failed(f"no demand to {address} after its payment", str(got[address]))
                    left = f"{600 + n:,}".replace(",", ".")
                    if left not in got[address].body:
                        raise Failed(f"{left} in the mail to {address}", got[address].body[:600])
            setting.finish_all()
            setting.judge()
        finally:
            setting.close()
    return f"{rounds} rounds, {meanwhile} hand-overs stopped by a payment, {checked} amounts corrected"


crowd.main(__doc__, test)
