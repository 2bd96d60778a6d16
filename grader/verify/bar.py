"""The progress bar of a proof: on standard error, and only where it is a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.checks.messages import Drawing, Event, Noticed
from grader.verify.whole import Steps


@contextmanager
def bar() -> Iterator[Steps]:
    """Show how many variants and experiments are done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield _Bar(progress, console)


class _Bar(Steps):
    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._row = progress.add_task("reading the course", total=0)
        self._expected = 0

    def expect(self, count: int) -> None:
        self._expected += count
        self._progress.update(self._row, total=self._expected)

    def done(self, what: str) -> None:
        self._progress.update(self._row, description=what, advance=1)

    def event(self, event: Event) -> None:
        match event:
            case Drawing(exercise):
                description = f"drawing the examples of {exercise}"
                self._progress.update(self._row, description=description)
            case Noticed(message):
                self._console.print(f"grader: {message}", markup=False, highlight=False)
