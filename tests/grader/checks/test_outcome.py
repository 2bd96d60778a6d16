"""Each way a check can end has one status and one sentence; void needs proof."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis.errors import FailedHealthCheck, Unsatisfiable

from grader.checks.calls import Answer, Call, Trace
from grader.checks.outcome import AnswersDiffer, Outcome, decide, raised_message
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError
from grader.model import Status

VOID = (
    "This check could not run (a mistake in the grader, not in your code). "
    "A teacher has to look at it."
)
UNUSABLE = "relu returned a float, which this check cannot use."
ANSWERED: Trace = [(Call("relu", b"", (), 0), Answer(0.5))]
CODE = "relu(1.0)"
RAISED = Raised("ValueError", "no such axis", "dropout.py", 12, "raise ValueError(text)")


class StudentsOwn(Exception):
    """As a check could never meet it: exceptions of a student stay in the worker."""


def outcome(
    error: BaseException | None, trace: Trace = ANSWERED, *, reference_fails: bool = False
) -> Outcome:
    return decide(error, trace, fails_on_reference=lambda: reference_fails, example=lambda: CODE)


def raised_by(body: Callable[[], object]) -> BaseException:
    """What a check raises that does this."""
    with pytest.raises(BaseException) as caught:
        body()
    return caught.value


ENDINGS = {
    "a wrong answer": (
        Mismatch("W1 is wrong.\n    yours 1"), Status.FAILED, "W1 is wrong.\n    yours 1"
    ),
    "an exception of the student": (
        StudentError("relu", RAISED),
        Status.ERROR,
        "relu raised ValueError on line 12 of dropout.py: no such axis\n"
        "    12 | raise ValueError(text)",
    ),
    "too long": (Leave(Status.TIMEOUT, "Too long."), Status.TIMEOUT, "Too long."),
    "too much": (Leave(Status.MEMORY, "Too much."), Status.MEMORY, "Too much."),
    "a dead worker": (Leave(Status.CRASHED, "It died."), Status.CRASHED, "It died."),
    "a status as text": (Leave("timeout", "Too long."), Status.TIMEOUT, "Too long."),
    "unpacking None": (
        raised_by(lambda: dict(None)), Status.FAILED, UNUSABLE  # type: ignore[call-overload]
    ),
    "an index that is not there": (IndexError("list"), Status.FAILED, UNUSABLE),
    "an assertion of the author's": (AssertionError(), Status.FAILED, UNUSABLE),
    "a comparison that needs 78 GiB": (MemoryError(), Status.FAILED, UNUSABLE),
    "an answer nested too deep": (RecursionError(), Status.FAILED, UNUSABLE),
    "numpy's complaint": (
        raised_by(lambda: np.ones((2, 3)) @ np.ones((2, 3))), Status.FAILED, UNUSABLE
    ),
    "pytest.skip": (raised_by(lambda: pytest.skip("no")), Status.FAILED, UNUSABLE),
    "pytest.fail": (raised_by(lambda: pytest.fail("no")), Status.FAILED, UNUSABLE),
    "pytest.xfail": (raised_by(lambda: pytest.xfail("no")), Status.FAILED, UNUSABLE),
    "pytest.exit": (raised_by(lambda: pytest.exit("no")), Status.FAILED, UNUSABLE),
    "sys.exit": (raised_by(lambda: sys.exit(0)), Status.FAILED, UNUSABLE),
    "GeneratorExit": (GeneratorExit(), Status.FAILED, UNUSABLE),
    "a group of failures": (
        BaseExceptionGroup("two", [Mismatch("a"), ValueError("b")]), Status.FAILED, UNUSABLE
    ),
    "an exception of no known kind": (StudentsOwn(), Status.FAILED, UNUSABLE),
    "nothing fits an assumption": (Unsatisfiable(), Status.FAILED, UNUSABLE),
    "a health check": (FailedHealthCheck("slow"), Status.FAILED, UNUSABLE),
    "another answer the second time": (
        AnswersDiffer(),
        Status.FAILED,
        "The same call gave another answer the second time. A function may depend on "
        "nothing but its arguments and numpy's random generator.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("error", "status", "message"), ENDINGS.values(), ids=ENDINGS)
def test_how_a_check_ends(error: BaseException, status: Status, message: str) -> None:
    result = outcome(error)
    assert (result.status, result.message, result.example) == (status, message, CODE)


@pytest.mark.parametrize(("error", "status", "message"), ENDINGS.values(), ids=ENDINGS)
def test_whatever_ends_a_check_is_void_if_it_ends_the_reference_too(
    error: BaseException, status: Status, message: str
) -> None:
    result = outcome(error, reference_fails=True)
    assert (result.status, result.message, result.example) == (Status.VOID, VOID, None)
    assert not result.repeats


def test_a_check_that_ends_has_passed() -> None:
    assert outcome(None) == Outcome(Status.PASSED)
    assert outcome(None, reference_fails=True) == Outcome(Status.PASSED)


@pytest.mark.parametrize("reference_fails", [False, True])
def test_a_blank_is_a_blank_whatever_the_reference_does(reference_fails: bool) -> None:
    error = Leave(Status.NOT_STARTED, "relu is not written yet.")
    result = outcome(error, reference_fails=reference_fails)
    assert (result.status, result.message) == (Status.NOT_STARTED, "relu is not written yet.")
    assert result.example is None
    assert not result.repeats


@pytest.mark.parametrize("error", [None, Leave(Status.NOT_STARTED, "")], ids=["passed", "blank"])
def test_the_reference_and_the_example_are_asked_for_only_when_needed(
    error: BaseException | None,
) -> None:
    def never() -> Any:
        raise AssertionError

    decide(error, ANSWERED, fails_on_reference=never, example=never)


NOT_KEPT = {
    "too long",
    "too much",
    "a dead worker",
    "a status as text",
    "another answer the second time",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_limits_and_changing_answers_may_end_otherwise_the_next_time(name: str) -> None:
    assert outcome(ENDINGS[name][0]).repeats == (name not in NOT_KEPT)


def test_what_a_student_raised_is_kept_without_its_place() -> None:
    assert outcome(StudentError("relu", RAISED)).raised == ("relu", "ValueError", "no such axis")
    assert outcome(Mismatch("W1 is wrong.")).raised is None


# what is said when an answer cannot be used


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([], "This check could not use what your function did."),
        (
            [(Call("relu", b"", (), 0), None)],
            "This check could not use what your function did.",
        ),
        (
            [(Call("relu", b"", (), 0), Answer(None)), (Call("sigmoid", b"", (), 0), None)],
            "relu returned None (is a return missing?), which this check cannot use.",
        ),
        (
            [*ANSWERED, (Call("sigmoid", b"", (), 0), Answer(np.ones((2, 3))))],
            "sigmoid returned an array of float64 with shape (2, 3), which this check cannot use.",
        ),
    ],
    ids=["no call", "no answer", "an answer before", "the last answer"],
)
def test_the_last_answer_is_what_could_not_be_used(trace: Trace, message: str) -> None:
    assert outcome(TypeError("cannot unpack"), trace).message == message


def test_words_of_a_check_never_reach_the_student() -> None:
    error = ValueError("/course/tests/hidden/test_dropout.py: secret = 42")
    assert "secret" not in outcome(error).message


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (Raised("KeyError", "'W1'"), "relu raised KeyError: 'W1'"),
        (Raised("ValueError", ""), "relu raised ValueError"),
        (Raised("ValueError", "", "a.py", 3), "relu raised ValueError on line 3 of a.py"),
        (
            Raised("ValueError", "no", "A.ipynb cell 7", 2, "x = y"),
            "relu raised ValueError on line 2 of A.ipynb cell 7: no\n    2 | x = y",
        ),
        (
            Raised("ValueError", "no", "a.py", 10, "def f(x):\n    y = 1\n\n    return x.y", 1),
            "relu raised ValueError on line 10 of a.py: no\n"
            "     9 | def f(x):\n  > 10 |     y = 1\n    11 |\n    12 |     return x.y",
        ),
        (Raised("ValueError", "no", "a.py", None), "relu raised ValueError: no"),
        (Raised("ValueError", "no", None, 3), "relu raised ValueError: no"),
        (Raised("ValueError", "no", "a.py", None, "x = y"), "relu raised ValueError: no"),
    ],
    ids=[
        "no place",
        "no words",
        "place",
        "notebook",
        "lines around",
        "no line",
        "no file",
        "code of no line",
    ],
)
def test_an_exception_is_told_with_its_place(raised: Raised, message: str) -> None:
    assert raised_message("relu", raised) == message
