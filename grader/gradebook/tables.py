"""What the database holds."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

SCHEMA = 2

metadata = sql.MetaData()


class Time(sql.TypeDecorator[datetime]):
    """A time, kept in UTC without a zone: SQLite knows none."""

    impl = sql.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """On the way in."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """On the way out."""
        return None if value is None else value.replace(tzinfo=UTC)


about = sql.Table(
    "gradebook",
    metadata,
    sql.Column("schema_number", sql.Integer, primary_key=True, autoincrement=False),
)

students = sql.Table(
    "students",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("name", sql.Text, nullable=False, unique=True),
)

attempts = sql.Table(
    "attempts",
    metadata,
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
    sql.Column("handed_in", Time),  # null where nothing tells
    sql.Column("marked_late", sql.Boolean),  # by who collected it, which may be all one knows
    sql.Column("exercises", sql.Text),  # names of those graded, a space between
    sql.Column("graded_at", Time, nullable=False),
    sql.Index("attempts_of_student", "student_id", "content", "exam"),
)

comments = sql.Table(
    "comments",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("student_id", sql.ForeignKey("students.id"), index=True),  # or else
    sql.Column("group_key", sql.Text, index=True),  # of submissions that behave alike
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("author", sql.Text, nullable=False),
    sql.Column("written_at", Time, nullable=False),
    sql.CheckConstraint("(student_id IS NULL) <> (group_key IS NULL)", name="about_one"),
)

overrides = sql.Table(
    "overrides",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),  # the one with the largest counts
    sql.Column("student_id", sql.ForeignKey("students.id"), nullable=False, index=True),
    sql.Column("exercise", sql.Text),  # null: of the grade as a whole
    sql.Column("points", sql.Float),  # null: what was given before is taken back
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("author", sql.Text, nullable=False),
    sql.Column("made_at", Time, nullable=False),
)

codes = sql.Table(
    "codes",  # the key to what was graded without names
    metadata,
    sql.Column("student_id", sql.ForeignKey("students.id"), primary_key=True),
    sql.Column("code", sql.Text, nullable=False, unique=True),
)
