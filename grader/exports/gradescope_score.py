"""The score of a submission on Gradescope: its points, and what the policy of the course makes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from grader.exports.gradescope_metadata import Metadata, Previous
from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import Grade, Mark, grade
from grader.gradebook.policy import Counts, Policy
from grader.model import Report
from grader.report import words


@dataclass(frozen=True, slots=True)
class Score:
    """What counts, and why.

    Attributes:
        remarks: a sentence each, for the student.
        facts: for other programs, below extra_data.
    """

    points: float
    remarks: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def score_of(report: Report, policy: Policy, told: Metadata | None) -> Score:
    """The points after lateness, or those of an earlier submission where the best one counts.

    The due date that Gradescope knows, extensions there included, goes before that of the course;
    a line for the student in the course's file of deadlines goes before both.

    Args:
        told: None where nothing is known of the submission: then it is in time.
    """
    found = _grade(report, policy, told)
    points = found.points - found.penalty
    best = _best(report, policy, told)
    counts = best if best and (best.score or 0.0) > points else None
    return Score(
        points=round((counts.score if counts else points) or 0.0, 2),
        remarks=tuple(_remarks(found, points, counts)) if told else _unknown(policy),
        facts=_facts(found, told),
    )


def _grade(report: Report, policy: Policy, told: Metadata | None) -> Grade:
    student = next((key for key in (told.keys if told else ()) if key in policy.own), "")
    if told and told.due:
        policy = replace(policy, due=told.due)
    attempt = Attempt(
        student,
        content=None,
        exam="",
        course_version=report.course_version,
        suite=report.suite,
        earned=report.earned,
        possible=report.possible,
        bonus_earned=report.bonus_earned,
        handed_in=told.handed_in if told else None,
    )
    marks = [Mark(each.name, each.earned, each.possible) for each in report.exercises]
    return grade(student, [attempt], marks, [], policy)


def _best(report: Report, policy: Policy, told: Metadata | None) -> Previous | None:
    """The best of the earlier ones that had the same checks."""
    if policy.counts is not Counts.BEST or told is None:
        return None
    same = (report.course_version, report.suite)
    earlier = [each for each in told.previous_submissions if each.exam == same]
    return max(earlier, key=lambda each: each.score or 0.0, default=None)


def _unknown(policy: Policy) -> tuple[str, ...]:
    if not policy.percent and policy.cut_off is None:
        return ()
    return ("It is not known when this was handed in, so nothing was taken off for lateness.",)


def _remarks(found: Grade, points: float, counts: Previous | None) -> Iterator[str]:
    if found.late and found.penalty:
        lost = words.count(found.penalty, "point")
        yield f"Handed in late, by {_shown(found.late)}: that costs {lost} of {found.points:g}."
    elif found.late:
        yield f"Handed in late, by {_shown(found.late)}; that costs nothing."
    if counts:
        earned, now = words.count(counts.score or 0.0, "point"), words.amount(points)
        when = f" of {_day(counts.submission_time)}" if counts.submission_time else ""
        yield f"The best submission counts: an earlier one{when} has {earned}, this one {now}."


def _facts(found: Grade, told: Metadata | None) -> dict[str, Any]:
    if told is None:
        return {}
    return {
        "students": told.names,
        "handed_in": told.handed_in.isoformat(),
        "due": told.due.isoformat() if told.due else None,
        "penalty": found.penalty,
    }


def _shown(late: timedelta) -> str:
    """In its two largest units."""
    minutes = max(round(late.total_seconds() / 60), 1)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (rest, "minute")]
    told = [words.count(number, unit) for number, unit in parts if number]
    return " and ".join(told[:2])


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")
