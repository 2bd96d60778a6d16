"""Who gives the same wrong answers: behaviour decides, never text, and noise is none of it."""

import math
from itertools import product

import pytest

from grader.classpage.behaviour import Behaviour, behaviours
from grader.classpage.gather import Gathered
from grader.classpage.groups import Groups, circles
from grader.model import CheckResult, Diagnosis, Status
from tests.grader.classpage.conftest import (
    COPIES,
    make_check,
    make_exercise,
    make_report,
    wrong,
)


def behaviour(*checks: CheckResult, exercise: str = "dropout") -> Behaviour:
    (found,) = behaviours(make_report("a", make_exercise(exercise, *checks)))
    return found


def grouped(**submissions: tuple[CheckResult, ...]) -> list[tuple[str, ...]]:
    groups = Groups()
    for student, checks in submissions.items():
        for found in behaviours(make_report(student, make_exercise("dropout", *checks))):
            groups.add(student, found)
    return [tuple(group.members) for group in groups.shared()]


def test_copies_of_a_class_are_found(gathered: Gathered) -> None:
    found = [circle.members for circle in circles(gathered.groups.shared())]
    assert COPIES in found


def test_noise_does_not_part_them() -> None:
    numbers = [0.1 + 0.2, 1 / 3, 2.5, 1e-3, 0.0]
    noisy = [0.3, 1 / 3 + 5e-17, 2.5 * (1 + 1e-9), 1e-3 * (1 - 1e-8), 1e-17]
    one, other = behaviour(wrong("c", *numbers)), behaviour(wrong("c", *noisy))
    assert one.agrees(other)
    assert grouped(a=(wrong("c", *numbers),), b=(wrong("c", *noisy),)) == [("a", "b")]


def test_keys_survive_noise_at_the_numbers_that_occur() -> None:
    likely = [sign * k * 2.0**-p for sign, k, p in product((1, -1), (1, 3, 5, 7), range(14))]
    likely += [k / 10**p for k, p in product(range(1, 200), range(5))]
    parted = [
        number
        for number in likely
        if behaviour(wrong("c", number)).key != behaviour(wrong("c", number * (1 + 4e-16))).key
    ]
    assert parted == []


def test_what_falls_on_two_sides_of_an_edge_is_one_group_with_two_keys() -> None:
    edge = math.exp((0.5 - 0.381966) / 1e4)
    groups = Groups()
    for student, number in (("a", edge * (1 - 1e-9)), ("b", edge * (1 + 1e-9))):
        groups.add(student, behaviour(wrong("c", number)))
    (group,) = groups.shared()
    assert group.members == ["a", "b"]
    assert len(group.keys) == 2
    assert all(groups.named(key) is group for key in group.keys)


def test_other_numbers_are_another_behaviour() -> None:
    assert grouped(a=(wrong("c", 0.25, 1.0),), b=(wrong("c", 0.2501, 1.0),)) == []
    assert grouped(a=(wrong("c", 0.25),), b=(wrong("c", -0.25),)) == []
    assert grouped(a=(wrong("c", 0.25),), b=(wrong("c", 0.25, 0.25),)) == []


def test_the_same_numbers_in_another_check_are_another_behaviour() -> None:
    passed, failed = make_check("c"), wrong("c", 0.25)
    assert grouped(a=(failed, make_check("d")), b=(passed, wrong("d", 0.25))) == []
    assert grouped(a=(failed, make_check("d")), b=(failed, wrong("d", 0.25))) == []
    here, there = behaviour(failed), behaviour(failed, exercise="regularization")
    assert here.key != there.key
    assert not here.agrees(there)


def test_functions_stand_for_themselves() -> None:
    """One that is wrong in two functions is alike with others in each of them."""
    f, g = wrong("c", 0.25), wrong("d", 0.5, functions=("g",))
    assert grouped(a=(f, g), b=(f,), c=(g,)) == [("a", "b"), ("a", "c")]


def test_only_wrong_answers_count() -> None:
    for status in (Status.ERROR, Status.TIMEOUT, Status.CRASHED, Status.NOT_STARTED, Status.VOID):
        assert grouped(a=(make_check("c", status),), b=(make_check("c", status),)) == []


def test_without_numbers_words_decide_and_the_numbers_in_them() -> None:
    def said(message: str, example: str = "f(2)") -> tuple[CheckResult, ...]:
        return (make_check("c", Status.FAILED, message=message, example=example),)

    same = grouped(a=said("dW1 has shape (3, 2)."), b=said("dW1 has shape (3, 2)."))
    assert same == [("a", "b")]
    assert grouped(a=said("dW1 has shape (3, 2)."), b=said("dW1 has shape (2, 3).")) == []
    assert grouped(a=said("It is 0.9312."), b=said("It is 0.9311.")) == [("a", "b")]  # rounded
    assert grouped(a=said("It is None."), b=said("It is a list.")) == []
    assert grouped(a=said("Wrong.", "f(2)"), b=said("Wrong.", "f(3)")) == []


def test_words_do_not_count_where_there_are_numbers() -> None:
    """The worst entry of several that are off by the same is a matter of noise."""
    a = wrong("c", 0.25, 0.25, message="the worst is dW1[0]", example="f(0.25)")
    b = wrong("c", 0.25, 0.25, message="the worst is dW1[1]", example="f(0.2500001)")
    assert grouped(a=(a,), b=(b,)) == [("a", "b")]


def test_a_group_is_explained_when_all_its_checks_are() -> None:
    told = Diagnosis(("forgets_to_rescale",), ("Divide.",))
    explained = wrong("c", 0.25, diagnosis=told)
    assert behaviour(explained).mistakes == ("forgets_to_rescale",)
    assert behaviour(explained, wrong("d", 0.25)).mistakes == ()
    assert behaviour(explained, wrong("d", 0.25, mistake="b")).mistakes == (
        "forgets_to_rescale",
        "b",
    )


def test_the_same_submissions_stand_together() -> None:
    groups = Groups()
    for student in ("a", "b", "c"):
        exercises = [
            make_exercise("dropout", wrong("c", 0.25), wrong("d", 0.5, functions=("f", "g"))),
            make_exercise("regularization", wrong("c", 3.0 if student == "c" else 0.5)),
        ]
        for found in behaviours(make_report(student, *exercises)):
            groups.add(student, found)
    larger, smaller = circles(groups.shared())
    assert (larger.members, [place.exercise for place in larger.places]) == (
        ("a", "b", "c"),
        ["dropout"],
    )
    assert larger.places[0].functions == ("f", "g")
    assert (larger.places[0].checks, larger.places[0].wrong) == (2, 2)
    assert (smaller.members, [place.exercise for place in smaller.places]) == (
        ("a", "b"),
        ["regularization"],
    )


@pytest.mark.parametrize(("start", "found"), [(10, True), (6, True), (0, False)])
def test_a_key_may_be_cut_short(start: int, found: bool) -> None:
    groups = Groups()
    for number in (0.25, 0.5, 0.75):
        groups.add("a", behaviour(wrong("c", number)))
    key = behaviour(wrong("c", 0.5)).key
    named = groups.named(key[:start])
    assert (named is not None) is found
    assert named is None or named.key == key
