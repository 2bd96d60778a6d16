"""Of who is erased nothing is left, neither in tables nor in what lies between their rows."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import sqlalchemy as sql

from grader.gradebook.codes import codes_of, make_codes
from grader.gradebook.comments import all_comments, comment_on_group, comment_on_student
from grader.gradebook.erasure import Erased, erase
from grader.gradebook.overrides import override, overrides_of
from grader.gradebook.store import Attempt, Gradebook

NOISE = random.Random(0).randbytes(300_000)  # does not get smaller


def attempt(student: str, content: str, report: bytes = b"{}") -> Attempt:
    return Attempt(student, content, "e1", "v1", "hidden", earned=1.0, report=report)


def size(book: Gradebook) -> int:
    if book.engine.dialect.name == "sqlite":
        return Path(book.place).stat().st_size
    with book.transaction() as connection:
        query = sql.text("SELECT pg_total_relation_size('attempts')")
        return int(connection.execute(query).scalar_one())


def test_one_student_is_erased_and_no_other(book: Gradebook) -> None:
    for name in ("al", "bo"):
        book.add(attempt(name, "c1"))
        override(book, name, None, 1.0, reason="x", author="Prof")
        comment_on_student(book, name, "x", "Prof")
    book.add(attempt("al", "c2", NOISE))
    comment_on_group(book, "g", "x", "Prof")
    codes = make_codes(book, ["al", "bo"])
    before = size(book)
    assert erase(book, "al") == Erased(attempts=2, overrides=1, comments=1)
    assert size(book) < before - 200_000
    assert book.students() == ["bo"]
    assert (book.attempts("al"), overrides_of(book, "al")) == ([], [])
    assert len(book.attempts("bo")) == len(overrides_of(book, "bo")) == 1
    assert [each.student for each in all_comments(book)] == ["bo", None]
    assert codes_of(book, ["al", "bo"]) == {"bo": codes["bo"]}


def test_two_may_make_codes_at_once(book: Gradebook, opened: Callable[[str], Gradebook]) -> None:
    names = [f"student {number}" for number in range(40)]
    books = [opened(book.place) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(partial(make_codes, names=names), books)
    assert all(each == first for each in others)


def test_codes_stay_the_same_and_differ(book: Gradebook) -> None:
    names = [f"student {number}" for number in range(50)]
    codes = make_codes(book, names)
    assert len(set(codes.values())) == 50
    assert make_codes(book, [*names, "another"]) | {"another": ""} == codes | {"another": ""}
    assert not any(name in codes.values() for name in names)
