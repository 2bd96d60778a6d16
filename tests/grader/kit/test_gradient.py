"""The numeric gradient is right where the analytic one is known, and small mistakes are caught."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.kit import Mismatch, gradient

Array = NDArray[np.float64]

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])


def cubes(x: Array) -> float:
    return float(np.sum(x**3))


def softmax_loss(x: Array) -> float:
    return float(np.sum(np.log(np.sum(np.exp(x), axis=0)) - x[0]))


def softmax_gradient(x: Array) -> Array:
    d = np.exp(x) / np.sum(np.exp(x), axis=0)
    d[0] -= 1
    return d


def refusal(*args: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        gradient.check(*args)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cost", "analytic"),
    [
        pytest.param(cubes, 3 * X**2, id="cubes"),
        pytest.param(softmax_loss, softmax_gradient(X), id="softmax"),
        pytest.param(lambda _: 1.0, np.zeros_like(X), id="constant"),
        pytest.param(lambda x: float(np.sum(x * X)), X, id="linear"),
    ],
)
def test_a_right_gradient_passes(cost: Any, analytic: Array) -> None:
    gradient.check(analytic, cost, X, "dX")
    np.testing.assert_allclose(gradient.numeric(cost, X), analytic, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("index", list(np.ndindex(X.shape)), ids=str)
@pytest.mark.parametrize("factor", [1.001, 0.999, -1, 0, 2], ids=str)
@pytest.mark.parametrize(
    ("cost", "analytic"), [(cubes, 3 * X**2), (softmax_loss, softmax_gradient(X))], ids=["x^3", "p"]
)
def test_one_element_off_by_a_thousandth_is_caught_and_named(
    cost: Any, analytic: Array, factor: float, index: tuple[int, int]
) -> None:
    wrong = analytic.copy()
    wrong[index] *= factor
    row, column = index
    assert refusal(wrong, cost, X, "dX").splitlines()[0] == (
        f"dX is wrong in 1 of 6 elements; the worst is dX[{row}, {column}]."
    )


def test_the_message_shows_both_values_and_the_distance() -> None:
    wrong = 3 * X**2
    wrong[0, 1] += 0.5
    wrong[1, 2] *= -1
    assert refusal(wrong, cubes, X, "dX") == (
        "dX is wrong in 2 of 6 elements; the worst is dX[1, 2].\n"
        "    yours      -1.688\n"
        "    numeric    1.688   (central difference, step 1e-05)\n"
        "    relative distance of all elements: 1.2e-01"
    )


def test_values_that_differ_late_are_shown_with_more_digits() -> None:
    message = refusal(np.array(3.0001), lambda x: float(3 * x), np.array(2.0), "dtheta")
    assert message.splitlines()[:2] == ["dtheta is wrong.", "    yours      3.0001"]


def test_the_gradient_of_a_number_is_a_number() -> None:
    gradient.check(4.0, lambda x: float(x**2), 2, "dtheta")
    gradient.check(np.array(4.0), lambda x: float(x**2), np.array(2.0), "dtheta")
    assert refusal(5.0, lambda x: float(x**2), 2.0, "dtheta").startswith("dtheta is wrong.\n")


@pytest.mark.parametrize(
    ("analytic", "message"),
    [
        (None, "dX must be an array of shape (2, 3), but it is None (is a return missing?)."),
        ((3 * X**2).tolist(), "dX must be an array of shape (2, 3), but it is a list of length 2."),
        (3 * X.T**2, "dX must have shape (2, 3), but it has shape (3, 2)."),
        (3 * X**2 * np.nan, "dX[0, 0] is nan, not a finite number."),
    ],
    ids=["None", "list", "transposed", "nan"],
)
def test_what_is_no_gradient_at_all(analytic: Any, message: str) -> None:
    assert refusal(analytic, cubes, X, "dX") == message


@pytest.mark.parametrize("value", [np.nan, np.inf], ids=str)
def test_nothing_is_the_gradient_of_a_cost_that_is_not_finite(value: float) -> None:
    cost = lambda x: value if x[0, 0] > X[0, 0] else 0.0  # noqa: E731
    message = refusal(np.zeros_like(X), cost, X, "dX")
    assert message.startswith("dX is wrong in 1 of 6 elements; the worst is dX[0, 0].")


def test_the_point_is_never_changed_and_may_hold_integers() -> None:
    at = np.array([1, 2])
    n = gradient.numeric(cubes, at)
    np.testing.assert_allclose(n, [3, 12])
    assert at.tolist() == [1, 2]


def test_a_cost_may_change_what_it_is_given() -> None:
    def cost(x: Array) -> float:
        x *= 2
        return float(np.sum(x))

    gradient.check(np.full_like(X, 2), cost, X, "dX")


@pytest.mark.parametrize(
    ("a", "n", "distance"),
    [
        ([0.0], [0.0], 0.0),
        ([1.0], [1.0], 0.0),
        ([1.0], [-1.0], 1.0),
        ([3.0], [1.0], 0.5),
        ([1e308, 1e308], [-1e308, -1e308], 1.0),
        ([3e-300], [1e-300], 0.5),
        ([], [], 0.0),
    ],
    ids=repr,
)
def test_the_distance_is_relative_to_the_sum_of_both(
    a: list[float], n: list[float], distance: float
) -> None:
    assert gradient.distance(np.array(a), np.array(n)) == pytest.approx(distance)
