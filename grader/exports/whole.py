"""One file of a whole class, and remarks on what it does not hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import OutputError
from grader.exports import canvas, moodle, nbgrader, plain
from grader.exports.roster import Person, Placed, read_roster
from grader.gradebook.grade import Grade
from grader.gradebook.policy import Policy
from grader.report.words import amount

Comments = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write.

    Attributes:
        form: "canvas", "moodle", "nbgrader" or "csv".
        roster: the platform's own file.
        name: of the assignment, None for the title of the course.
        out_of: what the points are scaled to.
    """

    form: str
    roster: Path | None = None
    name: str | None = None
    out_of: float | None = None


def exported(
    wanted: Wanted, grades: Sequence[Grade], comments: Comments, policy: Policy, title: str
) -> tuple[str, list[str]]:
    """Return the file and the remarks.

    Raises:
        OutputError: the platform's file is not what it should be, or nothing was graded.
    """
    possible, remarks = _possible(grades)
    remarks += _unknown(policy, grades)
    if wanted.out_of:
        grades = [_scaled(grade, possible, wanted.out_of) for grade in grades]
        possible = wanted.out_of
    name = wanted.name or title
    if wanted.form == "csv":
        return plain.to_csv(grades), remarks
    if wanted.form == "nbgrader":
        return nbgrader.to_csv(grades, name, policy, possible), remarks
    if wanted.form == "canvas":
        rows = canvas.placed(grades, _people(wanted, canvas.COLUMNS))
        return canvas.to_csv(rows, name, possible), remarks + _missed(rows)
    people = _people(wanted, (moodle.IDENTIFIER, moodle.GRADE))
    rows = moodle.placed(grades, people)
    remarks += _missed(rows) + _maximum(people or (), possible)
    return moodle.to_csv(rows, comments, possible), remarks


def _people(wanted: Wanted, columns: Sequence[str]) -> list[Person] | None:
    return read_roster(wanted.roster, columns) if wanted.roster else None


def _possible(grades: Sequence[Grade]) -> tuple[float, list[str]]:
    """The points that there are: those of most, if the exam was changed and not all graded anew."""
    totals = Counter(g.attempt.possible for g in grades if g.attempt and g.attempt.possible)
    if not totals:
        raise OutputError("Nobody in this gradebook has a grade; run `grader batch` first.")
    ((most, _), *others) = totals.most_common()
    if not others:
        return most or 0.0, []
    names = [g.student for g in grades if g.attempt and g.attempt.possible not in (most, None)]
    return most or 0.0, [
        f"Most grades are out of {amount(most or 0)} points, but those of {_some(names)} are not: "
        "they were graded with another exam. Run `grader batch` with their submissions."
    ]


def _unknown(policy: Policy, grades: Sequence[Grade]) -> list[str]:
    names = sorted(set(policy.own) - {grade.student for grade in grades})
    if not names:
        return []
    return [
        f"The file of deadlines names {_some(names)}, whom the gradebook does not know. Write them "
        "as `grader export csv` does."
    ]


def _scaled(grade: Grade, usual: float, out_of: float) -> Grade:
    """Each by its own points possible; so is what was given by hand, which is in those points."""
    own = grade.attempt and grade.attempt.possible
    factor = out_of / (own or usual)
    return replace(
        grade,
        attempt=grade.attempt and replace(grade.attempt, possible=out_of),
        points=grade.points * factor,
        penalty=grade.penalty * factor,
        final=None if grade.final is None else grade.final * factor,
    )


def _missed(rows: Placed) -> list[str]:
    if not rows.strangers:
        return []
    return [
        f"It is not clear who {_some(rows.strangers)} would be on the platform, so the file does "
        "not hold their grades. Name its own file with --roster, or add them by hand."
    ]


def _maximum(people: Sequence[Person], possible: float) -> list[str]:
    maximum = moodle.maximum(people)
    if maximum in ("", amount(possible)):
        return []
    return [
        f"The worksheet's maximum grade is {maximum}, and there are {amount(possible)} points. "
        f"Scale them with --out-of {maximum}, or set the maximum in Moodle."
    ]


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
