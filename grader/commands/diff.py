"""`grader diff`: whose grade a changed exam changes, before it counts."""

import sys
from pathlib import Path

import click

from grader.commands.options import COURSE, DEADLINES, GRADEBOOK, course_root, open_gradebook


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@GRADEBOOK
@COURSE
@DEADLINES
@click.option(
    "--only", "names", metavar="EXERCISE", multiple=True, help="As the class was graded with it."
)
@click.option("--anonymous", is_flag=True, help="As the class was graded with it.")
@click.option("--unsafe", is_flag=True, help="As the class was graded with it.")
def diff(
    submissions: Path,
    place: str | None,
    course_folder: Path | None,
    deadlines: Path | None,
    names: tuple[str, ...],
    anonymous: bool,
    unsafe: bool,
) -> None:
    """Show whose grade a changed exam changes, before it counts.

    SUBMISSIONS are graded with the exam as it is now, and compared with the gradebook: who has more
    or less, and by which checks. Points that were given by hand hold, as they would. Nothing is
    kept; `grader batch` does that. What was handed in since is named, and not compared.

    Exit status: 0 nobody's grade changes, 1 somebody's does, 2 something could not be graded.

    \b
    grader diff submissions/
    grader diff submissions/ --gradebook results/gradebook.sqlite3
    """
    from contextlib import closing
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from grader.batch.bar import bar
    from grader.batch.changes import changes
    from grader.batch.changes_table import shown
    from grader.batch.coded import without_names
    from grader.batch.entries import find_entries
    from grader.batch.whole import Class
    from grader.checks.run import cores
    from grader.course import open_course
    from grader.gradebook.rules import read_policy
    from grader.gradebook.trial import Trial
    from grader.model import Isolation, Suite

    entries = find_entries(submissions)
    course = open_course(course_root(course_folder, submissions)).only(names)
    policy = read_policy(course.root, deadlines)
    suite = Suite.PUBLIC if course.is_kit else Suite.HIDDEN
    lowest = Isolation.NONE if unsafe else Isolation.LANDLOCK
    with closing(open_gradebook(place)) as book, TemporaryDirectory() as folder:
        if anonymous:
            entries = without_names(book, entries, keep=False)
        what = Class(course, suite, Trial(book), Path(folder), lowest, policy)
        with bar(len(entries)) as tell:
            found = list(changes(what, book, entries, cores(), tell))
    Console().print(shown(found))
    troubled = any(each.matters and each.after.final is None for each in found)
    sys.exit(2 if troubled else int(any(each.matters for each in found)))
