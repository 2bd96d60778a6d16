#!/bin/sh
# The one check command: format, lint, strict types, stubs, tests. Warnings are errors.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
ruff format --check .
ruff check .
mypy
grader stubs --check
python -P -m pytest -q "$@"
