"""Runs the examples of a check up to the first that fails, and then looks for a smaller one."""

import copy
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from hypothesis.errors import Flaky, UnsatisfiedAssumption
from hypothesis.strategies import DataObject

from grader.checks.bank import Recorded
from grader.checks.calls import Call, Session, Target
from grader.checks.choices import Choices, choices_made, draw_again, draw_simple, unobserved
from grader.checks.outcome import AnswersDiffer
from grader.checks.plugin import body_of, fixtures_of, is_drawn
from grader.checks.rehearse import nudged_calls, recorded_calls
from grader.checks.smallest import Found, find_smallest, learn_more


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


class _Recording(Observed):
    """Examples on the reference, with what is known of their calls before they are answered."""

    def __init__(self, item: str, reference: Target) -> None:
        super().__init__()
        self.calls: list[tuple[Recorded, ...]] = []
        self._item, self._reference = item, reference

    def run(self, session: Session, body: Callable[[], object]) -> None:
        """Run one example, once more on answers that are a little off."""
        with unobserved():
            nudged = self._nudged(body)
        try:
            super().run(session, body)
        finally:
            self.calls.append(recorded_calls(session.trace, nudged))

    def alone(self, session: Session, body: Callable[[], object]) -> None:
        """Run what nothing is drawn for."""
        nudged = self._nudged(body)
        body()
        self.calls.append(recorded_calls(session.trace, nudged))

    def _nudged(self, body: Callable[[], object]) -> list[Call]:
        assert isinstance(body, partial)
        given = {name: value for name, value in body.keywords.items() if name != "submission"}
        if any(isinstance(value, DataObject) for value in given.values()):
            return []  # drawing changes what is drawn next
        try:
            fresh = copy.deepcopy(given)
        except Exception:
            return []
        return nudged_calls(self._item, self._reference, partial(body.func, *body.args, **fresh))


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

    def recorded(
        self, item: pytest.Function, reference: Target
    ) -> tuple[tuple[Recorded, ...], ...]:
        """The calls of each example, as the bank has them."""
        self._observed = recording = _Recording(item.name, reference)
        self._begin(item, reference)
        example = body_of(item)
        if is_drawn(item):
            example()
        else:
            recording.alone(self._session, example)
        return tuple(recording.calls)

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
        unknown: Iterable[Choices],
    ) -> Found:
        """Look for an example that fails in the same way, among others that are simpler.

        Args:
            unknown: examples to learn more from, some of whose calls depend on answers.
        """
        self._begin(item, target)
        simpler = sorted(each for each in others if failed_on is not None and each < failed_on)
        attempts = (partial(self._again, item, target, each) for each in simpler)
        start = partial(self._again, item, target, failed_on)
        smallest = find_smallest(self._session, failed, start, attempts)
        if not smallest.repeats:
            return smallest
        further = (partial(self._again, item, target, each) for each in unknown)
        return learn_more(self._session, target, failed, smallest, further)

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
