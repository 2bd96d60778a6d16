"""The best way: a warm zygote in bwrap, and namespaces of its own for each worker."""

import contextlib
import json
import os
import select
import socket
import subprocess
import threading
from functools import partial

from ..errors import SandboxError
from ..model import Isolation
from . import bwrap, seccomp, users
from .life import Monitored, kill_by, reap
from .orders import Cradle, Plan, inherited, written
from .process import WorkerProcess
from .runtime import survey

HELLO_SECONDS = 30.0


class Zygote:
    """Started by its construction, without waiting for it."""

    isolation = Isolation.ZYGOTE

    def __init__(self, plan: Plan, way: bwrap.Way) -> None:
        self._plan = plan
        self._users = users_for(way)
        self._lock = threading.Lock()
        self._pidfd = -1
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._child = _start(plan, way, theirs.fileno())
        except BaseException:
            self._control.close()
            raise
        finally:
            theirs.close()

    def worker(self) -> WorkerProcess:
        """Return a new worker, confined and ready."""
        cradle = Cradle()
        try:
            with self._lock:
                self._wait_for_hello()
            return self._bear(cradle)
        except BaseException:
            cradle.abandon()
            raise

    def close(self) -> None:
        """Kill the zygote, and with its process namespace every worker; return when all are."""
        self._control.close()
        if self._pidfd >= 0:
            kill_by(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1
        else:
            self._child.kill()
        reap(self._child)
        if self._child.stderr:
            self._child.stderr.close()

    def _bear(self, cradle: Cradle) -> WorkerProcess:
        uid = None if self._users is None else users.take(self._users)
        status, theirs = os.pipe()
        try:
            self._ask(uid, [*cradle.theirs(), theirs])
            cradle.handed_over()
            pidfd = cradle.born()
        except BaseException:
            os.close(status)
            if uid is not None:
                users.give_back(uid)
            raise
        finally:
            os.close(theirs)
        life = Monitored(pidfd, status, self._plan.lifetime_cpu)
        worker = WorkerProcess(life, cradle.to_worker, cradle.from_worker)
        if uid is not None:
            worker.when_closed(partial(users.give_back, uid))
        return worker

    def _ask(self, uid: int | None, fds: list[int]) -> None:
        request = json.dumps({"uid": uid}).encode()
        try:
            socket.send_fds(self._control, [request], fds)
        except OSError as problem:
            raise SandboxError(f"the zygote is gone: {problem}") from problem

    def _wait_for_hello(self) -> None:
        if self._pidfd >= 0:
            return
        self._control.settimeout(HELLO_SECONDS)
        try:
            said, fds, _, _ = socket.recv_fds(self._control, 16, 1)
        except OSError as problem:
            raise SandboxError(f"the zygote does not start: {problem}") from problem
        if not said:
            raise SandboxError(f"the zygote does not start: {last_words(self._child)}")
        self._pidfd = fds[0]


def users_for(way: bwrap.Way) -> range | None:
    """Return the users that workers become; None where they stay who they are."""
    if way is bwrap.Way.USER:
        return None
    found = users.our_range()
    if found is None:
        raise SandboxError("root's way needs more users than this user namespace has")
    return found


def _start(plan: Plan, way: bwrap.Way, control: int) -> "subprocess.Popen[bytes]":
    runtime = survey(plan.packages)
    program = bwrap.find_bwrap()
    options = "\0".join(bwrap.arguments(runtime, way, warm=True)).encode()
    with (
        written(plan, control=control, mounts=True, filter=seccomp.program()) as orders,
        inherited(options) as args,
    ):
        inside = bwrap.command(runtime, orders.fileno())
        return spawn(
            [program, "--args", str(args.fileno()), "--", *inside],
            [control, orders.fileno(), args.fileno()],
        )


def spawn(
    command: list[str], fds: list[int], environment: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a program in a session of its own: Ctrl-C is for us, and we end it.

    bwrap gets no environment: its own memory is in reach of what runs inside it.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment or {},
        pass_fds=fds,
        start_new_session=True,
    )


def last_words(child: "subprocess.Popen[bytes]") -> str:
    """Return the last line that a dying program said."""
    said = b""
    if child.stderr:
        with contextlib.suppress(OSError):
            while select.select([child.stderr], [], [], 1.0)[0] and len(said) < 2**16:
                more = os.read(child.stderr.fileno(), 4096)
                if not more:
                    break
                said += more
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
