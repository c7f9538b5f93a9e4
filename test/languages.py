#!/usr/bin/env python3
"""Every page of the desk, and what every form says when it refuses, read by a person of each language: no English where there should be none.

    test/languages.py [--keep]

Makes the demo, signs in and walks all pages the actions declare, with the first few of everything a page leads to, in Spanish and in Portuguese;
what a reader sees (text, labels, titles, placeholders) is searched for English words that neither language has. Then every form is sent with
values that cannot be. Codes a person is meant to copy stand in code, kbd or pre and are not read. Every page's link to the guide leads to a
chapter of that language. Then what commands print: every one that only reads, the help of all, the manual page and the settings; in the C
locale they speak English with the members' own names, and --json is the same in every language. Closes with "N passed, N failed"."""
import html
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ALDIA = os.path.abspath(os.environ.get("ALDIA", os.path.join(HERE, "..", "build-test", "aldia")))
ENGLISH = re.compile(r"\b(the|and|of|with|from|this|that|which|what|who|when|your|been|will|must|cannot|could|should|there|are|is|not|by|it|was|were|days?"
                     r"|only|all|new|open|every|customers?|invoices?|than|into|other|at|on|to|or|an|its|has no|write|give|use|at most|missing|name)\b")
# What is told to be copied as it is, or belongs to the data.
DATA = re.compile(r"aldia [a-z]+|--[a-z-]+|[a-z_]+ = \S+|https?://\S+|\S+@\S+|\b[a-z]+[._/-][a-z./_*-]+\b|“[^”]*”|«[^»]*»|[A-Z]{2}-\S+|\([a-z_]+\)")
EACH = 4  # of one kind of page


class Failed(Exception):
    pass


class Desk:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="aldia-languages-")
        self.data = os.path.join(self.folder, "d")
        done = subprocess.run([ALDIA, "--data", self.data, "demo", "--customers", "24"], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"no demo: {done.stderr[-1000:]}")
        self.people()
        with open(os.path.join(self.data, "demo-password.txt"), encoding="utf-8") as file:
            self.password = file.read().strip()
        self.log = open(os.path.join(self.folder, "serve.log"), "wb")
        self.server = subprocess.Popen([ALDIA, "--data", self.data, "--clock-file", os.path.join(self.data, "clock"), "--json", "serve", "--listen",
                                        "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)
        deadline = time.time() + 60
        while time.time() < deadline:
            with open(os.path.join(self.folder, "serve.log"), encoding="utf-8", errors="replace") as log:
                found = re.search(r"listens at http://127\.0\.0\.1:(\d+)/", log.read())
            if found:
                self.port = int(found[1])
                break
            time.sleep(0.05)
        else:
            raise Failed("the server does not start")
        self.cookie = None
        answer = self.form("/login", {"login": "admin", "password": self.password})
        self.cookie = answer[1]["Set-Cookie"].split(";")[0]
        self.token = re.search(r'name="csrf" content="([0-9a-f]{64})"', self.get("/nothing-there")[2])[1]
        self.actions = json.loads(subprocess.run([ALDIA, "help", "actions"], capture_output=True, text=True).stdout)["items"]
        self.pages = [a["path"].split(" ")[1] for a in self.actions if a["path"] and a["path"].startswith("GET ") and a["view"]]

    def people(self):
        """A person in every country there are rules for, so that the page of rules says them all."""
        countries = sorted(re.search(r"^country: ([A-Z]{2})$", open(os.path.join(HERE, "..", "rules", name), encoding="utf-8").read(), re.M)[1]
                           for name in os.listdir(os.path.join(HERE, "..", "rules")) if name != "house.yaml")
        file = os.path.join(self.folder, "people.csv")
        with open(file, "w", encoding="utf-8") as out:
            out.write("code,name,kind,country\n" + "".join(f"P-{c},Persona {c},person,{c}\n" for c in countries))
        done = subprocess.run([ALDIA, "--data", self.data, "--clock-file", os.path.join(self.data, "clock"), "customer", "import", file],
                              capture_output=True, text=True)
        if done.returncode or len(countries) < 13:
            raise Failed(f"no people: {done.stderr[-1000:]}")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = dict(headers or {}, **({"Cookie": self.cookie} if self.cookie else {}))
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def get(self, path):
        return self.ask("GET", path)

    def form(self, path, fields):
        return self.ask("POST", path, urllib.parse.urlencode(fields, doseq=True), {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path, fields, name, text):
        edge = "edge-of-the-parts"
        body = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
        body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--{edge}--\r\n'
        return self.ask("POST", path, body.encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def close(self, keep):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def read_by_people(page):
    """Texts and labels of a page."""
    page = re.sub(r"<(script|style|code|kbd|pre|textarea|iframe)\b.*?</\1>", " ", page, flags=re.S)
    said = re.split(r"<[^>]+>", page) + re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    return [html.unescape(t).strip() for t in said if t.strip()]


def english_on(page):
    return [t for t in read_by_people(page) if len(t) > 3 and ENGLISH.search(DATA.sub(" ", t))]


class Walk:
    def __init__(self, desk, language):
        self.desk, self.language, self.seen, self.faults, self.kinds = desk, language, [], [], {}

    def look(self, path, page, status):
        if f'<html lang="{self.language}"' not in page:
            self.faults.append(f"{path} ({status}): not in {self.language}")
        for text in english_on(page):
            self.faults.append(f"{path} ({status}): {text[:200]}")

    def links(self, page):
        for link in re.findall(r'href="(/[^"#]*)"', page):
            link = html.unescape(link)
            path = link.split("?")[0]
            for pattern in self.desk.pages:
                same = re.fullmatch(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(pattern)), path)
                if same and (("{" in pattern) or "?" in link) and self.kinds.get(pattern, 0) < EACH:
                    self.kinds[pattern] = self.kinds.get(pattern, 0) + 1
                    yield link

    def pages(self):
        waiting = [p for p in self.desk.pages if "{" not in p]
        while waiting:
            path = waiting.pop(0)
            if path in self.seen:
                continue
            self.seen.append(path)
            status, headers, page = self.desk.get(path)
            if "text/html" not in headers.get("Content-Type", ""):
                continue
            self.look(path, page, status)
            waiting += [link for link in self.links(page) if link not in self.seen and link not in waiting]
            self.guide(path, page)

    def guide(self, path, page):
        """The page's link to its chapter, if it has one, shows a chapter in this language."""
        for link in set(re.findall(r'href="(/guide[^"]*)"', page)):
            if link in self.seen:
                continue
            self.seen.append(link)
            status, _, chapter = self.desk.get(html.unescape(link))
            anchor = link.partition("#")[2]
            if status != 200 or (anchor and f'id="{anchor}"' not in chapter):
                self.faults.append(f"{path}: {link} leads nowhere ({status})")

    def rules(self):
        """Every country's rules, on their page: titles, texts, notes."""
        page = self.desk.get("/settings/rules")[2]
        for country in ("Argentina", "Chile", "Perú" if self.language == "es" else "Peru"):
            if f"({country})" not in page:
                self.faults.append(f"/settings/rules says nothing of {country}")
        found = len(re.findall(r"<li>.*?</li>", page, re.S))
        if found < 13:
            self.faults.append(f"/settings/rules has only {found} rules")
        self.look("/settings/rules", page, 200)

    def refusals(self):
        """Every form, sent with what cannot be."""
        wrong = {"date": "ayer tarde", "amount": "1,2,3", "currency": "Ñ", "int": "muchos", "choice": "ninguna", "text": "\x01", "flag": "quizá"}
        for action in self.desk.actions:
            if not action["path"] or not action["path"].startswith("POST "):
                continue
            path = re.sub(r"{[^}]+}", "999999", action["path"].split(" ")[1])
            in_path = re.findall(r"{([^}]+)}", action["path"])
            for p in [p for p in action["params"] if p["name"] not in in_path and p["type"] != "file"][:6]:
                fields = {"csrf": self.desk.token, p["name"].replace("-", "_"): wrong[p["type"]]}
                status, headers, page = self.desk.form(path, fields)
                if status >= 400 and "text/html" in headers.get("Content-Type", ""):
                    self.look(f"{action['verb']} {p['name']}={wrong[p['type']]!r}", page, status)

    def imports(self):
        rows = "number,customer_code,issue_date,due_date,currency,amount\nZ-1,NADIE,2026-01-01,2026-02-01,COP,100\nZ-2,C0001,2026-03-01,2026-02-01,COP,0\nZ-3,C0001,x,y,ZZZ,1.2.3\n"
        status, headers, page = self.desk.upload("/imports", {"csrf": self.desk.token, "kind": "invoices"}, "facturas.csv", rows)
        if status != 303:
            self.faults.append(f"upload: {status} {page[-300:]}")
            return
        path = headers["Location"]
        status, _, page = self.desk.get(path)
        self.look(path, page, status)


# ---- commands ----

# What commands show of members whose values are codes to be typed again, not words.
CODES = re.compile(r"\b[a-z0-9]+(?:[-_.][a-z0-9]+)+\b|\b[A-Z][A-Z_]{2,}\b|--[a-z-]+|\$?[A-Za-z]+_[A-Z_a-z]+|`[^`]*`|\([a-z0-9|_-]+\)")
QUOTED = re.compile(r'"[^"]*"')
WITH = {"customer show": "C0001", "invoice list": "", "timeline show": "C0001", "contact list": "C0001", "why": "C0001", "statement show": "C0001",
        "message show": "1", "payment show": "1", "user show": "marta", "run": ""}
ABOUT_ONESELF = "me "  # nobody has signed in at the console
FEW = ("state", "status", "kind", "type", "channel", "tone", "verdict", "outcome", "form", "mode", "action", "file_state", "email_state", "ladder")
# Everything else of these is written by people or for programs.
RAW = ("strategy show", "strategy export", "template list", "template show", "guide", "guide chapter", "sender show", "search", "customers export", "statement zip")


def words_of_commands():
    with open(os.path.join(HERE, "..", "texts", "commands.txt"), encoding="utf-8") as file:
        return {line.split(" = ")[0] for line in file if " = " in line and not line.startswith("#")}


class Commands:
    def __init__(self, desk):
        self.desk, self.faults, self.words = desk, [], words_of_commands()
        verbs = sorted((a["verb"] for a in desk.actions), key=len, reverse=True)
        names = {p["name"] for a in desk.actions for p in a["params"]} | {w for w in self.words if "." not in w}
        self.names = re.compile(r"\b(?:" + "|".join(map(re.escape, [*verbs, *sorted(names, key=len, reverse=True)])) + r")\b")

    def run(self, args, **environment):
        plain = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
        done = subprocess.run([ALDIA, "--data", self.desk.data, "--clock-file", os.path.join(self.desk.data, "clock"), *args], capture_output=True,
                              env=dict(plain, **environment))
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def result(self, words):
        """None: a file instead (an export, a picture), or there is none of it."""
        status, out, err = self.run(["--json", *words])
        try:
            return json.loads(out)
        except ValueError:
            if status not in (0, 66):
                self.fault(f"{' '.join(words)} ({status})", err)
            return None

    def fault(self, what, text):
        self.faults.append(f"aldia {what}: {text.strip()[:200]}")

    def read(self, what, text):
        for line in text.splitlines():
            words = self.names.sub(" ", DATA.sub(" ", CODES.sub(" ", QUOTED.sub(" ", line))))
            if ENGLISH.search(words) and not line.startswith("#smtp"):
                self.fault(what, line)
            if re.match(r"\s*[a-z]+_[a-z_]+:", line):
                self.fault(what, line)

    def members(self, what, value, key=""):
        """Every member of a result has its word, and so has every value of one that takes only a few."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if name not in self.words and "by_" not in key and key != "data" and not re.fullmatch(r"[A-Z_]+|.*[^a-z0-9_].*", name):
                    self.fault(what, f"no word for the member {name}")
                self.members(what, inner, name)
        elif isinstance(value, list):
            for inner in value:
                self.members(what, inner, key)
        elif isinstance(value, str) and key in FEW and re.fullmatch(r"[a-z_]+", value) and f"{key}.{value}" not in self.words:
            self.fault(what, f"no word for {key}.{value}")

    def readers(self):
        for action in self.desk.actions:
            verb, needs = action["verb"], [p for p in action["params"] if p["required"]]
            reads = (action["path"] or "").startswith("GET ") and not action["writes"]
            if verb in WITH or (reads and not needs and verb not in RAW and not verb.startswith(ABOUT_ONESELF)):
                yield verb.split() + [w for w in [WITH.get(verb)] if w]

    def speaks(self, language):
        for words in self.readers():
            result = self.result(words)
            if result is None:
                continue
            status, out, err = self.run(["--lang", language, *words])
            if status not in (0, 1):
                self.fault(f"{' '.join(words)} ({status})", err)
            self.members(" ".join(words), result)
            self.read(" ".join(words), out)
        for action in self.desk.actions:
            self.read(f"help {action['verb']}", self.run(["--lang", language, "help", *action["verb"].split()])[1])
        for words in (["help"], ["help", "man"], ["help", "settings"], ["demo"]):
            said = self.run(["--lang", language, *words])[1]
            self.read(" ".join(words), re.sub(r"^\.[A-Z]+ .*|^#[a-z_]+ = .*", "", said.replace("\\-", "-"), flags=re.M))

    def keeps(self):
        """English is what it was, and programs read the same whoever calls."""
        heads = {"customer list": "code", "invoice list": "number", "message list": "id", "payment list": "id"}
        for verb, first in heads.items():
            silent = self.run(verb.split(), LC_ALL="C")[1]
            if not re.match(rf"{first}\b", silent.strip()):
                self.fault(verb, "in the C locale: " + silent[:100])
            if silent != self.run(["--lang", "en", *verb.split()])[1] or silent != self.run(verb.split(), LANG="en_US.UTF-8")[1]:
                self.fault(verb, "--lang en is not what the C locale shows")
            if self.run(verb.split(), LC_ALL="es_CO.UTF-8")[1] != self.run(["--lang", "es", *verb.split()], LC_ALL="C")[1]:
                self.fault(verb, "LC_ALL=es_CO.UTF-8 is not --lang es")
            if len({self.run(["--json", *verb.split()], LC_ALL=locale)[1] for locale in ("C", "es_CO.UTF-8", "pt_BR.UTF-8")}) != 1:
                self.fault(verb, "--json depends on the language")
        if not self.run(["health"], LC_ALL="C")[1].startswith("ok: "):
            self.fault("health", "in the C locale is not the one of before")


def commands(desk, language):
    tried = Commands(desk)
    tried.speaks(language)
    tried.keeps()
    return tried


def walk(desk, language):
    status, _, page = desk.form("/me", {"csrf": desk.token, "language": language})
    if status != 303:
        raise Failed(f"cannot choose {language}: {status} {page[-300:]}")
    walked = Walk(desk, language)
    walked.pages()
    walked.rules()
    walked.imports()
    walked.refusals()
    if len(walked.seen) < 50:
        walked.faults.append(f"only {len(walked.seen)} pages were found")
    return walked


def main():
    passed = failed = 0
    desk = Desk()
    try:
        for language in ("es", "pt"):
            walked = walk(desk, language)
            failed += bool(walked.faults)
            passed += not walked.faults
            for fault in dict.fromkeys(walked.faults):
                print(f"  {language} {fault}")
            print(f"{'not ok' if walked.faults else 'ok'} {language}: {len(walked.seen)} pages", flush=True)
            tried = commands(desk, language)
            failed += bool(tried.faults)
            passed += not tried.faults
            for fault in dict.fromkeys(tried.faults):
                print(f"  {language} {fault}")
            print(f"{'not ok' if tried.faults else 'ok'} {language}: commands", flush=True)
    finally:
        desk.close("--keep" in sys.argv)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
