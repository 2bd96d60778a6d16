"""Many variants of an exercise, tried by examiners that stay warm."""

from pathlib import Path

import pytest

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
VARIANTS = {
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


def tried(course: Course, *, until_first: bool = False) -> dict[str, Tried]:
    trials = [Trial(name, "twice", source) for name, (source, _) in VARIANTS.items()]
    found = list(run_trials(course, trials, until_first=until_first, lowest=Isolation.NONE))
    assert len(found) == len(trials)
    return {each.trial.name: each for each in found}


def test_each_variant_loses_what_it_has_to(course: Course) -> None:
    found = tried(course)
    assert {name: each.lost for name, each in found.items()} == {
        name: lost for name, (_, lost) in VARIANTS.items()
    }
    assert found["triple"].trial.source == VARIANTS["triple"][0]


def test_one_lost_check_is_enough_where_no_more_is_asked(course: Course) -> None:
    found = tried(course, until_first=True)
    assert {name: len(each.lost) for name, each in found.items()} == {
        name: min(len(lost), 1) for name, (_, lost) in VARIANTS.items()
    }
