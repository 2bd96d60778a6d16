"""How a worker's process is watched and killed: by pidfd where there is one."""

import contextlib
import os
import select
import signal
import struct
import subprocess
import sys
from pathlib import Path

from ..model import Status
from .process import ENDING_SECONDS, process_cpu

ENDING = struct.Struct("=id")  # wait status and seconds of CPU, written by the zygote's monitor


def cause(signal_number: int, cpu: float, cpu_limit: int) -> Status:
    """Return what a process died of that we did not kill.

    SIGKILL comes from the kernel for two reasons: the hard limit of CPU, or no memory left.
    """
    if signal_number == signal.SIGXCPU:
        return Status.TIMEOUT
    if signal_number != signal.SIGKILL:
        return Status.CRASHED
    return Status.TIMEOUT if cpu >= cpu_limit - 1 else Status.MEMORY


def kill_by(pidfd: int) -> None:
    """Send SIGKILL to the process behind a pidfd, dead or alive."""
    if sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def pid_behind(pidfd: int) -> int:
    """Return the number that a process has in our own namespace, -1 when dead."""
    text = Path(f"/proc/self/fdinfo/{pidfd}").read_text("ascii")
    return int(text.partition("\nPid:")[2].split()[0])


class Monitored:
    """A worker of the zygote: its monitor tells through a pipe how it ended."""

    def __init__(self, pidfd: int, status_fd: int, cpu_limit: int) -> None:
        self.pidfd = pidfd
        self._status_fd = status_fd
        self._cpu_limit = cpu_limit
        self._pid = pid_behind(pidfd)

    def cpu(self) -> float:
        """Return the seconds of CPU used so far."""
        return process_cpu(self._pid)

    def kill(self) -> None:
        """Send SIGKILL."""
        kill_by(self.pidfd)

    def ending(self) -> Status | None:
        """Return what it died of, as its monitor saw it."""
        if not select.select([self._status_fd], [], [], ENDING_SECONDS)[0]:
            return None
        told = os.read(self._status_fd, ENDING.size)
        if len(told) < ENDING.size:
            return Status.CRASHED
        status, cpu = ENDING.unpack(told)
        return cause(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, cpu, self._cpu_limit)

    def release(self) -> None:
        """Close the descriptors."""
        os.close(self.pidfd)
        os.close(self._status_fd)


class Child:
    """A worker that is our own child, or bwrap's."""

    def __init__(self, child: "subprocess.Popen[bytes]", pidfd: int, cpu_limit: int) -> None:
        self.pidfd = pidfd
        self._child = child
        self._cpu_limit = cpu_limit
        self._pid = pid_behind(pidfd) if pidfd >= 0 else 0

    def cpu(self) -> float:
        """Return the seconds of CPU used so far; 0 where it cannot be told."""
        return process_cpu(self._pid) if self._pid > 0 else 0.0

    def kill(self) -> None:
        """Send SIGKILL to the worker; bwrap follows it."""
        if self.pidfd >= 0:
            kill_by(self.pidfd)
        else:
            self._child.kill()

    def ending(self) -> Status | None:
        """Return what it died of; bwrap tells a signal as 128 + its number."""
        used = self.cpu()  # a dead process keeps its clock until it is reaped
        try:
            code = self._child.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        return cause(-code if code < 0 else code - 128, used, self._cpu_limit)

    def release(self) -> None:
        """Reap the process and close the descriptor."""
        reap(self._child)
        if self.pidfd >= 0:
            os.close(self.pidfd)


def reap(child: "subprocess.Popen[bytes]") -> None:
    """Wait for a child that is dying; kill it if it takes long."""
    try:
        child.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
