"""What differences must show: errors of the first and of the second order, and rounding."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, callback, expect
from grader.kit import strategies as some
from reference import numerical_gradients as reference
from tests.hidden.networks import Array

NUMBERS = some.numbers(4.0, 0.5)
POSITIVE = some.positive_numbers(4.0, 0.5)

# Powers of two, in any order: on polynomials with small coefficients all differences are exact.
STEPS = st.lists(st.integers(1, 8), min_size=2, max_size=5, unique=True).map(
    lambda powers: np.array([2.0**-k for k in powers])
)


class Cubic(NamedTuple):
    """f(t) = a (t - theta)^3 + b (t - theta)^2 + c (t - theta) + 1, so the slope at theta is c."""

    a: float
    b: float
    c: float
    theta: float

    def at(self, t: float) -> float:
        """f(t)."""
        x = t - self.theta
        return self.a * x**3 + self.b * x**2 + self.c * x + 1


CURVES = {
    "exp": (math.exp, math.exp),
    "sinh": (math.sinh, math.cosh),
    "cosh": (math.cosh, math.sinh),
}

CUBICS = st.builds(Cubic, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
CURVED = st.builds(Cubic, POSITIVE, POSITIVE, NUMBERS, NUMBERS)


def number(f: Callable[[float], float]) -> Any:
    """A function of one number, for the student's function to call."""
    return callback(f, takes=[()])


def _power(point: tuple[int, float]) -> int:
    return point[0]


@pytest.mark.points(2)
@given(CUBICS, STEPS)
def test_one_side_is_off_by_the_curvature_times_the_step(
    submission: Submission, f: Cubic, steps: Array
) -> None:
    """For f = a x^3 + b x^2 + c x + 1 the one-sided difference at 0 is off by |b e + a e^2|.

    The step goes ahead, from theta to theta + epsilon. Errors have no sign.
    """
    errors = submission.one_sided_errors(number(f.at), f.c, f.theta, steps)
    expect.close(errors, np.abs(f.b * steps + f.a * steps**2), "errors")


@pytest.mark.points(2)
@given(CUBICS, STEPS)
def test_two_sides_are_off_by_the_square_of_the_step(
    submission: Submission, f: Cubic, steps: Array
) -> None:
    """For f = a x^3 + b x^2 + c x + 1 the two-sided difference at 0 is off by |a e^2|.

    What b adds on one side it takes away on the other; a parabola has no error at all. The points
    lie 2 epsilon apart.
    """
    errors = submission.two_sided_errors(number(f.at), f.c, f.theta, steps)
    expect.close(errors, np.abs(f.a) * steps**2, "errors")


@given(STEPS, POSITIVE, st.sampled_from((1.0, 2.0, 3.0, 0.5, 4.0)))
def test_the_order_of_a_power_is_its_exponent(
    submission: Submission, steps: Array, factor: float, power: float
) -> None:
    """For errors c * epsilon**p the order is p, whatever c is and however the steps are ordered.

    log(error) is a straight line in log(epsilon) with the slope p.
    """
    answer = submission.order_of_error(steps, factor * steps**power)
    expect.close(answer, power, "order")


@given(st.lists(st.tuples(st.integers(1, 12), POSITIVE), min_size=3, max_size=6, unique_by=_power))
def test_all_errors_have_a_say_in_the_order(
    submission: Submission, points: list[tuple[int, float]]
) -> None:
    """The order is the slope of the line of least squares through log(error) over log(epsilon).

    Not only the largest and the smallest step count: draw one line through all points.
    """
    powers, errors = (np.array(values, dtype=np.float64) for values in zip(*points, strict=True))
    steps = 2.0**-powers
    slope = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    expect.close(submission.order_of_error(steps, errors), slope, "order")


@settings(max_examples=25)
@given(some.numbers(2.0, 0.25), st.sampled_from(sorted(CURVES)))
def test_one_side_has_order_one_and_two_sides_have_order_two(
    submission: Submission, theta: float, name: str
) -> None:
    """On exp, sinh and cosh the measured orders are 1 and 2, but for what longer terms add.

    measure_orders gives the one-sided order first. Your other functions may work for it here.
    """
    f, derivative = CURVES[name]
    theta += 2.5  # from 1/2 on, where no derivative comes near 0
    steps = 2.0 ** -np.arange(6.0, 10.0)
    answer = submission.measure_orders(number(f), derivative(theta), theta, steps)
    one, two = expect.sequence(answer, 2, "the answer (one_sided, two_sided)")
    # By Taylor the errors are c e (1 + r e/3 + ...) with r = f'''/f'' <= 2.2, and c e^2 (1 + e^2/20
    # + ...): for e <= 1/64 the slopes move by less than 0.02. Rounding: 1e-16 f / e against e^2 f.
    expect.close(one, 1.0, "the one-sided order", rtol=0.02)
    expect.close(two, 2.0, "the two-sided order", rtol=0.02)


@settings(max_examples=40)
@given(POSITIVE, NUMBERS, NUMBERS, STEPS)
def test_without_curvature_both_orders_are_two(
    submission: Submission, a: float, c: float, theta: float, steps: Array
) -> None:
    """Where f'' is 0, the one-sided difference is as good as the two-sided one: both orders are 2.

    The order is measured, not assumed.
    """
    f = Cubic(a, 0.0, c, theta)
    answer = submission.measure_orders(number(f.at), f.c, f.theta, steps)
    one, two = expect.sequence(answer, 2, "the answer (one_sided, two_sided)")
    expect.close(one, 2.0, "the one-sided order")
    expect.close(two, 2.0, "the two-sided order")


@settings(max_examples=25)
@given(some.numbers(2.0, 0.25), st.permutations((0.1, 1e-5, 1e-13)))
def test_the_best_step_is_neither_large_nor_tiny(
    submission: Submission, theta: float, steps: list[float]
) -> None:
    """Among 0.1, 1e-5 and 1e-13 the best step for exp is 1e-5.

    With 0.1 the error is e^2/6 of the slope, with 1e-13 hardly a digit of the difference is left.
    Return the step itself, not its place.
    """
    theta += 0.1  # no multiple of a power of two, or 1e-13 could be exact by chance
    slope = math.exp(theta)
    answer = submission.find_best_step(number(math.exp), slope, theta, np.array(steps))
    expect.close(answer, 1e-5, "the best step", atol=0)


@settings(max_examples=20)
@given(CURVED, STEPS)
def test_the_inputs_are_left_alone(submission: Submission, f: Cubic, steps: Array) -> None:
    """No function changes the steps or the errors.

    `steps *= 2` writes into the array that was handed in.
    """
    submission.measure_orders(number(f.at), f.c, f.theta, steps)
    expect.unchanged(submission)
    submission.order_of_error(steps, steps)
    expect.unchanged(submission)
    submission.find_best_step(number(f.at), f.c, f.theta, steps)
    expect.unchanged(submission)


@settings(max_examples=50)
@given(CURVED, STEPS)
def test_orders_and_best_step_agree_with_the_reference(
    submission: Submission, f: Cubic, steps: Array
) -> None:
    """On a curve the measured orders and the best step are those of the reference.

    Both orders are measured with all steps.
    """
    answer = submission.measure_orders(number(f.at), f.c, f.theta, steps)
    one, two = expect.sequence(answer, 2, "the answer (one_sided, two_sided)")
    expected = reference.measure_orders(f.at, f.c, f.theta, steps)
    expect.close(one, expected[0], "the one-sided order")
    expect.close(two, expected[1], "the two-sided order")
    best = submission.find_best_step(number(f.at), f.c, f.theta, steps)
    expect.close(best, reference.find_best_step(f.at, f.c, f.theta, steps), "the best step")
