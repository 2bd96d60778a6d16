"""From attempts to a grade: raw points, what lateness took, what a person decided.

Raw points are never lost: a `Grade` holds them beside whatever became of them, and everything that
shows or exports a grade takes it from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.gradebook.attempt import Attempt
from grader.gradebook.policy import Policy, counting, lateness, share_lost

NOTHING = "Nothing was handed in."


@dataclass(frozen=True, slots=True)
class Override:
    """Points that a person gave.

    Attributes:
        exercise: None for the grade as a whole, which no lateness lowers.
        points: None where what was given before is taken back.
    """

    exercise: str | None
    points: float | None
    reason: str
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """The points of one exercise, as they were graded.

    Attributes:
        override: the points that a person gave instead.
    """

    exercise: str
    earned: float
    possible: float
    override: Override | None = None

    @property
    def points(self) -> float:
        """What counts."""
        given = self.override.points if self.override else None
        return self.earned if given is None else given


@dataclass(frozen=True, slots=True)
class Grade:
    """What a student has in the end, and how it came about.

    Attributes:
        attempt: the one that counts, None where none does.
        late: by how much it was late, None where it was not.
        points: before that, of all exercises, and of the bonus where that counts.
        penalty: points lost by that.
        override: of the grade as a whole.
        final: None where there is no grade, and `trouble` says why.
    """

    student: str
    attempt: Attempt | None
    marks: tuple[Mark, ...]
    late: timedelta | None
    points: float
    penalty: float
    override: Override | None
    final: float | None
    trouble: str

    @property
    def decisions(self) -> tuple[Override, ...]:
        """Everything that a person decided and that holds."""
        each = (self.override, *(mark.override for mark in self.marks))
        return tuple(one for one in each if one)

    @property
    def is_by_hand(self) -> bool:
        """Whether a person decided anything about it."""
        return bool(self.decisions)


def grade(
    student: str,
    attempts: Sequence[Attempt],
    marks: Sequence[Mark],
    overrides: Sequence[Override],
    policy: Policy,
) -> Grade:
    """The grade of a student.

    Args:
        attempts: all of the student, the latest first.
        marks: of the attempt that counts, as graded.
        overrides: all that were made, the oldest first; the last one of each exercise holds.
    """
    held = {each.exercise: each for each in overrides}
    holding = {name: each for name, each in held.items() if each.points is not None}
    marks = tuple(Mark(m.exercise, m.earned, m.possible, holding.get(m.exercise)) for m in marks)
    attempt, whole = counting(attempts, policy), holding.get(None)
    trouble = NOTHING if attempt is None else attempt.trouble or ""
    late = lateness(attempt, policy) if attempt else None
    bonus = attempt.bonus_earned or 0.0 if attempt and policy.bonus else 0.0
    points = sum(mark.points for mark in marks) + bonus
    penalty = 0.0 if trouble else round(points * share_lost(late, policy), 2)
    final = None if trouble else round(points - penalty, 2)
    if whole:
        final, trouble = whole.points, ""
    return Grade(student, attempt, marks, late, points, penalty, whole, final, trouble)
