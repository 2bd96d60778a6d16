"""The command's side of an examination: what the bank can decide first, then what it leaves."""

import os
from pathlib import Path

from grader.checks.banking import build_banks
from grader.checks.findings import Findings, narrowed, together
from grader.checks.messages import Event, Job, Setup, Undecided, Way, Work, replace
from grader.checks.watch import Examiner, OnEvent, run_jobs
from grader.course import Course
from grader.model import Isolation, Submission
from grader.settings import Settings

AT_ONCE = 2  # examiners of one submission


class Examiners:
    """The examiners of one submission; the first starts at once, before the submission is read.

    First what the bank can decide is decided by replay; what is left runs under Hypothesis.
    Exercises are graded apart, so it does not matter which ones come to the same examiner.

    Args:
        check_seconds: how long an examiner may be silent during a check.
        live: use neither bank nor kept outcomes.

    Attributes:
        lowest: the weakest isolation that will do.
    """

    def __init__(self, setup: Setup, check_seconds: float, *, live: bool = False) -> None:
        self.lowest = setup.lowest
        self._setup, self._live = setup, live
        search = replace(setup, way=Way.SEARCH)
        self._replaying = [Examiner(setup, check_seconds) for _ in range(min(AT_ONCE, cores()))]
        self._searching = [Examiner(search, check_seconds) for _ in range(min(AT_ONCE, cores()))]
        (self._searching if live else self._replaying)[-1].start()  # the first that gets a job

    def __enter__(self) -> "Examiners":
        return self

    def __exit__(self, *_: object) -> None:
        for examiner in (*self._replaying, *self._searching):
            examiner.close()

    def examine(self, course: Course, submission: Submission, on_event: OnEvent) -> Findings:
        """Run the checks of the course on the submission.

        Args:
            on_event: told of everything as it happens, for progress.

        Raises:
            SandboxError: no isolation could be had, or the examiner cannot run here.
        """
        job = job_of(course, submission)
        if self._live:
            return _search(self._searching, job, on_event)
        build_banks(self._setup, job.work, on_event)
        replayed = _replay(self._replaying, job, self._searching, on_event)
        return replayed.then(_search(self._searching, left_by(replayed, job), on_event))


def examine(
    course: Course,
    submission: Submission,
    *,
    lowest: Isolation,
    only: Isolation | None = None,
    live: bool = False,
    on_event: OnEvent,
) -> Findings:
    """Start examiners and run the checks of the course on the submission; see `Examiners`.

    Args:
        lowest: the weakest isolation that will do.
        only: exactly this isolation, for tests.
    """
    setup = setup_of(course, lowest, only)
    with Examiners(setup, course.settings.check_seconds, live=live) as examiners:
        return examiners.examine(course, submission, on_event)


def setup_of(course: Course, lowest: Isolation, only: Isolation | None = None) -> Setup:
    """What an examiner of this course is started with, for replays."""
    return setup_for(course.root, course.settings, lowest, only)


def setup_for(
    root: Path, settings: Settings, lowest: Isolation, only: Isolation | None = None
) -> Setup:
    """What an examiner is started with; the course at `root` need not be read yet."""
    return Setup(str(root.resolve()), settings.packages, settings.limits, lowest, only)


def job_of(course: Course, submission: Submission) -> Job:
    """Everything that the course asks of a submission."""
    work = tuple(
        Work(e.name, e.functions, tuple((check.suite, check.name) for check in e.checks))
        for e in course.exercises
        if e.checks
    )
    return Job(work, submission.files, course.helpers)


def left_by(replayed: Findings, job: Job) -> Job:
    """What a replay leaves to Hypothesis."""
    return replace(
        job,
        struck=tuple(replayed.struck),
        work=narrowed(job.work, lambda key: key in replayed.open),
    )


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _replay(
    examiners: list[Examiner], job: Job, searching: list[Examiner], on_event: OnEvent
) -> Findings:
    """Replay, and have others get ready as soon as there is something for them to do.

    Each exercise is a job of its own, those with the most checks first, so that no examiner has
    to wait long for the last.
    """
    open_ones: set[str] = set()

    def on_each(event: Event) -> None:
        if isinstance(event, Undecided):
            open_ones.add(event.exercise)
            searching[-min(len(open_ones), len(searching))].start()  # jobs go to the last first
        on_event(event)

    longest_first = sorted(job.work, key=lambda work: -len(work.checks))
    jobs = [(None, replace(job, work=(work,))) for work in longest_first]
    return together(found for _, found in run_jobs(examiners, jobs, on_each))


def _search(examiners: list[Examiner], job: Job, on_event: OnEvent) -> Findings:
    """Run the checks under Hypothesis, some exercises on each examiner."""
    shares = (job.work[number :: len(examiners)] for number in range(len(examiners)))
    jobs = [(None, replace(job, work=share)) for share in shares if share]
    return Findings().then(*(found for _, found in run_jobs(examiners, jobs, on_event)))
