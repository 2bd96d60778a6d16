"""A machine of somebody else's CI, as far as plain shell sees it: commands that only it has."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grader.conftest import ROOT, environment_of

# `-m venv DIR` without a package index: the environment of these tests under another name. The
# installer in it notes what it is asked for, and everything else is the real Python.
PACKAGES = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
PYTHON = f"""#!/bin/sh
case "$*" in
*"-m venv "*)
  for folder; do :; done
  {sys.executable} "$@" --without-pip || exit
  site=$("$folder/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\\n' {shlex.join(PACKAGES)} > "$site/outside.pth"
  printf '#!/bin/sh\\necho "$*" >> "$ASKED"\\n' > "$folder/bin/pip"
  printf '#!/bin/sh\\nexec "%s/bin/python" -P -m grader "$@"\\n' "$folder" > "$folder/bin/grader"
  chmod +x "$folder/bin/pip" "$folder/bin/grader"
  ;;
*) exec {sys.executable} "$@" ;;
esac
"""
NOTHING = '#!/bin/sh\necho "$(basename "$0") $*" >> "$ASKED"\ncat > /dev/null\n'
ONLY_THERE = ("sudo", "apt-get", "apparmor_parser", "sysctl")


class Machine:
    """Runs shell with these commands in its PATH.

    Attributes:
        home: where it keeps its files.
    """

    def __init__(self, home: Path, cache: Path) -> None:
        self.home, self._cache = home, cache
        for name in ("python", "python3", "python3.14"):
            self.has(name, PYTHON)
        for name in ONLY_THERE:
            self.has(name, NOTHING)

    @property
    def log(self) -> str:
        """What was asked of commands that do nothing here."""
        path = self.home / "log"
        return path.read_text() if path.exists() else ""

    def has(self, name: str, script: str) -> None:
        """Put a command into the PATH."""
        path = self.home / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)

    def run(
        self, script: str, cwd: Path, /, **variables: str | Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a script as runners do: bash that stops at the first error."""
        environment = environment_of(self._cache, ASKED=str(self.home / "log"))
        environment["HOME"] = str(self.home)  # scripts may take away what is in it
        environment["PATH"] = f"{self.home / 'bin'}:{environment['PATH']}"
        environment |= {name: str(value) for name, value in variables.items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One place for the machines of all tests: examples are kept by the place of the course."""
    return tmp_path_factory.mktemp("machine")


@pytest.fixture
def machine(home: Path, cache: Path) -> Machine:
    """A new machine."""
    shutil.rmtree(home)
    home.mkdir()
    return Machine(home, cache)
