#!/usr/bin/env python3
"""Mails as their readers get them:  test/mail/run.py [--keep FOLDER]

The whole messages of test/golden/mail (the unit suite `compose` proves that they are what the program writes today) are taken apart by two
MIME parsers that are not ours, Python's and ripMIME, and their HTML is opened in Chromium: three widths, light and dark, with and without
the <style> block. axe must find nothing; nothing may scroll sideways, ask for anything from outside or be missing from the text part.
Screenshots stay in build-mail/. Lines as in TAP, then `N passed, N failed`."""
import email
import email.policy
import glob
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
GOLDEN = os.path.join(ROOT, "test", "golden", "mail")
BUILD = os.path.join(ROOT, "build-mail")


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def case(self, name, faults):
        number = self.passed + self.failed + 1
        print(f"{'not ok' if faults else 'ok'} {number} - {name}", flush=True)
        for fault in faults[:12]:
            print(f"  {fault[:400]}")
        self.failed += bool(faults)
        self.passed += not faults


def words(text):
    """Amounts, document numbers and dates: what both parts must say."""
    plain = text.replace("\xa0", " ").replace("\u202f", " ")
    found = set(re.findall(r"\b[A-Z]{1,4}-\d+\b", plain))
    found |= set(re.findall(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{2})?", plain))
    found |= set(re.findall(r"\b\d{1,2} [a-z]{3} \d{4}\b", plain))
    return found


def lines_faults(data):
    faults = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        faults.append("a line does not end in CRLF")
    longest = max(len(line) for line in data.split(b"\r\n"))
    if longest > 78:
        faults.append(f"a line of {longest} bytes")
    if any(byte > 126 or (byte < 32 and byte not in (9, 10, 13)) for byte in data):
        faults.append("bytes that are not printable ASCII")
    return faults


def structure_faults(message):
    """RFC 2045, 2046, 5322 and what a reminder must carry."""
    faults = []
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Content-Language"):
        if len(message.get_all(name, [])) != 1:
            faults.append(f"{len(message.get_all(name, []))} times {name}")
    if message.defects or any(part.defects for part in message.walk()):
        faults.append(f"defects: {[part.defects for part in message.walk()]}")
    if len(message["To"].addresses) != 1:
        faults.append("not to one person")
    if message.get_content_type() != "multipart/alternative":
        return faults + [f"is {message.get_content_type()}"]
    kinds = [part.get_content_type() for part in message.iter_parts()]
    if kinds != ["text/plain", "text/html"]:
        faults.append(f"the parts are {kinds}: the best comes last")
    for part in message.iter_parts():
        if part.get_content_charset() != "utf-8" or part["Content-Transfer-Encoding"] not in ("quoted-printable", "base64"):
            faults.append(f"{part.get_content_type()}: {part['Content-Type']}, {part['Content-Transfer-Encoding']}")
    if message["List-Unsubscribe"] and "https:" in message["List-Unsubscribe"] and message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        faults.append("List-Unsubscribe without its one-click header")
    return faults


class Tags(html.parser.HTMLParser):
    VOID = {"br", "meta", "img", "hr", "link", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def content_faults(message, stem):
    plain, rich = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    faults = []
    for text, suffix in ((plain, ".txt"), (rich, ".html")):
        with open(stem + suffix, encoding="utf-8") as file:
            golden = file.read()
            if suffix == ".txt":
                golden = golden.split("\n", 1)[1]  # its first line is the subject
            if text.strip() != golden.strip():
                faults.append(f"the part is not {os.path.basename(stem)}{suffix}")
    # Rows of the list of items stay whole: their columns are three spaces apart.
    wide = [line for line in plain.split("\n") if len(line) > 78 and "://" not in line and "   " not in line
            and not line.startswith("000201")]  # a PIX code is pasted as it is
    if wide:
        faults.append(f"text wider than 78 columns: {wide[0]}")
    if re.search(r"<[a-z/!]|&[a-z]+;|\{\{", plain):
        faults.append("the text part has markup in it")
    tags = Tags()
    tags.feed(rich)
    faults += tags.faults + [f"<{tag}> stays open" for tag in tags.open]
    if len(rich.encode()) > 102000:
        faults.append("over 102 kB: Gmail would cut it")
    return faults


def ripmime_faults(path, message):
    """The second parser must see the same two parts, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(["ripmime", "-i", path, "-d", folder], capture_output=True, text=True)
        found = [open(name, "rb").read() for name in sorted(glob.glob(folder + "/textfile*"))]
    wanted = [part.get_payload(decode=True) for part in message.iter_parts()]
    bodies = [body.replace(b"\r\n", b"\n").strip() for body in found if body.strip()]
    missing = [body[:60] for body in wanted if body.replace(b"\r\n", b"\n").strip() not in bodies]
    return [f"ripMIME ({result.stderr.strip()}) does not find the part that begins {body!r}" for body in missing]


def taken_apart(count):
    for path in sorted(glob.glob(GOLDEN + "/*.eml")):
        with open(path, "rb") as file:
            data = file.read()
        message = email.message_from_bytes(data, policy=email.policy.default)
        faults = lines_faults(data) + structure_faults(message)
        if not faults:
            faults = content_faults(message, path[:-4]) + ripmime_faults(path, message)
        count.case(f"{os.path.basename(path)}: structure and parts", faults)


def modules():
    """playwright-core and axe-core at the versions of the lock file, fetched once."""
    folder = os.path.join(BUILD, "npm")
    lock = os.path.join(HERE, "package-lock.json")
    kept = os.path.join(folder, "package-lock.json")
    if os.path.isdir(os.path.join(folder, "node_modules", "axe-core")) and os.path.exists(kept) and open(kept).read() == open(lock).read():
        return folder
    os.makedirs(folder, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(HERE, name), folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder


def opened(count):
    shots = os.path.join(BUILD, "shots")
    shutil.rmtree(shots, ignore_errors=True)
    os.makedirs(shots)
    files = sorted(glob.glob(GOLDEN + "/*.html"))
    result = subprocess.run(["node", os.path.join(HERE, "render.mjs"), modules(), shots] + files, capture_output=True, text=True)
    if result.returncode:
        count.case("Chromium opens the mails", [result.stderr])
        return
    for seen in json.loads(result.stdout):
        with open(os.path.join(GOLDEN, seen["file"].replace(".html", ".txt")), encoding="utf-8") as file:
            missing = words(seen["text"]) - words(file.read())
        faults = seen["faults"] + ([f"not in the text part: {sorted(missing)}"] if missing else [])
        count.case(f"{seen['name']}: looks", faults)


def main():
    count = Count()
    taken_apart(count)
    opened(count)
    print(f"{count.passed} passed, {count.failed} failed")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
