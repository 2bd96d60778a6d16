"""Gradient Checking

Differences against derivatives: one number first, J(theta) = theta * x, then the 47 parameters of
the network LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID with 4, 5, 3 and 1 units.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "backward_propagation",
    "backward_propagation_n",
    "forward_propagation",
    "forward_propagation_n",
    "gradient_check",
    "gradient_check_n",
    "one_sided_difference",
    "two_sided_difference",
]

Array = NDArray[np.float64]

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def sigmoid(Z: Array) -> Array:
    """Squash every element into (0, 1): 1 / (1 + exp(-Z))."""
    A: Array = 1 / (1 + np.exp(-Z))
    return A


def relu(Z: Array) -> Array:
    """Keep what is positive: max(0, Z)."""
    A: Array = np.maximum(0, Z)
    return A


def dictionary_to_vector(parameters: dict[str, Array]) -> tuple[Array, list[str]]:
    """Stack W1, b1, W2, b2, W3, b3 into one column theta (47, 1); name the origin of each entry."""
    theta = np.concatenate([parameters[name].reshape(-1, 1) for name in SHAPES])
    return theta, [name for name in SHAPES for _ in range(parameters[name].size)]


def gradients_to_vector(gradients: dict[str, Array]) -> Array:
    """Stack dW1, db1, dW2, db2, dW3, db3 into one column (47, 1), in the order of theta."""
    return np.concatenate([gradients["d" + name].reshape(-1, 1) for name in SHAPES])


def vector_to_dictionary(theta: Array) -> dict[str, Array]:
    """Cut the column theta (47, 1) into W1, b1, W2, b2, W3, b3 again."""
    ends = np.cumsum([rows * columns for rows, columns in SHAPES.values()])
    pieces = np.split(theta, ends[:-1])
    return {name: piece.reshape(SHAPES[name]) for name, piece in zip(SHAPES, pieces, strict=True)}


def one_sided_difference(f: Callable[[float], float], theta: float, epsilon: float) -> float:
    """Approximate the derivative of f at theta from theta itself and a step of epsilon ahead.

    Args:
        f: a function of one number.
        theta: where the derivative is wanted.
        epsilon: length of the step, not 0.

    Returns:
        approximation: off by O(epsilon), and right for a straight line.

    Source:
        Lecture "Numerical Approximation of Gradients"; Taylor's theorem.
    """
    # f(theta + e) = f(theta) + e f'(theta) + e^2/2 f''(theta) + ...
    return (f(theta + epsilon) - f(theta)) / epsilon


def two_sided_difference(f: Callable[[float], float], theta: float, epsilon: float) -> float:
    """Approximate the derivative of f at theta from a step of epsilon to either side.

    Args:
        f: a function of one number.
        theta: where the derivative is wanted.
        epsilon: length of the step, not 0.

    Returns:
        approximation: off by O(epsilon^2), and right for a parabola.

    Source:
        Lecture "Numerical Approximation of Gradients"; Taylor's theorem.
    """
    # The even terms of the series are the same on both sides and cancel.
    return (f(theta + epsilon) - f(theta - epsilon)) / (2 * epsilon)


def forward_propagation(x: float, theta: float) -> float:
    """Compute J(theta) = theta * x.

    Args:
        x: the input.
        theta: the parameter.

    Returns:
        J: the value of the function.

    Source:
        Lecture "Gradient Checking".
    """
    return theta * x


def backward_propagation(x: float, theta: float) -> float:  # noqa: ARG001 - its own slope
    """Compute the derivative of J(theta) = theta * x with respect to theta.

    Args:
        x: the input.
        theta: the parameter, any number, 0 included.

    Returns:
        dtheta: the derivative.

    Source:
        Lecture "Gradient Checking".
    """
    # theta is part of the course's signature, and J is a straight line: its slope is x anywhere.
    return x


def gradient_check(x: float, theta: float, epsilon: float = 1e-7) -> float:
    """Compare backward_propagation with the two-sided difference of forward_propagation.

        difference = |grad - gradapprox| / (|grad| + |gradapprox|)

    Args:
        x: the input, not 0.
        theta: the parameter.
        epsilon: how far theta is moved to either side.

    Returns:
        difference: about epsilon or less when the derivative is right, 1 at the most.

    Source:
        Lecture "Gradient Checking".
    """
    J_plus = forward_propagation(x, theta + epsilon)
    J_minus = forward_propagation(x, theta - epsilon)
    gradapprox = (J_plus - J_minus) / (2 * epsilon)
    grad = backward_propagation(x, theta)
    return float(abs(grad - gradapprox) / (abs(grad) + abs(gradapprox)))


def forward_propagation_n(
    X: Array, Y: Array, parameters: dict[str, Array]
) -> tuple[float, tuple[Array, ...]]:
    """Run the network forward and compute the cross-entropy cost.

        J = -1/m * sum over the examples of  Y log(A3) + (1 - Y) log(1 - A3)

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (n2, n1), b2 (n2, 1), W3 (1, n2), b3 (1, 1).

    Returns:
        cost: J, one number, in nats.
        cache: (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3).

    Source:
        Lecture "Gradient Checking".
    """
    m = X.shape[1]
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]

    Z1 = W1 @ X + b1  # (n1, m)
    A1 = relu(Z1)
    Z2 = W2 @ A1 + b2  # (n2, m)
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3  # (1, m)
    A3 = sigmoid(Z3)

    cost = -np.sum(Y * np.log(A3) + (1 - Y) * np.log(1 - A3)) / m
    return float(cost), (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)


def backward_propagation_n(X: Array, Y: Array, cache: tuple[Array, ...]) -> dict[str, Array]:
    """Give the gradient of the cost of forward_propagation_n.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        cache: what forward_propagation_n returned for X. Never modified.

    Returns:
        gradients: dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1, each of the shape of
            its variable. dW and db are the gradients of the cost, the mean over the m examples.

    Source:
        Lecture "Gradient Checking".
    """
    Z1, A1, _, _, Z2, A2, W2, _, _, A3, W3, _ = cache
    m = X.shape[1]

    dZ3 = A3 - Y  # (1, m)
    dW3 = 1.0 / m * dZ3 @ A2.T  # (1, n2)
    db3 = 1.0 / m * np.sum(dZ3, axis=1, keepdims=True)  # (1, 1)

    dA2 = W3.T @ dZ3  # (n2, m)
    dZ2 = dA2 * (Z2 > 0)
    dW2 = 1.0 / m * dZ2 @ A1.T  # (n2, n1)
    db2 = 1.0 / m * np.sum(dZ2, axis=1, keepdims=True)  # (n2, 1)

    dA1 = W2.T @ dZ2  # (n1, m)
    dZ1 = dA1 * (Z1 > 0)
    dW1 = 1.0 / m * dZ1 @ X.T  # (n1, n0)
    db1 = 1.0 / m * np.sum(dZ1, axis=1, keepdims=True)  # (n1, 1)

    return {
        "dZ3": dZ3, "dW3": dW3, "db3": db3,
        "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
        "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1,
    }  # fmt: skip


def gradient_check_n(
    parameters: dict[str, Array],
    gradients: dict[str, Array],
    X: Array,
    Y: Array,
    epsilon: float = 1e-7,
) -> float:
    """Compare gradients with the two-sided differences of the cost of forward_propagation_n.

        difference = ||grad - gradapprox|| / (||grad|| + ||gradapprox||)      Euclidean norms

    Args:
        parameters: W1, b1, W2, b2, W3, b3 of the shapes in SHAPES. Never modified.
        gradients: dW1, db1, dW2, db2, dW3, db3, as backward_propagation_n returns them.
        X: examples in columns, shape (4, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        epsilon: how far each parameter is moved to either side, the others at rest.

    Returns:
        difference: about epsilon when the gradients are right, 1 at the most.

    Source:
        Lecture "Gradient Checking".
    """
    theta, _ = dictionary_to_vector(parameters)  # (47, 1)
    grad = gradients_to_vector(gradients)  # (47, 1)
    gradapprox = np.empty_like(theta)

    for i in range(theta.shape[0]):
        theta_plus = np.copy(theta)  # a copy for each i: only one parameter moves at a time
        theta_plus[i] = theta_plus[i] + epsilon
        J_plus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus))
        theta_minus = np.copy(theta)
        theta_minus[i] = theta_minus[i] - epsilon
        J_minus, _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_minus))
        gradapprox[i] = (J_plus - J_minus) / (2 * epsilon)

    numerator = np.linalg.norm(grad - gradapprox)
    denominator = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return float(numerator / denominator)
