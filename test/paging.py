#!/usr/bin/env python3
"""Lists a page at a time, over the table of actions:  test/paging.py [--db postgres]   ($ALDIA, default build-test/aldia)

Every action that answers rows takes limit and after, refuses what is no cursor, and gives the same rows by twos as at once, each once; the
table is the API's own description, so a new list is tried without being named here. The pages lead on and back.
REQ: L1.  Closes with "N passed, N failed"."""
import argparse
import json
import os
import re
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from webhooks import Database, server_url  # noqa: E402
from web import House, actions, check  # noqa: E402

# They hold rows, but are one thing shown whole, not a list that grows with the company.
WHOLE = {
    "call show": "one customer's open items, before a call", "customer show": "one customer's open items", "message show": "the lines of one message",
    "statement show": "a statement", "figures list": "a series over the days asked for, for a chart", "rehearsal": "a day of the rehearsal", "strategy rehearse": "a rehearsal",
    "template lint": "what is wrong with one text", "import sources": "the sources; its history pages",
}
# Lists this house has fewer than three rows of, each with what it has: a walk by ones must do. What a draft changes is walked by
# test/web.py.
SHORT = {"company list": 1, "approval list": 1, "letter list": 2, "strategy changes": 0, "strategy versions": 2}
WALK_MOST = 40  # pages

STRATEGY = """code: recurrente-30
name: Con cartas
steps:
  - {id: claim-1, name: Carta, message: claim, days: 7, channel: letter, fallback: [email]}
  - {id: call, name: Llamada, task: call, days: 8}
  - {id: suspend, name: Suspender, state: suspend, days: 12}
"""


def furnish(h):
    """At least three of everything."""
    h.good("strategy", "apply", h.file("s.yaml", STRATEGY))
    h.good("customer", "import", h.file("t.csv", "code,name\nT1,Te\nT2,Te\nT3,Te\n"))
    rows = "".join(f"T-{i},T{i},2026-01-20,2026-02-09,COP,500\n" for i in (1, 2, 3))
    h.good("invoice", "import", h.file("u.csv", "number,customer_code,issue_date,due_date,currency,amount\n" + rows))
    for c in ("C1", "C2"):
        h.good("customer", "address", c, "--street", "Carrera 7 # 71-21", "--city", "Bogotá")
    for name in ("uno", "dos", "tres"):
        h.good("customer", "import", h.file("m.csv", "Clave;Nombre\nM1;Eme\n"), "--map", "Clave=code", "--mapping", name)
        h.good("strategy", "new", "Otra " + name, "--from", "recurrente-30")
        h.good("key", "create", "--name", name, "--scope", "customer.read")
        h.good("contact", "add", "C3", "--name", name, "--email", name + "@c3.example")
        h.good("invoice", "attach", "F-3", h.file(name + ".xml", f"<a>{name}</a>"))
        h.good("webhook", "add", "--name", name, "--url", "http://127.0.0.1:9/" + name, "--kind", "*")
        h.good("company", "way", "set", name, "--scheme", "text", "--number", "Caja " + name)
        h.good("payment", "record", "--customer", "C7", "--date", "2026-02-17", "--currency", "COP", "--amount", "10", "--external-id", name)
        h.good("note", "add", "C7", "--text", name)
    text = h.good("template", "show", "es/claim/firm-a.txt")["text"]
    for i in (1, 2, 3):
        h.good("template", "set", h.file("t.txt", text + "\n" * i), "--path", "es/claim/firm-a.txt")
    h.good("strategy", "activate", "--from", "2026-01-01")
    h.set_clock("2026-02-18T10:00:00-05:00")
    h.good("run")
    h.good("letter", "print", "--out", os.path.join(h.folder, "l.pdf"))
    for i in (1, 2, 3):
        h.good("hold", "add", "--customer", f"C{i + 2}", "--reason", "feria")
        h.good("promise", "add", "--customer", f"C{i}", "--amount", "10", "--date", "2026-02-27")
        h.good("dispute", "open", "--invoice", f"F-{i + 4}", "--reason", "precio")


def describe(h, key):
    """{verb: (path, has_next)} of the actions whose answer holds rows under `items`, by the description."""
    api = h.ask("GET", "/api/v1/openapi.json", key=key).json

    def plain(schema):
        while "$ref" in schema:
            at = api
            for part in schema["$ref"][2:].split("/"):
                at = at[part]
            schema = at
        return schema

    found = set()
    for path, methods in api["paths"].items():
        content = plain(methods.get("get", {}).get("responses", {}).get("200", {})).get("content", {})
        schema = plain(content.get("application/json", {}).get("schema", {}))
        for one in schema.get("oneOf", []) + schema.get("anyOf", []) + [schema]:
            items = plain(one).get("properties", {}).get("items")
            if items is not None:
                found.add(methods["get"]["operationId"])
    return found


class Lists:
    def __init__(self, h):
        self.h = h
        self.table = {a["verb"]: a for a in actions() if a["path"] and a["path"].startswith("GET ")}
        scopes = sorted({a["needs"] for a in self.table.values()} - {"public", "install", "self", "undeclared"})
        self.key = h.key(*scopes)
        self.cookie = h.user("berta", "admin")
        for name in ("ana", "carla"):
            h.user(name, "admin")
        for name in ("uno", "dos", "tres"):
            token = h.csrf(self.cookie)
            made = h.form("/filters", {"csrf": token, "name": name, "state": "overdue"}, cookie=self.cookie)
            check(made.status == 303, "a filter", made.status, made.text[-300:])
        for _ in range(2):
            h.sign_in("berta", "una frase bien larga berta")
        asking = h.key(*{a["needs"] for a in actions() if a["verb"] in ("invoice write-off", "change begin")})
        for _ in range(3):  # one after the other
            begun = h.ask("POST", "/api/v1/customers/changes", json.dumps({"do": "hold", "reason": "lista", "matching": True, "state": "promised"}),
                          {"Content-Type": "application/json"}, key=asking)
            check(begun.status == 200, "a change of many", begun.status, begun.text[:300])
            until = time.time() + 60
            while h.ask("GET", f"/api/v1/customers/changes/{begun.json['id']}", key=self.key).json["working"]:
                check(time.time() < until, "a change of many ends")
                time.sleep(0.1)
        for n in ("F-1", "F-2", "F-3"):
            asked = h.ask("POST", f"/api/v1/invoices/{n}/write-off", json.dumps({"reason": "x"}), {"Content-Type": "application/json"}, key=asking)
            check(asked.status == 200, "a proposal", asked.status, asked.text[:300])
        described = describe(h, self.key)
        self.verbs = sorted(v for v in self.table if v.replace(" ", "_") in described)

    def address(self, verb):
        names = {"customer": "C3", "number": "F-3", "code": "C7", "id": "1"}
        if verb.startswith("strategy"):
            names["code"] = "recurrente-30"
        path = re.sub(r"{([^}]+)}", lambda m: names[m.group(1)], self.table[verb]["path"][4:])
        return path + {"template history": "?path=es/claim/firm-a.txt", "report ageing": "?by=customer", "strategy changes": "?days=10"}.get(verb, "")

    def ask(self, verb, **query):
        address = self.address(verb)
        if query:
            address += ("&" if "?" in address else "?") + urllib.parse.urlencode(query)
        who = {"cookie": self.cookie} if verb == "filter list" or self.table[verb]["needs"] == "self" else {"key": self.key}
        return self.h.ask("GET", "/api/v1" + address, **who)

    def walk(self, verb, limit):
        rows, after = [], None
        for _ in range(WALK_MOST):
            answer = self.ask(verb, limit=limit, **({"after": after} if after is not None else {}))
            check(answer.status == 200, verb, "after", after, ":", answer.status, answer.text[:300])
            page = answer.json
            check(len(page["items"]) <= limit or verb == "customer list", verb, "gives", len(page["items"]), "rows for", limit)
            rows += page["items"]
            after = page["next"]
            if after is None:
                return [stable(r) for r in rows]
        raise AssertionError(f"{verb}: no end after {WALK_MOST} pages")


def stable(row):
    """A row without what changes by being asked for."""
    return json.dumps({k: v for k, v in row.items() if k not in ("seen_at", "last_seen_at", "last_used_at", "last_address", "deliveries")}, sort_keys=True)


def test_declared(lists):
    """Whatever answers rows takes limit and after."""
    check(len(lists.verbs) > 25, "few lists:", lists.verbs)
    bare = [v for v in lists.verbs if v not in WHOLE and not {"limit", "after"} <= {p["name"] for p in lists.table[v]["params"]}]
    check(not bare, "lists without limit and after:", bare)
    gone = [v for v in WHOLE if v not in lists.table]
    check(not gone, "no such action any more:", gone)


def test_walks(lists):
    for verb in (v for v in lists.verbs if v not in WHOLE):
        whole = lists.walk(verb, 500)
        check(len(whole) >= SHORT.get(verb, 3), verb, "has only", len(whole), "rows here: that proves nothing")
        for limit in (1, 2) if len(whole) <= 30 else (len(whole) // 5, 100):
            walked = lists.walk(verb, limit)
            if walked != whole:  # asking is noted too, in the list of who came in: once more, now that it is
                whole = lists.walk(verb, 500)
                walked = lists.walk(verb, limit)
            check(len(set(walked)) == len(walked), verb, "gives a row twice by", limit)
            check(walked == whole, verb, "by", limit, "differs:", len(walked), "rows instead of", len(whole))
        print(f"    {verb}: {len(whole)}", flush=True)


def test_refusals(lists):
    for verb in (v for v in lists.verbs if v not in WHOLE):
        for wrong in ({"after": "nada"}, {"after": "-3"}, {"limit": "0"}, {"limit": "-1"}, {"limit": "501"}, {"limit": "x"}):
            answer = lists.ask(verb, **wrong)
            check(answer.status == 422, verb, wrong, answer.status, answer.text[:200])
            fault = answer.json["error"]
            check(fault["field"] in wrong and fault["message"], verb, wrong, fault)


def test_steady(lists):
    """A row that comes or goes between two pages moves no other."""
    h = lists.h
    before = lists.walk("contact list", 500)
    first = lists.ask("contact list", limit=2).json
    gone = first["items"][1]["id"]
    h.good("contact", "remove", str(gone))
    rest = lists.ask("contact list", limit=50, after=first["next"]).json
    check([stable(r) for r in rest["items"]] == before[2:], "the rest of the contacts", rest["items"], before)
    people = lists.ask("user list", limit=2).json
    h.good("user", "add", "aaa", "--role", "collector")
    rest = lists.ask("user list", limit=50, after=people["next"]).json
    check("aaa" not in [u["login"] for u in rest["items"]] and people["items"][-1]["login"] < rest["items"][0]["login"], "people", rest["items"])


def test_commands(lists):
    """The command line takes the same two and is complete without them."""
    for words in (("promise", "list"), ("user", "list"), ("audit", "list"), ("contact", "list", "C3")):
        whole, walked, after = lists.h.good(*words)["items"], [], None
        check(len(whole) >= 3, words, len(whole))
        while True:
            page = lists.h.good(*words, "--limit", "2", *(["--after", after] if after else []))
            walked += page["items"]
            after = page["next"]
            if after is None:
                break
        check([stable(r) for r in walked] == [stable(r) for r in whole], words, len(walked), "rows instead of", len(whole))
        refused = lists.h.run(*words, "--after", "nada")
        check(refused.returncode == 65, words, refused.returncode, refused.stderr)


def way(text, rel):
    found = re.search(r'<a class="btn" rel="%s" href="([^"]+)"' % rel, text)
    return found.group(1).replace("&amp;", "&") if found else None


def body(text):
    found = re.search(r"<tbody.*</tbody>", text, re.S)
    check(found, "no rows:", text[-1500:])
    return found.group(0)


def test_pages(lists):
    """A page leads on to the last and back to the first, by the same rows; other choices stay in the address."""
    def show(address):
        answer = lists.h.ask("GET", address, cookie=lists.cookie)
        check(answer.status == 200, address, answer.status)
        return answer.text

    for address in ("/promises?open=1&limit=1", "/holds?limit=1", "/portfolio?sort=name&all=1&limit=2", "/users?limit=1", "/audit?limit=5", "/messages/recent?limit=1"):
        seen, trail, at = [], [], address
        for _ in range(60):
            text = show(at)
            seen.append(re.sub(r'name="csrf" value="\w+"', "", body(text)))
            trail.append(at)
            check("limit=" in at and (at == address or "after=" in at), "the address lost what was chosen:", at)
            if not way(text, "next") or len(trail) == 5:
                break
            at = way(text, "next")
        check(len(trail) > 2 and len(set(seen)) == len(seen), address, "leads to", len(trail), "pages,", len(set(seen)), "different")
        for back in range(len(trail) - 2, -1, -1):
            at = way(show(at), "prev")
            check(at is not None, address, "no way back to page", back + 1)
            check(re.sub(r'name="csrf" value="\w+"', "", body(show(at))) == seen[back], address, "page", back + 1, "differs on the way back")
        check(way(show(at), "prev") is None and "after=" not in at, "before the first page:", at)
    strange = show("/holds?limit=1&after=1&trail=%3Cb%3E+x%20%20%20")
    check("<b>" not in body(strange), "the trail is echoed")


TESTS = [test_declared, test_walks, test_refusals, test_steady, test_commands, test_pages]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", default="sqlite")
    url = server_url(parser.parse_args().db)
    database = Database(url) if url else None
    h = House("letters = on\nfour_eyes = on\nwebhook_private = 127.0.0.1\nwebhook_plain_http = on\n", 7, db=database.create() if database else None)
    passed = failed = 0
    try:
        furnish(h)
        h.serve()
        lists = Lists(h)
        for test in TESTS:
            try:
                test(lists)
                passed += 1
                print(f"ok {test.__name__[5:]}", flush=True)
            except Exception as e:  # noqa: BLE001
                failed += 1
                print(f"not ok {test.__name__[5:]}: {type(e).__name__}: {str(e)[:1500]}", flush=True)
    finally:
        h.close()
        if database:
            database.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
