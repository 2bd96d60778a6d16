"""What is decided without pytest, without Hypothesis, and without the checks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.grader.miniature import reference, report, statuses, write_course

ROOT = Path(__file__).parents[3]

# The replaying half of an examiner, and what it has imported and started in the end.
REPLAY = """
import json, sys
from pathlib import Path
from grader.checks.messages import Job, Setup, Work
from grader.checks.replaying import Replaying
from grader.course import open_course
from grader.model import Isolation, SourceFile
from grader.sandbox import open_sandbox

root, source = Path(sys.argv[1]), sys.argv[2]
course = open_course(root)
work = tuple(
    Work(e.name, e.functions, tuple((c.suite, c.name) for c in e.checks)) for e in course.exercises
)
limits = course.settings.limits
files = (SourceFile("a.py", "", (source,)),)
setup = Setup(str(root), ("numpy",), limits, Isolation.NONE)
events = []
with open_sandbox(("numpy",), limits, Isolation.NONE) as sandbox:
    workers, make = [], sandbox.worker
    sandbox.worker = lambda: workers.append(1) or make()
    sys.path.insert(0, str(root))
    job = Job(work, files, {}, explain=bool(sys.argv[3]))
    Replaying(setup, sandbox, events.append).examine(job)
told = [(type(e).__name__, getattr(e, "check", ""), getattr(e, "status", "")) for e in events]
modules = [n for n, m in sys.modules.items() if "StandIn" not in type(m).__name__]
print(json.dumps({"events": told, "modules": modules, "workers": len(workers)}))
"""

CHECKS = '''
@given(st.integers(0, 9))
def test_double(submission, x):
    """Twice."""
    expect.close(submission.double(x), 2 * x, "y")


@given(st.integers(0, 9))
def test_chain(submission, x):
    """Twice and twice again."""
    expect.close(submission.half(submission.double(x)), x, "y")


def test_callback(submission):
    """A function of ours."""
    f = callback(lambda t: t + 1, takes=[()])
    expect.close(submission.apply(f, 1.0), 4, "y")
'''
REFERENCE = reference(
    "def double(x):\n    return 2 * x",
    "def half(x):\n    return x / 2",
    "def apply(f, x):\n    return 2 * f(x)",
)
RIGHT = """
def double(x): return x + x
def half(x): return 0.5 * x
def apply(f, x): return 2 * f(x)
"""
WRONG = """
def double(x): return 3 * x
def half(x): return [x]
def apply(f, x): raise ValueError("no")
"""
HUNG = """
def double(x):
    while True: pass
def half(x): return x / 2
def apply(f, x):
    while True: pass
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    exercises = {"twice": (REFERENCE, CHECKS)}
    return write_course(tmp_path / "course", exercises, settings="cpu_seconds = 0.3\n")


def replay(course: Path, source: str, *, explain: bool = True) -> Any:
    command = [sys.executable, "-P", "-c", REPLAY, str(course), source, "explain" * explain]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def loaded(said: Any, *prefixes: str) -> list[str]:
    tops = tuple(f"{prefix}." for prefix in prefixes)
    return [n for n in said["modules"] if n in prefixes or n.startswith(tops)]


def decided(said: Any) -> dict[str, str]:
    return {check: status for kind, check, status in said["events"] if kind == "Decided"}


FAILED = {"test_double": "failed", "test_chain": "failed", "test_callback": "error"}
PASSED = dict.fromkeys(("test_double", "test_chain", "test_callback"), "passed")
LIBRARIES = ("pytest", "_pytest", "hypothesis")


def test_a_known_transcript_is_decided_without_the_checks(course: Path) -> None:
    assert set(statuses(report(course, {"a.py": WRONG})).values()) == {"failed", "error"}
    first = replay(course, RIGHT)
    assert decided(first) == PASSED
    assert loaded(first, "tests.hidden", "reference")
    assert not loaded(first, *LIBRARIES)

    for source in (RIGHT, "# Again.\n\n" + RIGHT.replace("x + x", "2 * x")):
        known = replay(course, source)
        assert decided(known) == PASSED
        assert not loaded(known, *LIBRARIES, "tests", "reference", "grader.kit.strategies")
        # Fetching, comparing, and one more where the outcome of WRONG was tried first: its worker
        # calls back as it did not then.
        assert known["workers"] <= 3

    known = replay(course, WRONG)
    assert decided(known) == FAILED
    assert not loaded(known, *LIBRARIES, "tests", "reference")


def test_limits_are_bounded_and_never_kept(course: Path) -> None:
    report(course, {"a.py": RIGHT})
    for _ in range(2):
        said = replay(course, HUNG)
        assert set(decided(said).values()) == {"timeout"}
        deaths = [event for event in said["events"] if event[0] == "Struck"]
        assert len(deaths) == 3 + 2  # of double in two checks, of apply in one
        assert said["workers"] <= 8


def test_a_failure_that_is_not_known_is_explained_without_hypothesis(course: Path) -> None:
    report(course, {"a.py": RIGHT})
    said = replay(course, WRONG)
    assert decided(said) == FAILED
    assert not loaded(said, *LIBRARIES)


def test_a_failure_is_only_named_where_no_more_is_asked(course: Path) -> None:
    report(course, {"a.py": RIGHT})
    said = replay(course, WRONG, explain=False)
    kinds = {check: kind for kind, check, _ in said["events"] if kind in ("Decided", "Undecided")}
    assert set(kinds.values()) == {"Undecided"}
    assert not loaded(said, *LIBRARIES)
    assert decided(replay(course, RIGHT, explain=False)) == PASSED


def test_a_body_runs_only_on_answers_that_the_reference_does_not_give(
    course: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    note = f"    open({str(ran)!r}, 'a').write(str(x) + ' ')\n"
    checks = CHECKS[: CHECKS.index("\n\n\n")].replace('"""\n', '"""\n' + note)
    write_course(course, {"twice": (REFERENCE, checks)}, settings="")
    wrong_for_three = RIGHT.replace("x + x", "x + x if x != 3 else 3 + 3.0")
    for source, expected in ((RIGHT, ""), (wrong_for_three, "3 ")):
        assert statuses(report(course, {"a.py": RIGHT}))["double"] == "passed"  # makes the bank
        ran.write_text("")
        assert decided(replay(course, source)) == {"test_double": "passed"}
        assert ran.read_text() == expected
