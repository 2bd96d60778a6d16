"""`grader erase`: takes one student's records out of a gradebook."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import GRADEBOOK, open_gradebook, require_student

if TYPE_CHECKING:
    from grader.gradebook.erasure import Erased


@click.command()
@click.argument("student")
@GRADEBOOK
@click.option(
    "--reports",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of the reports. Default: the one that the gradebook lies in.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(student: str, place: str | None, folder: Path | None, yes: bool) -> None:
    """Erase everything that is kept of STUDENT.

    It cannot be brought back: the attempts with their reports, what was decided by hand, comments
    and the name in the gradebook, the folder of the report, and the line in grades.csv. The
    submission itself is not touched: while it lies there, the next `grader batch` grades it again.

    \b
    grader erase alice
    grader erase alice --gradebook postgresql://grader@host/grades --reports results --yes
    """
    from contextlib import closing

    from grader.errors import GradebookError
    from grader.gradebook.codes import codes_of
    from grader.gradebook.erasure import erase as erase_records

    with closing(open_gradebook(place)) as book:
        name = require_student(book, student)
        shown = [name, *codes_of(book, [name]).values()]
        folder = folder or _beside(book.engine.url.database, book.engine.url.drivername)
        reports = [folder / each for each in shown if _is_report(folder / each)] if folder else []
        if not yes:
            places = "".join(f" and {path}" for path in reports)
            question = f"Erase {name} from {book.place}{places} for good?"
            if not click.confirm(question):
                raise GradebookError("Nothing was erased.")
        erased = erase_records(book, name)
    _remove(reports, folder, shown)
    click.echo(_told(name, erased, reports, folder))


def _beside(database: str | None, driver: str) -> Path | None:
    return Path(database).parent if database and driver.startswith("sqlite") else None


def _is_report(path: Path) -> bool:
    made = any((path / name).is_file() for name in ("report.html", "report.json"))
    return made and not path.is_symlink()


def _remove(reports: list[Path], folder: Path | None, names: list[str]) -> None:
    from grader.batch.table import leave_out
    from grader.errors import OutputError

    for path in reports:
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise OutputError(f"{path} is not erased ({error.strerror}). Delete it.") from None
    if folder:
        (folder / "class.html").unlink(
            missing_ok=True
        )  # the next run writes it, without the student
        for name in names:
            leave_out(folder / "grades.csv", name)


def _told(name: str, erased: "Erased", reports: list[Path], folder: Path | None) -> str:
    from grader.report.words import count

    some = (
        count(erased.attempts, "attempt"),
        count(erased.overrides, "decision"),
        count(erased.comments, "comment"),
        *map(str, reports),
    )
    told = f"{name} is erased: {', '.join(some)}."
    if folder is None:
        told += " Reports were not looked for: name their folder with --reports."
    elif not reports:
        told += f" There is no report of theirs in {folder}; name another folder with --reports."
    return f"{told} Delete the submission too, or the next `grader batch` grades it again."
