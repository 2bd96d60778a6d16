"""`grader run`: grade one submission."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.exports import Exports, exports
from grader.commands.options import COURSE, ONLY, course_root
from grader.commands.places import output_folder, suite_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.checks.findings import Findings
    from grader.checks.run import Examiners
    from grader.course import Course
    from grader.model import Report, Submission, Suite


@click.command()
@click.argument("submission", type=click.Path(path_type=Path))
@COURSE
@ONLY
@click.option(
    "--suite",
    "suite_name",
    type=click.Choice(["public", "hidden", "all"]),
    help="Which checks to run. Default: hidden; in a kit, public.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where report.html and report.json go. Default: grader-report/NAME in the working "
    "folder, or beside the submission if the working folder lies inside it.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Draw every example anew, with Hypothesis; slower, and the same result.",
)
@click.option(
    "--worked-run",
    "works",
    is_flag=True,
    help="Also train the course's network with the functions of the submission, and show its cost "
    "curves and decision boundaries on the page. It takes a few seconds and decides nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print report.json instead of a summary.")
@click.option(
    "--view",
    type=click.Choice(["student", "instructor"]),
    default="student",
    help="Whose report it is. Default: the student's, who sees of hidden checks what the course's "
    "setting `feedback` says; an instructor sees all.",
)
@click.option(
    "--watch",
    "watches",
    is_flag=True,
    help="Grade again whenever a file of the submission is saved, until Ctrl-C; an open page "
    "follows.",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Grade even where student code cannot be isolated; the report says so.",
)
@exports
def run(
    submission: Path,
    course_folder: Path | None,
    names: tuple[str, ...],
    suite_name: str | None,
    out: Path | None,
    live: bool,
    works: bool,
    as_json: bool,
    view: str,
    watches: bool,
    unsafe: bool,
    exports: Exports,
) -> None:
    """Grade SUBMISSION: a folder, a .py, an .ipynb or a .zip. Nothing in it is changed.

    Exit status: 0 full marks, 1 points are missing, 2 could not grade (one sentence says why).

    \b
    grader run submission/ --watch
    grader run submission/ --worked-run
    grader run Regularization.ipynb --only regularization
    grader run submission.zip --course ~/course --out /tmp/report --json
    grader run /autograder/submission --gradescope /autograder/results
    """
    from grader.course import settings_of
    from grader.grade import exit_code
    from grader.model import Feedback
    from grader.report.files import write_report
    from grader.report.json_report import to_json
    from grader.report.policy import seen
    from grader.submission import read_submission

    if watches and (as_json or exports != Exports()):
        raise click.UsageError(
            "--watch is for people: leave out --json, --junit, --gradescope and --github."
        )
    root = course_root(course_folder, submission)
    suite = suite_of(root, submission, suite_name)
    feedback = settings_of(root).feedback if view == "student" else Feedback.FULL
    with _examiners(root, suite, live=live, unsafe=unsafe) as examiners:
        submitted = read_submission(submission)
        folder = output_folder(submission, out)
        grade = _grading(examiners, root, suite, names, works=works)
        if watches:
            _watch(submission, lambda each: seen(grade(each), feedback), folder)
            return
        report = seen(grade(submitted), feedback)
    _, page = write_report(report, folder)
    exports.write(report, root, as_json=as_json)
    if as_json:
        sys.stdout.buffer.write(to_json(report))
    else:
        _print_summary(report, page)
    sys.exit(exit_code(report))


def _examiners(root: Path, suite: "Suite", *, live: bool, unsafe: bool) -> "Examiners":
    """Start the sandbox: it takes as long as reading the course and the submission."""
    from grader.checks.run import Examiners, setup_for
    from grader.contents import is_kit
    from grader.course import settings_of
    from grader.model import Isolation, Suite

    own_work = unsafe or suite is Suite.PUBLIC
    lowest = Isolation.NONE if own_work else Isolation.LANDLOCK
    settings = settings_of(root)
    live = live or is_kit(root)  # examples are drawn in advance on the references
    setup = setup_for(root, settings, lowest)
    return Examiners(setup, settings.check_seconds, live=live)


def _grading(
    examiners: "Examiners",
    root: Path,
    suite: "Suite",
    names: tuple[str, ...],
    *,
    works: bool,
) -> "Callable[[Submission], Report]":
    """How a submission is graded for the exercises of these names; the course is read once."""
    from grader.checks.drawing import draw
    from grader.course import open_course, worked_run_file
    from grader.grade import make_report
    from grader.progress import progress
    from grader.regrading import Regrading

    whole = open_course(root, suite)
    course = whole.only(names)
    if works:
        worked_run_file(root)  # said before the grading, not after it

    def examine(part: "Course", submitted: "Submission") -> "Findings":
        with progress(part) as on_event:
            return examiners.examine(part, submitted, on_event)

    regrading = Regrading(course, examine)

    def grade(submitted: "Submission") -> "Report":
        findings, panels = regrading.findings(submitted), None
        if works:
            with progress(course) as on_event:
                panels = draw(whole, submitted, lowest=examiners.lowest, on_event=on_event)
        return make_report(course, submitted, suite, findings, panels)

    return grade


def _watch(submission: Path, grade: "Callable[[Submission], Report]", folder: Path) -> None:
    """Grade, print and write after each save; afterwards the page is one like all others."""
    from rich.console import Console

    from grader.report.files import end_watch, write_report
    from grader.report.terminal import brief
    from grader.submission.names import escaped
    from grader.watching import keep_grading

    last: list[Report] = []

    def on_save(submitted: "Submission") -> None:
        report = grade(submitted)
        _, page = write_report(report, folder, watched=True)
        if last:
            Console().print(brief(report, last[-1]))
        else:
            _print_summary(report, page)
            told = f"Watching   {escaped(str(submission))}: what is saved is graded again."
            click.echo(f"{told} Ctrl-C ends it.")
        last[:] = [report]

    keep_grading(submission, on_save, lambda sentence: click.echo(f"grader: {sentence}", err=True))
    if last:
        end_watch(last[-1], folder)


def _print_summary(report: "Report", page: Path) -> None:
    from rich.console import Console

    from grader.report.terminal import summary
    from grader.submission.names import escaped

    console = Console()
    console.print(summary(report))
    place = escaped(str(page))  # a name in it may be a student's
    console.print(f"Report     {place}", soft_wrap=True, markup=False, highlight=False)
