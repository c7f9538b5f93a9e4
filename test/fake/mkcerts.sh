#!/bin/sh
# Certificates for the TLS tests, made anew each time: mkcerts.sh FOLDER
# ca.pem trusts good, expired and wrong-host; other-ca.pem trusts none of them. Each has NAME.pem and NAME.key.
set -eu
mkdir -p "$1"
cd "$1"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
authority() {
    key "$1.key"
    openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 2 -out "$1.pem" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
}
# NAME SUBJECT-ALTERNATIVE-NAMES DAYS
certificate() {
    key "$1.key"
    printf 'subjectAltName=%s\n' "$2" >"$1.ext"
    openssl req -new -key "$1.key" -subj "/CN=$1" 2>/dev/null |
        openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days "$3" -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
authority ca
authority other-ca
certificate good DNS:localhost,IP:127.0.0.1 2
certificate wrong-host DNS:elsewhere.test 2
certificate expired DNS:localhost,IP:127.0.0.1 -1
