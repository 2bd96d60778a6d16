"""What several commands have in common: options, and what they lead to."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook

COURSE = click.option(
    "--course",
    "course_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The course: a folder with reference/ and tests/hidden/, or a kit. "
    "Default: the nearest one from the working folder upward.",
)
ONLY = click.option(
    "--only", "names", metavar="EXERCISE", multiple=True, help="Grade just this one; repeatable."
)
GRADEBOOK = click.option(
    "--gradebook",
    "place",
    metavar="URL",
    help="The gradebook: a file of SQLite, or a URL of SQLAlchemy. Default: the one below "
    "grader-report/ in the working folder.",
)
DEADLINES = click.option(
    "--deadlines",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A CSV file with the columns student and due, extension or handed_in. Default: the one "
    "that [tool.grader.late] of the course names.",
)


def course_root(folder: Path | None, submission: Path | None = None) -> Path:
    """The course that is named, or the nearest outside of the submission.

    Checks that a submission brings along run as whoever grades, outside of the sandbox. So what
    lies in it counts in one case only: someone who works in a kit, with no course around it.
    """
    from grader.contents import is_kit
    from grader.course import find_course
    from grader.errors import CourseError

    if folder is None:
        here, given = Path.cwd().resolve(), (submission or Path("/")).resolve()
        inside = submission is not None and here.is_relative_to(given)
        try:
            return find_course(given.parent if inside else here)
        except CourseError:
            if inside and is_kit(given):
                return given
            raise
    if not (folder / "reference").is_dir() and not is_kit(folder):
        trouble = (
            "is no course (a folder with reference/ and tests/hidden/)"
            if folder.exists()
            else "does not exist"
        )
        raise CourseError(f"--course {folder} {trouble}. Name the folder of a course.")
    return folder.absolute()


def open_gradebook(place: str | None) -> "Gradebook":
    """Open a gradebook that is there: the one that is named, or the only one.

    Raises:
        GradebookError: there is none, or there are several.
    """
    from grader.errors import GradebookError
    from grader.gradebook.store import Gradebook

    if place is None:
        found = sorted(Path("grader-report").glob("*/gradebook.sqlite3"))
        if len(found) != 1:
            many = ", ".join(map(str, found)) or "no gradebook"
            raise GradebookError(
                f"There is {many} below grader-report/. Name the one you mean with --gradebook."
            )
        place = str(found[0])
    return Gradebook(place, make=False)


def require_student(book: "Gradebook", name: str) -> str:
    """The student of this name, or of this code where the class was graded without names.

    Raises:
        GradebookError: there is none; it names those that are written alike.
    """
    from difflib import get_close_matches

    from grader.errors import GradebookError
    from grader.gradebook.codes import codes_of

    students = book.students()
    if name in students:
        return name
    of_code = {code: student for student, code in codes_of(book, students).items()}
    if name in of_code:
        return of_code[name]
    folded = {each.casefold(): each for each in students}
    alike = get_close_matches(name.casefold(), folded) or [
        s for s in folded if name.casefold() in s
    ]
    shown = ", ".join(folded[each] for each in alike[:3])
    hint = f"Did you mean {shown}?" if alike else "`grader export csv` lists them."
    raise GradebookError(f"{name} is not in the gradebook {book.place}. {hint}")
