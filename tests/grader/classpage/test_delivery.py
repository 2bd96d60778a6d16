"""Whom comments reach, from a gradebook and a folder of reports; nothing is graded."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classpage.gather import Listed, read_report
from grader.classpage.whole import gather_class, publish
from grader.gradebook.codes import make_codes
from grader.gradebook.comments import comment_on_group, comment_on_student
from grader.gradebook.store import Attempt, Gradebook
from grader.report.files import write_report
from grader.report.json_report import to_json
from tests.grader.classpage.conftest import COPIES, class_report


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
        changed = publish(reports, gather_class(reports, listed, book), book)
        found = {each.student: read_report(reports / each.student) for each in listed}
        return changed, {
            name: [comment.text for comment in report.comments]
            for name, report in sorted(found.items())
            if report and report.comments
        }

    return publish_all


def key(reports: Path, book: Gradebook) -> str:
    groups = gather_class(reports, map(Listed, COPIES), book).groups.shared()
    return next(group.key for group in groups if group.behaviour.mistakes == ())


def test_only_what_changes_is_written(reports: Path, book: Gradebook, published) -> None:
    assert published() == ([], {})
    comment_on_group(book, key(reports, book), "First.", "")
    comment_on_group(book, key(reports, book), "Second.", "")
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


def test_numbers_that_students_do_not_see_make_groups_too(
    reports: Path, book: Gradebook, published
) -> None:
    for student in COPIES:
        whole = class_report(student)
        kept = Attempt(student, "c", "e", "v", "hidden", earned=1.0, report=to_json(whole))
        book.add(kept)
        exercises = tuple(
            replace(e, checks=tuple(replace(c, comparisons=(), message=student) for c in e.checks))
            for e in whole.exercises
        )
        write_report(replace(whole, exercises=exercises), reports / student)
    comment_on_group(book, key(reports, book), "See page 12.", "")
    assert published()[0] == list(COPIES)
    for student in COPIES:
        report = read_report(reports / student)
        assert report is not None
        assert not any(c.comparisons for e in report.exercises for c in e.checks)
    latest = book.attempts(COPIES[0])[0].report
    assert latest == to_json(class_report(COPIES[0]))
