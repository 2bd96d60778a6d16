"""What one command costs: wall time, CPU and peak memory of all the processes that it starts.

CPU is user + system time, as `wait4` reports it to us for everything that was waited for. A parent
that ignores SIGCHLD makes the kernel drop the accounts of its children (the sandbox's zygote does),
so the clocks of such children are read every 10 ms while they live; what they do after
the last look is lost, and they end idle. We are the subreaper of our descendants: orphans count.

Memory is the sum of PSS (the process's own pages, plus its share of those it shares with others)
over all processes, from /proc/PID/smaps_rollup every 20 ms; the highest sum is the peak. Reading it
takes time, so memory is measured in runs of its own.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CPU_EVERY = 0.010
MEMORY_EVERY = 0.020
_PR_SET_CHILD_SUBREAPER = 36
_IGNORES_CHILDREN = 1 << (signal.SIGCHLD - 1)
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """One run.

    Attributes:
        cpu: seconds, user and system.
        memory: peak of the sum of PSS in bytes; 0 where it was not measured.
        resident: processes whose PSS may not be read, so that their RSS was counted.
    """

    wall: float
    cpu: float
    memory: int
    resident: int
    code: int
    output: str


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    memory: bool = False,
) -> Cost:
    """Run a command to its end and say what it cost."""
    _adopt_orphans()
    with (folder / "output.txt").open("w+b") as output:
        before = _waited()
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        with _watching(process.pid, memory) as watcher:
            code = process.wait()
            wall = time.perf_counter() - start
        _reap_orphans()
        cpu = _waited() - before + watcher.dropped
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return Cost(wall, cpu, watcher.peak, len(watcher.unreadable), code, text)


class _Watcher(threading.Thread):
    """Looks at the descendants until it is told to stop.

    Attributes:
        peak: of the sum of PSS, in bytes.
        unreadable: processes whose PSS is hidden from us.
    """

    def __init__(self, root: int, memory: bool) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.unreadable: set[int] = set()
        self._family = _Family(root)
        self._memory = memory
        self._clocks: dict[int, float] = {}
        self._ended = threading.Event()

    @property
    def dropped(self) -> float:
        """CPU of the processes that nobody waits for."""
        return sum(self._clocks.values())

    def run(self) -> None:
        """Look until stopped."""
        while not self._ended.wait(MEMORY_EVERY if self._memory else CPU_EVERY):
            self._family.look()
            for pid in self._family.dropped:
                self._clocks[pid] = max(self._clocks.get(pid, 0.0), clock(pid))
            if self._memory:
                self.peak = max(self.peak, sum(map(self._size, self._family.members)))

    def stop(self) -> None:
        """Stop, and wait for it."""
        self._ended.set()
        self.join()

    def _size(self, pid: int) -> int:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
            return int(text.partition("\nPss:")[2].split()[0]) * 1024
        except PermissionError:
            self.unreadable.add(pid)
            return _resident(pid)
        except (OSError, IndexError):
            return 0  # it has just ended


class _Family:
    """A process and its descendants.

    Attributes:
        members: alive at the last look.
        dropped: those whose CPU no `wait` will tell.
    """

    def __init__(self, root: int) -> None:
        self.members: set[int] = set()
        self.dropped: set[int] = set()
        self._root = root
        self._strangers: set[int] = set()

    def look(self) -> None:
        """Find out who lives."""
        alive = {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
        self._strangers &= alive
        parents = {pid: _parent(pid) for pid in alive - self._strangers}
        known = {self._root, os.getpid()}
        for pid in sorted(parents):  # parents mostly come first; the rest is found next time
            if pid == self._root or parents[pid] in known:
                known.add(pid)
            elif parents[pid] not in parents:
                self._strangers.add(pid)
        self.members = (known & alive) - {os.getpid()}
        for pid in self.members - self.dropped:
            if parents[pid] in self.dropped or _ignores_children(parents[pid]):
                self.dropped.add(pid)


def family() -> set[int]:
    """All our descendants."""
    found = _Family(os.getpid())
    found.look()
    return found.members


@contextlib.contextmanager
def _watching(root: int, memory: bool) -> Iterator[_Watcher]:
    watcher = _Watcher(root, memory)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _ignores_children(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        text = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
        return bool(int(text.partition("\nSigIgn:")[2].split()[0], 16) & _IGNORES_CHILDREN)
    return False


def clock(pid: int) -> float:
    """Seconds of CPU that all threads of a process used; 0 when it is gone."""
    with contextlib.suppress(OSError):
        return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3)
    return 0.0


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _waited() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _adopt_orphans() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_orphans() -> None:
    """Wait for what the command left behind, for a second."""
    end = time.monotonic() + 1.0
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
