"""Tries many variants of an exercise: which checks does each of them lose?

What proves an exam is thousands of gradings, so they go to examiners that stay warm, replay alone,
and say of a lost check no more than that: no smallest example is looked for.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from grader.checks.banking import build_banks
from grader.checks.findings import Findings
from grader.checks.messages import Job, Way, Work, replace
from grader.checks.run import job_of, left_by, setup_of
from grader.checks.watch import Examiner, OnEvent, run_jobs
from grader.course import Course
from grader.model import Isolation, SourceFile, Status, Submission

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """A variant of an exercise.

    Attributes:
        name: of the variant, for whoever asked.
        exercise: name of the file that it stands in.
        source: text of that file.
        first: checks that come before the others, because they may well be lost.
    """

    name: str
    exercise: str
    source: str
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """How a variant was graded.

    Attributes:
        lost: how each check ended that did not pass, by name; None where the replay came to a
            wrong answer, which can be nothing but failed.
    """

    trial: Trial
    lost: dict[str, Status | None]


def run_trials(
    course: Course,
    trials: Iterable[Trial],
    *,
    until_first: bool = False,
    lowest: Isolation = Isolation.LANDLOCK,
    on_event: OnEvent = lambda _: None,
) -> Iterator[Tried]:
    """Try each variant on the checks of its exercise; yields as they are done, in any order.

    Checks that cannot be replayed run under Hypothesis.

    Args:
        until_first: stop a variant at the first check that it loses.

    Raises:
        SandboxError: no isolation could be had, or an examiner cannot run here.
    """
    setup = setup_of(course, lowest)
    build_banks(setup, job_of(course, Submission("", ())).work, on_event)
    with ExitStack() as stack:
        replaying, searching = (
            [
                stack.enter_context(
                    Examiner(replace(setup, way=way), course.settings.check_seconds)
                )
                for _ in range(AT_ONCE)
            ]
            for way in (Way.REPLAY, Way.SEARCH)
        )
        unsettled = []
        jobs = _jobs(course, trials, until_first)
        for (trial, job), found in run_jobs(replaying, jobs, on_event):
            lost = _lost(found)
            if (until_first and lost) or not _needs_hypothesis(found):
                yield Tried(trial, lost)
            else:
                unsettled.append(((trial, found), _only_live(job, found)))
        for (trial, before), found in run_jobs(searching, unsettled, on_event):
            yield Tried(trial, _lost(before) | _lost(found))


def _jobs(
    course: Course, trials: Iterable[Trial], until_first: bool
) -> Iterator[tuple[tuple[Trial, Job], Job]]:
    courses = {each.name: course.only((each.name,)) for each in course.exercises}
    for trial in trials:
        digest = hashlib.sha256(trial.source.encode()).hexdigest()
        file = SourceFile(f"{trial.exercise}.py", digest, (trial.source,))
        job = job_of(courses[trial.exercise], Submission(trial.name, (file,)))
        work = tuple(_in_order(work, trial.first) for work in job.work)
        job = replace(job, work=work, until_first=until_first, explain=False)
        yield (trial, job), job


def _in_order(work: Work, first: tuple[str, ...]) -> Work:
    places = {name: place for place, name in enumerate(first)}
    checks = sorted(work.checks, key=lambda check: places.get(check[1], len(places)))
    return replace(work, checks=tuple(checks))


def _lost(found: Findings) -> dict[str, Status | None]:
    lost: dict[str, Status | None] = {e.check: None for e in found.undecided if e.failed}
    return lost | {
        check: each.status
        for (_, _, check), each in found.decided.items()
        if each.status is not Status.PASSED
    }


def _needs_hypothesis(found: Findings) -> bool:
    return any(not each.failed for each in found.undecided)


def _only_live(job: Job, found: Findings) -> Job:
    """The checks that a replay can say nothing about."""
    return left_by(
        Findings(undecided=[e for e in found.undecided if not e.failed], struck=found.struck), job
    )
