#!/bin/sh
# Writes both lock files again from pyproject.toml; needs uv. Run it after changing a dependency.
set -eu
cd "$(dirname "$0")/.."
compile="uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11"
$compile --group build pyproject.toml --output-file requirements.lock
$compile --group dev pyproject.toml --output-file requirements-dev.lock
