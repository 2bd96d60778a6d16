"""Grades the entries of a class one by one, and keeps each result before it tells of it.

What goes wrong with one submission is its result: it is told with the reason, has no grade, and
the others go on. Only what concerns all of them ends a run: no sandbox, no gradebook.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader import __version__
from grader.batch.ahead import Ahead, Read
from grader.batch.crew import Crew
from grader.batch.entries import Entry
from grader.batch.row import Row, row_of, trouble_of
from grader.checks.findings import Findings
from grader.checks.keys import tool_key
from grader.checks.messages import Event
from grader.checks.run import job_of
from grader.course import Course
from grader.errors import GraderError, SandboxError
from grader.grade import make_report
from grader.gradebook.grades import grades
from grader.gradebook.policy import Policy
from grader.gradebook.store import Attempt, Gradebook
from grader.model import Isolation, Report, Submission, Suite
from grader.report.files import write_report
from grader.report.json_report import from_json, to_json
from grader.report.policy import seen
from grader.report.text import printable

if TYPE_CHECKING:
    from grader.batch.cluster import Cluster

AHEAD = 2  # submissions that are read in advance, for each examiner
HOPELESS = 3  # submissions that fail before one has been graded: the machine is at fault


@dataclass(frozen=True, slots=True)
class Class:
    """What every submission of a run is graded with.

    Attributes:
        out: the folder that has a folder for each report.
        lowest: the weakest isolation that will do.
        policy: what makes grades of points; it decides nothing about what is graded.
    """

    course: Course
    suite: Suite
    gradebook: Gradebook
    out: Path
    lowest: Isolation
    policy: Policy = Policy()

    @property
    def exam(self) -> str:
        """Digest of everything that decides a grade beside the submission."""
        names = [exercise.name for exercise in self.course.exercises]
        deciding = (self.course.version, self.suite, names, self.lowest, tool_key())
        return hashlib.sha256(f"{__version__} {deciding}".encode()).hexdigest()


def grade_class(
    what: Class,
    entries: Sequence[Entry],
    at_once: int,
    on_event: Callable[[Event], None],
    scheduler: str | None = None,
) -> Iterator[Row]:
    """Grade each entry that is new or changed; yield every one's row, in any order.

    Args:
        scheduler: address of a dask scheduler whose workers examine; None for this machine.

    Raises:
        SandboxError: nothing can be graded here.
        GradebookError: results cannot be kept.
    """
    desk = _Desk(what)
    crew = _crew(what, at_once, on_event, scheduler)
    with closing(crew), closing(Ahead(entries, AHEAD * at_once)) as ahead:
        while ahead.left or crew.is_busy:
            while crew.has_room and (read := ahead.take()) is not None:
                before = desk.before(read)
                if isinstance(before, Row):
                    yield before
                else:
                    crew.begin(before, job_of(what.course, before.submission))
            waits = [ahead] if crew.has_room and ahead.left else []
            for begun, found in crew.listen(*waits):
                yield desk.after(begun, found)


@dataclass(frozen=True, slots=True)
class _Begun:
    entry: Entry
    submission: Submission
    content: str


def _crew(
    what: Class, at_once: int, on_event: Callable[[Event], None], scheduler: str | None
) -> "Crew[_Begun] | Cluster[_Begun]":
    if scheduler is None:
        return Crew(what.course, what.lowest, at_once, on_event)
    try:
        from grader.batch.cluster import Cluster
        from grader.batch.there import exam_of
    except ImportError:
        raise SandboxError(
            "dask is not installed here. Install it with `pip install 'proven-grader[dask]'`."
        ) from None
    return Cluster(exam_of(what.course, what.suite, what.lowest), scheduler)


class _Desk:
    """Knows what was graded before, and keeps what is graded now."""

    def __init__(self, what: Class) -> None:
        self._what, self._exam = what, what.exam
        self._graded = self._failed = 0

    def before(self, read: Read) -> Row | _Begun:
        """What is known of an entry without grading it, or what to grade."""
        entry, submission = read.entry, read.submission
        if submission is None:
            return self._trouble(entry, None, read.trouble)
        content = _digest(submission)
        earlier = self._what.gradebook.settled(entry.student, content, self._exam)
        report = self._restore(entry, earlier) if earlier else None
        if earlier is None or report is None:
            return _Begun(entry, submission, content)
        self._what.gradebook.add(replace(earlier, handed_in=entry.handed_in))  # it came last
        return self._row(entry, row_of(entry.shown, report, is_new=False))

    def after(self, begun: _Begun, found: Findings | SandboxError) -> Row:
        """Keep what came of an entry."""
        entry = begun.entry
        if isinstance(found, SandboxError):
            self._failed += 1
            if self._failed >= HOPELESS and not self._graded:
                raise found
            return self._trouble(entry, begun.content, str(found))
        try:
            report = make_report(self._what.course, begun.submission, self._what.suite, found)
            write_report(self._seen(report), self._folder(entry))
            attempt = self._attempt(begun, report, to_json(report))
        except Exception as error:
            return self._trouble(entry, begun.content, _words(error))
        self._graded += 1
        self._what.gradebook.add(attempt)
        return self._row(entry, row_of(entry.shown, report, is_new=True))

    def _restore(self, entry: Entry, earlier: Attempt) -> Report | None:
        """An earlier report, put where it may be missing; None where it is good for nothing."""
        folder, content = self._folder(entry), earlier.report or b""
        try:
            report = from_json(content)
            if not _holds(folder / "report.json", to_json(self._seen(report))):
                write_report(self._seen(report), folder)
        except GraderError:
            return None
        return report

    def _seen(self, report: Report) -> Report:
        """What goes to the student; the gradebook keeps all of it."""
        return seen(report, self._what.course.settings.feedback)

    def _attempt(self, begun: _Begun, report: Report, content: bytes) -> Attempt:
        trouble = trouble_of(report)
        return replace(
            self._empty(begun.entry, begun.content),
            isolation=report.isolation.value,
            earned=None if trouble else report.earned,
            possible=report.possible,
            bonus_earned=None if trouble else report.bonus_earned,
            trouble=trouble or None,
            report=content,
        )

    def _trouble(self, entry: Entry, content: str | None, why: str) -> Row:
        """Tell why there is no grade; a report of something else must not stand for one."""
        why = printable(why, keep="")  # no database takes every character
        with contextlib.suppress(OSError):
            for name in ("report.html", "report.json"):
                (self._folder(entry) / name).unlink(missing_ok=True)
        self._what.gradebook.add(replace(self._empty(entry, content), trouble=why))
        return self._row(entry, Row(entry.shown, trouble=why))

    def _row(self, entry: Entry, row: Row) -> Row:
        """The row with what the student has by all attempts, once this one is kept."""
        (found,) = grades(self._what.gradebook, self._what.policy, [entry.student])
        return replace(row, grade=found)

    def _empty(self, entry: Entry, content: str | None) -> Attempt:
        course, suite = self._what.course, self._what.suite.value
        return Attempt(
            entry.student,
            content,
            self._exam,
            course.version,
            suite,
            handed_in=entry.handed_in,
            marked_late=entry.marked_late,
            exercises=" ".join(exercise.name for exercise in course.exercises),
        )

    def _folder(self, entry: Entry) -> Path:
        return self._what.out / entry.shown


def _words(error: Exception) -> str:
    own = isinstance(error, GraderError)
    return str(error) if own else f"This is a mistake of grader itself: {error!r}."


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _digest(submission: Submission) -> str:
    """Of everything that a report can take from a submission."""
    files = [(file.name, file.sha256) for file in submission.files]
    return hashlib.sha256(repr((submission.name, files, submission.notes)).encode()).hexdigest()
