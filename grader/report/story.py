"""The order in which a report is told: what is next, and what belongs together."""

from dataclasses import dataclass
from itertools import groupby

from grader.model import CheckResult, ExerciseResult, Report, Status
from grader.report import words


@dataclass(frozen=True, slots=True)
class Placed:
    """A check with the number it has in its exercise, from 1."""

    number: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class Finding:
    """Checks on the same functions that fail for one cause, as far as is known; mostly just one."""

    checks: tuple[Placed, ...]

    @property
    def first(self) -> CheckResult:
        """The check whose message is shown."""
        return self.checks[0].result


@dataclass(frozen=True, slots=True)
class Group:
    """The checks on the same functions of an exercise; functions is empty if all stand together."""

    functions: tuple[str, ...]
    findings: tuple[Finding, ...]
    passed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next.

    Attributes:
        text: one sentence.
        reason: the mistake behind it where that is known, else what was said of the check.
        where: the title of the exercise.
        anchor: of the check on the page, empty where the step is about none.
    """

    text: str
    reason: str = ""
    where: str = ""
    anchor: str = ""


def groups(exercise: ExerciseResult) -> list[Group]:
    """Return the checks by the functions they call, in the order of the checks.

    Where that would make a group of nearly every check, all of them stand in one.
    """
    placed = [Placed(number, check) for number, check in enumerate(exercise.checks, 1)]
    by_functions: dict[tuple[str, ...], list[Placed]] = {}
    for check in placed:
        by_functions.setdefault(check.result.functions, []).append(check)
    if 1 < len(by_functions) <= len(placed) * 2 / 3:
        return [_group(functions, checks) for functions, checks in by_functions.items()]
    return [_group((), placed)] if placed else []


def _group(functions: tuple[str, ...], placed: list[Placed]) -> Group:
    passed = tuple(check for check in placed if check.result.status is Status.PASSED)
    return Group(functions, tuple(findings(placed)), passed)


def findings(placed: list[Placed]) -> list[Finding]:
    """Return the checks that did not pass; those that say the same become one finding."""
    told: dict[tuple[object, ...], list[Placed]] = {}
    for check in placed:
        result = check.result
        if result.status is not Status.PASSED:
            told.setdefault(_said(result), []).append(check)
    return [Finding(tuple(checks)) for checks in told.values()]


def _said(result: CheckResult) -> tuple[object, ...]:
    """What makes two checks one finding: one known cause, or else the very same words."""
    if result.diagnosis and result.diagnosis.mistakes:
        return (result.status, result.diagnosis.mistakes)
    if result.status is Status.NOT_STARTED and not result.message:
        return (result.status, result.functions)
    alone = "" if result.message else result.name  # nothing is known of a cause
    return (result.status, result.message, result.example, result.mistake, alone)


def formulas(exercise: ExerciseResult, group: Group) -> list[tuple[str, tuple[str, ...]]]:
    """Return the formulas of the functions of a group that do not pass yet, by function."""
    failed = (f for found in group.findings for c in found.checks for f in c.result.functions)
    return [(f, exercise.formulas[f]) for f in dict.fromkeys(failed) if f in exercise.formulas]


def next_step(report: Report) -> Step:
    """Return the first check that is not passed, required ones before bonus."""
    open_checks = [
        (check.bonus, exercise, Placed(number, check))
        for exercise in begun_first(report)
        for number, check in enumerate(exercise.checks, 1)
        if check.status not in (Status.PASSED, Status.VOID)
    ]
    open_checks.sort(key=lambda entry: entry[0])  # stable
    if not open_checks:
        return _nothing_left(report)
    return _step(report, *open_checks[0])


def begun_first(report: Report) -> list[ExerciseResult]:
    """Return the exercises in the order of the syllabus, those with no answer yet at the end."""
    return sorted(report.exercises, key=lambda exercise: not _is_begun(exercise))


def _is_begun(exercise: ExerciseResult) -> bool:
    # A function that students get with mistakes in it earns a bonus: it is there from the start.
    required = [check for check in exercise.checks if not check.bonus]
    return any(check.status is not Status.NOT_STARTED for check in required)


def _nothing_left(report: Report) -> Step:
    if not checks(report):
        return Step("There is no check to pass in this course yet.")
    if void(report):
        return Step("Every check that could run is passed: nothing is left to do for you.")
    return Step("Every check is passed: nothing is left to do.")


def _step(report: Report, bonus: bool, exercise: ExerciseResult, check: Placed) -> Step:
    result = check.result
    if not report.files:
        text = "Hand in a file: nothing was found in this submission."
    elif result.status is Status.NOT_STARTED and result.functions:
        text = f"Write {words.joined(result.functions)}."
    else:
        text = f"Make this hold: {words.title(result).rstrip('.')}."
    if bonus:
        text = f"All that counts is passed. For the bonus: {text}"
    where = exercise.title or exercise.name
    told = result.diagnosis.tells if result.diagnosis else ()
    reason = told[0] if told else words.sentence(result)
    return Step(text, reason, where, f"{exercise.name}-{check.number}")


def checks(report: Report) -> list[CheckResult]:
    """Return every check of the report."""
    return [check for exercise in report.exercises for check in exercise.checks]


def void(report: Report) -> list[CheckResult]:
    """Return the checks that failed by our fault."""
    return [check for check in checks(report) if check.status is Status.VOID]


def bonus_possible(report: Report) -> float:
    """Return the points that could be had outside the total."""
    return sum(check.points for check in checks(report) if check.bonus)


def tally(report: Report) -> list[tuple[Status, int]]:
    """Return how many checks ended in each way, in the order of `Status`, without zeros."""
    order = list(Status)
    ends = sorted((check.status for check in checks(report)), key=order.index)
    return [(status, len(list(same))) for status, same in groupby(ends)]
