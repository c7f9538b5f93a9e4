#!/usr/bin/env python3
"""Proves that the scenario language can fail: each comparison with something that does not hold, and every line of every scenario understood."""
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import compare  # noqa: E402
import script   # noqa: E402
import verbs    # noqa: E402
from mail import Mail  # noqa: E402
from peer import Kept  # noqa: E402
from world import Failed  # noqa: E402

MAIL = (b"From: a@x.example\r\nTo: b@y.example\r\nSubject: =?utf-8?q?Factura_F-1?=\r\nMessage-ID: <1@x>\r\nDate: Tue, 17 Feb 2026 09:00:00 -0500\r\n"
        b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDebe $\xc2\xa0100.000\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Debe</p>\r\n--b--\r\n")
passed = failed = 0


def check(name, holds):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"not ok - {name}")


def fails(function, *args):
    try:
        function(*args)
    except (Failed, script.ScriptError):
        return True
    return False


def test_comparing():
    check("numbers as numbers", compare.equal("100000.00", "100000") and not compare.equal("100000.01", "100000"))
    check("true, false, null", compare.equal(True, "true") and compare.equal(None, "null") and not compare.equal(False, "true"))
    check("text", compare.equal("F-1", "F-1") and not compare.equal("F-1", "F-10"))
    check("contains", fails(compare.one, "abc", "~", "x", "") and not fails(compare.one, "a\n b", "~", "a b", ""))
    check("lacks", fails(compare.one, "abc", "!~", "b", "") and not fails(compare.one, "abc", "!~", "x", ""))
    value = {"items": [{"n": "F-1", "x": {"y": 2}}, {"n": "F-2"}], "held": {"CAP": 2}}
    check("paths", compare.at_path(value, "items[n=F-1].x.y") == 2 and compare.at_path(value, "items.length") == 2
          and compare.at_path(value, "items[7].n") == "(missing)")
    check("an absent reason counts nothing", not fails(compare.fields, value, [("held.GAP", "=", "0")], "") and fails(
        compare.fields, value, [("held.CAP", "=", "0")], ""))
    check("an absent field is not zero", fails(compare.fields, value, [("sent", "=", "0")], ""))
    check("rows add up", fails(compare.import_adds_up, {"rows": 3, "booked": 1, "duplicate": 1, "rejected": 0, "errors": []}, True))
    message = {"date": "2026-02-17", "customer": "C1", "to": "a", "step": "d0", "total": "5.00", "items": [{"number": "F", "instalment": 1, "open": "5"}]}
    check("rehearsal and runs", fails(compare.same_messages, [message], []) and fails(
        compare.same_messages, [message], [{**message, "total": "6"}]) and not fails(compare.same_messages, [message], [{**message, "total": "5"}]))


def test_reading():
    check("conditions", script.conditions(["a=1", "b", "~", "x y", "c!=2"]) == [("a", "=", "1"), ("b", "~", "x y"), ("c", "!=", "2")])
    check("a condition that is none", fails(script.conditions, ["sent"]))
    check("multiplied rows", script.expand(["C{1..3}", "x{n}"]) == [["C1", "x1"], ["C2", "x2"], ["C3", "x3"]])
    with tempfile.NamedTemporaryFile("w", suffix=".t") as file:
        file.write("# x.  REQ: B1 B2  INV: I5\ninvoices\n| a | b |\n| 1 | |\nfile f\n> x,  y\n")
        file.flush()
        statements, ids = script.read(file.name)
        check("tables, raw lines and ids", statements[0].rows() == [{"a": "1", "b": ""}] and statements[1].raw == ["x,  y"]
              and ids == ["B1", "B2", "I5"])


def test_mail():
    good = Mail(Kept("a@x.example", ["b@y.example"], MAIL, "1"))
    check("a mail without fault", good.faults() == [] and "100.000" in good.body and good.body.startswith("Debe $ "))
    for name, data, recipients in [
            ("two recipients", MAIL, ["b@y.example", "c@y.example"]), ("another recipient than To", MAIL, ["c@y.example"]),
            ("a copy", MAIL.replace(b"Subject", b"Cc: c@y.example\r\nSubject", 1), ["b@y.example"]),
            ("no Auto-Submitted", MAIL.replace(b"Auto-Submitted: auto-generated\r\n", b""), ["b@y.example"]),
            ("an unmerged field", MAIL.replace(b"Debe $", b"Debe {{total}}"), ["b@y.example"]),
            ("a bare LF", MAIL.replace(b"100.000\r\n", b"100.000\n"), ["b@y.example"])]:
        check(name, Mail(Kept("a@x.example", recipients, data, "1")).faults())


def test_every_line():
    for name in sorted(n for n in os.listdir(HERE) if n.endswith(".t")):
        statements, ids = script.read(os.path.join(HERE, name), name)
        check(f"{name} cites what it is evidence for", ids)
        for statement in statements:
            statement.rows()
            if statement.words[0] not in ("only", "awaits") and not any(p.match(statement.text) for p, _ in verbs.VERBS):
                check(f"{statement.where()}: “{statement.text}” is understood", False)


for test in (test_comparing, test_reading, test_mail, test_every_line):
    test()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
