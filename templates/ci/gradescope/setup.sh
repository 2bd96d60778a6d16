#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image from autograder.zip.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
export GRADER_CACHE="$here/cache"

# A Python of 3.11 or newer, with venv: Ubuntu 24.04 has it in a package, and Ubuntu 22.04 has a
# newer Python than its own in another.
works() { command -v "$1" >/dev/null && "$1" -I -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
for python in python3.14 python3.13 python3.12 python3.11 python3 none; do
  if works "$python"; then break; fi
done
if [ "$python" = none ]; then
  apt-get update -q
  apt-get install -qy python3-venv
  python=python3
  if ! works python3; then
    apt-get install -qy python3.11 python3.11-venv
    python=python3.11
  fi
fi

# grader itself comes along in this archive; what it needs comes from the package index.
"$python" -I -m venv "$here/venv"
"$here/venv/bin/pip" install -q -r "$here/requirements.txt" -c "$here/constraints.txt"
site="$("$here/venv/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
echo "$here/package" >"$site/grader.pth"

# Say what isolation there is here, and draw the examples once, so that no student waits for it.
cd "$here"
"$here/venv/bin/python" -P -m grader doctor || true
"$here/venv/bin/python" -P -m grader run "$here/course/reference" --course "$here/course" \
  --out "$here/first" $(cat "$here/options") || echo "The course itself could not be graded here."
