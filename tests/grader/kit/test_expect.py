"""What is right and what is wrong, and the very words that a student reads."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.kit import Mismatch, Submission, expect

nan, inf = np.nan, np.inf
NOT_FINITE = pytest.mark.parametrize("value", [nan, inf, -inf], ids=str)


def refusal(compare: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        compare(*args, **kwargs)
    return str(caught.value)


# array and number


@pytest.mark.parametrize(
    ("actual", "shape"),
    [
        pytest.param(np.ones((2, 3)), (2, 3), id="float64"),
        pytest.param(np.ones((2, 3), dtype=np.float32), (2, 3), id="float32"),
        pytest.param(np.ones((2, 3), dtype=np.uint8), (2, 3), id="uint8"),
        pytest.param(np.ones((2, 3), dtype=bool), (2, 3), id="bool"),
        pytest.param(np.ones((0, 3)), (0, 3), id="empty"),
        pytest.param(np.ones(()), (), id="0-d array for a number"),
        pytest.param(np.float32(1), (), id="numpy scalar"),
        pytest.param(1, (), id="int for a float"),
    ],
)
def test_numbers_of_every_real_type_are_right(actual: Any, shape: tuple[int, ...]) -> None:
    result = expect.array(actual, shape, "W1")
    assert result.dtype == np.float64
    assert result.shape == shape
    assert (result == 1).all()


def test_an_array_is_a_copy() -> None:
    answer = np.zeros(3)
    expect.array(answer, (3,), "W1")[0] = 7
    assert answer[0] == 0


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        (None, "W1 must be an array of shape (2,), but it is None (is a return missing?)."),
        ([1.0, 2.0], "W1 must be an array of shape (2,), but it is a list of length 2."),
        ((1.0, 2.0), "W1 must be an array of shape (2,), but it is a tuple of length 2."),
        ({"a": 1}, "W1 must be an array of shape (2,), but it is a dict of length 1."),
        ("12", "W1 must be an array of shape (2,), but it is a str of length 2."),
        (1j, "W1 must be an array of shape (2,), but it is a complex."),
        (
            np.ones(2, dtype=complex),
            "W1 must hold real numbers, but it is an array of complex128 with shape (2,).",
        ),
        (np.ones((2, 1)), "W1 must have shape (2,), but it has shape (2, 1)."),
        (np.ones((1, 2)), "W1 must have shape (2,), but it has shape (1, 2)."),
        (np.ones(3), "W1 must have shape (2,), but it has shape (3,)."),
        (1.0, "W1 must have shape (2,), but it has shape ()."),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else None,
)
def test_what_is_no_array_of_that_shape(actual: Any, message: str) -> None:
    assert refusal(expect.array, actual, (2,), "W1") == message
    assert refusal(expect.close, actual, np.ones(2), "W1") == message


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        (None, "cost must be a number, but it is None (is a return missing?)."),
        ([1.0], "cost must be a number, but it is a list of length 1."),
        ("1", "cost must be a number, but it is a str of length 1."),
        (np.ones((1, 1)), "cost must have shape (), but it has shape (1, 1)."),
        (np.ones(1), "cost must have shape (), but it has shape (1,)."),
    ],
    ids=["None", "list", "str", "1x1", "1"],
)
def test_what_is_no_number(actual: Any, message: str) -> None:
    assert refusal(expect.number, actual, "cost") == message


@pytest.mark.parametrize("actual", [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5)], ids=type)
def test_a_number_becomes_a_float(actual: Any) -> None:
    result = expect.number(actual, "cost")
    assert type(result) is float
    assert result == 1.5


@NOT_FINITE
def test_nan_and_infinity_never_pass(value: float) -> None:
    answer = np.array([[1.0, 2.0], [3.0, value]])
    assert refusal(expect.array, answer, (2, 2), "A") == f"A[1, 1] is {value}, not a finite number."
    assert refusal(expect.number, value, "cost") == f"cost is {value}, not a finite number."
    refusal(expect.close, answer, answer, "A")
    refusal(expect.mask, answer, (2, 2), "D1")


@NOT_FINITE
@pytest.mark.parametrize("answer", [0.0, 1.0, 1e300, nan, inf, -inf], ids=str)
def test_nothing_meets_an_expected_value_that_is_not_finite(value: float, answer: float) -> None:
    refusal(expect.close, answer, value, "cost")
    refusal(expect.close, np.array([1.0, answer]), np.array([1.0, value]), "W1")


# close


def test_float32_is_precise_enough() -> None:
    expected = np.geomspace(1e-30, 1e30, 1001)
    expect.close(expected.astype(np.float32), expected, "A3")
    expect.close(np.float32(np.pi), np.pi, "cost")


def test_float16_is_not() -> None:
    assert "is wrong in" in refusal(expect.close, np.float16([np.pi]), np.array([np.pi]), "A3")


@given(st.floats(1e-3, 1e3), st.sampled_from([1, -1]), st.sampled_from([1, -1]))
def test_the_tolerance_belongs_to_the_expected_value(e: float, sign: int, side: int) -> None:
    allowed = 1e-8 + 1e-6 * e
    expect.close(sign * (e + side * 0.999 * allowed), sign * e, "cost")
    refusal(expect.close, sign * (e + side * 1.001 * allowed), sign * e, "cost")


def test_a_large_answer_widens_no_tolerance() -> None:
    # Of 1 + 2e-6 the share 1e-6 would be enough on either side of a symmetric comparison.
    refusal(expect.close, 1.0, 0.5, "cost", rtol=0.6)
    expect.close(0.5, 1.0, "cost", rtol=0.6)


def test_near_zero_the_absolute_tolerance_decides() -> None:
    expect.close(np.array([0.99e-8, -0.99e-8]), np.zeros(2), "db1")
    refusal(expect.close, np.array([1.01e-8, 0.0]), np.zeros(2), "db1")
    expect.close(np.array([0.5, 0.0]), np.zeros(2), "db1", atol=0.5)


def test_the_worst_element_is_named_not_the_first() -> None:
    expected = np.arange(6.0).reshape(2, 3)
    actual = expected.copy()
    actual[0, 1] += 0.1
    actual[1, 2] -= 0.25
    assert refusal(expect.close, actual, expected, "dW1") == (
        "dW1 is wrong in 2 of 6 elements; the worst is dW1[1, 2].\n"
        "    yours      4.75\n"
        "    expected   5"
    )


def test_a_number_has_no_index() -> None:
    assert refusal(expect.close, 2.0, np.log(2), "cost") == (
        "cost is wrong.\n    yours      2\n    expected   0.6931"
    )


@pytest.mark.parametrize(
    ("actual", "expected", "shown"),
    [
        (0.12345678, 0.5, ("0.1235", "0.5")),
        (1.0001, 1.0, ("1.0001", "1")),
        (1.00001, 1.0, ("1.00001", "1")),
        (np.nextafter(1, 2), 1.0, ("1.0000000000000002", "1")),
        (1.23456e-20, -4.5e20, ("1.235e-20", "-4.5e+20")),
    ],
)
def test_two_different_numbers_never_look_alike(
    actual: float, expected: float, shown: tuple[str, str]
) -> None:
    assert expect.distinct(actual, expected) == shown


def test_the_greatest_floats_are_compared_without_a_warning() -> None:
    assert "yours      1.798e+308" in refusal(
        expect.close, np.finfo(float).max, np.finfo(float).min, "cost"
    )


def test_close_takes_numbers_and_lists_of_the_author() -> None:
    assert expect.close(np.array([1, 2]), [1, 2], "W1").tolist() == [1.0, 2.0]
    assert expect.close(2, 2, "m").shape == ()
    assert expect.close(np.ones((0, 2)), np.ones((0, 2)), "W1").shape == (0, 2)


# mask


@pytest.mark.parametrize("dtype", [bool, int, np.uint8, float, np.float32], ids=str)
def test_masks_of_every_type_are_right(dtype: type) -> None:
    kept = expect.mask(np.array([[0, 1], [1, 0]], dtype=dtype), (2, 2), "D1")
    assert kept.dtype == np.bool_
    assert kept.tolist() == [[False, True], [True, False]]


@pytest.mark.parametrize("value", [0.5, 2, -1, 1.25, 1 + 1e-12], ids=str)
def test_a_mask_holds_nothing_else(value: float) -> None:
    assert refusal(expect.mask, np.array([[1, 0], [value, 1]]), (2, 2), "D1") == (
        f"D1 must hold only 0 and 1 (or False and True), but D1[1, 0] is {value:.4g}."
    )


def test_a_mask_has_the_shape_of_its_layer() -> None:
    message = "D1 must have shape (2, 2), but it has shape (2,)."
    assert refusal(expect.mask, np.ones(2), (2, 2), "D1") == message
    assert "but it is a list of length 1" in refusal(expect.mask, [[1, 0]], (1, 2), "D1")


# mapping, sequence, holds


def test_a_mapping_may_hold_more_than_asked_for() -> None:
    gradients = {"dW1": 1, "db1": 2, "loss": 3}
    assert expect.mapping(gradients, ("db1", "dW1"), "gradients") == gradients


def test_missing_entries_of_a_mapping_are_named() -> None:
    assert refusal(expect.mapping, {"dW1": 1}, ("dW1", "db1"), "gradients") == (
        "gradients has no entry 'db1'."
    )
    assert refusal(expect.mapping, {}, ("dW1", "db1"), "gradients") == (
        "gradients has no entry 'dW1', 'db1'."
    )


@pytest.mark.parametrize("value", [None, [("dW1", 1)], "dW1", 1.0], ids=repr)
def test_what_is_no_mapping(value: Any) -> None:
    message = refusal(expect.mapping, value, ("dW1",), "gradients")
    assert message == f"gradients must be a dictionary, but it is {expect.describe(value)}."


@pytest.mark.parametrize("make", [tuple, list])
def test_a_cache_may_be_a_tuple_or_a_list(make: type) -> None:
    assert expect.sequence(make([1, 2]), 2, "cache") == (1, 2)


@pytest.mark.parametrize("value", [None, np.ones(2), {"a": 1, "b": 2}, "ab", 2], ids=repr)
def test_what_is_no_sequence(value: Any) -> None:
    message = refusal(expect.sequence, value, 2, "cache")
    assert message == f"cache must be a tuple of 2, but it is {expect.describe(value)}."


def test_a_sequence_has_its_length() -> None:
    message = "cache must hold 2 values, but it holds 3."
    assert refusal(expect.sequence, (1, 2, 3), 2, "cache") == message


def test_a_law_says_its_own_sentence() -> None:
    expect.holds(True, "unused")
    assert refusal(expect.holds, np.bool_(False), "The cost grows.") == "The cost grows."


# unchanged


class _Changes:
    def __init__(self, changed: tuple[int | str, ...]) -> None:
        self._changed = changed

    def call(self, *_: Any) -> tuple[Any, tuple[int | str, ...]]:
        return None, self._changed


@pytest.mark.parametrize(
    ("changed", "names"), [((0,), "number 1"), ((1, "cache"), "number 2, cache")], ids=repr
)
def test_a_changed_argument_is_named(changed: tuple[int | str, ...], names: str) -> None:
    submission = Submission(_Changes(changed))
    submission.relu(1)
    assert refusal(expect.unchanged, submission) == (
        f"The function changes its argument in place: {names}."
    )


def test_unchanged_arguments_pass() -> None:
    submission = Submission(_Changes(()))
    submission.relu(1)
    expect.unchanged(submission)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None (is a return missing?)"),
        (np.ones((2, 0), dtype=np.int8), "an array of int8 with shape (2, 0)"),
        ([1, 2], "a list of length 2"),
        ("secret", "a str of length 6"),
        (1.5, "a float"),
        (3, "an int"),
        (np.int64(3), "an int64"),
        (np.float32(3), "a float32"),
        (True, "a bool"),
    ],
    ids=repr,
)
def test_answers_are_described_by_type_and_shape(value: Any, words: str) -> None:
    assert expect.describe(value) == words
