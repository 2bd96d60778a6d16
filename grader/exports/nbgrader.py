"""The columns of `nbgrader export`, for what reads them: a line for each student, times in UTC."""

from collections.abc import Sequence
from datetime import UTC, datetime

from grader.exports.cells import number, table, text
from grader.gradebook.grade import Grade
from grader.gradebook.policy import Policy

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def to_csv(grades: Sequence[Grade], assignment: str, policy: Policy, possible: float) -> str:
    """Return the file; scores are blank where there is no grade, where nbgrader would write 0."""
    return table([COLUMNS, *(_cells(each, assignment, policy, possible) for each in grades)])


def _cells(grade: Grade, assignment: str, policy: Policy, possible: float) -> list[str]:
    came = grade.attempt.handed_in if grade.attempt else None
    has_points = grade.final is not None and grade.marks
    return [
        text(assignment),
        _time(policy.due_of(grade.student)),
        _time(came),
        text(grade.student),
        *[""] * 3,
        number(grade.points if has_points else None),
        number(grade.penalty if has_points else None),
        number(grade.final),
        number(possible),
    ]


def _time(time: datetime | None) -> str:
    return str(time.astimezone(UTC).replace(tzinfo=None)) if time else ""
