"""Whose grade a changed exam changes, by how much and by which checks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.batch.entries import Entry
from grader.batch.row import Row
from grader.batch.whole import Class, grade_class
from grader.checks.messages import Event
from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import Grade
from grader.gradebook.grades import grades
from grader.gradebook.store import Gradebook
from grader.model import CheckResult, Report
from grader.report.json_report import from_json
from grader.report.words import amount


@dataclass(frozen=True, slots=True)
class Change:
    """What a student has by the gradebook, and would have by the exam as it is now.

    Attributes:
        checks: what each check that changed says now, a line each.
        is_new: the gradebook does not know this submission, so nothing can be compared.
    """

    student: str
    before: Grade | None
    after: Grade
    checks: tuple[str, ...]
    is_new: bool

    @property
    def difference(self) -> float | None:
        """Points more or less; None where there is no grade before or after."""
        before = self.before.final if self.before else None
        after = self.after.final
        return None if before is None or after is None else after - before

    @property
    def matters(self) -> bool:
        """Whether the grade is another."""
        return not self.is_new and (self.before is None or self.before.final != self.after.final)


def changes(
    what: Class,
    real: Gradebook,
    entries: Sequence[Entry],
    at_once: int,
    tell: tuple[Callable[[Row], None], Callable[[Event], None]],
) -> Iterator[Change]:
    """Grade each entry as the class says, and compare with the real gradebook.

    Args:
        what: with a gradebook on trial.
        real: the gradebook that it is a trial of.
        entries: the submissions.
        at_once: how many are graded at once.
        tell: what hears of each row, and of events.
    """
    on_row, on_event = tell
    students = {entry.shown: entry.student for entry in entries}
    for row in grade_class(what, entries, at_once, on_event):
        on_row(row)
        student = students[row.student]
        (before,) = grades(real, what.policy, [student])
        assert row.grade is not None
        old = real.attempts(student)
        new = what.gradebook.attempts(student)[0]
        yield _change(row.student, before, row.grade, _same(old, new), new)


def _same(attempts: Sequence[Attempt], new: Attempt) -> Attempt | None:
    """The latest attempt of the same submission."""
    return next((each for each in attempts if each.content == new.content), None)


def _change(shown: str, before: Grade, after: Grade, old: Attempt | None, new: Attempt) -> Change:
    if old is None:
        return Change(shown, None, after, (), is_new=True)
    return Change(shown, before, after, tuple(_checks(old, new)), is_new=False)


def _checks(old: Attempt, new: Attempt) -> Iterator[str]:
    before, after = _by_name(old), _by_name(new)
    for name in dict.fromkeys([*after, *before]):
        one, other = before.get(name), after.get(name)
        if one is None and other is not None:
            yield f"{name}: new, {other.status} ({amount(other.earned)} of {amount(other.points)})"
        elif other is None and one is not None:
            yield f"{name}: gone ({_signed(-one.earned)})"
        elif one and other and (one.status, one.earned) != (other.status, other.earned):
            yield f"{name}: {one.status} → {other.status} ({_signed(other.earned - one.earned)})"


def _by_name(attempt: Attempt) -> dict[str, CheckResult]:
    if attempt.report is None:
        return {}
    report: Report = from_json(attempt.report)
    return {f"{e.name}.{check.name}": check for e in report.exercises for check in e.checks}


def _signed(points: float) -> str:
    return f"{'+' if points >= 0 else '-'}{amount(abs(points))}"
