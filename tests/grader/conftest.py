"""The command as a person runs it, and a course small enough to be graded in a moment."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.grader.miniature import reference, write_course

ROOT = Path(__file__).parents[2]

RELU = "def relu(Z):\n    return np.maximum(0.0, Z)\n"
SLOPE = "def slope(Z):\n    return np.where(Z > 0, 1.0, 0.0)\n"
SOFTMAX = "def softmax(z):\n    e = np.exp(z - np.max(z))\n    return e / np.sum(e)\n"

CHECKS_OF_RELU = '''
@settings(max_examples=5)
@pytest.mark.points(2)
@given(some.matrices())
def test_negatives_vanish(submission, Z):
    """Negative numbers become 0.

    Compare with 0.
    """
    expect.close(submission.relu(Z), np.maximum(0.0, Z), "A")


@settings(max_examples=5)
@given(some.matrices())
def test_the_slope_is_a_step(submission, Z):
    """The slope is 0 or 1."""
    expect.close(submission.slope(Z), np.where(Z > 0, 1.0, 0.0), "dA")
'''
CHECKS_OF_SOFTMAX = '''
@settings(max_examples=5)
@given(some.vectors())
def test_shares_add_up_to_one(submission, z):
    """Shares add up to 1."""
    shares = expect.array(submission.softmax(z), z.shape, "shares")
    expect.close(shares.sum(), 1.0, "their sum")
'''
PUBLIC_CHECK = '''
def test_zero(submission):
    """The answer at 0 is 0."""
    expect.close(submission.relu(np.zeros((1, 1))), np.zeros((1, 1)), "A")
'''


RIGHT = {
    "relu.py": f"import numpy as np\n\n{RELU}\n{SLOPE}",
    "softmax.py": f"import numpy as np\n{SOFTMAX}",
}
WRONG = RIGHT | {"relu.py": RIGHT["relu.py"].replace("maximum", "minimum")}

# What a shell starts in the background ignores Ctrl-C, and so would every command tried here.
signal.signal(signal.SIGINT, signal.default_int_handler)

Fingerprint = dict[str, tuple[int, int, bytes]]


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def fingerprint(folder: Path) -> Fingerprint:
    """Everything below a folder: mode, time of change, content."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in [folder, *folder.rglob("*")]
    }


@dataclass(frozen=True)
class Ran:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        """Its report, of a run with --json."""
        return json.loads(self.out)

    @property
    def checks(self) -> dict[str, Any]:
        """The checks of its report, by exercise and name without "test_"."""
        return {
            f"{exercise['name']}.{check['name'].removeprefix('test_')}": check
            for exercise in self.report["exercises"]
            for check in exercise["checks"]
        }

    @property
    def statuses(self) -> dict[str, str]:
        """How each check ended."""
        return {name: check["status"] for name, check in self.checks.items()}


Command = Callable[..., Ran]


def environment_of(cache: Path, **more: str) -> dict[str, str]:
    """The environment of a command: nothing that changes what it prints, a cache of its own."""
    changing = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in changing}
    return kept | {"GRADER_CACHE": str(cache), "LC_ALL": "C.UTF-8"} | more


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where banks and outcomes are kept, for all tests together, so that each is drawn once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def grader(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run `grader` with these arguments to its end."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments: str | Path, cwd: Path = elsewhere, **environment: str) -> Ran:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "grader", *map(str, arguments)],
            cwd=cwd,
            env=environment_of(cache, **environment),
            capture_output=True,
            check=False,
        )
        return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exercises, and a public check for one of them; for reading only."""
    exercises = {
        "relu": (reference(RELU, SLOPE), CHECKS_OF_RELU),
        "softmax": (reference(SOFTMAX), CHECKS_OF_SOFTMAX),
    }
    limits = "cpu_seconds = 20\nwall_seconds = 60\n"  # nothing depends on how busy a machine is
    root = write_course(tmp_path_factory.mktemp("small") / "course", exercises, settings=limits)
    head = (root / "tests/hidden/test_relu.py").read_text().removesuffix(CHECKS_OF_RELU)
    (root / "tests/public").mkdir()
    (root / "tests/public/test_relu.py").write_text(head + PUBLIC_CHECK)
    return root


@pytest.fixture
def own_course(small_course: Path, tmp_path: Path) -> Path:
    """A copy of the small course to change."""
    return Path(shutil.copytree(small_course, tmp_path / "own course"))


@pytest.fixture(scope="session")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("right") / "alice", RIGHT)


@pytest.fixture(scope="session")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("wrong") / "bob", WRONG)
