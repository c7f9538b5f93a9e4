"""The world of one scenario: a folder, a database, a clock file, a mail peer and the binary under test.

Nothing is shared between scenarios. Every command runs with the clock file; a sanitizer report fails the scenario wherever it appears."""
import csv
import datetime
import io
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zoneinfo

from mail import Mail
from script import ScriptError

ZONES = {"CO": "America/Bogota", "CL": "America/Santiago", "MX": "America/Mexico_City", "ES": "Europe/Madrid", "PE": "America/Lima",
         "AR": "America/Argentina/Buenos_Aires", "EC": "America/Guayaquil", "UY": "America/Montevideo", "DO": "America/Santo_Domingo",
         "BR": "America/Sao_Paulo", "US": "America/New_York", "VE": "America/Caracas"}
SANITIZER = re.compile(r"ERROR: (Address|Leak)Sanitizer|runtime error:|WARNING: ThreadSanitizer")
# What a scenario starts from: the local peer, and the gates that look at real time and usual volume left open.
CONF = {"smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_timeout_s": "20", "mail_from": "cobros@acreedor.example",
        "stale_data_hours": "0", "volume_limit_factor": "0", "mail_thanks": "off", "mail_forewarning": "off"}


class Failed(Exception):
    """An expectation that did not hold."""

    def __init__(self, expected, got):
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got = expected, got


class Result:
    """How one run of the binary ended."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            raise Failed(f"JSON from “aldia {' '.join(self.args)}”", f"exit {self.code}, stdout {self.out[:400]!r}, stderr {self.err[:600]!r}")

    def __str__(self):
        return f"exit {self.code}, stdout {self.out[:600]!r}, stderr {self.err[:900]!r}"


class World:
    def __init__(self, binary, engine, database, peer, keep=False):
        self.binary, self.engine, self.database, self.peer, self.keep = binary, engine, database, peer, keep
        self.folder = tempfile.mkdtemp(prefix="aldia-scenario-")
        self.data = os.path.join(self.folder, "data")
        self.clock_file = os.path.join(self.folder, "clock")
        self.now = None
        self.zone = zoneinfo.ZoneInfo("UTC")
        self.currency = ""
        self.pending = None     # what `company` said, until the clock is known
        self.url = database.create() if database else None
        self.last = None        # the latest Result
        self.paused = None      # a run held in the background
        self.apart = []         # in the subjects of mails that are no reminders and in no message list
        self.resends = set()    # message ids a person chose to send again
        self.taken = 0          # mails up to here have been looked at
        self.unexpected = []    # mails not yet claimed by an expectation
        self.marks = False      # some name holds template marks
        self.numbers = {}       # document number -> customer code, for the privacy guard
        self.addresses = {}     # customer code -> the addresses it ever had
        self.rehearsed = None
        self.databases = []
        self.log = []           # every command, for the report of a failure

    # ---- clock ----

    def set_clock(self, instant):
        self.now = instant
        with open(self.clock_file + ".new", "w", encoding="ascii") as file:
            file.write(instant.isoformat(timespec="seconds") + "\n")
        os.replace(self.clock_file + ".new", self.clock_file)

    def local(self):
        return self.now.astimezone(self.zone)

    def today(self):
        return self.local().date()

    def advance(self, count, unit, at):
        if unit.startswith("day"):
            hour = datetime.time.fromisoformat(at or "09:00")
            day = self.today() + datetime.timedelta(days=count)
            self.set_clock(datetime.datetime.combine(day, hour, self.zone))
        else:
            self.set_clock((self.now.astimezone(datetime.timezone.utc) + datetime.timedelta(**{unit.rstrip("s") + "s": count})).astimezone(self.zone))

    # ---- the binary ----

    def command(self, args):
        command = [self.binary, "--data", self.data]
        if self.now is not None:
            command += ["--clock-file", self.clock_file]
        if self.url:
            command += ["--db", self.url]
        return command + list(args)

    def environment(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("ALDIA_", "XDG_", "LC_", "TZ"))}
        env.update(HOME=self.folder, LANG="C.UTF-8", TZ="Pacific/Auckland",
                   ASAN_OPTIONS="exitcode=99:detect_leaks=1", UBSAN_OPTIONS="halt_on_error=1:exitcode=99:print_stacktrace=1")
        return env

    def start(self, args):
        self.log.append("aldia " + " ".join(args))
        return subprocess.Popen(self.command(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                cwd=self.folder, env=self.environment(), start_new_session=True)

    def finish(self, process, args, timeout=120):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Failed(f"“aldia {' '.join(args)}” to end within {timeout} s", "it still runs")
        result = Result(args, process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
        if SANITIZER.search(result.err) or result.code == 99 or (result.code < 0 and result.code != -signal.SIGKILL):
            raise Failed(f"“aldia {' '.join(args)}” without a sanitizer report or crash", f"exit {result.code}:\n{result.err[-4000:]}")
        self.last = result
        return result

    def aldia(self, *args):
        args = [str(a) for a in args]
        return self.finish(self.start(args), args)

    def succeed(self, *args):
        """Runs a command that must end with 0 and gives its JSON."""
        result = self.aldia("--json", *args)
        if result.code != 0:
            raise Failed(f"exit 0 from “aldia {' '.join(map(str, args))}”", str(result))
        return result.json() if result.out.strip() else {}

    def items(self, *args):
        found = self.succeed(*args)
        if not isinstance(found, dict) or not isinstance(found.get("items"), list):
            raise Failed(f"a list {{\"items\":[…]}} from “{' '.join(args)}”", json.dumps(found)[:400])
        return found["items"]

    # ---- data ----

    def init(self, name, country, currency, zone):
        self.zone = zoneinfo.ZoneInfo(zone or ZONES.get(country) or "UTC")
        self.currency = currency
        args = ["init", "--name", name, "--country", country, "--currency", currency]
        result = self.aldia(*(args + (["--zone", zone] if zone else [])))
        if result.code != 0:
            raise Failed("exit 0 from init", str(result))
        self.set_conf({**CONF, "smtp_port": str(self.peer.port)})

    def set_conf(self, settings):
        """Replaces or appends settings in aldia.conf, or takes them out (None); a commented example line stays."""
        path = os.path.join(self.data, "aldia.conf")
        lines = open(path, encoding="utf-8").read().split("\n") if os.path.exists(path) else []
        for key, value in settings.items():
            lines = [l for l in lines if not re.match(rf"\s*{re.escape(key)}\s*=", l)] + ([] if value is None else [f"{key} = {value}"])
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(l for l in lines if l.strip() or l == "") + "\n")

    def write_csv(self, kind, rows):
        path = os.path.join(self.folder, f"{kind}.csv")
        text = io.StringIO()
        if rows:
            writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        self.note(kind, rows)
        return path

    def note(self, kind, rows):
        """Remembers who owns what, for the guards."""
        for row in rows:
            self.marks = self.marks or any("{{" in cell for cell in row.values())
            if kind == "invoices" and row.get("number"):
                self.numbers[row["number"]] = row.get("customer_code", "")
            if kind == "customers" and row.get("email"):
                self.addresses.setdefault(row["code"], set()).add(row["email"])

    # ---- mails ----

    def mails(self):
        """Takes in what the peer has kept since the last look; gives the mails no expectation has claimed yet."""
        kept = self.peer.kept()
        self.unexpected += [Mail(m) for m in kept[self.taken:]]
        self.taken = len(kept)
        return self.unexpected

    # ---- end ----

    def close(self):
        if self.paused:
            process = self.paused[0]
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        self.peer.close()
        if self.database:
            for url in [self.url] + self.databases:
                self.database.give_back(url)
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def parse_instant(self, text):
        try:
            instant = datetime.datetime.fromisoformat(text)
        except ValueError as error:
            raise ScriptError(str(error))
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=self.zone)
        return instant
