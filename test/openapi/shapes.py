"""Shapes of JSON values in the notation of src/web/answers.txt (src/web/openapi_answer.h): inferred from values, merged, read and written."""
import re

MAPS = {"held", "data", "by_day", "by_step", "by_channel", "tasks_by_day", "tasks_by_step", "deferred", "arguments", "reason_data"}  # members whose names are data
ALWAYS = re.compile(r"(^|_)(at|date|from|to|since|monday|day)$")  # days and moments that are never missing
WIDER = {("date", "text"), ("instant", "text"), ("money", "text"), ("currency", "text"), ("int", "number"), ("date", "instant"), ("date", "money"), ("date", "currency"), ("money", "currency")}
MONEY = re.compile(r"-?\d+(\.\d+)?")
MONEY_KEYS = re.compile(r"(^|_)(amount|open|total|overdue|unapplied|not_due|older|paid|days_\d+|sum|balance|collected|promised|debit|credit|net|limit|owed|due_sum)($|_)")


class Shape:
    def __init__(self):
        self.nullable, self.words, self.members, self.objects, self.others, self.item = False, set(), None, 0, None, None


def word_of(text, key):
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return "date"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return "instant"
    if key.endswith("currency") and re.fullmatch(r"[A-Z]{3}", text):
        return "currency"
    if MONEY_KEYS.search(key) and MONEY.fullmatch(text):
        return "money"
    return "text"


def infer(value, key=""):
    s = Shape()
    if value is None:
        s.nullable = True
    elif isinstance(value, bool):
        s.words.add("bool")
    elif isinstance(value, int):
        s.words.add("int")
    elif isinstance(value, float):
        s.words.add("number")
    elif isinstance(value, str):
        s.words.add(word_of(value, key))
    elif isinstance(value, list):
        s.item = Shape()
        for one in value:
            merge(s.item, infer(one, key))
    else:
        s.objects, s.members = 1, {}
        if key in MAPS or any(not re.fullmatch(r"[a-z][a-z0-9_]*", k) for k in value):
            s.others = Shape()
            for one in value.values():
                merge(s.others, infer(one))
        else:
            for k, one in value.items():
                s.members[k] = (infer(one, k), 1)
    return s


def merge(a, b):
    """Widens a to hold b too."""
    a.nullable |= b.nullable
    a.words |= b.words
    for narrow, wide in (("int", "number"),):
        if wide in a.words:
            a.words.discard(narrow)
    texts = a.words & {"text", "date", "instant", "money", "currency"}
    if len(texts) > 1:
        a.words = (a.words - texts) | {"text"}
    if b.item is not None:
        if a.item is None:
            a.item = Shape()
        merge(a.item, b.item)
    if b.members is not None:
        if a.members is None:
            a.members, a.objects, a.others = {}, 0, None
        for k, (shape, n) in b.members.items():
            if k in a.members:
                merge(a.members[k][0], shape)
                a.members[k] = (a.members[k][0], a.members[k][1] + n)
            else:
                a.members[k] = (shape, n)
        a.objects += b.objects
        if b.others is not None:
            if a.others is None:
                a.others = Shape()
            merge(a.others, b.others)
    return a


def lonely(key):
    """What a member is that was never seen with a value."""
    return "?instant" if re.search(r"(_at|^ended|^since)$", key) else "?date" if re.search(r"(date|until|posted|delivered)$", key) else "?text"


def write(s, key=""):
    parts = sorted(s.words)
    if parts and parts[0] in ("date", "instant") and not (ALWAYS.search(key) and not re.search(r"(seen|used|tried|handed|finished|ended|decided|closed|delivered|last|expires|off|next|promise|oldest|run|scheduled)_", key)):
        s.nullable = True
    if s.members is not None:
        if not key and set(s.members) >= {"items", "next"} and not s.members["next"][0].words:
            s.members["next"][0].words, s.members["next"][0].nullable = {"text"}, True
        inner = " ".join(("" if n >= s.objects else "?") + f"{k}:{write(shape, k)}" for k, (shape, n) in s.members.items())
        if s.others is not None and not s.members:
            inner = "*:" + write(s.others)
        parts.append("{" + inner + "}")
    if s.item is not None:
        parts.append("[" + write(s.item, key) + "]")
    mark = "?" if s.nullable else ""
    if not parts:
        return lonely(key) if s.nullable else "any"
    return mark + (parts[0] if len(parts) == 1 else "(" + " | ".join(parts) + ")")


def read(text):
    s, rest = _read(text, 0)
    if text[rest:].strip():
        raise ValueError(text[rest:])
    return s


def _skip(t, i):
    while i < len(t) and t[i] == " ":
        i += 1
    return i


def _read(t, i):
    i, s = _skip(t, i), Shape()
    if t[i] == "?":
        s.nullable, i = True, _skip(t, i + 1)
    if t[i] == "{":
        s.members, s.objects = {}, 1000000
        i = _skip(t, i + 1)
        while t[i] != "}":
            optional = t[i] == "?"
            i += optional
            name = re.compile(r"[^\s:{}\[\]()|?]+").match(t, i).group(0)
            shape, i = _read(t, i + len(name) + 1)
            if name == "*":
                s.others = shape
            else:
                s.members[name] = (shape, 0 if optional else 1000000)
            i = _skip(t, i)
        return s, i + 1
    if t[i] == "[":
        s.item, i = _read(t, i + 1)
        return s, _skip(t, i) + 1
    if t[i] == "(":
        while t[i] in "(|":
            one, i = _read(t, i + 1)
            merge(s, one)
            i = _skip(t, i)
        return s, i + 1
    name = re.compile(r"[a-z]+").match(t, i).group(0)
    if name == "null":
        s.nullable = True
    elif name != "any":
        s.words.add(name)
    return s, i + len(name)


def wrap(line, width=150):
    """A line of answers.txt, going on behind blanks."""
    out, words, now = [], line.split(" "), ""
    for w in words:
        if now and len(now) + 1 + len(w) > width:
            out.append(now)
            now = "   " + w
        else:
            now = now + " " + w if now else w
    return "\n".join(out + [now])
