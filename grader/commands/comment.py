"""`grader comment`: what a person writes once, for all whose answers are wrong in the same way."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.classpage.gather import Gathered
    from grader.gradebook.store import Gradebook

GRADES = "grades.csv"


@click.command()
@click.argument("group", required=False)
@click.argument("text", required=False)
@click.option("--student", metavar="NAME", help="Comment on one student's work, not on a group.")
@click.option("--author", default="", help="Who writes; shown with the comment. Default: nobody.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder that `grader batch` wrote. Default: the working folder, or the only one in "
    "its grader-report/.",
)
@click.option(
    "--gradebook",
    "place",
    metavar="URL",
    help="The gradebook. Default: gradebook.sqlite3 in the folder of the reports.",
)
@click.option("--list", "as_list", is_flag=True, help="List all comments, each with its number.")
@click.option("--remove", "number", metavar="N", type=int, help="Take comment N away.")
def comment(
    group: str | None,
    text: str | None,
    student: str | None,
    author: str,
    out: Path | None,
    place: str | None,
    as_list: bool,
    number: int | None,
) -> None:
    """Write TEXT once, for everyone in GROUP.

    A group is submissions with the same wrong answers; class.html shows its members and its key.
    The comment is in every member's report at once, and in the reports of later runs: also of those
    who join the group later, and no longer of those who have mended it. It changes no points.

    \b
    grader comment 3f9a2c81d0 "Divide by keep_prob: see page 12 of the notes."
    grader comment --student alice "Well explained."
    grader comment --list
    grader comment --remove 3
    """
    from grader.classpage.whole import publish
    from grader.gradebook.store import Gradebook

    folder = _folder(out)
    book = Gradebook(place or str(folder / "gradebook.sqlite3"), make=False)
    if as_list:
        _print_all(book)
        return
    gathered = _gathered(folder, book)
    if number is not None:
        _remove(book, number)
    elif student is not None:
        _comment_on_student(book, gathered, student, text or group, author)
    else:
        _comment_on_group(book, gathered, group, text, author)
    changed = publish(folder, gathered, book)
    click.echo(f"Written anew: {len(changed)} of {len(gathered.marks)} reports, and class.html.")


def _folder(out: Path | None) -> Path:
    """Where the reports of a class are."""
    from grader.errors import OutputError

    if out is None and Path(GRADES).is_file():
        return Path()
    found = [out] if out else [path.parent for path in Path("grader-report").glob(f"*/{GRADES}")]
    if len(found) != 1:
        many = "more than one class" if found else "no class"
        raise OutputError(f"There is {many} in grader-report/ here; name its folder with --out.")
    if not (found[0] / GRADES).is_file():
        raise OutputError(f"{found[0]} has no {GRADES}; name the folder that `grader batch` wrote.")
    return found[0]


def _gathered(folder: Path, book: "Gradebook") -> "Gathered":
    from grader.batch.table import read_troubles
    from grader.classpage.gather import Listed
    from grader.classpage.whole import gather_class
    from grader.gradebook.codes import codes_of

    students = book.students()
    names = [*students, *codes_of(book, students).values()]
    troubles = read_troubles(folder / GRADES, names)
    return gather_class(folder, [Listed(*each) for each in troubles.items()], book)


def _print_all(book: "Gradebook") -> None:
    from grader.gradebook.comments import all_comments
    from grader.report.text import printable

    for each in all_comments(book):
        whom = f"group {each.group}" if each.group else f"{each.student}"
        by = f", {each.author}" if each.author else ""
        line = f"{each.number:>4}  {whom}{by}, {each.written_at:%Y-%m-%d}: {each.text}"
        click.echo(printable(line, keep=""))


def _remove(book: "Gradebook", number: int) -> None:
    from grader.errors import GradebookError
    from grader.gradebook.comments import remove_comment

    if not remove_comment(book, number):
        raise GradebookError(f"There is no comment {number}; `grader comment --list` shows all.")


def _comment_on_student(
    book: "Gradebook", gathered: "Gathered", student: str, text: str | None, author: str
) -> None:
    from grader.errors import GradebookError
    from grader.gradebook.codes import codes_of
    from grader.gradebook.comments import comment_on_student

    if student not in {marks.student for marks in gathered.marks}:
        raise GradebookError(f"{student} has no report here; class.html names all who have one.")
    names = {code: name for name, code in codes_of(book, book.students()).items()}
    comment_on_student(book, names.get(student, student), _said(text), author)


def _comment_on_group(
    book: "Gradebook", gathered: "Gathered", key: str | None, text: str | None, author: str
) -> None:
    from grader.errors import GradebookError
    from grader.gradebook.comments import comment_on_group

    group = gathered.groups.named(key) if key else None
    if group is None:
        raise GradebookError(
            f"There is no group {key}; class.html shows the key of each."
            if key
            else "Name the group and write the text; class.html shows the key of each group."
        )
    comment_on_group(book, group.key, _said(text), author)
    click.echo(f"For {len(group.members)}: {', '.join(group.members)}.")


def _said(text: str | None) -> str:
    if text is None or not text.strip():
        raise click.UsageError("The text is missing: give it behind the group, in quotes.")
    return text.strip()
