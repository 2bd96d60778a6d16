"""Examiners that stay warm: each takes one submission after another.

A submission is replayed first; what that leaves is searched by an examiner that runs Hypothesis,
before a new submission begins, so that what waits does not pile up.
"""

import selectors
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from grader.checks.banking import build_banks
from grader.checks.findings import Findings
from grader.checks.messages import Job, Way, replace
from grader.checks.run import left_by, setup_of
from grader.checks.watch import Examiner, OnEvent
from grader.course import Course
from grader.errors import SandboxError
from grader.model import Isolation

TRIES = 2  # of a submission, where the examiner could not go on
LIFETIME = 100  # submissions, after which an examiner is replaced: what piles up is bounded

T = TypeVar("T")


class Waitable(Protocol):
    """What can be waited for."""

    def fileno(self) -> int:
        """Where it can be waited for."""
        ...


@dataclass
class _Turn(Generic[T]):
    """A submission that is being examined.

    Attributes:
        live: under Hypothesis, otherwise by replay.
        before: what the replay has found.
    """

    what: T
    job: Job
    live: bool
    before: Findings
    tries: int = 0


class Crew(Generic[T]):
    """Examines submissions, up to `size` at a time.

    Examiners are started once there is something for them to do, in the main thread.
    """

    def __init__(self, course: Course, lowest: Isolation, size: int, on_event: OnEvent) -> None:
        self._setup, self._seconds = setup_of(course, lowest), course.settings.check_seconds
        self._is_kit, self._size, self._on_event = course.is_kit, size, on_event
        self._free = {live: [self._examiner(live) for _ in range(size)] for live in (False, True)}
        self._at: dict[Examiner, _Turn[T]] = {}
        self._ended: list[tuple[T, Findings | SandboxError]] = []
        self._served: dict[Examiner, int] = {}
        self._is_banked = course.is_kit  # a kit has nothing to draw examples on

    def close(self) -> None:
        """Kill all examiners."""
        for examiner in (*self._at, *self._free[False], *self._free[True]):
            examiner.close()

    @property
    def has_room(self) -> bool:
        """Whether one more can begin."""
        return len(self._at) < self._size

    @property
    def is_busy(self) -> bool:
        """Whether something will come."""
        return bool(self._at or self._ended)

    def begin(self, what: T, job: Job) -> None:
        """Examine a submission; there must be room."""
        if not self._is_banked:
            build_banks(self._setup, job.work, self._on_event)
            self._is_banked = True
        self._give(_Turn(what, job, self._is_kit, Findings()))

    def listen(self, *others: Waitable) -> Iterator[tuple[T, Findings | SandboxError]]:
        """Wait until an examiner or one of the others has something to say; yield what ended."""
        busy = [examiner for examiner in self._at if examiner.busy]
        idle = self._ended or len(busy) < len(self._at)
        patience = min((examiner.patience for examiner in busy), default=None)
        heard = _heard([*busy, *others], 0.0 if idle else patience)
        for examiner in busy:
            if examiner.fileno() in heard or examiner.patience == 0.0:
                self._hear(examiner)
        for examiner in [each for each in self._at if not each.busy]:
            self._end(examiner)
        ended, self._ended = self._ended, []
        yield from ended

    def _examiner(self, live: bool) -> Examiner:
        way = Way.SEARCH if live else Way.REPLAY
        return Examiner(replace(self._setup, way=way), self._seconds)

    def _give(self, turn: _Turn[T]) -> None:
        examiner = self._free[turn.live].pop()  # the one that was busy last is the warmest
        self._at[examiner] = turn
        turn.tries += 1
        try:
            examiner.begin(turn.job)
        except OSError as error:
            self._fail(examiner, SandboxError(f"No examiner could be started: {error}."))

    def _hear(self, examiner: Examiner) -> None:
        try:
            examiner.listen(self._on_event)
        except SandboxError as error:
            self._fail(examiner, error)
        except OSError as error:
            self._fail(examiner, SandboxError(f"No examiner could be started: {error}."))

    def _fail(self, examiner: Examiner, error: SandboxError) -> None:
        """Try once more with a new process, which knows nothing of what came before."""
        examiner.close()
        turn = self._release(examiner)
        if turn.tries < TRIES:
            self._give(turn)
        else:
            self._ended.append((turn.what, error))

    def _end(self, examiner: Examiner) -> None:
        found = examiner.findings
        turn = self._release(examiner)
        if turn.live:
            found = turn.before.then(found)
        elif found.undecided:
            self._give(_Turn(turn.what, left_by(found, turn.job), True, found))
            return
        self._ended.append((turn.what, found))

    def _release(self, examiner: Examiner) -> _Turn[T]:
        turn = self._at.pop(examiner)
        self._free[turn.live].append(examiner)
        self._served[examiner] = self._served.get(examiner, 0) + 1
        if self._served[examiner] % LIFETIME == 0:
            examiner.close()
        return turn


def _heard(waited: Sequence[Waitable], seconds: float | None) -> set[int]:
    """Those that have something to say, once one of them has, or after a time."""
    with selectors.DefaultSelector() as selector:
        for each in waited:
            selector.register(each, selectors.EVENT_READ)
        return {key.fd for key, _ in selector.select(seconds)} if waited else set()
