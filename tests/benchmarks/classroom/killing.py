"""The same class twice: once undisturbed, once with the run killed again and again.

Killed is all that the command started and that is in its process group, at a moment of chance.
What is in no group of ours (sandboxes have their own) must end by itself: we are the subreaper of
our descendants, so whatever is left is seen.
"""

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks.classroom.judging import kept
from tests.benchmarks.measuring import family

GRADING = 0.7  # of the kills come once a report was written; the others may come while it starts
PATIENCE = 10.0  # seconds until everything that was killed has to be gone
_PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Killed:
    """What came of killing.

    Attributes:
        landed: kills that came before the run was over.
        graded: attempts in the gradebook at each of them.
        left: what ran on afterwards, a sentence each.
    """

    landed: int = 0
    graded: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def run(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command to its end, undisturbed; returns how many seconds it took."""
    start = time.monotonic()
    done = subprocess.run(command, env=dict(environment), capture_output=True, check=False)
    if b"Traceback" in done.stderr or done.returncode not in (0, 2):
        raise SystemExit(done.stderr.decode())
    return time.monotonic() - start


def kill_again_and_again(
    start: Callable[[], "subprocess.Popen[bytes]"],
    out: Path,
    *,
    kills: int,
    each: float,
    count: int,
    chance: random.Random,
) -> Killed:
    """Start a run and kill it, so many times, at moments spread over what is left to grade.

    Args:
        start: the run, in a process group of its own.
        each: seconds that a submission takes in an undisturbed run.
        count: submissions.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    killed, graded = Killed(), 0
    for number in range(kills):
        process = start()
        if chance.random() < GRADING:
            _wait_for_a_report(process, out)
        share = min(1.5 / (kills - number), 0.8)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, share * each * (count - graded)))
        killed.landed += process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        killed.left += [f"after kill {number + 1}: {one}" for one in _left()]
        graded = len(kept(out)) if (out / "gradebook.sqlite3").exists() else 0
        killed.graded.append(graded)
    return killed


def _wait_for_a_report(process: "subprocess.Popen[bytes]", out: Path) -> None:
    before = len(list(out.glob("*/report.json")))
    while process.poll() is None and len(list(out.glob("*/report.json"))) <= before:
        time.sleep(0.005)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Where two folders of reports are not the same, gradebooks included."""
    ours, theirs = kept(one), kept(other)
    for student in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(student, []), theirs.get(student, [])
        if len(a) != 1 or a != b:
            yield f"{student}: {len(a)} attempts, then {len(b)}; the same: {a == b}"
            for x, y in zip(a, b, strict=False):
                yield from _fields(replace(x, report=None), replace(y, report=None))
    mine, others = _files(one), _files(other)
    for name in sorted(mine.keys() | others.keys()):
        if mine.get(name) != others.get(name):
            yield f"{name} differs"


def _fields(one: object, other: object) -> Iterator[str]:
    if one != other:
        yield f"  {one}"
        yield f"  {other}"


def _files(out: Path) -> dict[str, bytes]:
    """Every file that a run leaves, but for the database, whose bytes tell when it was written."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and "sqlite3" not in path.name
    }


def _left() -> list[str]:
    """Our descendants that live, once they had time to end; they are killed now."""
    end = time.monotonic() + PATIENCE
    while (left := _living()) and time.monotonic() < end:
        time.sleep(0.05)
    told = [f"process {pid} ({name})" for pid, name in left.items()]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return told


def _living() -> dict[int, str]:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    found = {}
    for pid in family():
        with contextlib.suppress(OSError):
            found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found
