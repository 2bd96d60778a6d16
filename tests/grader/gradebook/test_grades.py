"""What people decide by hand survives grading again, and is told with who and why."""

import json
from collections.abc import Callable

import pytest

from grader.gradebook.grades import grades
from grader.gradebook.overrides import override, overrides_of
from grader.gradebook.policy import Counts, Policy
from grader.gradebook.store import Attempt, Gradebook

Opened = Callable[[str], Gradebook]

PLAIN = Policy()


def attempt(student: str, version: str, relu: float, softmax: float) -> Attempt:
    exercises = [
        {"name": "relu", "earned": relu, "possible": 3.0, "checks": []},
        {"name": "softmax", "earned": softmax, "possible": 1.0},
    ]
    report = json.dumps({"schema": 1, "exercises": exercises}).encode()
    return Attempt(
        student,
        f"{relu} {softmax}",
        "e1",
        version,
        "hidden",
        earned=relu + softmax,
        possible=4.0,
        bonus_earned=0.0,
        report=report,
    )


@pytest.fixture
def book(book: Gradebook) -> Gradebook:
    book.add(attempt("al", "v1", 3.0, 1.0))
    book.add(attempt("al", "v1", 1.0, 1.0))
    book.add(attempt("bo", "v1", 2.0, 0.0))
    return book


def finals(book: Gradebook, policy: Policy = PLAIN) -> dict[str, float | None]:
    return {each.student: each.final for each in grades(book, policy)}


def test_the_policy_says_which_attempt_counts(book: Gradebook) -> None:
    assert finals(book) == {"al": 2.0, "bo": 2.0}
    assert finals(book, Policy(Counts.BEST)) == {"al": 4.0, "bo": 2.0}
    (al,) = grades(book, Policy(Counts.BEST), ["al"])
    assert [(mark.exercise, mark.points) for mark in al.marks] == [("relu", 3.0), ("softmax", 1.0)]


def test_an_override_survives_grading_again(book: Gradebook, opened: Opened) -> None:
    override(book, "bo", "softmax", 1.0, reason="Right in another way.", author="Prof")
    assert finals(book)["bo"] == 3.0
    book.add(attempt("bo", "v2", 3.0, 0.0))
    assert finals(opened(book.place))["bo"] == 4.0


def test_who_decided_and_why_is_kept_even_if_it_is_taken_back(book: Gradebook) -> None:
    override(book, "bo", None, 4.0, reason="Oral exam.", author="Prof")
    override(book, "bo", None, None, reason="Another student.", author="Assistant")
    assert finals(book)["bo"] == 2.0
    assert [(each.points, each.reason, each.author) for each in overrides_of(book, "bo")] == [
        (4.0, "Oral exam.", "Prof"),
        (None, "Another student.", "Assistant"),
    ]
    assert overrides_of(book, "al") == []


def test_who_handed_nothing_in_has_a_grade_only_by_hand(book: Gradebook) -> None:
    override(book, "cy", None, 1.0, reason="On paper.", author="Prof")
    assert finals(book)["cy"] == 1.0
    (cy,) = grades(book, Policy(), ["cy"])
    assert (cy.attempt, cy.marks) == (None, ())
