"""Keeps a few numbers of each report, so that a class of any size fits into memory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grader.classpage.behaviour import behaviours, named_mistakes
from grader.classpage.groups import Groups
from grader.errors import GraderError
from grader.model import Report, Status
from grader.report.json_report import from_json

OTHER_EXAM = "Its report is about other checks; grade the class again to have it counted."
NO_REPORT = "Its report is missing; grade the class again to have it written."

STOPPED = (Status.TIMEOUT, Status.MEMORY, Status.CRASHED)


@dataclass(frozen=True, slots=True)
class Listed:
    """Someone who is on the page.

    Attributes:
        trouble: why there is no grade, empty where there is one.
    """

    student: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class AskedCheck:
    """A check as every report of the class has it."""

    name: str
    title: str
    points: float
    bonus: bool


@dataclass(frozen=True, slots=True)
class AskedExercise:
    """An exercise as every report of the class has it."""

    name: str
    title: str
    possible: float
    checks: tuple[AskedCheck, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is kept of a report.

    Attributes:
        points: of each exercise.
        statuses: of each check, exercise after exercise.
    """

    student: str
    earned: float
    bonus_earned: float
    points: tuple[float, ...]
    statuses: tuple[Status, ...]


@dataclass
class KnownMistake:
    """A named mistake, and who made it.

    Attributes:
        tells: what the course says to them.
    """

    exercise: str
    name: str
    tells: str
    students: list[str] = field(default_factory=list)


@dataclass
class Gathered:
    """A class in numbers.

    Attributes:
        troubled: who has no grade.
        mistakes: by exercise and name.
    """

    course: str = ""
    exercises: tuple[AskedExercise, ...] = ()
    possible: float = 0.0
    marks: list[Marks] = field(default_factory=list)
    troubled: list[Listed] = field(default_factory=list)
    mistakes: dict[tuple[str, str], KnownMistake] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)

    def add(self, student: str, report: Report) -> None:
        """Take a report in; all must be about the same checks."""
        asked = _asked(report)
        if not self.exercises:
            self.course, self.exercises = report.course, asked
            self.possible = report.possible
        if asked != self.exercises:
            self.troubled.append(Listed(student, OTHER_EXAM))
            return
        self.marks.append(_marks(student, report))
        self._add_mistakes(student, report)
        for behaviour in behaviours(report):
            self.groups.add(student, behaviour)

    def _add_mistakes(self, student: str, report: Report) -> None:
        made = {
            (exercise.name, name): told
            for exercise in report.exercises
            for check in exercise.checks
            for name, told in named_mistakes(check)
        }
        for key, told in made.items():
            self.mistakes.setdefault(key, KnownMistake(*key, told)).students.append(student)


def gather(listed: Iterable[Listed], read: Callable[[str], Report | None]) -> Gathered:
    """Read the report of everyone who has a grade, one after the other, in the order of names.

    Args:
        read: the report of a student, None where there is none.
    """
    gathered = Gathered()
    for each in sorted(listed, key=lambda each: each.student):
        if each.trouble:
            gathered.troubled.append(each)
            continue
        report = read(each.student)
        if report is None:
            gathered.troubled.append(Listed(each.student, NO_REPORT))
        else:
            gathered.add(each.student, report)
    return gathered


def read_report(folder: Path) -> Report | None:
    """The report in a folder, None where there is none that could be read."""
    try:
        return decoded((folder / "report.json").read_bytes())
    except OSError:
        return None


def decoded(content: bytes) -> Report | None:
    """A report as it is kept, None where it is of another version."""
    try:
        return from_json(content)
    except GraderError:
        return None


def _asked(report: Report) -> tuple[AskedExercise, ...]:
    return tuple(
        AskedExercise(
            exercise.name,
            exercise.title,
            exercise.possible,
            tuple(AskedCheck(c.name, c.title, c.points, c.bonus) for c in exercise.checks),
        )
        for exercise in report.exercises
    )


def _marks(student: str, report: Report) -> Marks:
    return Marks(
        student,
        report.earned,
        report.bonus_earned,
        tuple(exercise.earned for exercise in report.exercises),
        tuple(check.status for exercise in report.exercises for check in exercise.checks),
    )
