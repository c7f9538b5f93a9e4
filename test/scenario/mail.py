"""A mail the peer kept, read back: headers, text part, HTML part; and what must hold for every reminder."""
import email
import email.policy
import re
import shutil
import subprocess
import unicodedata


class Mail:
    def __init__(self, kept):
        """`kept` is what the peer stored: sender, recipients, data (bytes), name."""
        self.kept = kept
        self.data = kept.data
        self.recipients = list(kept.recipients)
        self.parsed = email.message_from_bytes(kept.data, policy=email.policy.default)
        self.id = str(self.parsed["Message-ID"] or "").strip().strip("<>")
        self.to = self.recipients[0] if self.recipients else ""
        self.subject = plain(str(self.parsed["Subject"] or ""))
        self.body = self.part("plain")
        self.html = self.part("html")

    def part(self, kind):
        body = self.parsed.get_body(preferencelist=(kind,))
        return plain(body.get_content()) if body is not None else ""

    @property
    def attached(self):
        """Names and texts of what is attached; of PDF documents as poppler reads them."""
        found = []
        for part in self.parsed.iter_attachments():
            data = part.get_content()
            data = data if isinstance(data, bytes) else data.encode()
            if part.get_content_type() == "application/pdf" and shutil.which("pdftotext"):
                text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=False).stdout
            else:
                text = data
            found.append(f"{part.get_filename()} {part.get_content_type()} {len(data)} bytes\n{text.decode(errors='replace')}")
        return plain("\n".join(found))

    def field(self, name):
        if name in ("to", "subject", "body", "html", "id", "attached"):
            return getattr(self, name)
        if name.startswith("header:"):
            return plain(str(self.parsed[name[7:]] or ""))
        if name == "from":
            return self.kept.sender
        raise KeyError(name)

    def all_text(self):
        return "\n".join([self.subject, self.body, re.sub(r"<[^>]*>", " ", self.html), self.attached])

    def faults(self):
        """What every mail owes its reader, whatever it says (interfaces.md 7)."""
        found = []
        if len(self.recipients) != 1:
            found.append(f"{len(self.recipients)} envelope recipients")
        to = [a.addr_spec.lower() for a in getattr(self.parsed["To"], "addresses", ())]
        if to != [r.lower() for r in self.recipients]:
            found.append(f"To {to} differs from the envelope {self.recipients}")
        for extra in ("Cc", "Bcc"):
            if self.parsed[extra]:
                found.append(f"it has a {extra} header")
        if str(self.parsed["Auto-Submitted"] or "") != "auto-generated":
            found.append("no Auto-Submitted: auto-generated")
        for needed in ("Message-ID", "Date", "From", "Subject", "MIME-Version"):
            values = self.parsed.get_all(needed) or []
            if len(values) != 1:
                found.append(f"{len(values)} {needed} headers")
        if not self.body.strip():
            found.append("no text part")
        if not self.html.strip():
            found.append("no HTML part")
        if "{{" in self.all_text():
            found.append("an unmerged field")
        if re.search(rb"(?<!\r)\n|\r(?!\n)", self.data):
            found.append("a bare CR or LF")
        if any(len(line) > 998 for line in self.data.split(b"\r\n")):
            found.append("a line over 998 bytes")
        head = self.data.split(b"\r\n\r\n", 1)[0]
        if any(byte > 126 for byte in head):
            found.append("8-bit bytes in the header")
        return found

    def __str__(self):
        return f"mail to {self.to} “{self.subject}”"


def plain(text):
    """One kind of space, composed characters: what a person reads as equal compares equal."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    return re.sub(r"[\u00a0\u202f\u2007\u2009]", " ", text)
