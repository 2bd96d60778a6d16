"""The replaying half of an examiner: one submission after another, decided from the bank."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from grader.checks.bank import Bank, load_bank
from grader.checks.deciding import Banked, Decider, Send
from grader.checks.keys import Keys, explaining_key
from grader.checks.messages import (
    Decided,
    Job,
    Ready,
    Setup,
    Undecided,
)
from grader.checks.prefetch import Prefetcher, Wanted
from grader.checks.remote import RemoteTarget, Strikes
from grader.checks.transcript import Outcomes
from grader.checks.wire import Conversation
from grader.model import Status, Suite
from grader.sandbox import Sandbox


class Replaying:
    """Replays the bank for one submission after another.

    What is loaded for one, banks and checks, serves the next; nothing of a submission is kept
    but outcomes, by the digest of its answers.
    """

    def __init__(self, setup: Setup, sandbox: Sandbox, send: Send) -> None:
        self._setup = setup
        self._sandbox = sandbox
        self._send = send
        self._root = Path(setup.root)
        self._banks: dict[tuple[str, Suite], tuple[Bank, Outcomes]] = {}

    def examine(self, job: Job) -> None:
        """Decide every check of the job that the bank can decide, and name the others."""
        banked = list(self._banked(job))
        fetching, live = self._conversation(job), self._conversation(job)
        target = RemoteTarget(live, Strikes(job.struck, self._send))
        replay = Decider(self._setup, target, self._send, explain=job.explain)
        try:
            if not (job.until_first and self._loses_early(banked, fetching, replay)):
                self._decide(job, banked, fetching, replay)
        finally:
            fetching.close()
            live.close()
        for _, outcomes in self._banks.values():
            outcomes.save()

    def _decide(
        self, job: Job, banked: list[Banked], fetching: Conversation, replay: Decider
    ) -> None:
        prefetcher = Prefetcher(fetching, [item.wanted for item in banked])
        prefetcher.start()
        try:
            for number, item in enumerate(banked):
                self._send(item.started())
                fetched = prefetcher.next()
                if number == 0:
                    self._send(Ready(self._sandbox.isolation))
                event = replay.decide(item, fetched)
                self._send(event)
                if job.until_first and _is_lost(event):
                    break
        finally:
            prefetcher.stop()

    def _loses_early(self, banked: list[Banked], fetching: Conversation, replay: Decider) -> bool:
        """Whether a check fails on its first examples; those of all checks take little time."""
        prefetcher = Prefetcher(fetching, [])
        for item in (each.early() for each in banked):
            self._send(item.started())
            event = replay.decide(item, prefetcher.fetch(item.wanted))
            if _is_lost(event):
                self._send(event)
                return True
        return False

    def _conversation(self, job: Job) -> Conversation:
        setup = self._setup
        return Conversation(self._sandbox, job.files, job.helpers, setup.limits, setup.packages)

    def _banked(self, job: Job) -> Iterator[Banked]:
        """The checks that can be replayed, in the order of the course; the others are told."""
        for work in job.work:
            for suite in dict.fromkeys(suite for suite, _ in work.checks):
                bank, outcomes = self._bank(work.exercise, suite)
                for name in (name for each, name in work.checks if each is suite):
                    items = [check for check in bank.checks if check.check == name]
                    if not items or any(check.live for check in items):
                        self._send(Undecided(work.exercise, suite, name, name))
                        continue
                    for check in items:
                        wanted = Wanted(work.exercise, work.functions, check)
                        yield Banked(suite, wanted, outcomes if job.explain else None)

    @cached_property
    def _keys(self) -> Keys:
        return Keys(self._root)

    @cached_property
    def _explaining_key(self) -> str:
        return explaining_key()

    def _bank(self, exercise: str, suite: Suite) -> tuple[Bank, Outcomes]:
        if (exercise, suite) not in self._banks:
            key = self._keys.of(exercise, suite)
            outcomes = Outcomes(f"{key} {self._explaining_key}")
            self._banks[exercise, suite] = load_bank(key) or Bank(()), outcomes
        return self._banks[exercise, suite]


def _is_lost(event: Decided | Undecided) -> bool:
    if isinstance(event, Undecided):
        return event.failed
    return event.status is not Status.PASSED
