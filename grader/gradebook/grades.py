"""The grades of a gradebook: its attempts and overrides, and what the policy makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import Grade, Mark, grade
from grader.gradebook.overrides import overrides_of
from grader.gradebook.policy import Policy, counting
from grader.gradebook.store import Gradebook


def grades(book: Gradebook, policy: Policy, students: Iterable[str] | None = None) -> list[Grade]:
    """The grade of each of these students, by default of all."""
    names = book.students() if students is None else students
    return [graded(book, policy, name, book.attempts(name)) for name in names]


def graded(book: Gradebook, policy: Policy, student: str, attempts: Sequence[Attempt]) -> Grade:
    """The grade of a student, if these were the attempts; they come with the latest first."""
    counts = counting(attempts, policy)
    light = [replace(each, report=None) for each in attempts]  # a class of them is kept
    return grade(student, light, marks_of(counts), overrides_of(book, student), policy)


def marks_of(attempt: Attempt | None) -> tuple[Mark, ...]:
    """The points of each exercise in the report of an attempt."""
    if attempt is None or attempt.earned is None or attempt.report is None:
        return ()
    found = msgspec.json.decode(attempt.report, type=_Report)
    return tuple(Mark(each.name, each.earned, each.possible) for each in found.exercises)


class _Exercise(msgspec.Struct):
    name: str
    earned: float
    possible: float


class _Report(msgspec.Struct):
    exercises: list[_Exercise]
