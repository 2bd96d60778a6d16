"""Many variants of the course's references, graded with all that there is to say of each."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from grader.checks.banking import build_banks
from grader.checks.messages import Job, Way, replace
from grader.checks.run import job_of, left_by, setup_of
from grader.checks.watch import Examiner, run_jobs
from grader.course import Course
from grader.grade import make_report
from grader.mistakes import Mistake
from grader.model import CheckResult, Isolation, SourceFile, Submission, Suite


@dataclass(frozen=True)
class Variant:
    """A file of one exercise, and the known mistakes in it."""

    exercise: str
    made: tuple[Mistake, ...]
    source: str


def graded(
    course: Course, variants: Iterable[Variant]
) -> Iterator[tuple[Variant, Sequence[CheckResult]]]:
    """Grade variants of one file each by examiners that stay warm."""
    setup = setup_of(course, Isolation.LANDLOCK)
    build_banks(setup, job_of(course, Submission("", ())).work, lambda _: None)
    with ExitStack() as stack:
        examiners = [
            [stack.enter_context(Examiner(replace(setup, way=way), 120.0)) for _ in range(2)]
            for way in (Way.REPLAY, Way.SEARCH)
        ]
        courses = {each.name: course.only((each.name,)) for each in course.exercises}
        jobs = [(each, _job(courses[each.exercise], each)) for each in variants]
        left = []
        for variant, found in run_jobs(examiners[0], jobs, lambda _: None):
            job = _job(courses[variant.exercise], variant)
            left.append(((variant, found), left_by(found, job)))
        live = [each for each in left if each[1].work]
        searched = {
            id(key[0]): found for key, found in run_jobs(examiners[1], live, lambda _: None)
        }
        for (variant, found), _ in left:
            both = found.then(*([searched[id(variant)]] if id(variant) in searched else []))
            report = make_report(courses[variant.exercise], Submission("", ()), Suite.HIDDEN, both)
            yield variant, report.exercises[0].checks


def _job(course: Course, variant: Variant) -> Job:
    file = SourceFile(f"{variant.exercise}.py", "0" * 64, (variant.source,))
    return job_of(course, Submission("", (file,)))
