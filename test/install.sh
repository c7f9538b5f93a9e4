#!/bin/sh
# Installs into a folder that goes away and looks at what is there:  test/install.sh
set -u
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
passed=0 failed=0
try() {
    what=$1
    shift
    if "$@" >"$place/.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $what"
    else
        failed=$((failed + 1))
        echo "not ok $what"
        sed 's/^/  /' "$place/.log" | head -20
    fi
}
try "make install" make --no-print-directory install DESTDIR="$place" PREFIX=/usr
try "the program starts" "$place/usr/bin/aldia" --version
try "the manual page is clean" mandoc -Tlint -W warning "$place/usr/share/man/man1/aldia.1"
for language in es pt; do
    try "the manual page is clean in $language" mandoc -Tlint -W warning "$place/usr/share/man/$language/man1/aldia.1"
    try "and in that language" grep -qE "^\.SH (NOMBRE|NOME)$" "$place/usr/share/man/$language/man1/aldia.1"
done
try "the completion is a script" bash -n "$place/usr/share/bash-completion/completions/aldia"
try "the unit names the installed program" grep -qx 'ExecStart=/usr/bin/aldia run' "$place/usr/lib/systemd/system/aldia-run.service"
try "nothing remembers where it was installed from" sh -c '! grep -rqa -e "$0" -e "@[A-Z]*DIR@" "$1/usr"' "$place/usr" "$place"
try "nothing remembers where it was built" sh -c '! grep -rqa -e "$PWD/" "$0/usr"' "$place"
if command -v systemd-analyze >/dev/null; then
    sed "s|/usr/bin/aldia|$place/usr/bin/aldia|" "$place/usr/lib/systemd/system/aldia-run.service" >"$place/aldia-run.service"
    cp "$place/usr/lib/systemd/system/aldia-run.timer" "$place/"
    try "systemd understands the units" sh -c '! systemd-analyze verify "$0/aldia-run.service" "$0/aldia-run.timer" 2>&1 | grep -E "aldia-run.*(Unknown|Invalid|Failed|ignoring)"' "$place"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
