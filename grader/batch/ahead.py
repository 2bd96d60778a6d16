"""Reads submissions before examiners ask for them: unpacking and notebooks take a process each."""

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from grader.batch.entries import Entry
from grader.errors import GraderError
from grader.model import Submission


@dataclass(frozen=True, slots=True)
class Read:
    """An entry that was read.

    Attributes:
        submission: None where it cannot be graded.
        trouble: why, in a sentence.
    """

    entry: Entry
    submission: Submission | None
    trouble: str = ""


class Ahead:
    """Some entries being read, and some that were; never more of both than `most`.

    It can be waited for, as a file can: there is something to read once `take` has something.
    """

    def __init__(self, entries: Iterable[Entry], most: int) -> None:
        self._entries = iter(entries)
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="reading")
        self._done: deque[Read] = deque()
        self._reading = 0
        self._woken, self._wake = os.pipe()
        for _ in range(most):
            self._read_next()

    def close(self) -> None:
        """Read no more."""
        self._pool.shutdown(cancel_futures=True)
        for end in (self._woken, self._wake):
            os.close(end)

    def fileno(self) -> int:
        """Where it can be waited for."""
        return self._woken

    @property
    def left(self) -> bool:
        """Whether anything will come."""
        return self._reading > 0

    def take(self) -> Read | None:
        """One entry that was read, None where there is none yet."""
        if not self._done:
            return None
        os.read(self._woken, 1)
        read = self._done.popleft()
        self._reading -= 1
        self._read_next()
        return read

    def _read_next(self) -> None:
        entry = next(self._entries, None)
        if entry is not None:
            self._reading += 1
            self._pool.submit(_read, entry).add_done_callback(self._finish)

    def _finish(self, future: "Future[Read]") -> None:
        if not future.cancelled():
            self._done.append(future.result())
            os.write(self._wake, b"\n")


def _read(entry: Entry) -> Read:
    try:
        return Read(entry, entry.read())
    except GraderError as error:
        return Read(entry, None, str(error))
    except Exception as error:  # whatever it is, the others are still to be graded
        return Read(entry, None, f"This is a mistake of grader itself: {error!r}.")
