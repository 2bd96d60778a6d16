"""`grader override`: points that a person gives, with a reason."""

from typing import TYPE_CHECKING

import click

from grader.commands.options import GRADEBOOK, open_gradebook, require_student

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook


@click.command()
@click.argument("student")
@click.option("--points", metavar="N", type=click.FloatRange(min=0), help="What counts instead.")
@click.option("--remove", is_flag=True, help="Take back what was given before.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept and exported.")
@click.option("--author", metavar="NAME", help="Who decides. Default: the user of this machine.")
@click.option("--exercise", metavar="NAME", help="Only of this exercise. Default: of the grade.")
@GRADEBOOK
def override(
    student: str,
    points: float | None,
    remove: bool,
    reason: str,
    author: str | None,
    exercise: str | None,
    place: str | None,
) -> None:
    """Give STUDENT points by hand; they survive grading again.

    STUDENT is a name as `grader export csv` writes it, or a code. Points of an exercise take the
    place of those that were graded, and lateness lowers them as it does the others. Points of the
    grade as a whole are final, and stand also where there was no grade. What was graded is kept
    beside it, and so is every decision, with its author and time.

    \b
    grader override alice --exercise dropout --points 5 --reason "right, with a mask of floats"
    grader override bob --points 31.5 --reason "oral exam" --author "Prof. Ng"
    grader override bob --remove --reason "that was another Bob"
    """
    from contextlib import closing
    from getpass import getuser
    from math import isfinite

    from grader.gradebook import overrides
    from grader.report.words import count

    if (points is None) is not remove:
        raise click.UsageError("Say either --points N or --remove.")
    if points is not None and not isfinite(points):
        raise click.UsageError("--points must be a number.")
    if not reason.strip():
        raise click.UsageError("Give a --reason; it is what others will read.")
    with closing(open_gradebook(place)) as book:
        name = require_student(book, student)
        if exercise is not None:
            _require_exercise(book, name, exercise)
        author = author or getuser()
        overrides.override(book, name, exercise, points, reason=reason, author=author)
    what = f"{exercise} of {student}" if exercise else f"The grade of {student}"
    now = "is as it was graded" if points is None else f"has {count(points, 'point')} by hand"
    click.echo(f"{what} {now}. `grader export csv` shows all grades.")


def _require_exercise(book: "Gradebook", student: str, exercise: str) -> None:
    from grader.errors import GradebookError

    attempts = book.attempts(student)
    known = {name for each in attempts for name in (each.exercises or "").split()}
    if known and exercise not in known:
        raise GradebookError(
            f"{exercise} was never graded. Name one of {', '.join(sorted(known))}."
        )
