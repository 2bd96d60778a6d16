from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.model import CheckResult, Report, Status
from grader.report import story, words

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]


def test_the_next_step_is_the_first_check_of_the_syllabus_that_is_not_passed(
    full_report: Report,
) -> None:
    step = story.next_step(full_report)
    assert step.text == "Make this hold: The cost agrees with the reference."
    assert step.reason.endswith("expected 0.8423.")
    assert step.anchor == "regularization-3"


def test_required_checks_come_before_bonus_and_void(report: MakeReport, check: MakeCheck) -> None:
    made = report(
        check("Extra", status=Status.FAILED, bonus=True),
        check("Ours", status=Status.VOID),
        check("Needed", status=Status.FAILED),
    )
    assert story.next_step(made).text == "Make this hold: Needed."


def test_exercises_that_are_begun_come_first(report: MakeReport, check: MakeCheck) -> None:
    blank, wrong = (check(status=status) for status in (Status.NOT_STARTED, Status.FAILED))
    planted = check(status=Status.FAILED, bonus=True)  # students get it like that
    plain = report(blank).exercises[0]
    made = replace(
        report(blank),
        exercises=tuple(
            replace(plain, name=name, title=name, checks=checks)
            for name, checks in (
                ("later", (blank, planted)),
                ("now", (blank, wrong)),
                ("last", (blank,)),
            )
        ),
    )
    assert [each.name for each in story.begun_first(made)] == ["now", "later", "last"]
    assert story.next_step(made).where == "now"


def test_only_a_bonus_is_left(report: MakeReport, check: MakeCheck) -> None:
    made = report(check("Extra", status=Status.FAILED, bonus=True), check())
    assert story.next_step(made).text.startswith("All that counts is passed. For the bonus:")


def test_a_function_that_is_not_started_is_to_be_written(
    report: MakeReport, check: MakeCheck
) -> None:
    made = report(check(status=Status.NOT_STARTED, functions=("f", "g", "h")))
    assert story.next_step(made).text == "Write `f`, `g` and `h`."


def test_nothing_submitted(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(status=Status.NOT_STARTED), files={})
    assert story.next_step(made).text.startswith("Hand in a file")


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        ((Status.PASSED,), "Every check is passed"),
        ((Status.PASSED, Status.VOID), "Every check that could run is passed"),
        ((), "There is no check"),
    ],
)
def test_nothing_is_left(
    report: MakeReport, check: MakeCheck, statuses: tuple[Status, ...], text: str
) -> None:
    made = report(*(check(status=status) for status in statuses))
    assert story.next_step(made).text.startswith(text)
    assert story.next_step(made).anchor == ""


def test_checks_are_grouped_by_function_where_that_helps(full_report: Report) -> None:
    functions = [group.functions for group in story.groups(full_report.exercises[1])]
    assert functions == [
        ("compute_cost_with_regularization",),
        ("backward_propagation_with_regularization",),
    ]


def test_a_group_for_nearly_every_check_is_no_help(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(functions=("f",)), check(functions=("g",)))
    assert [group.functions for group in story.groups(made.exercises[0])] == [()]


def test_every_check_stands_in_one_place(full_report: Report, large_report: Report) -> None:
    for exercise in (*full_report.exercises, *large_report.exercises):
        numbers = [
            placed.number
            for group in story.groups(exercise)
            for placed in (*group.passed, *(one for f in group.findings for one in f.checks))
        ]
        assert sorted(numbers) == list(range(1, len(exercise.checks) + 1))


def test_checks_that_say_the_same_are_one_finding(full_report: Report) -> None:
    first = story.groups(full_report.exercises[3])[0]
    assert [len(finding.checks) for finding in first.findings] == [3]


def test_an_exercise_without_checks_has_no_group(full_report: Report) -> None:
    assert story.groups(replace(full_report.exercises[0], checks=())) == []


@pytest.mark.parametrize(
    ("points", "shown"), [(3.0, "3"), (2.5, "2.5"), (0.0, "0"), (100.0, "100"), (1 / 3, "0.33")]
)
def test_points_are_written_short(points: float, shown: str) -> None:
    assert words.amount(points) == shown


def test_every_status_has_its_word_and_shape() -> None:
    assert set(words.STATUS) == set(words.MARK) == set(words.SILENT) == set(Status)
    assert len(set(words.MARK.values())) == len(set(words.STATUS.values())) == len(Status)


def test_a_check_without_a_title_is_called_by_its_name(check: MakeCheck) -> None:
    assert words.title(replace(check(), title="", name="test_rows_sum_to_one")) == (
        "Rows sum to one"
    )
