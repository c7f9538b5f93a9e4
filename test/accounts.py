#!/usr/bin/env python3
"""Accounts over the real binary and its server: who gets in, what each role may do, whose customers each sees.

    test/accounts.py [--db sqlite|postgres|URL] [--oidc]     ($ALDIA, default build-test/aldia: sanitizers look on, leaks included)

Signing in (enumeration, throttling, fixation, rotation, expiry), second factor (drift, replay), every action × every role of docs/ref/roles.md,
foreign and unknown customers looking alike, mass assignment, key scopes, four eyes, several companies. With --oidc only sign-on by a real
provider from npm (test/oidc), honest and tampering. Closes with "N passed, N failed"."""
import argparse
import base64
import concurrent.futures
import datetime
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "scenario"))
from database import Database, server_url  # noqa: E402
from peer import Peer  # noqa: E402

ROLES = ["admin", "manager", "supervisor", "collector", "seller", "legal", "read-only"]
START = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
GOOD = "tres gatos en el techo"


class Failed(Exception):
    pass


def expect(wanted, got, what):
    if wanted != got:
        raise Failed(f"{what}: wanted {wanted!r}, got {got!r}")


def true(truth, what):
    if not truth:
        raise Failed(what)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def fault(self):
        return json.loads(self.body)["error"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """Cookies of its own; asks from an address of the loopback network of its own."""

    def __init__(self, world, address="127.0.0.1", key=None):
        self.world, self.address, self.key = world, address, key
        self.cookies = {}

    def ask(self, method, path, form=None, body=None, headers=None):
        data, sent = None, {"Host": self.world.host, **(headers or {})}
        if form is not None:
            data, sent["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        if self.key:
            sent["Authorization"] = "Bearer " + self.key
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        sent["X-Forwarded-For"] = self.address
        request = urllib.request.Request(self.world.url + path, data=data, headers=sent, method=method)
        opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as got:
                answer = Answer(got.status, got.headers, got.read().decode(errors="replace"))
        except urllib.error.HTTPError as got:
            answer = Answer(got.code, got.headers, got.read().decode(errors="replace"))
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def get(self, path, **more):
        return self.ask("GET", "/api/v1" + path, **more)

    def post(self, path, body=None, **more):
        headers = {"Idempotency-Key": os.urandom(8).hex()}
        if "aldia" in self.cookies:
            headers["X-CSRF-Token"] = self.csrf()
        return self.ask("POST", "/api/v1" + path, body=body or {}, headers=headers, **more)

    def csrf(self):
        page = self.ask("GET", "/me").body
        found = re.search(r'csrf" content="([0-9a-f]{64})"', page)
        true(found, "a page of a session carries its token")
        return found.group(1)

    def sign_in(self, login, password):
        return self.ask("POST", "/login", form={"login": login, "password": password})


class World:
    def __init__(self, binary, url):
        self.folder = tempfile.mkdtemp(prefix="aldia-accounts-")
        self.data, self.clock = os.path.join(self.folder, "data"), os.path.join(self.folder, "clock")
        self.binary, self.database = binary, Database(url) if url else None
        self.db = self.database.create() if self.database else None
        self.server, self.now = None, START
        self.set_clock(START)
        self.admin_password = self.run("init", "--name", "Uno", "--country", "CO", "--currency", "COP", "--code", "uno")["password"]
        self.conf({"trusted_proxies": "127.0.0.1", "smtp_host": ""})

    def set_clock(self, instant):
        self.now = instant
        with open(self.clock + ".new", "w", encoding="ascii") as file:
            file.write(instant.isoformat() + "\n")
        os.rename(self.clock + ".new", self.clock)

    def later(self, **delta):
        self.set_clock(self.now + datetime.timedelta(**delta))

    def conf(self, settings):
        with open(os.path.join(self.data, "aldia.conf"), "a", encoding="utf-8") as file:
            file.writelines(f"{k} = {v}\n" for k, v in settings.items())

    def command(self, *words, company=None):
        place = ["--db", self.db] if self.db else []
        company = ["--company", company] if company else []
        clock = ["--clock-file", self.clock] if self.clock else []
        return [self.binary, "--data", self.data, *place, *clock, *company, "--json", *words]

    def attempt(self, *words, company=None):
        return subprocess.run(self.command(*words, company=company), capture_output=True, text=True, timeout=120)

    def run(self, *words, company=None):
        got = self.attempt(*words, company=company)
        if got.returncode != 0:
            raise Failed(f"aldia {' '.join(words)}: exit {got.returncode}: {got.stderr}")
        return json.loads(got.stdout) if got.stdout.strip() else None

    def serve(self):
        self.log = open(os.path.join(self.folder, "server.log"), "wb")
        self.server = subprocess.Popen(self.command("serve", "--listen", "127.0.0.1:0"), stdout=self.log, stderr=self.log,
                                       env={**os.environ, "ALDIA_LOG": "warn"})
        deadline = time.time() + 60
        while time.time() < deadline and self.server.poll() is None:
            found = re.search(r" (http://(127\.0\.0\.1:\d+))/", self.server_log())
            if found:
                self.url, self.host = found.groups()
                return
            time.sleep(0.02)
        raise Failed("the server does not answer: " + self.server_log())

    def server_log(self):
        with open(os.path.join(self.folder, "server.log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-3000:]

    def server_work(self):
        """Seconds the server has had a processor, by the kernel's clock of that process (clock_getcpuclockid)."""
        return time.clock_gettime((~self.server.pid << 3) | 2)

    def stop(self):
        if self.server:
            self.server.terminate()
            code = self.server.wait(60)
            self.server = None
            if code != 0 or re.search(r"ERROR: (Address|Leak)Sanitizer|runtime error:", self.server_log()):
                raise Failed(f"the server ended with {code}: " + self.server_log())

    def close(self):
        try:
            self.stop()
        finally:
            if self.database:
                self.database.give_back(self.db)
                self.database.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def person(self, login, role, password=GOOD, company=None, **options):
        """A user whose password is chosen; a browser signed in as them."""
        words = [w for name, value in options.items() for w in ("--" + name, value)]
        given = self.run("user", "add", login, "--role", role, *words, company=company)["password"]
        browser = self.browser()
        expect(303, browser.sign_in(login, given).status, f"{login} signs in with the given password")
        expect(403, browser.get("/customers").status, "a given password opens nothing but its change")
        got = browser.post("/me/password", {"current": given, "password": password})
        expect(200, got.status, "choosing a password: " + got.body[:300])
        return browser

    addresses = 0

    def browser(self, key=None):
        World.addresses += 1
        return Browser(self, f"10.1.{World.addresses // 250}.{World.addresses % 250 + 1}", key)

    def csv(self, name, rows):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(",".join(row) for row in rows) + "\n")
        return path

    def portfolio(self, company=None, mark="", mine="B1"):
        """Two customers: one whose collector has the code `mine`, one of somebody else; everything of the second is marked AJENO."""
        self.run("customer", "import", self.csv("c.csv", [
            ["code", "name", "email", "collector", "seller"], ["MIO" + mark, "Cliente Propio", "a@propio.example", mine, ""],
            ["AJENO" + mark, "AJENO SA", "a@ajeno.example", "Z9", "Z8"]]), company=company)
        self.run("invoice", "import", self.csv("i.csv", [
            ["number", "customer_code", "issue_date", "due_date", "currency", "amount"],
            ["F-MIO" + mark, "MIO" + mark, "2026-10-01", "2026-10-20", "COP", "1000"],
            ["F-AJENO" + mark, "AJENO" + mark, "2026-10-01", "2026-10-20", "COP", "7777777"]]), company=company)
        self.run("payment", "record", "--customer", "AJENO" + mark, "--date", "2026-11-01", "--currency", "COP", "--amount", "1",
                 "--reference", "AJENO-REF", company=company)
        self.run("promise", "add", "--customer", "AJENO" + mark, "--amount", "5", "--date", "2026-12-01", company=company)
        self.run("dispute", "open", "--invoice", "F-AJENO" + mark, "--reason", "AJENO-RAZON", company=company)


# ---- the cases: each gets a fresh world ----

def test_enumeration(w):
    """Unknown people and wrong passwords: one answer, one text, one time."""
    w.person("ana", "manager")
    pages, work = {}, {"ana": [], "zoe": []}
    # Without a hash to compare, the answer would cost the server, and whoever waits for it, a twentieth. The clock on the wall tells more of what else
    # runs on the machine than of the server: its own work is measured. Something else of the server's may only add to it: the least of several.
    for _ in range(7):
        for login, spent in work.items():
            before = w.server_work()
            got = w.browser().sign_in(login, "esta no es la clave")
            spent.append(w.server_work() - before)
            expect(403, got.status, f"login of {login}")
            pages[login] = re.sub(r'value="(ana|zoe)"', 'value=""', re.sub(r'[0-9a-f]{8,}', '', got.body))
    expect(pages["ana"], pages["zoe"], "the page")
    least = {login: min(spent) for login, spent in work.items()}
    true(max(least.values()) < 1.5 * min(least.values()), f"the work differs: {least}")
    listed = [e["what"] for e in w.run("access", "list", "--limit", "200")["items"]]
    true(listed.count("sign_in_refused") == 14, f"the access log tells of all: {listed}")
    strangers = [e["who"] for e in w.run("access", "list", "--what", "sign_in_refused")["items"]]
    true("zoe" not in strangers and "ana" in strangers, "what strangers typed is not kept")


def test_throttling(w):
    """Guesses wait; the flood does not keep the owner out where they were before."""
    ana = w.person("ana", "manager")
    thief = w.browser()
    statuses = [thief.sign_in("ana", f"intento numero {n}").status for n in range(10)]
    expect(429, statuses[-1], f"the tenth guess ({statuses})")
    true(statuses.index(429) <= 6, f"from the seventh on at the latest: {statuses}")
    got = thief.sign_in("ana", GOOD)
    expect(429, got.status, "even the right one waits")
    true(int(got.headers["Retry-After"]) >= 1, "and says how long")
    unknown = w.browser()
    expect(statuses, [unknown.sign_in("zoe", f"intento numero {n}").status for n in range(10)], "unknown logins wait alike")
    for n in range(30):
        w.browser().sign_in("ana", f"otro intento {n}")
    again = Browser(w, ana.address)
    expect(303, again.sign_in("ana", GOOD).status, "the owner from a known address")
    w.later(seconds=30)
    expect(303, thief.sign_in("ana", GOOD).status, "after the wait")


def test_sessions(w):
    """A token is made anew at each step up, and ends by time, by hand, by password, by role."""
    w.person("ana", "manager")
    fixed = w.browser()
    fixed.cookies["aldia"] = "A" * 43
    expect(303, fixed.sign_in("ana", GOOD).status, "sign-in")
    true(fixed.cookies["aldia"] != "A" * 43, "a token brought along is not taken over")
    first = fixed.cookies["aldia"]
    expect(303, fixed.sign_in("ana", GOOD).status, "sign-in again")
    true(fixed.cookies["aldia"] != first, "another token")
    old = w.browser()
    old.cookies["aldia"] = first
    expect(401, old.get("/me").status, "the one before has ended")
    before = fixed.cookies["aldia"]
    expect(200, fixed.post("/me/password", {"current": GOOD, "password": "cuatro perros en la sala"}).status, "another password")
    true(fixed.cookies["aldia"] != before, "a new token after it")
    old.cookies["aldia"] = before
    expect(401, old.get("/me").status, "the one before has ended")
    expect(200, fixed.get("/me").status, "the new one works")
    there = w.browser()
    expect(303, there.sign_in("ana", "cuatro perros en la sala").status, "elsewhere")
    others = [s["id"] for s in fixed.get("/me/sessions").json()["items"] if not s["this"]]
    expect(1, len(others), "one session elsewhere is listed")
    expect(200, fixed.post(f"/me/sessions/{others[0]}/end").status, "ending it")
    expect(401, there.get("/me").status, "it has ended")
    beto = w.person("beto", "collector")
    theirs = beto.get("/me/sessions").json()["items"][0]["id"]
    expect(404, fixed.post(f"/me/sessions/{theirs}/end").status, "another's session is no session")
    w.run("user", "edit", "beto", "--role", "manager")
    expect(401, beto.get("/me").status, "another role ends sessions")
    w.later(minutes=59)
    expect(200, fixed.get("/me").status, "used within the hour")
    time.sleep(1.5)  # the housekeeper writes last use at leisure
    w.later(minutes=59)
    expect(200, fixed.get("/me").status, "and again")
    time.sleep(1.5)
    w.later(minutes=61)
    expect(401, fixed.get("/me").status, "idle too long")
    late = w.browser()
    expect(303, late.sign_in("ana", "cuatro perros en la sala").status, "a new day")
    for _ in range(13):
        w.later(minutes=57)
        alive = late.get("/me").status
        time.sleep(1.2)
    expect(401, alive, "twelve hours are enough")
    again = w.browser()
    again.sign_in("ana", "cuatro perros en la sala")
    token = again.cookies["aldia"]
    expect(303, again.ask("POST", "/logout", form={"csrf": again.csrf()}).status, "signing out")
    old.cookies["aldia"] = token
    expect(401, old.get("/me").status, "is the end")


def code_of(secret, instant):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(instant.timestamp()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def test_second_factor(w):
    """Codes of this, the last and the next half minute, each once; recovery codes once."""
    ana = w.person("ana", "manager")
    begun = ana.post("/me/two-factor").json()
    true(begun["uri"].startswith("otpauth://totp/") and "<svg" in begun["svg"], "something to scan")
    expect(422, ana.post("/me/two-factor/confirm", {"code": "000000"}).status, "a wrong code")
    got = ana.post("/me/two-factor/confirm", {"code": code_of(begun["secret"], w.now)})
    expect(200, got.status, "a right one: " + got.body[:200])
    recovery = got.json()["recovery_codes"]
    expect(10, len(set(recovery)), "ten recovery codes")

    def try_code(code):
        browser = w.browser()
        got = browser.sign_in("ana", GOOD)
        expect("/login/code?next=%2F", got.headers["Location"], "the code is asked for")
        expect(401, browser.get("/me").status, "before it nothing is open")
        half = browser.cookies["aldia"]
        got = browser.ask("POST", "/login/code", form={"code": code})
        if got.status == 303:
            true(browser.cookies["aldia"] != half, "a new token after the code")
            expect(200, browser.get("/me").status, "after it all is")
        return got.status

    expect(403, try_code(code_of(begun["secret"], w.now)), "the code of the enrolment again")
    w.later(minutes=5)
    half = datetime.timedelta(seconds=30)
    expect(403, try_code(code_of(begun["secret"], w.now - 2 * half)), "a minute late")
    expect(403, try_code(code_of(begun["secret"], w.now + 2 * half)), "a minute early")
    expect(303, try_code(code_of(begun["secret"], w.now - half)), "half a minute late")
    expect(403, try_code(code_of(begun["secret"], w.now - half)), "the same again")
    expect(303, try_code(code_of(begun["secret"], w.now + half)), "half a minute early")
    expect(403, try_code(code_of(begun["secret"], w.now)), "one before the last taken")
    w.later(minutes=20)
    expect(303, try_code(recovery[0].upper().replace("-", " ")), "a recovery code, as copied from paper")
    expect(403, try_code(recovery[0]), "the same again")
    for _ in range(7):
        status = try_code("11111")
    expect(429, status, "guessing waits")
    w.run("user", "reset-two-factor", "ana")
    expect("/", w.browser().sign_in("ana", GOOD).headers["Location"], "without it after the telephone is lost")


def actions(w):
    """(method, path, capability) of every action with a route, from what the server says of itself."""
    page = w.browser(w.run("key", "create", "--name", "doc", "--scope", "report.read")["key"]).get("/openapi.json")
    expect(200, page.status, "openapi.json")
    return page.json()["paths"]


def capabilities():
    """From docs/ref/roles.md: capability -> roles, and from the source: (method, path) -> capability."""
    grants, needs = {}, {}
    with open(os.path.join(HERE, "..", "docs", "ref", "roles.md"), encoding="utf-8") as file:
        for line in file:
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            if len(cells) == 2 + len(ROLES) and cells[0].startswith("`"):
                grants[cells[0].strip("`")] = {r for r, c in zip(ROLES, cells[2:]) if c == "yes"}
    words = {"CAP_WRITE_OFF": "write_off"}
    for name in os.listdir(os.path.join(HERE, "..", "src", "action")):
        if not name.endswith(".c") or name.endswith("_test.c"):
            continue
        with open(os.path.join(HERE, "..", "src", "action", name), encoding="utf-8") as file:
            for block in re.findall(r"^const struct action \w+ = \{(.*?)^\};", file.read(), re.S | re.M):
                path = re.search(r'\.path = "(\w+) ([^"]+)"', block)
                cap = re.search(r"\.needs = (CAP_\w+)", block)
                true(cap, f"{name}: an action without a capability")
                if path:
                    needs[path.group(1), path.group(2)] = words.get(cap.group(1), cap.group(1)[4:].lower().replace("_", ".", 1))
    return grants, needs


def test_roles(w):
    """Every action with a route × every role: refused exactly where the table says so, and to those who are nobody."""
    grants, needs = capabilities()
    people = {role: w.person("p-" + role, role, scope="all") for role in ROLES}
    tokens = {role: people[role].csrf() for role in ROLES}
    tried = denied = 0
    for (method, path), capability in sorted(needs.items()):
        where = "/api/v1" + re.sub(r"\{\w+\}", "nada-9", path)
        true(capability in grants, f"{capability} of {path} stands in docs/ref/roles.md")
        nobody = w.browser().ask(method, where, body={} if method != "GET" else None)
        if capability != "public":
            expect(401, nobody.status, f"nobody: {method} {path}")
        for role in ROLES:
            if path.startswith("/me") and method == "POST":
                continue  # changes the account it is tried with; CAP_SELF is everybody's, tried by itself
            headers = {"X-CSRF-Token": tokens[role], "Idempotency-Key": os.urandom(6).hex()}
            got = people[role].ask(method, where, body={"no_such_parameter": "1"} if method != "GET" else None, headers=headers)
            allowed = role in grants[capability]
            if (got.status != 403) != allowed:
                raise Failed(f"{role}: {method} {path} ({capability}): {got.status} {got.body[:200]}")
            tried, denied = tried + 1, denied + (not allowed)
    true(tried > 300 and denied > 80, f"{tried} tried, {denied} refused: the sweep reaches what there is")
    refusals = w.run("audit", "list", "--limit", "1000")["items"]
    expect(denied + len(ROLES), sum(e["outcome"] == "DENIED" for e in refusals), "each refusal stands in the audit")
    print(f"    {tried} tried, {denied} refused, {sum(e['outcome'] == 'DENIED' for e in refusals)} of them in the audit")


def test_scope(w):
    """Own, team, all: in every list and look-up; what is out of reach looks like what does not exist."""
    w.portfolio()
    w.run("strategy", "activate", "--from", "2026-10-01", "--yes")
    w.run("run")
    beto = w.person("beto", "collector", code="B1")
    carla = w.person("carla", "seller", code="Z8")
    dora = w.person("dora", "supervisor", team="norte")
    w.run("user", "add", "eva", "--role", "collector", "--code", "Z9", "--team", "norte")
    eva_less = w.person("fito", "collector")
    codes = lambda b: sorted({c["code"] for c in b.get("/customers").json()["items"]})  # noqa: E731
    expect(["MIO"], codes(beto), "own customers by collector")
    expect(["AJENO"], codes(carla), "own customers by seller")
    expect(["AJENO"], codes(dora), "the team's customers")
    expect([], codes(eva_less), "no code, no customers")
    _, needs = capabilities()
    for (method, path), _ in sorted(needs.items()):
        if method != "GET" or "{" in path:
            continue
        got = beto.get(path)
        true(got.status < 500, f"GET {path}: {got.status} {got.body[:300]}")
        true("AJENO" not in got.body, f"GET {path} tells of another's customer: …{got.body[max(0, got.body.find('AJENO') - 200):][:300]}")
    fill = {"code": ("AJENO", "NADA-7"), "number": ("F-AJENO", "F-NADA7"), "customer": ("AJENO", "NADA-7"), "item": ("AJENO", "NADA-7")}
    looked = 0
    for (method, path), _ in sorted(needs.items()):
        names = re.findall(r"\{(\w+)\}", path)
        if len(names) != 1 or names[0] not in fill or path.startswith(("/company", "/strateg", "/users", "/templates")):
            continue
        foreign, unknown = fill[names[0]]
        body = {"reason": "x", "to": "suspend", "name": "x", "text": "nota de una llamada #x"} if method == "POST" else None
        answers = []
        for value in (foreign, unknown):
            where = path.replace("{" + names[0] + "}", value)
            got = beto.post(where, body) if method == "POST" else beto.get(where)
            for _ in range(8):  # only with what the action takes
                if method == "GET" or got.status != 422 or got.fault()["field"] not in body:
                    break
                body = {k: v for k, v in body.items() if k != got.fault()["field"]}
                got = beto.post(where, body)
            answers.append((got.status, got.body.replace(value, "…") if got.status == 404 else got.body[:300]))
        expect(answers[0], answers[1], f"{method} {path}: foreign and unknown")
        looked += answers[0][0] == 404
    true(looked >= 6, f"{looked} look-ups said 404")
    expect(404, beto.get("/customers/AJENO").status, "another's customer")
    expect(200, beto.get("/customers/MIO").status, "one's own")


def test_companies(w):
    """Two companies: nothing of the one in the other, for people and keys alike."""
    w.run("company", "add", "--name", "Dos", "--country", "MX", "--currency", "MXN", "--code", "dos")
    w.portfolio(company="uno", mark="", mine="Z9")
    ana = w.person("ana", "admin", company="dos")
    key = w.run("key", "create", "--name", "erp", "--scope", "customer.read money.read report.read", company="dos")["key"]
    expect(65, w.attempt("customer", "list").returncode, "which company must be said")
    _, needs = capabilities()
    for browser in (ana, w.browser(key)):
        for (method, path), _ in sorted(needs.items()):
            if method == "GET" and "{" not in path and path != "/companies":
                got = browser.get(path)
                true("AJENO" not in got.body and "MIO" not in got.body, f"GET {path} tells of another company")
        foreign, unknown = browser.get("/customers/AJENO"), browser.get("/customers/NADA7")
        expect(404, foreign.status, "a customer of the other company")
        expect(foreign.body.replace("AJENO", "…"), unknown.body.replace("NADA7", "…"), "looks like none")
    expect(404, ana.get("/users/admin").status, "a user of the other company")
    expect(404, ana.post("/users/admin/reset-password").status, "is no user here")
    other = w.run("key", "list", company="uno")["items"]
    expect([], other, "keys are their company's")
    expect(["dos", "uno"], sorted(c["code"] for c in w.run("company", "list")["items"]), "both are listed")


def png(rgb, side=8):
    """A square of one colour."""
    part = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    rows = (b"\0" + bytes(rgb) * side) * side
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def logos_in(pdf):
    """The first pixel of every picture in a PDF of ours."""
    pictures = re.findall(rb"/Subtype\s*/Image[^\0]*?stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return [tuple(zlib.decompress(p)[:3]) for p in pictures]


def test_senders(w):
    """Two companies of one installation: what each sends carries its own name, address and logo, to a real mail server, and never the other's."""
    w.run("company", "add", "--name", "Dos SAS", "--country", "CO", "--currency", "COP", "--code", "dos")
    peer = Peer(os.path.join(w.folder, "peer"))
    try:
        path = os.path.join(w.data, "aldia.conf")
        kept = [line for line in open(path, encoding="utf-8") if not line.startswith("smtp_host")]
        shared = os.path.join(w.folder, "shared.png")
        open(shared, "wb").write(png((1, 200, 1)))
        open(path, "w", encoding="utf-8").writelines(kept)
        w.conf({"smtp_host": "127.0.0.1", "smtp_port": str(peer.port), "smtp_security": "none", "logo": shared,
                "mail_from": "Grupo Ajeno <grupo@grupo.example>", "mail_reply_to": "todos@grupo.example"})
        w.stop()
        w.serve()
        for company, mark in (("uno", "-U"), ("dos", "-D")):
            w.portfolio(company=company, mark=mark)
            for step in ("claim-1", "claim-2", "claim-3"):
                w.run("strategy", "step-set", "recurrente-30", step, "--attach", "statement", company=company)
            w.run("strategy", "publish", "recurrente-30", company=company)
            w.run("strategy", "activate", "--from", "2026-10-01", "--yes", company=company)
        ana, dora = w.person("ana", "admin", company="uno"), w.person("dora", "collector", company="uno")
        red, blue = os.path.join(w.folder, "red.png"), os.path.join(w.folder, "blue.png")
        open(red, "wb").write(png((250, 2, 3)))
        open(blue, "wb").write(png((4, 5, 251)))
        # what a company may say of itself
        expect(403, dora.post("/settings/sender", {"name": "X"}).status, "not everybody says who writes")
        for wrong in ({"address": "nada"}, {"reply_to": "a@b@c"}, {"name": "jefe@banco.example"}, {"name": "x" * 121}, {"address": "a@b.example\r\nBcc: c@d.example"},
                      {"dkim_key": "/etc/passwd"}):
            true(ana.post("/settings/sender", wrong).status in (400, 422), f"{wrong} is refused")
        looked = ana.get("/settings/sender?name=Uno+Cobros&address=cobros%40uno.example").json()
        expect(("Uno Cobros", "cobros@uno.example", "uno.example", True), (looked["from_name"], looked["from_address"], looked["domain"], looked["looked_at"]), "looked at")
        true("F-MIO-U" in looked["text"] or "F-AJENO-U" in looked["text"], "with a mail of a customer")
        before = ana.get("/settings/sender").json()
        expect(("Uno", "grupo@grupo.example", True), (before["from_name"], before["from_address"], before["shared"]), "nothing is kept, and nobody's name is borrowed")
        expect(200, ana.post("/settings/sender", {"name": "Uno Cobros", "address": "cobros@uno.example"}).status, "kept")
        w.run("sender", "set", "--name", "Dos Cartera", "--address", "cartera@dos.example", "--reply-to", "respuestas@dos.example", company="dos")
        # a logo is a PNG or a JPEG to the last byte
        svg = os.path.join(w.folder, "x.svg")
        open(svg, "w", encoding="ascii").write('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
        cut, large, wide = (os.path.join(w.folder, n) for n in ("cut.png", "large.png", "wide.png"))
        open(cut, "wb").write(png((9, 9, 9))[:40])
        open(large, "wb").write(png((9, 9, 9)) + os.urandom(600_000))
        open(wide, "wb").write(png((9, 9, 9), 2001))
        for bad in (svg, cut, large, wide):
            true(w.attempt("sender", "logo-set", bad, company="uno").returncode != 0, f"{bad} is refused")
        expect(404, ana.get("/settings/sender/logo").status, "none is there")
        w.run("sender", "logo-set", red, company="uno")
        w.run("sender", "logo-set", blue, company="dos")
        got = ana.ask("GET", "/settings/sender/logo")
        expect((200, "image/png", "nosniff"), (got.status, got.headers["Content-Type"], got.headers["X-Content-Type-Options"]), "it is served as what it is")
        true('src="/settings/sender/logo"' in ana.ask("GET", "/settings/sender").body, "and shown")
        # every message carries its own
        for company in ("uno", "dos"):
            w.run("run", "--yes", company=company)
        mails = peer.kept()
        true(len(mails) >= 2, f"both companies write: {len(mails)}")
        seen = set()
        for kept_mail in mails:
            m = email.message_from_bytes(kept_mail.data, policy=email.policy.default)
            mark = re.search(r"-([UD])\b", m["Subject"] + m.get_body(("plain",)).get_content())[1]
            seen.add(mark)
            wanted = {"U": ("Uno Cobros <cobros@uno.example>", None, "cobros@uno.example", (250, 2, 3)),
                      "D": ("Dos Cartera <cartera@dos.example>", "Dos Cartera <respuestas@dos.example>", "cartera@dos.example", (4, 5, 251))}[mark]
            pdfs = [p.get_content() for p in m.iter_attachments() if p.get_content_type() == "application/pdf"]
            expect(wanted[:3], (m["From"], m["Reply-To"], kept_mail.sender), "its own sender")
            expect([wanted[3]], [c for p in pdfs for c in logos_in(p)], "its own logo")
        expect({"U", "D"}, seen, "both were looked at")
        # without one of its own a company has the installation's logo and address, and still its own name
        w.run("sender", "logo-remove", company="dos")
        w.run("sender", "set", "--name", "", "--address", "", "--reply-to", "", company="dos")
        out = os.path.join(w.folder, "s.pdf")
        w.run("statement", "show", "MIO-D", "--pdf", out, company="dos")
        expect([(1, 200, 1)], logos_in(open(out, "rb").read()), "the installation's logo")
        back = w.run("sender", "show", company="dos")
        expect(("Dos SAS", "grupo@grupo.example", "todos@grupo.example"), (back["from_name"], back["from_address"], back["reply_to"]), "and address, not its name")
        expect(0, w.attempt("verify", company="uno").returncode, "the timeline verifies")
    finally:
        peer.close()


def test_switching(w):
    """Who works for several companies goes from one to the other: another session, other rights, other customers."""
    w.run("company", "add", "--name", "Dos", "--country", "CO", "--currency", "COP", "--code", "dos")
    w.portfolio(company="uno", mark="-U")
    w.portfolio(company="dos", mark="-D")
    ana, beto = w.person("ana", "admin", company="uno"), w.person("beto", "manager", company="uno")
    w.run("user", "add", "ana", "--role", "read-only", company="dos")
    named = lambda b: sorted(c["code"] for c in b.get("/companies").json()["items"])  # noqa: E731
    expect((["dos", "uno"], ["uno"]), (named(ana), named(beto)), "one is told of one's own companies")
    true('href="/companies"' in ana.ask("GET", "/today").body and 'href="/companies"' not in beto.ask("GET", "/today").body, "only who has several is led there")
    theirs, none = beto.post("/companies/dos/enter"), beto.post("/companies/nada/enter")
    expect((404, theirs.body.replace("dos", "…")), (none.status, none.body.replace("nada", "…")), "a company one does not work for looks like none")
    first = ana.cookies["aldia"]
    expect(200, ana.post("/customers/MIO-U/hold", {"reason": "x"}).status, "an administrator here")
    expect(403, ana.ask("POST", "/companies/dos/enter", form={}).status, "a form without its token goes nowhere")
    expect(303, ana.ask("POST", "/companies/dos/enter", form={"csrf": ana.csrf()}).status, "going there")
    true(ana.cookies["aldia"] != first, "a new token")
    old = w.browser()
    old.cookies["aldia"] = first
    expect(401, old.get("/me").status, "the old one has ended")
    expect(("dos", "read-only"), tuple(ana.get("/me").json()[k] for k in ("company", "role")), "what one is there")
    expect(403, ana.post("/customers/MIO-D/hold", {"reason": "x"}).status, "reading alone")
    expect((200, 404), (ana.get("/customers/MIO-D").status, ana.get("/customers/MIO-U").status), "that company's customers and no others")
    came = lambda c: [e["who"] for e in w.run("access", "list", "--what", "company_entered", company=c)["items"]]  # noqa: E731
    expect((["ana"], []), (came("dos"), came("uno")), "who comes in is told where they come in")
    w.run("user", "remove", "ana", company="dos")
    expect(401, ana.get("/me").status, "who leaves a company has no session there")


def test_rounds(w):
    """The server starts each company's round at its own hour in its own zone."""
    w.stop()
    w.run("company", "add", "--name", "Dos", "--country", "MX", "--currency", "MXN", "--code", "dos", "--zone", "America/Mexico_City")
    w.later(days=1)  # 09:00 in Bogota, 08:00 in Mexico
    w.serve()

    def rounds(wanted, what):
        for _ in range(100):
            ran = {c["code"]: c["last_run"] for c in w.run("company", "list")["items"]}
            if {c for c, at in ran.items() if at and at[:13] == w.now.astimezone(datetime.timezone.utc).isoformat()[:13]} == wanted:
                return
            time.sleep(0.5)
        raise Failed(f"{what}: {ran}")
    rounds({"uno"}, "nine o'clock in Bogota")
    w.later(hours=1)
    rounds({"dos"}, "nine o'clock in Mexico")


def test_demo_day(w):
    """The button of the demo lets one day pass by the rehearsal clock, sends nothing anywhere, outlives a restart, and moves no real company."""
    real = w.person("root", "admin")
    refused = real.post("/demo/advance")
    expect(403, refused.status, "a real company's time is its own")
    true('action="/demo/advance"' not in real.ask("GET", "/today").body, "nor has it the button")
    w.stop()
    folder, clock, db, w.db = w.data, w.clock, w.db, None
    w.data = os.path.join(w.folder, "demo")
    try:
        subprocess.run([w.binary, "--data", w.data, "demo", "--customers", "12", "--days", "10"], check=True, capture_output=True, timeout=300)
        w.clock = os.path.join(w.data, "clock")
        with open(os.path.join(w.data, "demo-password.txt"), encoding="utf-8") as file:
            password = file.readline().strip()
        day = lambda: open(w.clock, encoding="ascii").read()[:10]  # noqa: E731
        begun = datetime.date.fromisoformat(day())
        w.serve()
        login = next(u["login"] for u in w.run("user", "list")["items"] if u["role"] == "admin")
        browser = w.browser()
        expect(303, browser.sign_in(login, password).status, "signing in to the demo")
        today = browser.ask("GET", "/today").body
        true('action="/demo/advance"' in today, "the button is on the page")
        before = {m["id"] for m in w.run("message", "list")["items"]}
        expect(403, browser.ask("POST", "/demo/advance", form={}).status, "a form without its token moves nothing")
        expect(str(begun), day(), "nor the clock")
        for passed in range(1, 6):
            expect(303, browser.ask("POST", "/demo/advance", form={"csrf": browser.csrf()}).status, "a day passes")
            expect(str(begun + datetime.timedelta(days=passed)), day(), "the clock is one day on")
        fresh = [m for m in w.run("message", "list")["items"] if m["id"] not in before]
        true(fresh and {m["status"] for m in fresh} <= {"sent", "planned", "deferred", "approval", "cancelled", "refused"}, f"days bring messages: {fresh[:3]}")
        w.stop()
        w.serve()
        expect(str(begun + datetime.timedelta(days=5)), day(), "a restart keeps the day")
        again = w.browser()
        expect(303, again.sign_in(login, password).status, "signing in on that day")
        expect(303, again.ask("POST", "/demo/advance", form={"csrf": again.csrf()}).status, "and time goes on")
        expect(str(begun + datetime.timedelta(days=6)), day(), "from there")
        expect(0, w.attempt("verify").returncode, "the demo verifies")
        w.stop()
    finally:
        w.data, w.clock, w.db = folder, clock, db


def test_mass_assignment(w):
    """What one may not set is refused, not ignored."""
    ana = w.person("ana", "collector", code="B1")
    for body in ({"role": "admin"}, {"scope": "all"}, {"code": "Z9"}, {"email": "root@x.example"}, {"login": "root"},
                 {"name": "Ana", "password_hash": "x"}, {"company_id": 2}, {"user_id": 1}, {"capabilities": "admin"}):
        expect(422, ana.post("/me", body).status, f"POST /me {body}")
    got = ana.post("/me", {"name": "Ana", "language": "en", "theme": "dark"})
    expect(200, got.status, "what one may set")
    me = ana.get("/me").json()
    expect(("collector", "own", "Ana", "en", "dark"), tuple(me[k] for k in ("role", "scope", "name", "language", "theme")), "what one is")
    expect(403, ana.post("/users/ana", {"role": "admin"}).status, "making oneself administrator")
    expect(403, ana.post("/keys", {"name": "x", "scope": ["admin"]}).status, "making oneself a key")


def test_keys(w):
    """Scopes, expiry, revocation, last use."""
    w.portfolio()
    made = w.run("key", "create", "--name", "erp", "--scope", "customer.read", "--expires", "2026-11-30")
    program = w.browser(made["key"])
    expect(200, program.get("/customers").status, "what its scope allows")
    expect(403, program.get("/invoices").status, "what it does not")
    expect(403, program.post("/customers/MIO/hold", {"reason": "x"}).status, "writing")
    expect(403, program.get("/me").status, "a key is nobody's account")
    for wrong in (made["key"][:-1] + ("A" if made["key"][-1] != "A" else "B"), "aldia_", "x", made["key"].replace("aldia_", "aldib_")):
        true(w.browser(wrong).get("/customers").status == 401, "a wrong key")
    time.sleep(1.5)
    listed = w.run("key", "list")["items"][0]
    true(listed["last_used_at"] and made["key"].split("_")[2] not in json.dumps(listed), "last use, never the secret")
    true("key_used" in [e["what"] for e in w.run("access", "list")["items"]], "and in the access log")
    w.later(days=8)
    true(program.get("/customers").status == 401, "expired")
    second = w.run("key", "create", "--name", "dos", "--scope", "customer.read")
    program = w.browser(second["key"])
    expect(200, program.get("/customers").status, "another")
    w.run("key", "revoke", str(second["id"]))
    true(program.get("/customers").status == 401, "revoked")
    ana = w.person("ana", "admin")
    expect(422, ana.post("/keys", {"name": "x", "scope": ["install"]}).status, "no key owns the installation")


def test_four_eyes(w):
    """Write-offs and bank data wait for a second person, who is never the first."""
    w.portfolio()
    expect("cuenta", w.run("company", "way", "set", "cuenta", "--scheme", "account", "--number", "111111")["code"], "before anything is sent: at once")
    w.run("strategy", "activate", "--from", "2026-11-22", "--yes")
    ana, beto = w.person("ana", "manager"), w.person("beto", "supervisor", scope="all")
    carla, dora = w.person("carla", "manager"), w.person("dora", "collector", scope="all")
    expect(403, dora.post("/invoices/F-MIO/write-off", {"reason": "x"}).status, "a collector proposes none")
    expect(404, ana.post("/invoices/F-NADA/write-off", {"reason": "x"}).status, "faults are told at once")
    made = ana.post("/invoices/F-MIO/write-off", {"reason": "incobrable"})
    expect(200, made.status, made.body)
    number = made.json()["proposal"]
    expect("1000.00", ana.get("/invoices/F-MIO").json()["instalments"][0]["open"], "nothing is done yet")
    expect(403, ana.post(f"/proposals/{number}/approve").status, "not by oneself")
    expect(403, dora.post(f"/proposals/{number}/approve").status, "not by who may not")
    expect(200, beto.post(f"/proposals/{number}/approve").status, "by another")
    expect("0.00", ana.get("/invoices/F-MIO").json()["instalments"][0]["open"], "now it is done")
    expect(409, carla.post(f"/proposals/{number}/approve").status, "once")
    made = ana.post("/company/ways/cuenta", {"number": "999999"}).json()
    true("proposal" in made, f"bank data wait: {made}")
    shown = lambda: [x["number"] for x in ana.get("/company/ways").json()["items"]]  # noqa: E731
    expect(["111111"], shown(), "they are as before")
    expect(403, beto.post(f"/proposals/{made['proposal']}/approve").status, "a supervisor may not change bank data, so not approve it")
    expect(200, carla.post(f"/proposals/{made['proposal']}/approve").status, "another manager may")
    expect(["999999"], shown(), "they are changed")
    mine = w.run("company", "way", "remove", "cuenta")
    got = w.attempt("proposal", "approve", str(mine["proposal"]))
    expect(77, got.returncode, "the console is one person")
    expect(200, carla.post(f"/proposals/{mine['proposal']}/reject", {"reason": "no"}).status, "another may refuse")
    expect(["999999"], shown(), "they stay")
    back = carla.post("/company/ways/cuenta", {"number": "555555"}).json()["proposal"]
    expect(403, ana.post(f"/proposals/{back}/withdraw").status, "only who proposed takes back")
    expect(200, carla.post(f"/proposals/{back}/withdraw").status, "who proposed does")
    verbs = [(e["verb"], e["name"]) for e in w.run("audit", "list")["items"]]
    true(("proposal approve", "beto") in verbs and ("invoice write-off", "ana") in verbs, f"the audit names both: {verbs[:12]}")
    w.run("invoice", "import", w.csv("n.csv", [["number", "customer_code", "issue_date", "due_date", "currency", "amount"],
                                               ["F-NUEVA", "MIO", "2026-11-22", "2026-11-25", "COP", "500"]]))
    w.later(days=35)
    w.run("run")
    eva, fito = w.person("eva", "supervisor", scope="all"), w.person("fito", "collector", scope="all")
    waits = [x["id"] for x in w.run("approval", "list")["items"] if x["step"] == "suspend"]
    true(len(waits) == 1, f"the strategy proposes to suspend: {waits}")
    expect(403, fito.post(f"/messages/{waits[0]}/confirm").status, "who may send words may not suspend")
    expect(403, fito.post(f"/messages/{waits[0]}/cancel").status, "nor refuse it")
    expect(200, eva.post(f"/messages/{waits[0]}/confirm").status, "a supervisor may")
    expect(0, w.attempt("verify").returncode, "the ledger verifies")


def test_account_pages(w):
    """What is shown once is shown once: keys, passwords, recovery codes; all of it by plain forms."""
    ana = w.person("ana", "admin")

    def form(browser, path, **fields):
        return browser.ask("POST", path, form=[("csrf", browser.csrf()), *[(n, v) for n, v in fields.items()]])

    # A key: the page of the answer holds it, and says that nobody may keep that page; the list never does.
    got = ana.ask("POST", "/keys", form=[("csrf", ana.csrf()), ("name", "erp"), ("scope", "customer.read"), ("scope", "money.read"), ("expires", "2026-12-31")])
    expect(200, got.status, "the key is shown")
    key = re.search(r"aldia_[A-Za-z0-9]+_[A-Za-z0-9_-]+", got.body).group(0)
    true("no-store" in got.headers["Cache-Control"], "and kept by nobody")
    expect(200, w.browser(key).get("/customers").status, "it works")
    page = ana.ask("GET", "/keys").body
    true(key not in page and key.split("_")[1] in page, "the list tells its beginning alone")
    expect(422, form(ana, "/keys", name="nada").status, "a key that may nothing")
    expect(303, form(ana, "/keys/1/revoke").status, "revoked")
    expect(401, w.browser(key).get("/customers").status, "it works no more")

    # A person: the password is shown once and must be changed; a reset ends the sessions.
    got = form(ana, "/users", login="beto", role="collector", name="Beto")
    expect(200, got.status, "a person is added")
    password = re.search(r'id="password">([^<]+)<', got.body).group(1)
    beto = w.browser()
    expect(303, beto.sign_in("beto", password).status, "the password is good")
    expect("/me", beto.ask("GET", "/today").headers["Location"], "and must be changed first")
    own = "seis gatos en la mesa"
    expect(303, form(beto, "/me/password", current=password, password=own).status, "changed")
    page = ana.ask("GET", "/users/beto").body
    true(password not in page and "10.1." in page and "/users/sessions/" in page, "sessions and sign-ins are shown")
    session = re.search(r"/users/sessions/(\d+)/end", page).group(1)
    got = form(ana, f"/users/sessions/{session}/end")
    true(got.status == 303 and got.headers["Location"].startswith("/users/beto?"), "ended, and back to the person")
    expect(401, beto.get("/me").status, "the session is over")
    expect(303, beto.sign_in("beto", own).status, "in again")
    expect(303, form(ana, "/users/beto", name="Beto Ruiz", email="", role="collector", scope="own", team="", code="").status, "a name is changed")
    expect(200, beto.get("/me").status, "which ends no session")
    expect(303, form(ana, "/users/beto", name="Beto Ruiz", role="seller", scope="own", team="", code="B7").status, "a role is changed")
    expect(401, beto.get("/me").status, "which does")
    got = form(ana, "/users/beto/reset-password")
    fresh = re.search(r'id="password">([^<]+)<', got.body).group(1)
    true(got.status == 200 and "no-store" in got.headers["Cache-Control"] and fresh != password, "a new password, once")
    expect(403, w.browser().sign_in("beto", own).status, "the old one is over")
    carla = w.person("carla", "manager")
    for path in ("/users", "/users/ana", "/keys"):
        expect(403, carla.ask("GET", path).status, f"{path} is for administrators")

    # A second factor, by forms alone.
    expect(303, form(carla, "/me/two-factor").status, "begun")
    page = carla.ask("GET", "/me/two-factor").body
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', page).group(1)
    true("<svg" in page, "something to scan")
    expect(422, form(carla, "/me/two-factor/confirm", code="000000").status, "a wrong code shows the page again")
    true(secret in carla.ask("GET", "/me/two-factor").body, "with the same secret")
    got = form(carla, "/me/two-factor/confirm", code=code_of(secret, w.now))
    expect(200, got.status, "the codes are shown")
    first = re.findall(r'class="secret">([a-z0-9]{5}-[a-z0-9]{5})<', got.body)
    expect(10, len(set(first)), "ten of them")
    true(re.search(r'csrf" content="([0-9a-f]{64})"', got.body).group(1) == carla.csrf(), "the page belongs to the new session")
    page = carla.ask("GET", "/me/two-factor").body
    true(secret not in page and first[0] not in page, "neither is shown again")
    expect(422, form(carla, "/me/two-factor/codes", password="falsa falsa falsa").status, "new codes want the password")
    got = form(carla, "/me/two-factor/codes", password=GOOD)
    second = re.findall(r'class="secret">([a-z0-9]{5}-[a-z0-9]{5})<', got.body)
    true(len(set(second)) == 10 and not set(first) & set(second), "ten others")
    other = w.browser()
    other.sign_in("carla", GOOD)
    expect(403, other.ask("POST", "/login/code", form={"code": first[0]}).status, "an old recovery code")
    expect(303, other.ask("POST", "/login/code", form={"code": second[0]}).status, "a new one")
    expect(422, form(carla, "/me/two-factor/off", password="falsa falsa falsa").status, "switching off wants the password")
    expect(303, form(carla, "/me/two-factor/off", password=GOOD).status, "off")
    expect("/", w.browser().sign_in("carla", GOOD).headers["Location"], "the password alone again")


def test_sealed_secrets(w):
    """The database alone makes no codes: without secret.key, or with another, only recovery codes are good."""
    ana = w.person("ana", "manager")
    begun = ana.post("/me/two-factor").json()
    codes = ana.post("/me/two-factor/confirm", {"code": code_of(begun["secret"], w.now)}).json()["recovery_codes"]
    path = os.path.join(w.data, "secret.key")
    expect(0o600, os.stat(path).st_mode & 0o777, "the key is its owner's alone")
    if not w.db:
        for name in ("aldia.db", "aldia.db-wal"):
            with open(os.path.join(w.data, name), "rb") as file:
                true(base64.b32decode(begun["secret"]) not in file.read(), "the secret does not lie in " + name)
        w.run("backup", os.path.join(w.folder, "b.aldia"))
        with open(path, "rb") as key, open(os.path.join(w.folder, "b.aldia"), "rb") as file:
            true(key.read().strip() not in file.read(), "nor the key in a backup")

    def try_code(code):
        browser = w.browser()
        browser.sign_in("ana", GOOD)
        return browser.ask("POST", "/login/code", form={"code": code}).status

    w.later(minutes=5)
    expect(303, try_code(code_of(begun["secret"], w.now)), "with the key a code is good")
    w.stop()
    os.rename(path, path + ".kept")
    w.serve()
    w.later(minutes=5)
    expect(403, try_code(code_of(begun["secret"], w.now)), "without it none is")
    expect(303, try_code(codes[0]), "a recovery code is")
    beto = w.person("beto", "manager")
    expect(409, beto.post("/me/two-factor").status, "nobody begins without a key")
    w.stop()
    w.run("migrate")
    w.serve()
    true(os.path.exists(path), "migrate makes one")
    w.later(minutes=5)
    expect(403, try_code(code_of(begun["secret"], w.now)), "which is another")
    w.stop()
    os.replace(path + ".kept", path)
    w.serve()
    w.later(minutes=5)
    expect(303, try_code(code_of(begun["secret"], w.now)), "put back, all is as before")
    w.conf({"secret_key_file": os.path.join(w.folder, "elsewhere.key")})
    w.stop()
    os.rename(path, os.path.join(w.folder, "elsewhere.key"))
    w.serve()
    w.later(minutes=5)
    expect(303, try_code(code_of(begun["secret"], w.now)), "or where aldia.conf says")


def test_four_eyes_pages(w):
    """What waits is shown with what it changes; who proposed cannot approve; the history stays."""
    w.portfolio()
    w.run("company", "way", "set", "cuenta", "--scheme", "account", "--bank", "Banco Uno", "--number", "111111")
    w.run("strategy", "activate", "--from", "2026-11-22", "--yes")
    ana, carla, dora = w.person("ana", "manager"), w.person("carla", "manager"), w.person("dora", "collector", scope="own")

    def form(browser, path, **fields):
        return browser.ask("POST", path, form=[("csrf", browser.csrf()), *fields.items()])

    got = form(ana, "/company/ways/cuenta", number="999999")
    true(got.status == 303 and got.headers["Location"].startswith("/proposals?done=proposed"), "it waits, and the page says so")
    form(ana, "/invoices/F-MIO/write-off", reason="incobrable")
    page = ana.ask("GET", "/proposals").body
    true("111111" in page and "999999" in page and "1.000" in page and "incobrable" in page, "what would change")
    true("/withdraw" in page and "/approve" not in page, "one's own is only taken back")
    page = carla.ask("GET", "/proposals").body
    true("/approve" in page and "/withdraw" not in page, "another decides")
    true("/approve" not in dora.ask("GET", "/proposals").body, "a collector does not")
    true("F-MIO" not in dora.ask("GET", "/proposals").body, "and sees nothing of customers that are not theirs")
    ids = sorted(set(re.findall(r"/proposals/(\d+)/approve", page)), key=int)
    expect(2, len(ids), "both wait")
    expect(303, form(carla, f"/proposals/{ids[0]}/approve").status, "one is approved")
    expect(422, form(carla, f"/proposals/{ids[1]}/reject").status, "refusing wants a reason")
    expect(303, form(carla, f"/proposals/{ids[1]}/reject", reason="aún no").status, "one is refused")
    true("999999" not in carla.ask("GET", "/proposals").body, "nothing waits")
    page = carla.ask("GET", "/proposals?all=1").body
    true("aún no" in page and "ana" in page and "carla" in page, "the history tells who and why")
    expect(0, ana.get("/shell").json()["proposals"], "and the rail counts none")


def test_refunds(w):
    """Money goes back when two people agree, never more than is left of the payment at that moment, and once."""
    w.portfolio()
    w.run("payment", "record", "--customer", "MIO", "--date", "2026-11-01", "--currency", "COP", "--amount", "1500", "--invoice", "F-MIO")
    w.run("strategy", "activate", "--from", "2026-11-22", "--yes")
    ana, beto = w.person("ana", "manager"), w.person("beto", "supervisor", scope="all")
    dora, lea = w.person("dora", "collector", code="B1"), w.person("lea", "legal")
    number = next(p["id"] for p in ana.get("/payments").json()["items"] if p["customer"] == "MIO")
    foreign = next(p["id"] for p in ana.get("/payments").json()["items"] if p["customer"] == "AJENO")
    left = lambda: ana.get(f"/payments/{number}").json()["unapplied"]  # noqa: E731
    ask = lambda who, amount, **more: who.post(f"/payments/{number}/refund", {"amount": amount, "reason": "pagó de más", **more})  # noqa: E731
    expect("500.00", left(), "what was paid too much")
    expect(403, ask(dora, "1").status, "a collector proposes none")
    for wrong, why in (("500.01", "more than there is"), ("0", "nothing"), ("-5", "less than nothing"), ("1.234", "parts of a cent"), ("x", "no amount")):
        expect(422, ask(ana, wrong).status, why)
    expect(422, ask(ana, "5", currency="USD").status, "another currency is nothing one can say")
    first, second, third = (ask(who, "300", reference=str(n)).json()["proposal"] for n, who in enumerate((ana, lea, ana)))
    expect(409, ask(ana, "300", reference="0").status, "the same once more, as by a second click")
    expect("500.00", left(), "nothing is done yet")
    page = beto.ask("GET", "/proposals").body
    true("F-MIO" not in page and "500" in page and "200" in page, "what it would change is shown: " + page[-1500:])
    expect([], [p for p in dora.get("/proposals").json()["items"] if p["customer"] == "AJENO"], "proposals of a neighbour's are not shown")
    expect(403, ana.post(f"/proposals/{first}/approve").status, "not by oneself")
    expect(403, dora.post(f"/proposals/{first}/approve").status, "not by who may not")
    expect(200, beto.post(f"/proposals/{first}/approve").status, "by another")
    expect("200.00", left(), "now it is done")
    got = beto.post(f"/proposals/{second}/approve")
    true(got.status in (409, 422) and "200.00" in got.body, f"what is no longer there does not go back: {got.status} {got.body}")
    expect(409, beto.post(f"/proposals/{first}/approve").status, "once")
    expect(200, ana.post(f"/proposals/{third}/withdraw").status, "who proposed takes back")
    expect("200.00", left(), "and nothing more went")
    expect(409, ana.post(f"/payments/{number}/reverse", {"reason": "x"}).status, "a payment of which something went back stays")
    theirs, none = (dora.post(f"/payments/{n}/refund", {"amount": "1", "reason": "x"}) for n in (foreign, 987654))
    expect((403, 403), (theirs.status, none.status), "not even asked")
    row = [p for p in ana.get("/payments/recent").json()["items"] if p["id"] == number]
    true(row and f"/payments/{number}/refund" in ana.ask("GET", "/payments/recent").body, "the page has the form")
    kinds = [e["kind"] for e in ana.get("/customers/MIO/timeline").json()["items"]]
    true("payment.refunded" in kinds and kinds.count("payment.refunded") == 1, f"the timeline tells: {kinds}")
    expect(0, w.attempt("verify").returncode, "the ledger verifies")


def test_credit_refunds(w):
    """What is left of a credit note goes back when two people agree: never what was used meanwhile, and once, whoever clicks at the same time."""
    w.portfolio()
    notes = [[n, c, "2026-10-05", "2026-10-05", "COP", a, "credit_note", ""] for n, c, a in
             (("NC-1", "MIO", "900"), ("NC-2", "MIO", "500"), ("NC-A", "AJENO", "500"))]
    head = ["number", "customer_code", "issue_date", "due_date", "currency", "amount", "type", "applies_to"]
    w.run("invoice", "import", w.csv("n.csv", [head, *notes]))
    w.run("strategy", "activate", "--from", "2026-11-22", "--yes")
    ana, beto = w.person("ana", "manager"), w.person("beto", "supervisor", scope="all")
    dora, lea = w.person("dora", "collector", code="B1"), w.person("lea", "legal")
    left = lambda n="NC-1": ana.get(f"/invoices/{n}").json()["open"]  # noqa: E731
    ask = lambda who, amount, n="NC-1", **more: who.post(f"/invoices/{n}/refund", {"amount": amount, "reason": "no compra más", **more})  # noqa: E731
    expect((403, 403), (ask(dora, "1").status, ask(dora, "1", "NC-A").status), "a collector proposes none")
    for wrong, why in (("900.01", "more than there is"), ("0", "nothing"), ("-5", "less than nothing"), ("1.234", "parts of a cent"), ("x", "no amount")):
        expect(422, ask(ana, wrong).status, why)
    expect(422, ask(ana, "1", "F-MIO").status, "what is owed to the company")
    expect(404, ask(ana, "1", "NC-9").status, "a note there is not")
    first, second, third, fourth = (ask(who, "600", reference=str(n)).json()["proposal"] for n, who in enumerate((ana, lea, ana, ana)))
    expect(409, ask(lea, "600", reference="0").status, "the same once more, by whomever")
    expect("900.00", left(), "nothing is done yet")
    page = beto.ask("GET", "/proposals").body
    true("NC-1" in page and "900" in page and "300" in page, "what it would change is shown: " + page[-1500:])
    expect(403, ana.post(f"/proposals/{first}/approve").status, "not by oneself")
    expect(403, dora.post(f"/proposals/{first}/approve").status, "not by who may not")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:  # two proposals of which there is money for one, each approved four times at once
        got = sorted(a.status for a in pool.map(lambda n: beto.post(f"/proposals/{n}/approve"), [first, second] * 4))
    expect((1, "300.00"), (got.count(200), left()), f"one of them, once: {got}")
    true(set(got) <= {200, 409, 422}, f"the others are told why: {got}")
    # what was left is used between the proposal and the approval
    expect(200, ana.post(f"/proposals/{third}/withdraw").status, "who proposed takes back")
    small = ask(ana, "200").json()["proposal"]
    w.run("invoice", "import", w.csv("u.csv", [head, ["NC-3", "MIO", "2026-10-06", "2026-10-06", "COP", "50", "credit_note", ""]]))
    expect(200, beto.post(f"/proposals/{small}/approve").status, "what is still there")
    got = beto.post(f"/proposals/{fourth}/approve")
    true(got.status == 422 and "100.00" in got.body, f"what is no longer there does not go back: {got.status} {got.body}")
    expect("100.00", left(), "and nothing more went")
    once = ask(ana, "50", "NC-2", **{"external_id": "TR-9", "date": "2026-11-20"}).json()["proposal"]
    again = ask(lea, "50", "NC-2", **{"external_id": "TR-9", "date": "2026-11-20", "method": "transfer"}).json()["proposal"]
    expect([200, 200], [beto.post(f"/proposals/{n}/approve").status for n in (once, again)], "a transfer told twice")
    expect("450.00", left("NC-2"), "is booked once")
    true('action="/invoices/NC-1/refund"' in ana.ask("GET", "/invoices/NC-1").body, "the page has the form")
    true("/refund" not in ana.ask("GET", "/invoices/F-MIO").body + dora.ask("GET", "/invoices/NC-1").body, "where it makes sense, and for whom")
    kinds = [e["kind"] for e in ana.get("/customers/MIO/timeline").json()["items"]]
    expect(3, kinds.count("credit.refunded"), f"the timeline tells: {kinds}")
    moves = ana.get("/customers/MIO/statement").json()["items"]
    expect(["50.00", "200.00", "600.00"], sorted((m["amount"] for m in moves if m["kind"] == "refunded"), key=float), "so does the statement")
    expect(0, w.attempt("verify").returncode, "the ledger verifies")


def test_exports(w):
    """Whatever leaves as a file about a customer stands in the access log, with who took it; looking at a page does not."""
    w.portfolio()
    number = str(w.run("payment", "list")["items"][0]["id"])
    out = os.path.join(w.folder, "out")
    taken = [(("statement", "show", "MIO", "--csv", out + ".csv"), "statement:MIO"), (("statement", "show", "MIO", "--xlsx", out + ".xlsx"), "statement:MIO"),
             (("statement", "show", "MIO", "--pdf", out + ".pdf"), "statement:MIO"), (("statement", "export", "--dir", out), "statements:2"),
             (("customer", "case-file", "MIO", "--out", out + ".zip"), "case:MIO"), (("payment", "receipt", number, "--out", out + "-r.pdf"), "receipt:" + number),
             (("agreement", "print", "MIO", "--total", "1000", "--currency", "COP", "--instalments", "2", "--first", "2026-12-01", "--out", out + "-a.pdf"),
              "agreement:MIO")]
    for words, detail in taken:
        before = len(w.run("access", "list", "--what", "export")["items"])
        w.run(*words)
        noted = w.run("access", "list", "--what", "export")["items"]
        expect((before + 1, detail), (len(noted), noted[0]["detail"]), " ".join(words[:2]))
    ana = w.person("ana", "manager")
    expect(200, ana.get("/customers/MIO/statement").status, "the page")
    expect(len(taken), len(w.run("access", "list", "--what", "export")["items"]), "is no export")
    expect(200, ana.post("/me/export").status, "one's own data")
    last = w.run("access", "list", "--what", "export")["items"][0]
    expect(("ana", ana.address), (last["who"], last["address"]), "who and from where")
    w.attempt("statement", "show", "NADA", "--csv", out + "-n.csv")
    expect(len(taken) + 1, len(w.run("access", "list", "--what", "export")["items"]), "what failed left nothing")
def test_settings_pages(w):
    """Ways to pay, calendar, rules, sender: looked at before they are kept, by plain forms."""
    w.portfolio()
    w.run("invoice", "import", w.csv("s.csv", [["number", "customer_code", "issue_date", "due_date", "currency", "amount"],
                                               ["F-S1", "MIO", "2026-11-20", "2026-11-25", "COP", "900"]]))
    w.run("strategy", "activate", "--from", "2026-11-22", "--yes")
    ana, beto, dora = w.person("ana", "admin"), w.person("beto", "admin"), w.person("dora", "collector", scope="all")

    def form(browser, path, **fields):
        return browser.ask("POST", path, form=[("csrf", browser.csrf()), *fields.items()])

    # A way to pay: seen, then asked for, then approved by another.
    page = ana.ask("GET", "/company/ways/preview?scheme=iban&number=ES9121000418450200051333&bank=Norte").body
    true('role="alert"' in page and "/company/ways/norte" not in page, "a wrong number is told, and cannot be kept")
    page = ana.ask("GET", "/company/ways/preview?scheme=iban&number=ES9121000418450200051332&bank=Norte").body
    true("ES91 2100 0418 4502 0005 1332" in page and "<svg" in page and 'action="/company/ways/norte"' in page, "a good one is shown with its code")
    expect([], ana.get("/company/ways").json()["items"], "nothing is kept")
    got = form(ana, "/company/ways/norte", scheme="iban", number="ES9121000418450200051332", bank="Norte")
    true("/proposals?done=proposed" in got.headers["Location"], "it waits for a second person")
    true("/proposals" in ana.ask("GET", "/company/ways").body and ana.get("/company/ways").json()["waiting_new"] == 1, "the list says so")
    number = w.run("proposal", "list")["items"][0]["id"]
    expect(303, form(beto, f"/proposals/{number}/approve").status, "another approves")
    expect("norte", ana.get("/company/ways").json()["items"][0]["code"], "now it is there")
    page = ana.ask("GET", "/company/ways/preview?code=norte").body
    true('value="ES9121000418450200051332"' in page, "to change it, what there is is filled in")
    expect(403, dora.ask("GET", "/company/ways/preview").status, "a collector changes none")

    # The calendar: a closed day moves what is planned, and says so before.
    before = {m["date"] for m in w.run("strategy", "rehearse", "--days", "10")["messages"]}
    busy = sorted(before)[0]
    got = ana.get(f"/settings/calendar/preview?close={busy}&name=Inventario").json()
    true(got["effect"]["moved"] >= 1 and got["effect"]["examples"][0]["from"] == busy, f"the effect is told: {got['effect']}")
    moved_to = got["effect"]["examples"][0]["to"]
    true(moved_to > busy, "to a later day")
    expect([], ana.get("/settings/calendar").json()["closed"], "nothing is kept")
    page = ana.ask("GET", f"/settings/calendar/preview?close={busy}&name=Inventario").body
    true(f'name="close" value="{busy}"' in page and "Inventario" in page, "the page asks once more")
    expect(303, form(ana, "/settings/calendar", close=busy, name="Inventario").status, "kept")
    after = {m["date"] for m in w.run("strategy", "rehearse", "--days", "10")["messages"]}
    true(busy not in after and moved_to in after, f"what was foreseen happens: {sorted(before)} {sorted(after)}")
    day = [c for d in ana.get("/settings/calendar").json()["weekdays"] for c in d["cells"] if c.get("day") == busy][0]
    true(day["open"] == "closed" and day["name"] == "Inventario", f"the calendar shows it: {day}")
    expect(422, ana.post("/settings/calendar", {"close": "2026-11-01"}).status, "a day that is past")
    expect(422, ana.post("/settings/calendar", {"region": "XX"}).status, "a region there is not")
    expect(303, form(ana, "/settings/calendar", open=busy).status, "opened again")
    expect(before, {m["date"] for m in w.run("strategy", "rehearse", "--days", "10")["messages"]}, "all is as before")
    expect(403, dora.post("/settings/calendar", {"close": busy}).status, "a collector closes nothing")

    # Rules: in words with their source; another profile is seen before it is chosen.
    rules = ana.get("/settings/rules").json()
    true(rules["profile"] == "house" and rules["places"][0]["rules"][0]["source"], "the rules of the customers' places")
    true("08:00-19:00" in rules["places"][0]["rules"][0]["text"], "made from the figures")
    expect("house", ana.get("/settings/rules/preview?profile=none").json()["profile_from"] and ana.get("/settings/rules").json()["profile"], "a look chooses nothing")
    expect(303, form(ana, "/settings/rules", profile="hours").status, "chosen")
    expect(("hours", "company"), tuple(ana.get("/settings/rules").json()[k] for k in ("profile", "profile_from")), "in force")
    expect(200, ana.post("/settings/rules", {"profile": "as-configured"}).status, "back")
    expect("aldia.conf", ana.get("/settings/rules").json()["profile_from"], "to aldia.conf")

    # The sender: values with their places, secrets never; the server is asked and gets no message.
    folder = os.path.join(w.folder, "peer")
    os.mkdir(folder)
    peer = subprocess.Popen([sys.executable, os.path.join(HERE, "fake", "smtp_peer.py"), "--dir", folder, "--auth", "ana:clave-9"])
    try:
        for _ in range(200):
            if os.path.exists(os.path.join(folder, "port")):
                break
            time.sleep(0.05)
        with open(os.path.join(folder, "port"), encoding="ascii") as file:
            port = file.read().strip()
        secret = os.path.join(w.folder, "pw")
        with open(secret, "w", encoding="ascii") as file:
            file.write("clave-9\n")
        w.stop()
        w.conf({"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_user": "ana", "smtp_password_file": secret,
                "mail_from": "Uno <cobros@uno.example>"})
        w.serve()
        shown = {s["setting"]: s for s in ana.get("/settings/sender").json()["settings"]}
        true(shown["smtp_port"]["value"] == port and shown["smtp_port"]["from"] == "file" and shown["smtp_port"]["line"] > 0, "the line it comes from")
        true(shown["smtp_password"]["set"] and shown["smtp_timeout_s"]["from"] == "default", "what is set, what is not")
        true("clave-9" not in ana.ask("GET", "/settings/sender").body, "a secret is never shown")
        got = ana.post("/settings/sender/check").json()
        true(got["good"] and got["authenticated"] and not got["encrypted"], f"the server takes us: {got}")
        got = ana.post("/settings/sender/test", {"to": "ana@uno.example"}).json()
        expect("sent", got["outcome"], "a test mail leaves")
        expect(1, len([f for f in os.listdir(folder) if f.endswith(".eml")]), "one mail, and none by the check")
        expect(422, ana.post("/settings/sender/test").status, "no address of one's own")
        with open(secret, "w", encoding="ascii") as file:
            file.write("clave-10\n")
        w.stop()
        w.serve()
        got = ana.post("/settings/sender/check").json()
        true(not got["good"] and got["code"] == 535 and "clave-10" not in json.dumps(got), f"a wrong password is told: {got}")
        true("535" in form(ana, "/settings/sender/check").body, "on the page too")
        expect(403, dora.get("/settings/sender").status, "not for everybody")
    finally:
        peer.terminate()
        peer.wait()


def test_personal_data(w):
    """Erasing a person leaves what they did, by number."""
    w.portfolio()
    ana = w.person("ana.castellanos", "manager", email="ana@uno.example", name="Ana Castellanos")
    expect(200, ana.post("/customers/MIO/hold", {"reason": "espera"}).status, "Ana does something")
    told = w.run("user", "export", "ana.castellanos")
    text = json.dumps(told, ensure_ascii=False)
    true(all(s in text for s in ("Ana Castellanos", "ana@uno.example", "customer hold", "sign_in", ana.address)), "all that is kept is told")
    true("argon2" not in text, "but no secret")
    w.run("--yes", "user", "erase", "ana.castellanos")
    true(ana.get("/me").status == 401, "the session is over")
    everything = w.attempt("audit", "list").stdout + w.attempt("access", "list").stdout + w.attempt("user", "list").stdout
    true("castellanos" not in everything.lower() and "customer hold" in everything, "the deed stays, the name goes")
    expect(0, w.attempt("verify").returncode, "the chain verifies")


# ---- sign-on by a real provider ----

def provider(folder, mode_file):
    home = os.path.join(HERE, "..", "build-oidc")
    os.makedirs(home, exist_ok=True)
    for name in ("package.json", "package-lock.json", "provider.js"):
        shutil.copy(os.path.join(HERE, "oidc", name), home)
    if not os.path.isdir(os.path.join(home, "node_modules", "oauth2-mock-server")):
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=home, capture_output=True, text=True)
        if done.returncode != 0:
            print("# skipped: npm could not fetch the provider:", done.stderr.strip()[:300])
            return None, None
    process = subprocess.Popen(["node", "provider.js", mode_file], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return process, process.stdout.readline().strip()


def sign_on(w, browser, tamper=None):
    """The whole way of a browser; the last answer."""
    got = browser.ask("GET", "/login/oidc")
    expect(303, got.status, "off to the provider: " + got.body[:200])
    there = got.headers["Location"]
    asked = urllib.parse.parse_qs(urllib.parse.urlparse(there).query)
    expect(["S256"], asked["code_challenge_method"], "PKCE")
    request = urllib.request.Request(there)
    try:
        back = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({})).open(request, timeout=20)
        raise Failed(f"the provider did not send the browser back: {back.status}")
    except urllib.error.HTTPError as answer:
        back = answer.headers["Location"]
    true(back and back.startswith(w.url + "/login/oidc/back?"), f"back to us: {back}")
    path = back[len(w.url):]
    return browser.ask("GET", tamper(path) if tamper else path), path


def test_oidc(w):
    """Sign-on: an honest answer opens a session, every dishonest one opens nothing."""
    w.stop()
    mode = os.path.join(w.folder, "mode")

    def say(what):
        with open(mode, "w", encoding="ascii") as file:
            file.write(what)

    say("good")
    process, issuer = provider(w.folder, mode)
    if not process:
        return
    try:
        w.clock = None  # the provider's clock is the wall's
        w.run("user", "add", "ana", "--role", "manager", "--email", "ana@uno.example", "--no-password")
        w.run("user", "add", "root", "--role", "admin", "--email", "root@uno.example", "--no-password")
        w.conf({"oidc_issuer": issuer, "oidc_client_id": "aldia"})
        w.serve()
        true("/login/oidc" in w.browser().ask("GET", "/login").body, "the sign-in page offers it")
        browser = w.browser()
        got, path = sign_on(w, browser)
        expect(303, got.status, "an honest answer: " + got.body[:300] + w.server_log())
        me = browser.get("/me").json()
        expect("ana", me["login"], "it is Ana")
        expect(422, browser.ask("GET", path).status, "the same answer again")
        for wrong in ("wrong-nonce", "no-nonce", "expired", "wrong-audience", "wrong-issuer", "not-verified", "stranger", "no-signature",
                      "other-payload"):
            say(wrong)
            browser = w.browser()
            got, _ = sign_on(w, browser)
            expect(422, got.status, wrong)
            true("aldia" not in browser.cookies, f"{wrong}: no session")
        say("good")
        thief, victim = w.browser(), w.browser()
        _, path = sign_on(w, w.browser(), tamper=lambda p: "/login")
        expect(422, victim.ask("GET", path).status, "an answer begun in another browser")
        got, _ = sign_on(w, thief, tamper=lambda p: re.sub(r"state=[^&]*", "state=" + "A" * 43, p))
        expect(422, got.status, "another state")
        got, _ = sign_on(w, thief, tamper=lambda p: re.sub(r"code=[^&]*", "code=nada", p))
        true(got.status in (422, 502), f"another code: {got.status}")
        true("aldia" not in thief.cookies and "aldia" not in victim.cookies, "no session for either")
        whats = [e["what"] for e in w.run("access", "list")["items"]]
        true("sign_on" in whats and "sign_on_refused" in whats, "the access log tells")
    finally:
        process.terminate()
        process.wait(10)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", default="sqlite")
    parser.add_argument("--oidc", action="store_true")
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    binary = os.path.abspath(os.environ.get("ALDIA") or os.path.join(HERE, "..", "build-test", "aldia"))
    url = server_url(chosen.db)
    tests = {n[5:]: f for n, f in globals().items() if n.startswith("test_") and (n == "test_oidc") == chosen.oidc}
    passed = failed = 0
    for name, test in tests.items():
        if chosen.names and name not in chosen.names:
            continue
        world = None
        try:
            world = World(binary, url)
            world.serve()
            test(world)
            world.stop()
            passed += 1
            print(f"ok {passed + failed} - {name}: {test.__doc__.splitlines()[0]}", flush=True)
        except (Failed, AssertionError, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as fault:
            failed += 1
            where = fault.__traceback__
            while where.tb_next and where.tb_next.tb_frame.f_code.co_name == test.__name__ or where.tb_frame.f_code.co_name == "main":
                where = where.tb_next
            print(f"not ok {passed + failed} - {name} (line {where.tb_lineno})\n  {type(fault).__name__}: {fault}", flush=True)
            if world:
                print("  " + world.server_log().replace("\n", "\n  ")[-1500:])
        finally:
            if world:
                try:
                    world.close()
                except Failed as fault:
                    print(f"  {fault}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
