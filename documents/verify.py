#!/usr/bin/env python3
"""Checks a case file: every file against the manifest, every event against the chain of hashes, messages and copies against their
events. Needs nothing but Python; written from docs/ref/chain.md of aldia.

    python3 verify.py        prints what differs; exit 0 when nothing does, 1 otherwise
"""
import hashlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    """The bytes of a file, none of one that is gone."""
    try:
        with open(os.path.join(HERE, name), "rb") as file:
            return file.read()
    except OSError:
        return b""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def field(value):
    """A number, a text or a blob as it is hashed."""
    if isinstance(value, int):
        return b"%d;" % value
    data = bytes.fromhex(value["hex"]) if isinstance(value, dict) else value.encode()
    return b"%d:" % len(data) + data + b";"


def row_hash(row):
    """Rows of others are there as hashes only."""
    if isinstance(row, str):
        return bytes.fromhex(row)
    more = sha(b"debt\n", *map(field, row["debt"])) if "debt" in row else b""
    return sha(row["row"].encode() + b"\n", *map(field, row["fields"]), more)


def files(manifest):
    for name, wanted in manifest["files"].items():
        if not os.path.exists(os.path.join(HERE, name)):
            yield f"file {name} is missing"
        elif sha(read(name)).hex() != wanted:
            yield f"file {name} was changed"
    for folder, _, names in os.walk(HERE):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), HERE).replace(os.sep, "/")
            if path not in manifest["files"] and path != "manifest.json":
                yield f"file {path} does not belong to this case file"


def events(manifest):
    chain = json.loads(read("chain/chain.json"))
    hashes = [bytes.fromhex(line) for line in read("chain/hashes.txt").decode().split()]
    if len(hashes) != chain["head"]["seq"] or hashes[-1].hex() != chain["head"]["hash"]:
        yield "the head is not the last hash"
    if len(chain["events"]) != manifest["events"]:
        yield f"{manifest['events']} events were exported, {len(chain['events'])} are here"
    bodies = {}
    for e in chain["events"]:
        rows = [row_hash(r) for r in e["rows"]]
        fields = (chain["company"], e["seq"], e["at"], e["actor"], e["kind"], e["customer"], e["subject"], e["data"], e["covered"])
        before = hashes[e["seq"] - 2] if e["seq"] > 1 else bytes(32)
        digest = sha(*rows) if rows else b""
        if len(rows) != e["covered"] or sha(before, b"aldia-event-1\n", *map(field, fields), digest) != hashes[e["seq"] - 1]:
            yield f"event {e['seq']} ({e['kind']}) was changed, or what it covers"
        data = json.loads(e["data"])
        if e["kind"] == "message.handing":
            bodies[f"messages/{e['subject']}"] = data.get("body")
        if e["kind"] == "document.attached" and data["sha256"] not in manifest["files"].values():
            yield f"the copy {data['file']} of event {e['seq']} is not here"
    for name, body in bodies.items():
        found = [n for n in manifest["files"] if os.path.splitext(n)[0] == name]
        if not found or sha(read(found[0])).hex() != body:
            yield f"{name} is not what was handed over"
    print(f"head: event {chain['head']['seq']}, {chain['head']['hash']} (compare it with one published or kept elsewhere)")


if __name__ == "__main__":
    manifest = json.loads(read("manifest.json"))
    found = list(files(manifest))
    try:
        found += events(manifest)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as fault:
        found.append(f"the chain cannot be read: {fault!r}")
    print("\n".join(found) if found else "everything is as it was exported")
    sys.exit(1 if found else 0)
