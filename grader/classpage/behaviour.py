"""What a submission answers wrongly, as numbers: copies that were renamed still agree on these.

A behaviour is all wrong answers that a submission gives to the checks on the same functions. Two
submissions behave alike where the same of these checks fail with the same wrong numbers, within a
tolerance: the text of their code plays no part.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.model import CheckResult, Comparison, ExerciseResult, Report, Status

MOST = 64  # numbers that are kept of a check
RTOL = 1e-6  # the tolerance of checks; answers of float32 agree with those of float64
NOISE = 1e-9  # of the largest number beside it: what is smaller is zero
PRINTED = 1e-3  # numbers in messages have four digits

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_BUCKETS = 1e4  # for a factor of e; what agrees is in the same one but for 1 case in 100 at worst
_OFFSET = 0.381966  # keeps the edges of buckets away from numbers that people and computers like


@dataclass(frozen=True, slots=True)
class Answer:
    """A wrong answer.

    Attributes:
        form: everything in which answers must be equal: the check, names, shapes, words.
        numbers: what must agree within the tolerance.
        wrong: how many of the numbers differ from the right ones, as far as is known.
    """

    form: str
    numbers: tuple[float, ...]
    tolerance: float
    wrong: int


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Wrong answers to checks on the same functions.

    Attributes:
        checks: names of the checks that fail, in the order of the exercise.
        functions: the student's functions that these checks call.
        message: what was said of the first of the checks.
        likeness: how its answers differ from the right ones, a sentence; empty if no one knows.
        mistakes: the known mistakes that explain all of it; none where something is unexplained.
        key: the same for all submissions that behave so, in this run and in later ones.
    """

    exercise: str
    checks: tuple[str, ...]
    functions: tuple[str, ...]
    answers: tuple[Answer, ...]
    message: str
    likeness: str
    mistakes: tuple[str, ...]
    key: str

    @property
    def form(self) -> tuple[str, ...]:
        """Everything in which behaviours that agree are equal."""
        return (self.exercise, *(answer.form for answer in self.answers))

    def agrees(self, other: "Behaviour") -> bool:
        """Whether the same checks fail with the same wrong numbers."""
        return self.form == other.form and all(map(_agree, self.answers, other.answers))


def behaviours(report: Report) -> list[Behaviour]:
    """What a submission answers wrongly, exercise by exercise."""
    return [
        _behaviour(exercise, checks) for exercise in report.exercises for checks in _wrong(exercise)
    ]


def _wrong(exercise: ExerciseResult) -> list[list[CheckResult]]:
    """The checks with a wrong answer, parted by the functions that they call."""
    parts: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in exercise.checks:
        if check.status is Status.FAILED:
            parts.setdefault(check.functions, []).append(check)
    return list(parts.values())


def _behaviour(exercise: ExerciseResult, checks: list[CheckResult]) -> Behaviour:
    answers = tuple(map(_answer, checks))
    return Behaviour(
        exercise=exercise.name,
        checks=tuple(check.name for check in checks),
        functions=checks[0].functions,
        answers=answers,
        message=checks[0].message,
        likeness=checks[0].diagnosis.likeness if checks[0].diagnosis else "",
        mistakes=_explained(checks),
        key=_key(exercise.name, answers),
    )


def _explained(checks: Sequence[CheckResult]) -> tuple[str, ...]:
    """The known mistakes behind failed checks, if there is at least one for each check."""
    named = [named_mistakes(check) for check in checks]
    return tuple(dict.fromkeys(name for each in named for name, _ in each)) if all(named) else ()


def named_mistakes(check: CheckResult) -> tuple[tuple[str, str], ...]:
    """The known mistakes that explain a failed check, each with what the course tells of it."""
    if check.diagnosis is not None and check.diagnosis.mistakes:
        tells = (*check.diagnosis.tells, *("" for _ in check.diagnosis.mistakes))
        return tuple(zip(check.diagnosis.mistakes, tells, strict=False))
    return ((check.mistake, ""),) if check.mistake else ()


def _answer(check: CheckResult) -> Answer:
    """Of a failed check: its numbers, or where it saw none, those in its words."""
    if not check.comparisons:
        text = f"{check.message}\n{check.example or ''}"
        numbers = tuple(float(found) for found in _NUMBER.findall(text))[:MOST]
        return Answer(f"{check.name} {_NUMBER.sub('#', text)}", numbers, PRINTED, 0)
    form = [(each.name, each.shape) for each in check.comparisons]
    numbers = tuple(value for each in check.comparisons for value in each.yours)[:MOST]
    wrong = sum(map(_count_wrong, check.comparisons))
    return Answer(f"{check.name} {form}", numbers, RTOL, wrong)


def _count_wrong(comparison: Comparison) -> int:
    pairs = zip(comparison.yours, comparison.expected, strict=False)
    return sum(not math.isclose(yours, right, rel_tol=RTOL) for yours, right in pairs)


def _agree(one: Answer, other: Answer) -> bool:
    floor = NOISE * max(map(abs, one.numbers), default=0.0)
    return len(one.numbers) == len(other.numbers) and all(
        math.isclose(a, b, rel_tol=one.tolerance, abs_tol=floor)
        for a, b in zip(one.numbers, other.numbers, strict=True)
    )


def _key(exercise: str, answers: tuple[Answer, ...]) -> str:
    rounded = [(answer.form, _rounded(answer.numbers)) for answer in answers]
    return hashlib.sha256(f"{exercise} {rounded}".encode()).hexdigest()[:10]


def _rounded(numbers: Sequence[float]) -> list[tuple[int, int]]:
    """Numbers as signs and buckets of their logarithms: what differs by noise is the same.

    Plain rounding would not do: its edges, such as 0.5, are just the numbers that occur.
    """
    floor = NOISE * max(map(abs, numbers), default=0.0)
    return [
        (0, 0)
        if abs(number) <= floor
        else (int(math.copysign(1, number)), round(_BUCKETS * math.log(abs(number)) + _OFFSET))
        for number in numbers
    ]
