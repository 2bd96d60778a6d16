"""A bank is named by what it depends on, and what is damaged is no bank."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.checks.bank import Bank, CheckBank, Recorded, load_bank, save_bank
from grader.checks.keys import bank_key
from grader.checks.messages import Event, Noticed
from grader.model import Suite
from tests.grader.miniature import reference, report, statuses, write_course

ROOT = Path(__file__).parents[3]
DOUBLE = reference("def double(x):\n    return 2 * x")
CHECK = '''
@settings(max_examples=10)
@given(st.integers(0, 9))
def test_double(submission, x):
    """Twice."""
    expect.close(submission.double(x), FACTOR * x, "y")
'''
RIGHT, TRIPLE = {"a.py": "def double(x): return x + x"}, {"a.py": "def double(x): return 3 * x"}
BANK = Bank((CheckBank("test_a", "test_a[1]", b"\x80", ((Recorded("f", b"x", 7, True),),)),))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    checks = "from tests.hidden.laws import FACTOR\n" + CHECK
    exercises = {"twice": (DOUBLE, checks), "other": (DOUBLE, CHECK.replace("FACTOR", "2"))}
    return write_course(tmp_path / "course", exercises, beside="FACTOR = 2\n")


def test_a_bank_comes_back_as_it_was_kept(cache: Path) -> None:
    save_bank("k", BANK)
    assert load_bank("k") == BANK
    assert load_bank("another") is None
    assert [path.name for path in (cache / "banks").iterdir()] == ["k"]
    assert (cache / "banks").stat().st_mode & 0o77 == 0


DAMAGES = {
    "empty": lambda _: b"",
    "truncated": lambda data: data[:-3],
    "longer": lambda data: data + b"\0",
    "a flipped bit": lambda data: data[:50] + bytes([data[50] ^ 4]) + data[51:],
    "another digest": lambda data: b"\0" * 32 + data[32:],
    "garbage": lambda _: os.urandom(100),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_bank_is_none(cache: Path, damage) -> None:
    save_bank("k", BANK)
    path = cache / "banks" / "k"
    path.write_bytes(damage(path.read_bytes()))
    assert load_bank("k") is None
    save_bank("k", BANK)
    assert load_bank("k") == BANK


def test_a_bank_is_good_for_its_own_key_only(cache: Path) -> None:
    save_bank("k", BANK)
    shutil.copy(cache / "banks" / "k", cache / "banks" / "other")
    assert load_bank("other") is None


def key(course: Path, exercise: str = "twice", suite: Suite = Suite.HIDDEN) -> str:
    return bank_key(course, exercise, suite)


def test_the_key_covers_what_the_verdicts_depend_on(course: Path, tmp_path: Path) -> None:
    before = key(course)
    assert key(course) == before
    assert len({before, key(course, "other"), key(course, suite=Suite.PUBLIC)}) == 3
    hidden = course / "tests" / "hidden"
    (hidden / "deep").mkdir()
    for path in (
        hidden / "test_twice.py",
        hidden / "laws.py",
        hidden / "table.npz",
        hidden / "deep" / "laws.py",
        course / "reference" / "twice.py",
        course / "reference" / "other.py",
        course / "pyproject.toml",
    ):
        with path.open("a") as file:
            file.write("\n# another line\n")
        now = key(course)
        assert now != before, path
        before = now
    shutil.copytree(course, tmp_path / "moved")
    assert key(tmp_path / "moved") != before


def test_the_checks_of_another_exercise_count_only_where_they_are_mentioned(course: Path) -> None:
    hidden, before = course / "tests" / "hidden", key(course)
    (hidden / "test_other.py").write_text("# rewritten\n")
    (hidden / "__pycache__").mkdir(exist_ok=True)
    (hidden / "__pycache__" / "laws.pyc").write_bytes(b"compiled")
    assert key(course) == before
    with (hidden / "laws.py").open("a") as file:
        file.write("from tests.hidden import test_other\n")
    before = key(course)
    (hidden / "test_other.py").write_text("# rewritten again\n")
    assert key(course) != before


@pytest.mark.parametrize("room", ["checks", "kit", "worker"])
def test_the_key_covers_the_tool_itself(course: Path, tmp_path: Path, room: str) -> None:
    copy = tmp_path / "copy" / "grader"
    shutil.copytree(ROOT / "grader", copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import sys; from pathlib import Path; from grader.checks.keys import bank_key; "
        "from grader.model import Suite; print(bank_key(Path(sys.argv[1]), 'twice', Suite.HIDDEN))"
    )

    def key_of_copy() -> str:
        environment = {**os.environ, "PYTHONPATH": str(copy.parent)}
        command = [sys.executable, "-P", "-c", code, str(course)]
        return subprocess.check_output(command, env=environment, text=True)

    before = key_of_copy()
    (copy / room / "extra.py").write_text("# a new line\n")
    assert key_of_copy() != before


def grade(course: Path, files: dict[str, str]) -> tuple[dict[str, str], list[Event]]:
    events: list[Event] = []
    made = report(course, files, on_event=events.append)
    assert {e.name for e in made.exercises} == {"twice", "other"}
    by_exercise = {e.name: str(e.checks[0].status) for e in made.exercises}
    return by_exercise, events


def drawings(events: list[Event]) -> int:
    return sum(type(event).__name__ == "Drawing" for event in events)


def test_damaged_and_stale_banks_are_built_again_and_grade_right(course: Path, cache: Path) -> None:
    passed, failed = ({"twice": s, "other": s} for s in ("passed", "failed"))
    found, events = grade(course, RIGHT)
    assert (found, drawings(events)) == (passed, 2)
    first, second = (cache / "banks").iterdir()
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(b[: len(b) // 2])
    (cache / "outcomes.sqlite3").write_bytes(b"no database" * 100)
    found, events = grade(course, TRIPLE)
    assert (found, drawings(events)) == (failed, 2)
    assert (first.read_bytes(), second.read_bytes()) == (a, b)

    (course / "tests" / "hidden" / "laws.py").write_text("FACTOR = 3\n")
    (course / "reference" / "twice.py").write_text(DOUBLE.replace("2 *", "3 *"))
    found, events = grade(course, TRIPLE)
    assert (found, drawings(events)) == (failed | {"twice": "passed"}, 2)


def test_without_a_folder_to_write_to_checks_run_live(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()  # root may write to folders that are read-only
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "file" / "cache"))
    for files, status in ((RIGHT, "passed"), (TRIPLE, "failed")):
        found, events = grade(course, files)
        assert found == {"twice": status, "other": status}
        assert sum(isinstance(event, Noticed) for event in events) == 2


def test_two_that_build_at_once_do_no_harm(course: Path, cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.grader.miniature import *;"
        "print(statuses(report(Path(sys.argv[1]), {'a.py': sys.argv[2]})))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", code, str(course), files["a.py"]],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for files in (RIGHT, TRIPLE)
    ]
    said = [process.communicate()[0].strip() for process in both]
    assert said == ["{'double': 'passed'}", "{'double': 'failed'}"]
    assert len(list((cache / "banks").iterdir())) == 2
    assert statuses(report(course, RIGHT)) == {"double": "passed"}
