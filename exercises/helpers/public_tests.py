"""Tries that notebooks of the course make on their functions: each calls it once.

They say what came out and judge nothing. The checks of this course do that.
"""

import numpy as np
import testCases

__all__ = [
    "backward_propagation_test",
    "backward_propagation_with_dropout_test",
    "backward_propagation_with_regularization_test",
    "compute_cost_with_regularization_test",
    "forward_propagation_test",
    "forward_propagation_with_dropout_test",
    "gradient_check_n_test",
    "gradient_check_test",
    "initialize_parameters_he_test",
    "initialize_parameters_random_test",
    "initialize_parameters_zeros_test",
    "predict_test",
]


def initialize_parameters_zeros_test(target):
    """Call it with [3, 2, 1]."""
    _try(target, [3, 2, 1])


def initialize_parameters_random_test(target):
    """Call it with [3, 2, 1]."""
    _try(target, [3, 2, 1])


def initialize_parameters_he_test(target):
    """Call it with [3, 2, 1]."""
    _try(target, [3, 2, 1])


def compute_cost_with_regularization_test(target):
    """Call it with lambd = 0.1."""
    _try(target, *testCases.compute_cost_with_regularization_test_case(), 0.1)


def backward_propagation_with_regularization_test(target):
    """Call it with lambd = 0.7."""
    _try(target, *testCases.backward_propagation_with_regularization_test_case(), 0.7)


def forward_propagation_with_dropout_test(target):
    """Call it with keep_prob = 0.7."""
    _try(target, *testCases.forward_propagation_with_dropout_test_case(), 0.7)


def backward_propagation_with_dropout_test(target):
    """Call it with keep_prob = 0.8."""
    _try(target, *testCases.backward_propagation_with_dropout_test_case(), 0.8)


def forward_propagation_test(target):
    """Call it with x = 2 and theta = 4."""
    _try(target, 2, 4)


def backward_propagation_test(target):
    """Call it with x = 3 and theta = 4."""
    _try(target, 3, 4)


def gradient_check_test(target, *args):
    """Call it with x = 2 and theta = 4."""
    _try(target, 2, 4)


def gradient_check_n_test(target, *args):
    """Call it with the arguments that the notebook has at hand, if any."""
    if args:
        _try(target, *args)


def predict_test(target):
    """Call it with examples, labels and parameters."""
    X, parameters = testCases.forward_propagation_with_dropout_test_case()
    _try(target, X, np.zeros((1, 5)), parameters)


def _try(target, *arguments):
    try:
        answer = target(*arguments)
    except Exception as error:  # a demonstration, not a check
        print(f"{target.__name__} raised {type(error).__name__}: {error}")  # noqa: T201
    else:
        print(f"{target.__name__} returned a {type(answer).__name__}")  # noqa: T201
