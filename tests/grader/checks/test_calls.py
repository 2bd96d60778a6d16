"""A call is data, has its own seed, and calls back only as the check declared."""

from typing import Any

import numpy as np
import pytest

from grader.checks.bank import Recorded
from grader.checks.calls import (
    Answer,
    Call,
    Session,
    answer_callback,
    arguments_of,
    fingerprint,
)
from grader.kit import callback, generator
from grader.kit.submission import Callback, Own
from grader.kit.verdicts import Leave
from grader.worker import codec


class Echo:
    """A target that answers with its name and remembers the calls."""

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self.calls: list[Call] = []

    def call(self, call: Call) -> Answer:
        self.calls.append(call)
        if isinstance(self.value, BaseException):
            raise self.value
        return Answer(self.value, (0,))


def seeds(check: str, *calls: tuple[str, Any], target: Echo | None = None) -> list[int]:
    """The seeds of these calls, in one example of a check."""
    target = target or Echo()
    session = Session()
    session.begin_check(check, target)
    for function, argument in calls:
        session.call(function, (argument,), {})
    return [call.seed for call in target.calls]


# seeds


def test_the_same_call_has_the_same_seed_whoever_answers() -> None:
    calls = (("relu", 1.0), ("sigmoid", np.ones((2, 2))))
    first = seeds("test_a", *calls, target=Echo(1))
    assert first == seeds("test_a", *calls, target=Echo("something else"))


def test_seeds_do_not_depend_on_what_ran_before() -> None:
    session, target = Session(), Echo()
    session.begin_check("test_before", target)
    session.call("relu", (0.0,), {})
    session.begin_check("test_a", target)
    session.call("relu", (1.0,), {})
    session.begin_example()
    session.call("relu", (1.0,), {})
    assert [call.seed for call in target.calls[1:]] == seeds("test_a", ("relu", 1.0)) * 2


def test_each_place_in_an_example_has_a_seed_of_its_own() -> None:
    drawn = seeds("test_a", *[("relu", 1.0)] * 50)
    assert len(set(drawn)) == 50


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("test_b", ("relu", 1.0)), id="another check"),
        pytest.param(("test_a[2]", ("relu", 1.0)), id="another parameter of the check"),
        pytest.param(("test_a", ("sigmoid", 1.0)), id="another function"),
        pytest.param(("test_a", ("relu", 2.0)), id="another argument"),
        pytest.param(("test_a", ("relu", 1)), id="another type"),
        pytest.param(("test_a", ("relu", np.float64(1.0))), id="a numpy scalar"),
    ],
)
def test_seeds_differ_by_everything_that_makes_a_call(other: Any) -> None:
    assert seeds("test_a", ("relu", 1.0)) != seeds(*other)


def test_names_cannot_run_into_each_other() -> None:
    assert seeds("test_a", ("b", None)) != seeds("test_", ("ab", None))


def test_keywords_are_part_of_a_seed() -> None:
    session, target = Session(), Echo()
    for kwargs in ({}, {"keep_prob": 0.5}, {"keep": 0.5}):
        session.begin_check("test_a", target)
        session.call("relu", (1.0,), kwargs)
    assert len({call.seed for call in target.calls}) == 3


def test_seeds_are_what_numpy_takes() -> None:
    drawn = seeds("test_a", *[("relu", float(i)) for i in range(200)])
    assert all(0 <= seed < 2**32 for seed in drawn)
    assert max(drawn) > 2**31  # all 32 bits are in use


def test_seeds_are_the_same_in_every_version_of_grader() -> None:
    # Grades must not change by themselves: this number may change only with a reason.
    assert seeds("test_a", ("relu", np.ones((2, 1)))) == [2303336463]


# arguments


def test_what_a_check_does_later_to_its_arguments_changes_no_call() -> None:
    session, target = Session(), Echo()
    session.begin_check("test_a", target)
    X = np.zeros((2, 2))
    session.call("relu", (X,), {})
    X += 1
    (sent,), _ = arguments_of(target.calls[0])
    assert (sent == 0).all()


def test_arguments_are_fresh_copies_each_time() -> None:
    session, target = Session(), Echo()
    session.begin_check("test_a", target)
    session.call("relu", (np.zeros(2),), {"b": [1]})
    (first,), keywords = arguments_of(target.calls[0])
    first += 1
    keywords["b"].append(2)
    (again,), keywords = arguments_of(target.calls[0])
    assert again.tolist() == [0, 0]
    assert keywords == {"b": [1]}


def test_stand_ins_travel_by_index_name_and_seed() -> None:
    session, target = Session(), Echo()
    session.begin_check("test_a", target)
    J, dJ = callback(abs, takes=[()]), callback(len, takes=[(2, 1)])
    session.call("f", (J, Own("relu"), generator(3)), {"dJ": dJ})
    call = target.calls[0]
    args, kwargs = arguments_of(call)
    assert args == (codec.Handle(0), codec.OwnFunction("relu"), codec.Generator(3))
    assert kwargs == {"dJ": codec.Handle(1)}
    assert call.callbacks == (J, dJ)


def test_a_resolver_sees_positional_and_keyword_arguments() -> None:
    session, target = Session(), Echo()
    session.begin_check("test_a", target)
    session.call("f", (Own("relu"), 2.0), {"g": Own("sigmoid")})
    args, kwargs = arguments_of(target.calls[0], lambda value: getattr(value, "name", value))
    assert (args, kwargs) == (("relu", 2.0), {"g": "sigmoid"})


@pytest.mark.parametrize(
    "value",
    [object(), abs, {1.5: 2}, np.array([object()])],
    ids=["object", "function", "key", "array"],
)
def test_only_data_can_be_sent(value: Any) -> None:
    session = Session()
    session.begin_check("test_a", Echo())
    with pytest.raises(codec.Refused):
        session.call("f", (value,), {})


# the trace


def test_the_trace_holds_the_calls_of_the_running_example() -> None:
    session, target = Session(), Echo(7)
    session.begin_check("test_a", target)
    session.call("f", (1,), {})
    session.begin_example()
    assert session.call("g", (2,), {}) == (7, (0,))
    session.call("h", (3,), {})
    assert [(call.function, answer) for call, answer in session.trace] == [
        ("g", Answer(7, (0,))),
        ("h", Answer(7, (0,))),
    ]


@pytest.mark.parametrize(
    "error", [Leave("timeout", "too long"), ValueError("no"), MemoryError()], ids=repr
)
def test_a_call_that_never_answered_stays_in_the_trace(error: BaseException) -> None:
    session = Session()
    session.begin_check("test_a", Echo(error))
    with pytest.raises(type(error)):
        session.call("f", (1,), {})
    assert [(call.function, answer) for call, answer in session.trace] == [("f", None)]


def test_a_trace_that_was_taken_stays_as_it_was() -> None:
    session = Session()
    session.begin_check("test_a", Echo())
    session.call("f", (1,), {})
    trace = session.trace
    session.begin_check("test_a", Echo())
    assert len(trace) == 1


# callbacks

MATRIX = Callback(lambda A: A, ((2, 1),))
NUMBER = Callback(lambda x: x, ((),))
BOTH = Callback(lambda x, A: (x, A), ((), (2, 1)))


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.float64(2), np.float32(2), np.int8(2), np.array(2.0), np.array(2)],
    ids=lambda value: f"{type(value).__name__} {getattr(value, 'dtype', '')}",
)
def test_a_callback_gets_a_float(value: Any) -> None:
    result = answer_callback(NUMBER, (value,))
    assert type(result) is float
    assert result == 2.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8], ids=str)
def test_a_callback_gets_a_float64_array(dtype: type) -> None:
    result = answer_callback(MATRIX, (np.ones((2, 1), dtype=dtype),))
    assert result.dtype == np.float64
    assert result.tolist() == [[1.0], [1.0]]


def test_a_callback_gets_its_arguments_in_order() -> None:
    x, A = answer_callback(BOTH, (1, np.zeros((2, 1))))
    assert x == 1.0
    assert A.shape == (2, 1)


@pytest.mark.parametrize("value", [np.nan, np.inf], ids=str)
def test_a_callback_is_asked_about_any_float(value: float) -> None:
    np.testing.assert_equal(answer_callback(NUMBER, (value,)), value)


@pytest.mark.parametrize(
    ("passed", "args"),
    [
        pytest.param(NUMBER, (), id="no argument"),
        pytest.param(NUMBER, (1.0, 2.0), id="one too many"),
        pytest.param(BOTH, (1.0,), id="one too few"),
        pytest.param(BOTH, (np.ones((2, 1)), 1.0), id="in the other order"),
        pytest.param(NUMBER, [1.0], id="a list of arguments"),
        pytest.param(NUMBER, 1.0, id="no tuple at all"),
        pytest.param(NUMBER, None, id="None for the arguments"),
        pytest.param(NUMBER, {0: 1.0}, id="a dictionary of arguments"),
        pytest.param(NUMBER, ("1.0",), id="a string"),
        pytest.param(NUMBER, (b"1",), id="bytes"),
        pytest.param(NUMBER, (None,), id="None"),
        pytest.param(NUMBER, ([1.0],), id="a list"),
        pytest.param(NUMBER, (1j,), id="complex"),
        pytest.param(NUMBER, (np.complex128(1),), id="numpy complex"),
        pytest.param(NUMBER, (True,), id="bool"),
        pytest.param(NUMBER, (np.bool_(True),), id="numpy bool"),
        pytest.param(NUMBER, (np.ones(1),), id="an array of one for a number"),
        pytest.param(NUMBER, (np.ones((1, 1)),), id="1x1 for a number"),
        pytest.param(MATRIX, (1.0,), id="a number for an array"),
        pytest.param(MATRIX, (np.ones(2),), id="a vector"),
        pytest.param(MATRIX, (np.ones((1, 2)),), id="transposed"),
        pytest.param(MATRIX, (np.ones((2, 1, 1)),), id="a dimension more"),
        pytest.param(MATRIX, (np.ones((2, 1), dtype=complex),), id="complex array"),
        pytest.param(MATRIX, (np.ones((2, 1), dtype=bool),), id="bool array"),
        pytest.param(MATRIX, (np.array([["1"], ["2"]]),), id="array of strings"),
        pytest.param(MATRIX, ([[1.0], [2.0]],), id="nested lists"),
    ],
)
def test_arguments_that_were_not_declared_never_reach_the_check(
    passed: Callback, args: Any
) -> None:
    reached: list[Any] = []
    guarded = Callback(lambda *args: reached.append(args), passed.takes)
    with pytest.raises(ValueError, match=r"^$"):  # no text of ours for student code
        answer_callback(guarded, args)
    assert reached == []


def test_an_error_of_the_check_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_callback(Callback(lambda x: 1 / x, ((),)), (0.0,))


def test_a_foreseen_call_is_not_made_ready_again() -> None:
    data = (((1.5, [2]), {}), ((1.5, [2]), {"c": 3}))
    foreseen = [Recorded("f", b"as before", 7, True, fingerprint(each)) for each in data]
    session = Session()
    session.begin_check("test_a", Echo())
    session.begin_example(foreseen)
    session.call("f", (1.5, [2]), {})
    session.call("f", (1.5, [2]), {"c": 4})  # other arguments
    session.call("f", (), {})  # one call more
    first, second, third = (call for call, _ in session.trace)
    assert (first.arguments, first.seed) == (b"as before", 7)
    assert codec.decode(second.arguments) == ((1.5, [2]), {"c": 4})
    assert codec.decode(third.arguments) == ((), {})
    session.begin_example(foreseen)
    session.call("g", (1.5, [2]), {})
    assert codec.decode(session.trace[0][0].arguments) == ((1.5, [2]), {})
    session.begin_example()
    session.call("f", (1.5, [2]), {})
    assert codec.decode(session.trace[0][0].arguments) == ((1.5, [2]), {})


def test_only_equal_arguments_share_a_fingerprint() -> None:
    x = np.arange(6.0)
    different = [x, x.astype(int), x.reshape(2, 3), x.reshape(3, 2), -x, [*x], x[:5], 1, 1.0, True]
    marks = {fingerprint(value) for value in different}
    assert len(marks) == len(different)
    assert fingerprint(x.reshape(2, 3).T) != fingerprint(x.reshape(3, 2))
    assert fingerprint(lambda: 1) == b""
