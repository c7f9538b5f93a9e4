#!/usr/bin/python3
"""Check DKIM signatures with an independent implementation (dkimpy), the DNS replaced by a record made from the key.

    dkim_verify.py PRIVATE-KEY.pem DOMAIN SELECTOR FILE...

One line a file: "NAME pass" or "NAME fail". Needs Debian's python3-dkim and python3-nacl, hence the path above. Exit 77
when they are missing."""
import base64
import os
import subprocess
import sys

try:
    import dkim
    import nacl.signing  # noqa: F401  dkimpy wants it for Ed25519
except ImportError:
    sys.exit(77)


def main():
    key, domain, selector, *files = sys.argv[1:]
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True,
                         stdout=subprocess.PIPE).stdout
    if len(der) == 44:  # Ed25519: the last 32 bytes are the key itself (RFC 8410, RFC 8463)
        record = b"v=DKIM1; k=ed25519; p=" + base64.b64encode(der[-32:])
    else:
        record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)

    def dns(name, timeout=5):
        return record if name.rstrip(b".") == ("%s._domainkey.%s" % (selector, domain)).encode() else None

    for path in files:
        with open(path, "rb") as message:
            text = message.read()
        try:
            good = dkim.verify(text, dnsfunc=dns)
        except dkim.DKIMException as error:
            print(error, file=sys.stderr)
            good = False
        print(os.path.basename(path), "pass" if good else "fail")


main()
