"""Asks a process that can be killed for the code cells of notebooks."""

import json
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

_SCRIPT = Path(__file__).with_name("notebook_process.py")

_STOPPED = "reading it takes more time or memory than is allowed"
_NOT_REACHED = "the notebooks before it took all the time there is"


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading all notebooks of a submission may use.

    Attributes:
        deaths: processes that may be lost before the rest is given up.
    """

    memory_bytes: int = 2**30
    cpu_seconds: int = 20
    wall_seconds: float = 40.0
    deaths: int = 3


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a notebook, or the reason why there are none."""

    cells: tuple[str, ...] = ()
    problem: str = ""


def read_notebooks(
    files: dict[str, bytes], limits: ReadingLimits = ReadingLimits()
) -> dict[str, Notebook]:
    """Read notebooks, given by name; one that kills the process costs only itself."""
    deadline = time.monotonic() + limits.wall_seconds
    found: dict[str, Notebook] = {}
    pending = list(files)
    for _ in range(limits.deaths):
        if not pending or time.monotonic() >= deadline:
            break
        answers = _ask([files[name] for name in pending], limits, deadline)
        found.update(zip(pending, answers, strict=False))
        pending = pending[len(answers) :]
        if pending:
            found[pending.pop(0)] = Notebook(problem=_STOPPED)
    return found | {name: Notebook(problem=_NOT_REACHED) for name in pending}


def _ask(notebooks: list[bytes], limits: ReadingLimits, deadline: float) -> list[Notebook]:
    """What one process answers before it is done, dies or is killed."""
    with _start(limits) as process:
        message = b"".join(struct.pack("<Q", len(data)) + data for data in notebooks)
        try:
            output, _ = process.communicate(message, max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
        finally:
            process.kill()
    late = time.monotonic() >= deadline
    ready, *lines = output.split(b"\n")[:-1] or [b""]  # the last one is cut short, or empty
    if ready != b"ready" and not late:
        raise GraderError(
            f"The process that reads notebooks does not start: try {sys.executable} {_SCRIPT}."
        )
    return [_notebook(line) for line in lines]


def _start(limits: ReadingLimits) -> "subprocess.Popen[bytes]":
    arguments = [str(limits.memory_bytes), str(limits.cpu_seconds)]
    return subprocess.Popen(
        # -P -E: nothing is imported from the working folder or by way of PYTHON*
        [sys.executable, "-P", "-E", str(_SCRIPT), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where nbformat's warnings go
        cwd="/",
    )


def _notebook(line: bytes) -> Notebook:
    answer = json.loads(line)
    return Notebook(tuple(answer.get("cells", ())), answer.get("problem", ""))
