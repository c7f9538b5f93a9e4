#!/usr/bin/env python3
"""Tone and wording over a year of the real engine (REQ: D3 D4):  test/tone_year.py [--customers N] [--seed S]

A demo company lives 365 days with the release binary: invoices, payments, promises kept and broken, disputes, holds. Then, for each
customer, message by message:

  the tone never falls without a cause (of an item listed before something was paid, credited, disputed, promised or held since);
  it rises by one level at most unless a promise was broken;
  no wording comes twice running.

The same measure is then shown that it can fail: a tone raised by two, one lowered without a cause and a wording repeated must each be
found, wherever they are put. Prints the figures, and `N passed, N failed`."""
import argparse
import copy
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
BINARY = os.environ.get("ALDIA_RELEASE", os.path.join(ROOT, "build", "aldia"))
LEVELS = {"friendly": 0, "concern": 1, "firm": 2}

MESSAGES = """
SELECT id, customer_id, handed_at, tone, template, variant, language, channel FROM action
WHERE ladder = 'message' AND handed_at IS NOT NULL AND status IN ('sent', 'settled', 'ambiguous', 'handing')
ORDER BY customer_id, handed_at, id"""

# What changes a debt, each with the instalment it concerns and its moment.
CAUSES = """
SELECT e.instalment_id, v.at, e.kind FROM entry e JOIN event v ON v.company_id = e.company_id AND v.seq = e.event_seq WHERE e.kind <> 'charge'
UNION ALL SELECT i.id, d.opened_at, 'dispute' FROM dispute d JOIN instalment i ON i.document_id = d.document_id
UNION ALL SELECT q.instalment_id, p.made_at, 'promise' FROM promise p JOIN promise_item q ON q.promise_id = p.id
UNION ALL SELECT i.id, h.since, 'hold' FROM hold h JOIN instalment i ON i.document_id = h.document_id"""

BROKEN = """
SELECT p.customer_id, p.date, p.settled_at FROM promise p WHERE p.outcome IN ('broken', 'partly') OR (p.outcome IS NULL AND p.cancelled_at IS NULL)"""


class Year:
    """The messages of each customer in order, and what happened to the items they list."""

    def __init__(self, path):
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.items, self.causes, self.broken = {}, {}, {}
        for action, item in base.execute("SELECT action_id, instalment_id FROM action_item"):
            self.items.setdefault(action, set()).add(item)
        for item, at, kind in base.execute(CAUSES):
            self.causes.setdefault(item, []).append((at, kind))
        for customer, day, _settled in base.execute(BROKEN):
            self.broken.setdefault(customer, []).append(day * 86400000)
        self.customers = {}
        for row in base.execute(MESSAGES):
            keys = ("id", "customer", "at", "tone", "template", "variant", "language", "channel")
            self.customers.setdefault(row[1], []).append(dict(zip(keys, row)))

    def cause(self, before, after):
        """What happened between two messages to an item the first one listed."""
        for item in self.items.get(before["id"], ()):
            for at, kind in self.causes.get(item, ()):
                if before["at"] - 86400000 < at <= after["at"]:
                    return kind
        return None

    def promise_broken(self, customer, until):
        return any(day < until for day in self.broken.get(customer, ()))


def measure(year, customers, figures):
    """The breaches, each as text; figures are counted on the way."""
    breaches = []
    for customer, messages in customers.items():
        level = 0
        for i, message in enumerate(messages):
            new = LEVELS[message["tone"]]
            figures["messages"] += 1
            if new > level:
                figures["rises"] += 1
                if new > level + 1:
                    figures["rises by two"] += 1
                    if not year.promise_broken(customer, message["at"]):
                        breaches.append(f"customer {customer}, message {message['id']}: from level {level} to {new}, no promise broken")
            if i and new < level:
                figures["falls"] += 1
                kind = year.cause(messages[i - 1], message)
                if kind is None:
                    breaches.append(f"customer {customer}, message {message['id']}: from level {level} to {new} without a cause")
                else:
                    figures["falls after " + kind] = figures.get("falls after " + kind, 0) + 1
            if i and all(message[k] == messages[i - 1][k] for k in ("template", "tone", "variant", "language", "channel")):
                figures["same text again"] += 1
                breaches.append(f"customer {customer}, message {message['id']}: {message['template']} {message['tone']}-{message['variant']} again")
            level = new
    return breaches


def fresh():
    return {"messages": 0, "rises": 0, "rises by two": 0, "falls": 0, "same text again": 0}


def can_fail(year, seed):
    """Each sort of breach, put at random places, must be found."""
    draw = random.Random(seed)
    faults = []
    for sort in ("raise", "lower", "repeat"):
        tried = found = 0
        while tried < 30:
            customer = draw.choice(list(year.customers))
            messages = copy.deepcopy(year.customers[customer])
            if len(messages) < 2:
                continue
            at = draw.randrange(1, len(messages))
            before, message = messages[at - 1], messages[at]
            if sort == "raise":
                if before["tone"] != "friendly" or year.promise_broken(customer, message["at"]):
                    continue
                message["tone"] = "firm"
            elif sort == "lower":
                if year.cause(before, message):
                    continue
                before["tone"], message["tone"] = "concern", "friendly"
            else:
                for key in ("template", "tone", "variant", "language", "channel"):
                    message[key] = before[key]
            tried += 1
            found += bool(measure(year, {customer: messages}, fresh()))
        if found != tried:
            faults.append(f"of {tried} breaches of the sort “{sort}” {found} were found")
    return faults


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=120)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    folder = tempfile.mkdtemp(prefix="aldia-tone-")
    passed = failed = 0
    try:
        subprocess.run([BINARY, "--data", folder + "/demo", "demo", "--customers", str(options.customers), "--days", "365",
                        "--seed", str(options.seed)], check=True, stdout=subprocess.DEVNULL)
        year, figures = Year(folder + "/demo/aldia.db"), fresh()
        breaches = measure(year, year.customers, figures)
        print(", ".join(f"{count} {name}" for name, count in figures.items()))
        enough = figures["messages"] > 1000 and figures["rises"] > 50 and figures["falls"] > 10
        for name, faults in (("the year has enough to measure", [] if enough else [str(figures)]),
                             ("tone and wording over a year", breaches),
                             ("the measure finds what is put there", can_fail(year, options.seed))):
            print(f"{'not ok' if faults else 'ok'} {passed + failed + 1} - {name}")
            for fault in faults[:20]:
                print("  " + fault)
            failed += bool(faults)
            passed += not faults
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
