"""What a zygote or a lone worker is told at its start, and how its life begins.

The orders are one JSON object in an inherited file. A worker is born through a socket of its
own: it introduces itself with its pidfd, then says "ready" once it is confined, or "!" and what
went wrong.
"""

import json
import os
import socket
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from ..errors import SandboxError
from ..model import Limits

LIFETIME_CPU = 3600  # seconds; a backstop, each call has its own limit
BIRTH_SECONDS = 20.0
READY = b"ready"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for all workers of a sandbox.

    Attributes:
        packages: top-level modules that student code may import beside the standard library.
        body: "module:function", called in the worker with the descriptors to read and write.
        lifetime_cpu: seconds of CPU after which the kernel kills a worker.
    """

    packages: tuple[str, ...] = ("numpy",)
    limits: Limits = field(default_factory=Limits)
    body: str = "worker.loop:serve"
    lifetime_cpu: int = LIFETIME_CPU

    def preload(self) -> list[str]:
        """Return the modules to import before the first worker."""
        # numpy loads these two lazily: 13 ms in every worker otherwise
        lazy = ["numpy.random", "numpy.linalg"] if "numpy" in self.packages else []
        return [*self.packages, *lazy]


@contextmanager
def written(plan: Plan, **details: Any) -> Iterator[IO[bytes]]:
    """Write the orders into a file without a name, to be inherited.

    Args:
        plan: what holds for all workers.
        details: what differs between the ways of isolation; `defaults` below names all of it.
    """
    defaults: dict[str, Any] = {
        "control": None,  # descriptor of the socket that asks for workers; none: become one
        "frames": None,  # descriptors of a lone worker's pipes
        "birth": None,  # descriptor that a lone worker is born through
        "uid": None,  # user that a lone worker becomes
        "mounts": False,  # whether each worker mounts its own /proc, /tmp, /dev/shm
        "scratch": "/tmp",  # noqa: S108 - working folder where it does not
        "filter": "",  # seccomp program in base64; empty: none
        "readable": [],  # what landlock leaves; empty: no landlock
        "writable": [],
        "landlock": False,  # whether to give up where the kernel has none
    }
    orders = defaults | details
    orders["filter"] = b64encode(orders["filter"] or b"").decode()
    orders |= {"preload": plan.preload(), "body": plan.body}
    orders |= {"memory": plan.limits.memory_bytes, "cpu": plan.lifetime_cpu}
    with inherited(json.dumps(orders).encode()) as file:
        yield file


@contextmanager
def inherited(data: bytes) -> Iterator[IO[bytes]]:
    """Give a file without a name that holds data, at its beginning."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


class Cradle:
    """The descriptors that a worker is made with: ours, and its own until it has them."""

    def __init__(self) -> None:
        self.worker_reads, self.to_worker = os.pipe()
        self.from_worker, self.worker_writes = os.pipe()
        self.birth, self.worker_birth = socket.socketpair()
        self._theirs_open = True

    def theirs(self) -> list[int]:
        """Return the worker's: pipe to read, pipe to write, socket of its birth."""
        return [self.worker_reads, self.worker_writes, self.worker_birth.fileno()]

    def handed_over(self) -> None:
        """Close the worker's ends, so that its death closes the pipes."""
        if self._theirs_open:
            self._theirs_open = False
            os.close(self.worker_reads)
            os.close(self.worker_writes)
            self.worker_birth.close()

    def abandon(self) -> None:
        """Close every end: no worker came of it."""
        self.handed_over()
        os.close(self.to_worker)
        os.close(self.from_worker)
        self.birth.close()

    def born(self) -> int:
        """Wait until the worker is confined; return its pidfd, -1 where there are none.

        Raises:
            SandboxError: it could not be confined, or took too long.
        """
        end = time.monotonic() + BIRTH_SECONDS
        pidfds: list[int] = []
        said = b""
        try:
            while not said.endswith(READY):
                said += self._hear(end, pidfds)
        except BaseException:
            for fd in pidfds:
                os.close(fd)
            raise
        self.birth.close()
        return pidfds[0] if pidfds else -1

    def _hear(self, end: float, pidfds: list[int]) -> bytes:
        self.birth.settimeout(max(end - time.monotonic(), 0.001))
        try:
            heard, fds, _, _ = socket.recv_fds(self.birth, 2048, 1)
        except OSError as problem:
            raise SandboxError(f"a worker could not be made: {problem}") from problem
        pidfds += fds
        _, failed, sentence = heard.partition(b"!")
        if failed or not heard:
            said = sentence.decode(errors="replace") or "it died before it was ready"
            raise SandboxError(f"a worker could not be made: {said}")
        return heard
