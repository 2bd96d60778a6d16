"""Grades and a report with everything in them that has to be told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import Grade, Mark, Override, grade
from grader.gradebook.policy import Policy
from grader.model import Report, Status
from tests.grader.report import conftest as reports

full_report = reports.full_report  # a fixture

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
POLICY = Policy(due=DUE, percent=10)
ATTEMPT = Attempt(
    "al",
    "c1",
    "e1",
    "v1",
    "hidden",
    earned=6.5,
    possible=10.0,
    bonus_earned=1.0,
    handed_in=DUE - timedelta(hours=2),
)
MARKS = (Mark("relu", 4.5, 6.0), Mark("softmax", 2.0, 4.0))


def made(student: str, *, late: float = 0, trouble: str = "", **given: float) -> Grade:
    """The grade of a student: days late, why there is none, points given by hand."""
    when = DUE + timedelta(days=late) if late else ATTEMPT.handed_in
    attempt = replace(ATTEMPT, student=student, handed_in=when)
    if trouble:
        attempt = replace(attempt, earned=None, bonus_earned=None, trouble=trouble)
    decided = [
        Override(None if name == "whole" else name, points, "He asked.", "Prof", DUE)
        for name, points in given.items()
    ]
    return grade(student, [attempt], () if trouble else MARKS, decided, POLICY)


@pytest.fixture(scope="session")
def grades() -> list[Grade]:
    return [
        made("Ana Li_1234"),
        made("Bo Ek_77", late=0.5),
        made("=cmd_78", trouble="It is damaged."),
        made("Cy Ho_79", late=0.5, whole=9.0),
        made("di", softmax=4.0),
    ]


def lines(text: str) -> list[list[str]]:
    import csv

    return list(csv.reader(text.splitlines()))


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def hostile(full_report: Report) -> Report:
    """A report whose texts try to be commands, markup and XML."""
    exercise = full_report.exercises[0]
    check = replace(
        exercise.checks[0],
        status=Status.FAILED,
        title="a|b,c:d %0A::stop",
        message="::error::mine\n::add-mask::x\r\n</pre><script>\n\n# ]]> <b>\x1b[31m\0",
        example="::set-env name=A::b",
    )
    first = replace(exercise, file="a,b:c.py", title="<i>|x", checks=(check,))
    return replace(full_report, exercises=(first, *full_report.exercises[1:]))
