"""The search for the smallest example is bounded by calls, and finds the same each time."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.checks import shrinking
from grader.checks.calls import Answer, Call, Session, Trace, arguments_of
from grader.checks.profile import load_profile
from grader.checks.shrinking import BUDGET, Shrinking
from grader.kit import Submission, expect
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError

load_profile()


class Target:
    """Answers with a function of ours; counts."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.calls = 0

    def call(self, call: Call) -> Answer:
        self.calls += 1
        args, _ = arguments_of(call)
        return Answer(self.function(*args))


def search(check: Any, function: Any) -> tuple[BaseException | None, Trace, int, Shrinking]:
    """Run a check as the examiner does: its ending, its last example, calls, and the search."""
    session, target, found = Session(), Target(function), Shrinking()
    session.begin_check("test", target)
    body = check.hypothesis.inner_test

    def example(*args: Any, **kwargs: Any) -> Any:
        return found.run(session, body, args, kwargs)

    check.hypothesis.inner_test = example
    try:
        check(submission=Submission(session))
    except BaseException as error:
        smallest, trace = found.found if found.over and found.found else (error, session.trace)
        return smallest, trace, target.calls, found
    finally:
        check.hypothesis.inner_test = body
    return None, session.trace, target.calls, found


LISTS = st.lists(st.integers(-1000, 1000), min_size=1, max_size=30)


def sorts() -> Any:
    @given(LISTS)
    def check(submission: Submission, values: list[int]) -> None:
        y = submission.sort(values)
        expect.holds(y == sorted(values), f"{values} is not sorted")
        values.clear()  # a check may change what it was given

    return check


def swap(values: list[int]) -> list[int]:
    """Wrong wherever the largest number is above 300 and not the first."""
    right = sorted(values)
    return right if max(values) <= 300 or max(values) == values[0] else right[::-1]


def test_the_smallest_example_is_found_within_the_budget() -> None:
    error, trace, calls, found = search(sorts(), swap)
    assert isinstance(error, Mismatch)
    assert str(error) == "[0, 301] is not sorted"
    assert calls < BUDGET
    assert not found.limited
    assert len(trace) == 1


@pytest.mark.parametrize("budget", [1, 2, 5, 20])
def test_the_search_ends_with_the_budget_and_is_not_called_flaky(
    monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    monkeypatch.setattr(shrinking, "BUDGET", budget)
    seen = []

    def counted(values: list[int]) -> list[int]:
        seen.append(swap(values) != sorted(values))
        return swap(values)

    error, trace, _, _ = search(sorts(), counted)
    assert isinstance(error, Mismatch)
    assert "is not sorted" in str(error)
    assert len(seen) - seen.index(True) == budget
    again, same, _, _ = search(sorts(), swap)
    assert (str(again), [c for c, _ in same]) == (str(error), [c for c, _ in trace])


def test_interactive_draws_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "BUDGET", 10)

    @given(st.data())
    def check(submission: Submission, data: st.DataObject) -> None:
        count = data.draw(st.integers(0, 5))
        values = [data.draw(st.integers(-1000, 1000)) for _ in range(count)] or [0]
        expect.holds(submission.sort(values) == sorted(values), f"{values}")
        data.draw(st.booleans())

    error, _, _, _ = search(check, swap)
    assert isinstance(error, Mismatch)


def test_examples_that_are_rejected_are_no_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "BUDGET", 5)
    seen = []

    @settings(max_examples=50)
    @given(st.integers(0, 1000))
    def check(submission: Submission, x: int) -> None:
        y = submission.f(x)
        assume(x % 2)
        seen.append(x)
        expect.holds(y == x, "no")

    error, _, _, found = search(check, lambda x: x)
    assert (error, found.found, len(seen)) == (None, None, 50)
    error, _, _, _ = search(check, lambda x: x + (x > 100))
    assert isinstance(error, Mismatch)


@given(st.integers(0, 1000))
def is_the_same(submission: Submission, x: int) -> None:
    expect.holds(submission.f(x) == x, f"{x}")


def test_a_limit_ends_the_search_but_not_the_failure() -> None:
    wrong = []

    def slow_when_wrong(x: int) -> int:
        if wrong:
            raise Leave("timeout", "too long")
        wrong.extend([x] if x > 100 else [])
        return -1 if wrong else x

    error, trace, _, found = search(is_the_same, slow_when_wrong)
    assert isinstance(error, Mismatch)
    assert str(error) == str(wrong[0])
    assert found.limited
    assert len(trace) == 1

    def always(x: int) -> int:
        raise Leave("timeout", "too long")

    error, _, calls, found = search(is_the_same, always)
    assert isinstance(error, Leave)
    assert (calls, found.limited, found.found) == (1, False, None)


def test_a_failure_of_another_kind_is_not_taken_for_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = []

    def f(x: int) -> int:
        kind = "small" if x < 300 else "large"
        kinds.append(kind)
        raise StudentError("f", Raised(kind, f"{x}"))

    monkeypatch.setattr(shrinking, "BUDGET", 4)
    error, _, _, _ = search(is_the_same, f)
    assert isinstance(error, StudentError)
    assert error.raised.kind == kinds[0]
    assert len(set(kinds)) == 2 or kinds[0] == "small"


def test_the_hook_is_called_at_the_first_failure_only() -> None:
    begun: list[int] = []
    session = Session()
    session.begin_check("test", Target(lambda x: x))
    found = Shrinking(lambda: begun.append(1))

    def body(submission: Submission, x: Any) -> None:
        submission.f(x)
        raise Mismatch(f"{np.size(x)}")

    for x in (1, 2, 3):
        with pytest.raises(Mismatch):
            found.run(session, body, (Submission(session), x), {})
    assert begun == [1]
    assert found.found is not None
    assert str(found.found[0]) == "1"
