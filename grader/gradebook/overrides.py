"""Points that people gave, with a reason; they belong to no attempt, so they survive grading again.

Nothing is erased when another decision is made: what was decided before stays, and the last holds.
"""

import sqlalchemy as sql

from grader.gradebook.database import Database, id_of, now
from grader.gradebook.grade import Override
from grader.gradebook.tables import overrides, students


def override(
    book: Database,
    student: str,
    exercise: str | None,
    points: float | None,
    *,
    reason: str,
    author: str,
) -> None:
    """Keep a decision; `points` is None to take back what was given before."""
    with book.transaction() as connection:
        connection.execute(
            overrides.insert().values(
                student_id=id_of(connection, student),
                exercise=exercise,
                points=points,
                reason=reason,
                author=author,
                made_at=now(),
            )
        )


def overrides_of(book: Database, student: str) -> list[Override]:
    """All decisions on a student, the oldest first."""
    columns = overrides.c
    query = (
        sql.select(
            columns.exercise, columns.points, columns.reason, columns.author, columns.made_at
        )
        .join(students, columns.student_id == students.c.id)
        .where(students.c.name == student)
        .order_by(columns.id)
    )
    with book.transaction() as connection:
        return [Override(**row._mapping) for row in connection.execute(query)]
