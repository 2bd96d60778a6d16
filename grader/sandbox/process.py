"""One worker as the trusted side sees it: bytes out, bytes in, by a deadline, and its death.

The worker is hostile. Nothing here waits for it without a limit, and what it sends is only
counted, never understood.
"""

import contextlib
import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from ..model import Status

READ_AT_ONCE = 2**16  # what a pipe holds
BUFFER_LIMIT = 64 * 2**20
CORES = os.cpu_count() or 1
ENDING_SECONDS = 1.0  # how long a dying process may take to be reaped


class WorkerGone(Exception):
    """The worker is dead.

    Attributes:
        status: TIMEOUT, MEMORY or CRASHED.
    """

    def __init__(self, status: Status) -> None:
        super().__init__(f"the worker is gone: {status}")
        self.status = status


@dataclass(slots=True)
class Deadline:
    """What one call may take, from its creation on; CPU counts from its first use."""

    cpu_seconds: float
    wall_seconds: float
    started: float = field(default_factory=time.monotonic, init=False)
    cpu_end: float | None = field(default=None, init=False)

    def left(self, cpu_used: float) -> float:
        """Return for how long nothing can go over the limits; <= 0 when one has."""
        if self.cpu_end is None:
            self.cpu_end = cpu_used + self.cpu_seconds
        wall = self.started + self.wall_seconds - time.monotonic()
        return min(wall, (self.cpu_end - cpu_used) / CORES)


class Life(Protocol):
    """A way to know and end the life of a process.

    Attributes:
        pidfd: readable once the process is dead; -1 where the system has none.
    """

    pidfd: int

    def cpu(self) -> float:
        """Return the seconds of CPU used so far, 0 where it cannot be told."""

    def kill(self) -> None:
        """Send SIGKILL; nothing happens if it is dead."""

    def ending(self) -> Status | None:
        """Return what it died of by itself, None if it still lives after a moment."""

    def release(self) -> None:
        """Give back descriptors; the process is dead or dying."""


class WorkerProcess:
    """The two pipes to a worker, and its life."""

    def __init__(self, life: Life, to_worker: int, from_worker: int) -> None:
        self._life = life
        self._out = to_worker
        self._in = from_worker
        self._buffer = bytearray()
        self._gone: Status | None = None
        self._closed = False
        self._at_end: list[Callable[[], None]] = []
        self._poll = select.poll()
        self._poll.register(from_worker, select.POLLIN)
        if life.pidfd >= 0:
            self._poll.register(life.pidfd, select.POLLIN)
        os.set_blocking(to_worker, False)
        os.set_blocking(from_worker, False)

    def send(self, data: bytes | memoryview, deadline: Deadline) -> None:
        """Write all of data, keeping what arrives meanwhile for `receive`."""
        self._check()
        deadline.left(self._life.cpu())
        rest = memoryview(data).cast("B")
        while True:
            try:
                rest = rest[os.write(self._out, rest) :]
            except BlockingIOError:
                self._wait(deadline, writing=True)
                continue
            except OSError:
                self._fail()
            if not rest:
                return

    def receive(self, n: int, deadline: Deadline) -> bytearray:
        """Return exactly n bytes."""
        self._check()
        while len(self._buffer) < n:
            self._wait(deadline, writing=False)
        if len(self._buffer) == n:
            taken, self._buffer = self._buffer, bytearray()
            return taken
        taken = self._buffer[:n]
        del self._buffer[:n]
        return taken

    def close(self) -> None:
        """Kill the worker and give back what it held; does nothing the second time."""
        if self._closed:
            return
        self._closed = True
        self._gone = self._gone or Status.CRASHED
        self._life.kill()
        for fd in (self._out, self._in):
            os.close(fd)
        self._life.release()
        for action in self._at_end:
            action()

    def when_closed(self, action: Callable[[], None]) -> None:
        """Call action once the worker is closed."""
        self._at_end.append(action)

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        if self._gone is not None:
            raise WorkerGone(self._gone)

    def _wait(self, deadline: Deadline, *, writing: bool) -> None:
        """Wait for bytes or room; raise WorkerGone at death or when the deadline is over."""
        left = deadline.left(self._life.cpu())
        if left <= 0:
            self._end(Status.TIMEOUT)
        events = self._events(left, writing)
        if self._in in events:
            self._take_in()
        elif self._out in events and not events[self._out] & (select.POLLERR | select.POLLHUP):
            return
        elif events:  # dead, or it closed its end: either way nothing more comes
            self._fail()

    def _events(self, left: float, writing: bool) -> dict[int, int]:
        if writing:
            self._poll.register(self._out, select.POLLOUT)
        # at least a millisecond: what is left of the CPU may be too little to sleep on
        events = dict(self._poll.poll(max(left * 1000, 1)))
        if writing:
            self._poll.unregister(self._out)
        return events

    def _take_in(self) -> None:
        try:
            data = os.read(self._in, READ_AT_ONCE)
        except BlockingIOError:
            return
        if not data or len(self._buffer) + len(data) > BUFFER_LIMIT:
            self._fail()
        self._buffer += data

    def _fail(self) -> NoReturn:
        """End for a reason that lies in the worker: find out which."""
        self._end(self._life.ending() or Status.CRASHED)

    def _end(self, status: Status) -> NoReturn:
        self._gone = status
        self.close()
        raise WorkerGone(status)


def process_cpu(pid: int) -> float:
    """Return the seconds of CPU that all threads of a process used; 0 when it is gone.

    The clock of another process, as clock_getcpuclockid(3) would name it: open to everyone,
    and a thousand times finer than /proc/PID/stat.
    """
    with contextlib.suppress(OSError):
        return time.clock_gettime(~pid << 3 | 2)
    return 0.0
