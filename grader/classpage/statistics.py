"""From the marks of a class to numbers about its checks; pure functions.

Discrimination is the corrected item-total correlation: the correlation between passing a check, or
the points of an exercise, and the points earned in everything else. It is the standard index of
item analysis (Crocker and Algina, "Introduction to Classical and Modern Test Theory", 1986, chapter
14); without the correction a check would be compared with itself. Strongest and weakest are the
upper and the lower 27 % by the same points, as is usual (Kelley, "The selection of upper and lower
groups for the validation of test items", 1939).
"""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from grader.classpage.gather import AskedCheck, AskedExercise, Gathered, Marks
from grader.model import Status

ENOUGH = 10  # submissions, for a correlation that means something
FEW = 3  # submissions that differ from the others, without which a correlation is an accident
UPPER = 0.27  # of the class are its strongest
_BINS = 10


@dataclass(frozen=True, slots=True)
class CheckNumbers:
    """How a class did in one check.

    Attributes:
        failed: how many did not pass it, `blank` included.
        blank: how many have not started.
        void: for how many it could not run.
        discrimination: None where too few took part, or all did the same.
        doubt: why the check itself looks wrong, a sentence; empty where it does not.
    """

    check: AskedCheck
    took_part: int
    failed: int
    blank: int
    void: int
    discrimination: float | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ExerciseNumbers:
    """How a class did in one exercise.

    Attributes:
        mean: points.
        full: how many have all points.
        blank: how many have not started any check that counts.
        discrimination: as of checks, with the points of the exercise.
    """

    exercise: AskedExercise
    mean: float
    full: int
    blank: int
    discrimination: float | None
    checks: tuple[CheckNumbers, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """How many submissions have from `low` to `high` per cent, the upper end not included."""

    low: int
    high: int
    count: int


def distribution(earned: Sequence[float], possible: float) -> list[Bin]:
    """Count submissions by tenths of the points; full marks are in the last."""
    tenth = 100 // _BINS
    shares = (points / possible if possible > 0 else 0.0 for points in earned)
    counts = Counter(min(int(share * _BINS + 1e-9), _BINS - 1) for share in shares)
    return [Bin(tenth * i, tenth * (i + 1), counts[i]) for i in range(_BINS)]


def exercise_numbers(gathered: Gathered) -> list[ExerciseNumbers]:
    """How the class did, exercise by exercise."""
    found, first = [], 0
    for place, exercise in enumerate(gathered.exercises):
        checks = tuple(
            _check_numbers(gathered.marks, check, first + i)
            for i, check in enumerate(exercise.checks)
        )
        points = [marks.points[place] for marks in gathered.marks]
        others = [marks.earned - marks.points[place] for marks in gathered.marks]
        found.append(
            ExerciseNumbers(
                exercise,
                mean=statistics.fmean(points) if points else 0.0,
                full=sum(each == exercise.possible for each in points),
                blank=sum(_is_blank(marks, exercise, first) for marks in gathered.marks),
                discrimination=discrimination(points, others),
                checks=checks,
            )
        )
        first += len(exercise.checks)
    return found


def _is_blank(marks: Marks, exercise: AskedExercise, first: int) -> bool:
    statuses = marks.statuses[first : first + len(exercise.checks)]
    counting = [s for s, check in zip(statuses, exercise.checks, strict=True) if not check.bonus]
    return all(status is Status.NOT_STARTED for status in counting)


def _check_numbers(every: Sequence[Marks], check: AskedCheck, place: int) -> CheckNumbers:
    took_part = [marks for marks in every if marks.statuses[place] is not Status.VOID]
    statuses = [marks.statuses[place] for marks in took_part]
    passed = [status is Status.PASSED for status in statuses]
    rest = [_rest(marks, check, place) for marks in took_part]
    void = len(every) - len(took_part)
    return CheckNumbers(
        check,
        took_part=len(took_part),
        failed=passed.count(False),
        blank=statuses.count(Status.NOT_STARTED),
        void=void,
        discrimination=discrimination([float(each) for each in passed], rest),
        doubt=_void(void) or ("" if check.bonus else doubt(statuses, rest)),
    )


def _rest(marks: Marks, check: AskedCheck, place: int) -> float:
    """The points of everything but this check."""
    counts = marks.statuses[place] is Status.PASSED and not check.bonus
    return marks.earned - (check.points if counts else 0.0)


def discrimination(points: Sequence[float], rest: Sequence[float]) -> float | None:
    """The correlation between these points and those of everything else, from -1 to 1.

    For a check, which is passed or not, that is the point-biserial correlation.

    Returns:
        None where too few submissions say anything, and where the rest is the same for all.
    """
    apart = len(points) - max(Counter(points).values(), default=0)
    if len(points) < ENOUGH or apart < FEW or len(set(rest)) < 2:
        return None
    return statistics.correlation(points, rest)


def doubt(statuses: Sequence[Status], rest: Sequence[float]) -> str:
    """Say why a check looks wrong: it fails for the strongest; empty where it does not."""
    order = sorted(range(len(rest)), key=lambda i: -rest[i])  # stable
    many = max(2, round(UPPER * len(order)))
    if len(order) < 2 * many:
        return ""
    strong, weak = order[:many], order[-many:]
    wrong = sum(statuses[i] not in (Status.PASSED, Status.NOT_STARTED) for i in strong)
    strong_pass, weak_pass = (
        sum(statuses[i] is Status.PASSED for i in part) for part in (strong, weak)
    )
    if rest[strong[-1]] > rest[weak[0]] and weak_pass - strong_pass >= 2:
        return (
            f"{weak_pass} of the {many} weakest submissions pass it, but only {strong_pass} of the "
            f"{many} strongest."
        )
    if 2 * wrong >= many:
        weakly = "none" if weak_pass == 0 else str(weak_pass)
        return (
            f"{wrong} of the {many} strongest submissions fail it; {weakly} of the {many} weakest "
            "pass."
        )
    return ""


def _void(many: int) -> str:
    if not many:
        return ""
    whom = "1 submission" if many == 1 else f"{many} submissions"
    return f"It could not run for {whom}: it fails on the reference too."
