"""The command's side of an examination: starts examiners, watches them, gathers what they decide.

An examiner that hangs or dies while it compares an answer costs the submission that check, and a
new examiner goes on with the rest.
"""

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from grader.checks import messages
from grader.checks.banking import build_banks
from grader.checks.messages import (
    Broken,
    Decided,
    Event,
    Job,
    Opened,
    Ready,
    Started,
    Struck,
    Undecided,
    Work,
    replace,
)
from grader.checks.process import last_words, trusted_process
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
        undecided: what a replay left to Hypothesis.
        struck: what ran into a limit, a death each.
    """

    isolation: Isolation | None = None
    decided: dict[Key, Decided] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)

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
            case Undecided():
                self.undecided.append(event)
            case Struck():
                self.struck.append(event)
            case Broken(message):
                raise SandboxError(message)

    @property
    def open(self) -> set[Key]:
        """The checks of which something is left to Hypothesis."""
        return {(each.exercise, each.suite, each.check) for each in self.undecided}

    def then(self, later: "Findings") -> "Findings":
        """These findings with what was found later about the open checks."""
        settled = {key: each for key, each in self.decided.items() if key not in self.open}
        return Findings(
            later.isolation or self.isolation,
            settled | later.decided,
            later.opened | self.opened,
        )


def examine(
    course: Course,
    submission: Submission,
    *,
    lowest: Isolation,
    only: Isolation | None = None,
    live: bool = False,
    on_event: Callable[[Event], None],
) -> Findings:
    """Run the checks of the course on the submission.

    First what the bank can decide is decided by replay; what is left runs under Hypothesis.

    Args:
        lowest: the weakest isolation that will do.
        only: exactly this isolation, for tests.
        live: use neither bank nor kept outcomes.
        on_event: told of everything as it happens, for progress.

    Raises:
        SandboxError: no isolation could be had, or the examiner cannot run here.
    """
    job = Job(
        root=str(course.root.resolve()),
        work=_work(course),
        files=submission.files,
        helpers=course.helpers,
        packages=course.settings.packages,
        limits=course.settings.limits,
        lowest=lowest,
        only=only,
        live=live,
    )
    seconds = course.settings.check_seconds
    if live:
        return _run_to_the_end(job, seconds, on_event)
    build_banks(job, on_event)
    replayed = _run_to_the_end(job, seconds, on_event)
    left = replace(
        job,
        live=True,
        failed=tuple(replayed.undecided),
        struck=tuple(replayed.struck),
        work=_only(job.work, lambda key: key in replayed.open),
    )
    return replayed.then(_run_to_the_end(left, seconds, on_event))


def _run_to_the_end(job: Job, check_seconds: float, on_event: Callable[[Event], None]) -> Findings:
    """Run examiners until everything of the job is decided, or left undecided by a replay."""
    findings = Findings(struck=list(job.struck))
    work = job.work
    while work:
        rest = replace(job, work=work, struck=tuple(findings.struck))
        if not _run_examiner(rest, check_seconds, findings, on_event):
            break
        said = findings.decided.keys() | findings.open
        work = _only(work, lambda key, said=said: key not in said)  # type: ignore[misc]
    return findings


def _work(course: Course) -> tuple[Work, ...]:
    return tuple(
        Work(e.name, e.functions, tuple((check.suite, check.name) for check in e.checks))
        for e in course.exercises
        if e.checks
    )


def _only(work: tuple[Work, ...], wanted: Callable[[Key], bool]) -> tuple[Work, ...]:
    left = (
        Work(
            each.exercise,
            each.functions,
            tuple(
                (suite, name) for suite, name in each.checks if wanted((each.exercise, suite, name))
            ),
        )
        for each in work
    )
    return tuple(each for each in left if each.checks)


@dataclass
class _Watch:
    """What an examiner is doing, as far as it has said.

    Attributes:
        running: the check that it is at.
        told: whether it has decided or left any.
    """

    check_seconds: float
    running: Started | None = None
    told: bool = False

    def note(self, event: Event) -> None:
        if isinstance(event, Started):
            self.running = event
        elif isinstance(event, Decided | Undecided):
            self.running, self.told = None, True

    def seconds(self) -> float:
        """How long it may be silent."""
        return self.check_seconds if self.running else START_SECONDS


def _run_examiner(
    job: Job, check_seconds: float, findings: Findings, on_event: Callable[[Event], None]
) -> bool:
    """Run one examiner; whether it was stopped, so that another one has to go on.

    Raises:
        SandboxError: it ended before it could do anything.
    """
    watch, hung = _Watch(check_seconds), False
    with _examiner(job) as process:
        try:
            for line in _lines(process, watch.seconds):
                event = messages.decode_event(line)
                for each in (findings.add, on_event, watch.note):
                    each(event)
            if process.wait() == 0 and watch.running is None:
                return False
        except TimeoutError:
            hung = True
        if watch.running is None and (hung or not watch.told):
            raise SandboxError(f"The examiner could not run the checks: {last_words(process)}")
    if watch.running is not None:
        stopped = _stopped(watch.running, hung, check_seconds)
        findings.add(stopped)
        on_event(stopped)
    return True


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
    with trusted_process("grader.checks.examiner") as process:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died at once; its last words say why
            process.stdin.write(messages.encode(job))
            process.stdin.close()
        yield process


def _lines(process: "subprocess.Popen[bytes]", seconds: Callable[[], float]) -> Iterator[bytes]:
    """Yield lines of output until it ends.

    Raises:
        TimeoutError: none came for as long as allowed.
    """
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
        raise TimeoutError
