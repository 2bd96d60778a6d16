"""The reference answers as the worker would: copies, seeds, plain data."""

import random
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.calls import Session
from grader.checks.local import LocalTarget
from grader.kit import Submission, callback, expect, generator
from grader.kit.verdicts import Leave, StudentError
from grader.model import Status
from grader.worker import codec


def submission(**functions: Callable[..., Any]) -> Submission:
    """A submission whose functions are those of a module made of these."""
    module = types.ModuleType("reference.miniature")
    module.__dict__.update(functions)
    session = Session()
    session.begin_check("test_a", LocalTarget(module))
    return Submission(session)


def test_a_function_is_called_with_what_the_check_gave() -> None:
    A = np.arange(6.0).reshape(2, 3)
    answer = submission(f=lambda A, k=1, *, plus: A * k + plus).f(A, 2, plus=1.0)
    np.testing.assert_array_equal(answer, A * 2 + 1)


def test_the_answer_is_a_copy_of_plain_data() -> None:
    kept = np.zeros(2)
    mini = submission(f=lambda: (kept, [1, {"a": None}]))
    answer, rest = mini.f()
    answer += 1
    assert kept.tolist() == [0, 0]
    assert rest == [1, {"a": None}]


def test_the_inputs_of_a_check_are_out_of_reach() -> None:
    X = np.zeros(2)

    def spoil(x: Any) -> None:
        x += 1

    mini = submission(spoil=spoil)
    mini.spoil(X)
    assert X.tolist() == [0, 0]
    assert mini.changed == (0,)
    with pytest.raises(expect.Mismatch):
        expect.unchanged(mini)


def test_changed_arguments_are_told_by_place_and_keyword() -> None:
    def spoil(a: Any, b: Any, *, c: Any, d: Any) -> None:
        b["W1"][0, 0] = 5
        c.append(1)

    mini = submission(spoil=spoil)
    mini.spoil(np.ones(2), {"W1": np.zeros((1, 1))}, c=[0], d=np.nan)
    assert mini.changed == (1, "c")


def test_nan_in_an_argument_is_no_change() -> None:
    mini = submission(f=abs)
    mini.f(np.array([np.nan]))
    assert mini.changed == ()


def test_generators_are_seeded_by_the_call() -> None:
    def draw() -> Any:
        return np.random.rand(), random.random()

    first = submission(draw=draw)
    once, twice = first.draw(), first.draw()
    np.random.seed(0)
    random.seed(0)
    again = submission(draw=draw)
    assert (again.draw(), again.draw()) == (once, twice)
    assert once != twice


def test_stand_ins_become_what_they_stand_for() -> None:
    mini = submission(
        apply=lambda f, x: f(x), relu=lambda x: max(0.0, x), draw=lambda rng: rng.random()
    )
    assert mini.apply(callback(lambda x: x**2, takes=[()]), 3.0) == 9.0
    assert mini.apply(mini.own("relu"), -1.0) == 0.0
    assert mini.draw(generator(5)) == np.random.default_rng(5).random()


def test_a_callback_refuses_what_was_not_declared() -> None:
    mini = submission(apply=lambda f: f("text"))
    with pytest.raises(StudentError) as caught:
        mini.apply(callback(lambda x: x, takes=[()]))
    assert caught.value.raised.kind == "ValueError"


def test_an_exception_becomes_a_student_error() -> None:
    def fail() -> None:
        raise KeyError("W1")

    with pytest.raises(StudentError, match=r"^fail raised KeyError$") as caught:
        submission(fail=fail).fail()
    assert caught.value.function == "fail"
    assert (caught.value.raised.kind, caught.value.raised.message) == ("KeyError", "'W1'")
    assert isinstance(caught.value.__cause__, KeyError)  # for the author of the reference


@pytest.mark.parametrize("call", [lambda mini: mini.g(), lambda mini: mini.f(mini.own("g"))])
def test_a_function_that_is_not_there(call: Callable[[Submission], Any]) -> None:
    with pytest.raises(Leave) as caught:
        call(submission(f=lambda g: g))
    assert caught.value.status == Status.NOT_STARTED
    assert caught.value.message == "reference.miniature has no function g."


def test_a_reference_that_answers_with_more_than_data_is_refused() -> None:
    with pytest.raises(codec.Refused):
        submission(f=lambda: np.random.default_rng(0)).f()
