#!/bin/sh
# The pages in Debian's Chromium (test/browser/run.mjs); screenshots stay in build-check/browser. Fetches its tools by an exact lock.
set -eu
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo "chromium is not installed: skipped"; echo "0 passed, 0 failed"; exit 0; }
if ! cmp -s test/browser/package-lock.json test/browser/node_modules/.lock 2>/dev/null; then
    if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix test/browser >/dev/null 2>&1; then
        echo "npm could not fetch what the browser tests need: skipped"; echo "0 passed, 0 failed"; exit 0
    fi
    cp test/browser/package-lock.json test/browser/node_modules/.lock
fi
exec node test/browser/run.mjs build-check/browser
