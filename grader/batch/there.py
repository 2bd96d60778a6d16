"""The far side of a run on several machines: grades one submission where a worker of dask runs.

What comes in and what goes out are bytes: a job, and what an examiner says of it. Nothing is kept
here but warm examiners and the bank of this machine.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from grader.batch.crew import Crew
from grader.checks.findings import Findings
from grader.checks.keys import tool_key
from grader.checks.messages import Broken, Event, Job, Ready, decode_job, encode
from grader.course import Course, open_course
from grader.errors import GraderError, SandboxError
from grader.model import Isolation, Suite


@dataclass(frozen=True, slots=True)
class Exam:
    """What a submission is graded with, so that another machine can tell whether it has it.

    Attributes:
        root: path of the course, the same on every machine.
        tool: digest of this package, of Python and of numpy.
        lowest: the weakest isolation that will do.
    """

    root: str
    suite: Suite
    version: str
    tool: str
    lowest: Isolation


def exam_of(course: Course, suite: Suite, lowest: Isolation) -> Exam:
    """The exam as it is on this machine."""
    return Exam(str(course.root.resolve()), suite, course.version, tool_key(), lowest)


def examine_there(exam: Exam, job: bytes) -> bytes:
    """Examine one submission; an examiner's events, a line each, `Broken` where it cannot be."""
    try:
        return _lines(_found(_crew(exam), decode_job(job)))
    except GraderError as error:
        return encode(Broken(str(error)))


class _Mine(threading.local):
    """The examiners of a thread: whoever starts one has to live as long as it does."""

    def __init__(self) -> None:
        self.exam: Exam | None = None
        self.crew: Crew[None] | None = None


_mine = _Mine()


def _crew(exam: Exam) -> Crew[None]:
    if _mine.crew is None or _mine.exam != exam:
        if _mine.crew is not None:
            _mine.crew.close()
            _mine.crew = None
        course = _same_course(exam)
        _mine.crew, _mine.exam = Crew(course, exam.lowest, 1, _ignore), exam
    return _mine.crew


def _same_course(exam: Exam) -> Course:
    course = open_course(Path(exam.root), exam.suite)
    here = exam_of(course, exam.suite, exam.lowest)
    if here.version != exam.version:
        raise SandboxError(f"The course at {exam.root} is another version there. Update it.")
    if here.tool != exam.tool:
        raise SandboxError("Another version of grader, Python or numpy runs there. Update it.")
    return course


def _found(crew: Crew[None], job: Job) -> Findings | SandboxError:
    crew.begin(None, job)
    while True:
        for _, found in crew.listen():
            return found


def _lines(found: Findings | SandboxError) -> bytes:
    if isinstance(found, SandboxError):
        return encode(Broken(str(found)))
    events: list[Event] = [*found.opened.values(), *found.decided.values()]
    if found.isolation is not None:
        events.append(Ready(found.isolation))
    return b"".join(map(encode, events))


def _ignore(_: Event) -> None:
    """Progress is told where the run was started."""
