#!/bin/sh
# Builds every fuzz target with Clang's sanitizers and runs each from its committed seeds:  test/fuzz/run.sh [SECONDS [TARGET…]]
# One line a target in test/fuzz/targets: NAME: SOURCES [-- LINKER FLAGS]. What is found is kept in build-fuzz/; the seeds are not
# touched. Closes with "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-20}
[ $# -gt 0 ] && shift
wanted=" $* "
passed=0
failed=0
mkdir -p build-fuzz

while IFS= read -r line; do
    case $line in '' | '#'*) continue ;; esac
    name=${line%%:*}
    [ "$wanted" = "  " ] || case $wanted in *" $name "*) ;; *) continue ;; esac
    rest=${line#*:}
    sources=${rest%%--*}
    libraries=
    [ "$rest" = "$sources" ] || libraries=${rest#*--}
    echo "== $name, $seconds s"
    # shellcheck disable=SC2086 # lists of words
    if ! clang -std=gnu17 -g -O1 -D_GNU_SOURCE -DHAVE_INTTYPES_H -Isrc -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        "test/fuzz/fuzz_$name.c" test/fuzz/phrases_none.c src/base/phrase.c $sources $libraries -o "build-fuzz/$name"; then
        failed=$((failed + 1))
        continue
    fi
    mkdir -p "build-fuzz/corpus/$name"
    if "build-fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0 \
        -artifact_prefix="build-fuzz/$name-" "build-fuzz/corpus/$name" "test/fuzz/seeds/$name" >"build-fuzz/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        cat "build-fuzz/$name.log"
        failed=$((failed + 1))
    fi
done <test/fuzz/targets
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
