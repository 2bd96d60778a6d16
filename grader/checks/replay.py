"""Decides checks from the bank, without pytest and Hypothesis: what a submission mostly needs.

A check's body runs on the recorded examples and gets the answers that were fetched beforehand; a
call that is not among them is made when the body makes it. A check that ends well has passed. One
that fails is left to `examination`, where Hypothesis finds the smallest example.
"""

import contextlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.checks.bank import CheckBank, Values
from grader.checks.calls import Answer, Call, Session
from grader.checks.plain import NeedsHypothesis, Rejected, load_checks
from grader.checks.prefetch import Fetched
from grader.checks.remote import RemoteTarget
from grader.checks.wire import Reply, interpret
from grader.kit.submission import Submission
from grader.kit.verdicts import Leave
from grader.model import Limits, Status
from grader.sandbox import WorkerGone


class Replayer:
    """Runs bodies of checks on examples of the bank.

    Attributes:
        session: holds the calls of the example that ran last.
    """

    def __init__(self, live: RemoteTarget, limits: Limits) -> None:
        self.session = Session()
        self._target = ReplayTarget(live, limits)

    def run(
        self, file: Path, root: Path, bank: CheckBank, fetched: Fetched
    ) -> BaseException | None:
        """Run one check; returns what ended it, None when it passes on every example.

        Examples that were answered as the reference answers them have passed already. One that is
        rejected here and was not on the reference, or the other way round, would have led
        Hypothesis to draw others: NeedsHypothesis.
        """
        body: Callable[..., Any] = getattr(load_checks(root, file), bank.check)
        submission = Submission(self.session)
        self.session.begin_check(bank.item, self._target)
        examples = pickle.loads(bank.values)  # noqa: S301  # sealed, and written by ourselves
        for number, values in enumerate(examples):
            if number in fetched.passed:
                continue
            self.session.begin_example(bank.calls[number])
            self._target.begin(bank, fetched, number)
            error = _ending(body, submission, values)
            if error is not None and not isinstance(error, Rejected):
                return error
            if (error is not None) != (number in bank.rejected):
                return NeedsHypothesis()
        return None


def _ending(
    body: Callable[..., object], submission: Submission, values: Values
) -> BaseException | None:
    try:
        body(submission=submission, **values)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error
    return None


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
