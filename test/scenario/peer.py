"""The mail server of one scenario: test/fake/smtp_peer.py as a process of its own, scripted in the scenario's words.

Rules: `ACTION at POINT [kept|lost] [once|N times|always] [for ADDRESS]`
  POINT   connect ehlo starttls auth mail rcpt data body dot quit
  ACTION  reply CODE [TEXT…] · hang · drop · reset · garbage · pause
At the dot `kept` means that the server took the message although it did not say so; else only a 2xx reply takes it. `pause` waits
for release() and then answers as usual; `hang` never answers."""
import json
import os
import re
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "fake", "smtp_peer.py")
POINTS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "quit")


class Kept:
    """One message the server took responsibility for."""

    def __init__(self, sender, recipients, data, name):
        self.sender, self.recipients, self.data, self.name = sender, recipients, data, name


class Peer:
    def __init__(self, folder):
        self.folder, self.script, self.gate = folder, os.path.join(folder, "rules"), os.path.join(folder, "released")
        os.makedirs(folder)
        open(self.script, "w").close()
        self.places, self.rules, self.pauses, self.process, self.options = [], [], 0, None, []
        # Bound, never listening: while the server is down connections are refused, and nobody else is given its port.
        self.reserved = socket.socket()
        self.reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.reserved.bind(("127.0.0.1", 0))
        self.port = self.reserved.getsockname()[1]
        self.start()

    def start(self):
        place = os.path.join(self.folder, f"server-{len(self.places) + 1}")
        self.places.append(place)
        self.process = subprocess.Popen([sys.executable, PROGRAM, "--dir", place, "--port", str(self.port), "--script", self.script,
                                         *self.options], stdin=subprocess.DEVNULL)
        deadline = time.time() + 20
        while not os.path.exists(os.path.join(place, "port")):
            if time.time() > deadline or self.process.poll() is not None:
                raise RuntimeError("the SMTP peer did not start")
            time.sleep(0.01)

    def stop(self):
        """The server goes down; rules for a number of times are forgotten, as a new server would count them anew."""
        self.rules = [r for r in self.rules if "times" not in r]
        self.write()
        self.process.terminate()
        self.process.wait()

    def serve_with(self, options):
        """Starts the server anew at the same port with other options (TLS, passwords)."""
        self.stop()
        self.options = options
        self.start()

    # ---- what a scenario says ----

    def rule(self, text):
        self.rules.append(self.translate(text))
        self.write()

    def normal(self):
        self.rules = []
        self.write()
        self.release()

    def release(self):
        """Lets what is paused go on."""
        self.pauses += 1
        open(f"{self.gate}-{self.pauses - 1}", "w").close()

    def write(self):
        with open(self.script + ".new", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(r) + "\n" for r in self.rules)
        os.replace(self.script + ".new", self.script)

    def translate(self, text):
        words = text.split()
        if "at" not in words or words.index("at") + 1 >= len(words) or words[words.index("at") + 1] not in POINTS:
            raise ValueError(f"smtp rule “{text}”: ACTION at {'|'.join(POINTS)} …")
        at = words.index("at")
        rule, action, rest, kept = {"at": words[at + 1]}, words[0], words[at + 2:], False
        while rest:
            word = rest.pop(0)
            if word in ("kept", "lost"):
                kept = word == "kept"
            elif word == "once":
                rule["times"] = 1
            elif re.fullmatch(r"\d+", word) and rest[:1] == ["times"]:
                rule["times"] = int(word)
                rest.pop(0)
            elif word == "for" and rest:
                rule["to"] = rest.pop(0)
            elif word != "always":
                raise ValueError(f"smtp rule “{text}”: “{word}” not understood")
        if action == "reply":
            rule.update(do="reply", code=int(words[1]), text=" ".join(words[2:at]) or "as scripted")
        elif action == "garbage":
            rule.update(do="raw", text="\x01\x02 what? \xff\r\n")
        elif action == "pause":
            rule.update(do="pause", until=f"{self.gate}-{self.pauses}")
        elif action in ("hang", "drop", "reset"):
            rule["do"] = action
        else:
            raise ValueError(f"smtp rule “{text}”: unknown action")
        if kept:
            rule["do"] = "accept-and-" + rule["do"]
        return rule

    # ---- what a scenario asks ----

    def events(self, *names):
        """All events of the given names, over every start of the server, in order."""
        found = []
        for place in self.places:
            path = os.path.join(place, "log.jsonl")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as log:
                    for line in log:
                        if line.endswith("\n"):
                            event = json.loads(line)
                            if event["event"] in names:
                                found.append((place, event))
        return found

    def count(self, *names):
        return len(self.events(*names))

    def kept(self):
        found = []
        for place, event in self.events("stored"):
            path = os.path.join(place, event["file"])
            with open(path, "rb") as file:
                found.append(Kept(event["from"], event["to"], file.read(), path))
        return found

    def reached(self, point):
        """How often a rule has taken hold at the point."""
        return sum(event["at"] == point for _, event in self.events("rule"))

    def wait_reached(self, point, count, process, timeout=60):
        """Waits until a rule has taken hold at the point for the count-th time; false when the process ended before."""
        deadline = time.time() + timeout
        while self.reached(point) < count:
            if time.time() > deadline or process.poll() is not None:
                return self.reached(point) >= count
            time.sleep(0.02)
        return True

    def close(self):
        self.release()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reserved.close()
