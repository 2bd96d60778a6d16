"""Which attempt counts, what lateness costs, and what a person decided."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import NOTHING, Grade, Mark, Override, grade
from grader.gradebook.policy import Counts, Own, Policy, counting, lateness, share_lost

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
FIRST = Attempt("al", "c1", "e1", "v1", "hidden", earned=6.0, possible=10.0, bonus_earned=1.0)
BROKEN = Attempt("al", None, "e1", "v1", "hidden", trouble="It is damaged.")
MARKS = (Mark("relu", 4.0, 6.0), Mark("softmax", 2.0, 4.0))
BEST = Policy(Counts.BEST)
LATE = Policy(due=DUE, grace=timedelta(minutes=15), percent=10, cut_off=3 * DAY)


def better(points: float, **more: object) -> Attempt:
    return replace(FIRST, **{"earned": points, "content": f"c{points}", **more})


def by_hand(exercise: str | None, points: float | None) -> Override:
    return Override(exercise, points, "He asked.", "Prof", DUE)


def graded(policy: Policy, *attempts: Attempt, overrides: tuple[Override, ...] = ()) -> Grade:
    return grade("al", attempts, MARKS if attempts else (), overrides, policy)


# which attempt


def test_the_latest_counts_even_if_it_is_worse_or_cannot_be_read() -> None:
    assert counting([FIRST, better(9.0)], Policy()) is FIRST
    assert counting([BROKEN, FIRST], Policy()) is BROKEN


def test_the_best_counts_and_of_equals_the_earliest() -> None:
    best, same = better(9.0), better(9.0, content="c9")
    assert counting([BROKEN, FIRST, same, best, better(8.0)], BEST) is best


def test_the_best_is_what_is_best_once_lateness_has_cost_its_share() -> None:
    late, on_time = better(6.5, handed_in=DUE + DAY), better(6.0, handed_in=DUE)
    assert counting([late, on_time], replace(LATE, counts=Counts.BEST)) is on_time
    assert counting([late, on_time], BEST) is late


def test_bonus_points_make_an_attempt_the_best_where_they_count() -> None:
    more, less = better(8.0, bonus_earned=0.0), better(7.5)
    assert counting([less, more], BEST) is more
    assert counting([less, more], replace(BEST, bonus=True)) is less


@pytest.mark.parametrize(
    "other", [{"course_version": "v0"}, {"suite": "public"}, {"exercises": "relu"}]
)
def test_points_of_other_checks_are_not_compared(other: dict[str, str]) -> None:
    assert counting([FIRST, better(9.0, **other)], BEST) is FIRST


def test_grading_with_another_version_of_numpy_makes_no_other_points() -> None:
    best = better(9.0, exam="e0")
    assert counting([FIRST, best], BEST) is best


def test_where_nothing_has_a_grade_the_latest_says_why() -> None:
    assert counting([BROKEN], BEST) is BROKEN
    assert counting([], BEST) is None
    found = graded(BEST)
    assert (found.final, found.trouble) == (None, NOTHING)
    assert (graded(Policy(), BROKEN).final, graded(Policy(), BROKEN).trouble) == (
        None,
        "It is damaged.",
    )


# lateness


def late_by(by: timedelta, policy: Policy = LATE) -> Grade:
    return graded(policy, replace(FIRST, handed_in=DUE + by))


@pytest.mark.parametrize(
    ("by", "penalty"),
    [
        (-DAY, 0.0),
        (timedelta(0), 0.0),
        (timedelta(minutes=15), 0.0),
        (timedelta(minutes=15) + SECOND, 0.6),
        (DAY, 0.6),
        (DAY + SECOND, 1.2),
        (3 * DAY, 1.8),
        (3 * DAY + SECOND, 6.0),
    ],
)
def test_each_day_begun_costs_its_share_of_the_points(by: timedelta, penalty: float) -> None:
    found = late_by(by)
    assert (found.penalty, found.final) == (penalty, round(6.0 - penalty, 2))
    assert found.late == (by if penalty else None)
    assert sum(mark.earned for mark in found.marks) == 6.0


def test_no_more_than_everything_is_lost() -> None:
    assert share_lost(20 * DAY, replace(LATE, cut_off=None)) == 1.0
    assert share_lost(DAY, replace(LATE, percent=0)) == 0.0


def test_without_a_deadline_or_a_time_nothing_is_late() -> None:
    assert lateness(replace(FIRST, handed_in=DUE), Policy(percent=10)) is None
    assert lateness(FIRST, LATE) is None


def test_a_mark_costs_the_least_that_lateness_costs() -> None:
    marked = replace(FIRST, marked_late=True)
    assert graded(LATE, marked).penalty == 0.6
    assert graded(replace(LATE, own={"al": Own(extension=DAY)}), marked).penalty == 0.0
    assert graded(LATE, replace(FIRST, marked_late=False)).penalty == 0.0


@pytest.mark.parametrize(
    ("own", "penalty"),
    [
        (Own(extension=DAY), 0.6),
        (Own(due=DUE + 2 * DAY), 0.0),
        (Own(due=DUE - DAY), 1.8),
        (Own(due=DUE - DAY, extension=2 * DAY), 0.6),
        (Own(handed_in=DUE - HOUR), 0.0),
    ],
)
def test_a_student_of_whom_something_else_holds(own: Own, penalty: float) -> None:
    assert late_by(DAY + HOUR, replace(LATE, own={"al": own, "bo": Own()})).penalty == penalty
    assert late_by(DAY + HOUR, replace(LATE, own={"bo": own})).penalty == 1.2


# by hand


def test_points_of_an_exercise_take_the_place_of_those_that_were_graded() -> None:
    late = replace(FIRST, handed_in=DUE + DAY)
    found = graded(LATE, late, overrides=(by_hand("softmax", 4.0), by_hand("gone", 9.0)))
    assert [(mark.earned, mark.points) for mark in found.marks] == [(4.0, 4.0), (2.0, 4.0)]
    assert (found.penalty, found.final) == (0.8, 7.2)


def test_a_whole_grade_by_hand_is_final_and_stands_where_none_was() -> None:
    whole = by_hand(None, 5.0)
    late = replace(FIRST, handed_in=DUE + DAY)
    found = graded(LATE, late, overrides=(by_hand("softmax", 4.0), whole))
    assert (found.final, found.penalty, found.override) == (5.0, 0.8, whole)
    for attempts in ((BROKEN,), ()):
        found = graded(Policy(), *attempts, overrides=(whole,))
        assert (found.final, found.trouble) == (5.0, "")


def test_the_last_decision_holds_and_can_be_taken_back() -> None:
    decided = (by_hand("relu", 1.0), by_hand("relu", 3.0), by_hand(None, 9.0), by_hand(None, None))
    assert graded(Policy(), FIRST, overrides=decided).final == 5.0
    assert graded(Policy(), FIRST, overrides=(*decided, by_hand("relu", None))).final == 6.0
    assert graded(Policy(), FIRST, overrides=(by_hand("relu", 0.0),)).final == 2.0


def test_bonus_points_add_only_where_the_course_says_so() -> None:
    assert graded(Policy(), FIRST).final == 6.0
    assert graded(Policy(bonus=True), FIRST).final == 7.0


def test_hundredths_are_what_a_grade_is_told_in() -> None:
    third = grade("al", [FIRST], [Mark("relu", 10 / 3, 6.0)], (), Policy())
    assert third.final == 3.33
