"""What the long tests share: a creditor with many customers, each owing one invoice due today, over the real binary; and the
judgement at the end. Uses the world, peer and guards of test/scenario."""
import argparse
import datetime
import os
import random
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "scenario"))

import compare  # noqa: E402
import guards  # noqa: E402
from database import Database, server_url  # noqa: E402
from peer import Peer  # noqa: E402
from world import Failed, World  # noqa: E402

DUE = "2026-02-17"


def options(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", default="sqlite", help="sqlite, postgres or a URL")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--seconds", type=float, default=20, help="how long to go on")
    chosen = parser.parse_args()
    chosen.url = server_url(chosen.db)
    chosen.binary = os.path.abspath(os.environ.get("ALDIA") or os.path.join(HERE, "..", "build-test", "aldia"))
    print(f"# seed {chosen.seed} on {'PostgreSQL' if chosen.url else 'SQLite'}", flush=True)
    return chosen


class Crowd:
    """N customers c1…cN, each owing F-n, and a strategy activated so that its D0 notice is due."""

    def __init__(self, chosen, count, conf=None):
        self.folder = tempfile.mkdtemp(prefix="aldia-peer-")
        self.peer = Peer(os.path.join(self.folder, "peer"))
        self.database = Database(chosen.url) if chosen.url else None
        self.world = World(chosen.binary, "", self.database, self.peer)
        self.count = count
        world = self.world
        world.set_clock(datetime.datetime.fromisoformat("2026-02-17T09:00:00-05:00"))
        world.init("Ferretería Andina", "CO", "COP", None)
        world.set_conf(conf or {})
        numbers = range(1, count + 1)
        self.load("customers", [{"code": f"C{n}", "name": f"Cliente {n}", "email": f"pagos@c{n}.example"} for n in numbers])
        self.load("invoices", [{"number": f"F-{n}", "customer_code": f"C{n}", "issue_date": "2026-01-20", "due_date": DUE,
                                "currency": "COP", "amount": f"{1000 + n}"} for n in numbers])
        world.succeed("strategy", "activate", "--from", "2026-02-11", "--yes")

    def load(self, kind, rows):
        found = self.world.succeed(kind.rstrip("s"), "import", self.world.write_csv(kind, rows))
        if found["booked"] != len(rows):
            raise Failed(f"{len(rows)} {kind} booked", found)

    def finish_all(self, rounds=12):
        """Runs on with a kind server until nothing waits any more."""
        self.peer.normal()
        for _ in range(rounds):
            result = self.world.aldia("--json", "run")
            if result.code not in (0, 69, 75):
                raise Failed("exit 0, 69 or 75 from run", str(result))
            waiting = [m for m in self.world.items("message", "list") if m["status"] in ("planned", "deferred", "handing")]
            if not waiting:
                return
            self.world.advance(65, "minutes", None)
            if not 8 <= self.world.local().hour < 19:
                self.world.advance(1, "days", None)
        raise Failed("every planned message to reach an end", [(m["to"], m["status"], m["reason"]) for m in waiting][:20])

    def judge(self):
        """The guards of every scenario: once, truthful, private, well-formed, verify clean."""
        self.world.mails()
        self.world.unexpected.clear()
        guards.check(self.world)

    def close(self):
        self.world.close()
        if self.database:
            self.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main(description, test):
    """Runs `test(chosen)` and closes with the line every test program closes with."""
    chosen = options(description)
    try:
        print("# " + test(chosen))
    except Failed as failed:
        print(f"not ok: expected {failed.expected}\n        got {failed.got}\n        seed {chosen.seed}\n0 passed, 1 failed")
        sys.exit(1)
    print("1 passed, 0 failed")
