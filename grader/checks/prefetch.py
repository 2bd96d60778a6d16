"""Makes the calls of the bank that are known beforehand, while the checks are loading or running.

A thread of its own speaks with a worker of its own, so the two cores share the work: one runs the
student's functions, the other compares.
"""

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.checks.bank import CheckBank
from grader.checks.calls import Call
from grader.checks.remote import loading
from grader.checks.transcript import digest, transcript
from grader.checks.wire import Conversation, Loaded, Reply, call_of, image
from grader.model import Status
from grader.sandbox import WorkerGone

AHEAD_CHECKS = 4
AHEAD_BYTES = 64 * 2**20  # of answers to one check; the others are asked for when they are needed


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bank of a check, with what its functions are loaded from."""

    exercise: str
    functions: tuple[str, ...]
    bank: CheckBank


@dataclass(frozen=True, slots=True)
class Fetched:
    """Answers to the calls of a check.

    Attributes:
        loaded: None where the worker died of loading.
        replies: for each example and call: the reply, or None where there is none.
        transcript: of all replies in order, None unless every call known beforehand has one.
        passed: examples that were answered just as the reference answers them, by number.
        death: what the worker died of, if it did.
    """

    loaded: Loaded | None
    replies: tuple[tuple[Reply | None, ...], ...]
    transcript: bytes | None
    passed: frozenset[int] = frozenset()
    death: tuple[str, Status] | None = None


class Prefetcher:
    """Fetches for each check in turn; `next` gives what belongs to the next one."""

    def __init__(self, conversation: Conversation, wanted: Sequence[Wanted]) -> None:
        self._conversation = conversation
        self._wanted = wanted
        # What a worker died of once is left to the one that confirms.
        self._suspects: set[tuple[str, str]] = set()
        self._results: queue.Queue[Fetched | BaseException] = queue.Queue(AHEAD_CHECKS)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def next(self) -> Fetched:
        """Wait for the answers to the next check; raises whatever ended the thread."""
        result = self._results.get()
        if isinstance(result, BaseException):
            raise result
        return result

    def stop(self) -> None:
        """Make no more than the call that is being made, and wait for the end of that."""
        self._stopped.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._results.get_nowait()  # it may be waiting for room; one more will fit
        self._thread.join()

    def _run(self) -> None:
        try:
            for wanted in self._wanted:
                if self._stopped.is_set():
                    return
                self._results.put(self.fetch(wanted))
        except BaseException as error:  # whoever waits for an answer has to be told
            self._results.put(error)
        finally:
            self._conversation.close()

    def fetch(self, wanted: Wanted) -> Fetched:
        """Fetch for one check, here and now."""
        empty = tuple((None,) * len(calls) for calls in wanted.bank.calls)
        if (wanted.exercise, loading(wanted.exercise)) in self._suspects:
            return Fetched(None, empty, None)
        try:
            loaded = self._conversation.load(wanted.exercise, wanted.functions)
        except WorkerGone as gone:
            death = self._suspect(wanted, loading(wanted.exercise), gone)
            return Fetched(None, empty, None, death=death)
        return self._ask(wanted, loaded)

    def _ask(self, wanted: Wanted, loaded: Loaded) -> Fetched:
        """Make the calls, up to the first that a worker dies of, now or before."""
        places = [
            (example, place)
            for example, calls in enumerate(wanted.bank.calls)
            for place, call in enumerate(calls)
            if call.beforehand
        ]
        calls = [_call(wanted.bank, place) for place in places]
        skipped = (n for n, call in enumerate(calls) if self._skips(wanted, loaded, call))
        asked = self._replies(calls[: next(skipped, None)])
        replies: list[list[Reply | None]] = [[None] * len(c) for c in wanted.bank.calls]
        answers: list[bytes] = []
        by_example: list[list[bytes]] = [[] for _ in wanted.bank.calls]
        death = None
        try:
            for reply, (example, place) in zip(asked, places, strict=False):
                answers.append(digest(image(reply)))
                by_example[example].append(answers[-1])
                replies[example][place] = reply
        except WorkerGone as gone:
            death = self._suspect(wanted, calls[len(answers)].function, gone)
        return Fetched(
            loaded,
            tuple(map(tuple, replies)),
            transcript(answers) if len(answers) == len(calls) else None,
            _passed(wanted.bank, by_example),
            death,
        )

    def _replies(self, calls: Sequence[Call]) -> Iterator[Reply]:
        size = 0
        for reply in self._conversation.ask_all(calls):
            yield reply
            size += len(reply.payload)
            if size > AHEAD_BYTES or self._stopped.is_set():
                self._conversation.close()  # there are calls on their way to it
                return

    def _skips(self, wanted: Wanted, loaded: Loaded, call: Call) -> bool:
        return call.function in loaded.missing or (wanted.exercise, call.function) in self._suspects

    def _suspect(self, wanted: Wanted, what: str, gone: WorkerGone) -> tuple[str, Status]:
        self._conversation.close()
        self._suspects.add((wanted.exercise, what))
        return what, gone.status


def _passed(bank: CheckBank, answers: Sequence[Sequence[bytes]]) -> frozenset[int]:
    """The examples that have the answers of the reference, on which the check passes."""
    return frozenset(
        number
        for number, (known, given) in enumerate(zip(bank.answers, answers, strict=False))
        if known and transcript(given) == known
    )


def _call(bank: CheckBank, place: tuple[int, int]) -> Call:
    return call_of(bank.calls[place[0]][place[1]])
