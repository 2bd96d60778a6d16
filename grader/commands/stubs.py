"""`grader stubs`: derive what students fill in."""

import sys
from pathlib import Path

import click

from grader.commands.options import COURSE, course_root


@click.command()
@COURSE
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a stub is out of date.")
def stubs(course_folder: Path | None, check: bool) -> None:
    """Derive what students fill in from the references.

    Each reference/NAME.py without its answers is exercises/NAME.py, and exercises/NAME.ipynb with
    the text in Markdown and the formulas of reference/formulas.toml set.

    \b
    grader stubs             write them
    grader stubs --check     for CI: fail if they drifted from the references
    """
    from grader.course import read_syllabus
    from grader.stubs import stale_stubs, write_stubs

    root = course_root(course_folder)
    if not check:
        for path in write_stubs(root):
            click.echo(f"wrote {path}")
        return
    stale = stale_stubs(root)
    for path in stale:
        listed = path.stem in read_syllabus(root)
        click.echo(
            f"{path} is out of date. Run `grader stubs`."
            if listed
            else f"{path} belongs to no exercise of the course. Delete it, or list the exercise "
            "in reference/__init__.py."
        )
    sys.exit(1 if stale else 0)
