"""Checks of gradient checking in practice that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, callback, expect, generator

DIMS = [2, 1, 2]
PARAMETERS = {
    "W1": np.array([[1.0, 2.0]]),
    "b1": np.array([[3.0]]),
    "W2": np.array([[4.0], [5.0]]),
    "b2": np.array([[6.0], [7.0]]),
}
THETA = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0]])


def test_seven_parameters(submission: Submission) -> None:
    """The network of 2, 1 and 2 units has seven parameters, packed as 1, 2, ..., 7.

    W1, b1, W2, b2.
    """
    expect.close(submission.pack_parameters(PARAMETERS), THETA, "theta")
    gradients = {f"d{name}": value for name, value in PARAMETERS.items()}
    expect.close(submission.pack_gradients(gradients, DIMS), THETA, "the vector of gradients")


def test_and_back(submission: Submission) -> None:
    """1, 2, ..., 7 unpacks into W1, b1, W2 and b2.

    Each in its own shape.
    """
    answer = submission.unpack_parameters(THETA, DIMS)
    parameters = expect.mapping(answer, list(PARAMETERS), "parameters")
    for name, value in PARAMETERS.items():
        expect.close(parameters[name], value, name)


def test_the_distance_of_three_and_four(submission: Submission) -> None:
    """The vectors (3, 0) and (0, 4) have the distance 5 / 7.

    ||u - v|| is 5.
    """
    u, v = np.array([[3.0], [0.0]]), np.array([[0.0], [4.0]])
    expect.close(submission.relative_distance(u, v), 5 / 7, "distance")


def test_the_gradient_of_a_sum_of_squares(submission: Submission) -> None:
    """The two-sided differences of the sum of squares are 2, 4, ..., 14.

    With any epsilon.
    """
    squares = callback(lambda x: float(np.sum(x**2)), takes=[(7, 1)])
    answer = submission.approximate_gradient(squares, THETA, 0.5)
    expect.close(answer, 2 * THETA, "approximation")


def test_the_penalty_of_seven_parameters(submission: Submission) -> None:
    """With lambd = 2 and m = 1 the penalty is 46, and b1, b2 have a gradient of 0.

    1 + 4 + 16 + 25.
    """
    expect.close(submission.weight_penalty(THETA, DIMS, 2.0, 1), 46.0, "penalty")
    share = submission.weight_penalty_gradient(THETA, DIMS, 2.0, 1)
    expected = np.array([[2.0], [4.0], [0.0], [8.0], [10.0], [0.0], [0.0]])
    expect.close(share, expected, "the gradient of the penalty")


def test_without_dropout_both_checks_pass(submission: Submission) -> None:
    """With keep_prob = 1 all masks are the same, and both distances are small.

    The cost is the sum of theta times the mask.
    """
    cost = callback(lambda x, D: float(np.sum(x * D)), takes=[(7, 1), (7, 1)])
    slope = callback(lambda _x, D: D, takes=[(7, 1), (7, 1)])
    answer = submission.check_with_dropout(cost, slope, THETA, (7, 1), 1.0, generator(1))
    for distance in expect.sequence(answer, 2, "the answer (same, fresh)"):
        expect.close(distance, 0.0, "distance", atol=1e-6)
