"""The command's side of an examination: starts examiners, watches them, gathers what they decide.

An examiner that hangs or dies while it compares an answer costs the submission that check, and a
new examiner goes on with the rest.
"""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from grader.checks import messages
from grader.checks.messages import Broken, Decided, Event, Job, Opened, Ready, Started, Work
from grader.course import Course
from grader.errors import SandboxError
from grader.model import Isolation, Status, Submission, Suite

START_SECONDS = 120.0  # for imports and the first worker, on a machine under load

Key = tuple[str, Suite, str]


@dataclass
class Findings:
    """What examiners have said so far.

    Attributes:
        decided: by exercise, suite and name of the check.
        opened: which file was graded, by exercise.
    """

    isolation: Isolation | None = None
    decided: dict[Key, Decided] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take one event in; of a parametrized check the first failure stays."""
        match event:
            case Ready(isolation):
                self.isolation = isolation
            case Opened(exercise):
                self.opened.setdefault(exercise, event)
            case Decided(exercise, suite, check):
                before = self.decided.get((exercise, suite, check))
                if before is None or before.status is Status.PASSED:
                    self.decided[exercise, suite, check] = event
            case Broken(message):
                raise SandboxError(message)


def examine(
    course: Course,
    submission: Submission,
    *,
    lowest: Isolation,
    only: Isolation | None = None,
    on_event: Callable[[Event], None],
) -> Findings:
    """Run the checks of the course on the submission.

    Args:
        lowest: the weakest isolation that will do.
        only: exactly this isolation, for tests.
        on_event: told of everything as it happens, for progress.

    Raises:
        SandboxError: no isolation could be had, or the examiner cannot run here.
    """
    findings = Findings()
    work = _work(course)
    while work:
        job = Job(
            root=str(course.root.resolve()),
            work=work,
            files=submission.files,
            helpers=course.helpers,
            packages=course.settings.packages,
            limits=course.settings.limits,
            lowest=lowest,
            only=only,
        )
        stopped = _run_examiner(job, course.settings.check_seconds, findings, on_event)
        if stopped is None:
            break
        findings.add(stopped)
        on_event(stopped)
        work = _rest(work, findings)
    return findings


def _work(course: Course) -> tuple[Work, ...]:
    return tuple(
        Work(e.name, e.functions, tuple((check.suite, check.name) for check in e.checks))
        for e in course.exercises
        if e.checks
    )


def _rest(work: tuple[Work, ...], findings: Findings) -> tuple[Work, ...]:
    left = (
        Work(
            each.exercise,
            each.functions,
            tuple(
                (suite, name)
                for suite, name in each.checks
                if (each.exercise, suite, name) not in findings.decided
            ),
        )
        for each in work
    )
    return tuple(each for each in left if each.checks)


def _run_examiner(
    job: Job, check_seconds: float, findings: Findings, on_event: Callable[[Event], None]
) -> Decided | None:
    """Run one examiner to its end; returns the check at which it had to be stopped, if any."""
    running: Started | None = None
    with _examiner(job) as process:
        lines = _lines(process, lambda: check_seconds if running else START_SECONDS)
        for line in lines:
            event = messages.decode_event(line)
            findings.add(event)
            on_event(event)
            running = event if isinstance(event, Started) else None
        hung = process.poll() is None and running is not None
        if not hung and process.wait() == 0:
            return None
        if running is None:
            raise SandboxError(_last_words(process))
        return _stopped(running, hung, check_seconds)


def _stopped(running: Started, hung: bool, check_seconds: float) -> Decided:
    text = (
        f"Comparing your answers took longer than {check_seconds:g} s."
        if hung
        else "Comparing your answers needed more memory than the grader allows."
    )
    status = Status.TIMEOUT if hung else Status.FAILED
    return Decided(running.exercise, running.suite, running.check, status, text, None)


@contextmanager
def _examiner(job: Job) -> Iterator["subprocess.Popen[bytes]"]:
    """An examiner in a session of its own: Ctrl-C reaches the command alone, which ends it."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.checks.examiner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        try:
            process.stdin.write(messages.encode(job))
            process.stdin.close()
        except BrokenPipeError:
            pass  # it died at once; its last words say why
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _environment() -> dict[str, str]:
    """Nothing that configures Python, pytest or numpy is inherited."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PYTEST", "HYPOTHESIS"))
    }
    return kept | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _lines(process: "subprocess.Popen[bytes]", seconds: Callable[[], float]) -> Iterator[bytes]:
    """Yield lines of output until it ends, or until none came for as long as allowed."""
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    os.set_blocking(descriptor, False)
    buffer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        last = time.monotonic()
        while selector.select(max(0.0, last + seconds() - time.monotonic())):
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                return
            *lines, buffer = (buffer + chunk).split(b"\n")
            yield from lines
            last = time.monotonic()


def _last_words(process: "subprocess.Popen[bytes]") -> str:
    process.kill()
    assert process.stderr is not None
    words = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
    said = f" It said: {words[-1]}" if words else ""
    return f"The examiner could not run the checks (exit code {process.wait()}).{said}"
