"""Everything that is known of the grades, as one CSV file for a spreadsheet."""

from collections.abc import Sequence

from grader.exports.cells import number, table, text
from grader.gradebook.grade import Grade, Override
from grader.report.words import amount

HEAD = ("student", "final", "possible", "earned", "penalty", "bonus")
TAIL = ("handed in", "hours late", "by hand", "look at it because")


def to_csv(grades: Sequence[Grade]) -> str:
    """Return a line for each student, and a column for each exercise."""
    names = list(dict.fromkeys(mark.exercise for grade in grades for mark in grade.marks))
    return table([[*HEAD, *map(text, names), *TAIL], *(_cells(grade, names) for grade in grades)])


def by_hand(grade: Grade) -> str:
    """Return what a person decided, in words."""
    return "; ".join(map(_decision, grade.decisions))


def _decision(override: Override) -> str:
    where = f"{override.exercise}: " if override.exercise else ""
    return f"{where}{amount(override.points or 0)} ({override.author}: {override.reason})"


def _cells(grade: Grade, exercises: Sequence[str]) -> list[str]:
    attempt, points = grade.attempt, {mark.exercise: mark.points for mark in grade.marks}
    earned = (attempt.possible, attempt.earned) if attempt else (None, None)
    bonus = attempt.bonus_earned if attempt else None
    numbers = (grade.final, *earned, grade.penalty, bonus, *map(points.get, exercises))
    came = attempt.handed_in.isoformat(" ", "seconds") if attempt and attempt.handed_in else ""
    late = grade.late.total_seconds() / 3600 if grade.late else None
    shown = [number(each) for each in numbers]
    return [
        text(grade.student),
        *shown,
        came,
        number(late),
        text(by_hand(grade)),
        text(grade.trouble),
    ]
