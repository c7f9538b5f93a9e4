"""What the verbs of a scenario do. Each is a function under the pattern of its line; README.md here lists them for people."""
import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import compare
import tampering
from script import ScriptError, conditions
from world import Failed, Result

VERBS = []
HERE = os.path.dirname(os.path.abspath(__file__))


def verb(pattern):
    def register(function):
        VERBS.append((re.compile(pattern + r"\s*$"), function))
        return function
    return register


def perform(world, statement):
    for pattern, function in VERBS:
        found = pattern.match(statement.text)
        if found:
            return function(world, statement, **found.groupdict())
    raise ScriptError(f"cannot read “{statement.text}”")


def rest_words(statement, after):
    """The words after a marker word, or none."""
    words = statement.words
    return words[words.index(after) + 1:] if after in words else []


# ---- setting up ----

@verb(r'company ".*" [A-Z]{2} [A-Z]{3}( zone (?P<zone>\S+))?')
def company(world, statement, zone):
    """The installation is made once the clock is known: this line may stand before or after `clock`."""
    world.pending = (*statement.words[1:4], zone)
    if world.now is not None:
        world.init(*world.pending)


@verb(r"conf (?P<key>\w+)( (?P<value>.*))?")
def conf(world, statement, key, value):
    value = value or ""
    world.set_conf({key: os.path.join(world.folder, value[1:]) if value.startswith("@") else value})


@verb(r"unconf (?P<key>\w+)")
def unconf(world, statement, key):
    """The setting is in the file no more."""
    world.set_conf({key: None})


@verb(r"clock (?P<instant>\S+)")
def clock(world, statement, instant):
    first = world.now is None
    world.set_clock(world.parse_instant(instant))
    if first and world.pending:
        world.init(*world.pending)


@verb(r"advance (?P<count>\d+) (?P<unit>days?|hours?|minutes?|seconds?)( at (?P<at>\d\d:\d\d))?")
def advance(world, statement, count, unit, at):
    world.advance(int(count), unit, at)


@verb(r"activate( from (?P<date>\S+))?")
def activate(world, statement, date):
    world.last_json = world.succeed("strategy", "activate", *(["--from", date] if date else []), "--yes")


@verb(r"smtp normal")
def smtp_normal(world, statement):
    world.peer.normal()


@verb(r"smtp down")
def smtp_down(world, statement):
    world.peer.stop()


@verb(r"smtp up")
def smtp_up(world, statement):
    world.peer.start()


@verb(r"smtp server (?P<options>.+)")
def smtp_server(world, statement, options):
    """`tls=starttls|tls`, `auth=USER:PASSWORD`, `without=STARTTLS`, `certificate=good|expired|wrong-host`: how the server presents itself from now on."""
    args = []
    for field, _, value in conditions(statement.words[2:]):
        args += [f"--{field}", value]
    if any(a == "--tls" for a in args):
        certs = os.path.join(world.folder, "certs")
        if not os.path.exists(certs):
            subprocess.run(["sh", os.path.join(HERE, "..", "fake", "mkcerts.sh"), certs], check=True, capture_output=True)
        name = next((args.pop(i + 1) for i, a in enumerate(args) if a == "--certificate"), "good")
        args = [a for a in args if a != "--certificate"]
        args += ["--cert", os.path.join(certs, name + ".pem"), "--key", os.path.join(certs, name + ".key")]
        world.set_conf({"smtp_ca_file": os.path.join(certs, "ca.pem")})
    world.peer.serve_with(args)


@verb(r"smtp (?P<rule>.+)")
def smtp(world, statement, rule):
    world.peer.rule(rule)


# ---- imports ----

@verb(r"(?P<kind>customers|invoices|payments)\b(?P<options>.*)")
def import_table(world, statement, kind, options):
    run_import(world, statement, kind, world.write_csv(kind, statement.rows()), statement.words[1:])


@verb(r"file (?P<name>[\w./-]+)( as (?P<encoding>[\w-]+))?")
def write_file(world, statement, name, encoding):
    text = "\n".join(statement.raw) + "\n"
    text = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)
    codec = {"utf-8-bom": "utf-8-sig", "utf-16": "utf-16", "utf-16be-bom": "utf-16-be", None: "utf-8"}.get(encoding, encoding)
    data = text.encode(codec)
    if encoding == "utf-16be-bom":
        data = b"\xfe\xff" + data
    path = os.path.join(world.folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


@verb(r"import (?P<kind>customers|invoices|payments) (?P<name>\S+)(?P<options>.*)")
def import_file(world, statement, kind, name, options):
    run_import(world, statement, kind, os.path.join(world.folder, name), statement.words[3:])


def run_import(world, statement, kind, path, words):
    """`[snapshot as of D] [partial] [dry run] [--option…] [expect k=v…|refused k=v…|fails CODE]`"""
    args, expected, how = [], [], "booked"
    i = 0
    while i < len(words):
        if words[i] == "snapshot":
            args += ["--snapshot"]
        elif words[i:i + 2] == ["as", "of"]:
            args += ["--as-of", words[i + 2]]
            i += 2
        elif words[i] == "partial":
            args += ["--partial"]
        elif words[i:i + 2] == ["dry", "run"]:
            args += ["--dry-run"]
            i += 1
        elif words[i] in ("expect", "refused"):
            how = "booked" if words[i] == "expect" else "refused"
            expected = conditions(words[i + 1:])
            break
        elif words[i].startswith("--"):
            args += [words[i]]
            if i + 1 < len(words) and not words[i + 1].startswith("--") and words[i + 1] not in ("expect", "refused"):
                args += [words[i + 1]]
                i += 1
        else:
            raise ScriptError(f"import option “{words[i]}” not understood")
        i += 1
    result = world.aldia("--json", kind.rstrip("s"), "import", path, *args)
    wanted = 0 if how == "booked" else 65
    if result.code != wanted:
        raise Failed(f"exit {wanted} from the import of {kind}", str(result))
    found = result.json()
    world.last_json = found
    compare.import_adds_up(found, how == "booked")
    if how == "refused":
        compare.refused(result, found, expected)
    else:
        compare.fields(found, expected, f"the import of {kind}")
        if not any(f == "rejected" for f, _, _ in expected) and found.get("rejected"):
            raise Failed("no rejected rows", found.get("errors"))


# ---- runs ----

@verb(r"run paused at (?P<point>\w+)")
def run_paused(world, statement, point):
    """Starts a run and stops it at a step of the hand-off; what follows happens meanwhile, until `continue`."""
    world.peer.rule(f"pause at {point} once")
    before = world.peer.reached(point)
    process = world.start(["--json", "run"])
    world.paused = (process, ["--json", "run"])
    if not world.peer.wait_reached(point, before + 1, process):
        world.paused = None
        world.peer.release()
        raise Failed(f"the run to reach “{point}”", str(world.finish(process, ["run"])))


@verb(r"continue\b(?P<more>.*)")
def continue_run(world, statement, more):
    if not world.paused:
        raise ScriptError("nothing is paused")
    process, args = world.paused
    world.peer.release()
    world.paused = None
    check_run(world, world.finish(process, args), statement)


@verb(r"run frozen at (?P<point>\w+)")
def run_frozen(world, statement, point):
    """As `run paused`, and the process itself stands still: it renews nothing until `thaw`."""
    run_paused(world, statement, point)
    os.killpg(world.paused[0].pid, signal.SIGSTOP)


@verb(r"thaw\b(?P<more>.*)")
def thaw(world, statement, more):
    os.killpg(world.paused[0].pid, signal.SIGCONT)
    continue_run(world, statement, more)


@verb(r"run killed at (?P<point>\w+)")
def run_killed(world, statement, point):
    world.peer.rule(f"hang at {point} once")
    before = world.peer.reached(point)
    process = world.start(["--json", "run"])
    reached = world.peer.wait_reached(point, before + 1, process)
    if reached:
        os.killpg(process.pid, signal.SIGKILL)
    world.peer.release()
    result = world.finish(process, ["run"])
    if not reached:
        raise Failed(f"the run to reach “{point}”", str(result))
    time.sleep(0.1)  # lets the peer see the connection close


@verb(r"run at once (?P<count>\d+) times\b(?P<more>.*)")
def run_at_once(world, statement, count, more):
    """Several processes at once: each ends with 0 or 75; the counts are added."""
    running = [world.start(["--json", "run"]) for _ in range(int(count))]
    total = {}
    for process in running:
        result = world.finish(process, ["run"])
        if result.code not in (0, 75):
            raise Failed("exit 0 or 75 from each of several runs", str(result))
        if result.code == 0:
            for key, value in result.json().items():
                if isinstance(value, int):
                    total[key] = total.get(key, 0) + value
    compare.fields(total, conditions(rest_words(statement, "expect")), "the runs together")


@verb(r"run\b(?P<more>.*)")
def run(world, statement, more):
    check_run(world, world.aldia("--json", "run"), statement)


def check_run(world, result, statement):
    expected = conditions(rest_words(statement, "expect"))
    codes = [v for f, _, v in expected if f == "exit"] or ["0"]
    if str(result.code) not in codes[0].split("|"):
        raise Failed(f"exit {codes[0]} from the run", str(result))
    world.last_json = result.json() if result.out.strip() else {}
    compare.fields(world.last_json, [e for e in expected if e[0] != "exit"], "the run")


@verb(r"rehearse (?P<days>\d+) days?( from (?P<date>[\d-]+))?\b(?P<more>.*)")
def rehearse(world, statement, days, date, more):
    found = world.succeed("strategy", "rehearse", "--from", date or world.today().isoformat(), "--days", days)
    for key in ("from", "to", "messages", "tasks", "counts"):
        if key not in found:
            raise Failed(f"“{key}” in the rehearsal", sorted(found))
    world.rehearsed = world.last_json = found
    for field, operator, value in conditions(rest_words(statement, "expect")):
        got = len(found[field]) if field in ("messages", "tasks") else compare.at_path(found, field)
        compare.one(got, operator, value, f"{field} of the rehearsal")


@verb(r"rehearsal equals runs (?P<days>\d+) days?")
def rehearsal_equals_runs(world, statement, days):
    """Rehearses from today, then really runs day by day, and compares message by message and task by task."""
    days = int(days)
    rehearsed = world.succeed("strategy", "rehearse", "--from", world.today().isoformat(), "--days", str(days))
    known = {m["id"] for m in world.items("message", "list") if m["status"] == "sent"}
    taken = len(world.peer.kept())
    for day in range(days):
        world.succeed("run")
        if day + 1 < days:
            world.advance(1, "days", None)
    real = [m for m in world.items("message", "list") if m["id"] not in known and m["status"] == "sent"]
    compare.same_messages(rehearsed["messages"], real)
    if len(world.peer.kept()) - taken != len(rehearsed["messages"]):
        raise Failed(f"{len(rehearsed['messages'])} mails at the peer", len(world.peer.kept()) - taken)
    world.mails()
    world.unexpected.clear()


# ---- money and cases ----

@verb(r"pay (?P<code>\S+) (?P<amount>\S+)(?P<more>.*)")
def pay(world, statement, code, amount, more):
    args = ["payment", "record", "--customer", code, "--date", world.today().isoformat(), "--currency", world.currency, "--amount", amount]
    args += options(statement.words[3:], {"invoice": "--invoice", "on": "--date", "reference": "--reference", "external": "--external-id",
                                          "in": "--currency"}, args)
    world.last_json = world.succeed(*args)


def options(words, known, base):
    """Pairs `word value` as command options; a later one replaces the same option already in base."""
    found = []
    if len(words) % 2:
        raise ScriptError(f"options come in pairs: {words}")
    for name, value in zip(words[::2], words[1::2]):
        if name not in known:
            raise ScriptError(f"“{name}” not understood; known: {', '.join(known)}")
        if known[name] in base:
            base[base.index(known[name]) + 1] = value
        else:
            found += [known[name], value]
    return found


@verb(r"reverse payment of (?P<code>\S+)")
def reverse_payment(world, statement, code):
    mine = [p for p in world.items("payment", "list") if p["customer"] == code and p["state"] != "reversed"]
    if not mine:
        raise Failed(f"a payment of {code} to reverse", "none")
    world.succeed("payment", "reverse", str(max(mine, key=lambda p: int(p["id"]))["id"]), "--reason", "cheque devuelto")


@verb(r'hold (?P<code>\S+) "(?P<reason>[^"]*)"( until (?P<date>\S+))?')
def hold(world, statement, code, reason, date):
    world.succeed("customer", "hold", code, "--reason", reason, *(["--until", date] if date else []))


@verb(r"resume (?P<code>\S+)")
def resume(world, statement, code):
    world.succeed("customer", "resume", code)


@verb(r"promise (?P<code>\S+) (?P<amount>\S+) by (?P<date>\S+)(?P<more>.*)")
def promise(world, statement, code, amount, date, more):
    invoices = [w for w in statement.words[5:] if w != "invoice"]
    args = ["promise", "add", "--customer", code, "--amount", amount, "--date", date]
    for number in invoices:
        args += ["--invoice", number]
    world.succeed(*args)


@verb(r'dispute (?P<number>\S+) "(?P<reason>[^"]*)"')
def dispute(world, statement, number, reason):
    world.succeed("dispute", "open", "--invoice", number, "--reason", reason)


@verb(r"close dispute (?P<number>\S+) (?P<outcome>accepted|rejected)")
def close_dispute(world, statement, number, outcome):
    world.succeed("dispute", "close", "--invoice", number, "--outcome", outcome)


# ---- messages by hand ----

def find_message(world, address, status):
    found = [m for m in world.items("message", "list") if m["to"] == address and m["status"] == status]
    if len(found) != 1:
        raise Failed(f"one {status} message to {address}", found)
    return found[0]


@verb(r"settle (?P<address>\S+) as (?P<how>sent|not-sent|resend)")
def settle(world, statement, address, how):
    message = find_message(world, address, "ambiguous")
    if how == "resend":
        world.resends.add(message["message_id"].strip("<>"))
    world.succeed("message", "settle", str(message["id"]), "--as", how)


@verb(r"approve (?P<address>\S+)")
def approve(world, statement, address):
    world.succeed("message", "confirm", str(find_message(world, address, "approval")["id"]))


@verb(r"cancel (?P<address>\S+)( (?P<status>\w+))?")
def cancel(world, statement, address, status):
    world.succeed("message", "cancel", str(find_message(world, address, status or "deferred")["id"]))


# ---- installation ----

@verb(r"confirm instance")
def confirm_instance(world, statement):
    world.succeed("instance", "confirm", "--yes")


@verb(r"backup (?P<name>\S+)")
def backup(world, statement, name):
    world.succeed("backup", os.path.join(world.folder, name))


@verb(r"restore (?P<name>\S+) into (?P<place>new|same)( (?P<replace>replace))?( fails (?P<code>\d+))?")
def restore(world, statement, name, place, replace, code):
    """Into a new data directory, which the scenario then works on, or over the present one."""
    if place == "new":
        world.data = os.path.join(world.folder, f"data-{len(os.listdir(world.folder))}")
    result = world.aldia("--json", "restore", os.path.join(world.folder, name), *(["--replace"] if replace else []))
    if result.code != int(code or 0):
        raise Failed(f"exit {code or 0} from restore", str(result))
    if place == "new" and not code:
        world.set_conf({"smtp_host": "127.0.0.1", "smtp_port": str(world.peer.port)})


@verb(r"copy data")
def copy_data(world, statement):
    """A copy of everything at another place; the scenario works on the copy."""
    new = os.path.join(world.folder, f"copy-{len(os.listdir(world.folder))}")
    shutil.copytree(world.data, new, symlinks=True)
    world.data = new
    if world.url:
        world.databases.append(world.url)
        world.url = world.database.copy(world.url)


@verb(r"keep database")
def keep_database(world, statement):
    world.kept_database = {name: open(os.path.join(world.data, name), "rb").read()
                           for name in os.listdir(world.data) if name.startswith("aldia.db") and not name.endswith((".lock", "-shm"))}


@verb(r"put back database")
def put_back_database(world, statement):
    """Writes the kept bytes over the same inode, as a careless restore of one file would."""
    for name in os.listdir(world.data):
        if name.startswith("aldia.db") and not name.endswith(".lock") and name not in world.kept_database:
            os.unlink(os.path.join(world.data, name))
    for name, data in world.kept_database.items():
        with open(os.path.join(world.data, name), "r+b" if os.path.exists(os.path.join(world.data, name)) else "wb") as file:
            file.truncate(0)
            file.write(data)


@verb(r"tamper (?P<table>\w+) (?P<sql>.+)")
def tamper(world, statement, table, sql):
    """Changes a row behind aldia's back: drops the table's guards, then runs `UPDATE table SQL` or `DELETE …`."""
    import sqlite3
    database = sqlite3.connect(os.path.join(world.data, "aldia.db"))
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (table,)).fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    changed = database.execute(sql.replace("TABLE", table)).rowcount
    database.commit()
    database.close()
    if changed < 1:
        raise ScriptError("the tampering changed nothing")


@verb(r"refuses (?P<sql>.+)")
def refuses(world, statement, sql):
    """The database itself refuses a statement, whoever asks."""
    import sqlite3
    database = sqlite3.connect(os.path.join(world.data, "aldia.db"))
    try:
        database.execute(sql)
    except sqlite3.Error:
        return
    finally:
        database.rollback()
        database.close()
    raise Failed(f"“{sql}” to be refused", "it was carried out")


@verb(r"verify")
def verify(world, statement):
    compare.clean(world.aldia("--json", "verify"))


@verb(r"verify finds (?P<what>\S+)")
def verify_finds(world, statement, what):
    result = world.aldia("--json", "verify")
    found = result.json() if result.out.strip() else {}
    if result.code != 1 or found.get("ok") is not False:
        raise Failed("exit 1 and ok false from verify", str(result))
    if not any(what in str(d.get("what", "")) + str(d.get("id", "")) for d in found["differences"]):
        raise Failed(f"a difference about “{what}”", found["differences"])
    world.tampered = True


@verb(r"every change is found (?P<count>\d+) times( seed (?P<seed>\d+))?")
def every_change_is_found(world, statement, count, seed):
    tampering.all_found(world, int(count), int(seed or 1))


# ---- raw ----

@verb(r"aldia (?P<args>.+)")
def raw(world, statement, args):
    result = world.aldia(*paths(world, statement.words[1:]))
    if result.code != 0:
        raise Failed("exit 0", str(result))


@verb(r"pdf (?P<name>\S+)( (?P<untagged>untagged))?")
def read_pdf(world, statement, name, untagged=None):
    """The text of a PDF as poppler reads it becomes the output of the last command; the file must be sound and tagged."""
    path = os.path.join(world.folder, name)
    if not shutil.which("pdftotext") or not shutil.which("qpdf"):
        raise Failed("pdftotext and qpdf on this machine", "apt install poppler-utils qpdf")

    def output(*words):
        return subprocess.run(words, capture_output=True, text=True, check=False)
    check = output("qpdf", "--check", path)
    if check.returncode or "WARNING" in check.stderr + check.stdout:
        raise Failed(f"{name} is a sound PDF", check.stdout + check.stderr)
    if not untagged and "Tagged:          yes" not in output("pdfinfo", path).stdout:
        raise Failed(f"{name} is tagged", output("pdfinfo", path).stdout)
    text = output("pdftotext", "-layout", path, "-")
    world.last = Result(["pdf", name], 0, text.stdout, text.stderr)


def unpack_case(world, name):
    folder = os.path.join(world.folder, name[:-4] + ".d")
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(os.path.join(world.folder, name)) as archive:
        archive.extractall(folder)
    return folder


def verify_case(folder):
    return subprocess.run([sys.executable, os.path.join(folder, "verify.py")], capture_output=True, text=True, check=False)


@verb(r"case file (?P<name>\S+) holds and is about (?P<code>\S+) only, without (?P<others>.+)")
def case_holds(world, statement, name, code, others):
    """Its own verifier finds nothing, and no file says any of these words."""
    folder = unpack_case(world, name)
    result = verify_case(folder)
    if result.returncode:
        raise Failed(f"{name} verifies", result.stdout + result.stderr)
    for top, _, names in os.walk(folder):
        for one in names:
            path = os.path.join(top, one)
            with open(path, "rb") as file:
                data = file.read()
            if one.endswith(".pdf"):
                data += subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=False).stdout
            if one.endswith(".eml"):
                data += email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",)).get_content().encode()
            for word in rest_words(statement, "without"):
                if word.encode() in data:
                    raise Failed(f"nothing of others in {one}", word)


@verb(r"case file (?P<name>\S+) names every change")
def case_named(world, statement, name):
    """A byte changed in any file, an event told otherwise with the manifest put right, a file gone or added: the verifier names it."""
    folder = unpack_case(world, name)

    def must_name(what, wanted):
        result = verify_case(folder)
        if result.returncode != 1 or wanted not in result.stdout:
            raise Failed(f"{what}: \u201c{wanted}\u201d", result.stdout + result.stderr)
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    for one in manifest["files"]:
        path = os.path.join(folder, one)
        with open(path, "rb") as file:
            data = file.read()
        with open(path, "wb") as file:
            file.write(data + b"\n")
        must_name(f"{one} longer", f"file {one} was changed")
        os.remove(path)
        if one != "verify.py":
            must_name(f"{one} gone", f"file {one} is missing")
        with open(path, "wb") as file:
            file.write(data)
    with open(os.path.join(folder, "extra.txt"), "w", encoding="utf-8") as file:
        file.write("x")
    must_name("a file added", "file extra.txt does not belong")
    os.remove(os.path.join(folder, "extra.txt"))
    path = os.path.join(folder, "chain", "chain.json")
    with open(path, encoding="utf-8") as file:
        kept = file.read()

    def put(text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        manifest["files"]["chain/chain.json"] = hashlib.sha256(text.encode()).hexdigest()
        with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)
    for index, event in enumerate(json.loads(kept)["events"]):
        for key in ("at", "actor", "kind", "subject", "data", "covered"):
            chain = json.loads(kept)
            value = chain["events"][index][key]
            chain["events"][index][key] = value + 1 if isinstance(value, int) else "{}" if key == "data" and value != "{}" else \
                '{"x":1}' if key == "data" else value + "x"
            put(json.dumps(chain, ensure_ascii=False))
            must_name(f"{key} of event {event['seq']} changed", f"event {event['seq']} (")
        for at, row in enumerate(event["rows"]):
            chain = json.loads(kept)
            rows = chain["events"][index]["rows"]
            if isinstance(row, str):
                rows[at] = row[:-1] + ("0" if row[-1] != "0" else "1")
            else:
                rows[at]["fields"][0] += 1
            put(json.dumps(chain, ensure_ascii=False))
            must_name(f"row {at} of event {event['seq']} changed", f"event {event['seq']} (")
    put(kept)
    if verify_case(folder).returncode:
        raise Failed("the verifier finds nothing once all is put back", verify_case(folder).stdout)


@verb(r"fails (?P<code>[\d|]+) (?P<args>.+)")
def raw_fails(world, statement, code, args):
    result = world.aldia(*paths(world, statement.words[2:]))
    if str(result.code) not in code.split("|"):
        raise Failed(f"exit {code}", str(result))


def paths(world, words):
    """`@name` is a file of the scenario's folder; `@message:ADDRESS` the id of the only message to an address."""
    found = []
    for word in words:
        if word.startswith("@message:"):
            mine = [m for m in world.items("message", "list") if m["to"] == word[9:]]
            if len(mine) != 1:
                raise Failed(f"one message to {word[9:]}", mine)
            word = str(mine[0]["id"])
        elif word.startswith("@"):
            word = os.path.join(world.folder, word[1:])
        found.append(word)
    return found


@verb(r"why (?P<item>\S+)( on (?P<date>[\d-]+))? expect (?P<codes>.+)")
def why(world, statement, item, date, codes):
    """`CODE…` must each be among the reasons; `verdict=V` must be a verdict."""
    found = world.succeed("why", item, *(["--on", date] if date else []))
    reasons = {r["code"] for d in found["decisions"] for r in d["reasons"]}
    verdicts = {d["verdict"] for d in found["decisions"]}
    for word in rest_words(statement, "expect"):
        if word.startswith("verdict="):
            if word[8:] not in verdicts:
                raise Failed(f"verdict {word[8:]} about {item}", f"{sorted(verdicts)} with {sorted(reasons)}")
        elif word not in reasons:
            raise Failed(f"reason {word} about {item}", f"{sorted(reasons)} in {sorted(verdicts)}")


@verb(r"ignore mail")
def ignore_mail(world, statement):
    world.mails()
    world.unexpected.clear()


@verb(r"mails apart (?P<subject>.+)")
def mails_apart(world, statement, subject):
    world.apart.append(subject.strip().strip('"“”'))


import expects  # noqa: E402  registers the `expect …` verbs after the others
