"""Comments are kept with their author and time, on one student's work or on a group's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from grader.gradebook.comments import (
    all_comments,
    comment_on_group,
    comment_on_student,
    remove_comment,
)
from grader.gradebook.store import Attempt, Gradebook

Opened = Callable[[str], Gradebook]


@pytest.fixture
def book(book: Gradebook) -> Gradebook:
    comment_on_student(book, "al", "Read about masks.", "Prof")
    comment_on_group(book, "relu/test_slope/7", "See page 3.", "Bo")
    comment_on_student(book, "al", "And = signs; -- quotes '\".", "Bo")
    return book


def test_they_are_there_for_the_next_who_opens_it(book: Gradebook, opened: Opened) -> None:
    again = opened(book.place)
    found = [each for each in all_comments(again) if each.student]
    assert [(each.text, each.author) for each in found] == [
        ("Read about masks.", "Prof"),
        ("And = signs; -- quotes '\".", "Bo"),
    ]
    assert all((each.student, each.group) == ("al", None) for each in found)
    age = datetime.now(UTC) - found[0].written_at
    assert timedelta(0) <= age < timedelta(hours=1)


def test_of_groups(book: Gradebook) -> None:
    (comment,) = (each for each in all_comments(book) if each.group)
    assert (comment.student, comment.group) == (None, "relu/test_slope/7")
    assert comment.text == "See page 3."


def test_they_survive_grading_again_and_removal_takes_one(book: Gradebook) -> None:
    book.add(Attempt("al", "c1", "e1", "v1", "hidden", earned=1.0))
    first, second, third = all_comments(book)
    assert remove_comment(book, first.number)
    assert not remove_comment(book, first.number)
    assert all_comments(book) == [second, third]
