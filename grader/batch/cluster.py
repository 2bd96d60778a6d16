"""Examines submissions on several machines, by the workers of a dask scheduler.

dask finds a worker for each, and another one if that dies. Reports are made and kept where the run
was started, so a submission has one attempt in the gradebook wherever it was graded.
"""

import contextlib
import logging
import os
import selectors
import time
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from distributed import Client, Future, KilledWorker

from grader.batch.crew import Waitable
from grader.batch.there import Exam, examine_there
from grader.checks.findings import Findings
from grader.checks.messages import Job, decode_event, encode
from grader.errors import SandboxError

AHEAD = 2  # submissions for each thread of a worker, so that none waits for the next
JOIN_SECONDS = 60.0  # for a first worker, and for a new one when none is left
LOOK_SECONDS = 2.0  # how often the workers are counted
TRIES = 2  # of a submission, the second on another machine

T = TypeVar("T")


@dataclass
class _Turn(Generic[T]):
    """A submission on its way.

    Attributes:
        tries: how often it was sent.
    """

    what: T
    job: bytes
    tries: int = 0


class Cluster(Generic[T]):
    """Examines submissions as `Crew` does, but elsewhere.

    Raises:
        SandboxError: there is no scheduler, or no worker has joined it.
    """

    def __init__(self, exam: Exam, address: str) -> None:
        self._exam, self._address = exam, address
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by us
        self._client = _connected(address)
        self._at: dict[Future, _Turn[T]] = {}
        self._done: deque[Future] = deque()
        self._woken, self._wake = os.pipe()
        self._threads = self._looked = self._seen = 0.0
        self._look()

    def close(self) -> None:
        """Take back what is on its way, and leave the scheduler."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(self._at))
        with contextlib.suppress(Exception):
            self._client.close()
        ends = self._woken, self._wake
        self._woken = self._wake = -1  # what was cancelled may still be told, by another thread
        for end in ends:
            os.close(end)

    @property
    def has_room(self) -> bool:
        """Whether one more can begin."""
        return len(self._at) < AHEAD * max(self._threads, 1)

    @property
    def is_busy(self) -> bool:
        """Whether something will come."""
        return bool(self._at)

    def begin(self, what: T, job: Job) -> None:
        """Send a submission to whichever worker is free."""
        self._send(_Turn(what, encode(job)))

    def listen(self, *others: Waitable) -> Iterator[tuple[T, Findings | SandboxError]]:
        """Wait until a submission is done or one of the others has something to say."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            for each in others:
                selector.register(each, selectors.EVENT_READ)
            selector.select(LOOK_SECONDS)
        self._look()
        while self._done:
            os.read(self._woken, 1)
            yield from self._take(self._done.popleft())

    def _take(self, future: Future) -> Iterator[tuple[T, Findings | SandboxError]]:
        turn, there = self._at.pop(future), ""
        try:
            there, lines = future.result()
            found = _findings(lines)
        except KilledWorker:
            found = SandboxError("The workers that took it died.")
        except Exception as error:
            if isinstance(error, CancelledError) or self._client.status != "running":
                raise self._gone() from None
            found = SandboxError(
                f"A worker could not examine it ({error!r}). Install the same versions everywhere."
            )
        failed = isinstance(found, SandboxError) and turn.tries < TRIES
        if failed and (others := [name for name in self._workers() if name != there]):
            self._send(turn, others)
        else:
            yield turn.what, found

    def _send(self, turn: _Turn[T], workers: list[str] | None = None) -> None:
        turn.tries += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large submission is no mistake of ours
            future = self._client.submit(
                _there, self._exam, turn.job, pure=False, workers=workers, retries=0
            )
        self._at[future] = turn
        future.add_done_callback(self._finish)

    def _finish(self, future: Future) -> None:
        self._done.append(future)
        with contextlib.suppress(OSError):  # closed meanwhile
            os.write(self._wake, b"\n")

    def _workers(self) -> dict[str, int]:
        """How many threads each worker has, by its address."""
        try:
            if self._client.status == "running":
                return dict(self._client.nthreads())
        except Exception:
            raise self._gone() from None
        raise self._gone()

    def _look(self) -> None:
        """Count the workers now and then."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked, self._threads = now, sum(self._workers().values())
        self._seen = now if self._threads else self._seen
        if now - self._seen > JOIN_SECONDS:
            raise SandboxError(
                f"No worker is left at {self._address}. Start some with `dask worker "
                f"{self._address}`, and run the same command again: what was graded is kept."
            )

    def _gone(self) -> SandboxError:
        return SandboxError(
            f"The scheduler at {self._address} is gone. Start it and its workers, and run the same "
            "command again: what was graded is kept."
        )


def _there(exam: Exam, job: bytes) -> tuple[str, bytes]:
    """What runs at a worker: its address, and what it found."""
    from distributed import get_worker

    return get_worker().address, examine_there(exam, job)


def _findings(lines: bytes) -> Findings | SandboxError:
    findings = Findings()
    try:
        for line in lines.splitlines():
            findings.add(decode_event(line))
    except SandboxError as error:
        return error
    return findings


def _connected(address: str) -> Any:
    try:
        client = Client(address, timeout=JOIN_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SandboxError(
            f"There is no dask scheduler at {address} ({error}). Start one with `dask scheduler`."
        ) from None
    try:
        client.wait_for_workers(1, timeout=JOIN_SECONDS)
    except TimeoutError:
        client.close()
        raise SandboxError(
            f"No worker has joined {address}. Start some with `dask worker {address} --nthreads 1`."
        ) from None
    return client
