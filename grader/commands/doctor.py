"""`grader doctor`: say how well this machine can isolate student code."""

import sys

import click


@click.command()
def doctor() -> None:
    """Say how well this machine can isolate student code.

    Each way is tried for real, and where the best one fails, what to do about it is said. Exit
    status: 0 if the best one works, else 1.

    \b
    grader doctor
    grader doctor && grader run submission/
    """
    from rich.console import Console
    from rich.table import Table

    from grader.doctor import rows, verdict
    from grader.sandbox import probe

    found = probe()
    table = Table("level", "here", "what was found")
    for row in rows(found):
        table.add_row(*row)
    Console().print(table)
    click.echo(verdict(found))
    sys.exit(0 if found[0].reached else 1)
