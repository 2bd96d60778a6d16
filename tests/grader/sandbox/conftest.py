import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.model import Isolation
from grader.sandbox import Deadline, Sandbox, WorkerProcess, open_sandbox

BODIES = Path(__file__).parent / "bodies"
CONFINED = [Isolation.ZYGOTE, Isolation.BWRAP, Isolation.LANDLOCK]

Run = Callable[..., str]
Open = Callable[..., Sandbox]


def execute(worker: WorkerProcess, source: str, cpu: float = 5, wall: float = 10) -> str:
    """Run a source text in the worker; return what it said."""
    deadline = Deadline(cpu, wall)
    data = source.encode()
    worker.send(struct.pack("<I", len(data)) + data, deadline)
    (length,) = struct.unpack("<I", worker.receive(4, deadline))
    return worker.receive(length, deadline).decode()


def family(root: int) -> set[int]:
    """Return all processes that descend from root."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:  # it ended meanwhile
            continue
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return found


def all_gone(pids: set[int], seconds: float = 5) -> bool:
    """Wait until none of the processes is alive; zombies count as dead."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def run() -> Run:
    return execute


@pytest.fixture(scope="session")
def processes() -> Callable[[int], set[int]]:
    return family


@pytest.fixture(scope="session")
def gone() -> Callable[[set[int]], bool]:
    return all_gone


@pytest.fixture(scope="session", autouse=True)
def bodies() -> Iterator[Path]:
    sys.path.insert(0, str(BODIES))
    yield BODIES
    sys.path.remove(str(BODIES))


@pytest.fixture(scope="session")
def open_way() -> Open:
    """Open a sandbox with the body that executes; it must reach what was asked for."""

    def opened(only: Isolation, **options: object) -> Sandbox:
        return open_sandbox(("numpy", "executes"), only=only, body="executes:serve", **options)

    return opened


@pytest.fixture(scope="session", params=CONFINED)
def sandbox(request: pytest.FixtureRequest, open_way: Open, bodies: Path) -> Iterator[Sandbox]:
    """Each way that confines, in turn."""
    with open_way(request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def zygote(open_way: Open, bodies: Path) -> Iterator[Sandbox]:
    with open_way(Isolation.ZYGOTE) as opened:
        yield opened


@pytest.fixture
def worker(sandbox: Sandbox) -> Iterator[WorkerProcess]:
    with sandbox.worker() as made:
        yield made


@pytest.fixture(scope="session")
def shared(sandbox: Sandbox) -> Iterator[WorkerProcess]:
    """One worker for all tests that do it no harm."""
    with sandbox.worker() as made:
        yield made


@pytest.fixture(scope="session")
def as_root() -> bool:
    return os.geteuid() == 0
