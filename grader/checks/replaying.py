"""The replaying half of an examiner: kept outcomes first, then bodies on fetched answers.

Imports neither pytest nor Hypothesis, and the checks themselves only for answers never seen.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from grader.checks.bank import Bank, bank_key, load_bank
from grader.checks.example import parameter_names, render
from grader.checks.local import reference_module
from grader.checks.messages import Decided, Event, Job, Opened, Ready, Started, Undecided
from grader.checks.outcome import Outcome, decide, raised_message
from grader.checks.plain import NeedsHypothesis
from grader.checks.prefetch import Fetched, Prefetcher, Wanted
from grader.checks.remote import RemoteTarget, Strikes
from grader.checks.transcript import Kept, Outcomes
from grader.checks.wire import Conversation, Loaded, Reply, interpret
from grader.course import file_of_checks
from grader.kit.verdicts import Leave, Raised, StudentError
from grader.model import Status, Suite
from grader.sandbox import Sandbox, WorkerGone

Send = Callable[[Event], None]


def replay(job: Job, sandbox: Sandbox, send: Send) -> None:
    """Decide every check of the job that the bank can decide, and name the others."""
    banked = list(_banked(job, send))
    fetching = Conversation(sandbox, job.files, job.helpers, job.limits, job.packages)
    live = Conversation(sandbox, job.files, job.helpers, job.limits, job.packages)
    prefetcher = Prefetcher(fetching, [item.wanted for item in banked])
    prefetcher.start()
    try:
        replaying = _Replaying(job, RemoteTarget(live, Strikes(job.struck, send)), send)
        for number, item in enumerate(banked):
            send(Started(item.wanted.exercise, item.suite, item.wanted.bank.check))
            fetched = prefetcher.next()
            if number == 0:
                send(Ready(sandbox.isolation))
            replaying.decide(item, fetched)
        replaying.save()
    finally:
        live.close()


class _Banked:
    """A check of the bank, and where its outcomes are kept."""

    def __init__(self, suite: Suite, wanted: Wanted, outcomes: Outcomes) -> None:
        self.suite = suite
        self.wanted = wanted
        self.outcomes = outcomes

    def undecided(self, transcript: bytes | None, failed: bool) -> Undecided:
        """What is left to Hypothesis: to find the smallest example of a failure."""
        digits = transcript.hex() if transcript else None
        bank = self.wanted.bank
        return Undecided(self.wanted.exercise, self.suite, bank.check, bank.item, failed, digits)


def _banked(job: Job, send: Send) -> Iterator[_Banked]:
    """The checks that can be replayed, in the order of the course; the others are told at once."""
    for work in job.work:
        for suite in dict.fromkeys(suite for suite, _ in work.checks):
            key = bank_key(Path(job.root), work.exercise, suite)
            bank = load_bank(key) or Bank(())
            outcomes = Outcomes(key)
            for name in (name for each, name in work.checks if each is suite):
                items = [check for check in bank.checks if check.check == name]
                if not items or any(check.live for check in items):
                    send(Undecided(work.exercise, suite, name, name))
                    continue
                for check in items:
                    wanted = Wanted(work.exercise, work.functions, check)
                    yield _Banked(suite, wanted, outcomes)


class _Replaying:
    def __init__(self, job: Job, live: RemoteTarget, send: Send) -> None:
        self._job = job
        self._live = live
        self._send = send
        self._opened: set[str] = set()
        self._stores: dict[int, Outcomes] = {}

    def decide(self, item: _Banked, fetched: Fetched) -> None:
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
            self._send(outcome)
            return
        check = item.wanted.bank.check
        self._send(
            Decided(
                item.wanted.exercise,
                item.suite,
                check,
                outcome.status,
                outcome.message,
                outcome.example,
            )
        )

    def save(self) -> None:
        """Keep the new outcomes."""
        for store in self._stores.values():
            store.save()

    def _announce(self, exercise: str, loaded: Loaded | None) -> None:
        if loaded is not None and exercise not in self._opened:
            self._opened.add(exercise)
            self._send(Opened(exercise, loaded.file, loaded.notes))

    def _blank(self, item: _Banked, fetched: Fetched) -> Outcome | None:
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
                interpret(function, reply, self._job.limits)
        except Leave as leave:
            if leave.status == Status.NOT_STARTED:
                return Outcome(Status.NOT_STARTED, leave.message)
        except Exception:
            return None
        return None

    def _kept(self, item: _Banked, transcript: bytes | None) -> Outcome | None:
        """The outcome that these answers had before."""
        if transcript is None:
            return None
        for kept in item.outcomes.find(item.wanted.bank.item, transcript):
            try:
                same, reply = self._live.answers_again(kept)
            except (WorkerGone, Leave):
                return None
            if same:
                return Outcome(kept.status, self._message(kept, reply), kept.example)
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
                interpret(function, reply, self._job.limits)
            except StudentError as error:
                raised = error.raised
        return raised_message(function, raised)

    def _run(self, item: _Banked, fetched: Fetched) -> Outcome | Undecided:
        self._live.begin(item.wanted.exercise, item.wanted.functions)
        file = file_of_checks(Path(self._job.root), item.wanted.exercise, item.suite)
        replayer = self._replayer
        error = replayer.run(file, Path(self._job.root), item.wanted.bank, fetched)
        if error is not None and not isinstance(error, Leave):
            return item.undecided(fetched.transcript, not isinstance(error, NeedsHypothesis))
        names = self._names(item.wanted.exercise)
        trace = replayer.session.trace
        outcome = decide(
            error,
            trace,
            fails_on_reference=lambda: False,  # the bank is the proof that it passes there
            example=lambda: render(trace, names),
        )
        if outcome.repeats and fetched.transcript is not None:
            self._keep(item, fetched.transcript, outcome)
        return outcome

    def _keep(self, item: _Banked, transcript: bytes, outcome: Outcome) -> None:
        if self._live.log is None:
            return
        asked, answers = tuple(self._live.log), self._live.answers()
        kept = Kept(outcome.status, outcome.message, outcome.example, None, asked, answers)
        item.outcomes.keep(item.wanted.bank.item, transcript, kept)
        self._stores[id(item.outcomes)] = item.outcomes

    def _names(self, exercise: str) -> Callable[[str], tuple[str, ...]]:
        return lambda function: parameter_names(reference_module(exercise), function)

    @cached_property
    def _replayer(self):  # type: ignore[no-untyped-def]
        """Made only where a body has to run: it brings the checks and the references in."""
        from grader.checks.plain import replace_libraries
        from grader.checks.replay import Replayer

        replace_libraries()
        return Replayer(self._live, self._job.limits)
