"""An attempt: a submission as it was handed in, graded with an exam as it was then."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submission, and what came of grading it.

    Attributes:
        content: digest of the submission, None where it could not be read.
        exam: digest of everything that decides its grade.
        earned: None where there is no grade, and `trouble` says why.
        report: report.json, None where there is none.
        handed_in: in UTC; None where nothing tells.
        marked_late: who collected it calls it late, and does not say by how much.
        exercises: names of those that were graded, a space between.
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
    handed_in: datetime | None = None
    marked_late: bool | None = None
    exercises: str | None = None

    @property
    def rules(self) -> tuple[str, str, str | None]:
        """What its points are points of; only attempts that agree in it can be compared."""
        return self.course_version, self.suite, self.exercises
