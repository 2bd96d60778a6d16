"""What is remembered of a submission: numbers, whatever its report says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.gradebook.grade import Grade
from grader.model import Report, Status

LEFT = "The run ended before it was graded; the same command goes on with it."


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one student.

    Attributes:
        submission: name of what was graded, empty where nothing was read.
        points: of each exercise, in the order of the course; empty where there is no grade.
        earned: None where there is no grade; then a person has to look.
        trouble: why, in a sentence.
        is_new: it was graded now, and not in an earlier run.
        grade: what the student has by the policy of the course, of which this may be no part.
    """

    student: str
    submission: str = ""
    points: tuple[float, ...] = ()
    earned: float | None = None
    possible: float | None = None
    bonus_earned: float | None = None
    trouble: str = ""
    is_new: bool = True
    grade: Grade | None = None

    @property
    def final(self) -> float | None:
        """The points that count; None where a person has to look."""
        return self.grade.final if self.grade else self.earned


def row_of(student: str, report: Report, *, is_new: bool) -> Row:
    """The numbers of a report; there is no grade where a check is void."""
    if trouble := trouble_of(report):
        return Row(student, report.submission, trouble=trouble, is_new=is_new)
    return Row(
        student,
        report.submission,
        tuple(exercise.earned for exercise in report.exercises),
        report.earned,
        report.possible,
        report.bonus_earned,
        is_new=is_new,
    )


def trouble_of(report: Report) -> str:
    """Why a report is no grade, empty where it is one."""
    checks = [check for exercise in report.exercises for check in exercise.checks]
    void = sum(check.status is Status.VOID for check in checks)
    if not void:
        return ""
    some = "1 check is" if void == 1 else f"{void} checks are"
    return f"{some} void, by a mistake of ours; the report names what is."


@dataclass(frozen=True, slots=True)
class Tally:
    """A class in numbers.

    Attributes:
        late: those whom lateness cost points.
        by_hand: those to whom a person gave points.
        earlier: those of whom another attempt counts, because the latest has no grade.
    """

    new: int
    kept: int
    troubled: tuple[Row, ...]
    full: int
    earned: tuple[float, ...]
    late: int = 0
    by_hand: int = 0
    earlier: tuple[Row, ...] = ()


def tally(rows: Sequence[Row]) -> Tally:
    """Count."""
    graded = [row for row in rows if row.final is not None]
    return Tally(
        new=sum(row.is_new for row in rows if row.earned is not None),
        kept=sum(not row.is_new for row in rows if row.earned is not None),
        troubled=tuple(sorted((r for r in rows if r.final is None), key=lambda r: r.student)),
        full=sum(map(_is_full, graded)),
        earned=tuple(sorted(row.final for row in graded if row.final is not None)),
        late=sum(bool(r.grade and r.grade.penalty and not r.grade.override) for r in graded),
        earlier=tuple(row for row in graded if row.trouble and _has_attempt(row)),
        by_hand=sum(bool(row.grade and row.grade.is_by_hand) for row in graded),
    )


def _is_full(row: Row) -> bool:
    attempt = row.grade.attempt if row.grade else None
    possible = attempt.possible if attempt else row.possible
    return None not in (row.final, possible) and (row.final or 0) >= round(possible or 0, 2)


def _has_attempt(row: Row) -> bool:
    return bool(row.grade and row.grade.marks and not row.grade.override)
