"""How a class did, for a terminal: in numbers, and everyone whom a person has to look at."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.batch.row import Row, tally
from grader.report.text import printable
from grader.report.words import amount, count


def summary(course: str, rows: Sequence[Row], total: int) -> RenderableType:
    """Return it; every string goes into a `Text`, so that no markup is ever interpreted."""
    found = tally(rows)
    grid = Table.grid(padding=(0, 2))
    grid.title, grid.title_justify = Text(_line(course), style="bold"), "left"
    grid.add_column()
    grid.add_column(overflow="fold")
    graded = f"{found.new} now, {found.kept} before and unchanged since"
    lines = [("Graded", graded)]
    if found.earned:
        lines.append(("Points", _points(found.earned, rows)))
        lines.append(("Full marks", count(found.full, "submission")))
    if found.late:
        lines.append(("Late", f"{count(found.late, 'submission')}, which lost points by it"))
    if found.by_hand:
        lines.append(("By hand", f"{count(found.by_hand, 'grade')}, decided by a person"))
    if len(rows) < total:
        lines.append(("Left", f"{total - len(rows)}; the same command goes on with them"))
    if found.troubled:
        many = count(len(found.troubled), "submission")
        lines.append(("No grade", f"{many}, for a person to look at:"))
    for name, value in lines:
        grid.add_row(Text(name, style="bold"), Text(value))
    _add(grid, found.troubled)
    if found.earlier:
        many = count(len(found.earlier), "submission")
        counts = f"{many} count{'s' if len(found.earlier) == 1 else ''}"
        words = f"{counts}, because the latest has no grade:"
        grid.add_row(Text("Earlier one", style="bold"), Text(words))
        _add(grid, found.earlier)
    return grid


def _add(grid: Table, rows: Sequence[Row]) -> None:
    for row in rows:
        grid.add_row(Text(), Text(f"{_line(row.student)}: {_line(row.trouble)}", style="yellow"))


def places(out: Path, gradebook: str) -> list[tuple[str, str]]:
    """Return where everything is; paths are not wrapped, because people copy them."""
    return [
        ("Reports", f"{out}/NAME/report.html"),
        ("Class", str(out / "class.html")),
        ("Grades", str(out / "grades.csv")),
        ("Gradebook", gradebook),
    ]


def _points(earned: tuple[float, ...], rows: Sequence[Row]) -> str:
    possible = next((row.possible for row in rows if row.possible is not None), None)
    of = "" if possible is None else f" of {amount(possible)}"
    return (
        f"{amount(fmean(earned))}{of} in the mean, {amount(median(earned))} in "
        f"the middle, from {amount(earned[0])} to {amount(earned[-1])}"
    )


def _line(text: str) -> str:
    return printable(text, keep="")
