"""The same submission has the same report, to the byte, however and wherever it is graded."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.checks.bank import load_bank
from grader.checks.keys import bank_key
from grader.model import Suite
from tests.grader.miniature import reference, report, write_course

ROOT = Path(__file__).parents[2]
TIMES = 20

CHECKS = '''
@settings(max_examples=30)
@given(some.matrices(), st.floats(-4, 4))
def test_scaled(submission, A, x):
    """Scales."""
    expect.close(submission.scale(A, x), A * x, "y")


@settings(max_examples=30)
@given(st.lists(st.floats(-4, 4) | st.text() | st.integers(), max_size=3))
def test_length(submission, values):
    """Counts."""
    expect.close(submission.length(values), len(values), "n")


def test_noise(submission):
    """Random, but the same every time."""
    expect.close(submission.noise(), 0.0, "noise")
'''
INTERACTIVE = '''
@settings(max_examples=10)
@given(st.data())
def test_interactive(submission, data):
    """Draws as it goes."""
    x = data.draw(st.floats(-4, 4))
    expect.close(submission.scale(x, data.draw(st.floats(-1, 1))), 0 * x, "y", atol=9)
'''
REFERENCE = reference(
    "def scale(A, x):\n    return A * x",
    "def length(values):\n    return len(values)",
    "def noise():\n    return 0.0",
)
SOURCE = """
import random
import numpy as np

def scale(A, x):
    if np.size(A) > 3:
        raise ValueError(f"{np.shape(A)} of {sorted({'a', 'b', str(x)})}")
    return A * x

def length(values): return len(set(map(str, values))) + (len(values) > 1)
def noise(): return np.random.randn() + random.random() + hash("text") % 7
"""

RIGHT = "def scale(A, x): return x * A\ndef length(v): return len(v)\ndef noise(): return 0\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    checks = CHECKS + INTERACTIVE
    exercises = {"scale": (REFERENCE, checks), "other": (REFERENCE, checks)}
    return write_course(tmp_path / "course", exercises)


@pytest.fixture
def alice(tmp_path: Path) -> Path:
    folder = tmp_path / "alice"
    folder.mkdir()
    (folder / "scale.py").write_text(SOURCE)
    return folder


def grade(
    course: Path, submission: Path, out: Path, cache: Path, *options: str, where: Path
) -> tuple[bytes, bytes]:
    """Run the command; its two reports."""
    where.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-m", "grader", "run", str(submission), "--unsafe"]
    done = subprocess.run(
        [*command, "--course", str(course), "--out", str(out), *options],
        cwd=where,
        env={**os.environ, "GRADER_CACHE": str(cache), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1, 2), done.stderr
    assert (out / "report.json").exists(), done.stderr
    return (out / "report.json").read_bytes(), (out / "report.html").read_bytes()


def test_many_gradings_give_the_same_bytes(alice: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", {"scale": (REFERENCE, CHECKS)})

    def once(n: int) -> tuple[bytes, bytes]:
        options = ["--live"] if n in (3, 11) else []
        cache = tmp_path / ("cache" if n != 7 else "another cache")
        where = tmp_path / f"folder{n % 2}"
        return grade(course, alice, tmp_path / f"out{n}", cache, *options, where=where)

    with ThreadPoolExecutor(2) as both:
        made = set(both.map(once, range(TIMES)))
    assert len(made) == 1
    ((as_json, page),) = made
    assert b'"failed"' in as_json
    assert str(tmp_path).encode() not in as_json + page


def drawn(course: Path, exercise: str) -> list[bytes]:
    bank = load_bank(bank_key(course, exercise, Suite.HIDDEN))
    assert bank is not None
    return [check.values for check in bank.checks]


def test_draws_depend_on_nothing_around(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    report(course, {"scale.py": RIGHT})
    draws = drawn(course, "scale")
    assert drawn(course, "other") == draws
    assert [values != b"" for values in draws] == [True, True, True, False]

    # Hypothesis would mix constants of local modules into the draws.
    odd = "".join(f"x{n} = {n}.125, 'a word {n}', {n}5550{n}\n" for n in range(1, 51))
    (course / "tests" / "hidden" / "laws.py").write_text(odd)
    test = course / "tests" / "hidden" / "test_scale.py"
    test.write_text("from tests.hidden import laws\n" + test.read_text())
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    report(course, {"scale.py": RIGHT})
    assert drawn(course, "scale") == draws
    assert list((tmp_path / "folder").iterdir()) == []


def test_one_exercise_alone_has_the_same_result(course: Path, alice: Path, tmp_path: Path) -> None:
    def exercises(name: str, *options: str) -> list[dict[str, object]]:
        out, cache = tmp_path / name, tmp_path / "cache"
        as_json, _ = grade(course, alice, out, cache, *options, where=tmp_path / "folder")
        found: list[dict[str, object]] = json.loads(as_json)["exercises"]
        return found

    both = exercises("both")
    assert [each["name"] for each in both] == ["scale", "other"]
    assert exercises("alone", "--only", "other") == both[1:]
