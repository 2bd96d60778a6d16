"""Checks of vanishing gradients that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

X = np.array([[1.0], [2.0]])
WEIGHTS = [np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0, 0.0], [1.0, 1.0]])]
ACTIVATIONS = [X, np.array([[5.0], [2.0]]), np.array([[15.0], [7.0]])]


def test_a_chain_of_three(submission: Submission) -> None:
    """build_chain(2, 1.5, 3) gives three matrices [[1.5, 0], [0, 1.5]].

    One for each layer.
    """
    weights = expect.sequence(submission.build_chain(2, 1.5, 3), 3, "weights")
    for W in weights:
        expect.close(W, np.array([[1.5, 0.0], [0.0, 1.5]]), "W")


def test_two_layers_forward(submission: Submission) -> None:
    """Two layers lead from (1, 2) to (5, 2) and to (15, 7).

    W1 comes first, and X is the first of three activations.
    """
    activations = expect.sequence(submission.forward_chain(X, WEIGHTS), 3, "activations")
    for layer, (value, expected) in enumerate(zip(activations, ACTIVATIONS, strict=True)):
        expect.close(value, expected, f"A{layer}")


def test_two_layers_back(submission: Submission) -> None:
    """A gradient of (1, 0) at the output is (3, 6) at the input.

    It goes back through the transposed weights.
    """
    answer = submission.backward_chain(np.array([[1.0], [0.0]]), WEIGHTS, ACTIVATIONS)
    dA, dW = expect.sequence(answer, 2, "the answer (dA, dW)")
    expect.close(expect.sequence(dA, 3, "dA")[0], np.array([[3.0], [6.0]]), "dA0")
    expect.close(expect.sequence(dW, 2, "dW")[1], np.array([[5.0, 2.0], [0.0, 0.0]]), "dW2")


def test_the_rate_of_doubling(submission: Submission) -> None:
    """Sizes 3, 6, 12 at depths 0, 1, 2 grow by a factor of 2.

    The logarithms lie on a straight line.
    """
    rate = submission.growth_rate(np.array([0.0, 1.0, 2.0]), np.array([3.0, 6.0, 12.0]))
    expect.close(rate, 2.0, "rate")


def test_two_to_the_tenth(submission: Submission) -> None:
    """A chain with scale 2 makes 1024 of 1 in ten layers.

    The gradient grows as much on its way back.
    """
    answer = submission.measure_against_depth(np.ones((1, 1)), 2.0, [1, 10])
    outputs, gradients = expect.sequence(answer, 2, "the answer (outputs, gradients)")
    expect.close(outputs, np.array([2.0, 1024.0]), "outputs")
    expect.close(gradients, np.array([2.0, 1024.0]), "gradients")
