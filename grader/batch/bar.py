"""The progress bar of a class: on standard error, and only where it is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from grader.batch.row import Row
from grader.checks.messages import Drawing, Event, Noticed
from grader.report.text import printable


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{60 * task.speed:.0f} a minute" if task.speed else "")


@contextmanager
def bar(total: int) -> Iterator[tuple[Callable[[Row], None], Callable[[Event], None]]]:
    """Show how far a class is graded, at what rate, and how long it will take."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        line = progress.add_task("grading", total=total)

        def on_row(row: Row) -> None:
            progress.update(line, description=printable(row.student, 40, keep=""), advance=1)

        def on_event(event: Event) -> None:
            match event:
                case Drawing(exercise):
                    progress.update(line, description=f"drawing the examples of {exercise}")
                case Noticed(message):
                    console.print(f"grader: {message}", markup=False, highlight=False)

        yield on_row, on_event
