"""The policy of a course: `[tool.grader.grades]` and `[tool.grader.late]` of its pyproject.toml."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader.errors import CourseError
from grader.gradebook.deadlines import read_deadlines
from grader.gradebook.policy import Counts, Policy
from grader.settings import read_table


def read_policy(root: Path, deadlines: Path | None = None) -> Policy:
    """Read the policy of the course at `root`.

    Args:
        root: the folder of the course.
        deadlines: a file of students' own deadlines, instead of the one that the course names.

    Raises:
        CourseError: a key is unknown, a value is of another type, or the file is wrong.
    """
    graded = _checked(root, "tool.grader.grades", {"counts": _is_counts, "bonus": _is_bool})
    late = _checked(root, "tool.grader.late", _LATE)
    days = late.get("cut_off_days")
    policy = Policy(
        counts=Counts(graded.get("counts", "latest")),
        bonus=graded.get("bonus", False),
        due=late.get("due"),
        grace=timedelta(minutes=late.get("grace_minutes", 0)),
        percent=float(late.get("percent_per_day", 0)),
        cut_off=None if days is None else timedelta(days=days),
    )
    file = deadlines or (root / late["deadlines"] if "deadlines" in late else None)
    if file:
        policy = replace(policy, own=read_deadlines(file, policy.due))
    if late and policy.due is None and not policy.own:
        raise CourseError(
            f"{root / 'pyproject.toml'}: [tool.grader.late] says what lateness costs, but not "
            "when work is due. Write due = 2026-11-20T23:59:00+01:00, or deadlines = a file."
        )
    return policy


def _is_counts(value: Any) -> bool:
    return value in tuple(Counts)


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_time(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 <= value <= 1e6


def _is_percent(value: Any) -> bool:
    return _is_number(value) and value <= 100


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and value != ""


_LATE = {
    "due": _is_time,
    "grace_minutes": _is_number,
    "percent_per_day": _is_percent,
    "cut_off_days": _is_number,
    "deadlines": _is_file,
}
_KINDS = {
    _is_counts: 'must be "latest" or "best"',
    _is_bool: "must be true or false",
    _is_time: "must be a time with its zone, such as 2026-11-20T23:59:00+01:00, without quotes",
    _is_number: "must be a number that is not negative",
    _is_percent: "must be a number from 0 to 100",
    _is_file: "must be the name of a CSV file",
}


def _checked(root: Path, name: str, keys: dict[str, Any]) -> dict[str, Any]:
    path, table = root / "pyproject.toml", read_table(root, name)
    for key, value in table.items():
        if key not in keys:
            raise CourseError(
                f"{path}: [{name}] has the key {key!r}, which grader does not know. "
                f"Known keys: {', '.join(sorted(keys))}."
            )
        if not keys[key](value):
            raise CourseError(f"{path}: [{name}] {key} = {value!s} {_KINDS[keys[key]]}.")
    return table
