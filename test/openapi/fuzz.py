"""Calls nobody would write, made from the description: right by it, wrong in every way, or with members it does not know.

Every answer becomes a sample that check.mjs holds against the description, statuses and bodies; what no schema says is looked at here. What
earlier answers named (codes, numbers, logins) is used again, so that some calls reach deep. The same seed makes the same calls."""
import json
import random
import re
import urllib.parse

TEXTS = ["", "x", "0", " ", "ñandú", "<script>alert(1)</script>", "{{x}}", "=1+1", "'; drop table customer;--", "a" * 5000, "a" * 3000, "\0", "\n\r\t",
         "\u202e", "\ud800", "😀" * 50, "%s%n", "../../etc/passwd", "-", "--", "null", "true", "2026-02-30", "9999-12-31", "0000-00-00", "-1", "1e9",
         "1.234", "1,234", "1.234,56", "99999999999999999999", "NaN", "0.00", "0.001", "1000", "1", "10.5", "all", "*", "COP", "EUR", "ZZZ",
         "a@b.example", "http://127.0.0.1/", "file:///etc/passwd", "es", "\\", "\"", "٣", "１２"]
VALUES = [None, True, False, 0, -1, 1, 2**31, 2**63, -2**63, 2**64, 1.5, 1e308, [], {}, [[]], {"a": 1}, "", [None], [1], ["x"] * 300]
BODIES = ["[]", "null", "\"x\"", "1", "{", "[1", "{\"a\":1,\"a\":2}", "{" * 5000, "{\"a\":" * 3000, "nul", "\xff", "{}{}", "\ufeff{}"]
FOREIGN = ["id", "company_id", "company", "role", "is_admin", "created_by", "actor", "approved", "state", "status", "password", "zz", "csrf", "if_match",
           "data", "db", "__proto__", "lang", "json", "yes", "quiet", "clock_file"]
# What would end the test itself, or takes longer than all the rest.
LEFT_OUT = {"run", "verify", "demo_advance", "me_password", "key_revoke", "health", "user_disable", "user_reset-password", "user_erase", "user_remove"}
ALIKE = {"customer": "code", "invoice": "number", "item": "number", "from": "date", "to": "login", "on": "date", "until": "date"}


class Fuzz:
    def __init__(self, teller, doc, seed):
        self.t, self.doc, self.chance, self.seen, self.faults = teller, doc, random.Random(seed), {}, []
        self.calls = [(path, method, o) for path, methods in doc["paths"].items() for method, o in methods.items() if o["operationId"] not in LEFT_OUT]

    def resolve(self, value):
        while "$ref" in value:
            at = self.doc
            for key in value["$ref"][2:].split("/"):
                at = at[key.replace("~1", "/").replace("~0", "~")]
            value = at
        return value

    def learn(self, value, name=None):
        if isinstance(value, dict):
            for key, one in value.items():
                self.learn(one, key)
        elif isinstance(value, list):
            for one in value:
                self.learn(one, name)
        elif value is not None and not isinstance(value, bool) and name:
            known = self.seen.setdefault(name, [])
            if value not in known and len(known) < 40:
                known.append(value)

    def right(self, name, schema):
        c = self.chance
        known = self.seen.get(name) or self.seen.get(ALIKE.get(name))
        if known and c.random() < 0.6:
            return c.choice(known)
        if "enum" in schema:
            return c.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "integer":
            return c.choice([schema.get("minimum", 1), schema.get("maximum", 5), 1, 2, 3, 7, 30])
        if kind == "boolean":
            return c.choice([True, False])
        if kind == "array":
            return [self.right(name, schema.get("items", {})) for _ in range(c.choice([1, 1, 2, 3]))]
        if schema.get("format") == "date":
            return c.choice(["2026-11-22", "2026-11-01", "2026-12-31", "2025-01-31"])
        if schema.get("examples") and c.random() < 0.6:
            return c.choice(schema["examples"])
        return c.choice([x for x in TEXTS if len(x) <= schema.get("maxLength", 4000)])

    def wrong(self):
        return self.chance.choice(VALUES) if self.chance.random() < 0.4 else self.chance.choice(TEXTS)

    def value(self, name, schema, mode, how_right):
        return self.wrong() if mode == "wrong" and self.chance.random() > how_right else self.right(name, self.resolve(schema))

    def address(self, path, o, mode):
        query = []
        for p in (self.resolve(p) for p in o["parameters"]):
            if p["in"] == "path":
                filled = written(self.value(p["name"], p["schema"], mode, 0.6)) or "x"
                path = path.replace("{" + p["name"] + "}", quoted("x" if filled in (".", "..") else filled))
            elif p["in"] == "query" and (p.get("required") and mode != "wrong" or self.chance.random() < 0.35):
                value = self.value(p["name"], p["schema"], mode, 0.5)
                query += [(p["name"], written(one)) for one in (value if isinstance(value, list) else [value])]
        if mode == "foreign":
            query.append(("zz_unknown", "1"))
        return path + ("?" + "&".join(f"{k}={quoted(v)}" for k, v in query) if query else "")

    def body(self, o, mode):
        content = self.resolve(o.get("requestBody", {})).get("content", {})
        schema = self.resolve(content.get("application/json", {}).get("schema", {}))
        members = schema.get("properties", {})
        if mode == "wrong" and self.chance.random() < 0.1:
            return self.chance.choice(BODIES).encode("utf-8" if self.chance.random() < 0.5 else "utf-16")
        made = {}
        for name, one in members.items():
            if name in schema.get("required", []) and (mode != "wrong" or self.chance.random() < 0.8) or self.chance.random() < 0.35:
                made[name] = self.value(name, one, mode, 0.5)
        if mode == "foreign":
            made.update({k: self.chance.choice([1, "x", True, None]) for k in self.chance.sample(FOREIGN, 3) if k not in members})
        return json.dumps(made).encode()

    def call(self, path, method, o):
        mode = self.chance.choice(["right", "right", "wrong", "wrong", "foreign"])
        address, body, headers = self.address(path, o, mode), None, {}
        if method == "post":
            body, headers = self.body(o, mode), {"Content-Type": "application/json"}
            if self.chance.random() < 0.2:
                headers["Idempotency-Key"] = self.chance.choice(["a", "x" * 300, "k%d" % self.chance.randrange(1 << 30), "ñ", ""])
            if self.chance.random() < 0.1:
                headers["If-Match"] = self.chance.choice(['"0"', "*", "x", "", 'W/"1"'])
        answer = self.t.ask(method.upper(), address, body, headers)
        self.look(o["operationId"], mode, f"{method} {address[:300]} {body[:300] if body else ''}", answer)

    def look(self, name, mode, what, answer):
        def fault(why):
            self.faults.append(f"{name}: {why}: {what} → {answer.status} {answer.body[:300]}")

        if mode == "foreign" and answer.status < 400:
            fault("a member it does not know was taken")
        if answer.status == 200 and (answer.headers["Content-Type"] or "").startswith("application/json"):
            self.learn(answer.json)
            if what.startswith("get") and not answer.headers["ETag"]:
                fault("an answer without ETag")
        if answer.status < 400:
            return
        error = answer.json["error"]
        if answer.status == 422 and not error["field"] and not re.match("the JSON|the body is no JSON|more than|the address", error["message"]):
            fault("a refusal that names no field")
        if "/upload/" in error["message"] + error["hint"] or self.t.h.data in answer.text:
            fault("a folder of the server is told")
        if error["code"] != {401: "DENIED", 403: "DENIED", 404: "NOT_FOUND", 409: "CONFLICT", 412: "CONFLICT", 500: "INTERNAL", 502: "REMOTE", 503: "BUSY"}.get(answer.status, "INVALID"):
            fault("code and status differ")


def written(value):
    return value if isinstance(value, str) else json.dumps(value)


def quoted(text):
    return urllib.parse.quote(text.encode("utf-8", "surrogatepass"), safe="")


def run(teller, doc, seed, rounds):
    """Faults no schema would tell; the samples are with the teller."""
    f = Fuzz(teller, doc, seed)
    for path, method, o in f.calls:
        if method == "get" and "{" not in path:
            f.look(o["operationId"], "right", f"get {path}", teller.get(path))
    for _ in range(rounds):
        f.chance.shuffle(f.calls)
        for one in f.calls:
            f.call(*one)
    return f.faults
