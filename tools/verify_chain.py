#!/usr/bin/env python3
"""Recomputes the hash chain of an aldia database, without aldia: written from docs/ref/chain.md alone.

    verify_chain.py FILE        prints what differs; exit 0 when nothing does, 1 otherwise
"""
import hashlib
import sqlite3
import sys
from itertools import groupby


def field(value):
    """A number, a text or a blob."""
    if isinstance(value, int):
        return b"%d;" % value
    data = value if isinstance(value, bytes) else (value or "").encode()
    return b"%d:" % len(data) + data + b";"


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def row_hash(name, values, more=b""):
    return sha(name.encode() + b"\n", *map(field, values), more)


def covered_rows(db, company):
    """(event, hash) of all that events cover, in the order in which they cover it."""
    payments = db.execute("""SELECT event_seq, 0, 0, id, customer_id, date, currency, amount, reference, method, bank_account, invoice_number,
        external_id IS NOT NULL, external_id, fingerprint, occurrence FROM payment WHERE company_id = ?1 UNION ALL
        SELECT reversed_seq, 0, 1, id, reversed_on, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM payment WHERE company_id = ?1 AND reversed_seq > 0
        UNION ALL SELECT event_seq, 0, CASE WHEN document_id IS NULL THEN 2 ELSE 3 END, id, COALESCE(document_id, payment_id), customer_id, date, amount, reference, method, external_id IS NOT NULL, external_id,
        0, 0, 0, 0 FROM refund WHERE company_id = ?1 ORDER BY 1, 3, 4""", (company,))
    entries = db.execute("""SELECT e.event_seq, 1, e.kind = 'charge', e.id, e.instalment_id, e.kind, e.amount, e.date, COALESCE(payment_id, 0),
        COALESCE(other_id, 0), COALESCE(reverses_id, 0), i.id, d.id, d.event_seq, i.customer_id, i.position, i.amount, i.is_claim,
        i.issue_date, i.due_date, i.currency, d.number, d.type, d.reference, d.description, d.applies_to
        FROM entry e LEFT JOIN instalment i ON i.id = e.instalment_id LEFT JOIN document d ON d.id = i.document_id
        WHERE e.company_id = ? ORDER BY e.event_seq, e.id""", (company,))
    for r in payments:
        yield r[0], 0, row_hash(*[("payment", r[3:]), ("reversal", r[3:5]), ("refund", r[3:12]), ("credit refund", r[3:12])][r[2]])
    for r in entries:
        yield r[0], 1, row_hash("entry", r[3:11], row_hash("debt", r[11:]) if r[2] else b"")


def differences(db):
    for company, events, head in db.execute("SELECT id, events, event_hash FROM company").fetchall():
        rows = sorted(covered_rows(db, company), key=lambda r: r[:2])  # stable: keeps the order within
        covered = {seq: [r[2] for r in group] for seq, group in groupby(rows, key=lambda r: r[0])}
        previous, expected = bytes(32), 1
        for e in db.execute("""SELECT seq, at, actor, kind, COALESCE(customer_id, 0), subject, data, covered, covered_digest, hash
                               FROM event WHERE company_id = ? ORDER BY seq""", (company,)):
            seq, count, digest, stored = e[0], e[7], e[8], e[9]
            if seq != expected:
                yield f"event {expected} is missing"
            hashes = covered.pop(seq, [])
            if len(hashes) != count or digest != (sha(*hashes) if hashes else None):
                yield f"event {seq}: what it covers was changed"
            if stored != sha(previous, b"aldia-event-1\n", *map(field, (company, *e[:8])), digest or b""):
                yield f"event {seq} was changed, or one before it"
            previous, expected = stored, seq + 1
        for seq in covered:
            yield f"rows of event {seq}, which does not exist"
        if (events, head) != (expected - 1, previous):
            yield f"the head of company {company} is not its last event"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(differences(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)))
    print("\n".join(found) if found else "the chain holds")
    sys.exit(1 if found else 0)
