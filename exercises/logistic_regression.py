# For authors: derived from reference/logistic_regression.py by "grader stubs"; make changes there.
"""Logistic Regression

Logistic regression with L2 regularization: the probability of a label, the cost, its gradient, and
one step of gradient descent. The squares of w join the cost, that of b does not.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "compute_logistic_cost",
    "compute_logistic_gradients",
    "predict_logistic",
    "update_logistic",
]

Array = NDArray[np.float64]


def sigmoid(Z: Array) -> Array:
    """Squash every element into (0, 1): 1 / (1 + exp(-Z))."""
    A: Array = 1 / (1 + np.exp(-Z))
    return A


def predict_logistic(X: Array, w: Array, b: float) -> Array:
    """Give the probability that the label is 1, for each example.

        A = sigmoid(w^T X + b)

    Args:
        X: examples in columns, shape (n, m). Never modified.
        w: weights, shape (n, 1).
        b: bias, one number.

    Returns:
        A: shape (1, m).

    Source:
        Lecture "Regularization", section "Logistic Regression".
    """
    raise NotImplementedError("Write predict_logistic here.")


def compute_logistic_cost(X: Array, Y: Array, w: Array, b: float, lambd: float) -> float:
    """Compute the cost of logistic regression with L2 regularization, in nats.

        J(w, b) = 1/m * sum over the examples of L(a, y) + lambd/(2m) * ||w||^2
        L(a, y) = -(y log(a) + (1 - y) log(1 - a)),    ||w||^2 = w^T w

    The term of b is omitted: b is one number of many, and makes no curve wiggle.

    Args:
        X: examples in columns, shape (n, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        w: weights, shape (n, 1).
        b: bias, one number.
        lambd: strength of the regularization, 0 for none.

    Returns:
        cost: J, one number.

    Source:
        Lecture "Regularization", section "Logistic Regression".
    """
    raise NotImplementedError("Write compute_logistic_cost here.")


def compute_logistic_gradients(
    X: Array, Y: Array, w: Array, b: float, lambd: float
) -> dict[str, Array | float]:
    """Give the gradient of compute_logistic_cost with respect to w and b.

    Args:
        X: examples in columns, shape (n, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        w: weights, shape (n, 1).
        b: bias, one number.
        lambd: strength of the regularization, 0 for none.

    Returns:
        gradients: dw, shape (n, 1), and db, one number.

    Source:
        Lecture "Regularization", section "Logistic Regression".
    """
    raise NotImplementedError("Write compute_logistic_gradients here.")


def update_logistic(
    w: Array, b: float, gradients: dict[str, Array | float], learning_rate: float
) -> tuple[Array, float]:
    """Take one step of gradient descent.

    Args:
        w: weights, shape (n, 1). Never modified.
        b: bias, one number.
        gradients: dw (n, 1) and db, those of the cost with its regularization: nothing is missing.
        learning_rate: length of the step, alpha in the lecture.

    Returns:
        w: the new weights, shape (n, 1).
        b: the new bias.

    Source:
        Lecture "Regularization", section "Weight Decay".
    """
    raise NotImplementedError("Write update_logistic here.")
