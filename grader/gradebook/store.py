"""Keeps attempts.

They are added and never changed, and each is in the database for good before the next one is
graded.
"""

import zlib
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sql

from grader.gradebook.attempt import Attempt
from grader.gradebook.database import Database, id_of, named, now
from grader.gradebook.tables import attempts, students

__all__ = ["Attempt", "Gradebook"]


class Gradebook(Database):
    """An open gradebook, with its attempts."""

    def settled(self, student: str, content: str, exam: str) -> Attempt | None:
        """The latest attempt of this content at this exam that ended in a grade."""
        query = (
            _of_student(student)
            .where(attempts.c.content == content, attempts.c.exam == exam)
            .where(attempts.c.trouble.is_(None))
        )
        with self.transaction() as connection:
            return _first(connection, query)

    def attempts(self, student: str) -> list[Attempt]:
        """All attempts of a student, the latest first."""
        with self.transaction() as connection:
            return [_attempt(row) for row in connection.execute(_of_student(student))]

    def add(self, attempt: Attempt) -> None:
        """Keep an attempt, unless the student's latest is the very same."""
        with self.transaction() as connection:
            latest = _first(connection, _of_student(attempt.student))
            attempt = timed(attempt, connection.scalars(_times(attempt)))
            if latest == attempt:
                return
            values = {name: getattr(attempt, name) for name in _COLUMNS}
            values["report"] = attempt.report and zlib.compress(attempt.report)
            student = id_of(connection, attempt.student)
            connection.execute(
                attempts.insert().values(**values, student_id=student, graded_at=now())
            )


_COLUMNS = tuple(field.name for field in fields(Attempt) if field.name != "student")


def timed(attempt: Attempt, before: Iterable[datetime | None]) -> Attempt:
    """The attempt with the time that it counts as handed in.

    The same content again came when it came first: a folder that was copied or unpacked anew has
    later times.

    Args:
        before: when the student handed in this content, as far as is known.
    """
    times = filter(None, (*before, attempt.handed_in))
    return replace(attempt, handed_in=min(times, default=None))


def _times(attempt: Attempt) -> sql.Select[tuple[datetime | None]]:
    same = (students.c.name == attempt.student, attempts.c.content == attempt.content)
    return sql.select(attempts.c.handed_in).join(students).where(*same)


def _of_student(student: str) -> sql.Select[Any]:
    columns = [attempts.c[name] for name in _COLUMNS]
    query = named(attempts, *columns).where(students.c.name == student)
    return query.order_by(attempts.c.id.desc())


def _first(connection: sql.Connection, query: sql.Select[Any]) -> Attempt | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _attempt(row)


def _attempt(row: sql.Row[Any]) -> Attempt:
    values = dict(row._mapping)
    values["report"] = values["report"] and zlib.decompress(values["report"])
    return Attempt(student=values.pop("name"), **values)
