"""Makes the calls of the bank that are known beforehand, while the checks are loading or running.

A thread of its own speaks with a worker of its own, so the two cores share the work: one runs the
student's functions, the other compares.
"""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from grader.checks.bank import CheckBank
from grader.checks.calls import Call
from grader.checks.wire import Conversation, Loaded, Reply, image
from grader.errors import GraderError
from grader.model import Status
from grader.sandbox import WorkerGone


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
        replies: for each example and call: the reply, the status that the worker died with, or
            None where the call was not made.
        images: of all replies in order, None unless every call known beforehand has one.
    """

    loaded: Loaded | None
    replies: tuple[tuple[Reply | Status | None, ...], ...]
    images: tuple[bytes, ...] | None


class Prefetcher:
    """Fetches for each check in turn; `next` gives what belongs to the next one."""

    def __init__(self, conversation: Conversation, wanted: Sequence[Wanted]) -> None:
        self._conversation = conversation
        self._wanted = wanted
        self._suspects: set[str] = set()  # died once: left to the worker that confirms
        self._results: queue.SimpleQueue[Fetched | GraderError] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def next(self) -> Fetched:
        """Wait for the answers to the next check.

        Raises:
            GraderError: the sandbox broke.
        """
        result = self._results.get()
        if isinstance(result, GraderError):
            raise result
        return result

    def _run(self) -> None:
        try:
            for wanted in self._wanted:
                self._results.put(self._fetch(wanted))
        except GraderError as error:
            self._results.put(error)
        finally:
            self._conversation.close()

    def _fetch(self, wanted: Wanted) -> Fetched:
        loaded = self._load(wanted)
        places = [
            (example, place)
            for example, calls in enumerate(wanted.bank.calls)
            for place, call in enumerate(calls)
            if call.beforehand and loaded is not None and call.function not in loaded.missing
        ]
        replies: list[list[Reply | Status | None]] = [[None] * len(c) for c in wanted.bank.calls]
        images = self._ask(wanted, places, replies)
        known = sum(call.beforehand for calls in wanted.bank.calls for call in calls)
        return Fetched(
            loaded,
            tuple(map(tuple, replies)),
            tuple(images) if len(images) == known else None,
        )

    def _load(self, wanted: Wanted) -> Loaded | None:
        if wanted.exercise in self._suspects:
            return None
        try:
            return self._conversation.load(wanted.exercise, wanted.functions)
        except WorkerGone:
            self._suspects.add(wanted.exercise)
            return None

    def _ask(
        self,
        wanted: Wanted,
        places: list[tuple[int, int]],
        replies: list[list[Reply | Status | None]],
    ) -> list[bytes]:
        """Fill in replies up to the first death; returns the images of those that came."""
        calls = [_call(wanted.bank, place) for place in places]
        healthy = next(
            (n for n, call in enumerate(calls) if call.function in self._suspects), len(calls)
        )
        images: list[bytes] = []
        try:
            for reply in self._conversation.ask_all(calls[:healthy]):
                example, place = places[len(images)]
                images.append(image(reply))
                replies[example][place] = reply
        except WorkerGone as gone:
            self._conversation.close()
            example, place = places[len(images)]
            replies[example][place] = gone.status
            self._suspects.add(calls[len(images)].function)
        return images


def _call(bank: CheckBank, place: tuple[int, int]) -> Call:
    recorded = bank.calls[place[0]][place[1]]
    return Call(recorded.function, recorded.arguments, (), recorded.seed)
