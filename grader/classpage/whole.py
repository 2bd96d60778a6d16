"""The class page of a folder that `grader batch` wrote, with the comments of its gradebook.

Numbers come from the gradebook, whose reports are whole: what students get may hold back what their
course does not show. Their own reports are only given comments.
"""

from collections.abc import Iterable
from pathlib import Path

from grader.classpage.comments import deliver, reaching
from grader.classpage.gather import Gathered, Listed, decoded, gather, read_report
from grader.classpage.page import write_class_page
from grader.gradebook.codes import codes_of
from grader.gradebook.comments import all_comments
from grader.gradebook.store import Gradebook
from grader.model import Report


def gather_class(folder: Path, listed: Iterable[Listed], book: Gradebook) -> Gathered:
    """Read the latest report of everyone; what the gradebook does not have is in the folder.

    Raises:
        GradebookError: the gradebook cannot be read.
    """
    names = {code: name for name, code in codes_of(book, book.students()).items()}

    def read(student: str) -> Report | None:
        latest = next(iter(book.attempts(names.get(student, student))), None)
        whole = decoded(latest.report) if latest and latest.report else None
        return whole or read_report(folder / student)

    return gather(listed, read)


def publish(folder: Path, gathered: Gathered, book: Gradebook) -> list[str]:
    """Write class.html, and the reports whose comments have changed; returns whose they are.

    Raises:
        GradebookError: the comments cannot be read.
        OutputError: a file cannot be written.
    """
    written, codes = all_comments(book), codes_of(book, book.students())
    changed = deliver(folder, gathered, reaching(gathered, written, codes))
    write_class_page(folder, gathered, written)
    return changed
