"""Checks of gradient checking that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, callback, expect

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def test_the_function_at_two_and_four(submission: Submission) -> None:
    """With x = 2 and theta = 4, J is 8.

    J(theta) = theta * x.
    """
    expect.close(submission.forward_propagation(2.0, 4.0), 8.0, "J")


def test_the_derivative_at_two_and_four(submission: Submission) -> None:
    """With x = 2 and theta = 4, the derivative of J with respect to theta is 2.

    It is theta that moves; x is a constant.
    """
    expect.close(submission.backward_propagation(2.0, 4.0), 2.0, "dtheta")


def test_the_difference_at_two_and_four(submission: Submission) -> None:
    """With x = 2 and theta = 4, the difference is below 1e-7.

    Return the difference itself, one number.
    """
    difference = expect.number(submission.gradient_check(2.0, 4.0), "difference")
    expect.holds(0 <= difference < 1e-7, f"The difference is {difference:.4g}, not below 1e-7.")


def test_differences_of_a_parabola(submission: Submission) -> None:
    """At 3, with a step of 1/2, the square has the differences 6.5 from one side and 6 from two.

    Its derivative there is 6.
    """
    square = callback(lambda theta: theta**2, takes=[()])
    expect.close(submission.one_sided_difference(square, 3.0, 0.5), 6.5, "one-sided difference")
    expect.close(submission.two_sided_difference(square, 3.0, 0.5), 6.0, "two-sided difference")


def test_the_cost_of_a_network_of_zeros(submission: Submission) -> None:
    """When all parameters are 0 the cost is ln 2 = 0.6931, and the cache has twelve entries.

    Every A3 is one half then.
    """
    zeros = {name: np.zeros(shape) for name, shape in SHAPES.items()}
    X, Y = np.ones((4, 3)), np.array([[1.0, 1.0, 0.0]])
    answer = submission.forward_propagation_n(X, Y, zeros)
    cost, cache = expect.sequence(answer, 2, "the answer (cost, cache)")
    expect.close(cost, np.log(2), "cost")
    expect.sequence(cache, 12, "cache")


def test_the_difference_of_a_wrong_gradient(submission: Submission) -> None:
    """Gradients of 0 differ from those of a network that learns by 1.

    ||0 - g|| / (||0|| + ||g||) = 1.
    """
    ones = {name: np.full(shape, 0.1) for name, shape in SHAPES.items()}
    zeros = {f"d{name}": np.zeros(shape) for name, shape in SHAPES.items()}
    X, Y = np.ones((4, 3)), np.array([[1.0, 1.0, 0.0]])
    expect.close(submission.gradient_check_n(ones, zeros, X, Y), 1.0, "difference")
