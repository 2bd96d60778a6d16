#!/bin/sh
# Installs what the tests need, at the locked versions, and runs every check.
set -eu
cd "$(dirname "$0")/.."
test -x .venv/bin/python || python3 -m venv .venv
.venv/bin/pip install --quiet --requirement requirements-dev.lock
.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
if test "$(id -u)" = 0 && command -v apt-get >/dev/null && ! command -v chromium >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
fi
exec sh tests/check.sh
