"""A progress bar for people: on standard error, and only where it is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.checks.messages import Decided, Drawing, Drawn, Event, Noticed, Started
from grader.course import Course


@contextmanager
def progress(course: Course) -> Iterator[Callable[[Event], None]]:
    """Show how many of the course's checks are decided, and which exercise is examined."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        total = sum(len(exercise.checks) for exercise in course.exercises)
        row = bar.add_task("starting the sandbox", total=total)
        decided: set[tuple[str, str, str]] = set()

        def on_event(event: Event) -> None:
            match event:
                case Drawing(exercise):
                    bar.update(row, description=f"drawing the examples of {exercise}")
                case Drawn(panel):
                    bar.update(row, description=f"worked run: {panel.title}")
                case Noticed(message):
                    console.print(f"grader: {message}", markup=False, highlight=False)
                case Started(exercise):
                    bar.update(row, description=exercise)
                case Decided(exercise, suite, check):
                    decided.add((exercise, suite, check))
                    bar.update(row, completed=len(decided))

        yield on_event
