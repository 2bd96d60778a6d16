"""The policy of a course: which attempt counts, and what lateness costs.

Plain functions of plain values.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from grader.gradebook.attempt import Attempt

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)


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
    bonus = attempt.bonus_earned or 0.0 if policy.bonus else 0.0
    return ((attempt.earned or 0.0) + bonus) * (1 - share_lost(lateness(attempt, policy), policy))


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
