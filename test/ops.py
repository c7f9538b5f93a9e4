#!/usr/bin/env python3
"""Operation under bad luck:  test/ops.py [NAME…]   ($ALDIA, default build-test/aldia)

Copies, moves and old files (nothing leaves until a person confirms, and nothing twice after), full and read-only disks, a journal that
cannot be written, signals, kills in the middle of a backup or a restore, damaged archives.  REQ: L12  INV: I4 I15 I21 I23
Where the kernel does not let us mount a small disk, those tests are skipped. Closes with "N passed, N failed"."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
ALDIA = os.path.abspath(os.environ.get("ALDIA", os.path.join(ROOT, "build-test", "aldia")))
PEER = os.path.join(ROOT, "test", "fake", "smtp_peer.py")


class Skip(Exception):
    pass


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


class House:
    """One installation with a mail server of its own, all in a folder that goes away at the end."""

    def __init__(self, customers=3, data=None):
        self.folder = tempfile.mkdtemp(prefix="aldia-ops-")
        self.data = data or os.path.join(self.folder, "data")
        self.clock = os.path.join(self.folder, "clock")
        self.mail = os.path.join(self.folder, "mail")
        os.makedirs(self.mail)
        self.peer = subprocess.Popen([sys.executable, PEER, "--dir", self.mail, "--script", os.path.join(self.mail, "rules")],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.set_clock("2026-02-17T09:00:00-05:00")
        self.good("init", "--name", "Ferretería Andina", "--country", "CO", "--currency", "COP")
        deadline = time.time() + 10
        while not os.path.exists(os.path.join(self.mail, "port")) and time.time() < deadline:
            time.sleep(0.02)
        with open(os.path.join(self.mail, "port")) as file:
            self.conf = (f"smtp_host = 127.0.0.1\nsmtp_port = {file.read().strip()}\nsmtp_security = none\nmail_from = c@andina.example\n"
                         "stale_data_hours = 0\nvolume_limit_factor = 0\nsmtp_connections = 2\n")
        self.write_conf()
        self.customers = customers
        self.good("customer", "import", self.file("c.csv", "code,name,email\n" + "".join(f"C{i},Cliente {i},p@c{i}.example\n" for i in
                                                                                         range(customers))))
        self.good("invoice", "import", self.invoices())
        self.good("strategy", "activate", "--from", "2026-02-11", "--yes")

    def invoices(self):
        return self.file("i.csv", "number,customer_code,issue_date,due_date,currency,amount\n" + "".join(
            f"F-{i},C{i},2026-01-20,2026-02-17,COP,1000{i}\n" for i in range(self.customers)))

    def write_conf(self):
        with open(os.path.join(self.data, "aldia.conf"), "w") as file:
            file.write(self.conf)

    def rule(self, **rule):
        with open(os.path.join(self.mail, "rules"), "w") as file:
            file.write(json.dumps(rule) + "\n" if rule else "")

    def set_clock(self, text):
        with open(self.clock, "w") as file:
            file.write(text + "\n")

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def start(self, *words, data=None, env=None):
        return subprocess.Popen([ALDIA, "--data", data or self.data, "--clock-file", self.clock, "--json", *words], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}, text=True)

    def call(self, *words, **how):
        process = self.start(*words, **how)
        out, err = process.communicate(timeout=120)
        check("Sanitizer" not in err and "runtime error" not in err, "a sanitizer complains:", err)
        return process.returncode, out, err

    def good(self, *words, **how):
        code, out, err = self.call(*words, **how)
        check(code == 0, " ".join(words), "exits", code, err)
        return json.loads(out) if out.strip() else None

    def fails(self, wanted, *words, **how):
        code, out, err = self.call(*words, **how)
        check(code == wanted, " ".join(words), "exits", code, "wanted", wanted, err)
        return json.loads(err.strip().splitlines()[-1])["error"]

    def run(self, **how):
        return self.good("run", **how)

    def mails(self):
        return len([n for n in os.listdir(self.mail) if n.endswith(".eml")])

    def unconfirmed(self, data=None):
        before = self.mails()
        held = self.run(data=data)
        check(held["sent"] == 0 and held["held"].get("INSTANCE_UNCONFIRMED", 0) > 0, "not held:", held)
        check(self.mails() == before, "mail left from an unconfirmed installation")
        code, out, _ = self.call("health", data=data)
        check(code == 1 and "instance_unconfirmed" in json.loads(out)["problems"], "health does not see it:", out)

    def genuine(self, data=None):
        out = json.loads(self.call("health", data=data)[1])
        check(out["instance"] == "confirmed", out)

    def once_each(self):
        check(self.mails() == self.customers, self.mails(), "mails for", self.customers, "customers")

    def verify(self):
        code, out, err = self.call("verify")
        check(code in (0, 64), "verify:", out, err)

    def close(self):
        self.peer.terminate()
        self.peer.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- copies (I15) ----

def a_copy_elsewhere_is_silent(h):
    other = os.path.join(h.folder, "other")
    subprocess.run(["cp", "-a", h.data, other], check=True)
    h.unconfirmed(other)
    h.genuine()
    check(h.run()["sent"] == h.customers, "the original still sends")


def a_moved_folder_is_silent(h):
    other = os.path.join(h.folder, "other")
    os.rename(h.data, other)
    h.unconfirmed(other)
    os.rename(other, h.data)
    h.genuine()


def an_older_folder_put_back_in_place_is_silent(h):
    """cp -a OLD/. DATA changes no inode, and brings the journal and instance.id of that day along."""
    kept = os.path.join(h.folder, "kept")
    subprocess.run(["cp", "-a", h.data, kept], check=True)
    check(h.run()["sent"] == h.customers)
    subprocess.run(f"cp -a {kept}/. {h.data}/", shell=True, check=True)
    h.unconfirmed()


def an_older_database_is_caught_by_the_journal(h):
    kept = {n: open(os.path.join(h.data, n), "rb").read() for n in ("aldia.db", "aldia.db-wal")}
    check(h.run()["sent"] == h.customers)
    for name, text in kept.items():
        with open(os.path.join(h.data, name), "r+b") as file:
            file.truncate(0)
            file.write(text)
    os.unlink(os.path.join(h.data, "aldia.db-shm"))
    h.unconfirmed()
    check(h.good("instance", "confirm", "--yes")["restored"] == h.customers, "not all were taken from the journal")
    check(h.run()["sent"] == 0, "sent again")
    h.once_each()


def a_deleted_journal_is_noticed(h):
    h.run()
    os.unlink(os.path.join(h.data, "handoff.journal"))
    h.set_clock("2026-02-24T09:00:00-05:00")
    h.unconfirmed()
    h.unconfirmed()  # and still: no run begins a new one
    h.good("instance", "confirm", "--yes")
    check(h.run()["sent"] == h.customers)


def a_deleted_or_foreign_identity_is_noticed(h):
    path = os.path.join(h.data, "instance.id")
    text = open(path).read()
    os.rename(path, path + ".away")
    h.unconfirmed()
    shutil.copy2(path + ".away", path)  # a copy of it is born at another moment
    if text.splitlines()[-1] != "0":
        h.unconfirmed()
    os.rename(path + ".away", path)
    h.genuine()


def another_machine_is_noticed(h):
    path = os.path.join(h.data, "instance.id")
    lines = open(path).read().splitlines()
    lines[1] = "0123456789abcdef0123456789abcdef"
    with open(path, "r+") as file:
        file.write("\n".join(lines) + "\n")
        file.truncate()
    h.unconfirmed()


def documents_that_come_back_later_are_not_reminded_again(h):
    """The backup is older than the invoices: after the confirmation they return by import, and the journal still knows them."""
    fresh = House.__new__(House)
    fresh.__dict__.update(h.__dict__)
    backup = os.path.join(h.folder, "b.zip")
    code, _, _ = h.call("backup", backup)
    check(code == 0)
    more = h.file("more.csv", "number,customer_code,issue_date,due_date,currency,amount\nG-1,C0,2026-01-20,2026-02-17,COP,7\n")
    h.good("invoice", "import", more)
    check(h.run()["sent"] == h.customers)
    h.good("restore", backup, "--replace")
    h.unconfirmed()
    h.good("instance", "confirm", "--yes")
    check(h.good("invoice", "import", more)["booked"] == 1)
    check(h.run()["sent"] == 0, "reminded again after a re-import")
    h.once_each()
    h.verify()


def two_confirmations_at_once(h):
    other = os.path.join(h.folder, "other")
    subprocess.run(["cp", "-a", h.data, other], check=True)
    both = [h.start("instance", "confirm", "--yes", data=other) for _ in range(4)]
    check(all(p.wait() == 0 for p in both), [p.communicate() for p in both])
    h.genuine(other)


def second_company(h, code="dos"):
    """Another creditor with the same codes and numbers, so that whose a line of the journal is cannot be guessed."""
    h.good("company", "add", "--name", "Molinos del Sur", "--country", "PE", "--currency", "PEN", "--code", code)
    h.good("--company", code, "customer", "import", h.file("c2.csv", "code,name,email\n" + "".join(
        f"C{i},Otro {i},q@{code}{i}.example\n" for i in range(h.customers + 1))))
    h.good("--company", code, "invoice", "import", h.file("i2.csv", "number,customer_code,issue_date,due_date,currency,amount\n" + "".join(
        f"F-{i},C{i},2026-01-20,2026-02-17,PEN,2000{i}\n" for i in range(h.customers + 1))))
    h.good("--company", code, "strategy", "activate", "--from", "2026-02-11", "--yes")


def two_companies_are_restored_each_with_its_own(h):
    """T, run, restore and confirmation with two companies: each takes its own lines of the journal, and nothing is sent twice."""
    second_company(h)
    backup = os.path.join(h.folder, "b.zip")
    h.good("backup", backup)
    check(h.fails(65, "run")["field"] == "company", "which company is not asked")
    check(h.good("--company", "main", "run")["sent"] == h.customers)
    check(h.good("--company", "dos", "run")["sent"] == h.customers + 1)
    lines = [line.split(" ") for line in open(os.path.join(h.data, "handoff.journal")) if line.startswith("T ")]
    check(sorted({line[3].split("/")[0] for line in lines}) == ["dos", "main"], lines)
    h.good("restore", backup, "--replace")
    before = h.mails()
    for company in ("main", "dos"):
        held = h.good("--company", company, "run")
        check(held["sent"] == 0 and held["held"].get("INSTANCE_UNCONFIRMED", 0) > 0, company, held)
    check(h.good("instance", "confirm", "--yes")["restored"] == 2 * h.customers + 1, "not all were taken from the journal")
    for company, number in (("main", h.customers), ("dos", h.customers + 1)):
        check(h.good("--company", company, "run")["sent"] == 0, company, "sends again")
        known = h.good("--company", company, "message", "list")["items"]
        check(len([m for m in known if m["status"] == "sent"]) == number, company, known)
        kinds = [e["kind"] for e in h.good("--company", company, "timeline", "show", "C0")["items"]]
        check(h.call("--company", company, "verify")[0] == 0, company, "does not verify", kinds)
    check(h.mails() == before, "mail left after the restore")
    h.set_clock("2026-02-24T09:00:00-05:00")
    for company, number in (("main", h.customers), ("dos", h.customers + 1)):
        check(h.good("--company", company, "run")["sent"] == number, company, "does not go on")


def lines_of_old_are_the_first_companys(h):
    """A journal written before lines named their company is read as the first one's."""
    backup = os.path.join(h.folder, "b.zip")
    h.good("backup", backup)
    check(h.run()["sent"] == h.customers)
    path = os.path.join(h.data, "handoff.journal")
    text = open(path).read()
    check(text.count(" main/") == h.customers, text)
    with open(path, "r+") as file:
        file.write(text.replace(" main/", " "))
        file.truncate()
    h.good("restore", backup, "--replace")
    h.unconfirmed()
    second_company(h)
    check(h.good("instance", "confirm", "--yes")["restored"] == h.customers, "not all were taken from the journal")
    check(h.good("--company", "main", "run")["sent"] == 0, "sent again")
    check(h.good("--company", "dos", "run")["sent"] == h.customers + 1, "the other company's are not those")


# ---- backup and restore ----

def a_backup_holds_no_secret_and_leaves_nothing_behind(h):
    secret = h.file("secret", "s3cret\n")
    h.conf += f"smtp_user = me\nsmtp_password_file = {secret}\n# smtp_password = 0ld-s3cret\n"
    h.write_conf()
    path = os.path.join(h.folder, "b.zip")
    h.good("backup", path)
    check(os.stat(path).st_mode & 0o077 == 0, "others may read it")
    archive = zipfile.ZipFile(path)
    conf = archive.read("aldia.conf").decode()
    check("s3cret" not in conf and secret not in conf and "smtp_user" in conf, conf)
    check(set(archive.namelist()) == {"aldia.db", "aldia.conf", "manifest.json"}, archive.namelist())
    check(not [n for n in os.listdir(h.folder) if n.endswith(".part")], "something is left behind")
    h.fails(75, "backup", path)


def attachments_come_along(h):
    os.makedirs(os.path.join(h.data, "files", "ab"))
    with open(os.path.join(h.data, "files", "ab", "cd ñ.pdf"), "wb") as file:
        file.write(os.urandom(100000))
    path, other = os.path.join(h.folder, "b.zip"), os.path.join(h.folder, "other")
    h.good("backup", path)
    h.good("restore", path, data=other)
    for name in ("aldia.conf", "files/ab/cd ñ.pdf"):
        check(open(os.path.join(h.data, name), "rb").read() == open(os.path.join(other, name), "rb").read(), name)
    h.unconfirmed(other)


def damaged_archives_change_nothing(h):
    path, other = os.path.join(h.folder, "b.zip"), os.path.join(h.folder, "other")
    h.good("backup", path)
    whole = open(path, "rb").read()
    luck = random.Random(1)
    before = sorted(os.listdir(h.data))
    for number in range(25):
        text = bytearray(whole)
        if number % 3 == 0:
            text = text[:luck.randrange(len(text))]
        elif number % 3 == 1:
            text[luck.randrange(len(text) * 9 // 10)] ^= 1 << luck.randrange(8)
        else:
            at = luck.randrange(len(text) - 600)
            text[at:at + 512] = bytes(512)
        bad = h.file("bad.zip", "")
        open(bad, "wb").write(text)
        code, _, err = h.call("restore", bad, "--replace")
        if code == 0:  # the bit meant nothing (a date of the archive): then all of it must be right
            h.good("instance", "confirm", "--yes")
            continue
        check(code == 65 and json.loads(err)["error"]["code"] == "INVALID", code, err)
        check(sorted(os.listdir(h.data)) == before or number, os.listdir(h.data))
        h.genuine()
        h.fails(65, "restore", bad, data=other)
        check(not os.path.exists(other), "a refused archive made the folder")
    h.fails(66, "restore", os.path.join(h.folder, "none.zip"), data=other)


def names_that_leave_the_folder_are_refused(h):
    path = os.path.join(h.folder, "b.zip")
    h.good("backup", path)
    parts = {n: zipfile.ZipFile(path).read(n) for n in zipfile.ZipFile(path).namelist()}
    for evil in ("../evil", "files/../../evil", "/evil", "files//evil", "instance.id", "handoff.journal"):
        manifest = json.loads(parts["manifest.json"])
        manifest["parts"].append({"name": evil, "size": 1, "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"})
        bad = os.path.join(h.folder, "bad.zip")
        with zipfile.ZipFile(bad, "w") as archive:
            for name, text in {**parts, evil: b"a", "manifest.json": json.dumps(manifest)}.items():
                archive.writestr(name, text)
        h.fails(65, "restore", bad, data=os.path.join(h.folder, "other"))
    check(not os.path.exists(os.path.join(h.folder, "evil")))


def a_newer_schema_is_refused(h):
    database = sqlite3.connect(os.path.join(h.data, "aldia.db"))
    database.execute("INSERT INTO schema_migration VALUES (9999, '9999_future.sql', x'00', 0)")
    database.commit()
    database.close()
    for words in (("customer", "list"), ("run",), ("migrate",), ("health",)):
        h.fails(75, *words)


def killed_backups_and_restores(h):
    """Wherever it is killed: the old data or the new, a verify that is clean, and nothing sent."""
    path = os.path.join(h.folder, "b.zip")
    h.good("backup", path)
    check(h.run()["sent"] == h.customers)
    luck = random.Random(2)
    begun = time.time()
    h.good("customer", "list")
    start_up = time.time() - begun
    for number in range(14):
        target = os.path.join(h.folder, f"k{number}.zip")
        words = ("backup", target) if number % 2 else ("restore", path, "--replace")
        process = h.start(*words)
        time.sleep(luck.uniform(start_up * 0.5, start_up * 3))
        process.kill()
        process.communicate()
        if os.path.exists(target):
            check(zipfile.ZipFile(target).testzip() is None, "a backup under its name is not whole")
        check(len(h.good("invoice", "list")["items"]) == h.customers)
        check(h.run()["sent"] == 0, "sent again after a kill")
    h.good("restore", path, "--replace")
    h.good("instance", "confirm", "--yes")
    check(h.run()["sent"] == 0)
    h.once_each()
    h.verify()
    h.good("backup", os.path.join(h.folder, "last.zip"))
    check(not os.path.exists(os.path.join(h.data, ".restore")), "the work folder is left")


# ---- disks (I21) ----

class Disk:
    """A small tmpfs, or a read-only view of a folder."""

    def __init__(self, path, size):
        os.makedirs(path, exist_ok=True)
        self.path = path
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "aldia-test", path],
                                               stderr=subprocess.DEVNULL).returncode:
            raise Skip("needs the right to mount")

    def fill(self, leave=0):
        path = os.path.join(self.path, "filler")
        fd = os.open(path, os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(fd, bytes(4096))
        except OSError:
            pass
        os.ftruncate(fd, max(0, os.fstat(fd).st_size - leave))
        os.close(fd)

    def free(self):
        os.unlink(os.path.join(self.path, "filler"))

    def remount(self, how):
        subprocess.run(["mount", "-o", "remount," + how, self.path], check=True)

    def done(self):
        subprocess.run(["umount", "-l", self.path], stderr=subprocess.DEVNULL)


def on_small_disk(test):
    def run_it():
        folder = tempfile.mkdtemp(prefix="aldia-disk-")
        disk = None
        try:
            disk = Disk(folder, "8m")
            h = House(8, os.path.join(folder, "data"))
            try:
                test(h, disk)
            finally:
                h.close()
        finally:
            if disk:
                disk.done()
            shutil.rmtree(folder, ignore_errors=True)
    run_it.__name__ = test.__name__
    return run_it


@on_small_disk
def a_full_disk_stops_sending_first(h, disk):
    """With ever less room: whatever left is known as handed over, and with room again the rest follows, each once."""
    for leave in (0, 8192, 32768, 65536, 131072):
        disk.fill(leave)
        code, out, err = h.call("run")
        check(code in (0, 70), code, out, err)
        if code:
            check("disk" in err or "space" in err, "it does not say why:", err)
        check(h.call("payment", "record", "--customer", "C0", "--date", "2026-02-17", "--currency", "COP", "--amount", "1")[0] in (0, 70))
        disk.free()
    h.run()
    listed = h.good("message", "list")["items"]
    sent = sum(m["status"] == "sent" for m in listed)
    doubtful = sum(m["status"] == "ambiguous" for m in listed)
    check(sent <= h.mails() <= sent + doubtful and sent + doubtful == h.customers, sent, doubtful, h.mails())
    h.verify()


@on_small_disk
def a_payment_is_acknowledged_or_not_there(h, disk):
    booked = 0
    for leave in (0, 0, 16384, 65536, 262144):
        disk.fill(leave)
        code, _, _ = h.call("payment", "record", "--customer", "C1", "--date", "2026-02-17", "--currency", "COP", "--amount", "1")
        booked += code == 0
        disk.free()
        check(len(h.good("payment", "list")["items"]) == booked, "acknowledged and not kept, or kept and not acknowledged")
    h.verify()


@on_small_disk
def a_full_disk_refuses_imports_and_backups(h, disk):
    rows = "number,customer_code,issue_date,due_date,currency,amount\n" + "".join(
        f"G-{n},C1,2026-02-01,2026-12-01,COP,5\n" for n in range(20000))
    disk.fill(1 << 20)
    code, _, err = h.call("invoice", "import", h.file("big.csv", rows))
    disk.free()
    check(code == 70 and "disk" in err, code, err)
    check(len(h.good("invoice", "list")["items"]) == h.customers, "part of an import was kept")
    disk.fill()
    code, _, err = h.call("backup", os.path.join(disk.path, "b.zip"))
    check(code == 70, code, err)
    check(not os.path.exists(os.path.join(disk.path, "b.zip")), "half a backup bears the name")
    disk.free()
    h.good("backup", os.path.join(disk.path, "b.zip"))
    check(h.run()["sent"] == h.customers)
    h.verify()


@on_small_disk
def a_read_only_disk_can_be_read(h, disk):
    disk.remount("ro")
    for words in (("customer", "list"), ("invoice", "list"), ("company", "list"), ("message", "list")):
        h.good(*words)
    code, out, _ = h.call("health")
    check(code == 1 and "journal" in json.loads(out)["problems"], out)
    error = h.fails(70, "run")
    check("read" in error["message"] or "Read-only" in error["message"], error)
    check(h.mails() == 0)
    h.fails(70, "payment", "record", "--customer", "C0", "--date", "2026-02-17", "--currency", "COP", "--amount", "1")
    h.good("backup", os.path.join(h.folder, "b.zip"))
    disk.remount("rw")
    check(h.run()["sent"] == h.customers)


def a_journal_that_cannot_be_written(h):
    path = os.path.join(h.data, "handoff.journal")
    os.symlink("/dev/full", path)
    code, _, err = h.call("run")
    check(code == 70 and "journal" in err, code, err)
    check(h.mails() == 0, "mail left without the journal")
    os.unlink(path)
    h.good("instance", "confirm", "--yes")
    check(h.run()["sent"] == h.customers, h.good("message", "list"))
    h.once_each()
    h.verify()


def a_locked_database_is_waited_for(h):
    process = subprocess.Popen([sys.executable, "-c", "import fcntl, struct, sys, time\nf = open(sys.argv[1], 'r+b')\n"
                                "fcntl.fcntl(f, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))\nprint('held', flush=True)\n"
                                "time.sleep(2)", os.path.join(h.data, "aldia.db-writer")], stdout=subprocess.PIPE)
    process.stdout.readline()
    begun = time.time()
    check(h.run()["sent"] == h.customers)
    check(time.time() - begun > 1, "it did not wait for the lock")
    process.wait()


# ---- signals ----

def a_run_that_is_asked_to_stop_finishes_what_it_does(h):
    for number in (signal.SIGTERM, signal.SIGINT):
        h.rule(at="dot", do="accept-and-delay", seconds=0.5)
        process = h.start("run")
        deadline = time.time() + 20
        before = h.mails()
        while h.mails() == before and time.time() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        check(process.returncode in (0, 75), process.returncode, err)
        if process.returncode == 75:
            check("signal" in err, err)
        counts = json.loads(out)
        check(counts["ambiguous"] == 0, "cut in the middle:", counts)
        statuses = [m["status"] for m in h.good("message", "list")["items"]]
        check(statuses.count("sent") == h.mails() and "handing" not in statuses, statuses, h.mails())
    h.rule()
    h.run()
    h.once_each()


def an_import_that_is_stopped_books_nothing(h):
    rows = "number,customer_code,issue_date,due_date,currency,amount\n" + "".join(
        f"G-{n},C1,2026-02-01,2026-12-01,COP,5\n" for n in range(30000))
    process = h.start("invoice", "import", h.file("big.csv", rows))
    time.sleep(0.4)
    process.terminate()
    process.communicate()
    check(process.returncode in (-signal.SIGTERM, 0), process.returncode)
    check(len(h.good("invoice", "list")["items"]) in (h.customers, h.customers + 30000))
    h.verify()


# ---- the log ----

def the_log_names_no_debtor(h):
    h.rule(at="rcpt", do="reply", code=550, text="p@c1.example unknown", to="*c1.example")
    code, _, err = h.call("run", env={"ALDIA_LOG": "info"})
    check(code == 0 and "event=run_done" in err and "level=warn" in err, err)
    _, _, more = h.call("invoice", "import", h.file("bad.csv", "number,customer_code,issue_date,due_date,currency,amount\n"
                                                    "X-1,C9999,2026-01-01,2026-01-02,COP,5\n"), env={"ALDIA_LOG": "info"})
    check("event=import_done" in more and "refused=1" in more, more)
    check(".example" not in err + "\n".join(line for line in more.splitlines() if line.startswith("ts=")), err, more)
    quiet = h.call("customer", "list")[2]
    check(quiet == "", "the log speaks unasked:", quiet)


# ---- demo, help, completion ----

def the_demo_lives(_):
    folder = tempfile.mkdtemp(prefix="aldia-demo-")
    try:
        data = os.path.join(folder, "demo")
        words = [ALDIA, "--data", data, "--json", "demo"]
        first = json.loads(subprocess.run(words + ["--customers", "25", "--days", "60"], check=True, capture_output=True).stdout)
        check(first["customers"] == 25 and first["messages"] > 20 and first["payments"] > 10, first)
        again = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
        check(again == first, "looking changed it", again)
        later = json.loads(subprocess.run(words + ["--advance", "7"], check=True, capture_output=True).stdout)
        check(later["messages"] > first["messages"] and later["documents"] > first["documents"], later)
        text = subprocess.run([ALDIA, "--data", data, "demo"], check=True, capture_output=True, text=True).stdout
        check("--advance 1" in text and data in text, text)
        health = subprocess.run([ALDIA, "--data", data, "--clock-file", os.path.join(data, "clock"), "health"], capture_output=True, text=True)
        check(health.returncode == 0, health.stdout)
        os.makedirs(os.path.join(folder, "mine"))
        open(os.path.join(folder, "mine", "precious"), "w").close()
        refused = subprocess.run([ALDIA, "--data", os.path.join(folder, "mine"), "demo", "--fresh"], capture_output=True)
        check(refused.returncode == 75 and os.path.exists(os.path.join(folder, "mine", "precious")), refused)
    finally:
        shutil.rmtree(folder)


def the_manual_is_clean(_):
    page = subprocess.run([ALDIA, "help", "man"], check=True, capture_output=True).stdout
    for program in (["mandoc", "-Tlint", "-W", "warning"], ["man", "--warnings", "-l", "-"]):
        if shutil.which(program[0]):
            result = subprocess.run(program, input=page, capture_output=True)
            found = result.stdout if program[0] == "mandoc" else result.stderr
            check(result.returncode == 0 and not found, program[0], found.decode())
    for word in (b"ALDIA_LOG", b"instance confirm", b"smtp_host", b"EXIT STATUS"):
        check(word in page.replace(b"\\-", b"-"), word, "is missing")


def completion_completes(_):
    script = """source <("$0" help completion)
    ask() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); _aldia; echo "${COMPREPLY[*]}"; }
    ask aldia inv; ask aldia customer im; ask aldia customer import --dry; ask aldia --data /x --json customer ho; ask aldia --cl; ask aldia res"""
    out = subprocess.run(["bash", "-c", script, ALDIA], check=True, capture_output=True, text=True).stdout.splitlines()
    check(set(out[0].split()) == {"invoice"}, out)
    check(out[1] == "import" and out[2] == "--dry-run" and out[3] == "hold" and "--clock-file" in out[4] and out[5] == "restore", out)


TESTS = [a_copy_elsewhere_is_silent, a_moved_folder_is_silent, an_older_folder_put_back_in_place_is_silent,
         an_older_database_is_caught_by_the_journal, a_deleted_journal_is_noticed, a_deleted_or_foreign_identity_is_noticed,
         another_machine_is_noticed, documents_that_come_back_later_are_not_reminded_again, two_confirmations_at_once,
         two_companies_are_restored_each_with_its_own, lines_of_old_are_the_first_companys,
         a_backup_holds_no_secret_and_leaves_nothing_behind, attachments_come_along, damaged_archives_change_nothing,
         names_that_leave_the_folder_are_refused, a_newer_schema_is_refused, killed_backups_and_restores, a_full_disk_stops_sending_first,
         a_payment_is_acknowledged_or_not_there, a_full_disk_refuses_imports_and_backups, a_read_only_disk_can_be_read,
         a_journal_that_cannot_be_written, a_locked_database_is_waited_for, a_run_that_is_asked_to_stop_finishes_what_it_does,
         an_import_that_is_stopped_books_nothing, the_log_names_no_debtor, the_demo_lives, the_manual_is_clean, completion_completes]
OWN = {a_full_disk_stops_sending_first, a_payment_is_acknowledged_or_not_there, a_full_disk_refuses_imports_and_backups,
       a_read_only_disk_can_be_read}
HOUSELESS = {the_demo_lives, the_manual_is_clean, completion_completes}


def run_one(test):
    if test in OWN:
        return test()
    if test in HOUSELESS:
        return test(None)
    h = House()
    try:
        return test(h)
    finally:
        h.close()


def main():
    wanted = sys.argv[1:]
    passed = failed = 0
    for test in TESTS:
        name = test.__name__
        if wanted and not any(w in name for w in wanted):
            continue
        try:
            run_one(test)
            passed += 1
            print(f"ok {name}", flush=True)
        except Skip as why:
            print(f"ok {name} # skipped: {why}", flush=True)
        except (AssertionError, OSError, subprocess.SubprocessError, ValueError, KeyError) as why:
            failed += 1
            print(f"not ok {name}\n  {type(why).__name__}: {str(why)[:1500]}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
