#!/usr/bin/env python3
"""A scriptable SMTP server on loopback: the other side of every mail test.

    smtp_peer.py --dir FOLDER [--port N] [--script FILE] [--fast]
                 [--tls starttls|tls --cert FILE --key FILE] [--auth USER:PASSWORD] [--without SIZE,8BITMIME,…]

It writes FOLDER/port when it listens. Each message it takes responsibility for is FOLDER/NNNNNN.eml (dots unstuffed) and
an event "stored"; everything that happens is a line of FOLDER/log.jsonl, written before the client can know of it:

    connected, tls, ehlo, auth {ok, tls}, mail, rcpt, data-started (354 is about to leave), body-complete (the dot came),
    stored {file, size, sha256, from, to}, replied {at, code}, rule {at, do}, cut {at, bytes} (the client went away after
    354 and before the dot), closed

--script names JSON lines, read again whenever the file changes. The first line that matches decides:

    {"at": STAGE, "do": ACTION, …}
    STAGE   connect ehlo starttls auth mail rcpt data body dot after-accept rset quit
    filter  "to", "from": glob · "nth": the nth DATA of this server, from 1 · "conn": the nth connection · "user"
            "skip": leave out the first N matches · "times": then match only N times
    ACTION  reply {"code", "text": line or list of lines}   an answer; at dot, 2xx stores the message
            raw {"text": …}             bytes as they are (latin-1), instead of an answer
            hang {"seconds"}            say nothing for that long (without seconds: for ever), then go on as usual
            pause {"until": FILE}       say nothing until the file exists, then go on as usual
            drop, reset                 close, or send RST
            ok                          as usual (to make an exception)
            slow {"seconds"}            the usual answer, a byte at a time with this pause
            split {"seconds"}           the usual answer in two pieces
            accept-and-drop, accept-and-reset, accept-and-hang, accept-and-raw, accept-and-delay {"seconds"}
                                        at dot: store the message, then lie about it
    "then": "drop" | "reset" | "hang"   after the answer
    "after": N                          at body: once that many bytes of the body have come; a reply of 400 or more there
                                        is the only one: the message is not stored

--fast keeps nothing but a count (FOLDER/count, rewritten every 1000 messages and at the end).
"""
import argparse
import base64
import fnmatch
import hashlib
import json
import os
import signal
import socket
import ssl
import struct
import sys
import threading
import time


class Gone(Exception):
    """The connection is over; `how` says who ended it."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


class Script:
    """The rules, with how often each has matched; a line that stays the same keeps its count over a change."""

    def __init__(self, path):
        self.path, self.stamp, self.rules, self.lock = path, None, [], threading.Lock()

    def refresh(self):
        try:
            info = os.stat(self.path)
            stamp = (info.st_mtime_ns, info.st_size, info.st_ino)
            if stamp == self.stamp:
                return
            with open(self.path, encoding="utf-8") as source:
                lines = [s.strip() for s in source if s.strip() and not s.startswith("#")]
            counts = {}
            for rule in self.rules:
                counts.setdefault(rule["line"], []).append(rule["matched"])
            rules = []
            for line in lines:
                known = counts.get(line)
                rules.append({"line": line, "matched": known.pop(0) if known else 0, "rule": json.loads(line)})
            self.rules, self.stamp = rules, stamp
        except (FileNotFoundError, json.JSONDecodeError):
            pass  # being replaced: the next look-up reads it

    def find(self, stage, facts):
        if not self.path:
            return None
        with self.lock:
            self.refresh()
            for entry in self.rules:
                rule = entry["rule"]
                if rule.get("at") != stage or not self.fits(rule, facts):
                    continue
                entry["matched"] += 1
                past = entry["matched"] - rule.get("skip", 0)
                if past <= 0 or past > rule.get("times", past):
                    continue
                return rule
        return None

    @staticmethod
    def fits(rule, facts):
        for key in ("to", "from", "user"):
            if key in rule and not fnmatch.fnmatch(str(facts.get(key, "")).lower(), rule[key].lower()):
                return False
        if "after" in rule and facts.get("bytes", 0) < rule["after"]:
            return False
        return all(facts.get(key) == rule[key] for key in ("nth", "conn") if key in rule)


class Keeper:
    """The folder: messages, log and counters, shared by all connections."""

    def __init__(self, folder, fast):
        self.folder, self.fast, self.lock = folder, fast, threading.Lock()
        self.accepted = self.data_started = self.connections = 0
        self.log = None if fast else open(os.path.join(folder, "log.jsonl"), "ab", buffering=0)

    def event(self, conn, name, /, **more):
        if self.log:
            line = {"time": round(time.time(), 6), "conn": conn, "event": name, **more}
            with self.lock:
                self.log.write(json.dumps(line).encode() + b"\n")

    def next(self, counter):
        with self.lock:
            value = getattr(self, counter) + 1
            setattr(self, counter, value)
            return value

    def store(self, conn, envelope_from, envelope_to, body):
        number = self.next("accepted")
        if self.fast:
            if number % 1000 == 0:
                self.write_count()
            return
        name = "%06d.eml" % number
        with open(os.path.join(self.folder, name + ".part"), "wb") as out:
            out.write(body)
        os.rename(os.path.join(self.folder, name + ".part"), os.path.join(self.folder, name))
        self.event(conn, "stored", file=name, size=len(body), sha256=hashlib.sha256(body).hexdigest(),
                   **{"from": envelope_from, "to": envelope_to})

    def write_count(self):
        path = os.path.join(self.folder, "count")
        with open(path + ".part", "w", encoding="ascii") as out:
            out.write("%d\n" % self.accepted)
        os.rename(path + ".part", path)


class Connection:
    def __init__(self, sock, number, keeper, script, options):
        self.sock, self.number, self.keeper, self.script, self.options = sock, number, keeper, script, options
        self.pending = b""
        self.secure = self.authenticated = False
        self.sender, self.recipients, self.user, self.nth = None, [], "", 0
        self.taken, self.refused = 0, False

    def event(self, name, /, **more):
        self.keeper.event(self.number, name, **more)

    # --- bytes

    def more(self):
        try:
            piece = self.sock.recv(65536)
        except (OSError, ssl.SSLError) as error:
            raise Gone("client: " + type(error).__name__) from None
        if not piece:
            raise Gone("client")
        return piece

    def line(self):
        while b"\n" not in self.pending:
            if len(self.pending) > 65536:
                raise Gone("line too long")
            self.pending += self.more()
        line, self.pending = self.pending.split(b"\n", 1)
        return line.rstrip(b"\r").decode("latin-1")

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (OSError, ssl.SSLError) as error:
            raise Gone("client: " + type(error).__name__) from None

    def end(self, how):
        if how == "reset":
            raw = self.sock
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone("script: " + how)

    def hang(self, seconds):
        if seconds is not None:
            time.sleep(seconds)
            return
        while True:  # until the client gives up; what it still sends is lost
            self.more()

    def pause(self, until):
        while not os.path.exists(until):
            time.sleep(0.02)

    # --- answers

    def facts(self, **more):
        return {"conn": self.number, "nth": self.nth, "user": self.user, "from": self.sender or "",
                "to": self.recipients[-1] if self.recipients else "", **more}

    def answer(self, stage, code, *lines, **facts):
        """Give the usual answer, or what the script says instead. Returns the code given, 0 for none."""
        rule = self.script.find(stage, self.facts(**facts))
        action = rule["do"] if rule else "ok"
        if rule:
            self.event("rule", at=stage, do=action)
        if action in ("drop", "reset"):
            self.end(action)
        if action == "pause":
            self.pause(rule["until"])
        elif action == "hang":
            self.hang(rule.get("seconds"))
        elif action == "raw":
            self.send(rule["text"].encode("latin-1"))
            self.follow(rule)
            return 0
        elif action == "reply":
            text = rule.get("text", "as scripted")
            code, lines = rule["code"], text if isinstance(text, list) else [text]
        self.say(stage, code, lines, action, rule.get("seconds", 0.01) if rule else 0)
        if rule:
            self.follow(rule)
        return code

    def say(self, stage, code, lines, manner="ok", pause=0):
        text = "".join("%d%s%s\r\n" % (code, "-" if i + 1 < len(lines) else " ", line)
                       for i, line in enumerate(lines)).encode("latin-1")
        self.event("replied", at=stage, code=code)
        if stage == "data" and code == 354:
            self.event("data-started", nth=self.nth)
        if manner == "slow":
            for i in range(len(text)):
                self.send(text[i:i + 1])
                time.sleep(pause)
        elif manner == "split":
            self.send(text[:len(text) // 2])
            time.sleep(pause)
            self.send(text[len(text) // 2:])
        else:
            self.send(text)

    def follow(self, rule):
        then = rule.get("then")
        if then in ("drop", "reset"):
            self.end(then)
        elif then == "hang":
            self.hang(None)

    # --- the dialogue

    def secure_now(self):
        self.pending = b""  # nothing said in clear may count after the handshake (RFC 3207, 4.2)
        self.sock.settimeout(30)
        try:
            self.sock = self.options.context.wrap_socket(self.sock, server_side=True)
        except (OSError, ssl.SSLError) as error:
            self.event("tls", ok=False, error=str(error))
            raise Gone("handshake") from None
        self.sock.settimeout(None)
        self.secure = True
        self.event("tls", ok=True, version=self.sock.version())

    def run(self):
        self.event("connected")
        if self.options.tls == "tls":
            self.secure_now()
        self.answer("connect", 220, "peer.test ESMTP")
        while True:
            line = self.line()
            verb, _, rest = line.partition(" ")
            handler = getattr(self, "do_" + verb.lower(), None)
            if handler is None:
                self.say("other", 500, ["5.5.1 unknown command"])
            else:
                handler(rest.strip())

    def do_ehlo(self, name):
        self.event("ehlo", name=name, tls=self.secure)
        lines = ["peer.test"] + [e for e in ("SIZE 52428800", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES", "SMTPUTF8")
                                 if e.split()[0] not in self.options.without]
        if self.options.tls == "starttls" and not self.secure and "STARTTLS" not in self.options.without:
            lines.append("STARTTLS")
        if self.options.auth and (self.secure or not self.options.tls) and "AUTH" not in self.options.without:
            lines.append("AUTH " + self.options.mechanisms)
        self.sender, self.recipients = None, []
        self.answer("ehlo", 250, *lines)

    def do_helo(self, name):
        self.event("ehlo", name=name, tls=self.secure, helo=True)
        self.answer("ehlo", 250, "peer.test")

    def do_starttls(self, _):
        if self.options.tls != "starttls" or self.secure:
            self.say("starttls", 502, ["5.5.1 not here"])
            return
        if self.answer("starttls", 220, "2.0.0 go ahead") == 220:
            self.secure_now()

    def do_auth(self, rest):
        mechanism, _, first = rest.partition(" ")
        try:
            if mechanism.upper() == "PLAIN":
                if not first:
                    self.send(b"334 \r\n")
                    first = self.line()
                _, user, password = base64.b64decode(first).decode().split("\0")
            elif mechanism.upper() == "LOGIN":
                if first:
                    user = base64.b64decode(first).decode()
                else:
                    self.send(b"334 VXNlcm5hbWU6\r\n")
                    user = base64.b64decode(self.line()).decode()
                self.send(b"334 UGFzc3dvcmQ6\r\n")
                password = base64.b64decode(self.line()).decode()
            else:
                self.say("auth", 504, ["5.5.4 unknown mechanism"])
                return
        except ValueError:
            self.say("auth", 501, ["5.5.2 cannot decode"])
            return
        self.user = user
        good = self.options.auth == user + ":" + password
        self.event("auth", user=user, mechanism=mechanism.upper(), ok=good, tls=self.secure)
        if good:
            self.authenticated = self.answer("auth", 235, "2.7.0 welcome") == 235
        else:
            self.answer("auth", 535, "5.7.8 wrong user or password")

    def may_mail(self):
        if self.options.tls == "starttls" and not self.secure:
            self.say("mail", 530, ["5.7.0 must issue STARTTLS first"])
        elif self.options.auth and not self.authenticated:
            self.say("mail", 530, ["5.7.0 authentication required"])
        else:
            return True
        return False

    @staticmethod
    def address(rest):
        start, end = rest.find("<"), rest.rfind(">")
        return rest[start + 1:end] if 0 <= start < end else rest.partition(":")[2].strip()

    def do_mail(self, rest):
        if not self.may_mail():
            return
        self.sender, self.recipients = self.address(rest), []
        self.event("mail", **{"from": self.sender, "line": rest})
        if self.answer("mail", 250, "2.1.0 ok") != 250:
            self.sender = None

    def do_rcpt(self, rest):
        if self.sender is None:
            self.say("rcpt", 503, ["5.5.1 MAIL first"])
            return
        self.recipients.append(self.address(rest))
        self.event("rcpt", to=self.recipients[-1])
        if self.answer("rcpt", 250, "2.1.5 ok") not in (250, 251):
            self.recipients.pop()

    def do_data(self, _):
        if not self.recipients:
            self.say("data", 503, ["5.5.1 RCPT first"])
            return
        self.nth = self.keeper.next("data_started")
        if self.answer("data", 354, "end with a dot") != 354:
            return
        body = self.body()
        self.event("body-complete", size=len(body))
        if not self.refused:  # else the answer was given already
            self.dot(body)
        self.sender, self.recipients = None, []
        self.answer_after_accept()

    def body(self):
        taken, self.taken, self.refused = bytearray(self.pending), 0, False
        ruled = set()
        try:
            while True:
                # The dot of an empty body follows 354 at once.
                end = 0 if taken.startswith(b".\r\n") else taken.find(b"\r\n.\r\n", max(0, self.taken - 5))
                self.taken = len(taken)
                if self.script.path:
                    self.while_body(ruled)
                if end >= 0:
                    break
                taken += self.more()
        except Gone as gone:
            self.event("cut", at="body", bytes=self.taken, by=gone.how)
            raise
        if end == 0 and taken.startswith(b".\r\n"):
            text, self.pending = b"", bytes(taken[3:])
        else:
            text, self.pending = bytes(taken[:end + 2]), bytes(taken[end + 5:])
        if text.startswith(b"."):
            text = text[1:]
        return text.replace(b"\r\n.", b"\r\n")

    def while_body(self, ruled):
        rule = self.script.find("body", self.facts(bytes=self.taken))
        if rule is None or id(rule) in ruled:
            return
        ruled.add(id(rule))
        self.event("rule", at="body", do=rule["do"], bytes=self.taken)
        if rule["do"] in ("drop", "reset"):
            self.end(rule["do"])
        if rule["do"] == "hang":
            if rule.get("seconds") is None:
                while True:  # does not even read
                    time.sleep(3600)
            time.sleep(rule["seconds"])
        elif rule["do"] == "pause":
            self.pause(rule["until"])
        elif rule["do"] == "raw":
            self.send(rule["text"].encode("latin-1"))
        elif rule["do"] == "reply":
            self.say("body", rule["code"], [rule.get("text", "as scripted")])
            self.refused = rule["code"] >= 400
        self.follow(rule)

    def dot(self, body):
        rule = self.script.find("dot", self.facts())
        action = rule["do"] if rule else "ok"
        if rule:
            self.event("rule", at="dot", do=action)
        stores = action in ("ok", "slow", "split", "hang", "pause") or action.startswith("accept-and-") or \
            action == "reply" and rule["code"] // 100 == 2
        if action == "pause":
            self.pause(rule["until"])
        elif action == "hang":
            self.hang(rule.get("seconds"))
        if stores:
            self.keeper.store(self.number, self.sender, list(self.recipients), body)
        if action in ("drop", "reset"):
            self.end(action)
        elif action in ("accept-and-drop", "accept-and-reset"):
            self.end(action.rpartition("-")[2])
        elif action == "accept-and-hang":
            self.hang(None)
        elif action in ("raw", "accept-and-raw"):
            self.send(rule["text"].encode("latin-1"))
        elif action == "reply":
            text = rule.get("text", "as scripted")
            self.say("dot", rule["code"], text if isinstance(text, list) else [text])
        else:
            if action == "accept-and-delay":
                time.sleep(rule["seconds"])
            self.say("dot", 250, ["2.0.0 kept"], action, rule.get("seconds", 0.01) if rule else 0)
        if rule:
            self.follow(rule)

    def answer_after_accept(self):
        rule = self.script.find("after-accept", self.facts())
        if rule is None:
            return
        self.event("rule", at="after-accept", do=rule["do"])
        if rule["do"] == "hang":
            self.hang(rule.get("seconds"))
        elif rule["do"] == "reply":
            time.sleep(rule.get("seconds", 0))
            self.say("after-accept", rule["code"], [rule.get("text", "as scripted")])
            self.follow(rule)
        elif rule["do"] in ("drop", "reset"):
            time.sleep(rule.get("seconds", 0))
            self.end(rule["do"])
        elif rule["do"] == "raw":
            self.send(rule["text"].encode("latin-1"))

    def do_rset(self, _):
        self.sender, self.recipients = None, []
        self.answer("rset", 250, "2.0.0 ok")

    def do_noop(self, _):
        self.say("noop", 250, ["2.0.0 ok"])

    def do_quit(self, _):
        self.answer("quit", 221, "2.0.0 bye")
        raise Gone("quit")


def serve(connection):
    try:
        connection.run()
    except Gone as gone:
        connection.event("closed", by=gone.how)
    finally:
        try:
            connection.sock.close()
        except OSError:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script")
    parser.add_argument("--tls", choices=("starttls", "tls"))
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--auth")
    parser.add_argument("--mechanisms", default="PLAIN LOGIN")
    parser.add_argument("--without", type=lambda s: s.upper().split(","), default=[])
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    if options.tls:
        options.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        options.context.load_cert_chain(options.cert, options.key)
    os.makedirs(options.dir, exist_ok=True)
    keeper = Keeper(options.dir, options.fast)
    script = Script(options.script)

    listener = socket.create_server(("127.0.0.1", options.port), backlog=256)
    port_file = os.path.join(options.dir, "port")
    with open(port_file + ".part", "w", encoding="ascii") as out:
        out.write("%d\n" % listener.getsockname()[1])
    os.rename(port_file + ".part", port_file)

    def stop(*_):
        if options.fast:
            keeper.write_count()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    listener.settimeout(0.5)  # a signal that comes just before accept() is only looked at when it returns
    while True:
        try:
            sock, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError as error:
            print(error, file=sys.stderr)
            time.sleep(0.05)
            continue
        sock.settimeout(None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(sock, keeper.next("connections"), keeper, script, options)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
