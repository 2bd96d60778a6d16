"""`grader gradescope`: an autograder for Gradescope that runs this tool there."""

from pathlib import Path

import click

from grader.commands.options import COURSE, course_root


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@COURSE
@click.option(
    "--unsafe",
    is_flag=True,
    help="Grade even where student code cannot be isolated; every result says so.",
)
def gradescope(folder: Path, course_folder: Path | None, unsafe: bool) -> None:
    """Write autograder.zip for Gradescope into DIR.

    It holds this tool, the course with its hidden checks, and setup.sh and run_autograder, which
    Gradescope runs. There, grading is as here: in a sandbox, with as much isolation as the
    container allows; the log of the build says how much. Where it allows none, grading ends with
    an error and gives no grade, unless --unsafe was given here.

    \b
    grader gradescope ~/week1
    then, on Gradescope: Programming Assignment, Configure Autograder, upload the zip.
    """
    from grader.autograder import write_autograder

    path = write_autograder(course_root(course_folder), folder, unsafe=unsafe)
    size = path.stat().st_size / 1e6
    click.echo(f"wrote {path} ({size:.1f} MB). It holds the hidden checks: give it to nobody.")
