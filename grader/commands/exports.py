"""The options of `grader run` by which other programs are told."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from grader.exports.gradescope_score import Score
    from grader.model import Report


@dataclass(frozen=True, slots=True)
class Exports:
    """What other programs are told of a run.

    Attributes:
        gradescope: a file, or the folder of results.json.
        metadata: Gradescope's submission_metadata.json; with it the course's policy holds.
        junit: a file.
        github: whether a job of GitHub Actions is told.
    """

    gradescope: Path | None = None
    junit: Path | None = None
    github: bool = False
    metadata: Path | None = None

    def write(self, report: "Report", root: Path, *, as_json: bool = False) -> None:
        """Write all that is wanted of a report; what is printed later is no command to a runner.

        Args:
            report: what may be told.
            root: the folder of the course.
            as_json: standard output is report.json, and nothing else may be on it.

        Raises:
            OutputError: a file cannot be written.
        """
        if self.gradescope:
            from grader.exports.gradescope import to_results

            folder = self.gradescope.is_dir() or not self.gradescope.suffix
            path = self.gradescope / "results.json" if folder else self.gradescope
            _write(path, to_results(report, _score(report, root, self.metadata)))
        if self.junit:
            from grader.exports.junit import to_xml

            _write(self.junit, to_xml(report))
        if self.github:
            _tell_github(report, as_json=as_json)


def exports(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command, which is given `exports`."""

    @wraps(command)
    def with_exports(
        *args: Any,
        gradescope: Path | None,
        junit: Path | None,
        github: bool,
        metadata: Path | None,
        **options: Any,
    ) -> None:
        if metadata and not gradescope:
            raise click.UsageError("--gradescope-metadata and --gradescope FILE belong together.")
        command(*args, exports=Exports(gradescope, junit, github, metadata), **options)

    path = click.Path(path_type=Path)
    options = (
        click.option(
            "--gradescope",
            metavar="FILE",
            type=path,
            help="Also write results.json for Gradescope: a file, or the folder that it goes to.",
        ),
        click.option(
            "--gradescope-metadata",
            "metadata",
            metavar="FILE",
            type=path,
            help="submission_metadata.json of Gradescope: the score is then by the course's "
            "policy, lateness included.",
        ),
        click.option(
            "--junit", metavar="FILE", type=path, help="Also write XML of test results, as JUnit."
        ),
        click.option(
            "--github",
            is_flag=True,
            help="Also print annotations for GitHub Actions, and add to the summary of the job.",
        ),
    )
    for option in reversed(options):
        with_exports = option(with_exports)
    return with_exports


def _score(report: "Report", root: Path, metadata: Path | None) -> "Score | None":
    """The score by the course's policy; what is not known of a submission costs nobody anything."""
    if metadata is None:
        return None
    from grader.errors import OutputError
    from grader.exports.gradescope_metadata import read_metadata
    from grader.exports.gradescope_score import score_of
    from grader.gradebook.rules import read_policy

    policy = read_policy(root)
    try:
        return score_of(report, policy, read_metadata(metadata))
    except OutputError as error:
        click.echo(f"grader: {error}", err=True)
        return score_of(report, policy, None)


def _write(path: Path, text: str) -> None:
    from grader.errors import OutputError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}). Name another.") from None


def _tell_github(report: "Report", *, as_json: bool) -> None:
    """Annotate, and add to the summary of the job where there is one."""
    from secrets import token_hex

    from grader.exports import github

    token = token_hex(16)  # nothing that a student wrote can name it
    click.echo(github.annotations(report) + github.stop(token), nl=False, err=as_json)
    click.get_current_context().call_on_close(
        lambda: click.echo(github.go_on(token), nl=False, err=as_json)
    )
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        from grader.errors import OutputError

        try:
            with Path(place).open("a", encoding="utf-8") as file:
                file.write(github.summary(report))
        except OSError as error:
            raise OutputError(
                f"The summary {place} cannot be written ({error.strerror}). Mend "
                "GITHUB_STEP_SUMMARY."
            ) from None
