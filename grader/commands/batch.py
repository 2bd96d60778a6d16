"""`grader batch`: grade a whole class, and keep every attempt."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import COURSE, DEADLINES, ONLY, course_root
from grader.commands.places import output_folder, suite_of

if TYPE_CHECKING:
    from grader.batch.entries import Entry
    from grader.batch.whole import Class


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@COURSE
@ONLY
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where reports, grades.csv and the gradebook go. Default: grader-report/NAME in the "
    "working folder.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many submissions are graded at once. Default: one for each core.",
)
@click.option(
    "--engine",
    type=click.Choice(["here", "dask"]),
    default="here",
    help="Where they are graded: on this machine, or by the workers of a dask scheduler.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="With --engine dask: the scheduler, tcp://HOST:8786."
)
@click.option(
    "--gradebook",
    "place",
    metavar="URL",
    help="The gradebook: a file of SQLite, or a URL of SQLAlchemy. "
    "Default: gradebook.sqlite3 beside the reports.",
)
@DEADLINES
@click.option(
    "--anonymous",
    is_flag=True,
    help="Show a code for each student, everywhere but in the gradebook and in what is exported.",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Grade even where student code cannot be isolated; the reports say so.",
)
def batch(
    submissions: Path,
    course_folder: Path | None,
    names: tuple[str, ...],
    out: Path | None,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    place: str | None,
    deadlines: Path | None,
    anonymous: bool,
    unsafe: bool,
) -> None:
    """Grade a whole class, and keep every attempt.

    SUBMISSIONS is a folder with one entry for each student: a folder, a .py, an .ipynb or a .zip.
    The folder that nbgrader collects into, the unpacked archives of Moodle and Canvas, and
    Gradescope's export are taken as they are. Each student gets a report in a folder of that name.
    Run it again after an interruption, or when more has come in: it grades what is new or changed,
    submission or exam, and nothing else.

    What lateness costs and which attempt counts is in the course's settings. A submission was
    handed in when Gradescope's metadata or nbgrader's timestamp.txt says; Canvas tells only that it
    was late; else the newest time of change of its files counts.

    What cannot be read or graded has no grade, is told with the reason, and stops nothing else.
    Exit status: 0 everything has a grade (points may be missing), 2 something has none, the run
    was interrupted, or it could not start.

    \b
    grader batch submissions/
    grader batch submissions/ --only dropout --out results --jobs 4
    grader batch nbgrader-course/submitted --gradebook grades.sqlite3
    grader batch submissions/ --engine dask --scheduler tcp://head:8786
    """
    from grader.batch.coded import without_names
    from grader.batch.entries import find_entries
    from grader.batch.whole import Class
    from grader.checks.run import cores
    from grader.course import open_course
    from grader.gradebook.rules import read_policy
    from grader.gradebook.store import Gradebook
    from grader.model import Isolation

    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler ADDRESS belong together.")
    entries = find_entries(submissions)
    root = course_root(course_folder, submissions)
    suite = suite_of(root, submissions, None)
    folder = output_folder(submissions, out)
    course = open_course(root, suite).only(names)
    policy = read_policy(root, deadlines)
    gradebook = Gradebook(place or str(folder / "gradebook.sqlite3"))
    lowest = Isolation.NONE if unsafe else Isolation.LANDLOCK
    if anonymous:
        entries = without_names(gradebook, entries)
    what = Class(course, suite, gradebook, folder, lowest, policy)
    sys.exit(_grade_class(what, entries, jobs or cores(), scheduler))


def _grade_class(what: "Class", entries: "list[Entry]", at_once: int, scheduler: str | None) -> int:
    """Grade a class and tell of it, however far it came."""
    from rich.console import Console

    from grader.batch.bar import bar
    from grader.batch.row import LEFT, Row
    from grader.batch.summary import places, summary
    from grader.batch.table import write_table
    from grader.batch.whole import grade_class
    from grader.classpage.gather import Listed
    from grader.classpage.whole import gather_class, publish

    rows: list[Row] = []
    try:
        with bar(len(entries)) as (on_row, on_event):
            for row in grade_class(what, entries, at_once, on_event, scheduler):
                rows.append(row)
                on_row(row)
    except KeyboardInterrupt:
        click.echo("grader: interrupted. What was graded is kept.", err=True)
    finally:  # also where the gradebook or the sandbox broke
        graded = {row.student for row in rows}
        left = [Row(each.shown, trouble=LEFT) for each in entries if each.shown not in graded]
        names = [exercise.name for exercise in what.course.exercises]
        write_table(what.out / "grades.csv", names, [*rows, *left])
    console = Console()
    console.print(summary(what.course.title, rows, len(entries)))
    listed = [Listed(row.student, row.trouble) for row in (*rows, *left)]
    publish(what.out, gather_class(what.out, listed, what.gradebook), what.gradebook)
    for name, place in places(what.out, what.gradebook.place):
        console.print(f"{name:<10}  {place}", soft_wrap=True, markup=False, highlight=False)
    return 2 if left or any(row.final is None for row in rows) else 0
