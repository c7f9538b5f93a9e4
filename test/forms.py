#!/usr/bin/env python3
"""Every form of every page, refused:  test/forms.py [NAME…]   ($ALDIA, default build-test/aldia)

Pages are found by following links from the first one; what a form sends is found in the page, what would be wrong with a field in the
declarations (`aldia help actions`). Nothing is listed by hand, so a new form is tried the day it is written: a value that cannot be
stands in its field, and the page that comes back holds that form with all that was typed, the fault beside its field and told with it, and
the focus there. What no page links to is not tried here, nor is what only an action's own rules refuse. REQ: L1 L3.  Closes with
"N passed, N failed"."""
import html.parser
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

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
ALDIA = os.path.abspath(os.environ.get("ALDIA", os.path.join(ROOT, "build-test", "aldia")))
SEEN_PER_ROUTE = 4  # pages of one kind that are looked at
TOLD = ("typed", "chosen", "ticked")


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


# ---- what stands in a page ----

class Control:
    def __init__(self, tag, attributes, form):
        self.tag, self.form = tag, form
        self.attributes = {k: v if v is not None else "" for k, v in attributes}
        self.name = self.attributes.get("name", "")
        self.text = ""
        self.options, self.labels = [], []
        kind = self.attributes.get("type", "text")
        self.kind = "chosen" if tag == "select" else {"checkbox": "ticked", "radio": "ticked", "hidden": "hidden", "password": "secret", "file": "file"}.get(kind, "typed")

    @property
    def value(self):
        if self.kind == "chosen":
            chosen = [v for v, is_chosen in self.options if is_chosen]
            return chosen[-1] if chosen else self.options[0][0] if self.options else ""
        if self.tag == "textarea":
            return self.text[1:] if self.text.startswith("\n") else self.text
        return self.attributes.get("value", "on" if self.kind == "ticked" else "")

    @property
    def is_sent(self):
        return self.name and "disabled" not in self.attributes and (self.kind != "ticked" or "checked" in self.attributes)


class Form:
    def __init__(self, attributes):
        attributes = dict(attributes)
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").upper()
        self.is_files = attributes.get("enctype") == "multipart/form-data"
        self.controls = []
        self.ways = []  # (method, action) of its buttons

    def pairs(self):
        return [(c.name, c.value) for c in self.controls if c.is_sent]

    def told(self):
        return [c for c in self.controls if c.kind in TOLD and c.name and "disabled" not in c.attributes]


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.forms, self.links, self.ids, self.open_forms, self.stack = [], [], {}, [], []
        self.area, self.option, self.selecting, self.focus, self.shut = None, None, None, None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if "autofocus" in named and not self.focus:
            self.focus = (tag, named)
        if named.get("id"):
            self.stack.append((tag, named["id"]))
            self.ids.setdefault(named["id"], "")
        elif tag not in ("input", "meta", "link", "br", "img", "path", "use", "hr", "line", "rect", "circle"):
            self.stack.append((tag, None))
        if tag in ("input",) and named.get("id") and self.stack[-1] == (tag, named["id"]):
            self.stack.pop()
        if tag == "form":
            self.forms.append(Form(attributes))
            self.open_forms.append(self.forms[-1])
            self.forms[-1].is_shut = any("open" not in d for d in self.shut)
        elif tag == "details":
            self.shut.append(named)
        elif tag == "a" and named.get("href"):
            self.links.append(named["href"])
        form = self.open_forms[-1] if self.open_forms else None
        if tag == "button" and form is not None:
            form.ways.append(((named.get("formmethod") or form.method).upper(), named.get("formaction") or form.action))
        if tag in ("input", "select", "textarea"):
            control = Control(tag, attributes, form)
            if form is not None:
                form.controls.append(control)
            self.area = control if tag == "textarea" else None
            self.selecting = control if tag == "select" else self.selecting
        if tag == "option" and self.selecting is not None:
            self.selecting.options.append([named.get("value", ""), "selected" in named])
            self.selecting.labels.append([named.get("value", ""), ""])

    def handle_endtag(self, tag):
        if tag == "form" and self.open_forms:
            self.open_forms.pop()
        if tag == "details" and self.shut:
            self.shut.pop()
        self.area = None if tag == "textarea" else self.area
        self.selecting = None if tag == "select" else self.selecting
        for i in range(len(self.stack) - 1, -1, -1):
            if self.stack[i][0] == tag:
                del self.stack[i:]
                break

    def handle_data(self, data):
        if self.area is not None:
            self.area.text += data
        elif self.selecting is not None and self.selecting.labels:
            self.selecting.labels[-1][1] += data
        for _, name in self.stack:
            if name:
                self.ids[name] += data


# ---- a company with everything in it ----

class House:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="aldia-forms-")
        self.data = os.path.join(self.folder, "data")
        self.server = None
        self.run("--quiet", "demo", "--customers", "40", "--days", "60")
        declared = json.loads(subprocess.run([ALDIA, "help", "actions"], capture_output=True, text=True, check=True).stdout)["items"]
        self.actions = {a["verb"]: a for a in declared if a["path"]}
        self.clock = ["--clock-file", os.path.join(self.data, "clock"), "--json"]
        self.log = open(os.path.join(self.folder, "serve.log"), "wb")
        self.server = subprocess.Popen([ALDIA, "--data", self.data, "serve", "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.time() + 60
        while time.time() < deadline:
            found = re.search(r"listens at http://127\.0\.0\.1:(\d+)/", self.said())
            if found:
                break
            check(self.server.poll() is None, "the server did not start", self.said()[-1000:])
            time.sleep(0.05)
        self.port = int(found.group(1))
        with open(os.path.join(self.data, "demo-password.txt"), encoding="utf-8") as kept:
            secret = kept.read().strip()
        self.admin = self.sign_in("admin", secret)
        self.admin_too = self.sign_in("admin", secret)
        made = json.loads(self.run("--json", "user", "add", "berta", "--role", "admin"))
        self.second = self.sign_in("berta", made["password"])
        csrf = re.search(r'name="csrf" content="([0-9a-f]{64})"', self.ask("GET", "/me", cookie=self.second)[2]).group(1)
        body = urllib.parse.urlencode({"csrf": csrf, "current": made["password"], "password": "una frase bien larga de berta"})
        status, headers, _ = self.ask("POST", "/me/password", body, {"Content-Type": "application/x-www-form-urlencoded"}, cookie=self.second)
        check(status == 303, "a password of one's own", status)
        self.second = headers["Set-Cookie"].split(";")[0]
        self.fill()

    def said(self):
        with open(os.path.join(self.folder, "serve.log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def run(self, *words):
        done = subprocess.run([ALDIA, "--data", self.data, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        check(done.returncode == 0, words, done.stdout[-500:], done.stderr[-800:])
        return done.stdout

    def fill(self):
        """What a demo has none of: a webhook, a bank account of one's own, a draft."""
        csrf = re.search(r'name="csrf" content="([0-9a-f]{64})"', self.ask("GET", "/me")[2]).group(1)
        for path, fields in (("/webhooks", {"name": "Contabilidad", "url": "https://avisos.ejemplo.co/aldia", "kind": "payment.*"}),
                             ("/company/ways/principal", {"scheme": "account", "number": "000123456789", "bank": "Banco Imaginario", "holder": "Suministros Valle Sereno S.A.S."}),
                             ("/filters", {"name": "Lo vencido", "state": "overdue"})):
            status, _, text = self.ask("POST", path, urllib.parse.urlencode({"csrf": csrf, **fields}), {"Content-Type": "application/x-www-form-urlencoded"})
            check(status in (200, 303), path, status, text[-300:])
        approved(self, {"Location": "/proposals"}, self.second)

    def close(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(60)
        said = self.said() if self.server else ""
        shutil.rmtree(self.folder, ignore_errors=True)
        check("Sanitizer" not in said and "runtime error" not in said, said[-4000:])

    def ask(self, method, path, body=None, headers=None, cookie=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, {"Cookie": cookie or self.admin, "Accept-Language": "es", "Accept": "text/html", **(headers or {})} if (cookie or getattr(self, "admin", None)) else headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def sign_in(self, login, password):
        body = urllib.parse.urlencode({"login": login, "password": password})
        status, headers, text = self.ask("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded"}, cookie="nobody=1")
        check(status == 303, "sign-in", login, status, text[-300:])
        return headers["Set-Cookie"].split(";")[0]

    def send(self, form, pairs, way=None, cookie=None, referer=None):
        """As a browser without scripts sends it; files as one that holds nothing of use."""
        method, action = way or (form.method, form.action)
        named = {"Referer": f"http://127.0.0.1:{self.port}{referer}"} if referer else {}
        if method == "GET":
            return self.ask("GET", action.split("?")[0] + "?" + urllib.parse.urlencode(pairs), headers=named, cookie=cookie)
        if not form.is_files:
            return self.ask("POST", action, urllib.parse.urlencode(pairs), {"Content-Type": "application/x-www-form-urlencoded", **named}, cookie=cookie)
        edge = "----------formsofaldia"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in pairs]
        parts += [f'--{edge}\r\nContent-Disposition: form-data; name="{c.name}"; filename="nada.txt"\r\nContent-Type: text/plain\r\n\r\nnada\r\n' for c in form.controls if c.kind == "file"]
        return self.ask("POST", action, "".join(parts) + f"--{edge}--\r\n", {"Content-Type": "multipart/form-data; boundary=" + edge, **named}, cookie=cookie)

    def route(self, method, address):
        """The declared action of a page's address."""
        path = address.split("?")[0].split("#")[0].strip("/").split("/")
        best = (-1, None)
        for a in self.actions.values():
            verb, pattern = a["path"].split(" ")
            wanted = pattern.strip("/").split("/")
            if verb != method or len(wanted) != len(path):
                continue
            same = sum(w == g for w, g in zip(wanted, path))
            if all(w == g or w.startswith("{") for w, g in zip(wanted, path)) and same > best[0]:
                best = (same, a)
        return best[1]

    def pages(self):
        """address -> Page of what an administrator comes to, some of each kind."""
        waiting, seen, found = ["/today", "/start"], {}, {}
        queued = set(waiting)
        while waiting:
            address = waiting.pop(0)
            a = self.route("GET", address)
            if not a or not a["view"]:
                continue
            kind = (a["verb"], tuple(sorted(k for k, _ in urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))))
            if seen.get(kind, 0) >= SEEN_PER_ROUTE:
                continue
            seen[kind] = seen.get(kind, 0) + 1
            status, headers, text = self.ask("GET", address)
            check(status == 200, "a link leads nowhere:", address, status)
            if not (headers["Content-Type"] or "").startswith("text/html") or headers["Content-Disposition"]:
                continue
            found[address] = Page(text)
            for link in found[address].links:
                link = urllib.parse.urldefrag(urllib.parse.urljoin(address, link))[0]
                if link.startswith("/") and link not in queued and "done=" not in link:
                    queued.add(link)
                    waiting.append(link)
        return found


# ---- what cannot be ----

def impossible(p, c, method):
    """A value no field of that type takes; None: there is none to be typed. Addresses have no room for long texts."""
    if c.kind == "ticked":
        return None
    if p["type"] == "text" and method == "GET":
        return None if p["multiline"] else "dos\nrenglones"
    return {"text": "x" * (64 * 1024 + 1 if p["long"] else 4001), "int": "doce", "date": "ayer", "amount": "mucho", "currency": "??", "choice": "otra-cosa"}.get(p["type"])


def typed(c, n):
    """Something a person might have typed there."""
    if c.kind == "typed" and int(c.attributes.get("maxlength", "4000")) > 20 and c.attributes.get("type") in (None, "text", "search") and c.attributes.get("inputmode") in (None, "email", "tel"):
        return f"tecleado {n}"
    return c.value


def same_name(a, b):
    return a.replace("-", "_") == b.replace("-", "_")


def again(page, form, pairs):
    """The form of the answer that is the one that was sent; None when it is not there."""
    sent = dict(pairs)
    best = (0, None)
    for f in page.forms:
        score = 100 if (f.method, f.action.split("?")[0]) == (form.method, form.action.split("?")[0]) else 0
        score -= 10 * sum(c.kind == "hidden" and c.name not in ("csrf", "if_match", "was") and sent.get(c.name, c.value) != c.value for c in f.controls)
        score += sum(any(c.name == n for n, _ in pairs) for c in f.told())
        if score > best[0] and f.told():
            best = (score, f)
    return best[1]


def judge(where, c, form, pairs, status, text, is_certain):
    """What is wrong with a refused form's answer."""
    if status in (200, 303) and not is_certain:
        return None
    if status not in (404, 409, 422):
        return f"answered {status}"
    page = Page(text)
    found = again(page, form, pairs)
    if found is None:
        return f"{status} without the form"
    if found.is_shut:
        return "the form is folded away"
    for other in found.told():
        given = [v for n, v in pairs if same_name(n, other.name)]
        if other.kind == "typed" and given and other.value.replace("\r\n", "\n") not in [g.replace("\r\n", "\n") for g in given]:
            return f"{other.name} lost «{given[0][:20]}», holds «{other.value[:20]}»"
        if other.kind == "ticked" and ("checked" in other.attributes) != (other.value in given):
            return f"{other.name} lost its tick"
        if other.kind == "chosen" and given and given[0] in [v for v, _ in other.options] and other.value != given[0]:
            return f"{other.name} lost «{given[0]}», holds «{other.value}»"
    faulty = [f for f in found.controls if f.attributes.get("aria-invalid") == "true"]
    if not faulty:
        if c is not None:
            return f"no field is told at fault ({status})"
        return None if page.focus else "no focus"
    if c is not None and not same_name(faulty[0].name, c.name):
        return f"the fault stands at {faulty[0].name}"
    described = [page.ids.get(i, "").strip() for i in faulty[0].attributes.get("aria-describedby", "").split()]
    if not described or not described[-1]:
        return "no words beside the field"
    if not page.focus or page.focus[1].get("name") != faulty[0].name:
        return f"the focus is at {page.focus and page.focus[1].get('name')}"
    return None


# ---- the tests ----

def all_forms(h):
    """(address, form, way, action), of each kind the one that holds most."""
    kinds = {}
    held = lambda form: sum(bool(c.value) for c in form.told())  # noqa: E731
    for address, page in h.pages().items():
        for form in page.forms:
            for way in dict.fromkeys([(form.method, form.action)] + form.ways):
                a = h.route(*way)
                if not a or not form.told():
                    continue
                kind = (a["verb"], h.route("GET", address)["verb"], tuple(sorted({c.name for c in form.told()})))
                if kind not in kinds or held(form) > held(kinds[kind][1]):
                    kinds[kind] = (address, form, way, a)
    return list(kinds.values())


def test_impossible(h):
    """Each field of each form with a value that cannot be."""
    wrong, tried = [], 0
    for address, form, way, a in all_forms(h):
        params = {p["name"].replace("-", "_"): p for p in a["params"]}
        names = {}
        for c in form.told():
            names.setdefault(c.name, c)
        for name, c in names.items():
            p = params.get(name.replace("-", "_"))
            if not p:
                continue
            bad = impossible(p, c, way[0])
            if bad is None:
                continue
            others = [o for o in form.controls if o.is_sent and o.name != name]
            for fill in (typed, lambda o, i: o.value):
                pairs = [(o.name, fill(o, i) if o.kind == "typed" else o.value) for i, o in enumerate(others)] + [(name, bad)]
                status, _, text = h.send(form, pairs, way, referer=address)
                fault = judge(address, c, form, pairs, status, text, True)
                if not fault or "the fault stands at" not in fault:
                    break
            tried += 1
            if fault:
                wrong.append(f"{address} {' '.join(way)} {name}={bad[:12]}: {fault}")
    check(not wrong, f"{len(wrong)} of {tried}:\n  " + "\n  ".join(wrong))
    check(tried > 150, "fields are found:", tried)
    return f"{tried} fields"


def others_of(form, c, word):
    """Two other values of that field; the second is the one it holds where there are but two."""
    kind = c.attributes.get("type", "text")
    if c.kind == "chosen" or kind == "radio":
        all_of = [v for v, _ in c.options] if c.kind == "chosen" else [o.value for o in form.controls if o.name == c.name]
        now = c.value if c.kind == "chosen" else next((o.value for o in form.controls if o.name == c.name and o.is_sent), "")
        rest = [v for v in all_of if v != now and v] + [now]
        return rest[:2] if len(rest) > 1 else None
    if kind == "email" or c.attributes.get("inputmode") == "email":
        return [f"{word}{n}@ejemplo.co" for n in "ab"]
    if c.attributes.get("inputmode") == "tel":
        return ["+573001234561", "+573001234562"]
    if kind == "url":
        return [f"https://{word}{n}.ejemplo.co/aldia" for n in "ab"]
    if kind == "time":
        return ["05:15", "06:15"]
    if c.kind == "typed" and kind in ("text", "search"):
        return [f"{c.value}\n{word} {n}".strip() if c.tag == "textarea" else f"{word} {n}" for n in ("uno", "dos")]
    return None


def opened(h, address, action, names, cookie):
    """The form as one person reads it now."""
    status, _, text = h.ask("GET", address, cookie=cookie)
    check(status == 200, address, status)
    for form in Page(text).forms:
        if form.action.split("?")[0] == action and {c.name for c in form.told()} == names:
            return form
    raise AssertionError(f"{address} has no form to {action} any more")


def sent_on(h, form, way, pairs, address, cookie):
    """Sends it; by a look beforehand and from there on, where the form leads to one."""
    status, headers, text = h.send(form, pairs, way, cookie=cookie, referer=address)
    if way[0] == "GET" and status == 200:
        for on in Page(text).forms:
            a = h.route(on.method, on.action)
            if on.method == "POST" and a and a["edits"] and not on.told():
                check(any(c.name == "if_match" for c in on.controls), on.action, "does not hand on what was read")
                return h.send(on, on.pairs(), cookie=cookie, referer=way[1])
    return status, headers, text


def approved(h, headers, by):
    """What waits for a second person is approved by one."""
    if not (headers["Location"] or "").startswith("/proposals"):
        return
    for form in Page(h.ask("GET", "/proposals", cookie=by)[2]).forms:
        if form.action.endswith("/approve"):
            status, _, text = h.send(form, form.pairs(), cookie=by, referer="/proposals")
            check(status == 303, form.action, status, text[-300:])


def changed(form, name, value):
    return [(c.name, c.value) for c in form.controls if c.is_sent and c.name != name] + [(name, value)]


def test_together(h):
    """Two people with one form open: the second is told what changed, keeps what was typed, and may then decide."""
    wrong, done = [], []
    edits = {a["verb"] for a in h.actions.values() if a["edits"] and a["path"].startswith("POST") and not a["view"]}
    for address, form, way, a in all_forms(h):
        leads_to = {"calendar preview": "calendar set", "rules preview": "rules set", "sender show": "sender set", "company way preview": "company way set", "company preview": None}.get(a["verb"], a["verb"])
        if not a["edits"] or leads_to not in edits:
            continue
        names = {c.name for c in form.told()}
        other = h.second if leads_to != "me set" else h.admin_too
        for c in form.told():
            values = others_of(form, c, f"palabra{len(done)}")
            if not values:
                continue
            one, two = values
            mine, theirs = opened(h, address, form.action.split("?")[0], names, h.admin), opened(h, address, form.action.split("?")[0], names, other)
            status, headers, text = sent_on(h, mine, way, changed(mine, c.name, one), address, h.admin)
            if status != 303:
                continue
            approved(h, headers, h.second)
            status, _, text = sent_on(h, theirs, way, changed(theirs, c.name, two), address, other)
            page = Page(text)
            again_form = again(page, theirs, changed(theirs, c.name, two))
            was = [v for n, v in theirs.pairs() if n == c.name]
            expected = two if [two] != was else one
            held = [o for o in again_form.controls if o.name == c.name and o.kind in TOLD] if again_form else []
            told = " ".join(page.ids.get(i, "") for o in held for i in o.attributes.get("aria-describedby", "").split())
            label = next((t for v, t in (held[0].labels if held else []) if v == one), one)
            if status != 412:
                wrong.append(f"{leads_to} {c.name}: answered {status}")
            elif not held or expected not in [o.value for o in held if o.is_sent]:
                wrong.append(f"{leads_to} {c.name}: typed was lost: {held and held[0].value!r}")
            elif held[0].kind != "ticked" and expected == two and label.split("\n")[-1] not in told or not told.strip():
                wrong.append(f"{leads_to} {c.name}: not told {label!r} but {told!r}")
            elif not page.focus or page.focus[1].get("name") != c.name:
                wrong.append(f"{leads_to} {c.name}: the focus is at {page.focus}")
            else:
                status, _, text = sent_on(h, again_form, way if way[0] == "GET" else (again_form.method, again_form.action), again_form.pairs(), address, other)
                if status != 303:
                    wrong.append(f"{leads_to} {c.name}: decided, and answered {status}")
                else:
                    done.append(leads_to)
            break
    missed = edits - set(done)
    check(not wrong and not missed, "\n  ".join(wrong), "never tried:", sorted(missed))
    return ", ".join(sorted(set(done)))


def main():
    wanted = sys.argv[1:]
    passed = failed = 0
    house = House()
    try:
        for name, test in list(globals().items()):
            if not name.startswith("test_") or (wanted and name[5:] not in wanted):
                continue
            try:
                said = test(house)
                print(f"ok    {name[5:]}: {said or ''}", flush=True)
                passed += 1
            except AssertionError as fault:
                print(f"FAIL  {name[5:]}: {fault}", flush=True)
                failed += 1
    finally:
        house.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
