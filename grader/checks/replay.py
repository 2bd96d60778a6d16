"""Decides checks from the bank, without pytest and Hypothesis: what a submission mostly needs.

A check's body runs on the recorded examples and gets the answers that were fetched beforehand; a
call that is not among them is made when the body makes it. A check that ends well has passed. When
one fails, simpler examples of the bank are tried: the first that fails too explains it.
"""

import contextlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from grader.checks.bank import CheckBank, Recorded, Values, known_beforehand
from grader.checks.calls import Answer, Call, Session
from grader.checks.plain import NeedsHypothesis, Rejected, load_checks
from grader.checks.prefetch import Fetched
from grader.checks.remote import RemoteTarget
from grader.checks.smallest import Found, find_smallest, learn_more
from grader.checks.wire import Reply, interpret
from grader.kit.submission import Submission
from grader.kit.verdicts import Leave
from grader.model import Limits, Status
from grader.sandbox import WorkerGone


class Replayer:
    """Runs bodies of checks on examples of the bank."""

    def __init__(self, live: RemoteTarget, limits: Limits) -> None:
        self._session = Session()
        self._submission = Submission(self._session)
        self._live = live
        self._target = ReplayTarget(live, limits)

    def run(
        self, file: Path, root: Path, bank: CheckBank, fetched: Fetched, *, explain: bool = True
    ) -> Found:
        """Run one check, up to the first example that fails; returns what ended it.

        Examples that were answered as the reference answers them have passed already. One that is
        rejected here and was not on the reference, or the other way round, would have led
        Hypothesis to draw others: NeedsHypothesis.

        Args:
            explain: look for a smaller example that fails.
        """
        body: Callable[..., object] = getattr(load_checks(root, file), bank.check)
        self._session.begin_check(bank.item, self._target)
        for number, values in enumerate(_examples(bank.values)[: len(bank.calls)]):
            if number in fetched.passed:
                continue
            self._target.begin(bank, fetched, number)
            error = self._ending(body, values, bank.calls[number])
            if explain and isinstance(error, Exception) and not isinstance(error, Rejected):
                return self._smallest(body, bank, number, error)
            if error is not None and not isinstance(error, Rejected):
                return Found(error, self._session.trace)
            if (error is not None) != (number in bank.rejected):
                return Found(NeedsHypothesis(), [])
        return Found(None, self._session.trace)

    def _smallest(
        self, body: Callable[..., object], bank: CheckBank, number: int, first: Exception
    ) -> Found:
        """Try the examples that are simpler than this one, each with calls of its own."""
        examples = _examples(bank.values) + _examples(bank.simple)
        simpler = bank.order[: bank.order.index(number)] if number in bank.order else ()
        start, *others = (partial(self._ending, body, examples[n]) for n in (number, *simpler))
        failed = Found(first, self._session.trace)
        with self._live.searching():
            self._session.begin_check(bank.item, self._live)
            try:
                smallest = find_smallest(self._session, failed, start, others)
                if not smallest.repeats:
                    return smallest
                further = (partial(self._ending, body, values) for values in _unknown(bank))
                return learn_more(self._session, self._live, failed, smallest, further)
            except NeedsHypothesis as needs:
                return Found(needs, [])

    def _ending(
        self, body: Callable[..., object], values: Values, foreseen: Sequence[Recorded] = ()
    ) -> BaseException | None:
        self._session.begin_example(foreseen)
        try:
            body(submission=self._submission, **values)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None


def _unknown(bank: CheckBank) -> Iterator[Values]:
    """Drawn examples of a check some of whose calls depend on answers."""
    if not known_beforehand(bank):
        examples = _examples(bank.values)
        yield from (examples[number] for number in sorted(bank.order) if number < len(examples))


def _examples(pickled: bytes) -> list[Values]:
    examples: list[Values] = pickle.loads(pickled)  # noqa: S301  # sealed, written by ourselves
    return examples


class ReplayTarget:
    """Answers from what was fetched; asks the worker for everything else."""

    def __init__(self, live: RemoteTarget, limits: Limits) -> None:
        self._live = live
        self._limits = limits

    def begin(self, bank: CheckBank, fetched: Fetched, example: int) -> None:
        """Answer the calls of this example."""
        self._recorded = bank.calls[example]
        self._replies = fetched.replies[example]
        self._missing = fetched.loaded.missing if fetched.loaded else {}
        self._place = 0

    def call(self, call: Call) -> Answer:
        """Answer one call; the same arguments at the same place have the same answer."""
        if call.function in self._missing:
            raise Leave(Status.NOT_STARTED, self._missing[call.function])
        place, self._place = self._place, self._place + 1
        reply = self._reply(call, place)
        if reply is not None:
            with contextlib.suppress(WorkerGone):  # nonsense: asked again, it counts as a death
                return interpret(call.function, reply, self._limits)
        return self._live.call(call)

    def _reply(self, call: Call, place: int) -> Reply | None:
        """What was fetched for this call, if it is the one that the bank foresaw."""
        if place >= len(self._recorded):
            return None
        foreseen = self._recorded[place]
        same = foreseen.arguments == call.arguments and foreseen.function == call.function
        return self._replies[place] if same and foreseen.seed == call.seed else None
