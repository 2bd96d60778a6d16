# For authors: derived from reference/near_linearity.py by "grader stubs"; make changes there.
"""Why Regularization Reduces Overfitting

A large lambda keeps the weights small, small weights keep Z near 0, and near 0 tanh is nearly the
straight line through the origin. A network of straight lines is one straight line and cannot
follow every wiggle of its examples. Here the departure from the line is measured.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "backward_propagation_with_tanh",
    "collapse_layers",
    "departure_from_linearity",
    "forward_propagation_with_tanh",
    "measure_departures",
    "train_with_lambda",
]

Array = NDArray[np.float64]


def sigmoid(Z: Array) -> Array:
    """Squash every element into (0, 1): 1 / (1 + exp(-Z))."""
    A: Array = 1 / (1 + np.exp(-Z))
    return A


def departure_from_linearity(Z: Array) -> float:
    """Measure how far tanh is from the straight line A = Z on these values.

        departure = ||tanh(Z) - Z|| / ||Z||      Frobenius norms

    Args:
        Z: any shape. Never modified.

    Returns:
        departure: 0 where tanh is the line, up to 1 where it is flat; 0 if all of Z is 0.

    Source:
        Lecture "Why Regularization Reduces Overfitting?".
    """
    raise NotImplementedError("Write departure_from_linearity here.")


def collapse_layers(parameters: dict[str, Array]) -> tuple[Array, Array]:
    """Write a network whose activations are all A = Z as one layer.

    However many layers there are, with straight lines between them they are one: W X + b.

    Args:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1). Never modified.

    Returns:
        W: shape (nL, n0).
        b: shape (nL, 1).

    Source:
        Lecture "Why Regularization Reduces Overfitting?".
    """
    raise NotImplementedError("Write collapse_layers here.")


def forward_propagation_with_tanh(
    X: Array, parameters: dict[str, Array]
) -> tuple[Array, tuple[Array, Array, Array, Array]]:
    """Run the network LINEAR -> TANH -> LINEAR -> SIGMOID forward.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (1, n1), b2 (1, 1).

    Returns:
        A2: probability that the label is 1, shape (1, m).
        cache: (Z1, A1, Z2, A2).

    Source:
        Lecture "Why Regularization Reduces Overfitting?".
    """
    raise NotImplementedError("Write forward_propagation_with_tanh here.")


def backward_propagation_with_tanh(
    X: Array,
    Y: Array,
    parameters: dict[str, Array],
    cache: tuple[Array, Array, Array, Array],
    lambd: float,
) -> dict[str, Array]:
    """Give the gradient of the cost with L2 regularization.

        J = cross-entropy + lambd/(2m) * (||W1||^2 + ||W2||^2)

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (1, n1), b2 (1, 1).
        cache: what forward_propagation_with_tanh returned for X. Never modified.
        lambd: strength of the regularization, 0 for none.

    Returns:
        gradients: dW1, db1, dW2, db2, each of the shape of its parameter.

    Source:
        Lecture "Regularization", section "Weight Decay".
    """
    raise NotImplementedError("Write backward_propagation_with_tanh here.")


def train_with_lambda(
    X: Array,
    Y: Array,
    parameters: dict[str, Array],
    lambd: float,
    learning_rate: float,
    iterations: int,
) -> dict[str, Array]:
    """Run gradient descent down the cost with L2 regularization, all examples in every step.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        parameters: where to start: W1 (n1, n0), b1 (n1, 1), W2 (1, n1), b2 (1, 1). Never modified.
        lambd: strength of the regularization, 0 for none.
        learning_rate: length of a step, alpha in the lecture.
        iterations: number of steps; 0 gives the start.

    Returns:
        parameters: W1, b1, W2, b2 after the last step.

    Source:
        Lecture "Regularization", section "Weight Decay".
    """
    raise NotImplementedError("Write train_with_lambda here.")


def measure_departures(
    X: Array,
    Y: Array,
    parameters: dict[str, Array],
    lambdas: Array,
    learning_rate: float,
    iterations: int,
) -> Array:
    """Train once with each lambda, always from the same start, and measure the hidden layer.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        parameters: where each training starts: W1, b1, W2, b2. Never modified.
        lambdas: strengths of the regularization, shape (k,).
        learning_rate: length of a step, alpha in the lecture.
        iterations: number of steps of each training.

    Returns:
        departures: departure_from_linearity of Z1 = W1 X + b1 after each training, shape (k,).

    Source:
        Lecture "Why Regularization Reduces Overfitting?".
    """
    raise NotImplementedError("Write measure_departures here.")
