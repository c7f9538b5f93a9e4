"""Comparing what came with what was expected; every difference is a Failed with both sides."""
import decimal
import json
import re

from world import Failed


def number(text):
    try:
        return decimal.Decimal(str(text))
    except decimal.InvalidOperation:
        return None


def equal(got, wanted):
    """Numbers compare as numbers (100000 = "100000.00"), true/false/null by name, the rest as text."""
    if isinstance(got, bool) or got is None:
        return {True: "true", False: "false", None: "null"}[got] == wanted
    if isinstance(got, list) and wanted in ("[]", "none"):
        return got == []
    a, b = number(got), number(wanted)
    if a is not None and b is not None:
        return a == b
    return str(got) == wanted


def one(got, operator, wanted, what):
    if operator == "=":
        good = equal(got, wanted)
    elif operator == "!=":
        good = not equal(got, wanted)
    else:
        text = got if isinstance(got, str) else json.dumps(got, ensure_ascii=False)
        inside = re.sub(r"\s+", " ", wanted) in re.sub(r"\s+", " ", text)
        good = inside if operator == "~" else not inside
    if not good:
        raise Failed(f"{what} {operator} {wanted}", got if isinstance(got, str) else json.dumps(got, ensure_ascii=False)[:1500])


MISSING = object()


def at_path(value, path):
    """`a.b[0].c`, `items[number=F-1].open`, `items.length`; keys may hold upper case (held.WINDOW)."""
    for part in re.findall(r"\[[^\]]*\]|[^.\[\]]+", path):
        if part.startswith("["):
            inner = part[1:-1]
            if "=" in inner:
                key, wanted = inner.split("=", 1)
                value = next((v for v in value if equal(v.get(key), wanted)), MISSING) if isinstance(value, list) else MISSING
            else:
                value = value[int(inner)] if isinstance(value, list) and -len(value) <= int(inner) < len(value) else MISSING
        elif part == "length":
            value = len(value)
        else:
            value = value.get(part, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            return "(missing)"
    return value


def fields(found, expected, what):
    """Counts that are absent are zero: `held.CAP=0` holds when there is no CAP at all."""
    for field, operator, wanted in expected:
        got = at_path(found, field)
        if got == "(missing)" and field.startswith("held."):
            got = 0
        try:
            one(got, operator, wanted, f"{field} of {what}")
        except Failed as failed:
            raise Failed(failed.expected, f"{failed.got} in {json.dumps(found, ensure_ascii=False)[:800]}")


def import_adds_up(found, booked):
    """I11: every row is booked, a duplicate or rejected; each error says where and why."""
    for key in ("rows", "booked", "duplicate", "rejected"):
        if not isinstance(found.get(key), int):
            raise Failed(f"a count “{key}” in the import's answer", found)
    if not isinstance(found.get("errors"), list):
        raise Failed("errors[] in the import's answer", found)
    if booked and found["rows"] != found["booked"] + found["duplicate"] + found["rejected"]:
        raise Failed("rows = booked + duplicate + rejected", found)
    for error in found["errors"]:
        missing = [k for k in ("line", "field", "code", "message", "hint") if k not in error]
        if missing:
            raise Failed("line, field, code, message and hint in each error", error)


def refused(result, found, expected):
    if found["booked"] != 0:
        raise Failed("nothing booked from a refused file", found)
    if not found["errors"]:
        raise Failed("errors[] on stdout", found)
    try:
        shown = json.loads(result.err)["error"]
    except (ValueError, KeyError, TypeError):
        raise Failed("the first error as the error object on stderr", result.err[:500])
    first = found["errors"][0]
    if shown.get("code") != first["code"] or shown.get("field") != first["field"] or first["message"] not in shown.get("message", ""):
        raise Failed(f"stderr to show {found['errors'][0]}", shown)
    count = [v for f, _, v in expected if f == "errors"]
    if count and len(found["errors"]) != int(count[0]):
        raise Failed(f"{count[0]} errors", found["errors"])
    wanted = [e for e in expected if e[0] not in ("errors", "rows", "rejected", "duplicate")]
    fields(found, [e for e in expected if e[0] in ("rows", "rejected", "duplicate")], "the refused import")
    for error in found["errors"]:
        if all(quiet(error.get(f, "(missing)"), o, v) for f, o, v in wanted):
            return
    raise Failed("an error with " + " ".join(f"{f}{o}{v}" for f, o, v in wanted), found["errors"])


def quiet(got, operator, wanted):
    try:
        one(got, operator, wanted, "")
        return True
    except Failed:
        return False


def clean(result):
    found = result.json() if result.out.strip() else {}
    if result.code != 0 or found.get("ok") is not True or found.get("differences") != []:
        raise Failed("a clean verify", str(result))
    if not isinstance(found.get("checked"), dict):
        raise Failed("“checked” counts from verify", found)


def message_key(message, with_date):
    items = sorted((i["number"], str(i.get("instalment")), number(i["open"]).normalize()) for i in message["items"])
    date = message["date"] if with_date else ""
    return (date, message["customer"], message["to"], message["step"], number(message["total"]).normalize(), tuple(items))


def same_messages(rehearsed, real):
    """Message by message: date, customer, address, step, total and every listed item with its open amount."""
    a = sorted(message_key(m, True) for m in rehearsed)
    b = sorted(message_key(m, True) for m in real)
    only_rehearsed = [k for k in a if k not in b]
    only_real = [k for k in b if k not in a]
    if only_rehearsed or only_real or len(a) != len(b):
        raise Failed(f"{len(a)} rehearsed messages to be sent; only rehearsed: {only_rehearsed[:4]}", f"{len(b)} sent; only sent: {only_real[:4]}")
