"""The `expect …` verbs: mails at the peer, states in aldia, JSON of the last command."""
import os
import re

import compare
from script import ScriptError, conditions
from verbs import rest_words, verb
from world import Failed


# ---- mails ----

def matches(mail, wanted):
    return all(compare.quiet(mail.field(f), o, v) for f, o, v in wanted)


def show(mails):
    return "; ".join(f"{m}: {m.body[:700]!r}" for m in mails) or "no mail"


@verb(r"expect no mail")
def expect_no_mail(world, statement):
    if world.mails():
        raise Failed("no mail", show(world.mails()))


@verb(r"expect no mail to (?P<address>\S+)")
def expect_no_mail_to(world, statement, address):
    found = [m for m in world.mails() if m.to == address]
    if found:
        raise Failed(f"no mail to {address}", show(found))


@verb(r"expect (?P<count>\d+) mails?")
def expect_mails(world, statement, count):
    if len(world.mails()) != int(count):
        raise Failed(f"{count} mails", f"{len(world.mails())}: {show(world.mails())}")
    world.unexpected.clear()


@verb(r"expect (?P<count>\d+) different mails to (?P<address>\S+)")
def expect_different(world, statement, count, address):
    """That many mails with different texts, in whatever order."""
    found = [m for m in world.mails() if m.to == address]
    texts = {re.sub(r"[\d.,/-]+", "#", m.body) for m in found}
    if len(found) != int(count) or len(texts) != int(count):
        raise Failed(f"{count} mails with different wording", f"{len(found)} mails, {len(texts)} wordings: {show(found)}")
    world.unexpected = [m for m in world.unexpected if m.to != address]


@verb(r"expect mail resent to (?P<address>\S+)")
def expect_resent(world, statement, address):
    """The same Message-ID and the same bytes as an earlier one."""
    found = [m for m in world.mails() if m.to == address]
    if len(found) != 1:
        raise Failed(f"one mail to {address}", show(found))
    earlier = [k for k in world.peer.kept() if k.name != found[0].kept.name and found[0].id.encode() in k.data]
    if not earlier:
        raise Failed(f"an earlier mail with Message-ID {found[0].id}", "none")
    if earlier[0].data != found[0].data:
        raise Failed("the bytes of the first hand-over", "other bytes")
    world.unexpected.remove(found[0])


@verb(r"expect mail to (?P<address>\S+)(?P<more>.*)")
def expect_mail(world, statement, address, more):
    wanted = conditions(statement.words[4:])
    mine = [m for m in world.mails() if m.to == address]
    for mail in mine:
        if matches(mail, wanted):
            world.unexpected.remove(mail)
            return
    missed = [f"{f} {o} “{v}”" for f, o, v in wanted if mine and not compare.quiet(mine[0].field(f), o, v)]
    raise Failed(f"mail to {address} with {', '.join(missed) or 'these words'}" if mine else f"mail to {address}",
                 show(mine) if mine else f"none; others: {[str(m) for m in world.mails()]}")


@verb(r"expect raw of mail to (?P<address>\S+)")
def expect_raw(world, statement, address):
    """What `message show --raw` gives is byte for byte what the peer kept."""
    mail = [m for m in world.mails() if m.to == address][0]
    listed = [m for m in world.items("message", "list") if (m["message_id"] or "").strip("<>") == mail.id]
    if len(listed) != 1:
        raise Failed(f"one message {mail.id} in the list", listed)
    args = ["message", "show", str(listed[0]["id"]), "--raw"]
    out, err = world.start(args).communicate(timeout=60)
    if out != mail.data:
        raise Failed("the bytes the peer kept", f"{out[:300]!r}… ({len(out)} bytes, the peer has {len(mail.data)}) {err[-300:]!r}")


# ---- states ----

@verb(r"expect (?P<count>no|\d+) messages?(?P<more>.*)")
def expect_messages(world, statement, count, more):
    """`expect 2 messages sent`, `expect no message planned`, `expect 1 message deferred to A reason=CAP step=d-7`."""
    words = statement.words[3:]
    status = words.pop(0) if words and re.fullmatch(r"[a-z|]+", words[0]) and words[0] != "to" else None
    address = None
    if words[:1] == ["to"]:
        address, words = words[1], words[2:]
    wanted = conditions(words)
    every = world.items("message", "list")
    found = [m for m in every if (not status or m["status"] in status.split("|")) and (not address or m["to"] == address)
             and all(compare.quiet(compare.at_path(m, f), o, v) for f, o, v in wanted)]
    if len(found) != (0 if count == "no" else int(count)):
        raise Failed(statement.text[7:], [(m["to"], m["status"], m["reason"], m["step"], m["date"]) for m in every])


def expect_row(noun, key_fields):
    def check(world, statement, key, more):
        words = statement.words[3:]
        wanted = conditions(words)
        rows = world.items(noun, "list")
        mine = [r for r in rows if any(str(r.get(f)) == key for f in key_fields)]
        narrowed = [w for w in wanted if w[0] in ("instalment", "date", "external_id", "reference") and w[1] == "="]
        mine = [r for r in mine if all(compare.quiet(r.get(f), o, v) for f, o, v in narrowed)]
        if len(mine) != 1:
            raise Failed(f"one {noun} {key}", mine or f"none among {[r.get(key_fields[0]) for r in rows][:20]}")
        compare.fields(mine[0], [w for w in wanted if w not in narrowed], f"{noun} {key}")
    return check


verb(r"expect customer (?P<key>\S+) (?P<more>.+)")(expect_row("customer", ["code"]))
verb(r"expect invoice (?P<key>\S+) (?P<more>.+)")(expect_row("invoice", ["number"]))
verb(r"expect payment of (?P<key>\S+) (?P<more>.+)")(
    lambda world, statement, key, more: payment_row(world, statement, key))


def payment_row(world, statement, key):
    wanted = conditions(statement.words[4:])
    rows = [p for p in world.items("payment", "list") if p["customer"] == key]
    for row in rows:
        if all(compare.quiet(row.get(f), o, v) for f, o, v in wanted):
            return
    raise Failed(f"a payment of {key} with {statement.text}", rows)


@verb(r"expect (?P<count>no|\d+) (?P<noun>customers?|invoices?|payments?|tasks?)(?P<more>.*)")
def expect_count(world, statement, count, noun, more):
    wanted = conditions(statement.words[3:])
    rows = world.items(noun.rstrip("s"), "list")
    found = [r for r in rows if all(compare.quiet(compare.at_path(r, f), o, v) for f, o, v in wanted)]
    if len(found) != (0 if count == "no" else int(count)):
        raise Failed(statement.text[7:], f"{len(found)} among {rows[:10]}")


@verb(r"expect rehearsed (?P<more>.+)")
def expect_rehearsed(world, statement, more):
    """`expect rehearsed message date=D to=A step=S`, `expect rehearsed no message customer=C`, `… task …`."""
    if not world.rehearsed:
        raise ScriptError("nothing was rehearsed")
    words = statement.words[2:]
    negative = words[0] == "no"
    kind, wanted = words[int(negative)], conditions(words[int(negative) + 1:])
    rows = world.rehearsed[kind.rstrip("s") + "s"]
    found = [r for r in rows if all(compare.quiet(compare.at_path(r, f), o, v) for f, o, v in wanted)]
    if bool(found) == negative:
        raise Failed(statement.text[7:], [(r["date"], r["customer"], r["step"]) for r in rows][:40])


# ---- the last command ----

@verb(r"expect json (?P<path>\S+) (?P<more>.+)")
def expect_json(world, statement, path, more):
    words = statement.words[2:]
    value = compare.at_path(world.last.json(), words[0])
    field, operator, wanted = conditions(words[:3])[0]
    compare.one(value, operator, wanted, words[0])


@verb(r"expect keys (?P<path>\S+) (?P<more>.+)")
def expect_keys(world, statement, path, more):
    value = compare.at_path(world.last.json(), path) if path != "." else world.last.json()
    missing = [k for k in statement.words[3:] if not isinstance(value, dict) or k not in value]
    if missing:
        raise Failed(f"{' '.join(missing)} in {path}", value)


@verb(r"expect (?P<stream>out|err) empty")
def expect_empty(world, statement, stream):
    if getattr(world.last, stream).strip():
        raise Failed(f"nothing on std{stream}", getattr(world.last, stream)[:500])


@verb(r"expect (?P<stream>out|err) (?P<more>.+)")
def expect_stream(world, statement, stream, more):
    for field, operator, wanted in conditions(statement.words[1:]):
        compare.one(getattr(world.last, field), operator, wanted, f"std{field}")


@verb(r"expect file (?P<name>\S+)(?P<more>.*)")
def expect_file(world, statement, name, more):
    path = os.path.join(world.folder, name)
    if not os.path.exists(path):
        raise Failed(f"a file {name}", sorted(os.listdir(world.folder)))
    text = open(path, encoding="utf-8", errors="replace").read()
    for field, operator, wanted in conditions(statement.words[3:]):
        compare.one(text, operator, wanted, name)


@verb(r"expect bytes of (?P<name>\S+) lack (?P<secret>\S+)")
def expect_bytes_lack(world, statement, name, secret):
    with open(os.path.join(world.folder, name), "rb") as file:
        if secret.encode() in file.read():
            raise Failed(f"{name} without “{secret}”", "it is in there")


@verb(r"expect (?P<what>connections|transactions) (?P<count>\d+)")
def expect_peer(world, statement, what, count):
    got = world.peer.count("connected" if what == "connections" else "mail")
    if got != int(count):
        raise Failed(f"{count} {what} at the peer", got)
