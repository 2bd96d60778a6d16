"""Deadlines of single students, from a CSV file: student, and due, extension or handed_in.

due and handed_in are times as in ISO 8601; without a zone they are in that of the course's own.
An extension is a number of days, or 36h, or 90m, or 1 week. Spreadsheets save ";" or tabs as well
as ",".
"""

import contextlib
import csv
import re
from datetime import date, datetime, timedelta
from pathlib import Path

from grader.errors import CourseError
from grader.gradebook.policy import Own

_COLUMNS = ("student", "due", "extension", "handed_in")
_EXTENSION = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*(\w*)")
_UNITS = {
    "weeks": ("w", "week", "weeks"),
    "days": ("", "d", "day", "days"),
    "hours": ("h", "hour", "hours"),
    "minutes": ("m", "min", "minute", "minutes"),
}


def read_deadlines(path: Path, course_due: datetime | None) -> dict[str, Own]:
    """What holds for single students, by name.

    Raises:
        CourseError: the file cannot be read, or a line of it cannot be understood.
    """
    try:
        text = path.read_text("utf-8-sig")
        lines = list(csv.DictReader(text.splitlines(), delimiter=_delimiter(text)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(
            f"{path} cannot be read ({getattr(error, 'strerror', None) or error}). Save the "
            "deadlines as CSV in UTF-8, or name another file."
        ) from None
    found: dict[str, Own] = {}
    for number, line in enumerate(lines, 2):
        cells = {str(k).strip(): v.strip() for k, v in line.items() if isinstance(v, str)}
        name = cells.get("student", "")
        if "student" not in cells or not set(cells) & set(_COLUMNS[1:]):
            raise CourseError(
                f"{path} needs a first line with the columns student and {', '.join(_COLUMNS[1:])} "
                "(one of them is enough)."
            )
        if name in found:
            raise CourseError(f"{path}, line {number}: {name} is there twice. Keep one line.")
        if name:
            found[name] = _own(cells, course_due, f"{path}, line {number}: ")
    return found


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _own(cells: dict[str, str], course_due: datetime | None, where: str) -> Own:
    due, handed_in = (_time(cells.get(c, ""), course_due, where) for c in ("due", "handed_in"))
    own = Own(due, _extension(cells.get("extension", ""), where), handed_in)
    if own.extension and not (due or course_due):
        raise CourseError(
            f"{where}an extension needs a time to extend. Write due there, or in "
            "[tool.grader.late]."
        )
    return own


def _time(text: str, course_due: datetime | None, where: str) -> datetime | None:
    if not text:
        return None
    with contextlib.suppress(ValueError):
        date.fromisoformat(text)  # its first minute would be meant by nobody
        raise CourseError(f"{where}{text} has no time of day. Write it as {text}T23:59+01:00.")
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time and time.tzinfo is None and course_due:
        time = time.replace(tzinfo=course_due.tzinfo)
    if time is None or time.tzinfo is None:
        raise CourseError(f"{where}{text!r} is no time. Write it as 2026-11-20T23:59+01:00.")
    return time


def _extension(text: str, where: str) -> timedelta:
    if not text:
        return timedelta(0)
    found = _EXTENSION.fullmatch(text.lower())
    unit = next((unit for unit, words in _UNITS.items() if found and found[2] in words), None)
    if not found or unit is None:
        raise CourseError(f"{where}{text!r} is no extension. Write days, as 2, or 36h, or 90m.")
    return timedelta(**{unit: float(found[1])})
