"""The ways of isolation, best first, and the search for the best that works here."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from ..errors import SandboxError
from ..model import Isolation, Limits
from . import remedies
from .alone import LoneBwrap, LonePython, supported
from .bwrap import Way
from .orders import Plan
from .process import WorkerProcess
from .zygote import Zygote

ORDER = tuple(Isolation)  # best first


class Backend(Protocol):
    """One way of isolation at work."""

    isolation: Isolation

    def worker(self) -> WorkerProcess:
        """Return a new worker, confined and ready."""

    def close(self) -> None:
        """Leave no process and no file behind."""


Start = Callable[[Plan], Backend]


@dataclass(frozen=True, slots=True)
class Probe:
    """What `grader doctor` says of one way.

    Attributes:
        sentence: what was found.
        remedy: what to do; empty when the way works.
    """

    isolation: Isolation
    reached: bool
    sentence: str
    remedy: str

    def __iter__(self) -> Iterator[object]:
        return iter((self.isolation, self.reached, self.sentence, self.remedy))


class Sandbox:
    """Makes workers in the best way that works; a context manager.

    Construction starts the first way and waits for nothing: what a way is worth shows when
    the first worker is made, and then the next one is tried. Open it in the main thread: bwrap
    is killed when the thread that started it ends.
    """

    def __init__(self, plan: Plan, ways: Sequence[tuple[Isolation, Start]], lowest: str) -> None:
        self._plan = plan
        self._ways = list(ways)
        self._lowest = lowest
        self._lock = threading.Lock()
        self._problems: list[str] = []
        self._backend: Backend | None = None
        self._spare: WorkerProcess | None = None
        self._settled = False
        self._workers: set[WorkerProcess] = set()
        self._climb_down()

    @property
    def isolation(self) -> Isolation:
        """How workers are kept apart; waits until that is certain."""
        with self._lock:
            return self._settle().isolation

    def worker(self) -> WorkerProcess:
        """Return a new worker.

        Raises:
            SandboxError: no way works, or the one that did broke.
        """
        with self._lock:
            backend = self._settle()
            made, self._spare = self._spare, None
        worker = made or backend.worker()
        self._workers.add(worker)
        worker.when_closed(partial(self._workers.discard, worker))
        return worker

    def close(self) -> None:
        """Kill every worker and whatever made them; does nothing the second time."""
        with self._lock:
            for worker in [*self._workers, *([self._spare] if self._spare else [])]:
                worker.close()
            self._spare = None
            self._ways.clear()
            self._problems = ["the sandbox is closed"]
            if self._backend:
                self._backend.close()
            self._backend, self._settled = None, False

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _settle(self) -> Backend:
        """Make a first worker; where that fails, go down the ladder until one is made."""
        while not (self._settled and self._backend):
            if self._backend is None:
                raise SandboxError(self._sentence())
            try:
                self._spare = self._backend.worker()
                self._settled = True
            except (SandboxError, OSError) as problem:
                self._problems.append(f"{self._backend.isolation}: {problem}")
                self._backend.close()
                self._climb_down()
        return self._backend

    def _climb_down(self) -> None:
        """Start the next way that starts at all."""
        self._backend = None
        while self._ways and self._backend is None:
            isolation, start = self._ways.pop(0)
            try:
                self._backend = start(self._plan)
            except (SandboxError, OSError) as problem:
                self._problems.append(f"{isolation}: {problem}")

    def _sentence(self) -> str:
        tried = "; ".join(self._problems) or "there is none for this system"
        advice = remedies.remedy(Isolation.ZYGOTE, tried)
        return f"no sandbox ({self._lowest} or better) could be had: {tried}. {advice}"


def open_sandbox(
    packages: Sequence[str] = ("numpy",),
    limits: Limits | None = None,
    lowest: Isolation = Isolation.LANDLOCK,
    only: Isolation | None = None,
    *,
    body: str = "worker.loop:serve",
) -> Sandbox:
    """Start a sandbox without waiting for it.

    Args:
        packages: what student code may import beside the standard library.
        limits: of one call; the limit of memory holds for a worker's whole life.
        lowest: the least isolation that will do.
        only: this way and no other.
        body: "module:function" that a worker runs.

    Raises:
        SandboxError: at the first worker, with what to do about it.
    """
    plan = Plan(packages=tuple(packages), limits=limits or Limits(), body=body)
    wanted = ORDER[: ORDER.index(lowest) + 1] if only is None else (only,)
    ways = [(isolation, start) for isolation, start in _ways() if isolation in wanted]
    return Sandbox(plan, ways, only or lowest)


def _ways() -> Iterator[tuple[Isolation, Start]]:
    supported()
    if sys.platform == "linux":
        kinds = [Way.ROOT, Way.USER] if os.geteuid() == 0 else [Way.USER]
        for way in kinds:
            yield Isolation.ZYGOTE, lambda plan, way=way: Zygote(plan, way)  # type: ignore[misc]
        for way in kinds:
            yield Isolation.BWRAP, lambda plan, way=way: LoneBwrap(plan, way)  # type: ignore[misc]
        yield Isolation.LANDLOCK, lambda plan: LonePython(plan, Isolation.LANDLOCK)
    yield Isolation.NONE, lambda plan: LonePython(plan, Isolation.NONE)


def probe(body: str = "worker.loop:serve") -> list[Probe]:
    """Try every way for real: start it and make a worker."""
    return [_probe(isolation, body) for isolation in ORDER]


def _probe(isolation: Isolation, body: str) -> Probe:
    sandbox = open_sandbox(only=isolation, body=body)
    with contextlib.closing(sandbox):
        try:
            sandbox.worker().close()
        except SandboxError:
            said = "; ".join(sandbox._problems) or "not for this system"
            return Probe(isolation, False, said, remedies.remedy(isolation, said))
    return Probe(isolation, True, remedies.MEANING[isolation], "")
