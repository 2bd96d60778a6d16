"""Cells of CSV files, which no spreadsheet runs.

A spreadsheet takes a cell for a formula if it begins with =, +, -, @, a tab or a carriage return,
whatever quotes are around it, and a formula can send what stands in other cells elsewhere. The
text of such a cell is what a student may choose: a name, or the name of a file. So it gets an
apostrophe in front, as OWASP advises, which makes it text. Numbers are ours and may be negative:
they get none, because with one they would be no numbers. Nor does a lone "-", by which Moodle says
that there is nothing.
"""

import csv
import io
from collections.abc import Iterable

from grader.report.text import AUTHORS, printable
from grader.report.words import amount

_SPACES = "\u00a0\u3000"  # stand in names of people
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text(value: str) -> str:
    """Text that a spreadsheet takes for text, in one line."""
    shown = printable(value, keep=AUTHORS + _SPACES)
    runs = value.startswith(_FORMULA) or shown.startswith(_FORMULA)
    return f"'{shown}" if runs and value != "-" else shown


def plain(cell: str) -> str:
    """What `text` made a cell of."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def number(value: float | None) -> str:
    """A number; what is none is blank, and never 0."""
    return "" if value is None else amount(value)


def table(lines: Iterable[Iterable[str]]) -> str:
    """The file of these lines."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue()
