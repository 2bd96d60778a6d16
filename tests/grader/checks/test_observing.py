"""Under Hypothesis too, a failed check is explained by simple examples, and nothing is shrunk."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.checks.calls import Session
from grader.checks.observing import FirstFailure, Observed
from grader.checks.profile import load_profile
from grader.kit.verdicts import Leave, Mismatch
from tests.grader.miniature import reference, report, results, write_course

load_profile()

CHECKS = '''
import hypothesis


@given(st.data())
def test_interactive(submission, data):
    """Draws while it runs."""
    steps = data.draw(st.integers(0, 3))
    x = sum(data.draw(st.integers(0, 1000)) for _ in range(steps))
    expect.close(submission.double(x), 2 * x, "y")


@given(st.integers(0, 1000))
def test_approx(submission, x):
    """Cannot be replayed."""
    assert submission.double(x) == pytest.approx(2 * x)


@given(st.integers(0, 1000))
def test_usual(submission, x):
    """Can be."""
    expect.close(submission.double(x), 2 * x, "y")


@settings(max_examples=10)
@hypothesis.example(x=990)
@given(x=st.integers(0, 1000))
def test_explicit(submission, x):
    """An example that the author wrote is shown as it is."""
    expect.close(submission.double(x), 2 * x, "y")


@settings(max_examples=1)
@given(st.just(7))
def test_one(submission, x):
    """There is nothing to choose."""
    expect.close(submission.double(x), 2 * x, "y")
'''
EXAMPLES = {
    "interactive": "double(1)",
    "approx": "double(1)",
    "usual": "double(1)",
    "explicit": "double(990)",
    "one": "double(7)",
}


def test_simple_examples_explain_failures_in_every_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    double = "def double(x):\n    return 2 * x"
    root = write_course(tmp_path / "course", {"twice": (reference(double), CHECKS)})
    wrong = {"a.py": "def double(x): return 2 * x + (x > 0)"}
    made = report(root, wrong)
    assert {name: each.example for name, each in results(made).items()} == EXAMPLES
    assert report(root, wrong, live=True) == report(root, wrong) == made


def observed(check: Any) -> tuple[Observed, list[Any], BaseException | None]:
    """Run a check of one argument; what was observed, what it ran on, and what came out."""
    body, session, made, ran = check.hypothesis.inner_test, Session(), Observed(), []

    def inner(x: Any) -> None:
        ran.append(x)
        made.run(session, lambda: body(x))

    check.hypothesis.inner_test = inner
    try:
        check()
    except BaseException as error:
        return made, ran, error
    return made, ran, None


def test_the_first_failure_leaves_hypothesis() -> None:
    @given(st.integers(0, 1000))
    def check(x: int) -> None:
        if x > 50:
            raise Mismatch(f"{x}")

    made, ran, error = observed(check)
    assert isinstance(error, FirstFailure)
    assert made.failed is not None
    assert made.failed_on is not None
    assert (str(made.failed.error), made.failed_on.values) == (str(ran[-1]), (ran[-1],))
    assert [x > 50 for x in ran] == [False] * (len(ran) - 1) + [True]
    assert [known.values for known in made.passed] == [(x,) for x in ran[:-1]]


def test_what_is_rejected_was_not_used() -> None:
    @settings(max_examples=50)
    @given(st.integers(0, 1000))
    def check(x: int) -> None:
        assume(x % 2)

    made, ran, error = observed(check)
    assert error is None
    assert made.ran == len(ran) > made.used == sum(x % 2 for x in ran) == len(made.passed)


def test_what_must_leave_leaves() -> None:
    @given(st.integers(0, 1000))
    def check(x: int) -> None:
        raise Leave("timeout", "too long")

    made, ran, error = observed(check)
    assert isinstance(error, Leave)
    assert (made.failed, len(ran)) == (None, 1)


def test_examples_can_be_drawn_and_not_run() -> None:
    made, ran = Observed(only_drawn=True), []

    @given(st.integers(0, 1000))
    def check(x: int) -> None:
        made.run(Session(), lambda: ran.append(x))

    check()
    assert (len(made.passed), ran) == (made.ran, [])
    assert made.ran == 100
