"""`grader kit`: write what students get."""

from pathlib import Path

import click

from grader.commands.options import COURSE, course_root


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@COURSE
def kit(folder: Path, course_folder: Path | None) -> None:
    """Write what students get into DIR.

    Stubs and notebooks, helper modules, the public checks, a README and a syllabus, but nothing of
    the references and of the hidden checks. Inside, `grader run .` runs the public checks. A file
    that is there with other content is never overwritten: then nothing is written, and the exit
    status is 2.

    \b
    grader kit ~/week1
    grader kit ~/week1 --course ~/course
    """
    from grader.handout import write_kit

    wrote = write_kit(course_root(course_folder), folder)
    click.echo(f"{folder}: wrote {len(wrote)} files. Students start with README.md.")
