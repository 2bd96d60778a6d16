"""Takes one student out of a gradebook, so that nothing of it is left in the database's files."""

from dataclasses import dataclass

import sqlalchemy as sql

from grader.gradebook.database import Database
from grader.gradebook.tables import attempts, codes, comments, overrides, students

_HELD = (attempts, overrides, comments, codes)  # what a student has; the first three are counted


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a student there was."""

    attempts: int
    overrides: int
    comments: int


def erase(book: Database, student: str) -> Erased:
    """Erase a student: attempts with their reports, overrides, comments, the code and the name."""
    known = sql.select(students.c.id).where(students.c.name == student).scalar_subquery()
    with book.transaction() as connection:
        counts = [
            connection.execute(table.delete().where(table.c.student_id == known)).rowcount
            for table in _HELD
        ]
        connection.execute(students.delete().where(students.c.name == student))
    _forget(book)
    return Erased(*counts[:3])


def _forget(book: Database) -> None:
    """Write the tables anew: a row that was deleted still lies in the file until then."""
    names = ", ".join(table.name for table in (students, *_HELD))  # others may be in there too
    full = f"VACUUM FULL {names}" if book.engine.dialect.name == "postgresql" else "VACUUM"
    with book.connection() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.execute(sql.text(full))
