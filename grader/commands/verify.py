"""`grader verify`: prove the exam."""

import sys
from pathlib import Path

import click

from grader.commands.options import COURSE, course_root


@click.command()
@COURSE
@click.option(
    "--only", "names", metavar="EXERCISE", multiple=True, help="Prove just this one; repeatable."
)
@click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON, not as a table.")
def verify(course_folder: Path | None, names: tuple[str, ...], as_json: bool) -> None:
    """Prove the exam: what is right passes, what is wrong is caught.

    The reference earns full marks and the stub none; each known mistake is caught by the checks
    that it lists; each generated mutant of the reference is caught, or listed as equivalent; right
    solutions of another kind pass, and chance fails none. Exit status: 0 if all of it holds, 1 if
    anything falls short (a sentence says what, and the way out), 2 if it could not run.

    \b
    grader verify
    grader verify --only dropout
    grader verify --course ~/course --json
    """
    from grader.course import open_course
    from grader.verify import read_demands, to_json, verdict, verify
    from grader.verify.bar import bar
    from grader.verify.table import shown

    course = open_course(course_root(course_folder))
    with bar() as steps:
        proof = verify(course.only(names), read_demands(course.root), steps=steps, whole=not names)
    if as_json:
        click.echo(to_json(proof), nl=False)
    else:
        from rich.console import Console

        Console().print(shown(proof))
        click.echo(f"\n{verdict(proof)}")
    sys.exit(0 if proof.holds else 1)
