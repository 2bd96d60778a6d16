"""A failed check is explained by the simplest example that fails in the same way."""

from collections.abc import Callable

import pytest

from grader.checks import smallest
from grader.checks.calls import Answer, Call, Session
from grader.checks.outcome import AnswersDiffer
from grader.checks.plain import NeedsHypothesis
from grader.checks.smallest import Attempt, Found, find_smallest
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError

WRONG = Mismatch("the first")
HUNG = Leave("timeout", "too long")


def raised(kind: str) -> StudentError:
    return StudentError("f", Raised(kind, "no"))


class Target:
    def call(self, call: Call) -> Answer:
        return Answer(call.seed)


class Search:
    """A search among examples that end in a given way, each after two calls."""

    def __init__(self, first: Exception = WRONG, again: BaseException | None = WRONG) -> None:
        self.session = Session()
        self.session.begin_check("test", Target())
        self.tried: list[BaseException | None] = []
        self.first = first
        self.again = again

    def attempt(self, ending: BaseException | None) -> Attempt:
        def run() -> BaseException | None:
            self.session.begin_example()
            for _ in range(2):
                self.session.call("f", (len(self.tried),), {})
            self.tried.append(ending)
            return ending

        return run

    def find(self, *simpler: BaseException | None) -> Found:
        failed = Found(self.first, [])
        others = map(self.attempt, simpler)
        return find_smallest(self.session, failed, self.attempt(self.again), others)


def test_the_first_that_fails_is_the_simplest() -> None:
    search, smaller = Search(), Mismatch("smaller")
    found = search.find(None, None, smaller, Mismatch("larger"))
    assert (found.error, found.repeats) == (smaller, True)
    assert found.trace is search.session.trace
    assert search.tried == [WRONG, None, None, smaller]


def test_where_nothing_simpler_fails_the_example_stays() -> None:
    found = Search().find(None, None)
    assert (found.error, found.trace, found.repeats) == (WRONG, [], True)


def test_a_failure_of_another_kind_would_tell_of_something_else() -> None:
    kept = Search(raised("KeyError"), raised("KeyError"))
    found = kept.find(raised("ValueError"), WRONG, TypeError(), raised("KeyError"))
    assert found.error is kept.tried[-1]
    assert len(kept.tried) == 5


def test_what_does_not_fail_again_has_no_smaller_example() -> None:
    for again in (None, raised("KeyError")):
        search = Search(again=again)
        found = search.find(Mismatch("smaller"))
        assert isinstance(found.error, AnswersDiffer)
        assert (found.repeats, search.tried) == (False, [again])


@pytest.mark.parametrize("make", [lambda: (HUNG, None), lambda: (WRONG, HUNG)])
def test_a_limit_ends_the_search_but_not_the_failure(
    make: Callable[[], tuple[BaseException, BaseException | None]],
) -> None:
    again, simpler = make()
    search = Search(again=again)
    found = search.find(simpler, Mismatch("smaller"))
    assert (found.error, found.repeats) == (WRONG, False)
    assert search.tried[-1] is HUNG


def test_the_search_ends_with_its_budget_of_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smallest, "BUDGET", 5)
    search = Search()
    found = search.find(*[None] * 5, Mismatch("smaller"))
    assert (found.error, found.repeats) == (WRONG, True)
    assert search.tried == [WRONG, None, None, None]


def test_what_a_replay_cannot_do_is_no_ending() -> None:
    with pytest.raises(NeedsHypothesis):
        Search().find(NeedsHypothesis())


def test_what_pytest_fails_with_is_a_failure_of_another_kind() -> None:
    smaller = Mismatch("smaller")
    assert Search().find(pytest.fail.Exception("it did not raise"), smaller).error is smaller
