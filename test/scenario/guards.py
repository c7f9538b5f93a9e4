"""What must hold at the end of every scenario, whatever it was about."""
import os
import re
import sqlite3
import sys

import compare
from mail import Mail
from world import Failed

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import verify_chain  # noqa: E402


def check(world):
    if world.currency == "":
        return  # no installation was made
    mails = [Mail(k) for k in world.peer.kept()]
    if world.mails():
        raise Failed("every mail to be expected by the scenario", "; ".join(str(m) for m in world.mails()))
    for mail in mails:
        faults = [f for f in mail.faults() if not (world.marks and f == "an unmerged field")]
        if faults:
            raise Failed("a well-formed reminder", f"{mail}: {'; '.join(faults)}\n{mail.data[:1500]!r}")
    private(world, mails)
    if getattr(world, "tampered", False):
        return
    listed = world.items("message", "list")
    once(world, mails, listed)
    truthful(world, mails, listed)
    compare.clean(world.aldia("--json", "verify"))
    if world.engine == "sqlite":
        chain_holds(os.path.join(world.data, "aldia.db"))


def chain_holds(path):
    """I9: a second program, written from docs/ref/chain.md, comes to the same hashes."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = list(verify_chain.differences(database))
    database.close()
    if found:
        raise Failed("tools/verify_chain.py to find the chain intact", found[:5])


def private(world, mails):
    """I16: nobody reads of another customer's documents."""
    for mail in mails:
        owners = {c for c, addresses in world.addresses.items() if mail.to in addresses}
        text = mail.all_text()
        for number, owner in world.numbers.items():
            if owners and owner not in owners and number in text and re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", text):
                raise Failed(f"{mail} without {owner}'s {number}", text[:600])


def once(world, mails, listed):
    """I1: no Message-ID twice unless a person chose to resend; no step twice for one instalment."""
    seen = {}
    for mail in mails:
        if mail.id in seen and mail.id not in world.resends:
            raise Failed("each Message-ID once at the peer", f"{mail.id} twice ({mail})")
        if mail.id in seen and seen[mail.id].data != mail.data:
            raise Failed("the same bytes when sent again", str(mail))
        seen[mail.id] = mail
    pairs = {}
    by_id = {m["message_id"].strip("<>"): m for m in listed if m.get("message_id")}
    for message_id in seen:
        if any(text in seen[message_id].field("subject") for text in world.apart):
            continue
        if message_id not in by_id:
            raise Failed("every mail at the peer in message list", f"unknown Message-ID {message_id}")
        for item in by_id[message_id]["items"]:
            if item.get("step"):
                pair = (item["number"], str(item.get("instalment")), item["step"], str(item.get("occurrence", 0)))
                if pair in pairs and pairs[pair] != message_id:
                    raise Failed("each (instalment, step) once at the peer", pair)
                pairs[pair] = message_id


def truthful(world, mails, listed):
    """I3: what says sent is there; what says not sent is not."""
    there = {m.id for m in mails}
    for message in listed:
        message_id = (message.get("message_id") or "").strip("<>")
        if message["status"] == "sent" and message["channel"] == "email" and message_id not in there and message["reason"] not in ("CAPTURED", "TEST_MODE"):
            raise Failed(f"the message to {message['to']} at the peer: it says sent", "it is not there")
        if message["status"] in ("planned", "approval", "deferred", "failed", "refused", "cancelled") and message_id and message_id in there:
            raise Failed(f"a message that says {message['status']} not to be at the peer", f"{message_id} is")
        if message["status"] == "handing":
            raise Failed("no message left in handing", message)
