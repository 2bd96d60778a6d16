"""Checks of activation scales that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect, generator

X = np.array([[1.0], [2.0]])
WEIGHTS = [np.array([[1.0, -1.0], [0.5, 0.5]]), np.array([[2.0, 1.0]])]


def test_three_rules(submission: Submission) -> None:
    """For 4 inputs and 12 units the variances are 1/4, 1/2 and 1/8.

    By "xavier", "he" and "glorot".
    """
    expect.close(submission.weight_variance("xavier", 4, 12), 0.25, "variance")
    expect.close(submission.weight_variance("he", 4, 12), 0.5, "variance")
    expect.close(submission.weight_variance("glorot", 4, 12), 0.125, "variance")


def test_shapes_of_weights(submission: Submission) -> None:
    """For layers of 4, 3 and 1 units there are weights of shape (3, 4) and (1, 3).

    One row for each unit.
    """
    answer = submission.initialize_weights([4, 3, 1], "he", generator(1))
    weights = expect.sequence(answer, 2, "weights")
    expect.array(weights[0], (3, 4), "W1")
    expect.array(weights[1], (1, 3), "W2")


def test_two_layers_of_relu(submission: Submission) -> None:
    """X = (1, 2) becomes (0, 1.5) and then 1.5.

    ReLU makes 0 of the -1.
    """
    answer = submission.activate_layers(X, WEIGHTS, "relu")
    activations = expect.sequence(answer, 3, "activations")
    expect.close(activations[1], np.array([[0.0], [1.5]]), "A1")
    expect.close(activations[2], np.array([[1.5]]), "A2")


def test_scales_of_two_arrays(submission: Submission) -> None:
    """The scales of (3, 4, 0, 0) and of (1, -1) are 2.5 and 1.

    Roots of the means of 9, 16, 0, 0 and of 1, 1.
    """
    arrays = [np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[1.0, -1.0]])]
    expect.close(submission.measure_scales(arrays), np.array([2.5, 1.0]), "scales")


def test_fifty_layers_have_fifty_one_scales(submission: Submission) -> None:
    """scales_through_layers gives the scale of X and those of all layers.

    The first one is known.
    """
    answer = submission.scales_through_layers(np.ones((20, 3)), 50, 0.1, "relu", generator(1))
    scales = expect.array(answer, (51,), "scales")
    expect.close(scales[0], 1.0, "the scale of X")
