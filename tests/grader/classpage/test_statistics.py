"""Failure rates, discrimination and checks that look wrong, on classes made by hand."""

from statistics import correlation

import pytest

from grader.classpage.gather import Gathered, Listed, gather
from grader.classpage.statistics import (
    Bin,
    discrimination,
    distribution,
    doubt,
    exercise_numbers,
)
from grader.model import Status
from tests.grader.classpage.conftest import (
    SIZE,
    class_report,
    make_check,
    make_exercise,
    make_report,
)

PASSED, FAILED, BLANK = Status.PASSED, Status.FAILED, Status.NOT_STARTED


def test_points_are_counted_by_tenths() -> None:
    bins = distribution([0, 0.9, 1, 5, 9.9, 10], 10)
    assert bins[0] == Bin(0, 10, 2)
    assert [each.count for each in bins] == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]


def test_an_exam_without_points_has_a_distribution_too() -> None:
    assert distribution([0.0, 0.0], 0.0)[0].count == 2


def test_tenths_are_not_lost_to_rounding() -> None:
    assert distribution([sum([0.1] * 8)], 1.0)[8].count == 1  # 0.7999999999999999


def test_rates_of_a_class(gathered: Gathered) -> None:
    dropout, initialization, _ = exercise_numbers(gathered)
    strong, _, large = dropout.checks
    assert (strong.took_part, strong.failed, strong.blank) == (SIZE, SIZE // 2, 0)
    assert large.failed == 1
    assert initialization.checks[0].blank == initialization.blank == 4
    others = [marks.earned - marks.points[0] for marks in gathered.marks]
    points = [marks.points[0] for marks in gathered.marks]
    assert dropout.discrimination == pytest.approx(correlation(points, others))
    assert dropout.mean == pytest.approx(sum(m.points[0] for m in gathered.marks) / SIZE)


def test_discrimination_is_the_point_biserial_correlation() -> None:
    passed = [True] * 5 + [False] * 5
    rest = [9.0, 8, 7, 6, 5, 5, 4, 3, 2, 1]
    high, low, sd = 7.0, 3.0, 2.449489742783178  # means of both halves, deviation of all
    assert discrimination(passed, rest) == pytest.approx((high - low) / sd * 0.5)
    assert discrimination(passed[::-1], rest) == pytest.approx(-(high - low) / sd * 0.5)


def test_a_check_is_not_compared_with_its_own_points() -> None:
    """Two checks that have nothing to do with each other would else seem to separate."""
    pairs = [(PASSED, PASSED), (PASSED, FAILED), (FAILED, PASSED), (FAILED, FAILED)] * 5
    reports = {
        f"{i:02}": make_report(
            f"{i:02}", make_exercise("e", make_check("a", one), make_check("b", two))
        )
        for i, (one, two) in enumerate(pairs)
    }
    (exercise,) = exercise_numbers(gather(map(Listed, reports), reports.get))
    assert [check.discrimination for check in exercise.checks] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        ([True, False] * 4, list(range(8))),
        ([True] * 12, list(range(12))),
        ([True, False] + [True] * 9 + [False], list(range(12))),
        ([True, False] * 6, [3.0] * 12),
    ],
    ids=["too few", "all pass", "two fail", "all alike"],
)
def test_where_there_is_nothing_to_say(passed: list[bool], rest: list[float]) -> None:
    assert discrimination(passed, rest) is None


LADDER = [float(points) for points in range(20, 0, -1)]  # the strongest first


def test_a_check_that_the_weak_pass_looks_wrong() -> None:
    assert doubt([FAILED] * 5 + [PASSED] * 15, LADDER) == (
        "5 of the 5 weakest submissions pass it, but only 0 of the 5 strongest."
    )


def test_a_check_that_the_strongest_fail_looks_wrong() -> None:
    statuses = [FAILED, PASSED, FAILED, FAILED, PASSED] + [FAILED] * 15
    assert doubt(statuses, LADDER) == (
        "3 of the 5 strongest submissions fail it; none of the 5 weakest pass."
    )


@pytest.mark.parametrize(
    "statuses",
    [
        [PASSED] * 20,
        [PASSED] * 5 + [FAILED] * 15,
        [FAILED, FAILED] + [PASSED] * 3 + [FAILED] * 15,
        [BLANK] * 20,
        [FAILED] + [PASSED] * 19,
    ],
    ids=["easy", "hard", "not quite half", "nobody began", "one slip"],
)
def test_a_check_that_looks_right(statuses: list[Status]) -> None:
    assert doubt(statuses, LADDER) == ""


def test_where_all_are_as_strong_the_order_of_names_says_nothing() -> None:
    statuses = [FAILED] * 2 + [PASSED] * 18
    assert doubt(statuses, [7.0] * 20) == ""
    assert doubt(statuses, LADDER) != ""


def test_what_is_doubted_in_a_class(gathered: Gathered) -> None:
    doubted = [c.check.name for e in exercise_numbers(gathered) for c in e.checks if c.doubt]
    assert "test_upside_down" in doubted
    assert "test_planted" not in doubted  # a bonus may be hard
    assert "test_strong_pass" not in doubted


def test_a_void_check_is_doubted_and_not_counted() -> None:
    void = make_report("a", make_exercise("e", make_check("c", Status.VOID)))
    (exercise,) = exercise_numbers(gather([Listed("a")], {"a": void}.get))
    (check,) = exercise.checks
    assert (check.took_part, check.failed, check.void) == (0, 0, 1)
    assert check.doubt == "It could not run for 1 submission: it fails on the reference too."


def test_reports_of_another_exam_are_told_apart() -> None:
    reports = {
        "a": make_report("a", make_exercise("e", make_check("c"))),
        "b": make_report("b", make_exercise("e", make_check("d"))),
    }
    gathered = gather([Listed("b"), Listed("a"), Listed("c")], reports.get)
    assert [marks.student for marks in gathered.marks] == ["a"]
    assert [each.student for each in gathered.troubled] == ["b", "c"]


def test_who_has_no_grade_is_not_read() -> None:
    gathered = gather([Listed("a", "It is empty.")], lambda _: class_report("student 01"))
    assert gathered.marks == []
    assert gathered.troubled == [Listed("a", "It is empty.")]
