"""Opens the database of a gradebook: a file of SQLite, or whatever SQLAlchemy finds at a URL."""

import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from grader.errors import GradebookError
from grader.gradebook import tables

_PASSWORD = re.compile(r"(://[^/:@]*):[^@]*@")
_MAKING = 7_263_541  # any number that no other program locks there
_ADDED = ("handed_in", "marked_late", "exercises")  # to the attempts of schema 1


class Database:
    """An open gradebook.

    Args:
        place: a URL as SQLAlchemy writes them, or the path of an SQLite file.
        make: whether to make a file of SQLite that is not there.

    Raises:
        GradebookError: there is no such database, or it is no gradebook; so all methods.
    """

    def __init__(self, place: str, *, make: bool = True) -> None:
        self.place = _PASSWORD.sub(r"\1:***@", place)
        try:
            url = _url(place) if "://" in place else _file(place, make=make)
            self.engine = sql.create_engine(url, pool_pre_ping=True)
        except (ArgumentError, SQLAlchemyError, ImportError, OSError) as error:
            raise self._trouble(error) from None
        with ExitStack() as opened:
            opened.callback(self.close)
            with self.transaction() as connection:
                self._open(connection)
            opened.pop_all()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[sql.Connection]:
        """What happens in the block is in the database when it ends, or none of it is."""
        with self.connection() as connection, connection.begin():
            yield connection

    @contextmanager
    def connection(self) -> Iterator[sql.Connection]:
        """A connection without a transaction; what goes wrong is told in our words."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, zlib.error, UnicodeError) as error:
            raise self._trouble(error) from None

    def students(self) -> list[str]:
        """The names of all who have an attempt, or anything else, in order."""
        with self.transaction() as connection:
            return sorted(connection.scalars(sql.select(tables.students.c.name)))

    def _open(self, connection: sql.Connection) -> None:
        if not sql.inspect(connection).has_table(tables.about.name):
            wait_for_others(connection)
        tables.metadata.create_all(connection)
        about = tables.about
        number = connection.execute(sql.select(about.c.schema_number)).scalar()
        if number is None:
            connection.execute(about.insert().values(schema_number=tables.SCHEMA))
        elif number == 1:
            _add_columns(connection)
            connection.execute(about.update().values(schema_number=tables.SCHEMA))
        elif number != tables.SCHEMA:
            raise GradebookError(
                f"The gradebook {self.place} has schema {number}, and this version of grader "
                f"reads {tables.SCHEMA}. Use the version that wrote it, or name another gradebook."
            )

    def _trouble(self, error: Exception) -> GradebookError:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        if isinstance(error, ImportError) and error.name == "psycopg":
            said = "PostgreSQL needs a driver: pip install 'proven-grader[postgresql]'"
        return GradebookError(
            f"The gradebook {self.place} cannot be used ({said}). Name another with --gradebook."
        )


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def id_of(connection: sql.Connection, student: str) -> int:
    """The number of a student, who is added if need be; two may do so at the same time.

    Without a savepoint: in SQLite, its end would be that of the whole transaction.
    """
    known = sql.select(tables.students.c.id).where(tables.students.c.name == student)
    found: int | None = connection.execute(known).scalar()
    if found is not None:
        return found
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(tables.students).values(name=student).on_conflict_do_nothing())
    made: int = connection.execute(known).scalar_one()
    return made


def named(table: sql.Table, *columns: sql.ColumnElement[Any]) -> sql.Select[Any]:
    """Rows of a table that belong to students, with their names first, in any order."""
    students = tables.students
    return sql.select(students.c.name, *columns).select_from(
        table.join(students, table.c.student_id == students.c.id)
    )


def _url(place: str) -> sql.URL:
    """A URL; of the drivers for PostgreSQL, psycopg is the one that grader brings."""
    url = sql.make_url(place)
    plain = url.drivername in ("postgresql", "postgres")
    return url.set(drivername="postgresql+psycopg") if plain else url


def _file(place: str, *, make: bool) -> sql.URL:
    path = Path(place)
    if not make and not path.is_file():
        raise GradebookError(
            f"There is no gradebook {place}. `grader batch` writes one; name it with --gradebook."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return sql.URL.create("sqlite", database=place)


def wait_for_others(connection: sql.Connection) -> None:
    """Let whoever makes the same, tables or codes, end first; then it is there to be read."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")


def _add_columns(connection: sql.Connection) -> None:
    """What schema 2 has more than 1; one that was interrupted here goes on."""
    there = {column["name"] for column in sql.inspect(connection).get_columns("attempts")}
    for name in _ADDED:
        if name not in there:
            kind = tables.attempts.c[name].type.compile(connection.dialect)
            connection.execute(sql.text(f"ALTER TABLE attempts ADD COLUMN {name} {kind}"))
