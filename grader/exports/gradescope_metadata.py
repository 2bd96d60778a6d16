"""submission_metadata.json: what Gradescope tells an autograder of a submission.

https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/ describes it. Only
what decides a grade is read; whatever else is in it, or is added to it, does not matter.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.errors import OutputError


class _Dates(msgspec.Struct):
    due_date: datetime | None = None


class _User(msgspec.Struct):
    name: str | None = None
    email: str | None = None
    sid: str | None = None
    assignment: _Dates | None = None  # where somebody has an extension


class _Extra(msgspec.Struct):
    """What results.json of this tool said of the exam."""

    course_version: str | None = None
    suite: str | None = None


class _Results(msgspec.Struct):
    extra_data: _Extra | None = None


class Previous(msgspec.Struct):
    """An earlier submission of the same students.

    Attributes:
        score: after what lateness cost it; None where it could not be graded.
    """

    submission_time: datetime | None = None
    score: float | None = None
    results: _Results | None = None

    @property
    def exam(self) -> tuple[str | None, str | None]:
        """The version of the course and the suite that it was graded with, as far as is known."""
        extra = self.results.extra_data if self.results else None
        return (extra.course_version, extra.suite) if extra else (None, None)


class Metadata(msgspec.Struct):
    """The file, as far as it is read."""

    created_at: datetime
    assignment: _Dates = msgspec.field(default_factory=_Dates)
    users: list[_User] = []
    previous_submissions: list[Previous] = []

    @property
    def handed_in(self) -> datetime:
        """When it came in."""
        return _zoned(self.created_at)

    @property
    def due(self) -> datetime | None:
        """When it was due: of a group, whoever has the most time decides."""
        own = [user.assignment for user in self.users if user.assignment]
        dates = [each.due_date for each in own if each.due_date]
        if not dates and self.assignment.due_date:
            dates = [self.assignment.due_date]
        return max(map(_zoned, dates), default=None)

    @property
    def names(self) -> list[str]:
        """The students, as they are called there."""
        return [name for user in self.users if (name := user.name or user.email)]

    @property
    def keys(self) -> list[str]:
        """All that a file of deadlines may call them."""
        return [key for user in self.users for key in (user.email, user.sid, user.name) if key]


def read_metadata(path: Path) -> Metadata:
    """Read the file.

    Raises:
        OutputError: it is missing, or is not as Gradescope writes it.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Metadata, strict=False)
    except OSError as error:
        trouble = f"cannot be read ({error.strerror})"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        trouble = f"is not as Gradescope writes it ({error})"
    raise OutputError(
        f"{path} {trouble}, so nothing is known of when this was handed in: it is graded as if it "
        "were in time. Grade it anew on Gradescope."
    )


def _zoned(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
