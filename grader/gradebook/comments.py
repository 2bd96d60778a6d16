"""What people wrote on a student's work, or on all work that behaves alike.

Comments belong to no attempt: they survive grading again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sql

from grader.gradebook.database import Database, id_of, now
from grader.gradebook.tables import comments, students


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote.

    Attributes:
        student: whom it is for, None where it is for a group.
        group: key of the group, any text that whoever writes it finds again.
        number: by which it is taken away.
    """

    text: str
    author: str
    student: str | None
    group: str | None
    written_at: datetime
    number: int


def comment_on_student(book: Database, student: str, text: str, author: str) -> None:
    """Keep a comment on a student's work; who is not in the gradebook yet is added."""
    with book.transaction() as connection:
        whom = {"student_id": id_of(connection, student)}
        _add(connection, whom, text, author)


def comment_on_group(book: Database, group: str, text: str, author: str) -> None:
    """Keep a comment on all submissions that behave alike."""
    with book.transaction() as connection:
        _add(connection, {"group_key": group}, text, author)


def all_comments(book: Database) -> list[Comment]:
    """Every comment, the oldest first."""
    columns = comments.c
    query = (
        sql.select(
            columns.text,
            columns.author,
            students.c.name.label("student"),
            columns.group_key.label("group"),
            columns.written_at,
            columns.id.label("number"),
        )
        .outerjoin(students, columns.student_id == students.c.id)
        .order_by(columns.id)
    )
    with book.transaction() as connection:
        return [Comment(**row._mapping) for row in connection.execute(query)]


def remove_comment(book: Database, number: int) -> bool:
    """Take a comment away; False where there is none of this number."""
    with book.transaction() as connection:
        return bool(connection.execute(comments.delete().where(comments.c.id == number)).rowcount)


def _add(connection: sql.Connection, whom: dict[str, Any], text: str, author: str) -> None:
    values = {"text": text, "author": author, "written_at": now(), **whom}
    connection.execute(comments.insert().values(values))
