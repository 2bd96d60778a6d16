"""Which checks a command runs, and where its reports go."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import OutputError

if TYPE_CHECKING:
    from grader.model import Suite


def suite_of(root: Path, submission: Path, name: str | None) -> "Suite":
    """Checks that a submission brings along are its own, so only the public ones count."""
    from grader.contents import is_kit
    from grader.model import Suite

    if is_kit(root):
        return Suite(name or "public")
    if root.resolve().is_relative_to(submission.resolve()):
        if name not in (None, "public"):
            raise OutputError(
                f"The course {root} lies inside the submission, so only its public checks can "
                "run. Name the real course with --course DIR."
            )
        click.echo(
            f"grader: the course {root} lies inside the submission; only its public checks run.",
            err=True,
        )
        return Suite.PUBLIC
    return Suite(name or "hidden")


def output_folder(submission: Path, out: Path | None) -> Path:
    """Where the report goes; what cannot be written is said before the grading, not after it."""
    from grader.report.files import require_place

    inside = submission.resolve()
    beside = Path.cwd().resolve().is_relative_to(inside)
    base = inside.parent if beside else Path.cwd()
    folder = out or base / "grader-report" / (inside.name or "submission")
    if folder.resolve().is_relative_to(inside):
        named = f"--out {out}" if out else f"The report's default folder {folder}"
        raise OutputError(
            f"{named} lies inside the submission, into which nothing is written. "
            "Name a folder outside of it with --out DIR."
        )
    require_place(folder)
    return folder
