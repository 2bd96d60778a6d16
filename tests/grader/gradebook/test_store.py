"""The gradebook keeps every attempt, and only databases that are its own are used."""

import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from grader.errors import GradebookError
from grader.gradebook.database import id_of
from grader.gradebook.store import Attempt, Gradebook
from grader.gradebook.trial import Trial

Opened = Callable[[str], Gradebook]

DONE = Attempt("al", "c1", "e1", "v1", "hidden", "zygote", 3.0, 4.0, 0.0, None, b'{"schema": 1}')
TROUBLE = Attempt("al", "c1", "e1", "v1", "hidden", trouble="No.")


def test_what_is_added_is_there_for_the_next_who_opens_it(book: Gradebook, opened: Opened) -> None:
    book.add(DONE)
    again = opened(book.place)
    assert again.attempts("al") == [DONE]
    assert again.settled("al", "c1", "e1") == DONE


def test_two_may_make_a_gradebook_at_once(tmp_path: Path) -> None:
    path, made = tmp_path / "grades.sqlite3", tmp_path / "made.sqlite3"
    Gradebook(str(made)).close()
    with closing(sqlite3.connect(made)) as there:
        tables = [line for line in there.iterdump() if line.startswith(("CREATE", "INSERT"))]
    with ThreadPoolExecutor(1) as other, closing(sqlite3.connect(path)) as first:
        first.execute("BEGIN IMMEDIATE")
        second = other.submit(Gradebook, str(path))
        with suppress(TimeoutError):
            second.result(0.3)  # it has seen that there is nothing yet
        for statement in tables:
            first.execute(statement)
        first.commit()
        with closing(second.result()) as book:
            assert book.students() == []


def test_only_the_same_content_and_exam_of_the_same_student_are_settled(book: Gradebook) -> None:
    book.add(DONE)
    for other in [("bo", "c1", "e1"), ("al", "c2", "e1"), ("al", "c1", "e2")]:
        assert book.settled(*other) is None


def test_trouble_is_kept_and_settles_nothing(book: Gradebook) -> None:
    book.add(TROUBLE)
    assert book.settled("al", "c1", "e1") is None
    book.add(DONE)
    assert book.attempts("al") == [DONE, TROUBLE]


def test_the_same_twice_is_one_attempt_but_not_with_another_between(book: Gradebook) -> None:
    other = replace(DONE, content="c2", earned=4.0)
    for attempt in (DONE, DONE, other, DONE, TROUBLE, TROUBLE):
        book.add(attempt)
    assert book.attempts("al") == [TROUBLE, DONE, other, DONE]


def test_whoever_is_killed_before_an_attempt_is_kept_leaves_no_student(book: Gradebook) -> None:
    with suppress(ZeroDivisionError), book.transaction() as connection:
        id_of(connection, "al")
        raise ZeroDivisionError
    assert book.students() == []


def test_names_are_never_sql(book: Gradebook) -> None:
    name = "Robert'); DROP TABLE students;--"
    book.add(replace(DONE, student=name))
    assert book.attempts(name) == [replace(DONE, student=name)]


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("this is no database, however long " * 100)
    with pytest.raises(GradebookError, match=r"not a database.*--gradebook"):
        Gradebook(str(tmp_path / "x"))


def test_a_gradebook_of_a_later_version_is_left_alone(book: Gradebook) -> None:
    with book.transaction() as connection:
        connection.execute(sql.text("UPDATE gradebook SET schema_number = 3"))
    with pytest.raises(GradebookError, match="schema 3"):
        Gradebook(book.place)


@pytest.mark.parametrize(
    "url",
    [
        "nosuch://al:secret@host/grades",
        "mysql+nosuch://al:secret@host/grades",
        "postgresql://al:secret@127.0.0.1:1/grades",
        "postgresql://al:secret@/grades?host=/nowhere",
        "://",
    ],
)
def test_a_url_that_leads_nowhere_is_said_without_its_password(url: str) -> None:
    with pytest.raises(GradebookError) as raised:
        Gradebook(url)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_postgresql_needs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(GradebookError, match=r"pip install 'proven-grader\[postgresql\]'"):
        Gradebook("postgresql://al@host/grades")


def test_a_report_is_kept_small(book: Gradebook) -> None:
    report = b'{"message": "the same words again"}' * 4000
    book.add(replace(DONE, report=report))
    assert book.attempts("al")[0].report == report
    with book.transaction() as connection:
        (size,) = connection.execute(sql.text("SELECT length(report) FROM attempts")).one()
    assert size < len(report) / 10


def test_the_same_content_again_was_handed_in_when_it_came_first(book: Gradebook) -> None:
    early, late = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
    for when in (early, late, None):
        book.add(replace(DONE, handed_in=when))
    assert book.attempts("al") == [replace(DONE, handed_in=early)]
    book.add(replace(DONE, exam="e2", handed_in=late))
    book.add(replace(DONE, content="c2", handed_in=late))
    assert [each.handed_in for each in book.attempts("al")] == [late, early, early]


def test_the_first_time_holds_whatever_came_between(book: Gradebook) -> None:
    first = replace(DONE, handed_in=datetime(2026, 11, 20, tzinfo=UTC))
    later = datetime(2026, 11, 22, tzinfo=UTC)
    for gradebook in (book, Trial(book)):
        gradebook.add(first)
        for between in (replace(DONE, content="c2"), replace(TROUBLE, content=None)):
            gradebook.add(replace(between, handed_in=later))
            gradebook.add(replace(first, handed_in=later))
            assert gradebook.attempts("al")[0] == first


def test_an_earlier_time_of_the_same_content_is_learnt(book: Gradebook) -> None:
    times = [datetime(2026, 11, day, tzinfo=UTC) for day in (22, 20)]
    for when in times:
        book.add(replace(DONE, handed_in=when))
    assert [each.handed_in for each in book.attempts("al")] == times[::-1]


SCHEMA_1 = """
CREATE TABLE gradebook (schema_number INTEGER NOT NULL, PRIMARY KEY (schema_number));
CREATE TABLE students (id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (name));
CREATE TABLE attempts (
    id INTEGER NOT NULL, student_id INTEGER NOT NULL, content TEXT, exam TEXT NOT NULL,
    course_version TEXT NOT NULL, suite TEXT NOT NULL, isolation TEXT, earned FLOAT,
    possible FLOAT, bonus_earned FLOAT, trouble TEXT, report BLOB, graded_at DATETIME NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(student_id) REFERENCES students (id));
INSERT INTO gradebook VALUES (1);
INSERT INTO students VALUES (1, 'al');
INSERT INTO attempts VALUES (
    1, 1, 'c1', 'e1', 'v1', 'hidden', 'zygote', 3.0, 4.0, 0.0, NULL, NULL, '2026-11-20 12:00:00');
"""


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_gradebook_of_the_first_version_is_brought_up_to_date(
    tmp_path: Path, interrupted: bool, opened: Opened
) -> None:
    with sqlite3.connect(tmp_path / "old.sqlite3") as connection:
        connection.executescript(SCHEMA_1)
        if interrupted:
            connection.execute("ALTER TABLE attempts ADD COLUMN handed_in DATETIME")
    for _ in range(2):
        book = opened(str(tmp_path / "old.sqlite3"))
        assert book.attempts("al") == [replace(DONE, report=None)]
    book.add(replace(DONE, content="c2", exercises="relu softmax"))
    assert book.students() == ["al"]
    assert book.attempts("al")[0].exercises == "relu softmax"


def test_so_is_one_in_any_other_database(book: Gradebook, opened: Opened) -> None:
    book.add(DONE)
    with book.transaction() as connection:
        for added in ("handed_in", "marked_late", "exercises"):
            connection.execute(sql.text(f"ALTER TABLE attempts DROP COLUMN {added}"))
        for added in ("comments", "overrides", "codes"):
            connection.execute(sql.text(f"DROP TABLE {added}"))
        connection.execute(sql.text("UPDATE gradebook SET schema_number = 1"))
    again = opened(book.place)
    assert again.attempts("al") == [DONE]
    later = replace(DONE, content="c2", handed_in=datetime(2026, 11, 20, tzinfo=UTC))
    again.add(later)
    assert again.attempts("al") == [later, DONE]


def test_two_who_write_at_the_same_time_are_both_kept(book: Gradebook, opened: Opened) -> None:
    other = opened(book.place)
    with book.transaction() as one:
        first = id_of(one, "al")
    with other.transaction() as two:
        assert id_of(two, "al") == first
    for each, content in [(book, "c1"), (other, "c2"), (book, "c3")]:
        each.add(replace(DONE, content=content))
    assert [attempt.content for attempt in other.attempts("al")] == ["c3", "c2", "c1"]


def test_one_that_has_to_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match=r"no gradebook .*gone\.sqlite3"):
        Gradebook(str(tmp_path / "gone.sqlite3"), make=False)
    assert not list(tmp_path.iterdir())
