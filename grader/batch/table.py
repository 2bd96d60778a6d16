"""grades.csv: a line for each student, with nothing in it that a spreadsheet would run."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from grader.batch.row import Row
from grader.errors import OutputError
from grader.report.text import printable
from grader.report.words import amount

_FORMULA = ("=", "+", "-", "@")


def write_table(path: Path, exercises: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the grades, whole or not at all; what is no grade is blank, and says why.

    Raises:
        OutputError: the file cannot be written.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["student", "earned", "possible", "bonus", *exercises, "look at it because"])
    for row in sorted(rows, key=lambda row: row.student):
        lines.writerow(_cells(row, len(exercises)))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text.getvalue(), "utf-8")
        beside.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}); name another folder with --out DIR."
        ) from None


def _cells(row: Row, exercises: int) -> list[str]:
    points = row.points or (None,) * exercises
    numbers = (row.earned, row.possible, row.bonus_earned, *points)
    blank_or_number = ["" if number is None else amount(number) for number in numbers]
    return [_safe(row.student), *blank_or_number, _safe(row.trouble)]


def _safe(text: str) -> str:
    """Text that a spreadsheet takes for text."""
    text = printable(text, keep="")
    return f"'{text}" if text.startswith(_FORMULA) else text
