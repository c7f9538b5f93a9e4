#!/usr/bin/env python3
"""Every declared action against everybody who might call it:  test/sweep.py [--db sqlite|postgres|URL] [NAME…]

What is tried follows from `aldia help actions`; nothing is listed by hand but how a parameter is filled (FILL, KINDS), and a parameter
nobody can fill fails the test. Two companies stand side by side: "uno", whose people call, and "forastero", whose every text carries that
word; within "uno" a neighbour's customers carry VECINO. REQ: L1 L2  INV: I12 I16 I18.
Runs the build with sanitizers ($ALDIA, default build-test/aldia) and closes with "N passed, N failed"."""
import argparse
import collections
import csv
import csv
import http.client
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "scenario"))
from accounts import Failed, GOOD, ROLES, World, capabilities, expect, png, true  # noqa: E402
from database import server_url  # noqa: E402

FOREIGN, NEIGHBOUR = "forastero", "vecino"
# Who writes what while nothing is done: who came in, what was refused, when a session or key was last used.
VOLATILE = {"access_log", "audit", "session", "throttle", "api_key", "known_address", "api_answer"}
# Follows from the ledger and is made anew when somebody looks (portfolio/standing.h).
DERIVED = {"standing", "standing_head", "standing_total", "standing_changed"}


# ---- who calls ----

class Caller:
    """A person's session, a key or nobody, over one connection."""

    def __init__(self, world, cookie=None, key=None):
        self.world, self.cookie, self.key, self.csrf, self.line = world, cookie, key, None, None

    def ask(self, method, path, body=None, form=None, headers=None):
        sent = {"X-Forwarded-For": "10.9.0.1", **(headers or {})}
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        if form is not None:
            data, sent["Content-Type"] = urllib.parse.urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded"
        if self.key:
            sent["Authorization"] = "Bearer " + self.key
        if self.cookie:
            sent["Cookie"] = self.cookie
        for attempt in (1, 2):
            if not self.line:
                self.line = http.client.HTTPConnection(self.world.host, timeout=60)
            try:
                self.line.request(method, path, data, sent)
                got = self.line.getresponse()
                return Answer(got.status, got.headers, got.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.line = None
                if attempt == 2:
                    raise

    def token(self):
        if self.cookie and not self.csrf:
            found = re.search(r'csrf" content="([0-9a-f]{64})"', self.ask("GET", "/me").text)
            true(found, "a page of a session carries its token")
            self.csrf = found.group(1)
        return self.csrf

    def api(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if method == "POST":
            body = body if body is not None else {}
            if self.cookie:
                headers["X-CSRF-Token"] = self.token()
        return self.ask(method, "/api/v1" + path, body=body, headers=headers)

    def form(self, path, fields):
        return self.ask("POST", path, form={**fields, **({"csrf": self.token()} if self.cookie else {})})


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def field(self):
        try:
            return self.json["error"]["field"]
        except (ValueError, KeyError, TypeError):
            return None


# ---- the database, looked at from outside ----

class Rows:
    def __init__(self, world):
        self.world = world

    def ask(self, sql):
        return self.ask_all([sql])[0]

    def ask_all(self, queries):
        """The rows of each; on PostgreSQL in one call of psql, whose start takes longer than most queries."""
        if not self.world.db:
            line = sqlite3.connect(f"file:{self.world.data}/aldia.db?mode=ro", uri=True)
            try:
                return [[tuple("" if v is None else v.hex() if isinstance(v, bytes) else str(v) for v in row) for row in line.execute(sql)] for sql in queries]
            finally:
                line.close()
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-d", self.world.db]
        for sql in queries:
            command += ["-c", sql, "-c", "SELECT chr(29)"]
        done = subprocess.run(command, capture_output=True, text=True)
        true(done.returncode == 0, done.stderr)
        parts = done.stdout.split("\x1d")[:-1]
        expect(len(queries), len(parts), "answers of psql")
        return [[tuple(row.split("\x1f")) for row in part.strip("\n").split("\x1e") if row.strip("\n")] for part in parts]

    def columns(self):
        if self.world.db:
            found = self.ask("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position")
        else:
            found = self.ask("SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, p.cid")
        tables = collections.defaultdict(list)
        for table, column in found:
            tables[table].append(column)
        return {t: c for t, c in tables.items() if not t.startswith("sqlite_") and "_fts" not in t and "hold_reach" != t}

    def dump(self, without=()):
        """{(table, row)} of everything but the tables named, when the server has nothing left to do."""
        for _ in range(200):
            if not self.ask("SELECT id FROM bulk_change WHERE state = 'working'"):
                break
            time.sleep(0.05)
        tables = {t: c for t, c in self.columns().items() if t not in without}
        answers = self.ask_all([f"SELECT {', '.join(columns)} FROM {t}" for t, columns in tables.items()])
        true(sum(map(len, answers)) > 200, "hardly anything was read")
        return collections.Counter((t, row) for t, rows in zip(tables, answers) for row in rows)

    def of_company(self, number):
        """The rows of one company, and of people who are in no other."""
        tables = {t: c for t, c in self.columns().items() if "company_id" in c and t not in DERIVED}
        answers = self.ask_all([f"SELECT {', '.join(columns)} FROM {t} WHERE company_id = {number}" for t, columns in tables.items()])
        out = collections.Counter((t, row) for t, rows in zip(tables, answers) for row in rows)
        for row in self.ask(f"SELECT * FROM app_user WHERE lower(login) LIKE '%{FOREIGN}%'"):
            out["app_user", row] += 1
        return out


def difference(before, after):
    lines = [f"- {t}: {r}" for (t, r) in (before - after)] + [f"+ {t}: {r}" for (t, r) in (after - before)]
    return "\n".join(line[:300] for line in lines[:12])


# ---- what stands in the two companies ----

def populate(w, company, mark, collector):
    """One of everything, with the mark in every text."""
    run = lambda *words: w.run("--yes", *words, company=company)  # noqa: E731
    up, currency = mark.upper(), "COP" if company == "uno" else "MXN"
    amount = {"propio": "100", "vecino": "55555", FOREIGN: "77777"}[mark]
    run("customer", "import", w.csv("c.csv", [
        ["code", "name", "email", "collector", "segment", "phone", "contact_name"],
        [f"{up}-1", f"{up} SA", f"a@{mark}.example", collector, f"seg-{mark}", "", f"Persona {up}"],
        [f"{up}-2", f"{up} Dos", f"b@{mark}.example", collector, f"seg-{mark}", "", ""]]
        + ([["COMUN", f"Común {up}", f"c@{mark}.example", collector, "", "", ""]] if mark != "vecino" else [])))
    run("invoice", "import", w.csv("i.csv", [
        ["number", "customer_code", "issue_date", "due_date", "currency", "amount", "description", "type"],
        [f"F-{up}-1", f"{up}-1", "2026-10-01", "2026-10-16", currency, amount, f"cosas {up}", "invoice"],
        [f"F-{up}-2", f"{up}-1", "2026-10-01", "2026-11-20", currency, amount, f"cosas {up}", "invoice"],
        [f"F-{up}-3", f"{up}-2", "2026-10-01", "2026-10-20", currency, amount, f"cosas {up}", "invoice"],
        [f"F-{up}-4", f"{up}-2", "2026-10-01", "2026-10-20", currency, amount, f"cosas {up}", "invoice"]]))
    run("payment", "record", "--customer", f"{up}-1", "--date", "2026-11-01", "--currency", currency, "--amount", "1", "--reference", f"REF-{up}",
        "--invoice", f"F-{up}-1")
    run("contact", "add", f"{up}-2", "--name", f"Otra {up}", "--email", f"d@{mark}.example")
    run("note", "add", f"{up}-1", "--text", f"nota {up}")
    run("promise", "add", "--customer", f"{up}-2", "--amount", "5", "--date", "2026-12-01", "--invoice", f"F-{up}-4")
    run("dispute", "open", "--invoice", f"F-{up}-3", "--reason", f"razón {up}")
    run("hold", "add", "--invoice", f"F-{up}-2", "--reason", f"espera {up}")


def company_things(w, company, mark):
    """What belongs to the company as a whole: after it the strategy runs."""
    run = lambda *words: w.run("--yes", *words, company=company)  # noqa: E731
    up = mark.upper()
    run("company", "way", "set", f"way-{mark}", "--scheme", "account", "--number", "123456", "--bank", f"Banco {up}")
    run("company", "set", "--person-name", f"Contacto {up}", "--person-email", f"cobros@{mark}.example")
    run("user", "add", f"{mark}.solo", "--role", "collector", "--name", f"Solo {up}", "--email", f"solo@{mark}.example", "--team", f"equipo-{mark}")
    run("key", "create", "--name", f"llave {up}", "--scope", "customer.read")
    logo = os.path.join(w.folder, f"{mark}.png")
    with open(logo, "wb") as out:
        out.write(png((9, 9, 9)))
    run("sender", "logo-set", logo)
    run("webhook", "add", "--name", f"gancho {up}", "--url", f"https://{mark}.example/x", "--kind", "company.created")
    run("strategy", "activate", "--from", "2026-10-01")
    run("run")


class Two:
    """The two companies, their people and their things."""

    def __init__(self, world):
        self.world, self.rows = world, Rows(world)
        w = world
        w.run("company", "add", "--name", "Dos FORASTERO", "--country", "MX", "--currency", "MXN", "--code", FOREIGN)
        w.conf({"mail_from": "cobros@uno.example", "stale_data_hours": "0"})
        for company, mark, collector in (("uno", "propio", "B1"), ("uno", NEIGHBOUR, "Z9"), (FOREIGN, FOREIGN, "B1")):
            populate(w, company, mark, collector)
        for company, mark in (("uno", "propio"), (FOREIGN, FOREIGN)):
            company_things(w, company, mark)
            w.run("invoice", "write-off", f"F-{mark.upper()}-4", "--reason", f"perdido {mark.upper()}", company=company)
        w.run("invoice", "write-off", "F-VECINO-4", "--reason", "perdido VECINO", company="uno")
        self.dos = next(row[0] for row in self.rows.ask(f"SELECT id FROM company WHERE code = '{FOREIGN}'"))
        done = subprocess.run([w.binary, "help", "actions"], capture_output=True, text=True)
        self.actions = [a for a in json.loads(done.stdout)["items"] if a["path"]]
        true(len(self.actions) > 80, "the declarations are there")

    def people(self):
        """A session for each role, all customers of "uno"; one collector who has their own only; a key with every scope."""
        w = self.world
        out = {}
        for role in ROLES:
            out[role] = self.person("p-" + role, role, scope="all")
        out["own"] = self.person("p-own", "collector", code="B1", scope="own")
        out["key"] = self.key(*self.scopes())
        self.foreign_session = self.person(f"{FOREIGN}.jefe", "admin", company=FOREIGN, name="Jefe FORASTERO")
        files = {"uno": out["admin"], "dos": self.foreign_session}
        self.uploads = {c: p.api("POST", "/imports", {"kind": "customers", "file": f"code,name\nZZ9,{c} FORASTERO\n" if c == "dos" else "code,name\nZZ9,Suyo\n"})
                        for c, p in files.items()}
        true(all(a.status == 200 for a in self.uploads.values()), "files put aside: " + self.uploads["uno"].text)
        kept = [p.api("POST", "/filters", {"name": "Vencidos " + c.upper(), "state": "overdue", "shared": True}) for c, p in (("uno", out["admin"]), (FOREIGN, self.foreign_session))]
        true(all(a.status == 200 for a in kept), "filters kept: " + kept[0].text)
        begun = [p.api("POST", "/customers/changes", {"do": "resume", "matching": True, "sort": "name"}) for p in (out["admin"], self.foreign_session)]
        true(all(a.status == 200 for a in begun), "changes begun: " + begun[0].text)
        return out

    def person(self, login, role, company="uno", **options):
        words = [x for n, v in options.items() for x in ("--" + n, v)]
        given = self.world.run("user", "add", login, "--role", role, *words, company=company)["password"]
        browser = self.world.browser()
        expect(303, browser.sign_in(login, given).status, f"{login} signs in")
        expect(200, browser.post("/me/password", {"current": given, "password": GOOD}).status, "a password of their own")
        return Caller(self.world, cookie="aldia=" + browser.cookies["aldia"])

    def key(self, *scopes):
        words = [x for s in scopes for x in ("--scope", s)]
        return Caller(self.world, key=self.world.run("key", "create", "--name", "k" + os.urandom(3).hex(), *words, company="uno")["key"])

    def scopes(self):
        return sorted({a["needs"] for a in self.actions} - {"public", "install", "self"})

    # ---- filling parameters ----

    def ids(self, table, where, column="id"):
        return [r[0] for r in self.rows.ask(f"SELECT {column} FROM {table} WHERE {where} ORDER BY 1")]

    def thing(self, kind, whose):
        """An object of that kind: "propio", "vecino", "forastero", or None for one there is not."""
        up = whose.upper() if whose else None
        company = self.dos if whose == FOREIGN else f"(SELECT id FROM company WHERE id <> {self.dos})"
        of_customer = f"customer_id IN (SELECT id FROM customer WHERE code LIKE '{up}-%')"
        if kind == "upload":
            return {"propio": self.uploads["uno"].json["id"], FOREIGN: self.uploads["dos"].json["id"]}.get(whose) or "customers-" + "0" * 16 + ".csv"
        if whose is None:
            return {"customer": "NADA-1", "invoice": "F-NADA-1", "item": "F-NADA-1", "user": "nada.solo", "strategy": "nada", "way": "way-nada",
                    "segment": "seg-nada", "company": "nada"}.get(kind, "987654321")
        by_customer = {"contact": "contact", "message": "action", "task": "action", "payment": "payment", "hold": "hold", "proposal": "proposal",
                       "promise": "promise", "dispute": "dispute"}
        if kind in by_customer:
            only = {"message": " AND ladder = 'message'", "task": " AND ladder = 'task'"}.get(kind, "")
            found = self.ids(by_customer[kind], of_customer + only)
            return found[0] if found else None
        if kind in ("key", "session", "webhook", "import_log", "filter", "change"):
            found = self.ids({"key": "api_key", "filter": "saved_filter", "change": "bulk_change"}.get(kind, kind), f"company_id = {company}")
            return found[-1] if found and whose != NEIGHBOUR else None
        if kind == "company":
            return {"propio": "uno", FOREIGN: FOREIGN}.get(whose)
        return {"customer": f"{up}-1", "invoice": f"F-{up}-1", "item": f"F-{up}-1", "user": f"{whose}.solo", "strategy": "recurrente-30",
                "way": f"way-{whose}", "segment": f"seg-{whose}"}[kind]


# (segment of the path before it, name) of a parameter in a path, or its name elsewhere -> kind of thing it names.
KINDS = {
    ("customers", "code"): "customer", ("customers", "customer"): "customer", ("invoices", "number"): "invoice", ("why", "item"): "item",
    ("contacts", "id"): "contact", ("holds", "id"): "hold", ("messages", "id"): "message", ("tasks", "id"): "task", ("payments", "id"): "payment",
    ("proposals", "id"): "proposal", ("imports", "id"): "upload", ("keys", "id"): "key", ("sessions", "id"): "session", ("users", "login"): "user",
    ("strategies", "code"): "strategy", ("ways", "code"): "way", ("promises", "id"): "promise", ("disputes", "id"): "dispute",
    ("companies", "code"): "company", ("webhooks", "id"): "webhook", ("history", "entry"): "import_log", ("filters", "id"): "filter", ("changes", "id"): "change",
    "customer": "customer", "invoice": "invoice",
}
# Places of the path that name nothing of a company's: pages of the guide.
NO_THING = {("guide", "page")}
# Take a code there is not as a new one's.
MAKES = {"company way set"}
# Every company has these under the same code.
SHARED = {"strategy"}
FILES = {"customer import": "code,name\nNUEVO-1,Nuevo\n", "payment import": "customer_code,date,currency,amount\nPROPIO-1,2026-11-02,COP,1.00\n",
         "invoice import": "number,customer_code,issue_date,due_date,currency,amount\nF-NUEVA,PROPIO-1,2026-11-02,2026-12-02,COP,9.00\n",
         "import upload": "code,name\nNUEVO-2,Nuevo\n"}


def places(path):
    """[(segment before, name)] of a path."""
    parts = path.split("/")
    return [(parts[i - 1], p[1:-1]) for i, p in enumerate(parts) if p.startswith("{")]


def kind_of(place):
    if place in NO_THING:
        return None
    true(place in KINDS, f"a parameter nobody can fill: {{{place[1]}}} after {place[0]}: teach test/sweep.py its kind")
    return KINDS[place]


def address(two, action, whose):
    """The action's path filled with things of somebody; None when there is no such thing."""
    path = action["path"].split(" ")[1]
    for place in places(path):
        kind = kind_of(place)
        value = "primeros-pasos" if kind is None else two.thing(kind, whose)
        if value is None:
            return None
        path = path.replace("{" + place[1] + "}", urllib.parse.quote(value, safe=""))
    return path


def sample(p, action):
    """A sound value of a parameter."""
    if p["type"] == "file":
        return FILES.get(action["verb"], "x")
    if p["type"] == "choice":
        return (p["choices"] or "").split("|")[0]
    fixed = {"customer": "PROPIO-1", "invoice": "F-PROPIO-1", "login": "nueva.persona", "password": GOOD + " otra vez", "scope": "customer.read",
             "path": "", "kind": "", "at": "2026-11-20T10:00:00-05:00", "to": "alguien@propio.example", "q": "PROPIO", "currency": "COP"}
    if p["name"] in fixed and p["type"] in ("text", "currency"):
        return fixed[p["name"]]
    return {"int": 1, "date": "2026-12-15", "amount": "1.00", "currency": "COP", "flag": True}.get(p["type"], "x")


def method_of(action):
    return action["path"].split(" ")[0]


def body_of(two, action, optional=False):
    """What the action takes besides its path; required alone unless told."""
    inside = {n for _, n in places(action["path"].split(" ")[1])}
    return {p["name"].replace("-", "_"): sample(p, action) for p in action["params"] if p["name"] not in inside and (p["required"] or optional)}


# ---- the sweeps ----

def test_grid(two):
    """Every route × everybody: refused exactly where the declaration says so; what nobody declared is 422."""
    grants, _ = capabilities()
    people, nobody = two.people, Caller(two.world)
    keys = {scope: two.key(scope) for scope in two.scopes()}
    before = two.rows.dump(VOLATILE | DERIVED)
    tried = refused = 0
    for a in two.actions:
        method, path = method_of(a), address(two, a, "propio")
        true(path, f"{a['verb']}: there is a thing to try it with")
        callers = {**{r: (people[r], r in grants[a["needs"]]) for r in ROLES},
                   **{"key " + s: (k, a["needs"] in (s, "public")) for s, k in keys.items()},
                   "wrong key": (Caller(two.world, key="aldia_aaaaaaaaaa_" + "b" * 43), None), "nobody": (nobody, a["needs"] == "public" or None)}
        for name, (caller, allowed) in callers.items():
            if method == "GET":
                got = caller.api("GET", path + "?no_such_parameter=1")
            else:
                got = caller.api("POST", path, {"no_such_parameter": "1"}, {"Idempotency-Key": os.urandom(6).hex()})
            wanted = 401 if allowed is None or name == "wrong key" else 422 if allowed else 403
            if got.status != wanted or (wanted == 422 and got.field != "no_such_parameter"):
                raise Failed(f"{name}: {a['path']} ({a['needs']}): wanted {wanted}, got {got.status} {got.text[:200]}")
            tried, refused = tried + 1, refused + (wanted != 422)
    after = two.rows.dump(VOLATILE | DERIVED)
    true(before == after, "calls that were refused changed something:\n" + difference(before, after))
    true(tried > 2000 and refused > 1000, f"{tried} tried, {refused} refused: the sweep reaches what there is")
    return f"{len(two.actions)} routes × {len(callers)} callers: {tried} tried, {refused} refused"


def test_pages(two):
    """The pages: nobody is sent to sign in, the wrong role gets 403, the right one the page; a GET changes nothing."""
    grants, _ = capabilities()
    before, seen = two.rows.dump(VOLATILE | DERIVED), 0
    for a in two.actions:
        if method_of(a) != "GET":
            continue
        path = address(two, a, "propio")
        nobody = Caller(two.world).ask("GET", path)
        if a["needs"] != "public" and path != "/health":
            true(nobody.status == 303 and nobody.headers["Location"].startswith("/login"), f"nobody: GET {path}: {nobody.status}")
        for role in ROLES:
            page, api = two.people[role].ask("GET", path), two.people[role].api("GET", path)
            allowed = role in grants[a["needs"]]
            wanted = {200} if allowed and a["view"] else {403} if not allowed else {200, 404, 405, 422}
            if "{" not in a["path"] and any(p["required"] for p in a["params"]):
                wanted |= {422} if allowed else set()
            true(page.status in wanted, f"{role}: page GET {path}: wanted {wanted}, got {page.status} {page.text[-300:]}")
            true(api.status in (200, 422) if allowed else api.status == 403, f"{role}: GET {path}: {api.status} {api.text[:200]}")
            for text in (page.text, api.text):
                true(FOREIGN not in text.lower(), f"{role}: GET {path} tells of another company: {around(text, FOREIGN)}")
            seen += 2
    after = two.rows.dump(VOLATILE | DERIVED)
    true(before == after, "looking changed something:\n" + difference(before, after))
    return f"{seen} answers"


def around(text, word):
    at = text.lower().find(word)
    return "…" + text[max(0, at - 150):at + 60].replace("\n", " ") + "…"


def test_forms(two):
    """Every form without its token, with a wrong one, with another session's, from elsewhere: 403, and nothing is done."""
    admin, other = two.people["admin"], two.people["manager"]
    before, tried = two.rows.dump(VOLATILE | DERIVED), 0
    for a in two.actions:
        if method_of(a) == "GET":
            continue
        path, fields = address(two, a, "propio"), body_of(two, a)
        good = admin.token()
        for what, form, headers in (("no token", fields, {}), ("a wrong token", {**fields, "csrf": "0" * 64}, {}),
                                    ("another session's", {**fields, "csrf": other.token()}, {}), ("half of it", {**fields, "csrf": good[:32]}, {}),
                                    ("from another site", {**fields, "csrf": good}, {"Origin": "https://malo.example"}),
                                    ("sent by another site", {**fields, "csrf": good}, {"Sec-Fetch-Site": "cross-site"})):
            got = admin.ask("POST", path, form=form, headers=headers)
            true(got.status == 403, f"{what}: POST {path}: {got.status} {got.text[-200:]}")
            tried += 1
        got = admin.ask("POST", "/api/v1" + path, body=fields)
        true(got.status == 403, f"the API with a cookie alone: POST {path}: {got.status}")
    after = two.rows.dump(VOLATILE | DERIVED)
    true(before == after, "a form that was refused changed something:\n" + difference(before, after))
    return f"{tried} refused forms"


def test_foreign(two):
    """Things of another company, and to who may not see them of a neighbour, look exactly like those there are not; nothing of theirs changes."""
    before, tried, vacuous = two.rows.of_company(two.dos), 0, []
    for a in two.actions:
        method, pattern = method_of(a), a["path"].split(" ")[1]
        inside = places(pattern)
        named = [KINDS[p] for p in inside if p in KINDS and KINDS[p] not in SHARED]
        fields = [p for p in a["params"] if p["name"] in KINDS and p["name"] not in {n for _, n in inside} and p["type"] == "text"]
        for who in ("admin", "key", "own"):
            others = [FOREIGN] + ([NEIGHBOUR] if who == "own" else [])
            for whose in others:
                if named:
                    tried += same_as_none(two, a, two.people[who], who, method, whose, None, vacuous)
                for field in fields:
                    tried += same_as_none(two, a, two.people[who], who, method, whose, field, vacuous)
    after = two.rows.of_company(two.dos)
    true(before == after, "something of the other company changed:\n" + difference(before, after))
    true(tried > 300, f"{tried} comparisons")
    true(not vacuous, "never came as far as looking for the thing:\n  " + "\n  ".join(sorted(set(vacuous))))
    return f"{tried} comparisons"


def same_as_none(two, a, caller, who, method, whose, field, vacuous):
    """Compares the foreign thing with none, by API and page; how many were compared."""
    answers, compared = {}, 0
    for face in ("api", "page"):
        if face == "page" and not caller.cookie:
            continue
        asked = {o: v for o in (whose, None) if (v := named_by(two, a, o, field)) is not None}
        for owner in (whose, None):
            path = address(two, a, owner if field is None else "propio")
            if path is None:
                return compared
            body = body_of(two, a)
            if field is not None:
                value = two.thing(KINDS[field["name"]], owner)
                if value is None:
                    return compared
                body[field["name"].replace("-", "_")] = value
                # One of several ways to name the object: the others stay away.
                for name in ("customer", "invoice", "segment"):
                    if name != field["name"] and not any(p["name"] == name and p["required"] for p in a["params"]):
                        body.pop(name, None)
            if method == "GET":
                query = urllib.parse.urlencode(body)
                got = caller.api("GET", path + ("?" + query if query else "")) if face == "api" else caller.ask("GET", path + ("?" + query if query else ""))
            else:
                got = caller.api("POST", path, body) if face == "api" else caller.form(path, body)
            if got.status == 403:
                return compared
            text = re.sub(r"[0-9a-f]{24,64}", "", got.text)
            for piece in sorted({p for v in asked.values() for p in (v, *v.split("/")[2:])} - {""}, key=len, reverse=True):
                if piece.isdigit():
                    text = re.sub(rf"(?<![0-9]){piece}(?![0-9])", "…", text)
                elif len(piece) > 2:
                    text = text.replace(urllib.parse.quote(piece, safe=""), "…").replace(piece, "…")
            answers[face, owner] = got.status, text
            marks = [FOREIGN] + ([NEIGHBOUR] if who == "own" else [])
            for mark in marks:
                true(mark not in text.lower(), f"{who}: {a['path']} with a thing of {owner}: {around(text, mark)}")
        theirs, none = answers[face, whose], answers[face, None]
        if theirs != none:
            raise Failed(f"{who} ({face}): {a['path']} {field['name'] if field else ''}: {whose} {theirs[0]} {first_difference(theirs[1], none[1])}")
        good = {404} if field is None else {404, 422} if method == "POST" or field["required"] else {200, 404, 422}
        if theirs[0] not in good and a["verb"] not in MAKES and not (face == "page" and theirs[0] == 405):
            vacuous.append(f"{a['path']} {field['name'] if field else ''} ({who}, {face}): {theirs[0]} {theirs[1][:160]}")
        compared += 1
    return compared


def named_by(two, a, owner, field):
    """What a call says when it names somebody's thing."""
    path = address(two, a, owner) if field is None else None
    return two.thing(KINDS[field["name"]], owner) if field is not None else path and urllib.parse.unquote(path)


def first_difference(one, two):
    at = next((i for i, (x, y) in enumerate(zip(one, two)) if x != y), min(len(one), len(two)))
    return f"…{one[max(0, at - 80):at + 120]!r} and …{two[max(0, at - 80):at + 120]!r}"


def test_nothing_foreign(two):
    """Whatever one may read, of every own thing: no word of the other company; to a collector none of a neighbour's customers."""
    read = 0
    every = {"customer": "SELECT code FROM customer", "invoice": "SELECT number FROM document", "item": "SELECT number FROM document",
             "message": "SELECT id FROM action WHERE ladder = 'message'"}
    for who in ("admin", "own", "key"):
        caller = two.people[who]
        for a in two.actions:
            if method_of(a) != "GET":
                continue
            inside = places(a["path"].split(" ")[1])
            values = [r[0] for r in two.rows.ask(every[KINDS[inside[0]]] + " ORDER BY 1")] if inside and KINDS.get(inside[0]) in every else [None]
            for value in values:
                path = address(two, a, "propio") if value is None else a["path"].split(" ")[1].replace("{" + inside[0][1] + "}", urllib.parse.quote(value, safe=""))
                for query in ("", "?" + urllib.parse.urlencode({k: v for k, v in body_of(two, a, True).items() if isinstance(v, str) and v and k in ("q", "customer")})):
                    for got in (caller.api("GET", path + query), caller.ask("GET", path + query)):
                        true(got.status < 500, f"{who}: GET {path + query}: {got.status} {got.text[:300]}")
                        text = re.sub(re.escape(value or "\0"), "", got.text)
                        for mark in [FOREIGN] + ([NEIGHBOUR] if who == "own" else []):
                            true(mark not in text.lower(), f"{who}: GET {path + query} tells of {mark}: {around(text, mark)}")
                        read += 1
    for who in ("admin", "own", "key"):
        for word in (FOREIGN, "F-FORASTERO-1", "d@forastero.example", "cosas FORASTERO"):
            found = two.people[who].api("GET", "/search?q=" + urllib.parse.quote(word))
            text = found.text.replace(word, "")
            true(found.status == 200 and FOREIGN not in text.lower(), f"search for {word}: {around(text, FOREIGN)}")
    shared = two.people["admin"].api("GET", "/customers/COMUN")
    true(shared.status == 200 and "Común PROPIO" in shared.text, "the same code in two companies is each one's own: " + shared.text[:200])
    return f"{read} answers read"


def test_methods(two):
    """A method nobody declared is 405 and Allow names those there are."""
    by_path = collections.defaultdict(set)
    for a in two.actions:
        by_path[address(two, a, "propio")].add(method_of(a))
    admin, tried = two.people["admin"], 0
    for path, methods in by_path.items():
        allowed = {"OPTIONS"} | methods | ({"HEAD"} if "GET" in methods else set())
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            same_shape = any(method_of(a) == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path_of(a)), path) for a in two.actions)
            if method in methods or same_shape:  # /users/{login} takes what /users/sessions does not
                continue
            got = admin.ask(method, "/api/v1" + path, body={} if method not in ("GET", "DELETE") else None, headers={"X-CSRF-Token": admin.token()})
            expect(405, got.status, f"{method} {path}")
            told = {m.strip() for m in got.headers["Allow"].split(",")}
            true(allowed <= told and method not in told, f"{method} {path}: Allow: {got.headers['Allow']}")
            tried += 1
    return f"{tried} tried"


# Nobody may set what is not theirs to set: names of columns, and of parameters other actions take.
EXTRA = ("company", "company_id", "role", "id", "state", "status", "user_id", "customer_id", "created_at", "actor", "open", "unapplied", "approved",
         "password_hash", "capabilities", "scope", "balance", "csrf_token", "yes", "second_person")


def test_mass_assignment(two):
    """A sound call with one field more than declared is 422 and does nothing."""
    key, admin = two.people["key"], two.people["admin"]
    before, tried = two.rows.dump(VOLATILE | DERIVED), 0
    for a in two.actions:
        if method_of(a) == "GET":
            continue
        caller = admin if a["needs"] in ("self", "public") else key
        path, body = address(two, a, "propio"), body_of(two, a)
        declared = {p["name"].replace("-", "_") for p in a["params"]}
        in_path = {n.replace("-", "_") for _, n in places(path_of(a))}
        for extra in EXTRA:
            if extra in declared and extra not in in_path:
                continue
            got = caller.api("POST", path, {**body, extra: "1"})
            true(got.status == 422 and got.field == extra, f"POST {path} with {extra}: {got.status} {got.text[:200]}")
            tried += 1
    after = two.rows.dump(VOLATILE | DERIVED)
    true(before == after, "something was set:\n" + difference(before, after))
    return f"{tried} tried"


def path_of(a):
    return a["path"].split(" ")[1]


def do_all(two, caller, bodies):
    """Makes every call that writes, each with a body of `bodies(action)`; what a field refuses is replaced or left out.
    {verb: (answer, path, body, idempotency key)}"""
    done = {}
    for a in two.actions:
        if method_of(a) == "GET" or a["needs"] in ("self", "public") or a["verb"] in QUIET:
            continue
        path, body = address(two, a, "propio"), bodies(a)
        sound = body_of(two, a)
        if path is None:
            continue
        for _ in range(12):
            mark = os.urandom(8).hex()
            got = caller.api("POST", path, body, {"Idempotency-Key": mark})
            if got.status != 422 or got.field not in body:
                break
            if got.field in sound and body[got.field] != sound[got.field]:
                body[got.field] = sound[got.field]
            elif got.field in sound:
                break
            else:
                del body[got.field]
        true(got.status < 500, f"POST {path} {body}: {got.status} {got.text[:300]}")
        done[a["verb"]] = got, path, body, mark
    return done


# Would end or change who calls, or stop everything: tried by themselves.
QUIET = {"sending stop", "user erase", "user remove", "user disable", "key revoke", "restore", "webhook test"}


def test_if_match(two):
    """Who saw something older than there is now is told so (412), whatever they meant to do; nothing is done."""
    key = two.people["key"]
    before, told, nothing = two.rows.dump(VOLATILE | DERIVED), 0, 0
    for a in two.actions:
        if method_of(a) == "GET" or a["needs"] in ("self", "public"):
            continue
        path = address(two, a, "propio")
        got = key.api("POST", path, body_of(two, a), {"If-Match": '"' + "0" * 24 + '"'})
        if got.status == 412:
            expect("CONFLICT", got.json["error"]["code"], path)
            told += 1
        else:
            true(got.status in (404, 409, 422) or "not the demo" in got.text, f"POST {path} with an old tag: {got.status} {got.text[:200]}")
            nothing += 1
    after = two.rows.dump(VOLATILE | DERIVED)
    true(before == after, "something was done on an old tag:\n" + difference(before, after))
    true(told > 30, f"{told} were told of a change, {nothing} had nothing to compare with")
    return f"{told} told, {nothing} with nothing to compare"


def test_at_once(two):
    """Two people change one thing at the same moment: one does it, the other is told, nothing is lost or done twice."""
    w = two.world
    one, other = two.people["manager"], two.people["admin"]

    def both(path, body, headers=None):
        answers, gate = [], threading.Barrier(2)

        def go(caller):
            fresh = Caller(w, cookie=caller.cookie)
            fresh.csrf = caller.token()
            gate.wait()
            answers.append(fresh.api("POST", path, body, headers))
        threads = [threading.Thread(target=go, args=(c,)) for c in (one, other)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        return sorted(a.status for a in answers)

    tag = one.api("GET", "/customers/PROPIO-2").headers["ETag"]
    expect([200, 412], both("/customers/PROPIO-2/hold", {"reason": "a la vez"}, {"If-Match": tag}), "a hold on what both saw")
    expect(1, len([h for h in one.api("GET", "/holds").json["items"] if h["reason"] == "a la vez"]), "holds")
    hold = next(h["id"] for h in one.api("GET", "/holds").json["items"] if h["reason"] == "a la vez")
    expect([200, 409], both(f"/holds/{hold}/end", {}), "ending it")
    made = two.people["legal"].api("POST", "/invoices/F-PROPIO-3/write-off", {"reason": "a la vez"}).json["proposal"]
    expect([200, 409], both(f"/proposals/{made}/approve", {}), "approving one proposal")
    expect("0.00", one.api("GET", "/invoices/F-PROPIO-3").json["instalments"][0]["open"], "written off once")
    waiting = two.ids("action", f"ladder = 'task' AND status = 'open' AND company_id <> {two.dos}")
    true(waiting, "there is a task")
    expect([200, 409], both(f"/tasks/{waiting[0]}/done", {"note": "hecho"}), "a task done")
    expect(0, w.attempt("verify", company="uno").returncode, "the ledger verifies")
    return "five things"


def test_once(two):
    """Every call that writes may be sent twice: the same key brings the same answer and does nothing more; another body is 422."""
    key, replayed, other = two.people["key"], 0, []
    for verb, (first, path, body, mark) in do_all(two, key, lambda a: body_of(two, a, True)).items():
        if first.status != 200:
            other.append(f"{verb} {first.status}")
            continue
        before = two.rows.dump(VOLATILE | DERIVED)
        again = key.api("POST", path, body, {"Idempotency-Key": mark})
        expect((200, first.text, "true"), (again.status, again.text, again.headers["Idempotency-Replayed"]), f"{verb} again")
        after = two.rows.dump(VOLATILE | DERIVED)
        true(before == after, f"{verb} again did something:\n" + difference(before, after))
        changed = key.api("POST", path, {**body, "_": "x"}, {"Idempotency-Key": mark})
        expect(422, changed.status, f"{verb} with another body under the same key")
        replayed += 1
    true(replayed > 25, f"only {replayed} could be done: {other}")
    return f"{replayed} replayed; not to be done twice here: {len(other)}"


HOSTILE = "\"'><canary-x canary=1 onx=1><script>canary()</script><img src=x onerror=canary()></title></textarea>{{csrf}}<!--"


def test_hostile_texts(two):
    """Hostile words in every field that takes text, then every page is parsed as a browser does: nothing of them became an element or attribute."""
    w, key = two.world, two.people["key"]
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    run = lambda *words: w.run("--yes", *words, company="uno")  # noqa: E731
    code = "H<b>&\"1"
    run("customer", "import", w.csv("h.csv", [["code", "name", "email", "contact_name", "segment", "collector"],
                                            ['"H<b>&""1"', quoted, "h@propio.example", quoted, '"<canary-s onx=1>"', '"<canary-y>"']]))
    run("invoice", "import", w.csv("hi.csv", [["number", "customer_code", "issue_date", "due_date", "currency", "amount", "description", "reference"],
                                            ['"F-<canary-z>"', '"H<b>&""1"', "2026-10-01", "2026-10-15", "COP", "7", quoted, '"<canary-r>"']]))
    run("payment", "record", "--customer", code, "--date", "2026-11-02", "--currency", "COP", "--amount", "9", "--reference", HOSTILE[:60])
    stored = 0

    def hostile(a):
        body = body_of(two, a, True)
        for p in a["params"]:
            name = p["name"].replace("-", "_")
            if name in body and p["type"] == "text" and p["name"] not in KINDS:
                body[name] = HOSTILE if p["name"] != "url" else "https://propio.example/" + HOSTILE
        return body
    for _, (got, _, body, _) in do_all(two, key, hostile).items():
        stored += got.status == 200 and any("canary" in str(v) for v in body.values())
    run("note", "add", code, "--text", HOSTILE)
    run("run")
    pages = {}
    every = {"customer": "SELECT code FROM customer", "invoice": "SELECT number FROM document", "item": "SELECT number FROM document",
             "message": "SELECT id FROM action WHERE ladder = 'message'"}
    for a in two.actions:
        if method_of(a) != "GET" or not a["view"]:
            continue
        inside = places(path_of(a))
        values = [r[0] for r in two.rows.ask(every[KINDS[inside[0]]] + f" {'AND' if 'WHERE' in every[KINDS[inside[0]]] else 'WHERE'} company_id <> {two.dos} ORDER BY 1")] \
            if inside and KINDS.get(inside[0]) in every else [None]
        for value in values:
            path = address(two, a, "propio") if value is None else path_of(a).replace("{" + inside[0][1] + "}", urllib.parse.quote(value, safe=""))
            for query in ("", "?q=" + urllib.parse.quote(HOSTILE)):
                pages[path + query] = two.people["admin"].ask("GET", path + query)
    pages["/nada?" + urllib.parse.quote(HOSTILE)] = two.people["admin"].ask("GET", "/nada?x=" + urllib.parse.quote(HOSTILE))
    shown = sum("canary" in p.text for p in pages.values())
    lines = "".join(json.dumps({"path": path, "html": p.text}) + "\n" for path, p in pages.items() if "html" in (p.headers["Content-Type"] or ""))
    checked = subprocess.run([os.path.join(HERE, "html_canary.py")], input=lines, capture_output=True, text=True)
    true(checked.returncode == 0, checked.stderr[-800:])
    true(not checked.stdout, checked.stdout[:2500])
    true(stored > 8 and shown > 20, f"{stored} calls stored them, {shown} pages show them: the sweep reaches what there is")
    return f"{stored} calls stored them, {shown} of {len(pages)} pages show them"


LEADS = ["=cmd|' /C calc'!A0", "=HYPERLINK(0)", "+1+cmd", "-2+cmd|x", "@SUM(A1)", "＝1+1", "＋cmd", "－cmd", "＠SUM(A1)"]
# Refused, or cut off at the ends, where they come in; str_test.c tries them on a cell.
CONTROLS = ["\t=1", "\r=1"]
RECKONS = re.compile("^[=+\\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9][0-9 .,()]*$")
# How each export is called ({out} a file, {dir} a folder), where it gives a table of texts; "" is of another kind: documents, pictures, messages.
EXPORTS = {
    "customers export": ["--matching", "--sort", "name"], "statement show": ["FX", "--csv", "{out}.csv", "--xlsx", "{out}.xlsx"],
    "statement export": [["--dir", "{dir}", "--format", "csv"], ["--dir", "{dir}", "--format", "xlsx"]], "figures list": ["--csv"],
    "import errors": "by the upload, below",
    "statement zip": "", "customer case-file": "", "letter print": "", "message show": "", "message html": "", "payment receipt": "", "agreement print": "",
    "sender logo": "", "rehearsal html": "", "strategy export": "", "template show": "", "company way code": "", "backup": "",
}


def table_faults(path, body):
    """(cells, those a spreadsheet would reckon with) of a CSV or a workbook."""
    if body[:2] == b"PK":
        texts = [zipfile.ZipFile(io.BytesIO(body)).read(n).decode("utf-8", "replace") for n in zipfile.ZipFile(io.BytesIO(body)).namelist()]
        return [t for t in texts if "cmd" in t], [f"a formula in {path}" for t in texts if re.search("<f[ >]|<hyperlink", t)]
    true(body.isascii() or body.startswith(b"\xef\xbb\xbf"), f"{path} begins with the mark of UTF-8")
    cells = [c for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) for c in row]
    return cells, [c for c in cells if RECKONS.match(c) and not NUMBER.match(c)]


def test_formulas(two):
    """What a spreadsheet would reckon with stays text, in every file any action exports; an export this test does not know fails it."""
    w = two.world
    run = lambda *words: w.run("--yes", *words, company="uno")  # noqa: E731
    run("customer", "import", w.csv("f.csv", [["code", "name", "email", "segment", "collector"], ["FX", "=HYPERLINK(0)", "f@propio.example", "", ""]] + [
        [f"{lead}F{n}", lead, f"f{n}@propio.example", lead, lead] for n, lead in enumerate(LEADS)]))
    run("invoice", "import", w.csv("fi.csv", [["number", "customer_code", "issue_date", "due_date", "currency", "amount", "reference", "description"]] + [
        [f"{lead}1+{n}", c, "2026-10-01", "2026-10-15", "COP", "7", lead, lead] for n, lead in enumerate(LEADS) for c in ["FX" if n % 2 else f"{lead}F{n}"]]))
    run("payment", "record", "--customer", "FX", "--date", "2026-11-02", "--currency", "COP", "--amount", "100", "--reference", LEADS[0])
    for n, control in enumerate(CONTROLS):
        tried = w.attempt("--yes", "customer", "import", w.csv("fc.csv", [["code", "name"], [f"CC{n}", control + "x"]]), company="uno")
        true(tried.returncode in (0, 65), f"{control!r}: {tried.stderr[-300:]}")
    declared = {a["verb"] for a in json.loads(subprocess.run([w.binary, "help", "actions"], capture_output=True, text=True).stdout)["items"] if a["exports"] is not None}
    files, out, seen = {}, os.path.join(w.folder, "formulas"), 0
    for verb in sorted(declared):
        true(verb in EXPORTS, f"an export nobody has told this test how to call: {verb}")
        how = EXPORTS[verb]
        for i, words in enumerate(how if how and isinstance(how[0], list) else [how] if isinstance(how, list) else []):
            folder = f"{out}-{i}"
            done = w.attempt(*verb.split(), *[x.format(out=out, dir=folder) for x in words], company="uno")
            true(done.returncode == 0, f"{verb}: {done.stderr[-300:]}")
            given = [x.format(out=out) for x in words if x.startswith("{out}")] + ([os.path.join(folder, f) for f in os.listdir(folder)] if "{dir}" in words else [])
            for path in given:
                with open(path, "rb") as file:
                    files[f"{verb} {os.path.basename(path)}"] = file.read()
            if not given:
                files[verb] = done.stdout.encode()
    upload = two.people["admin"].api("POST", "/imports", {"kind": "invoices", "file": "number,customer_code,issue_date,due_date,currency,amount,reference\n"
             + "".join(f'"{lead}9{n}",NADIE,2026-10-01,2026-10-15,COP,7,"{lead}"\n' for n, lead in enumerate(LEADS))}).json["id"]
    files["import errors"] = two.people["admin"].api("GET", f"/imports/{upload}/errors").text.encode()
    for path, body in files.items():
        cells, bad = table_faults(path, body)
        true(not bad, f"{path}: cells that reckon: {bad[:5]}")
        seen += sum("cmd" in c or "SUM" in c for c in cells)
    true(len(files) > 20 and seen > 60, f"they are there, as text: {seen} in {len(files)} files")
    return f"{seen} hostile cells in {len(files)} files of {len(declared)} exports"


TESTS = {n[5:]: f for n, f in list(globals().items()) if n.startswith("test_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", default="sqlite")
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    unknown = [n for n in chosen.names if n not in TESTS]
    if unknown:
        parser.error(f"no such test: {' '.join(unknown)}; there are {' '.join(TESTS)}")
    binary = os.path.abspath(os.environ.get("ALDIA") or os.path.join(HERE, "..", "build-test", "aldia"))
    begun, passed, failed, world = time.time(), 0, 0, World(binary, server_url(chosen.db))
    try:
        two = Two(world)
        world.serve()
        two.people = two.people()
        print(f"# two companies and their people after {time.time() - begun:.0f} s", flush=True)
        for name, test in TESTS.items():
            if chosen.names and name not in chosen.names:
                continue
            start = time.time()
            try:
                told = test(two)
                passed += 1
                print(f"ok {passed + failed} - {name}: {test.__doc__.splitlines()[0]}\n    {told}; {time.time() - start:.0f} s", flush=True)
            except (Failed, OSError, KeyError, ValueError, http.client.HTTPException) as fault:
                failed += 1
                print(f"not ok {passed + failed} - {name} (after {time.time() - start:.0f} s)\n  {type(fault).__name__}: {str(fault)[:3000]}", flush=True)
        world.stop()
    except (Failed, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as fault:
        failed += 1
        print(f"not ok - the world\n  {type(fault).__name__}: {str(fault)[:3000]}\n" + (world.server_log()[-1500:] if world.server else ""))
    finally:
        try:
            world.close()
        except Failed as fault:
            failed += 1
            print(f"not ok - the server's end\n  {fault}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
