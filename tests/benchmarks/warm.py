"""What a submission costs once all is started: `python -m tests.benchmarks.warm COURSE SUBMISSION`.

Runs in this tool's environment and reaches into it: the replay of an examiner, again and again in
one process, against the student's functions alone on the very same calls. Prints one line of JSON.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from grader.checks import plain, run
from grader.checks.calls import Call
from grader.checks.messages import Job, Setup
from grader.checks.replaying import Replaying
from grader.checks.transcript import Outcomes
from grader.checks.wire import Conversation
from grader.course import open_course
from grader.model import Isolation, Suite
from grader.sandbox import Sandbox, WorkerProcess, open_sandbox
from grader.submission import read_submission
from tests.benchmarks.calling import Recorder, prepared, run_bodies
from tests.benchmarks.measuring import clock, family
from tests.benchmarks.table import Part

LOWEST = Isolation.LANDLOCK
REPEATS = 9
CALLS = 400


def main(root: Path, folder: Path) -> None:
    """Measure and print."""
    course, submission = open_course(root, Suite.HIDDEN), read_submission(folder)
    run.examine(course, submission, lowest=LOWEST, on_event=lambda _: None)  # makes the bank
    setup, job = run.setup_of(course, LOWEST), run.job_of(course, submission)
    sys.path.insert(0, str(root))
    plain.replace_libraries()
    Outcomes.find = lambda *_: []  # type: ignore[method-assign]  # nothing was graded before
    recorder = Recorder(folder)
    calls = run_bodies(setup, job, recorder)
    alone = median(_alone(recorder, calls) for _ in range(REPEATS))
    recorder.canned = True
    bodies = median(_cpu(lambda: run_bodies(setup, job, recorder)) for _ in range(REPEATS))
    parts = {
        **_warm(setup, job, alone, bodies, len(calls)),
        **_starts(setup, job),
        **_calls(setup, job, calls),
    }
    print(json.dumps({name: asdict(part) for name, part in parts.items()}))  # noqa: T201


def _alone(recorder: Recorder, calls: Sequence[Call]) -> float:
    """CPU of the functions on fresh copies of the same arguments, and of nothing else."""
    ready = list(prepared(recorder, calls))
    with np.errstate(all="ignore"), contextlib.redirect_stdout(None):
        start = time.process_time()
        for function, args, kwargs in ready:
            with contextlib.suppress(Exception):
                function(*args, **kwargs)
        return time.process_time() - start


def _cpu(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def _warm(setup: Setup, job: Job, alone: float, bodies: float, calls: int) -> dict[str, Part]:
    """CPU of one replay in a process that has replayed before, workers included."""
    with open_sandbox(setup.packages, setup.limits, setup.lowest) as sandbox:
        watched = _Watched(sandbox)
        replaying = Replaying(setup, watched, lambda _: None)  # type: ignore[arg-type]
        rounds = [_replay_once(replaying, job, watched) for _ in range(REPEATS + 1)][1:]
    ours, theirs = (median(times) for times in zip(*rounds, strict=True))
    whole = median(a + b for a, b in rounds)
    return {
        "CPU of a submission, warm": Part(
            f"{whole / alone:.2f} times ({whole * 1000:.0f} ms)",
            "2 times the functions alone",
            f"one replay in a process that has replayed before: examiner {ours * 1000:.0f} ms, "
            f"sandbox and workers {theirs * 1000:.0f} ms; the functions alone take "
            f"{alone * 1000:.0f} ms for the same {calls} calls",
        ),
        "CPU of the checks' bodies": Part(
            f"{bodies / alone:.2f} times ({bodies * 1000:.0f} ms)",
            "",
            "the same replay with answers from memory: what comparing costs, calls made ready "
            "but not sent; part of the line above",
        ),
    }


def _replay_once(replaying: Replaying, job: Job, watched: "_Watched") -> tuple[float, float]:
    """Seconds of CPU here, and in the sandbox, for answers never seen."""
    watched.begin()
    start = time.process_time()
    replaying.examine(job)
    return time.process_time() - start - watched.looking, watched.spent()


class _Watched:
    """A sandbox whose processes' clocks are read when a worker is about to be killed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.isolation = sandbox.isolation
        self._sandbox = sandbox
        self.begin()

    def begin(self) -> None:
        """Count from here on."""
        self.looking = 0.0
        self._before = {pid: clock(pid) for pid in family()}
        self._clocks: dict[int, float] = {}

    def worker(self) -> WorkerProcess:
        worker = self._sandbox.worker()
        close = worker.close

        def look_and_close() -> None:
            start = time.process_time()
            self._look()
            self.looking += time.process_time() - start
            close()

        worker.close = look_and_close  # type: ignore[method-assign]
        return worker

    def spent(self) -> float:
        self._look()
        return sum(after - self._before.get(pid, 0.0) for pid, after in self._clocks.items())

    def _look(self) -> None:
        for pid in family():
            self._clocks[pid] = max(self._clocks.get(pid, 0.0), clock(pid))


def _starts(setup: Setup, job: Job) -> dict[str, Part]:
    firsts, later, loads = [], [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        with open_sandbox(setup.packages, setup.limits, setup.lowest) as sandbox:
            sandbox.worker().close()
            firsts.append(time.perf_counter() - start)
            start = time.perf_counter()
            sandbox.worker().close()
            later.append(time.perf_counter() - start)
            with _conversation(setup, job, sandbox) as conversation:
                start = time.perf_counter()
                conversation.load(job.work[0].exercise, job.work[0].functions)
                loads.append(time.perf_counter() - start)
    milliseconds = [f"{median(times) * 1000:.1f} ms" for times in (firsts, later, loads)]
    return {
        "Sandbox up, with its first worker": Part(milliseconds[0], "", "wall, zygote included"),
        "A further worker": Part(milliseconds[1], "", "wall, made and ended"),
        "A worker that has an exercise loaded": Part(milliseconds[2], "", "wall, submission sent"),
    }


def _calls(setup: Setup, job: Job, calls: Sequence[Call]) -> dict[str, Part]:
    """One call after another, and the same sent ahead."""
    work = job.work[0]
    some = [c for c in calls if c.function in work.functions and not c.callbacks][:CALLS]
    with (
        open_sandbox(setup.packages, setup.limits, setup.lowest) as sandbox,
        _conversation(setup, job, sandbox) as conversation,
    ):
        conversation.load(work.exercise, work.functions)
        singly, ahead = [], []
        for _ in range(REPEATS):
            singly.append(_wall(lambda: [conversation.ask(call) for call in some]) / len(some))
            ahead.append(_wall(lambda: list(conversation.ask_all(some))) / len(some))
    meaning = f"wall, function included; {len(some)} calls of {work.exercise}"
    return {
        "A call, waited for": Part(f"{median(singly) * 1e6:.0f} µs", "", meaning),
        "A call, sent ahead": Part(f"{median(ahead) * 1e6:.0f} µs", "", meaning),
    }


@contextlib.contextmanager
def _conversation(setup: Setup, job: Job, sandbox: Sandbox) -> Iterator[Conversation]:
    conversation = Conversation(sandbox, job.files, job.helpers, setup.limits, setup.packages)
    try:
        yield conversation
    finally:
        conversation.close()


def _wall(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
