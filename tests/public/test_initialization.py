"""Checks of initialization that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

DIMENSIONS = [2, 4, 1]
SHAPES = {"W1": (4, 2), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}


def test_zeros_for_two_layers(submission: Submission) -> None:
    """initialize_parameters_zeros([2, 4, 1]) gives four arrays of zeros.

    W1 has a row for each of the 4 units of layer 1 and a column for each of the 2 inputs.
    """
    answer = submission.initialize_parameters_zeros(DIMENSIONS)
    parameters = expect.mapping(answer, list(SHAPES), "parameters")
    for name, shape in SHAPES.items():
        expect.close(parameters[name], np.zeros(shape), name)


def test_random_for_two_layers(submission: Submission) -> None:
    """initialize_parameters_random([2, 4, 1]) gives four arrays of the right shapes.

    W1 has a row for each of the 4 units of layer 1 and a column for each of the 2 inputs.
    """
    answer = submission.initialize_parameters_random(DIMENSIONS)
    parameters = expect.mapping(answer, list(SHAPES), "parameters")
    for name, shape in SHAPES.items():
        expect.array(parameters[name], shape, name)


def test_he_for_two_layers(submission: Submission) -> None:
    """initialize_parameters_he([2, 4, 1]) gives weights and biases of the right shapes.

    The biases are zeros.
    """
    answer = submission.initialize_parameters_he(DIMENSIONS)
    parameters = expect.mapping(answer, list(SHAPES), "parameters")
    for name, shape in SHAPES.items():
        expect.array(parameters[name], shape, name)
    expect.close(parameters["b1"], np.zeros((4, 1)), "b1")


def test_xavier_for_two_layers(submission: Submission) -> None:
    """initialize_parameters_xavier([2, 4, 1]) gives weights and biases of the right shapes.

    The biases are zeros.
    """
    answer = submission.initialize_parameters_xavier(DIMENSIONS)
    parameters = expect.mapping(answer, list(SHAPES), "parameters")
    for name, shape in SHAPES.items():
        expect.array(parameters[name], shape, name)
    expect.close(parameters["b1"], np.zeros((4, 1)), "b1")


def test_glorot_for_two_layers(submission: Submission) -> None:
    """initialize_parameters_glorot([2, 4, 1]) gives weights and biases of the right shapes.

    The biases are zeros.
    """
    answer = submission.initialize_parameters_glorot(DIMENSIONS)
    parameters = expect.mapping(answer, list(SHAPES), "parameters")
    for name, shape in SHAPES.items():
        expect.array(parameters[name], shape, name)
    expect.close(parameters["b1"], np.zeros((4, 1)), "b1")
