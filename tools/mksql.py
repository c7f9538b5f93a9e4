#!/usr/bin/env python3
"""Turn a file of named queries into typed C functions.

    mksql.py IN.sql OUT_sql.h OUT_sql.c

A query of the file:

    --: customer_by_code maybe
    --: code text -> id id, name text, credit_limit money?, updated_at stamp
    -- What follows here, up to the SQL, is copied into the header.
    SELECT id, name, credit_limit, updated_at FROM customer WHERE company_id = :company AND code = :code;

First line: NAME KIND [bulk|lookup|bounded], KIND one | maybe | many | exec. The next `--:` lines: parameters -> columns, each `name type`,
a `?` behind the type when it may be NULL; `-> like OTHER` takes over the row of an earlier query of the file, `like OTHER -> like OTHER`
its parameters and its cursor too, so that one loop reads either: only the opening has a name of its own. `:company` and `:now` come from
the context and are not listed. A variant for PostgreSQL may follow beneath a line `--@pg`. `x @among :ids` holds for the ids of a text such
as "1,2,3" (a `many` without @seen has a text of its own for a single id); `c.id @seen` for the customers the caller may see, which every
query for a person's eyes asks (`@seen_row`: of each row on its own, where a LIMIT ends the search early).

What several queries of the file share is written once, ahead of them, and stands in each as @@NAME:

    --: fragment customer_columns
    c.id, c.code, c.name
    --: customer_first maybe
    --: -> id id, code text, name text
    SELECT @@customer_columns FROM customer c WHERE c.company_id = :company ORDER BY c.id LIMIT 1;

Types: id int money (int64_t) bool date stamp text json blob (Str) currency real. What NULL looks like is told in store/stmt.h.
docs/howto/add-a-query.md walks through an example."""
import os
import re
import sys

C_TYPES = {"id": "int64_t", "int": "int64_t", "money": "int64_t", "bool": "bool", "date": "Date", "stamp": "Instant",
           "text": "Str", "json": "Str", "blob": "Str", "currency": "Currency", "real": "double"}
KINDS = {"id": "SQL_INT", "int": "SQL_INT", "money": "SQL_INT", "bool": "SQL_BOOL", "date": "SQL_DATE",
         "stamp": "SQL_STAMP", "text": "SQL_TEXT", "json": "SQL_TEXT", "blob": "SQL_BLOB", "currency": "SQL_CURRENCY",
         "real": "SQL_REAL"}
PG_ARRAYS = {"text": "text[]", "json": "text[]", "currency": "text[]", "blob": "bytea[]", "real": "float8[]"}
HAS_FLAG = {"id", "int", "money", "bool", "real"}  # no value of theirs can stand for NULL
IMPLICIT = {"company": "SQL_COMPANY", "now": "SQL_NOW", "viewer": "SQL_VIEWER", "viewer_team": "SQL_VIEWER_TEAM"}
MOST_PARAMS = 96  # SQL_PARAMS_MAX in store/driver.h

C_WORDS = set("auto break case char const continue default do double else enum extern float for goto if inline int long "
              "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile "
              "while bool true false asm typeof".split())

TOKEN = re.compile(r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<cast>::)
  | (?P<param>:[A-Za-z_]\w*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<other>.)
""", re.X | re.S)


class Problem(Exception):
    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Value:
    def __init__(self, name, type_name, nullable):
        self.name, self.type, self.nullable = name, type_name, nullable
        self.has = nullable and type_name in HAS_FLAG


class Query:
    def __init__(self, line, name, kind, mark):
        self.line, self.name, self.kind = line, name, kind
        self.bulk, self.lookup = mark == "bulk", mark == "lookup"
        self.params, self.columns, self.like = [], [], None
        self.twin = None  # whose parameters and cursor are taken over
        self.docs, self.sqlite, self.postgres = [], None, None
        self.sqlite_all, self.postgres_all = None, None  # for who sees all customers; None without @seen
        self.among, self.sqlite_one = None, None  # the ids of a `many` with @among and without @seen; its text where it is one id
        self.bounded = mark == "bounded"  # few rows, read to the end before anything is written; those of an @among always


def tokens(sql):
    """(sort, text) pairs; comments and white space become one space."""
    out = []
    for m in TOKEN.finditer(sql):
        if m.lastgroup == "space":
            if out and out[-1] != ("space", " "):
                out.append(("space", " "))
        else:
            out.append((m.lastgroup, m.group()))
    while out and out[-1][0] == "space":
        out.pop()
    return out


def parse_values(text, line, what):
    values, seen = [], set()
    for part in (p.strip() for p in text.split(",")):
        m = re.fullmatch(r"(\w+)\s+(\w+)(\??)", part)
        if not m:
            raise Problem(line, f"{what} '{part}' is not NAME TYPE")
        name, type_name, mark = m.groups()
        if type_name not in C_TYPES:
            raise Problem(line, f"unknown type '{type_name}' of {what} {name}; known: {' '.join(C_TYPES)}")
        if name in C_WORDS:
            raise Problem(line, f"{what} '{name}' is a word of C; rename it with AS")
        if name in seen:
            raise Problem(line, f"{what} '{name}' is listed twice")
        if what == "parameter" and name in IMPLICIT:
            raise Problem(line, f"parameter '{name}' is implicit and must not be listed")
        seen.add(name)
        values.append(Value(name, type_name, bool(mark)))
    return values


def parse_head(text, line):
    m = re.fullmatch(r"(\w+)\s+(one|maybe|many|exec)(?:\s+(bulk|lookup|bounded))?", text.strip())
    if not m:
        raise Problem(line, f"'{text.strip()}' is not NAME one|maybe|many|exec [bulk|lookup|bounded]")
    return Query(line, m.group(1), m.group(2), m.group(3))


def find_like(text, line, by_name):
    other = by_name.get(text[5:].strip())
    if not other:
        raise Problem(line, f"'{text}' names no earlier query of this file")
    return other


def parse_signature(query, text, by_name):
    left, arrow, right = text.partition("->")
    left, right = left.strip(), right.strip()
    if left.startswith("like "):
        if right != left:
            raise Problem(query.line, f"who takes the parameters of a query takes its row: '{left} -> {left}'")
        other = find_like(left, query.line, by_name)
        query.twin, query.params = other.twin or other, other.params
        if query.kind != query.twin.kind or query.bulk or query.lookup:
            raise Problem(query.line, f"{query.name} is not of the kind of {query.twin.name}")
    elif left:
        query.params = parse_values(left, query.line, "parameter")
    if right.startswith("like "):
        other = find_like(right, query.line, by_name)
        query.like, query.columns = other.like or other, other.columns
    elif right:
        query.columns = parse_values(right, query.line, "column")


AMONG = {"sqlite": r"IN (SELECT value FROM json_each('[' || :\1 || ']'))",
         "postgres": r"= ANY (string_to_array(:\1, ',')::bigint[])",
         "sqlite one": r"= CAST(:\1 AS INTEGER)"}  # of a single id: no set is made of it, which SQLite does anew for every query


# The customers whose collector or seller is one of the viewer's codes, or of the viewer's team (account/actor.h). As a set, from
# which SQL may start, or asked of a row alone, as in every `maybe`. `<> ''` leads to the index of those who have one.
CODES = ("(SELECT sm.code FROM membership sm WHERE sm.company_id = :company AND sm.code <> '' "
         "AND (sm.user_id = :viewer OR (:viewer_team <> 0 AND sm.team_id = :viewer_team)))")
SEEN = (r"\1 IN (SELECT sc.id FROM customer sc WHERE sc.company_id = :company AND sc.collector <> '' AND sc.collector IN " + CODES +
        r" UNION ALL SELECT sc.id FROM customer sc WHERE sc.company_id = :company AND sc.seller <> '' AND sc.seller IN " + CODES + ")")
SEEN_ROW = (r"EXISTS (SELECT 1 FROM customer sc WHERE sc.company_id = :company AND sc.id = \1 AND (sc.collector IN " + CODES +
            " OR sc.seller IN " + CODES + "))")


def seen(text, kind, line, sees_all):
    """`c.id @seen` and `c.id @seen_row` written out."""
    def one(m):
        what, row = m.group(1), m.group(2) or kind == "maybe"
        if row and "." not in what:
            raise Problem(line, f"'{what} @seen' asked of a row: say of which table")
        return "1 = 1" if sees_all else m.expand(SEEN_ROW if row else SEEN)
    return re.sub(r"([\w.]+)\s+@seen(_row)?\b", one, text)


IDS = re.compile(r"@among\s+:(\w+)")


def split_sql(lines, query, engine, sees_all=False):
    """The one statement of these lines, without its semicolon, its @among and @seen written out."""
    text = IDS.sub(AMONG[engine], "\n".join(lines))
    parts = tokens(seen(text, query.kind, query.line, sees_all))
    while parts and parts[0][0] == "space":
        parts.pop(0)
    ends = [i for i, t in enumerate(parts) if t == ("other", ";")]
    if not parts:
        raise Problem(query.line, "no SQL follows")
    if not ends:
        raise Problem(query.line, "the SQL does not end with ';'")
    if ends[0] != len(parts) - 1:
        raise Problem(query.line, "more than one statement, or text after the ';'")
    return parts[:-1]


class Fragment:
    def __init__(self, line, name):
        self.line, self.name, self.used, self.lines = line, name, False, []

    def text(self):
        return "".join(t for _, t in tokens("\n".join(self.lines))).strip()


def expand(lines, fragments, line):
    """Every @@NAME written out."""
    def one(m):
        fragment = fragments.get(m.group(1))
        if not fragment:
            raise Problem(line, f"@@{m.group(1)} names no earlier fragment of this file")
        fragment.used = True
        return fragment.text()
    return [re.sub(r"@@(\w+)", one, text) for text in lines]


def finish_fragment(fragment, fragments):
    fragment.lines = expand(fragment.lines, fragments, fragment.line)
    text = fragment.text()
    if not text:
        raise Problem(fragment.line, f"fragment {fragment.name} is empty")
    if any(part == ("other", ";") for part in tokens(text)):
        raise Problem(fragment.line, f"fragment {fragment.name} is a part of a statement: it has no ';'")
    if fragment.name in fragments:
        raise Problem(fragment.line, f"fragment {fragment.name} is defined twice")
    fragments[fragment.name] = fragment


def finish_query(query, body, variant):
    """`variant` is None where both engines take the same text."""
    other = body if variant is None else variant
    query.bounded |= query.kind == "many" and any("@among" in text for text in body)
    query.sqlite = split_sql(body, query, "sqlite")
    query.postgres = split_sql(other, query, "postgres")
    if any("@seen" in text for text in body + other):
        query.sqlite_all = split_sql(body, query, "sqlite", True)
        query.postgres_all = split_sql(other, query, "postgres", True)
    elif query.kind == "many" and query.bounded:
        among = set(IDS.findall("\n".join(body)))
        if len(among) == 1:
            query.among, query.sqlite_one = among.pop(), split_sql(body, query, "sqlite one")
    check(query)


def parse(path):
    queries, by_name, fragments = [], {}, {}
    query, fragment, signature, body, variant = None, None, [], [], None

    def finish():
        if fragment:
            finish_fragment(fragment, fragments)
        if not query:
            return
        parse_signature(query, " ".join(signature), by_name)
        finish_query(query, expand(body, fragments, query.line), variant and expand(variant, fragments, query.line))
        if query.name in by_name:
            raise Problem(query.line, f"query {query.name} is defined twice")
        by_name[query.name] = query
        queries.append(query)

    with open(path, encoding="utf-8") as source:
        lines = source.read().split("\n")
    fresh = True  # still among the --: lines of a query
    for number, text in enumerate(lines, 1):
        if text.startswith("--:"):
            if query and fresh:
                signature.append(text[3:].strip())
                continue
            finish()
            named = re.fullmatch(r"fragment\s+(\w+)", text[3:].strip())
            fragment = Fragment(number, named.group(1)) if named else None
            query = None if named else parse_head(text[3:], number)
            signature, body, variant, fresh = [], [], None, True
        elif fragment:
            if text.rstrip() == "--@pg":
                raise Problem(number, "a fragment has no --@pg: write two fragments")
            fragment.lines.append(text)
        elif not query:
            if text.strip() and not text.lstrip().startswith("--"):
                raise Problem(number, "SQL before the first '--:' line")
        elif text.rstrip() == "--@pg":
            if variant is not None:
                raise Problem(number, "a second --@pg")
            variant = []
        elif fresh and text.startswith("--") and not body:
            query.docs.append(text[2:].strip())
        else:
            (body if variant is None else variant).append(text)
            if text.strip():
                fresh = False
    finish()
    for unused in (f for f in fragments.values() if not f.used):
        raise Problem(unused.line, f"fragment {unused.name} is used nowhere")
    return queries


def words(parts):
    return [t.upper() for sort, t in parts if sort == "word"]


def writes(parts):
    first = words(parts)[:1]
    if first == ["WITH"]:
        return any(w in ("INSERT", "UPDATE", "DELETE") for w in words(parts))
    return first[0] in ("INSERT", "UPDATE", "DELETE") if first else False


def check(query):
    q = query
    if q.kind == "exec" and q.columns:
        raise Problem(q.line, f"{q.name}: exec has no columns; use one, maybe or many")
    if q.kind != "exec" and not q.columns:
        raise Problem(q.line, f"{q.name}: {q.kind} needs columns after '->'")
    for parts in (q.sqlite, q.postgres):
        first = words(parts)[:1]
        if first not in (["SELECT"], ["WITH"], ["INSERT"], ["UPDATE"], ["DELETE"], ["VALUES"]):
            raise Problem(q.line, f"{q.name}: only SELECT, WITH, INSERT, UPDATE and DELETE belong here")
        if q.kind == "exec" and not writes(parts):
            raise Problem(q.line, f"{q.name}: exec changes nothing")
        known = {v.name for v in q.params}
        used = {t[1:] for sort, t in parts if sort == "param"}
        for name in sorted(used - known - set(IMPLICIT)):
            raise Problem(q.line, f"{q.name}: :{name} is not among the parameters")
        for name in sorted(known - used):
            raise Problem(q.line, f"{q.name}: parameter {name} is not used")
        if any(t in ("?", "$", "@") for sort, t in parts if sort == "other"):
            raise Problem(q.line, f"{q.name}: write parameters as :name")
    if q.bulk and q.kind != "exec":
        raise Problem(q.line, f"{q.name}: only exec can be bulk")
    if q.lookup and (q.kind != "maybe" or not q.params):
        raise Problem(q.line, f"{q.name}: only maybe with parameters can be lookup")
    if q.bounded and q.kind != "many":
        raise Problem(q.line, f"{q.name}: only many can be bounded")
    if q.bulk and not q.params:
        raise Problem(q.line, f"{q.name}: bulk without parameters")
    if len(q.params) + len(IMPLICIT) > MOST_PARAMS:
        raise Problem(q.line, f"{q.name}: more than {MOST_PARAMS - len(IMPLICIT)} parameters")


def implicit(query):
    used = {t[1:] for parts in (query.sqlite, query.postgres) for sort, t in parts if sort == "param"}
    return [name for name in IMPLICIT if name in used]


def render(query, parts, mark):
    order = [v.name for v in query.params] + implicit(query)
    return "".join(f"{mark}{order.index(t[1:]) + 1}" if sort == "param" else t for sort, t in parts)


def unnest(query):
    """Arrays of parameters as rows: "unnest($1::bigint[], …) AS u (p1, …)"."""
    arrays = ", ".join(f"${i + 1}::{PG_ARRAYS.get(v.type, 'bigint[]')}" for i, v in enumerate(query.params))
    return f"unnest({arrays}) AS u ({', '.join(f'p{i + 1}' for i in range(len(query.params)))})"


def per_row(query, parts):
    """The text with its parameters taken from a row of unnest()."""
    names = [v.name for v in query.params]
    return "".join(f"u.p{names.index(t[1:]) + 1}" if sort == "param" and t[1:] in names else
                   render(query, [(sort, t)], "$") for sort, t in parts)


def find_word(parts, word):
    """Where it stands outside of parentheses, or None."""
    depth = 0
    for i, (sort, text) in enumerate(parts):
        depth += (text == "(") - (text == ")")
        if sort == "word" and text.upper() == word and depth == 0:
            return i
    return None


def render_bulk(query):
    """Many rows at once on PostgreSQL: INSERT … SELECT … FROM unnest(arrays), UPDATE … FROM unnest(arrays)."""
    first = words(query.postgres)[0]
    if first == "UPDATE":
        return render_bulk_update(query)
    if first == "INSERT":
        return render_bulk_insert(query)
    raise Problem(query.line, f"{query.name}: bulk needs INSERT … VALUES (…) or UPDATE … WHERE …")


def render_bulk_update(query):
    """Rows that name the same row of the table twice are the caller's fault: one of them counts."""
    where = find_word(query.postgres, "WHERE")
    if where is None or find_word(query.postgres, "FROM") is not None:
        raise Problem(query.line, f"{query.name}: a bulk update needs a WHERE, and no FROM")
    return f"{per_row(query, query.postgres[:where])}FROM {unnest(query)} {per_row(query, query.postgres[where:])}"


def split_insert(query, parts):
    """INSERT … VALUES (…) … in three: before VALUES, the inside of the brackets, and what follows them."""
    start, end, depth = find_word(parts, "VALUES"), None, 0
    for i, (_, text) in enumerate(parts):
        depth += (text == "(") - (text == ")")
        if start is not None and i > start and text == ")" and depth == 0 and end is None:
            end = i
    rest = parts[end + 1:] if end is not None else []
    if end is None:
        raise Problem(query.line, f"{query.name}: bulk needs INSERT … VALUES (…) or UPDATE … WHERE …")
    if words(rest)[:2] not in ([], ["ON", "CONFLICT"]) or any(t == "," for _, t in rest[:2]):
        raise Problem(query.line, f"{query.name}: only ON CONFLICT may follow the VALUES of a bulk insert")
    names = [v.name for v in query.params]
    fixed = [t[1:] for sort, t in rest if sort == "param"]
    if any(name in names for name in fixed):
        raise Problem(query.line, f"{query.name}: behind ON CONFLICT a bulk insert must say excluded.column")
    inner = [t for t in parts[start + 1:end]]
    while inner[0][0] == "space" or inner[0][1] == "(":
        if inner.pop(0)[1] == "(":
            break
    return parts[:start], inner, rest


def render_bulk_insert(query):
    start, inner, rest = split_insert(query, query.postgres)
    return (render(query, start, "$") + f"SELECT {per_row(query, inner)} FROM {unnest(query)}"
            + render(query, rest, "$"))


def copy_columns(query):
    """For COPY on PostgreSQL: "table (columns)" and which parameter each column takes; None for an insert of anything else."""
    if words(query.postgres)[0] != "INSERT":
        return None
    start, inner, rest = split_insert(query, query.postgres)
    order = [v.name for v in query.params] + implicit(query)
    values = [t for t in inner if t[0] != "space"]
    if rest or any((sort == "param") == (i % 2 == 1) or (i % 2 == 1 and text != ",") for i, (sort, text) in enumerate(values)):
        return None
    table = re.sub(r"^INSERT\s+INTO\s+", "", render(query, start, "$").strip(), flags=re.I)
    return table, [order.index(text[1:]) for sort, text in values if sort == "param"]


def sqlite_param(query, name):
    """A parameter where SQLite reads rows of structs (store/sqlite_rows.c): a column of theirs, or what holds for all of them."""
    names = [v.name for v in query.params]
    fixed = {"company": "?2", "now": "?3"}
    if name not in names and name not in fixed:
        raise Problem(query.line, f"{query.name}: bulk and lookup know no :{name}")
    return f"u.p{names.index(name) + 1}" if name in names else fixed[name]


def sqlite_text(query, parts):
    return "".join(sqlite_param(query, t[1:]) if sort == "param" else t for sort, t in parts)


def render_sqlite_bulk(query):
    """The insert as one statement over an array of structs. OR FAIL, because after a fault the transaction is rolled back anyway:
    keeping what undoes the statement alone would copy every page it touches. An update goes row by row."""
    if words(query.sqlite)[0] != "INSERT":
        return None
    start, inner, rest = (sqlite_text(query, part) for part in split_insert(query, query.sqlite))
    head = re.sub(r"^INSERT\s+INTO", "INSERT OR FAIL INTO", start, flags=re.I)
    return f"{head}SELECT {inner} FROM aldia_rows(?1) AS u" + (f" WHERE true{rest}" if rest else "")


def render_sqlite_lookup(query):
    """The query once per key, for an array of structs: its table is looked up in for each of them in turn."""
    at = find_word(query.sqlite, "FROM")
    if at is None or words(query.sqlite)[:1] != ["SELECT"] or find_word(query.sqlite[at + 1:], "FROM") is not None:
        raise Problem(query.line, f"{query.name}: lookup needs SELECT … FROM … WHERE …")
    before, after = sqlite_text(query, query.sqlite[:at]), sqlite_text(query, query.sqlite[at + 1:])
    return f"{before.rstrip()}, u.nth FROM aldia_rows(?1) AS u CROSS JOIN{after}"


def render_lookup(query):
    """The query once per key, for arrays of keys on PostgreSQL; the last column says which key a row answers. The LIMIT keeps the
    server from flattening it into a join, which it might answer by reading whole tables; two rows are enough to refuse."""
    named = f"{unnest(query)[:-1]}, nth)".replace(" AS u ", " WITH ORDINALITY AS u ")
    return (f"SELECT q.*, u.nth FROM {named} "
            f"CROSS JOIN LATERAL (SELECT * FROM ({per_row(query, query.postgres)}) AS found LIMIT 2) AS q")


def c_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("??", "?\\?")
    pieces = [escaped[i:i + 100] for i in range(0, len(escaped), 100)]
    for i in range(len(pieces) - 1):  # never cut an escape in two
        while re.search(r"(?<!\\)(?:\\\\)*\\$", pieces[i]):
            pieces[i], pieces[i + 1] = pieces[i][:-1], "\\" + pieces[i + 1]
    return "\n        ".join(f'"{p}"' for p in pieces) or '""'


def struct_fields(values):
    out = []
    for v in values:
        if v.has:
            out.append(f"    bool has_{v.name};")
        out.append(f"    {C_TYPES[v.type]} {v.name};")
    return "\n".join(out)


def row_name(query):
    return (query.like or query).name + "_row"


def params_name(query):
    return (query.twin or query).name + "_params"


def write_header(queries, source, guard):
    out = [f"/* Written by tools/mksql.py from {source}. */", f"#ifndef {guard}", f"#define {guard}", "",
           '#include "core/date.h"', '#include "core/money.h"', '#include "store/stmt.h"', ""]
    for q in queries:
        if q.docs:
            out.append("/* " + "\n * ".join(d.replace("*/", "* /") for d in q.docs) + " */")
        out.append(f"extern const struct stmt_def {q.name}_def;")
        if q.params and not q.twin:
            out += [f"struct {params_name(q)} {{", struct_fields(q.params), "};"]
        if q.columns and not q.like:
            out += [f"struct {row_name(q)} {{", struct_fields(q.columns), "};"]
        if q.kind == "many" and not q.twin:
            out += [f"struct {q.name}_cursor {{", "    struct stmt *stmt;", "};"]
        out += [p + ";" for p, _ in functions(q)]
        out.append("")
    return "\n".join(out + ["#endif", ""])


def functions(q):
    """(prototype, body) of each function of a query."""
    given = f", const struct {params_name(q)} *p" if q.params else ""
    p, row, definition = "p" if q.params else "NULL", f"struct {row_name(q)} *out_row", f"&{q.name}_def"
    must = "MUST_USE "
    if q.kind == "one":
        return [(f"{must}enum rc {q.name}(struct ctx *cx{given}, {row})",
                 f"return query_one(cx, {definition}, {p}, out_row);")]
    if q.kind == "maybe":
        made = [(f"{must}enum rc {q.name}(struct ctx *cx{given}, {row}, bool *out_found)",
                 f"return query_maybe(cx, {definition}, {p}, out_row, out_found);")]
        if q.lookup:
            made.append((f"{must}enum rc {q.name}_lookup(struct ctx *cx, const struct {q.name}_params *keys, size_t n, "
                         f"struct {row_name(q)} *out_rows, bool *out_found)",
                         f"return query_lookup(cx, {definition}, keys, n, out_rows, out_found);"))
        return made
    if q.kind == "many":
        cursor = f"struct {(q.twin or q).name}_cursor *"
        opening = (f"{must}enum rc {q.name}_open(struct ctx *cx{given}, {cursor}out_cursor)",
                   f"return query_open(cx, {definition}, {p}, &out_cursor->stmt);")
        if q.twin:
            return [opening]
        return [opening,
                (f"{must}enum rc {q.name}_next(struct ctx *cx, {cursor}cursor, {row}, bool *out_more)",
                 "return query_next(cx, cursor->stmt, out_row, out_more);"),
                (f"void {q.name}_close({cursor}cursor)", "query_close(&cursor->stmt);")]
    made = [(f"{must}enum rc {q.name}(struct ctx *cx{given})", f"return query_exec(cx, {definition}, {p}, NULL);"),
            (f"{must}enum rc {q.name}_count(struct ctx *cx{given}, int64_t *out_changes)",
             f"return query_exec(cx, {definition}, {p}, out_changes);")]
    if q.bulk:
        made.append((f"{must}enum rc {q.name}_bulk(struct ctx *cx, const struct {q.name}_params *rows, size_t n)",
                     f"return query_bulk(cx, {definition}, rows, n);"))
    return made


def value_table(name, values, struct, extra=()):
    out = [f"static const struct sql_value {name}[] = {{"]
    for v in values:
        has = f"offsetof(struct {struct}, has_{v.name})" if v.has else "SQL_NO_FLAG"
        out.append(f'    {{"{v.name}", {KINDS[v.type]}, {"true" if v.nullable else "false"}, '
                   f"offsetof(struct {struct}, {v.name}), {has}, {'true' if v.type == 'money' else 'false'}}},")
    for name in extra:
        out.append(f'    {{"{name}", {IMPLICIT[name]}, false, 0, SQL_NO_FLAG, false}},')
    return out + ["};"]


def write_source(queries, source, header):
    out = [f"/* Written by tools/mksql.py from {source}. */", f'#include "{header}"', "", "#include <stddef.h>", "",
           '#pragma GCC diagnostic ignored "-Woverlength-strings" /* compilers of 1999 need not take a long query */', ""]
    for q in queries:
        extra = implicit(q)
        fields = [("name", f'"{q.name}"'), ("source", f'"{source}:{q.line}"'),
                  ("sqlite", c_string(render(q, q.sqlite, "?"))), ("postgres", c_string(render(q, q.postgres, "$")))]
        if q.sqlite_all:
            fields += [("sqlite_all", c_string(render(q, q.sqlite_all, "?"))), ("postgres_all", c_string(render(q, q.postgres_all, "$")))]
        if q.sqlite_one:
            fields += [("sqlite_one", c_string(render(q, q.sqlite_one, "?"))), ("among", f"offsetof(struct {q.name}_params, {q.among})")]
        if q.bulk:
            fields.append(("postgres_bulk", c_string(render_bulk(q))))
            copied = copy_columns(q)
            if copied:
                out.append(f"static const uint8_t {q.name}_copy[] = {{{', '.join(map(str, copied[1]))}}};")
                fields += [("postgres_copy", c_string(copied[0])), ("copy_params", f"{q.name}_copy"),
                           ("copy_count", f"COUNT_OF({q.name}_copy)")]
            if render_sqlite_bulk(q):
                fields.append(("sqlite_bulk", c_string(render_sqlite_bulk(q))))
        if q.lookup:
            fields += [("sqlite_lookup", c_string(render_sqlite_lookup(q))), ("postgres_lookup", c_string(render_lookup(q)))]
        if q.params or extra:
            out += value_table(f"{q.name}_in", q.params, params_name(q), extra)
            fields += [("params", f"{q.name}_in"), ("param_count", f"COUNT_OF({q.name}_in)")]
        if q.params:
            fields.append(("params_size", f"sizeof(struct {params_name(q)})"))
        if q.columns:
            out += value_table(f"{q.name}_out", q.columns, row_name(q))
            fields += [("columns", f"{q.name}_out"), ("column_count", f"COUNT_OF({q.name}_out)"),
                       ("row_size", f"sizeof(struct {row_name(q)})")]
        if q.bounded:
            fields.append(("bounded", "true"))
        fields.append(("writes", "true" if writes(q.sqlite) else "false"))
        out.append(f"const struct stmt_def {q.name}_def = {{")
        out += [f"    .{key} = {value}," for key, value in fields] + ["};"]
        for prototype, body in functions(q):
            out.append(f"{prototype.removeprefix('MUST_USE ')} {{ {body} }}")
        out.append("")
    return "\n".join(out)


def main():
    in_path, header_path, source_path = sys.argv[1:]
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    source = os.path.relpath(os.path.abspath(in_path), os.path.abspath(root))
    header = os.path.basename(header_path)
    try:
        queries = parse(in_path)
        texts = (write_header(queries, source, header.upper().replace(".", "_").replace("-", "_")),
                 write_source(queries, source, header))
    except Problem as problem:
        sys.exit(f"{source}:{problem.line}: {problem}")
    for path, text in zip((header_path, source_path), texts):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)


main()
