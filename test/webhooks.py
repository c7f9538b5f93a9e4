#!/usr/bin/env python3
"""Webhooks against real receivers:  test/webhooks.py [NAME…] [--db postgres|URL]   ($ALDIA, default build-test/aldia)

Signatures, order for each customer, retries after 500, time-outs and cut connections, a server killed between, giving up and
switching off, private addresses by name, number and redirect, endless and slow answers, secrets changed, scopes.
REQ: L1  INV: I15 I16 I17.  Closes with "N passed, N failed"."""
import argparse
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "scenario")]
import web  # noqa: E402
from database import Database, server_url  # noqa: E402
from web import House, Skip, check  # noqa: E402

ROOT = os.path.dirname(HERE)
LOOPBACK = "webhook_private = 127.0.0.0/8, ::1\nwebhook_plain_http = on\n"
START = 1771340400  # 2026-02-17T10:00:00-05:00


class Receiver:
    """An HTTP server that keeps what it is sent. `answer(delivery)` gives the status, or something else to do."""

    def __init__(self, answer=lambda d: 200, tls=None, host="127.0.0.1"):
        self.got, self.answer, self.lock, self.under_way, self.most = [], answer, threading.Lock(), 0, 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                d = {"body": body, "headers": self.headers, "path": self.path, "json": json.loads(body), "at": time.time()}
                with outer.lock:
                    outer.got.append(d)
                    outer.under_way += 1
                    outer.most = max(outer.most, outer.under_way)
                try:
                    what = outer.answer(d)
                    d["answered"] = what
                    if callable(what):
                        what(self)
                        self.close_connection = True
                    elif what:
                        self.send_response(what)
                        self.send_header("Content-Length", "2")
                        self.end_headers()
                        self.wfile.write(b"ok")
                    else:
                        self.close_connection = True
                except OSError:
                    self.close_connection = True
                finally:
                    with outer.lock:
                        outer.under_way -= 1

            def log_message(self, *a):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, request, client_address):
                pass

        self.server = Server((host, 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls + ".pem", tls + ".key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def kinds(self):
        with self.lock:
            return [d["json"]["kind"] for d in self.got]

    def wait(self, count, seconds=20):
        until = time.time() + seconds
        while time.time() < until:
            with self.lock:
                if len(self.got) >= count:
                    return list(self.got)
            time.sleep(0.02)
        raise AssertionError(f"{len(self.got)} deliveries came instead of {count}: {self.kinds()}")


def sample():
    """The Python of docs/ref/webhooks.md."""
    with open(os.path.join(ROOT, "docs/ref/webhooks.md"), encoding="utf-8") as page:
        code = re.search(r"```python\n(.*?)```", page.read(), re.S).group(1)
    scope = {}
    exec(code, scope)
    return scope["is_genuine"]


def add(h, receiver, *kinds, name="erp"):
    words = [w for k in kinds for w in ("--kind", k)]
    return h.good("webhook", "add", "--name", name, "--url", receiver if isinstance(receiver, str) else receiver.url, *words)


def pay(h, customer, amount, ref=""):
    return h.good("payment", "record", "--customer", customer, "--date", "2026-02-16", "--currency", "COP", "--amount", amount, "--reference", ref or f"{customer}-{amount}")


def later(h, seconds):
    h.now = getattr(h, "now", START) + seconds
    h.set_clock(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(h.now)))


def deliver(h):
    return h.good("webhook", "deliver")


def states(h, hook=1):
    return {d["id"]: d for d in h.good("webhook", "deliveries", str(hook))["items"]}


# ---- what arrives ----


def test_signature(h):
    """A real delivery is verified by the documented code, and only that delivery."""
    r = Receiver()
    made = add(h, r, "payment.*")
    check(re.fullmatch(r"whsec_[A-Za-z0-9_-]{43}", made["secret"]), made)
    pay(h, "C1", "40.00", "TRF-1")
    pay(h, "C2", "50.00")
    check(deliver(h) == {"delivered": 2, "failed": 0, "held": None})
    genuine = sample()
    d = r.wait(2)[0]
    header = d["headers"]["Aldia-Signature"]
    check(genuine(header, d["body"], made["secret"], now=START), header)
    check(not genuine(header, d["body"] + b" ", made["secret"], now=START), "another body")
    check(not genuine(header, d["body"], made["secret"] + "x", now=START), "another secret")
    check(not genuine(header, d["body"], made["secret"], now=START + 400), "an old one")
    check(not genuine(header.replace("v1=", "v1=0"), d["body"], made["secret"], now=START), "another signature")
    check(d["headers"]["Aldia-Event"] == "payment.recorded" and d["headers"]["Content-Type"] == "application/json")
    check(d["headers"]["Aldia-Delivery"] == d["json"]["id"] and d["headers"]["User-Agent"].startswith("aldia/"), d["headers"])
    j = d["json"]
    check(set(j) == {"id", "webhook", "company", "event", "at", "kind", "subject", "actor", "customer", "data", "object"}, j)
    check(j["customer"] == "C1" and j["at"] == "2026-02-17T10:00:00-05:00" and j["subject"] == "TRF-1", j)
    # The same JSON as the API gives.
    check(j["object"] == h.good("payment", "show", str(j["object"]["id"])), j["object"])
    event = next(e for e in h.good("timeline", "show", "C1")["items"] if e["event"] == j["event"])
    told = {k: v for k, v in event.items() if k not in ("actor_name", "by")}  # people are numbers outside
    check({k: j[k] for k in told} == told and set(told) >= {"at", "kind", "subject", "actor", "data"}, event)


def test_samples_of_other_languages(h):
    """The documented PHP and JavaScript say the same of a real delivery."""
    r = Receiver()
    made = add(h, r, "payment.*")
    pay(h, "C1", "40.00")
    deliver(h)
    d = r.wait(1)[0]
    with open(os.path.join(ROOT, "docs/ref/webhooks.md"), encoding="utf-8") as page:
        text = page.read()
    body = h.file("body", d["body"].decode())
    ran = 0
    for language, program, head, call in (
            ("js", "node", "", "const body=require('fs').readFileSync(process.argv[2]);for(const b of [body,Buffer.concat([body,Buffer.from(' ')])])"
                               "console.log(isGenuine(process.argv[3],b,process.argv[4],Number(process.argv[5])))"),
            ("php", "php", "<?php\n", "foreach([file_get_contents($argv[1]),file_get_contents($argv[1]).' '] as $b)"
                                      "echo is_genuine($argv[2],$b,$argv[3],(int)$argv[4])?\"true\\n\":\"false\\n\";")):
        code = re.search(r"```%s\n(.*?)```" % language, text, re.S).group(1)
        path = h.file("sample." + language, head + code + call + "\n")
        try:
            done = subprocess.run([program, path, body, d["headers"]["Aldia-Signature"], made["secret"], str(START)], capture_output=True, text=True)
        except FileNotFoundError:
            continue
        check(done.stdout.split() == ["true", "false"], language, done.stdout, done.stderr)
        ran += 1
    if not ran:
        raise Skip("neither node nor php")


def test_kinds_chosen(h):
    r, all_ = Receiver(), Receiver()
    add(h, r, "promise.made,payment.reversed", "dispute.*")
    add(h, all_, "*", name="all")
    paid = pay(h, "C1", "10.00")
    h.good("payment", "reverse", str(paid["id"]), "--reason", "rebotado")
    h.good("promise", "add", "--customer", "C2", "--amount", "20.00", "--date", "2026-03-01")
    h.good("dispute", "open", "--invoice", "F-3", "--reason", "precio")
    h.good("note", "add", "C1", "--text", "llamar")
    deliver(h)
    check(sorted(r.kinds()) == ["dispute.opened", "payment.reversed", "promise.made"], r.kinds())
    check(sorted(all_.kinds()) == ["dispute.opened", "note.added", "payment.recorded", "payment.reversed", "promise.made"], all_.kinds())
    disputed = next(d["json"] for d in r.got if d["json"]["kind"] == "dispute.opened")
    check(disputed["object"]["number"] == "F-3" and disputed["object"]["disputed"] is True, disputed)
    for bad in ("payments", "payment.", "pay*", "*.made", "payment.**", ""):
        check(h.run("webhook", "add", "--name", "x", "--url", r.url, "--kind", bad).returncode == 65, bad)


def test_invoices_booked(h):
    """Every invoice of a file is a delivery of its own, whatever the size of the file."""
    r = Receiver()
    add(h, r, "invoice.booked", "invoices.imported")
    rows = "".join(f"G-{i},C{1 + i % 3},2026-02-10,2026-03-10,COP,{i + 1}.00\n" for i in range(1300))
    h.good("invoice", "import", h.file("g.csv", "number,customer_code,issue_date,due_date,currency,amount\n" + rows))
    split = "number,instalment,customer_code,issue_date,due_date,currency,amount\nS-1,1,C1,2026-02-10,2026-03-10,COP,5.00\nS-1,2,C1,2026-02-10,2026-04-10,COP,5.00\n"
    h.good("invoice", "import", h.file("s.csv", split))
    check(deliver(h) == {"delivered": 1303, "failed": 0, "held": None})
    booked = [d["json"] for d in r.got if d["json"]["kind"] == "invoice.booked"]
    check(sorted(b["subject"] for b in booked) == sorted([f"G-{i}" for i in range(1300)] + ["S-1"]), len(booked))
    check(len({b["id"] for b in booked}) == 1301, "ids repeat")
    for code in ("C1", "C2", "C3"):
        numbers = [int(b["subject"][2:]) for b in booked if b["customer"] == code and b["subject"] != "S-1"]
        check(numbers == sorted(numbers), "order of", code)
    one = next(b for b in booked if b["subject"] == "G-7")
    check(one["object"] == h.good("invoice", "show", "G-7") and one["data"] == {}, one)
    check(r.kinds().count("invoices.imported") == 2)


def test_only_from_now_on(h):
    pay(h, "C1", "1.00")
    r = Receiver()
    add(h, r, "*")
    check(deliver(h)["delivered"] == 0)
    pay(h, "C1", "2.00")
    deliver(h)
    check(r.kinds() == ["payment.recorded"], r.kinds())


# ---- order and failure ----


def test_order_while_one_fails(h):
    """The receiver refuses what is about C1: the others go on, C1's wait in order behind it."""
    refuse = {"C1"}
    r = Receiver(lambda d: 500 if d["json"]["customer"] in refuse else 200)
    add(h, r, "payment.recorded")
    for round_ in range(4):
        for c in ("C1", "C2", "C3"):
            pay(h, c, f"{round_ + 1}.00")
    result = deliver(h)
    check(result == {"delivered": 8, "failed": 1, "held": None}, result)
    seen = lambda c: [d["json"]["subject"] for d in r.got if d["json"]["customer"] == c and d.get("answered") == 200]
    check(seen("C2") == [f"C2-{i}.00" for i in range(1, 5)] and seen("C3") == [f"C3-{i}.00" for i in range(1, 5)] and not seen("C1"), r.kinds())
    kept = [d for d in states(h).values() if d["customer"] == "C1"]
    check([d["state"] for d in kept] == ["queued", "queued", "queued", "due"], kept)
    check(kept[-1]["attempts"] == 1 and kept[-1]["status"] == 500 and kept[-1]["answer"] == "ok", kept[-1])
    check(deliver(h) == {"delivered": 0, "failed": 0, "held": None}, "tried before its time")
    refuse.clear()
    later(h, 61)
    check(deliver(h) == {"delivered": 4, "failed": 0, "held": None})
    check(seen("C1") == [f"C1-{i}.00" for i in range(1, 5)], seen("C1"))
    ids = [d["json"]["id"] for d in r.got if d["json"]["subject"] == "C1-1.00"]
    check(len(ids) == 2 and ids[0] == ids[1], "a repetition has another id", ids)


def test_back_off(h):
    r = Receiver(lambda d: 503)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    tried = 0
    for wait, more in ((0, 1), (59, 0), (2, 1), (5 * 60 + 1, 1), (15 * 60 + 1, 1), (59 * 60, 0), (61, 1), (4 * 3600 + 1, 1), (3 * 3600, 0)):
        later(h, wait)
        deliver(h)
        tried += more
        check(len(r.got) == tried, "after", wait, "s", len(r.got), "attempts instead of", tried)
    check(h.good("webhook", "show", "1")["state"] == "failing")


def test_given_up(h):
    """Refused for three days: it is given up, shown, and can be sent again; the next goes on."""
    refuse = {"bad"}
    r = Receiver(lambda d: 422 if d["json"]["subject"] in refuse else 204)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00", "bad")
    pay(h, "C1", "2.00", "good")
    deliver(h)
    for _ in range(12):
        later(h, 6 * 3600)
        pay(h, "C2", "0.01")
        deliver(h)
    check("good" in [d["json"]["subject"] for d in r.got], "the next waits for ever")
    shown = h.good("webhook", "show", "1")
    check(shown["state"] == "on" and shown["failed"] == 1 and shown["waiting"] == 0, shown)
    failed = [d for d in states(h).values() if d["state"] == "failed"]
    check(len(failed) == 1 and failed[0]["subject"] == "bad" and failed[0]["status"] == 422, failed)
    refuse.clear()
    check(h.good("webhook", "resend", "1") == {"webhook": 1, "waiting": 1})
    deliver(h)
    check(h.good("webhook", "show", "1")["failed"] == 0 and r.got[-1]["json"]["id"] == failed[0]["id"], r.got[-1]["json"])
    check(h.run("webhook", "resend", "1", "--delivery", "1-9999-0").returncode == 66)
    one = r.got[-1]["json"]["id"]
    h.good("webhook", "resend", "1", "--delivery", one)
    check(h.run("webhook", "resend", "1", "--delivery", one).returncode == 75, "waits already")
    deliver(h)
    check(r.got[-1]["json"]["id"] == one)


def test_silence_and_switching_off(h):
    """Nobody listens for three days: the webhook switches itself off, tells, and loses nothing."""
    r = Receiver()
    add(h, r, "payment.recorded", "webhook.off")
    witness = Receiver()
    add(h, witness, "webhook.off", name="witness")
    r.close()
    for i in range(5):
        pay(h, f"C{1 + i % 3}", f"{i + 1}.00")
    result = deliver(h)
    check(result["delivered"] == 0 and 1 <= result["failed"] <= 3, result)
    check(deliver(h)["failed"] == 0, "a dead receiver is asked again at once")
    for _ in range(80):
        later(h, 3600)
        deliver(h)
        if h.good("webhook", "show", "1")["state"] == "off":
            break
    shown = h.good("webhook", "show", "1")
    check(shown["state"] == "off" and shown["off_why"] == "failing" and shown["waiting"] == 5, shown)
    check("onnect" in shown["last_error"], shown["last_error"])
    health = h.run("health")
    check(health.returncode == 1 and "webhook" in json.loads(health.stdout)["problems"], health.stdout)
    check(h.good("shell")["webhooks_off"] == 1, "every page of an administrator tells")
    check(witness.kinds() == ["webhook.off"] and witness.got[0]["json"]["data"] == {"webhook": "1", "name": "erp", "why": "failing"}, witness.kinds())
    again = Receiver()
    check(deliver(h)["delivered"] == 0)
    h.good("webhook", "change", "1", "--url", again.url, "--state", "on")
    check(deliver(h)["delivered"] == 6, again.kinds())
    amounts = sorted(d["json"]["data"].get("amount", "") for d in again.got)
    check(amounts == ["", "1.00", "2.00", "3.00", "4.00", "5.00"], amounts)
    check("webhook" not in json.loads(h.run("health").stdout)["problems"] and h.good("shell")["webhooks_off"] == 0)


def test_switched_off_by_hand(h):
    r = Receiver()
    add(h, r, "payment.recorded")
    h.good("webhook", "change", "1", "--state", "off")
    pay(h, "C1", "1.00")
    check(deliver(h)["delivered"] == 0)
    h.good("webhook", "change", "1", "--state", "on")
    check(deliver(h)["delivered"] == 1, "what was missed")
    h.good("webhook", "change", "1", "--state", "off")
    pay(h, "C1", "2.00")
    h.good("webhook", "change", "1", "--state", "on", "--missed", "skip")
    check(deliver(h)["delivered"] == 0, "what was to be left out")
    h.good("webhook", "remove", "1")
    pay(h, "C1", "3.00")
    check(deliver(h)["delivered"] == 0 and h.good("webhook", "list")["items"] == [])
    check(add(h, r, "*")["id"] == 2, "a number is given again")


def test_gone(h):
    r = Receiver(lambda d: 410)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    deliver(h)
    shown = h.good("webhook", "show", "1")
    check(shown["state"] == "off" and shown["off_why"] == "gone" and shown["waiting"] == 1, shown)


def test_cut_connections(h):
    """Closed before any answer, in the middle of the headers, reset: each is tried again; half a body after a 200 is enough."""
    def reset(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        handler.connection.close()
    def half_headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Half: ")
    def half_body(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    def garbage(handler):
        handler.wfile.write(b"\0\0garbage\r\n\r\n")
    ways = [None, reset, half_headers, garbage]
    r = Receiver(lambda d: ways.pop(0) if ways else half_body)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    for n in range(1, 5):
        check(deliver(h) == {"delivered": 0, "failed": 1, "held": None}, n)
        later(h, 4 * 3600 + 1)
    check(deliver(h) == {"delivered": 1, "failed": 0, "held": None}, states(h))
    check(len(r.got) == 5 and len({d["json"]["id"] for d in r.got}) == 1)


def test_slow_answers(h):
    """No answer within 15 seconds is none; meanwhile other receivers are served."""
    slow, quick = Receiver(lambda d: (lambda handler: time.sleep(25))), Receiver()
    add(h, slow, "payment.recorded", name="slow")
    add(h, quick, "payment.recorded", name="quick")
    pay(h, "C1", "1.00")
    begun = time.time()
    check(deliver(h) == {"delivered": 1, "failed": 1, "held": None})
    check(13 < time.time() - begun < 22, "took", time.time() - begun)
    check(quick.got[0]["at"] - begun < 3, "waited for the slow one")
    check("timed out" in states(h, 1).popitem()[1]["answer"].lower(), states(h, 1))


def test_huge_answers(h):
    """Endless headers are a failure, an endless body after a 200 is cut off."""
    sent = [0]
    def body(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent[0] += 65536
    def headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100000):
            handler.wfile.write(b"X-More: " + b"y" * 1000 + b"\r\n")
    r = Receiver(lambda d: body if d["json"]["customer"] == "C1" else headers)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    pay(h, "C2", "1.00")
    begun = time.time()
    check(deliver(h) == {"delivered": 1, "failed": 1, "held": None})
    check(time.time() - begun < 10 and sent[0] < 8 * 1024 * 1024, "read on", sent)


def test_many_side_by_side(h):
    """Different customers' deliveries go side by side, one customer's never."""
    together = {}
    most = [0]
    lock = threading.Lock()
    def answer(d):
        c = d["json"]["customer"]
        with lock:
            together[c] = together.get(c, 0) + 1
            most[0] = max(most[0], together[c])
        time.sleep(0.05)
        with lock:
            together[c] -= 1
        return 200
    r = Receiver(answer)
    h.good("customer", "import", h.file("m.csv", "code,name\n" + "".join(f"M{i},M {i}\n" for i in range(40))))
    add(h, r, "note.added")
    h.serve()
    key = h.key(*web.READ, *web.WRITE)
    for i in range(120):
        check(h.ask("POST", f"/api/v1/customers/M{i % 40}/notes", {"text": f"nota {i}"}, key=key).status == 200)
    r.wait(120, 40)
    check(most[0] == 1, "two deliveries of one customer at a time")
    check(r.most > 3, "one after the other", r.most)
    for c in range(40):
        texts = [int(d["json"]["data"]["text"][5:]) for d in r.got if d["json"]["customer"] == f"M{c}"]
        check(texts == sorted(texts) and len(texts) == 3, c, texts)


# ---- the serving process ----


def test_serving(h):
    """The server delivers by itself, at once; pages go on while a receiver hangs."""
    hang = threading.Event()
    r = Receiver(lambda d: 200 if not hang.is_set() else (lambda handler: time.sleep(20)))
    add(h, r, "payment.recorded")
    h.serve()
    key = h.key(*web.READ, *web.WRITE)
    body = {"customer": "C1", "date": "2026-02-16", "currency": "COP", "amount": "1.00"}
    begun = time.time()
    check(h.ask("POST", "/api/v1/payments", body, key=key).status == 200)
    r.wait(1)
    check(time.time() - begun < 5, "took", time.time() - begun)
    hang.set()
    h.ask("POST", "/api/v1/payments", {**body, "amount": "2.00"}, key=key)
    r.wait(2)
    for i in range(20):
        begun = time.time()
        check(h.ask("GET", "/api/v1/customers", key=key).status == 200)
        check(time.time() - begun < 3, "a page waited", time.time() - begun)
    begun = time.time()
    check(h.good("webhook", "deliver")["held"] == "BUSY", "two processes at once")
    check(h.stop() == 0 and time.time() - begun < 10, "the end waits for the receiver", time.time() - begun)


def test_killed_between(h):
    """kill -9 at any moment: nothing is lost, a customer's order holds, repetitions have the same id."""
    r = Receiver(lambda d: (time.sleep(0.01), 200)[1])
    add(h, r, "note.added")
    key = h.key(*web.READ, *web.WRITE)
    wrote = {c: [] for c in ("C1", "C2", "C3")}
    n = 0
    for round_ in range(6):
        h.serve()
        for _ in range(30):
            code = f"C{1 + n % 3}"
            if h.ask("POST", f"/api/v1/customers/{code}/notes", {"text": f"nota {n}"}, key=key).status == 200:
                wrote[code].append(n)
            n += 1
        time.sleep(0.15 * round_)
        h.stop(signal.SIGKILL)
    h.serve()
    until = time.time() + 60
    while time.time() < until:
        with r.lock:
            ids = {d["json"]["id"]: d for d in r.got}
        if len(ids) >= sum(map(len, wrote.values())):
            break
        time.sleep(0.1)
    time.sleep(1.5)
    for code, numbers in wrote.items():
        first = {}
        for d in r.got:
            if d["json"]["customer"] == code:
                first.setdefault(d["json"]["id"], int(d["json"]["data"]["text"][5:]))
        check(list(first.values()) == numbers, code, "got", list(first.values())[:50], "wrote", numbers[:50])
    check(len(r.got) < 2 * n, "everything came twice", len(r.got), n)


def test_killed_deliverer(h):
    """The process that delivers dies with deliveries under way: they come again under the same id."""
    r = Receiver(lambda d: 200 if d["json"]["attempt_seen"] else (lambda handler: time.sleep(30)))
    seen = set()
    def answer(d):
        again = d["json"]["id"] in seen
        seen.add(d["json"]["id"])
        return 200 if again else (lambda handler: time.sleep(30))
    r.answer = answer
    add(h, r, "payment.recorded")
    for c in ("C1", "C2", "C3"):
        pay(h, c, "1.00")
    process = subprocess.Popen([web.ALDIA, "--data", h.data, *h.place, "--clock-file", h.clock, "webhook", "deliver"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    r.wait(3)
    process.kill()
    process.wait()
    check(deliver(h) == {"delivered": 3, "failed": 0, "held": None})
    check(len(seen) == 3 and len(r.got) == 6)


# ---- where it may not go ----


def test_private_addresses(h):
    """Neither by number nor by name, whatever the spelling; the receiver hears nothing."""
    r = Receiver()
    six = None
    try:
        six = Receiver(host="::1") if socket.has_ipv6 else None
    except OSError:
        pass
    refused = [f"http://127.0.0.1:{r.port}/", f"http://127.1:{r.port}/", f"http://2130706433:{r.port}/", f"http://0x7f000001:{r.port}/",
               f"http://0177.0.0.1:{r.port}/", f"http://0.0.0.0:{r.port}/", f"http://[::ffff:127.0.0.1]:{r.port}/", f"http://[::]:{r.port}/",
               "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://[fd00::1]/", "http://[fe80::1]/",
               "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.0.1/", "http://100.64.0.1/", "http://224.0.0.1/", "http://[ff02::1]/",
               "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"]
    for url in refused:
        done = h.run("webhook", "add", "--name", "x", "--url", url, "--kind", "*")
        check(done.returncode == 65 and json.loads(done.stderr)["error"]["field"] == "url", url, done.stdout, done.stderr)
    # A name says what it stands for only when it is asked; localhost is one for loopback.
    for i, url in enumerate((f"http://localhost:{r.port}/", f"http://LocalHost:{r.port}/")):
        add(h, url, "payment.recorded", name=f"n{i}")
        tested = h.run("webhook", "test", str(i + 1))
        check(tested.returncode == 1, tested.stdout)
        answer = json.loads(tested.stdout)
        check(not answer["delivered"] and answer["status"] == 0 and "not public" in answer["answer"], answer)
    pay(h, "C1", "1.00")
    check(deliver(h)["delivered"] == 0)
    check(not r.got and not (six and six.got), "a private address was reached")
    for url in ("ftp://a.example/", "file:///etc/passwd", "https://", "https://user:pw@a.example/", "https://a.example/#x", "gopher://a.example/",
                "https://a.example/a b", "javascript:alert(1)", "//a.example", "https:\\\\a.example", "https://" + "a" * 600 + ".example/"):
        check(h.run("webhook", "add", "--name", "x", "--url", url, "--kind", "*").returncode == 65, url)


test_private_addresses.conf = "webhook_plain_http = on\n"


def test_https_only(h):
    check(h.run("webhook", "add", "--name", "x", "--url", "http://a.example/", "--kind", "*").returncode == 65, "plain http")


test_https_only.conf = "webhook_private = 127.0.0.1\n"


def test_allowed_by_name(h):
    """A host that is named may be private; another name for the same address may not."""
    r = Receiver()
    add(h, f"http://localhost:{r.port}/x", "payment.recorded")
    pay(h, "C1", "1.00")
    check(deliver(h)["delivered"] == 1)
    done = h.run("webhook", "add", "--name", "x", "--url", f"http://127.0.0.1:{r.port}/", "--kind", "*")
    check(done.returncode == 65, done.stdout)


test_allowed_by_name.conf = "webhook_private = localhost\nwebhook_plain_http = on\n"


def test_settings_refused(h):
    done = h.run("webhook", "add", "--name", "x", "--url", "https://a.example/", "--kind", "*")
    check(done.returncode == 65 and "10.0.0/8" in done.stderr, done.stderr)


test_settings_refused.conf = "webhook_private = 10.0.0/8\n"


def test_redirects(h):
    """A redirect, to wherever, is a failure and is not followed."""
    inside = Receiver()
    def away(handler):
        handler.wfile.write(f"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:{inside.port}/\r\nContent-Length: 0\r\n\r\n".encode())
    r = Receiver(lambda d: away)
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    check(deliver(h) == {"delivered": 0, "failed": 1, "held": None})
    check(not inside.got, "followed")
    d = states(h).popitem()[1]
    check(d["status"] == 307 and "redirect" in d["answer"], d)


def test_proxy_of_the_environment(h):
    """http_proxy is for browsers."""
    r, proxy = Receiver(), Receiver()
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    env = {**os.environ, "http_proxy": f"http://127.0.0.1:{proxy.port}", "all_proxy": f"http://127.0.0.1:{proxy.port}", "ALL_PROXY": f"http://127.0.0.1:{proxy.port}"}
    done = subprocess.run([web.ALDIA, "--data", h.data, *h.place, "--clock-file", h.clock, "--json", "webhook", "deliver"], capture_output=True, text=True, env=env)
    check(json.loads(done.stdout)["delivered"] == 1 and not proxy.got, done.stdout, done.stderr)


def test_tls(h):
    """A certificate that is not trusted, or of another host, is refused."""
    certs = os.path.join(h.folder, "certs")
    subprocess.run([os.path.join(HERE, "fake", "mkcerts.sh"), certs], check=True)
    with open(os.path.join(h.data, "aldia.conf"), "a") as conf:
        conf.write(f"webhook_ca_file = {certs}/ca.pem\n")
    for name, arrives in (("good", True), ("wrong-host", False), ("expired", False)):
        r = Receiver(tls=os.path.join(certs, name))
        made = add(h, r, "payment.recorded", name=name)
        tested = json.loads(h.run("webhook", "test", str(made["id"])).stdout)
        check(tested["delivered"] is arrives and bool(r.got) is arrives, name, tested)
        check(arrives or "certificate" in tested["answer"].lower(), name, tested)
        if arrives:
            check(sample()(r.got[0]["headers"]["Aldia-Signature"], r.got[0]["body"], made["secret"], now=START))
            check(r.got[0]["json"]["kind"] == "webhook.test" and r.got[0]["json"]["data"] == {}, r.got[0]["json"])


test_tls.conf = "webhook_private = 127.0.0.1\n"


def test_copies_send_nothing(h):
    r = Receiver()
    add(h, r, "payment.recorded")
    pay(h, "C1", "1.00")
    if h.place:
        raise Skip("a copied folder keeps its PostgreSQL")
    copy = h.data + "-copy"
    subprocess.run(["cp", "-a", h.data, copy], check=True)
    done = subprocess.run([web.ALDIA, "--data", copy, "--clock-file", h.clock, "--json", "webhook", "deliver"], capture_output=True, text=True)
    check(json.loads(done.stdout)["held"] == "INSTANCE_UNCONFIRMED" and not r.got, done.stdout)
    done = subprocess.run([web.ALDIA, "--data", copy, "--clock-file", h.clock, "--json", "webhook", "test", "1"], capture_output=True, text=True)
    check(done.returncode == 75 and not r.got, done.stdout, done.stderr)


# ---- secrets and who sees what ----


def test_rotation(h):
    r = Receiver()
    first = add(h, r, "payment.recorded")
    second = h.good("webhook", "rotate", "1")
    check(second["secret"] != first["secret"] and second["old_secret_until"], second)
    genuine = sample()
    signed = lambda d, made: genuine(d["headers"]["Aldia-Signature"], d["body"], made["secret"], now=getattr(h, "now", START))
    pay(h, "C1", "1.00")
    deliver(h)
    check(signed(r.got[0], first) and signed(r.got[0], second), r.got[0]["headers"]["Aldia-Signature"])
    later(h, 25 * 3600)
    pay(h, "C1", "2.00")
    deliver(h)
    check(not signed(r.got[1], first) and signed(r.got[1], second), "the old secret is good for ever")
    third = h.good("webhook", "rotate", "1", "--keep-hours", "0")
    pay(h, "C1", "3.00")
    deliver(h)
    check(not signed(r.got[2], second) and signed(r.got[2], third), "the old secret stays")


def test_secrets_are_told_once(h):
    """In no list, log, audit or timeline."""
    r = Receiver()
    h.serve()
    cookie = h.user("ana", "admin")
    made = h.ask("POST", "/api/v1/webhooks", {"name": "erp", "url": r.url, "kind": ["*"]}, {"X-CSRF-Token": h.csrf(cookie)}, cookie=cookie)
    check(made.status == 200, made.text)
    secret = made.json["secret"]
    page = h.form("/webhooks/1/rotate", {"csrf": h.csrf(cookie)}, cookie=cookie)
    check(page.status == 200 and page.headers["Cache-Control"] == "no-store", page.status)
    second = re.search(r"whsec_[A-Za-z0-9_-]{43}", page.text).group(0)
    h.ask("POST", "/api/v1/customers/C1/notes", {"text": "nota"}, {"X-CSRF-Token": h.csrf(cookie)}, cookie=cookie)
    r.wait(1)
    texts = [h.ask("GET", path, cookie=cookie).text for path in ("/webhooks", "/webhooks/1", "/api/v1/webhooks", "/api/v1/webhooks/1", "/api/v1/webhooks/1/deliveries", "/api/v1/audit", "/audit")]
    texts += [h.log_text(), json.dumps(h.good("access", "list"))]
    for text in texts:
        check(secret not in text and second not in text and "whsec_" not in text, text[:300])
    done = [a["verb"] for a in h.ask("GET", "/api/v1/audit", cookie=cookie).json["items"]]
    check("webhook add" in done and "webhook rotate" in done, done)


def test_scope_of_the_maker(h):
    """It hears of its maker's customers, and no more when the maker sees fewer or is gone."""
    h.good("customer", "import", h.file("x.csv", "code,name,collector\nX1,Ajeno,eva\n"))
    r = Receiver()
    h.serve()
    cookie = h.user("ana", "admin", "--scope", "own", "--code", "ana")
    token = h.csrf(cookie)
    made = h.ask("POST", "/api/v1/webhooks", {"name": "erp", "url": r.url, "kind": ["*"]}, {"X-CSRF-Token": token}, cookie=cookie)
    check(made.status == 200, made.text)
    rows = "number,customer_code,issue_date,due_date,currency,amount\nX-F1,X1,2026-01-10,2026-02-01,COP,5.00\nA-F1,C1,2026-01-10,2026-02-01,COP,5.00\n"
    h.good("invoice", "import", h.file("xi.csv", rows))
    for c in ("X1", "C1"):
        h.good("note", "add", c, "--text", "nota x")
    h.good("company", "set", "--run-at", "10:00")
    got = r.wait(2)
    time.sleep(2.5)
    check(sorted((d["json"]["kind"], d["json"]["customer"], d["json"]["subject"]) for d in r.got) ==
          [("invoice.booked", "C1", "A-F1"), ("note.added", "C1", "C1")], [(d["json"]["kind"], d["json"]["customer"]) for d in got])
    h.good("user", "disable", "ana")
    h.good("note", "add", "C1", "--text", "nota y")
    time.sleep(2.5)
    check(len(r.got) == 2, "goes on after its maker")
    shown = h.good("webhook", "show", "1")
    check(shown["state"] == "off" and shown["off_why"] == "maker", shown)


def test_who_may(h):
    r = Receiver()
    h.serve()
    for role in ("manager", "supervisor", "collector", "read-only"):
        cookie = h.user(role.replace("-", ""), role)
        check(h.ask("GET", "/api/v1/webhooks", cookie=cookie).status == 403, role)
        check(h.ask("POST", "/api/v1/webhooks", {"name": "x", "url": r.url, "kind": ["*"]}, {"X-CSRF-Token": h.csrf(cookie)}, cookie=cookie).status == 403, role)
    key = h.key("admin", "customer.read")
    answer = h.ask("POST", "/api/v1/webhooks", {"name": "x", "url": r.url, "kind": ["payment.recorded"]}, key=key)
    check(answer.status == 403 and "money.read" in answer.json["error"]["message"], answer.text)
    good = h.ask("POST", "/api/v1/webhooks", {"name": "x", "url": r.url, "kind": ["note.added"]}, key=key)
    check(good.status == 200, good.text)


def test_pages(h):
    """Made, tested, switched and looked at in the browser, without JavaScript."""
    r = Receiver()
    h.serve()
    cookie = h.user("ana", "admin")
    csrf = h.csrf(cookie)
    check(h.ask("GET", "/webhooks", cookie=cookie).status == 200)
    wrong = h.form("/webhooks", {"csrf": csrf, "name": "<b>erp</b>", "url": "http://10.0.0.1/", "kind": "payment.*"}, cookie=cookie)
    check(wrong.status == 422 and "&lt;b&gt;erp" in wrong.text and "<b>erp" not in wrong.text, wrong.status, wrong.text[-500:])
    made = h.form("/webhooks", {"csrf": csrf, "name": "<b>erp</b>", "url": r.url, "kind": ["payment.*", "note.added"]}, cookie=cookie)
    check(made.status == 200 and re.search(r"whsec_[A-Za-z0-9_-]{43}", made.text) and "<b>erp" not in made.text, made.status)
    tested = h.form("/webhooks/1/test", {"csrf": csrf}, cookie=cookie)
    check(tested.status == 303 and tested.headers["Location"].startswith("/webhooks/1?"), tested.status, tested.text[-400:])
    check(r.wait(1)[0]["json"]["kind"] == "webhook.test")
    page = h.ask("GET", "/webhooks/1", cookie=cookie).text
    check("webhook.test" in page and "note.added" in page, page[:2000])
    check(h.form("/webhooks/1", {"csrf": csrf, "state": "off"}, cookie=cookie).status == 303)
    check(h.good("webhook", "show", "1")["state"] == "off")
    check(h.form("/webhooks/1/remove", {"csrf": csrf}, cookie=cookie).status == 303)
    check(h.ask("GET", "/webhooks/1", cookie=cookie).status == 404)


def test_kinds_are_complete(h):
    """Whatever the source writes into the timeline is in the list of kinds, and the documented list is the program's."""
    known = {k["kind"] for k in h.good("webhook", "kinds")["items"]}
    written = set()
    for top, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if not name.endswith(".c") or name.endswith("_test.c"):
                continue
            with open(os.path.join(top, name), encoding="utf-8") as source:
                text = source.read()
            if "event_note(" in text or "event_open(" in text or "hold_place(" in text or "note(" in text:
                written |= set(re.findall(r'"((?:message|payment|payments|invoice|invoices|customer|customers|hold|segment|note|contact|recourse|promise|agreement|case_file|'
                                          r'dispute|letter|letters|template|proposal|strategy|sending|company|instance|debt|document|webhook)\.[a-z_]+)"', text))
    written -= {"customer.read", "customer.write", "message.read", "message.send", "strategy.read", "strategy.write", "customer.code", "company.name", "instance.id"}
    check(written <= known | {"webhook.test"}, "not in hook_kind.c:", sorted(written - known))
    with open(os.path.join(ROOT, "docs/ref/webhooks.md"), encoding="utf-8") as page:
        documented = re.search(r"<!-- kinds -->\n(.*?)<!-- end of kinds -->", page.read(), re.S).group(1)
    table = "| Kind | Needs | When |\n|---|---|---|\n" + "".join(f"| `{k['kind']}` | `{k['needs']}` | {k['summary']} |\n" for k in h.good("webhook", "kinds")["items"])
    if os.environ.get("ALDIA_ACCEPT") and documented != table:
        path = os.path.join(ROOT, "docs/ref/webhooks.md")
        with open(path, encoding="utf-8") as page:
            text = page.read()
        with open(path, "w", encoding="utf-8") as page:
            page.write(text.replace("<!-- kinds -->\n" + documented, "<!-- kinds -->\n" + table))
        documented = table
    check(documented == table, "docs/ref/webhooks.md: ALDIA_ACCEPT=1 test/webhooks.py kinds_are_complete writes it anew")


TESTS = {name[5:]: value for name, value in list(globals().items()) if name.startswith("test_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", default="sqlite")
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    url = server_url(chosen.db)
    database = Database(url) if url else None
    passed = failed = 0
    for name, test in TESTS.items():
        if chosen.names and name not in chosen.names:
            continue
        begun, house = time.time(), None
        try:
            house = House(conf=getattr(test, "conf", LOOPBACK), db=database.create() if database else None)
            test(house)
            house.close()
            passed += 1
            print(f"ok {name} ({time.time() - begun:.1f} s)", flush=True)
        except Skip as why:
            print(f"skipped {name}: {why}", flush=True)
            house.close()
        except Exception as e:  # noqa: BLE001
            failed += 1
            print(f"not ok {name}: {type(e).__name__}: {str(e)[:1500]}", flush=True)
            if house and house.server:
                print("    log: " + house.log_text()[-1500:].replace("\n", "\n    "), flush=True)
                try:
                    house.close()
                except Exception:  # noqa: BLE001
                    pass
    if database:
        database.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
