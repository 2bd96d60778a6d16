"""Runs the examples of a check up to the first that fails, and then looks for a smaller one."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis.errors import Flaky, UnsatisfiedAssumption

from grader.checks.calls import Session, Target
from grader.checks.choices import Choices, choices_made, draw_again, draw_simple
from grader.checks.outcome import AnswersDiffer
from grader.checks.plugin import body_of, fixtures_of, is_drawn
from grader.checks.smallest import Found, find_smallest


class FirstFailure(BaseException):
    """An example failed. No `Exception`, so Hypothesis neither repeats nor shrinks it."""


class Observed:
    """The examples of one check, as far as they ran.

    Args:
        only_drawn: none of them is to run.

    Attributes:
        ran: number of examples.
        used: number of those that the check did not reject.
        passed: what was drawn for each that passed, but for those that the author wrote.
        failed: how the first failed, if one did.
        failed_on: what was drawn for it.
    """

    def __init__(self, *, only_drawn: bool = False) -> None:
        self._only_drawn = only_drawn
        self.ran = self.used = 0
        self.passed: list[Choices] = []
        self.failed: Found | None = None
        self.failed_on: Choices | None = None

    def run(self, session: Session, body: Callable[[], object]) -> None:
        """Run one example."""
        self.ran += 1
        session.begin_example()
        try:
            if not self._only_drawn:
                body()
        except UnsatisfiedAssumption:
            raise
        except Exception as error:
            self.failed, self.failed_on = Found(error, session.trace), choices_made()
            raise FirstFailure from error
        self.used += 1
        if (known := choices_made()) is not None:
            self.passed.append(known)


class Observing:
    """Runs checks whose examples come to `example`.

    Args:
        session: carries the calls.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._observed = Observed()

    def example(self, body: Callable[[], object]) -> None:
        """Run one example of the check that runs."""
        self._observed.run(self._session, body)

    def observe(self, item: pytest.Function, target: Target | None) -> tuple[Found, Observed]:
        """Run a check up to the first example that fails; without a target, draw its examples."""
        self._observed = observed = Observed(only_drawn=target is None)
        self._begin(item, target)
        try:
            if target is not None or is_drawn(item):
                body_of(item)()
        except KeyboardInterrupt:
            raise
        except Flaky:
            return Found(AnswersDiffer(), self._session.trace), observed
        except BaseException as error:
            return observed.failed or Found(error, self._session.trace), observed
        return Found(None, self._session.trace), observed

    def with_simple(
        self, item: pytest.Function, target: Target | None, others: Observed
    ) -> list[Choices]:
        """What was drawn for the examples that passed, and for simple ones that do."""
        self._observed = observed = Observed(only_drawn=target is None)
        self._begin(item, target)
        if is_drawn(item):
            draw_simple(item.obj, fixtures_of(item), others.ran, others.passed)
        return others.passed + observed.passed

    def smallest(
        self,
        item: pytest.Function,
        target: Target,
        failed: Found,
        failed_on: Choices | None,
        others: list[Choices],
    ) -> Found:
        """Look for an example that fails in the same way, among others that are simpler."""
        self._begin(item, target)
        simpler = sorted(each for each in others if failed_on is not None and each < failed_on)
        attempts = (partial(self._again, item, target, each) for each in simpler)
        start = partial(self._again, item, target, failed_on)
        return find_smallest(self._session, failed, start, attempts)

    def _begin(self, item: pytest.Function, target: Target | None) -> None:
        if target is not None:
            self._session.begin_check(item.name, target)

    def _again(
        self, item: pytest.Function, target: Target, known: Choices | None
    ) -> BaseException | None:
        """Run an example again; the whole check where it was not drawn."""
        if known is None:
            return self.observe(item, target)[0].error
        self._observed = observed = Observed()
        error = draw_again(item.obj, fixtures_of(item), known)
        return observed.failed.error if observed.failed else error
