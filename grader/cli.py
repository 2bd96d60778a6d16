"""The command line. Each command imports what it needs, when it runs."""

import io
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.commands.comment import comment
from grader.commands.diff import diff
from grader.commands.erase import erase
from grader.commands.export import export
from grader.commands.exports import Exports, exports
from grader.commands.gradescope import gradescope
from grader.commands.options import COURSE, DEADLINES, course_root
from grader.commands.override import override
from grader.commands.workflow import workflow
from grader.errors import GraderError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.batch.entries import Entry
    from grader.batch.whole import Class
    from grader.checks.findings import Findings
    from grader.checks.run import Examiners
    from grader.course import Course
    from grader.model import Report, Submission, Suite


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader", message="%(prog)s %(version)s")
def cli() -> None:
    """Grade numerical Python exercises: student code in a sandbox, checks outside it.

    \b
    grader run submission/       grade a folder, a .py, an .ipynb or a .zip
    grader batch submissions/    grade a whole class, and keep every attempt
    grader comment GROUP "..."   comment on all who give the same wrong answers
    grader export FORMAT         the grades, as Canvas, Moodle and others import them
    grader override STUDENT      give points by hand, with a reason
    grader diff submissions/     whose grade a changed exam changes, before it counts
    grader erase STUDENT         take one student's records out of a gradebook
    grader list                  the exercises of the course, their points and files
    grader doctor                how well this machine can isolate student code
    grader stubs                 derive what students fill in from the references
    grader kit DIR               write what students get
    grader gradescope DIR        write an autograder for Gradescope
    grader workflow NAME         print a file for the CI of GitHub or GitLab
    grader verify                prove the exam: what is right passes, mistakes are caught
    """


@cli.command()
@click.argument("submission", type=click.Path(path_type=Path))
@COURSE
@click.option(
    "--only", "names", metavar="EXERCISE", multiple=True, help="Grade just this one; repeatable."
)
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
    suite = _suite(root, submission, suite_name)
    feedback = settings_of(root).feedback if view == "student" else Feedback.FULL
    with _examiners(root, suite, live=live, unsafe=unsafe) as examiners:
        submitted = read_submission(submission)
        folder = _output_folder(submission, out)
        grade = _grading(examiners, root, suite, names, works=works)
        if watches:
            _watch(submission, lambda each: seen(grade(each), feedback), folder)
            return
        report = seen(grade(submitted), feedback)
    _, page = write_report(report, folder)
    exports.write(report, as_json=as_json)
    if as_json:
        sys.stdout.buffer.write(to_json(report))
    else:
        _print_summary(report, page)
    sys.exit(exit_code(report))


@cli.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@COURSE
@click.option(
    "--only", "names", metavar="EXERCISE", multiple=True, help="Grade just this one; repeatable."
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where reports, grades.csv and the gradebook go. Default: grader-report/NAME in the "
    "working folder.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many submissions are graded at once. Default: one for each core.",
)
@click.option(
    "--engine",
    type=click.Choice(["here", "dask"]),
    default="here",
    help="Where they are graded: on this machine, or by the workers of a dask scheduler.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="With --engine dask: the scheduler, tcp://HOST:8786."
)
@click.option(
    "--gradebook",
    "place",
    metavar="URL",
    help="The gradebook: a file of SQLite, or a URL of SQLAlchemy. "
    "Default: gradebook.sqlite3 beside the reports.",
)
@DEADLINES
@click.option(
    "--anonymous",
    is_flag=True,
    help="Show a code for each student, everywhere but in the gradebook and in what is exported.",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Grade even where student code cannot be isolated; the reports say so.",
)
def batch(
    submissions: Path,
    course_folder: Path | None,
    names: tuple[str, ...],
    out: Path | None,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    place: str | None,
    deadlines: Path | None,
    anonymous: bool,
    unsafe: bool,
) -> None:
    """Grade a whole class, and keep every attempt.

    SUBMISSIONS is a folder with one entry for each student: a folder, a .py, an .ipynb or a .zip.
    The folder that nbgrader collects into, the unpacked archives of Moodle and Canvas, and
    Gradescope's export are taken as they are. Each student gets a report in a folder of that name.
    Run it again after an interruption, or when more has come in: it grades what is new or changed,
    submission or exam, and nothing else.

    What lateness costs and which attempt counts is in the course's settings. A submission was
    handed in when Gradescope's metadata or nbgrader's timestamp.txt says; Canvas tells only that it
    was late; else the newest time of change of its files counts.

    What cannot be read or graded has no grade, is told with the reason, and stops nothing else.
    Exit status: 0 everything has a grade (points may be missing), 2 something has none, the run
    was interrupted, or it could not start.

    \b
    grader batch submissions/
    grader batch submissions/ --only dropout --out results --jobs 4
    grader batch nbgrader-course/submitted --gradebook grades.sqlite3
    grader batch submissions/ --engine dask --scheduler tcp://head:8786
    """
    from grader.batch.coded import without_names
    from grader.batch.entries import find_entries
    from grader.batch.whole import Class
    from grader.checks.run import cores
    from grader.course import open_course
    from grader.gradebook.rules import read_policy
    from grader.gradebook.store import Gradebook
    from grader.model import Isolation

    if (engine == "dask") != (scheduler is not None):
        raise click.UsageError("--engine dask and --scheduler ADDRESS belong together.")
    entries = find_entries(submissions)
    root = course_root(course_folder, submissions)
    suite = _suite(root, submissions, None)
    folder = _output_folder(submissions, out)
    course = open_course(root, suite).only(names)
    policy = read_policy(root, deadlines)
    gradebook = Gradebook(place or str(folder / "gradebook.sqlite3"))
    lowest = Isolation.NONE if unsafe else Isolation.LANDLOCK
    if anonymous:
        entries = without_names(gradebook, entries)
    what = Class(course, suite, gradebook, folder, lowest, policy)
    sys.exit(_grade_class(what, entries, jobs or cores(), scheduler))


@cli.command("list")
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


@cli.command()
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


@cli.command()
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


@cli.command()
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


@cli.command()
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


cli.add_command(comment)
cli.add_command(diff)
cli.add_command(erase)
cli.add_command(export)
cli.add_command(override)
cli.add_command(gradescope)
cli.add_command(workflow)


def main() -> None:
    """Run the command; the only place that turns our errors into a sentence and exit 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may know ASCII only
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except GraderError as error:
        click.echo(f"grader: {error}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("grader: interrupted. Nothing was written.", err=True)
        sys.exit(2)
    except Exception:  # Python would exit with 1, which says that points are missing
        traceback.print_exc()
        click.echo("grader: this is a mistake of grader itself, not of the submission.", err=True)
        sys.exit(2)


def _suite(root: Path, submission: Path, name: str | None) -> "Suite":
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


def _output_folder(submission: Path, out: Path | None) -> Path:
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
    from grader.watching import keep_grading

    last: list[Report] = []

    def on_save(submitted: "Submission") -> None:
        report = grade(submitted)
        _, page = write_report(report, folder, watched=True)
        if last:
            Console().print(brief(report, last[-1]))
        else:
            _print_summary(report, page)
            click.echo(f"Watching   {submission}: what is saved is graded again. Ctrl-C ends it.")
        last[:] = [report]

    keep_grading(submission, on_save, lambda sentence: click.echo(f"grader: {sentence}", err=True))
    if last:
        end_watch(last[-1], folder)


def _grade_class(what: "Class", entries: "list[Entry]", at_once: int, scheduler: str | None) -> int:
    """Grade a class and tell of it, however far it came."""
    from rich.console import Console

    from grader.batch.bar import bar
    from grader.batch.row import LEFT, Row
    from grader.batch.summary import places, summary
    from grader.batch.table import write_table
    from grader.batch.whole import grade_class
    from grader.classpage.gather import Listed
    from grader.classpage.whole import gather_class, publish

    rows: list[Row] = []
    try:
        with bar(len(entries)) as (on_row, on_event):
            for row in grade_class(what, entries, at_once, on_event, scheduler):
                rows.append(row)
                on_row(row)
    except KeyboardInterrupt:
        click.echo("grader: interrupted. What was graded is kept.", err=True)
    finally:  # also where the gradebook or the sandbox broke
        graded = {row.student for row in rows}
        left = [Row(each.shown, trouble=LEFT) for each in entries if each.shown not in graded]
        names = [exercise.name for exercise in what.course.exercises]
        write_table(what.out / "grades.csv", names, [*rows, *left])
    console = Console()
    console.print(summary(what.course.title, rows, len(entries)))
    listed = [Listed(row.student, row.trouble) for row in (*rows, *left)]
    publish(what.out, gather_class(what.out, listed, what.gradebook), what.gradebook)
    for name, place in places(what.out, what.gradebook.place):
        console.print(f"{name:<10}  {place}", soft_wrap=True, markup=False, highlight=False)
    return 2 if left or any(row.final is None for row in rows) else 0


def _print_summary(report: "Report", page: Path) -> None:
    from rich.console import Console

    from grader.report.terminal import summary

    console = Console()
    console.print(summary(report))
    console.print(f"Report     {page}", soft_wrap=True, markup=False, highlight=False)
