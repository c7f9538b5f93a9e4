"""Changes single values of the evidence behind aldia's back, one after the other, and asks whether verify says so."""
import os
import random
import sqlite3
import zlib

from script import ScriptError
from world import Failed

TABLES = ("entry", "event", "instalment", "payment", "refund", "message_body")
# Facts that documents state. What may change in daily work (file, custom columns) is not evidence.
COLUMNS = {"document": ("id", "company_id", "customer_id", "number", "type", "issue_date", "currency", "amount", "reference", "description",
                        "applies_to", "event_seq")}


def changed(dice, value):
    """Another value of the same kind; sometimes none at all."""
    if value is None:
        return dice.choice([1, "x", b"\x00"])
    if dice.random() < 0.05:
        return None
    if isinstance(value, int):
        return dice.choice([value + 1, value - 1, -value or 7, value ^ (1 << dice.randrange(20)), value + dice.randrange(2, 5000)])
    if isinstance(value, bytes):
        at = dice.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ (1 << dice.randrange(8))]) + value[at + 1:] if value and dice.random() < 0.9 else value + b"\x00"
    at = dice.randrange(len(value)) if value else 0
    return dice.choice([value + "x", value[:at] + chr(dice.randrange(97, 123)) + value[at + 1:], value[:-1], ""])


def unimportant(table, column, before, after):
    """The last byte of a deflated text has bits that mean nothing."""
    if (table, column) != ("message_body", "bytes") or after is None:
        return False
    try:
        return zlib.decompress(after) == zlib.decompress(before)
    except zlib.error:
        return False


def one_change(dice, database):
    """Makes one change and says which, or None when the database refuses it."""
    table = dice.choice(TABLES + tuple(COLUMNS))
    columns = COLUMNS.get(table) or [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    column = dice.choice(columns)
    rows = database.execute(f"SELECT rowid, {column} FROM {table}").fetchall() if table != "event" else database.execute(
        f"SELECT seq, {column} FROM event").fetchall()
    if not rows:
        raise ScriptError(f"there is nothing in {table} to change")
    key, before = dice.choice(rows)
    after = changed(dice, before)
    if after == before or unimportant(table, column, before, after):
        return None
    try:
        database.execute(f"UPDATE {table} SET {column} = ? WHERE {'seq' if table == 'event' else 'rowid'} = ?", (after, key))
    except sqlite3.Error:
        database.rollback()
        return None
    database.commit()
    return f"{table}.{column} of row {key}: {before!r} became {after!r}"


def all_found(world, count, seed):
    path = os.path.join(world.data, "aldia.db")
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name, table in database.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with open(path, "rb") as file:
        sound = file.read()
    dice = random.Random(seed)
    done = 0
    while done < count:
        database = sqlite3.connect(path)
        change = one_change(dice, database)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        if change:
            done += 1
            result = world.aldia("--json", "verify")
            found = result.json() if result.out.strip() else {}
            if result.code != 1 or found.get("ok") is not False or not found.get("differences"):
                raise Failed(f"verify to find that {change} (change {done}, seed {seed})", str(result)[:600])
        for name in (path + "-wal", path + "-shm"):
            if os.path.exists(name):
                os.unlink(name)
        with open(path, "r+b") as file:
            file.truncate(0)
            file.write(sound)
