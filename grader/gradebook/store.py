"""Keeps attempts in a database: SQLite in a file, or whatever SQLAlchemy finds behind a URL.

An attempt is a submission as it was handed in, graded with an exam as it was then. Attempts are
added and never changed, and each is in the database for good before the next one is graded.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from grader.errors import GradebookError

SCHEMA = 1

_PASSWORD = re.compile(r"(://[^/:@]*):[^@]*@")

_metadata = sql.MetaData()

_about = sql.Table(
    "gradebook",
    _metadata,
    sql.Column("schema_number", sql.Integer, primary_key=True, autoincrement=False),
)

_students = sql.Table(
    "students",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("name", sql.Text, nullable=False, unique=True),
)

_attempts = sql.Table(
    "attempts",
    _metadata,
    sql.Column("id", sql.Integer, primary_key=True),  # the later attempt has the larger one
    sql.Column("student_id", sql.ForeignKey("students.id"), nullable=False),
    sql.Column("content", sql.Text),  # null where the submission could not be read
    sql.Column("exam", sql.Text, nullable=False),
    sql.Column("course_version", sql.Text, nullable=False),
    sql.Column("suite", sql.Text, nullable=False),
    sql.Column("isolation", sql.Text),
    sql.Column("earned", sql.Float),  # null where there is no grade; then `trouble` says why
    sql.Column("possible", sql.Float),
    sql.Column("bonus_earned", sql.Float),
    sql.Column("trouble", sql.Text),
    sql.Column("report", sql.LargeBinary),  # report.json, compressed: a tenth of its size
    sql.Column("graded_at", sql.DateTime, nullable=False),  # UTC
    sql.Index("attempts_of_student", "student_id", "content", "exam"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submission, and what came of grading it.

    Attributes:
        content: digest of the submission, None where it could not be read.
        exam: digest of everything that decides its grade.
        earned: None where there is no grade, and `trouble` says why.
        report: report.json, None where there is none.
    """

    student: str
    content: str | None
    exam: str
    course_version: str
    suite: str
    isolation: str | None = None
    earned: float | None = None
    possible: float | None = None
    bonus_earned: float | None = None
    trouble: str | None = None
    report: bytes | None = None


class Gradebook:
    """A database of attempts, opened or made.

    Args:
        place: a URL as SQLAlchemy writes them, or the path of an SQLite file.

    Raises:
        GradebookError: there is no such database, or it is no gradebook; so all methods.
    """

    def __init__(self, place: str) -> None:
        self.place = _PASSWORD.sub(r"\1:***@", place)
        try:
            url = sql.make_url(place) if "://" in place else _file(place)
            self._engine = sql.create_engine(url)
        except (ArgumentError, SQLAlchemyError, ImportError, OSError) as error:
            raise self._trouble(error) from None
        with self._transaction() as connection:
            self._open(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def settled(self, student: str, content: str, exam: str) -> Attempt | None:
        """The latest attempt of this content at this exam that ended in a grade."""
        query = (
            _of_student(student)
            .where(_attempts.c.content == content, _attempts.c.exam == exam)
            .where(_attempts.c.trouble.is_(None))
        )
        with self._transaction() as connection:
            return _first(connection, query, student)

    def attempts(self, student: str) -> list[Attempt]:
        """All attempts of a student, the latest first."""
        with self._transaction() as connection:
            rows = connection.execute(_of_student(student))
            return [_attempt(row, student) for row in rows]

    def add(self, attempt: Attempt) -> None:
        """Keep an attempt, unless the student's latest is the very same."""
        with self._transaction() as connection:
            if _first(connection, _of_student(attempt.student), attempt.student) == attempt:
                return
            values = {name: getattr(attempt, name) for name in _COLUMNS}
            values["report"] = attempt.report and zlib.compress(attempt.report)
            now = datetime.now(UTC).replace(tzinfo=None)
            student = _id_of(connection, attempt.student)
            connection.execute(
                _attempts.insert().values(**values, student_id=student, graded_at=now)
            )

    def _open(self, connection: sql.Connection) -> None:
        _metadata.create_all(connection)
        number = connection.execute(sql.select(_about.c.schema_number)).scalar()
        if number is None:
            connection.execute(_about.insert().values(schema_number=SCHEMA))
        elif number != SCHEMA:
            raise GradebookError(
                f"The gradebook {self.place} has schema {number}, and this version of grader "
                f"reads {SCHEMA}. Use the version that wrote it, or name another gradebook."
            )

    @contextmanager
    def _transaction(self) -> Iterator[sql.Connection]:
        """What happens in the block is in the database when it ends, or none of it is."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, zlib.error) as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> GradebookError:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return GradebookError(
            f"The gradebook {self.place} cannot be used ({said}). Name another with --gradebook."
        )


_COLUMNS = tuple(name for name in Attempt.__slots__ if name != "student")


def _file(place: str) -> sql.URL:
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    return sql.URL.create("sqlite", database=place)


def _of_student(student: str) -> sql.Select[Any]:
    columns = [_attempts.c[name] for name in _COLUMNS]
    return (
        sql.select(*columns)
        .join(_students, _attempts.c.student_id == _students.c.id)
        .where(_students.c.name == student)
        .order_by(_attempts.c.id.desc())
    )


def _first(connection: sql.Connection, query: sql.Select[Any], student: str) -> Attempt | None:
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _attempt(row, student)


def _attempt(row: sql.Row[Any], student: str) -> Attempt:
    values = dict(row._mapping)
    values["report"] = values["report"] and zlib.decompress(values["report"])
    return Attempt(student=student, **values)


def _id_of(connection: sql.Connection, student: str) -> int:
    known = sql.select(_students.c.id).where(_students.c.name == student)
    found: int | None = connection.execute(known).scalar()
    if found is not None:
        return found
    connection.execute(_students.insert().values(name=student))
    made: int = connection.execute(known).scalar_one()
    return made
