"""grades.csv: a line for each student, with nothing in it that a spreadsheet would run."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.batch.row import Row
from grader.errors import OutputError
from grader.exports.cells import number, plain, table, text
from grader.exports.plain import by_hand

BECAUSE = "look at it because"  # the column of those who have no grade


def write_table(path: Path, exercises: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the grades, whole or not at all; what is no grade is blank, and says why.

    Raises:
        OutputError: the file cannot be written.
    """
    head = ["student", "final", "possible", "earned", "penalty", "bonus", *exercises]
    lines = [[*head, "by hand", BECAUSE]]
    lines += [_cells(row, exercises) for row in sorted(rows, key=lambda row: row.student)]
    _replace(path, table(lines))


def leave_out(path: Path, student: str) -> bool:
    """Take the line of a student out of a table; False where it has none.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        lines = list(csv.reader(path.read_text("utf-8").splitlines(keepends=True)))
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    kept = [line for line in lines if line[:1] != [text(student)]]
    if len(kept) < len(lines):
        _replace(path, table(kept))
    return len(kept) < len(lines)


def _replace(path: Path, content: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content, "utf-8")
        beside.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}); name another folder with --out DIR."
        ) from None


def read_troubles(path: Path, names: Iterable[str] = ()) -> dict[str, str]:
    """Who is in grades.csv, and why they have no grade: empty where they have one.

    Args:
        names: who may be in it; a cell shows some characters of a name otherwise.

    Raises:
        OutputError: the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        known = {text(name): name for name in names}
        cells = {line["student"]: line[BECAUSE] for line in lines}
        return {known.get(cell) or plain(cell): why for cell, why in cells.items()}
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise OutputError(
            f"{path} cannot be read ({error}); `grader batch` writes it anew."
        ) from None


def _cells(row: Row, exercises: Sequence[str]) -> list[str]:
    grade = row.grade
    attempt = grade.attempt if grade and grade.marks else None
    if grade is None or attempt is None:
        blank = [number(row.final), *[""] * (4 + len(exercises))]
        decided = by_hand(grade) if grade else ""
        return [text(row.student), *blank, text(decided), text(row.trouble)]
    points = {mark.exercise: mark.points for mark in grade.marks}
    numbers = (grade.final, attempt.possible, attempt.earned, grade.penalty, attempt.bonus_earned)
    shown = [number(each) for each in (*numbers, *(points.get(name) for name in exercises))]
    return [text(row.student), *shown, text(by_hand(grade)), text(row.trouble)]
