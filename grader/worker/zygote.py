"""Makes workers. Runs alone in the sandbox: `python -m worker.zygote FD`.

FD holds the orders, one JSON object; `grader.sandbox.orders` writes them and says what is
in them. With a control socket among them this process stays as a warm zygote and forks a
worker for each request; without one it becomes a worker itself. Nothing secret ever is in
this process: it is exec'ed fresh, and knows only what a worker may know.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from . import confine

Orders = dict[str, Any]
Body = Callable[[int, int], object]


def main(orders_fd: int) -> None:
    """Read the orders, load what every worker needs, then serve or become a worker."""
    with open(orders_fd) as file:
        orders: Orders = json.load(file)
    body = _preload(orders)
    if orders["control"] is None:
        _live(orders, body, [*orders["frames"], orders["birth"]], orders["uid"])
    _serve(orders, body, socket.socket(fileno=orders["control"]))


def _preload(orders: Orders) -> Body:
    for name in orders["preload"]:
        importlib.import_module(name)
    module, _, function = orders["body"].partition(":")
    body: Body = getattr(importlib.import_module(module), function)
    gc.collect()
    gc.freeze()  # a collection in a worker must not touch, and so copy, the zygote's pages
    return body


def _serve(orders: Orders, body: Body, control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the monitors
    socket.send_fds(control, [b"hello"], [os.pidfd_open(os.getpid())])
    _silence()
    while True:
        request, fds, _, _ = socket.recv_fds(control, 4096, 4)
        if not request:
            return
        if os.fork() == 0:
            control.close()
            _monitor(orders, body, json.loads(request)["uid"], fds)
        for fd in fds:
            os.close(fd)


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 2)  # nobody reads what is said here from now on
    os.close(null)


def _monitor(orders: Orders, body: Body, uid: int | None, fds: list[int]) -> None:
    """Fork the worker into namespaces of its own, wait for it, and tell how it ended."""
    *its_own, status = fds
    try:
        confine.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        alive, held = os.pipe()
        confine.leave_namespaces()
        pid = os.fork()
        if pid == 0:
            os.close(held)
            _live(orders, body, its_own, uid, alive)
        for fd in (*its_own, alive):
            os.close(fd)
        _, how, usage = os.wait4(pid, 0)
        os.write(status, struct.pack("=id", how, usage.ru_utime + usage.ru_stime))
    except BaseException as problem:
        _report(its_own[2], problem)
    os._exit(0)


def _live(
    orders: Orders, body: Body, fds: list[int], uid: int | None, alive: int | None = None
) -> None:
    """Become a worker: confine this process, say so, and run the body; never returns.

    Args:
        orders: what holds for all workers.
        body: what to run.
        fds: pipe to read, pipe to write, socket of the birth.
        uid: user to become, if another one.
        alive: pipe that ends when the monitor dies.
    """
    try:
        _introduce(fds[2])
        _renounce(orders, uid)
        _check(alive)
        fds = confine.keep_only(fds)
        _fence(orders)
        os.write(fds[2], b"ready")
        os.close(fds[2])
    except BaseException as problem:
        _report(fds[2], problem)
        os._exit(1)
    code = 1
    with contextlib.suppress(BaseException):
        body(fds[0], fds[1])
        code = 0
    os._exit(code)


def _introduce(birth: int) -> None:
    if sys.platform != "linux":
        os.write(birth, b"N")
        return
    with socket.socket(fileno=os.dup(birth)) as born:
        socket.send_fds(born, [b"P"], [os.pidfd_open(os.getpid())])


def _renounce(orders: Orders, uid: int | None) -> None:
    """Give up the view of the system and every privilege."""
    if sys.platform != "linux":
        return
    if orders["mounts"]:
        confine.mount_private()
    else:
        os.chdir(orders["scratch"])
    confine.prefer_for_oom()
    confine.drop_bounding_set()
    if uid is not None:
        confine.become(uid)
    if orders["filter"]:
        confine.drop_capabilities()
    confine.die_with_parent()
    confine.seal()


def _fence(orders: Orders) -> None:
    """Put up what holds for good: limits, landlock and, last, the filter of system calls."""
    confine.limit(orders["memory"], orders["cpu"])
    if orders["readable"] and (orders["landlock"] or confine.landlock_version()):
        confine.landlock(orders["readable"], orders["writable"])
    if orders["filter"]:
        confine.load_filter(b64decode(orders["filter"]))


def _check(alive: int | None) -> None:
    """Stop if the monitor died before its death could be signalled.

    A lone worker needs no check: its parent holds the other end of its birth.
    """
    if alive is not None:
        os.set_blocking(alive, False)
        with contextlib.suppress(BlockingIOError):
            os.read(alive, 1)  # nothing is ever written: this is the end
            os._exit(1)


def _report(birth: int, problem: BaseException) -> None:
    with contextlib.suppress(OSError):
        os.write(birth, f"!{type(problem).__name__}: {problem}".encode()[:1000])


if __name__ == "__main__":
    main(int(sys.argv[1]))
