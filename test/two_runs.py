#!/usr/bin/env python3
"""Two processes run at once, day after day; now and then one is frozen past its lease and thawed again.

Every mail once, whoever sent it; each process ends with 0 or 75 (or 69 when it lost its connection to the mail server).  INV: I1 I13 I22"""
import os
import random
import signal
import time

import crowd
from crowd import Crowd, Failed

CUSTOMERS = 30


def test(chosen):
    luck = random.Random(chosen.seed)
    setting = Crowd(chosen, CUSTOMERS, {"smtp_connections": "2"})
    world, peer = setting.world, setting.peer
    try:
        peer.rules.append({"at": "rcpt", "do": "slow", "seconds": 0.003})
        peer.write()
        days = frozen = 0
        end = time.time() + chosen.seconds
        while time.time() < end and days < 8:
            days += 1
            processes = [world.start(["--json", "run"]) for _ in range(2)]
            if luck.random() < 0.6:
                frozen += 1
                time.sleep(luck.uniform(0.05, 0.6))
                os.killpg(processes[0].pid, signal.SIGSTOP)
                time.sleep(0.3)
                world.advance(3, "minutes", None)
                processes.append(world.start(["--json", "run"]))
                time.sleep(luck.uniform(0.2, 1.0))
                os.killpg(processes[0].pid, signal.SIGCONT)
            for process in processes:
                result = world.finish(process, ["run"])
                if result.code not in (0, 69, 75):
                    raise Failed("exit 0, 69 or 75 from each of several runs", str(result))
            setting.finish_all()
            sent = [m for m in world.items("message", "list") if m["status"] in ("sent", "ambiguous")]
            if len({m["customer"] for m in sent}) != CUSTOMERS:
                raise Failed(f"{CUSTOMERS} customers written to", len({m["customer"] for m in sent}))
            setting.judge()
            world.advance(7, "days", None)
        return f"{days} days, {frozen} processes frozen, {len(peer.kept())} mails"
    finally:
        setting.close()


crowd.main(__doc__, test)
