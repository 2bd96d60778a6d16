"""From attempts to a grade: which attempt counts, what lateness costs, what a person decided.

Plain functions of plain values. Raw points are never lost: a `Grade` holds them beside whatever
became of them, and everything that shows or exports a grade takes it from here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from grader.gradebook.attempt import Attempt

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)
NOTHING = "Nothing was handed in."


class Counts(StrEnum):
    """Which attempt of a student counts."""

    LATEST = "latest"
    BEST = "best"  # of those at the same exam as the latest


@dataclass(frozen=True, slots=True)
class Own:
    """What holds for one student alone.

    Attributes:
        due: instead of the course's.
        extension: on top of either.
        handed_in: known better than the submission tells.
    """

    due: datetime | None = None
    extension: timedelta = _NO_TIME
    handed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How a course makes grades of points.

    Attributes:
        bonus: whether bonus points add to the grade.
        due: None where nothing is ever late, but for students with a time of their own.
        grace: how much later is not late yet.
        percent: of the points, lost for each day begun.
        cut_off: from when on lateness costs all points; None for never.
        own: by student.
    """

    counts: Counts = Counts.LATEST
    bonus: bool = False
    due: datetime | None = None
    grace: timedelta = _NO_TIME
    percent: float = 0.0
    cut_off: timedelta | None = None
    own: Mapping[str, Own] = field(default_factory=dict)

    def due_of(self, student: str) -> datetime | None:
        """When this student's work is due."""
        own = self.own.get(student, Own())
        due = own.due or self.due
        return due + own.extension if due else None


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
        penalty: points lost by that.
        override: of the grade as a whole.
        final: None where there is no grade, and `trouble` says why.
    """

    student: str
    attempt: Attempt | None
    marks: tuple[Mark, ...]
    late: timedelta | None
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


def counting(attempts: Sequence[Attempt], policy: Policy) -> Attempt | None:
    """The attempt that counts; they come with the latest first.

    The best, after what lateness costs, is looked for among those whose points are points of the
    same: checks that were changed since make others. Of equals it is the earliest.
    """
    if not attempts or policy.counts is Counts.LATEST:
        return attempts[0] if attempts else None
    latest = attempts[0]
    graded = [each for each in attempts if each.rules == latest.rules and not each.trouble]
    return max(reversed(graded), key=lambda each: _left(each, policy), default=latest)


def _left(attempt: Attempt, policy: Policy) -> float:
    return (attempt.earned or 0.0) * (1 - share_lost(lateness(attempt, policy), policy))


def lateness(attempt: Attempt, policy: Policy) -> timedelta | None:
    """By how much an attempt was late, None where it was not, or where nobody knows.

    Where nothing but a mark says so, it is the least there is; a mark means nothing to a student
    whose own deadline the one who set the mark did not know.
    """
    own, due = policy.own.get(attempt.student), policy.due_of(attempt.student)
    handed_in = (own and own.handed_in) or attempt.handed_in
    if due is None:
        return None
    if handed_in is None:
        return timedelta.resolution if attempt.marked_late and own is None else None
    by = handed_in - due
    return by if by > policy.grace else None


def share_lost(late: timedelta | None, policy: Policy) -> float:
    """How much of the points lateness costs, from 0 to 1."""
    if late is None:
        return 0.0
    if policy.cut_off is not None and late > policy.cut_off:
        return 1.0
    return min(math.ceil(late / _DAY) * policy.percent / 100, 1.0)


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
    return Grade(student, attempt, marks, late, penalty, whole, final, trouble)
