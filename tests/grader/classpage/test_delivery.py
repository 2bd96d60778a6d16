"""Whom comments reach, from a gradebook and a folder of reports; nothing is graded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.classpage.comments import publish
from grader.classpage.gather import Listed, gather_reports, read_report
from grader.gradebook.codes import make_codes
from grader.gradebook.comments import comment_on_group, comment_on_student
from grader.gradebook.store import Gradebook
from tests.grader.classpage.conftest import COPIES


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    return Gradebook(str(tmp_path / "gradebook.sqlite3"))


@pytest.fixture
def published(
    reports: Path, book: Gradebook
) -> Callable[[], tuple[list[str], dict[str, list[str]]]]:
    """Publish; returns whose report was written, and the comments of each report."""

    def publish_all() -> tuple[list[str], dict[str, list[str]]]:
        listed = [Listed(path.name) for path in reports.iterdir() if path.is_dir()]
        changed = publish(reports, gather_reports(reports, listed), book)
        found = {
            each.student: read_report(reports / each.student / "report.json") for each in listed
        }
        return changed, {
            name: [comment.text for comment in report.comments]
            for name, report in sorted(found.items())
            if report and report.comments
        }

    return publish_all


def key(reports: Path) -> str:
    groups = gather_reports(reports, map(Listed, COPIES)).groups.shared()
    return next(group.key for group in groups if group.behaviour.mistakes == ())


def test_only_what_changes_is_written(reports: Path, book: Gradebook, published) -> None:
    assert published() == ([], {})
    comment_on_group(book, key(reports), "First.", "")
    comment_on_group(book, key(reports), "Second.", "")
    comment_on_group(book, "0" * 10, "Of a class long ago.", "")
    changed, comments = published()
    assert changed == list(COPIES)
    assert comments == {student: ["First.", "Second."] for student in COPIES}
    assert published()[0] == []


def test_a_code_stands_for_a_name(reports: Path, book: Gradebook, published) -> None:
    code = make_codes(book, ["Ana Li"])["Ana Li"]
    (reports / COPIES[0]).rename(reports / code)
    comment_on_student(book, "Ana Li", "For Ana.", "")
    assert published() == ([code], {code: ["For Ana."]})


def test_odd_text_is_the_same_each_time(book: Gradebook, published) -> None:
    comment_on_student(book, COPIES[0], "A\ttab, \x1b[31m and \u202e.", "\x07")
    assert published()[0] == [COPIES[0]]
    assert published()[0] == []
