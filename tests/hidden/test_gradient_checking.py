"""What differences must do: orders of error, the relative difference, the gradients themselves."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.kit import Submission, callback, expect, gradient
from grader.kit import strategies as some
from reference import gradient_checking as reference
from tests.hidden.answers import cache_of, require_all_gradients, require_gradients
from tests.hidden.networks import (
    BIASES,
    NAMES,
    WEIGHTS,
    Array,
    Network,
    Parameters,
    calm_networks,
    cross_entropy,
    networks,
    sigmoid,
)

CACHE = ("Z1", "A1", "W1", "b1", "Z2", "A2", "W2", "b2", "Z3", "A3", "W3", "b3")
UNITS = (4, 5, 3)  # of the vector helpers: 47 parameters

NUMBERS = some.numbers(4.0, 0.5)
STEPS = st.sampled_from((0.5, 0.25, 0.125))
POWERS_OF_TWO = st.sampled_from((1.0, -1.0, 2.0, -2.0, 0.5, 4.0))


def right_gradients(network: Network) -> Parameters:
    return reference.backward_propagation_n(network.X, network.Y, network.cache())


def has_a_slope(network: Network) -> bool:
    gradients = reference.gradients_to_vector(right_gradients(network))
    return float(np.linalg.norm(gradients)) > 0.1


SLOPES = calm_networks(UNITS).filter(has_a_slope)


@given(NUMBERS, NUMBERS, NUMBERS, STEPS)
def test_one_side_is_off_by_epsilon_on_a_parabola(
    submission: Submission, a: float, b: float, theta: float, epsilon: float
) -> None:
    """For f = a theta^2 + b theta the one-sided difference is 2 a theta + b + a epsilon.

    The step goes ahead: f(theta + epsilon) minus f(theta), divided by the length of the step.
    """
    f = callback(lambda t: a * t**2 + b * t, takes=[()])
    answer = submission.one_sided_difference(f, theta, epsilon)
    expect.close(answer, 2 * a * theta + b + a * epsilon, "the one-sided difference")


@given(NUMBERS, STEPS)
def test_half_the_step_leaves_half_the_error_of_one_side(
    submission: Submission, theta: float, epsilon: float
) -> None:
    """The error of the one-sided difference is O(epsilon): half the step, half the error.

    Tried on f = exp, whose slope is exp(theta).
    """
    f = callback(lambda t: float(np.exp(t)), takes=[()])
    ahead = submission.one_sided_difference(f, theta, epsilon)
    nearer = submission.one_sided_difference(f, theta, epsilon / 2)
    # By Taylor the quotient is 2 (1 + epsilon/6 + ...), so at most 2.2 for epsilon <= 1/2.
    _falls_by(2.0, ahead, nearer, float(np.exp(theta)))


@given(NUMBERS, NUMBERS, NUMBERS, STEPS)
def test_two_sides_are_exact_on_a_parabola(
    submission: Submission, a: float, b: float, theta: float, epsilon: float
) -> None:
    """For f = a theta^2 + b theta the two-sided difference is the derivative, 2 a theta + b.

    The points theta - epsilon and theta + epsilon lie 2 epsilon apart.
    """
    f = callback(lambda t: a * t**2 + b * t, takes=[()])
    answer = submission.two_sided_difference(f, theta, epsilon)
    expect.close(answer, 2 * a * theta + b, "the two-sided difference")


@given(NUMBERS, STEPS)
def test_half_the_step_leaves_a_quarter_of_the_error_of_two_sides(
    submission: Submission, theta: float, epsilon: float
) -> None:
    """The error of the two-sided difference is O(epsilon^2): half the step, a quarter of the error.

    Tried on f = exp, whose slope is exp(theta).
    """
    f = callback(lambda t: float(np.exp(t)), takes=[()])
    wide = submission.two_sided_difference(f, theta, epsilon)
    near = submission.two_sided_difference(f, theta, epsilon / 2)
    # By Taylor the quotient is 4 (1 + 3 epsilon^2/80 + ...), below 4.1 for epsilon <= 1/2.
    _falls_by(4.0, wide, near, float(np.exp(theta)))


def _falls_by(factor: float, wide: Any, near: Any, slope: float) -> None:
    errors = [abs(expect.number(value, "the difference") - slope) for value in (wide, near)]
    expect.holds(errors[1] > 0, "The difference is exact, which no difference of exp can be.")
    quotient = errors[0] / errors[1]
    expect.close(quotient, factor, "the quotient of the errors", rtol=0.1)


@given(NUMBERS, NUMBERS)
def test_the_function_is_theta_times_x(submission: Submission, x: float, theta: float) -> None:
    """J(theta) = theta * x.

    One product; x and theta may be 0 or negative.
    """
    expect.close(submission.forward_propagation(x, theta), theta * x, "J")


@given(NUMBERS, NUMBERS)
def test_the_derivative_belongs_to_your_function(
    submission: Submission, x: float, theta: float
) -> None:
    """backward_propagation gives the slope of forward_propagation.

    Both are yours; they are compared with each other by a two-sided difference. theta may be 0.
    """
    dtheta = submission.backward_propagation(x, theta)

    def value(theta: Array) -> float:
        return expect.number(submission.forward_propagation(x, float(theta)), "J")

    gradient.check(dtheta, value, theta, "dtheta")


@given(NUMBERS, NUMBERS)
def test_the_derivative_agrees_with_the_reference(
    submission: Submission, x: float, theta: float
) -> None:
    """dtheta is the derivative of theta * x with respect to theta.

    A straight line has the same slope everywhere, at theta = 0 too.
    """
    dtheta = submission.backward_propagation(x, theta)
    expect.close(dtheta, reference.backward_propagation(x, theta), "dtheta")


@given(NUMBERS, NUMBERS)
def test_a_right_derivative_has_a_small_difference(
    submission: Submission, x: float, theta: float
) -> None:
    """The difference between a right derivative and its approximation is below 1e-7.

    Compare backward_propagation(x, theta) with the two-sided difference of forward_propagation.
    """
    assume(x != 0)
    difference = expect.number(submission.gradient_check(x, theta), "difference")
    # Rounding of theta +- epsilon and of both products: 4 * 2**-53 * |theta| / 2e-7 <= 9e-9.
    expect.holds(0 <= difference < 1e-7, f"The difference is {difference:.4g}, not below 1e-7.")


@given(POWERS_OF_TWO, st.sampled_from((2.0**60, -(2.0**60), 2.0**80)))
def test_an_epsilon_that_theta_swallows_is_noticed(
    submission: Submission, x: float, theta: float
) -> None:
    """When theta is so large that theta + epsilon is theta again, the difference is 1.

    It is theta that moves by epsilon, not x: then gradapprox is 0 here, and
    |grad - 0| / (|grad| + |0|) = 1.
    """
    difference = submission.gradient_check(x, theta, 1e-7)
    expect.close(difference, 1.0, "difference")


@given(POWERS_OF_TWO, st.sampled_from((2.0**53, -(2.0**53))), st.integers(1, 8))
def test_the_difference_is_relative_to_the_sum_of_both(
    submission: Submission, x: float, theta: float, epsilon: int
) -> None:
    """difference = |grad - gradapprox| / (|grad| + |gradapprox|).

    Around theta = 2**53 only even numbers exist, so theta + epsilon is rounded and gradapprox is
    visibly wrong: with epsilon = 1 it is x / 2, and the difference is 1/3.
    """
    difference = submission.gradient_check(x, theta, float(epsilon))
    # All is exact here but the rounding of theta +- epsilon, and x cancels.
    approx = ((theta + epsilon) - (theta - epsilon)) / (2 * epsilon)
    expect.close(difference, abs(1 - approx) / (1 + approx), "difference")


@given(POWERS_OF_TWO, st.integers(20, 34).map(lambda k: 2.0**k))
def test_gradient_check_agrees_with_the_reference(
    submission: Submission, x: float, theta: float
) -> None:
    """Without a third argument the difference is that of the reference, with epsilon = 1e-7.

    theta is large, so that the rounding of theta + 1e-7 shows.
    """
    difference = submission.gradient_check(x, theta)
    expect.close(difference, reference.gradient_check(x, theta), "difference")


@settings(max_examples=25)
@given(networks())
def test_an_undecided_network_costs_the_logarithm_of_two(
    submission: Submission, network: Network
) -> None:
    """When W3 and b3 are 0, every A3 is one half and the cost is ln 2 = 0.6931.

    Cross-entropy takes natural logarithms, and both terms of it have a minus.
    """
    zeros = {name: np.zeros_like(network.parameters[name]) for name in ("W3", "b3")}
    answer = submission.forward_propagation_n(network.X, network.Y, network.parameters | zeros)
    cost, _ = expect.sequence(answer, 2, "the answer (cost, cache)")
    expect.close(cost, np.log(2), "cost")


@given(calm_networks())
def test_the_cost_is_a_mean_over_the_examples(submission: Submission, network: Network) -> None:
    """Every example twice costs as much as every example once.

    Divide the sum over the examples by their number, m = X.shape[1].
    """
    X, Y, parameters = network
    answer = submission.forward_propagation_n(X, Y, parameters)
    once, _ = expect.sequence(answer, 2, "the answer (cost, cache)")
    answer = submission.forward_propagation_n(np.tile(X, 2), np.tile(Y, 2), parameters)
    twice, _ = expect.sequence(answer, 2, "the answer (cost, cache)")
    expect.close(twice, expect.number(once, "cost"), "cost of every example twice")


@given(calm_networks())
def test_each_layer_starts_from_the_layer_before(submission: Submission, network: Network) -> None:
    """Z1 = W1 X + b1, A1 = relu(Z1), and so on, up to A3 = sigmoid(Z3).

    The cache is (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3).
    """
    answer = submission.forward_propagation_n(network.X, network.Y, network.parameters)
    _, cache = expect.sequence(answer, 2, "the answer (cost, cache)")
    cache = cache_of(cache, CACHE, network)
    before = {"1": network.X, "2": cache["A1"], "3": cache["A2"]}
    for layer, A in before.items():
        W, b = network.parameters[f"W{layer}"], network.parameters[f"b{layer}"]
        expect.close(cache[f"W{layer}"], W, f"W{layer}")
        expect.close(cache[f"b{layer}"], b, f"b{layer}")
        Z = cache[f"Z{layer}"]
        expect.close(Z, W @ A + b, f"Z{layer}")
        expected = sigmoid(Z) if layer == "3" else np.maximum(0, Z)
        expect.close(cache[f"A{layer}"], expected, f"A{layer}")


@given(calm_networks())
def test_the_cost_agrees_with_the_reference(submission: Submission, network: Network) -> None:
    """The cost is the cross-entropy of A3 and Y.

    J = -1/m * sum of Y log(A3) + (1 - Y) log(1 - A3).
    """
    answer = submission.forward_propagation_n(network.X, network.Y, network.parameters)
    cost, _ = expect.sequence(answer, 2, "the answer (cost, cache)")
    expect.close(cost, cross_entropy(network.cache()[8], network.Y), "cost")


@settings(max_examples=12)
@given(SLOPES)
def test_right_gradients_have_a_small_difference(submission: Submission, network: Network) -> None:
    """The difference between right gradients and their approximation is below 1e-6.

    Start each of the 47 parameters from a fresh copy, so that only one is moved at a time.
    """
    X, Y, parameters = network
    gradients = right_gradients(network)
    answer = submission.gradient_check_n(parameters, gradients, X, Y)
    difference = expect.number(answer, "difference")
    # calm_networks: 47 entries with errors of 2e-8 at most, over norms of 0.2 in sum: below 7e-7.
    expect.holds(
        0 <= difference < 1e-6,
        f"The gradients are right, but the difference is {difference:.4g}.",
    )


@settings(max_examples=12)
@given(SLOPES, st.sampled_from((2.0, 3.0, 0.5, 0.0)))
def test_the_difference_of_scaled_gradients(
    submission: Submission, network: Network, factor: float
) -> None:
    """Gradients that are all c times too large have the difference |c - 1| / (c + 1).

    Twice too large gives 1/3, zeros give 1: the distance is divided by the sum of both norms, and a
    norm is a square root.
    """
    X, Y, parameters = network
    gradients = right_gradients(network)
    scaled = {name: factor * value for name, value in gradients.items()}
    difference = submission.gradient_check_n(parameters, scaled, X, Y)
    expected = abs(factor - 1) / (factor + 1)
    expect.close(difference, expected, "difference", atol=2e-6)


@settings(max_examples=30)
@given(calm_networks(UNITS, examples=1), st.integers(0, 46))
def test_each_of_the_parameters_is_compared(
    submission: Submission, network: Network, index: int
) -> None:
    """One wrong number among the 47 is noticed, wherever it is.

    Go through all entries of the vector, and compare all of them.
    """
    X, Y, parameters = network
    right = reference.gradients_to_vector(right_gradients(network))
    wrong = right + np.eye(47)[:, [index]]
    named = reference.vector_to_dictionary(wrong)
    gradients = right_gradients(network) | {f"d{name}": value for name, value in named.items()}
    difference = submission.gradient_check_n(parameters, gradients, X, Y)
    expected = 1 / (np.linalg.norm(right) + np.linalg.norm(wrong))
    expect.close(difference, expected, "difference", atol=2e-6)


@settings(max_examples=12)
@given(SLOPES, STEPS)
def test_gradient_check_n_agrees_with_the_reference(
    submission: Submission, network: Network, epsilon: float
) -> None:
    """With steps as large as 1/2 the difference is that of the reference.

    Use epsilon on both sides; the exact value tells one side from two.
    """
    X, Y, parameters = network
    gradients = right_gradients(network)
    difference = submission.gradient_check_n(parameters, gradients, X, Y, epsilon)
    expected = reference.gradient_check_n(parameters, gradients, X, Y, epsilon)
    expect.close(difference, expected, "difference")


def test_epsilon_is_tiny_unless_given(submission: Submission) -> None:
    """Without a fifth argument gradient_check_n answers as with epsilon = 1e-7.

    One unit has Z = 1.5e-7 here, so that a longer step would cross the kink of its ReLU.
    """
    parameters = {name: np.full(shape, 0.25) for name, shape in reference.SHAPES.items()}
    parameters["b1"][0] = 1.5e-7 - 1
    network = Network(np.ones((4, 1)), np.ones((1, 1)), parameters)
    arguments = (parameters, right_gradients(network), network.X, network.Y)
    expected = expect.number(submission.gradient_check_n(*arguments, 1e-7), "difference")
    expect.close(submission.gradient_check_n(*arguments), expected, "difference")


@settings(max_examples=12)
@given(SLOPES)
def test_gradient_check_n_leaves_its_inputs_alone(submission: Submission, network: Network) -> None:
    """The check changes neither parameters nor gradients.

    Move copies; a parameter that stays moved spoils whatever comes next.
    """
    X, Y, parameters = network
    submission.gradient_check_n(parameters, right_gradients(network), X, Y)
    expect.unchanged(submission)


@pytest.mark.bonus
@given(networks())
def test_the_weights_have_the_right_gradient(submission: Submission, network: Network) -> None:
    """dW1, dW2 and dW3 are the gradients of the mean cost.

    The code that you are given has a mistake here. Let gradient_check_n, layer by layer, find it.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_n(X, Y, network.cache())
    require_all_gradients(answer, parameters, network.m)
    require_gradients(answer, WEIGHTS, parameters, network.cost_of)


@pytest.mark.bonus
@given(networks())
def test_the_biases_have_the_right_gradient(submission: Submission, network: Network) -> None:
    """db1, db2 and db3 are the gradients of the mean cost.

    The code that you are given has a mistake here. Let gradient_check_n, layer by layer, find it.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_n(X, Y, network.cache())
    require_gradients(answer, BIASES, parameters, network.cost_of)


@pytest.mark.bonus
@settings(max_examples=10)
@given(calm_networks(examples=2))
def test_the_gradients_belong_to_your_cost(submission: Submission, network: Network) -> None:
    """backward_propagation_n gives the gradient of your own forward_propagation_n.

    Your cache goes into your backward pass, and your cost is what it is compared with.
    """
    X, Y, parameters = network
    _, cache = expect.sequence(
        submission.forward_propagation_n(X, Y, parameters), 2, "the answer (cost, cache)"
    )
    answer = submission.backward_propagation_n(X, Y, cache)

    def cost(name: str, value: Array) -> float:
        again = submission.forward_propagation_n(X, Y, parameters | {name: value})
        return expect.number(expect.sequence(again, 2, "the answer (cost, cache)")[0], "cost")

    require_gradients(answer, NAMES, parameters, lambda name: partial(cost, name))
