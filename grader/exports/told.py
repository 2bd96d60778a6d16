"""What a report says of a check, as plain text; every program shows the same."""

from collections.abc import Iterator

from grader.model import CheckResult, Report, Status
from grader.report import words

# What is missing is a failure too: its points are lost.
WRONG = (Status.FAILED, Status.NOT_STARTED)
BROKEN = (Status.ERROR, Status.TIMEOUT, Status.MEMORY, Status.CRASHED)


def told(check: CheckResult) -> str:
    """Return the message, what made it, and what is known of the cause."""
    return "\n\n".join(_parts(check))


def remarks(report: Report) -> tuple[str, ...]:
    """Return what is to be said of a report as a whole."""
    void = sum(c.status is Status.VOID for e in report.exercises for c in e.checks)
    said = f"{words.count(void, 'check')} could not run. {words.VOID}" if void else ""
    return (*filter(None, [said]), *report.notes)


def _parts(check: CheckResult) -> Iterator[str]:
    if check.status is Status.PASSED:
        return
    yield "\n".join(filter(None, (words.sentence(check), words.details(check))))
    if check.example:
        yield f"Smallest example found:\n{check.example}"
    if check.diagnosis:
        yield from check.diagnosis.tells
    if check.status is Status.VOID:
        yield words.VOID
    elif check.hint:
        yield f"Hint: {' '.join(check.hint.split())}"
