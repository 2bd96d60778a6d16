#!/bin/sh
# Installs what the tests need, at the locked versions, and runs every check.
set -eu
cd "$(dirname "$0")/.."
test -x .venv/bin/python || python3 -m venv .venv
.venv/bin/pip install --quiet --requirement requirements-dev.lock
.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
missing=""
command -v chromium >/dev/null || missing="chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
if test -n "$missing" && test "$(id -u)" = 0 && command -v apt-get >/dev/null; then
    apt-get update -qq
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
exec sh tests/check.sh
