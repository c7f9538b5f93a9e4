#!/bin/sh
# A private PostgreSQL for tests: its own cluster in FOLDER, on loopback and on a socket in FOLDER, without passwords.
#
#   postgres.sh start FOLDER     makes and starts it, prints its URL
#   postgres.sh stop FOLDER      stops it; the folder stays
#   postgres.sh run COMMAND…     starts one in a temporary folder, runs COMMAND with ALDIA_TEST_POSTGRES set, removes it
#
# The server refuses to run as root: then everything is done as the user `postgres`. Text is ordered by Spanish rules unless a
# query or column says otherwise, so that a forgotten COLLATE shows.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nowhere/x)")
[ -x "$bin/initdb" ] || { echo "postgres.sh: PostgreSQL is not installed" >&2; exit 69; }

as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups env -i PATH="$PATH" LANG=C.UTF-8 "$@"
    else
        "$@"
    fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
    mkdir -p "$1"
    folder=$(cd "$1" && pwd)
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder"; fi
    if [ ! -d "$folder/data" ]; then
        as_owner "$bin/initdb" -D "$folder/data" -U aldia -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
            --icu-locale=es >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 70; }
    fi
    for attempt in 1 2 3; do
        port=$(free_port)
        if as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 \
            -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$folder' -c fsync=on" \
            start >"$folder/start.log" 2>&1; then
            as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U aldia aldia 2>/dev/null || true
            echo "postgresql://aldia@127.0.0.1:$port/aldia"
            return
        fi
    done
    cat "$folder/start.log" "$folder/data/server.log" >&2
    exit 70
}

stop() {
    [ ! -f "$1/data/postmaster.pid" ] || as_owner "$bin/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null
}

run() {
    folder=$(mktemp -d)
    chmod 711 "$folder"
    trap 'stop "$folder/pg"; rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM
    ALDIA_TEST_POSTGRES=$(start "$folder/pg")
    export ALDIA_TEST_POSTGRES
    "$@"
}

verb=${1:-}
[ $# -ge 2 ] || { sed -n '2,7p' "$0" >&2; exit 64; }
shift
case $verb in
    start) start "$1" ;;
    stop) stop "$1" ;;
    run) run "$@" ;;
    *) sed -n '2,7p' "$0" >&2; exit 64 ;;
esac
