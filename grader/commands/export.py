"""`grader export`: the grades of a class, as other programs import them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import COURSE, DEADLINES, GRADEBOOK, course_root, open_gradebook

if TYPE_CHECKING:
    from grader.exports.whole import Wanted

FORMATS = ("canvas", "moodle", "nbgrader", "csv")


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@GRADEBOOK
@COURSE
@DEADLINES
@click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The platform's own file to fill in: the gradebook exported by Canvas, or the grading "
    "worksheet of Moodle. Without one, students are those of the platform's archive.",
)
@click.option(
    "--name", metavar="NAME", help='The assignment; for Canvas "Week 1 (4711)". Default: the title.'
)
@click.option(
    "--out-of",
    metavar="N",
    type=click.FloatRange(min=0, min_open=True),
    help="Scale the points, so that these are all there are.",
)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Default: standard output."
)
def export(
    form: str,
    place: str | None,
    course_folder: Path | None,
    deadlines: Path | None,
    roster: Path | None,
    name: str | None,
    out_of: float | None,
    out: Path | None,
) -> None:
    """Write the grades, for other programs to import.

    FORMAT is canvas, moodle, nbgrader, or csv for everything. Every grade is what counts: by the
    course's policy, after lateness, with what was given by hand. Who has no grade has a blank, and
    never a zero. Names of students stand in it, also where the class was graded without them. Text
    that a spreadsheet would run has an apostrophe in front.

    Exit status: 0 everyone is in it, 1 someone is not (a sentence says who), 2 it could not start.

    \b
    grader export csv
    grader export canvas --roster canvas-export.csv --name "Week 1 (4711)" --out canvas.csv
    grader export moodle --roster worksheet.csv --out-of 100 --out moodle.csv
    grader export nbgrader --gradebook results/gradebook.sqlite3 --name ps1
    """
    from math import isfinite

    from grader.exports.whole import Wanted

    if out_of is not None and not isfinite(out_of):
        raise click.UsageError("--out-of must be a number.")
    wanted = Wanted(form, roster, name, out_of)
    text, remarks = _exported(wanted, place, course_root(course_folder), deadlines)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text)
    for remark in remarks:
        click.echo(f"grader: {remark}", err=True)
    sys.exit(1 if remarks else 0)


def _exported(
    wanted: "Wanted", place: str | None, root: Path, deadlines: Path | None
) -> tuple[str, list[str]]:
    from contextlib import closing

    from grader.course import open_course
    from grader.exports.whole import exported
    from grader.gradebook.comments import all_comments
    from grader.gradebook.grades import grades
    from grader.gradebook.rules import read_policy

    policy, title = read_policy(root, deadlines), open_course(root).title
    comments: dict[str, list[str]] = {}
    with closing(open_gradebook(place)) as book:
        for each in all_comments(book):
            if each.student:
                comments.setdefault(each.student, []).append(each.text)
        found = grades(book, policy)
    return exported(wanted, found, comments, policy, title)


def _write(path: Path, text: str) -> None:
    from grader.errors import OutputError

    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}); name another file with --out FILE."
        ) from None
