"""The command's side of an examination: what the bank can decide first, then what it leaves."""

from contextlib import ExitStack

from grader.checks.banking import build_banks
from grader.checks.findings import Findings, narrowed
from grader.checks.messages import Event, Job, Setup, Undecided, Way, Work, replace
from grader.checks.watch import Examiner, OnEvent, run_jobs
from grader.course import Course
from grader.model import Isolation, Submission

AT_ONCE = 2  # examiners that search for small examples


def examine(
    course: Course,
    submission: Submission,
    *,
    lowest: Isolation,
    only: Isolation | None = None,
    live: bool = False,
    on_event: OnEvent,
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
    setup = setup_of(course, lowest, only)
    with ExitStack() as stack:

        def examiner(way: Way) -> Examiner:
            made = Examiner(replace(setup, way=way), course.settings.check_seconds)
            return stack.enter_context(made)

        searching = [examiner(Way.SEARCH) for _ in range(AT_ONCE)]
        job = job_of(course, submission)
        if live:
            return _search(searching, job, on_event)
        replaying = examiner(Way.REPLAY)
        replaying.start()
        build_banks(setup, job.work, on_event)
        replayed = _replay(replaying, job, searching, on_event)
        return replayed.then(_search(searching, left_by(replayed, job), on_event))


def setup_of(course: Course, lowest: Isolation, only: Isolation | None = None) -> Setup:
    """What an examiner of this course is started with, for replays."""
    settings = course.settings
    return Setup(str(course.root.resolve()), settings.packages, settings.limits, lowest, only)


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
        failed=tuple(replayed.undecided),
        struck=tuple(replayed.struck),
        work=narrowed(job.work, lambda key: key in replayed.open),
    )


def _replay(examiner: Examiner, job: Job, searching: list[Examiner], on_event: OnEvent) -> Findings:
    """Replay, and have others get ready as soon as there is something for them to do."""
    others = iter(searching)

    def on_each(event: Event) -> None:
        if isinstance(event, Undecided) and (other := next(others, None)) is not None:
            other.start()
        on_event(event)

    ((_, findings),) = run_jobs([examiner], [(None, job)], on_each)
    return findings


def _search(examiners: list[Examiner], job: Job, on_event: OnEvent) -> Findings:
    """Run the checks under Hypothesis, some exercises on each examiner.

    Exercises are graded apart, so that it does not matter which ones come together.
    """
    shares = (job.work[number :: len(examiners)] for number in range(len(examiners)))
    jobs = [(None, replace(job, work=share)) for share in shares if share]
    return Findings().then(*(found for _, found in run_jobs(examiners, jobs, on_event)))
