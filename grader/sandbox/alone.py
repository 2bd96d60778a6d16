"""The other ways: each worker is a program of its own, started when it is asked for."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import SandboxError
from ..model import Isolation
from . import bwrap, seccomp, users
from .life import Child, reap
from .mirror import mirror, open_to_all, readable
from .orders import Cradle, Plan, inherited, written
from .process import WorkerProcess
from .runtime import HOME, PACKAGES, survey
from .zygote import last_words, spawn, users_for

INSIDE = [str(HOME), "/usr", "/lib", "/lib64", "/etc", "/proc/self"]


class LoneBwrap:
    """One bwrap for each worker: where children of bwrap may not make namespaces."""

    isolation = Isolation.BWRAP

    def __init__(self, plan: Plan, way: bwrap.Way) -> None:
        self._plan = plan
        self._users = users_for(way)
        self._runtime = survey(plan.packages)
        self._program = bwrap.find_bwrap()
        self._options = "\0".join(bwrap.arguments(self._runtime, way, warm=False)).encode()

    def worker(self) -> WorkerProcess:
        """Return a new worker, confined and ready."""
        uid = None if self._users is None else users.take(self._users)
        with _cradle() as cradle:
            worker = _born(self._start(cradle, uid), cradle, self._plan)
        if uid is not None:
            worker.when_closed(partial(users.give_back, uid))
        return worker

    def close(self) -> None:
        """Nothing is kept between workers."""

    def _start(self, cradle: Cradle, uid: int | None) -> "subprocess.Popen[bytes]":
        *frames, birth = theirs = cradle.theirs()
        details = {"frames": frames, "birth": birth, "uid": uid, "filter": seccomp.program()}
        # bwrap's /proc shows more than a worker needs; landlock narrows it where there is one
        details |= {"readable": INSIDE, "writable": ["/tmp", "/dev/shm", *_devices()]}  # noqa: S108
        with written(self._plan, **details) as orders, inherited(self._options) as args:
            inside = bwrap.command(self._runtime, orders.fileno())
            command = [self._program, "--args", str(args.fileno()), "--", *inside]
            return spawn(command, [*theirs, orders.fileno(), args.fileno()])


class LonePython:
    """A child process: confined by landlock, or not at all.

    What bwrap would bind is shown through symbolic links in a folder of our own, so that
    neither site-packages nor the folder of grader is on the worker's path.
    """

    def __init__(self, plan: Plan, isolation: Isolation) -> None:
        self.isolation = isolation
        self._plan = plan
        self._confined = isolation is Isolation.LANDLOCK
        self._runtime = survey(plan.packages)
        self._filter = seccomp.program() if self._confined else b""
        self._home = Path(tempfile.mkdtemp(prefix="grader-"))
        self._count = 0
        mirror(self._runtime, self._home)

    def worker(self) -> WorkerProcess:
        """Return a new worker, confined as far as this way goes."""
        self._count += 1
        scratch = self._home / f"tmp{self._count}"
        scratch.mkdir(mode=0o700)
        uid = self._user(scratch)
        with _cradle() as cradle:
            worker = _born(self._start(cradle, scratch, uid), cradle, self._plan)
        worker.when_closed(partial(_forget, scratch, uid))
        return worker

    def close(self) -> None:
        """Remove the folder of links and what workers wrote."""
        shutil.rmtree(self._home, ignore_errors=True)

    def _user(self, scratch: Path) -> int | None:
        """Choose another user for the worker where we may, and where it could still read."""
        among = users.our_range() if self._confined and os.geteuid() == 0 else None
        if among is None or not all(open_to_all(real) for real, _ in self._runtime.binds):
            return None
        uid = users.take(among)
        self._home.chmod(0o711)
        os.chown(scratch, uid, uid)
        return uid

    def _start(self, cradle: Cradle, scratch: Path, uid: int | None) -> "subprocess.Popen[bytes]":
        *frames, birth = theirs = cradle.theirs()
        details = {"frames": frames, "birth": birth, "uid": uid, "filter": self._filter}
        details |= {"scratch": str(scratch)}
        if self._confined:
            details |= {"readable": readable(self._runtime, self._home), "landlock": True}
            details |= {"writable": [str(scratch), *_devices()]}
        python = str(self._runtime.binds[0][0])
        with written(self._plan, **details) as orders:
            command = [python, *bwrap.PYTHON_FLAGS, "-m", "worker.zygote", str(orders.fileno())]
            return spawn(command, [*theirs, orders.fileno()], self._environment(scratch))

    def _environment(self, scratch: Path) -> dict[str, str]:
        moved = {
            "PYTHONHOME": str(self._home),
            "PYTHONPATH": str(self._home / PACKAGES.relative_to(HOME)),
            "LD_LIBRARY_PATH": str(self._home / "lib"),
            "HOME": str(scratch),
        }
        return bwrap.ENVIRONMENT | moved


@contextlib.contextmanager
def _cradle() -> Iterator[Cradle]:
    cradle = Cradle()
    try:
        yield cradle
    except BaseException:
        cradle.abandon()
        raise


def _born(child: "subprocess.Popen[bytes]", cradle: Cradle, plan: Plan) -> WorkerProcess:
    cradle.handed_over()
    try:
        pidfd = cradle.born()
    except SandboxError as problem:
        said = last_words(child)
        child.kill()
        reap(child)
        raise SandboxError(f"{problem} ({said})") from problem
    finally:
        if child.stderr:
            child.stderr.close()
    return WorkerProcess(
        Child(child, pidfd, plan.lifetime_cpu), cradle.to_worker, cradle.from_worker
    )


def _forget(scratch: Path, uid: int | None) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    if uid is not None:
        users.give_back(uid)


def _devices() -> list[str]:
    return [f"/dev/{name}" for name in bwrap.DEVICES]


def supported() -> None:
    """Raise SandboxError where not even a plain child process can be watched."""
    if sys.platform == "win32":
        raise SandboxError("grader does not run on Windows: use it in WSL")
