"""`grader list`: the exercises of the course."""

from pathlib import Path

import click

from grader.commands.options import COURSE, course_root


@click.command("list")
@COURSE
def list_exercises(course_folder: Path | None) -> None:
    """List the exercises of the course.

    For each its checks, its points, the functions that students write, and the files that it is
    made of. Checks that have to be drawn anew for every submission (they draw while they run) are
    named as "live"; that is known once the course has graded something.

    \b
    grader list
    grader list --course ~/course
    """
    from grader.course import open_course
    from grader.listing import listing

    click.echo(listing(open_course(course_root(course_folder))))
