"""Many variants of an exercise, tried by examiners that stay warm."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from grader.checks.deciding import EARLY
from grader.checks.trials import Trial, Tried, run_trials
from grader.course import Course, open_course
from grader.model import Isolation, Status
from tests.grader.miniature import reference, write_course

CHECKS = '''
@given(st.integers(0, 9))
def test_double(submission, x):
    """Twice."""
    expect.close(submission.double(x), 2 * x, "y")


@given(st.integers(1, 9))
def test_half(submission, x):
    """The half."""
    expect.close(submission.half(x), x / 2, "y")


@given(st.data())
def test_drawn(submission, data):
    """Twice, live."""
    x = data.draw(st.integers(0, 9))
    expect.close(submission.double(x), 2 * x, "y")
'''
SOURCE = reference("def double(x):\n    return 2 * x", "def half(x):\n    return x / 2")
VARIANTS: dict[str, tuple[str, dict[str, Status | None]]] = {
    "same": (SOURCE, {}),
    "triple": (
        SOURCE.replace("2 * x", "3 * x"),
        {"test_double": None, "test_drawn": Status.FAILED},
    ),
    "raises": (SOURCE.replace("x / 2", "x / 0"), {"test_half": None}),
    "hangs": (
        SOURCE.replace("return x / 2", "while True: pass"), {"test_half": Status.TIMEOUT},
    ),
    "empty": (
        "x = 1",
        dict.fromkeys(("test_double", "test_half", "test_drawn"), Status.NOT_STARTED),
    ),
}  # fmt: skip


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    settings = "cpu_seconds = 0.5\n"
    return open_course(
        write_course(tmp_path / "course", {"twice": (SOURCE, CHECKS)}, settings=settings)
    )


def tried(
    course: Course, variants: Iterable[tuple[str, str]], *, until_first: bool, first: str = ""
) -> dict[str, Tried]:
    trials = [Trial(name, "twice", source, (first,)) for name, source in variants]
    found = list(run_trials(course, trials, until_first=until_first, lowest=Isolation.NONE))
    assert len(found) == len(trials)
    return {each.trial.name: each for each in found}


ALL = [(name, source) for name, (source, _) in VARIANTS.items()]


def test_each_variant_loses_what_it_has_to(course: Course) -> None:
    found = tried(course, ALL, until_first=False)
    assert {name: each.lost for name, each in found.items()} == {
        name: lost for name, (_, lost) in VARIANTS.items()
    }
    assert found["triple"].trial.source == VARIANTS["triple"][0]


def test_one_lost_check_is_enough_where_no_more_is_asked(course: Course) -> None:
    found = tried(course, ALL, until_first=True)
    assert {name: len(each.lost) for name, each in found.items()} == {
        name: min(len(lost), 1) for name, (_, lost) in VARIANTS.items()
    }


def test_what_only_a_late_example_shows_is_lost_too(course: Course) -> None:
    rare = [
        (f"wrong for {x}", SOURCE.replace("x / 2", f"x / 2 + (x == {x})"))
        for x in range(1, EARLY + 2)
    ]
    found = tried(course, rare, until_first=True)
    assert {name: list(each.lost) for name, each in found.items()} == {
        name: ["test_half"] for name, _ in rare
    }


def test_some_checks_may_come_first(course: Course) -> None:
    wrong = [("wrong", SOURCE.replace("x / 2", "0").replace("2 * x", "1"))]
    for check in ("test_half", "test_double"):
        found = tried(course, wrong, until_first=True, first=check)
        assert found["wrong"].lost == {check: None}
