"""Points come from the course; what ran, and how much of it, can only take them away."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.checks.findings import Findings
from grader.checks.messages import Decided, Opened
from grader.course import Course
from grader.grade import exit_code, make_report
from grader.model import (
    SCHEMA,
    Check,
    Exercise,
    Isolation,
    Report,
    SourceFile,
    Status,
    Submission,
    Suite,
)
from grader.settings import Settings


def check(
    name: str, points: float = 1.0, bonus: bool = False, suite: Suite = Suite.HIDDEN
) -> Check:
    return Check(name, f"Title of {name}", f"Hint of {name}", points, bonus, ("relu",), suite)


RELU = Exercise("relu", "Rectified", ("relu",), (check("test_a", 2), check("test_b", 0.5)))
SOFTMAX = Exercise("softmax", "Shares", ("softmax",), (check("test_a"), check("test_x", 4, True)))
COURSE = Course(Path("c"), "Miniature", "v1", (RELU, SOFTMAX), {}, Settings())
SUBMITTED = Submission("alice", (SourceFile("relu.py", "abc", ("x = 1",)),), ("b.py left out.",))


def findings(*statuses: Status | None, course: Course = COURSE) -> Findings:
    """How the checks ended, in the order of the course; None for one that never ran."""
    found = Findings(isolation=Isolation.ZYGOTE)
    keys = [(exercise, check) for exercise in course.exercises for check in exercise.checks]
    for (exercise, one), status in zip(keys, statuses, strict=True):
        if status is not None:
            found.add(Decided(exercise.name, one.suite, one.name, status, f"It {status}.", "f(1)"))
    return found


def report(*statuses: Status | None, course: Course = COURSE) -> Report:
    return make_report(course, SUBMITTED, Suite.HIDDEN, findings(*statuses, course=course))


P, F, V = Status.PASSED, Status.FAILED, Status.VOID
NOT_PASSED = [status for status in Status if status is not Status.PASSED]


def test_a_report_says_what_was_graded_and_how() -> None:
    result = report(P, P, P, P)
    assert result.schema == SCHEMA
    assert (result.submission, result.course, result.course_version) == ("alice", "Miniature", "v1")
    assert result.files == {"relu.py": "abc"}
    assert result.notes == ("b.py left out.",)
    assert (result.suite, result.isolation) == (Suite.HIDDEN, Isolation.ZYGOTE)
    assert [e.name for e in result.exercises] == ["relu", "softmax"]


@pytest.mark.parametrize(
    ("statuses", "earned", "bonus"),
    [
        ((P, P, P, P), 3.5, 4.0),
        ((P, P, P, F), 3.5, 0.0),
        ((F, P, P, P), 1.5, 4.0),
        ((P, F, F, P), 2.0, 4.0),
        ((F, F, F, F), 0.0, 0.0),
        ((None, None, None, None), 0.0, 0.0),
        ((V, P, P, V), 1.5, 0.0),
    ],
)
def test_points_add_up_and_bonus_stands_outside(
    statuses: tuple[Status | None, ...], earned: float, bonus: float
) -> None:
    result = report(*statuses)
    assert (result.earned, result.possible, result.bonus_earned) == (earned, 3.5, bonus)
    assert sum(exercise.earned for exercise in result.exercises) == earned
    assert [exercise.possible for exercise in result.exercises] == [2.5, 1.0]


@pytest.mark.parametrize("status", NOT_PASSED)
def test_only_a_passed_check_earns_its_points(status: Status) -> None:
    result = report(status, P, P, status)
    assert [c.earned for e in result.exercises for c in e.checks] == [0.0, 0.5, 1.0, 0.0]
    assert [c.points for e in result.exercises for c in e.checks] == [2.0, 0.5, 1.0, 4.0]
    assert (result.earned, result.possible) == (1.5, 3.5)


def test_a_check_has_its_words_from_the_course_and_its_end_from_the_examiner() -> None:
    result = report(F, P, P, P).exercises[0].checks[0]
    assert (result.name, result.title, result.hint) == (
        "test_a",
        "Title of test_a",
        "Hint of test_a",
    )
    assert (result.status, result.message, result.example) == (F, "It failed.", "f(1)")
    assert (result.functions, result.bonus, result.suite) == (("relu",), False, Suite.HIDDEN)


def test_a_check_that_never_ran_is_void() -> None:
    result = report(P, None, P, P)
    never = result.exercises[0].checks[1]
    assert (never.status, never.earned, never.points) == (Status.VOID, 0.0, 0.5)
    assert never.message == "This check did not run (a mistake in the grader, not in your code)."
    assert never.example is None
    assert (result.earned, result.possible) == (3.0, 3.5)


def test_checks_of_one_name_are_told_apart_by_exercise_and_suite() -> None:
    both = Exercise(
        "relu", "Rectified", ("relu",), (check("test_a", suite=Suite.PUBLIC), check("test_a", 5))
    )
    course = replace(COURSE, exercises=(both, SOFTMAX))
    result = report(P, F, F, F, course=course)
    assert [c.status for e in result.exercises for c in e.checks] == [P, F, F, F]


def test_what_an_examiner_invents_earns_nothing() -> None:
    found = findings(F, F, F, F)
    found.add(Decided("relu", Suite.HIDDEN, "test_c", P, "", None))
    found.add(Decided("dropout", Suite.HIDDEN, "test_a", P, "", None))
    found.add(Decided("relu", Suite.PUBLIC, "test_a", P, "", None))
    result = make_report(COURSE, SUBMITTED, Suite.HIDDEN, found)
    assert (result.earned, result.possible, result.bonus_earned) == (0.0, 3.5, 0.0)
    assert [len(exercise.checks) for exercise in result.exercises] == [2, 2]


@pytest.mark.parametrize("order", [(P, F, P), (F, P, P), (P, P, F)], ids=str)
def test_a_parametrized_check_passes_with_all_its_parameters(order: tuple[Status, ...]) -> None:
    found = findings(None, P, P, P)
    for status in order:
        found.add(Decided("relu", Suite.HIDDEN, "test_a", status, f"It {status}.", None))
    result = make_report(COURSE, SUBMITTED, Suite.HIDDEN, found)
    assert result.exercises[0].checks[0].message == "It failed."
    assert result.earned == 1.5


def test_the_report_says_which_file_was_graded() -> None:
    found = findings(P, P, P, P)
    found.opened["relu"] = Opened("relu", "Relu.ipynb", ("Cell 3 does not parse.",))
    relu, softmax = make_report(COURSE, SUBMITTED, Suite.HIDDEN, found).exercises
    assert (relu.file, relu.notes) == ("Relu.ipynb", ("Cell 3 does not parse.",))
    assert (softmax.file, softmax.notes) == (None, ())


def test_isolation_that_nobody_told_of_is_none() -> None:
    result = make_report(COURSE, SUBMITTED, Suite.HIDDEN, Findings())
    assert result.isolation is Isolation.NONE


# exit codes


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((P, P, P, P), 0),
        ((P, P, P, F), 0),
        ((P, P, P, Status.NOT_STARTED), 0),
        ((P, F, P, P), 1),
        ((Status.NOT_STARTED,) * 4, 1),
        ((Status.TIMEOUT, P, P, P), 1),
        ((Status.CRASHED, Status.MEMORY, Status.ERROR, P), 1),
        ((P, P, P, V), 2),
        ((P, V, P, P), 2),
        ((F, V, F, F), 2),
        ((P, P, None, P), 2),
        ((None,) * 4, 2),
    ],
    ids=str,
)
def test_the_exit_code(statuses: tuple[Status | None, ...], code: int) -> None:
    assert exit_code(report(*statuses)) == code


def test_nothing_graded_is_no_success() -> None:
    assert exit_code(report(course=replace(COURSE, exercises=()))) == 2
    empty = Exercise("relu", "Rectified", ("relu",), ())
    assert exit_code(report(course=replace(COURSE, exercises=(empty,)))) == 2


def test_points_that_floats_cannot_add_are_still_full_marks() -> None:
    checks = tuple(check(f"test_{i}", 0.1) for i in range(11))
    course = replace(COURSE, exercises=(replace(RELU, checks=checks), SOFTMAX))
    result = report(*[P] * 13, course=course)
    assert result.earned == result.possible
    assert exit_code(result) == 0
