"""Decides a check from the bank: kept outcomes first, then its body on fetched answers.

Imports neither pytest nor Hypothesis, and the checks themselves only for answers never seen.
"""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.checks.calls import Trace
from grader.checks.example import parameter_names, render
from grader.checks.local import reference_module
from grader.checks.messages import (
    Decided,
    Event,
    Opened,
    Setup,
    Started,
    Undecided,
)
from grader.checks.outcome import Outcome, decide, decided, raised_message
from grader.checks.plain import NeedsHypothesis
from grader.checks.prefetch import Fetched, Wanted
from grader.checks.remote import RemoteTarget
from grader.checks.smallest import Found
from grader.checks.transcript import Kept, Outcomes
from grader.checks.wire import Loaded, Reply, interpret
from grader.course import file_of_checks
from grader.kit.verdicts import Leave, Raised, StudentError
from grader.model import Status, Suite
from grader.sandbox import WorkerGone

EARLY = 8  # examples of a check

Send = Callable[[Event], None]


class Banked:
    """A check of the bank, and where its outcomes are kept."""

    def __init__(self, suite: Suite, wanted: Wanted, outcomes: Outcomes | None) -> None:
        self.suite = suite
        self.wanted = wanted
        self.outcomes = outcomes  # None where none are used or kept

    def early(self) -> "Banked":
        """The same check with its first examples, which alone decide too little to be kept."""
        bank = self.wanted.bank.first(EARLY)
        return Banked(self.suite, replace(self.wanted, bank=bank), None)

    def started(self) -> Started:
        """What is said when it begins."""
        return Started(self.wanted.exercise, self.suite, self.wanted.bank.check)

    def undecided(self, *, failed: bool) -> Undecided:
        """What is left to Hypothesis, or not said."""
        bank = self.wanted.bank
        return Undecided(self.wanted.exercise, self.suite, bank.check, bank.item, failed)


class Decider:
    """Decides the checks of one submission."""

    def __init__(self, setup: Setup, live: RemoteTarget, send: Send, *, explain: bool) -> None:
        self._explain = explain
        self._root = Path(setup.root)
        self._limits = setup.limits
        self._live = live
        self._send = send
        self._opened: set[str] = set()
        self._replayer: Any = None

    def decide(self, item: Banked, fetched: Fetched) -> Decided | Undecided:
        """Decide one check, or leave it."""
        exercise = item.wanted.exercise
        self._live.begin(exercise, item.wanted.functions)
        if fetched.death is not None:
            self._live.strikes.add(exercise, *fetched.death)
        outcome = (
            self._blank(item, fetched)
            or self._kept(item, fetched.transcript)
            or self._run(item, fetched)
        )
        self._announce(exercise, fetched.loaded or self._live.loaded)
        if isinstance(outcome, Undecided):
            return outcome
        return decided((exercise, item.suite, item.wanted.bank.check), outcome)

    def _announce(self, exercise: str, loaded: Loaded | None) -> None:
        if loaded is not None and exercise not in self._opened:
            self._opened.add(exercise)
            self._send(Opened(exercise, loaded.file, loaded.notes))

    def _blank(self, item: Banked, fetched: Fetched) -> Outcome | None:
        """A function that is not written yet needs no check to tell."""
        calls = next((calls for calls in item.wanted.bank.calls if calls), None)
        if calls is None or fetched.loaded is None:
            return None
        first = item.wanted.bank.calls.index(calls)
        function, reply = calls[0].function, fetched.replies[first][0]
        if function in fetched.loaded.missing:
            return Outcome(Status.NOT_STARTED, fetched.loaded.missing[function])
        try:
            if isinstance(reply, Reply):
                interpret(function, reply, self._limits)
        except Leave as leave:
            if leave.status == Status.NOT_STARTED:
                return Outcome(Status.NOT_STARTED, leave.message)
        except Exception:
            return None
        return None

    def _kept(self, item: Banked, transcript: bytes | None) -> Outcome | None:
        """The outcome that these answers had before."""
        if transcript is None or item.outcomes is None:
            return None
        for kept in item.outcomes.find(item.wanted.bank.item, transcript):
            try:
                same, reply = self._live.answers_again(kept)
            except (WorkerGone, Leave):
                return None
            if same:
                message = self._message(kept, reply)
                return Outcome(kept.status, message, kept.example, explanation=kept.explanation)
            self._live.begin(item.wanted.exercise, item.wanted.functions)
        return None

    def _message(self, kept: Kept, reply: Reply | None) -> str:
        """Complete a message with where this submission raised."""
        if kept.raised is None or reply is None:
            return kept.message
        function, kind, message = kept.raised
        raised = Raised(kind, message)
        with contextlib.suppress(Leave, WorkerGone):
            try:
                interpret(function, reply, self._limits)
            except StudentError as error:
                raised = error.raised
        return raised_message(function, raised)

    def _run(self, item: Banked, fetched: Fetched) -> Outcome | Undecided:
        self._live.begin(item.wanted.exercise, item.wanted.functions)
        file = file_of_checks(self._root, item.wanted.exercise, item.suite)
        bank, replayer = item.wanted.bank, self._made_replayer()
        found: Found = replayer.run(file, self._root, bank, fetched, explain=self._explain)
        if isinstance(found.error, NeedsHypothesis):
            return item.undecided(failed=False)
        if isinstance(found.error, Exception) and not self._explain:
            return item.undecided(failed=True)
        names = self._names(item.wanted.exercise)
        outcome = decide(
            found.error,
            found.trace,
            fails_on_reference=lambda: False,  # the bank is the proof that it passes there
            example=lambda: render(found.trace, names, found.drawn),
        )
        if outcome.repeats and found.repeats and fetched.transcript is not None:
            outcome = self._explained(item, fetched, found, outcome)
            self._keep(item, fetched.transcript, outcome, found.trace)
        return outcome

    def _explained(self, item: Banked, fetched: Fetched, found: Found, outcome: Outcome) -> Outcome:
        if found.error is None:
            return outcome
        from grader.diagnosis.explaining import explain

        exercise, bank = item.wanted.exercise, item.wanted.bank
        compared = outcome.explanation.comparisons
        explanation = explain(self._root, exercise, bank, fetched, found.ran, compared, self._send)
        return replace(outcome, explanation=explanation)

    def _keep(self, item: Banked, transcript: bytes, outcome: Outcome, trace: Trace) -> None:
        """Keep an outcome, without where this submission raised."""
        if self._live.log is None or item.outcomes is None:
            return
        raised = outcome.raised
        kept = Kept(
            outcome.status,
            "" if raised else outcome.message,
            outcome.example,
            raised,
            tuple(self._live.log),
            self._live.answers(),
            self._live.place_of(trace, raised[0]) if raised else 0,
            len(self._live.log) if self._live.decisive is None else self._live.decisive,
            outcome.explanation,
        )
        item.outcomes.keep(item.wanted.bank.item, transcript, kept)

    def _names(self, exercise: str) -> Callable[[str], tuple[str, ...]]:
        return lambda function: parameter_names(reference_module(exercise), function)

    def _made_replayer(self) -> Any:
        """Made only where a body has to run: it brings the checks and the references in."""
        if self._replayer is None:
            from grader.checks.plain import replace_libraries
            from grader.checks.replay import Replayer

            replace_libraries()
            self._replayer = Replayer(self._live, self._limits)
        return self._replayer
