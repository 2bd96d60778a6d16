"""The command line: its commands, and what becomes of their errors.

Each command has a file in grader/commands/ and imports what it needs when it runs.
"""

import io
import sys
import traceback

import click

from grader import __version__
from grader.commands.batch import batch
from grader.commands.comment import comment
from grader.commands.diff import diff
from grader.commands.doctor import doctor
from grader.commands.erase import erase
from grader.commands.export import export
from grader.commands.gradescope import gradescope
from grader.commands.kit import kit
from grader.commands.list import list_exercises
from grader.commands.override import override
from grader.commands.run import run
from grader.commands.stubs import stubs
from grader.commands.verify import verify
from grader.commands.workflow import workflow
from grader.errors import GraderError


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


cli.add_command(run)
cli.add_command(batch)
cli.add_command(comment)
cli.add_command(export)
cli.add_command(override)
cli.add_command(diff)
cli.add_command(erase)
cli.add_command(list_exercises)
cli.add_command(doctor)
cli.add_command(stubs)
cli.add_command(kit)
cli.add_command(gradescope)
cli.add_command(workflow)
cli.add_command(verify)


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
