"""Regularization

L2 regularization of the network LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID: the squared
weights join the cost and its gradient, and every step of gradient descent lets the weights decay.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "backward_propagation_with_regularization",
    "compute_cost_with_regularization",
    "update_parameters_with_gradient",
    "update_parameters_with_weight_decay",
]

Array = NDArray[np.float64]


def compute_cost(A3: Array, Y: Array) -> float:
    """Compute the cross-entropy cost without regularization, in nats.

        J = -1/m * sum over the examples of  Y log(A3) + (1 - Y) log(1 - A3)

    Args:
        A3: probability that the label is 1, shape (1, m).
        Y: labels 0 or 1, shape (1, m).

    Returns:
        cost: one number; terms of the form 0 * log(0) count as 0.
    """
    m = Y.shape[1]
    return float(np.nansum(-np.log(A3) * Y - np.log(1 - A3) * (1 - Y)) / m)


def compute_cost_with_regularization(
    A3: Array, Y: Array, parameters: dict[str, Array], lambd: float
) -> float:
    """Compute the cost of the network with L2 regularization, in nats.

        J = cross-entropy + lambd/(2m) * (||W1||^2 + ||W2||^2 + ||W3||^2)

    with the Frobenius norm: the sum of the squares of all elements. Biases are left out.

    Args:
        A3: probability that the label is 1, shape (1, m).
        Y: labels 0 or 1, shape (1, m).
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (n2, n1), b2 (n2, 1), W3 (1, n2), b3 (1, 1).
        lambd: strength of the regularization, 0 for none.

    Returns:
        cost: J, one number.

    Source:
        Lecture "Regularization".
    """
    m = Y.shape[1]
    W1, W2, W3 = parameters["W1"], parameters["W2"], parameters["W3"]
    squares = np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3))
    return float(compute_cost(A3, Y) + lambd / (2 * m) * squares)


def backward_propagation_with_regularization(
    X: Array, Y: Array, cache: tuple[Array, ...], lambd: float
) -> dict[str, Array]:
    """Give the gradient of the cost with L2 regularization.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        cache: (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) of the forward pass for X, with
            W1 (n1, n0), W2 (n2, n1) and W3 (1, n2). Never modified.
        lambd: strength of the regularization, 0 for none.

    Returns:
        gradients: dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1, each of the shape of
            its variable. dW and db are the gradients of compute_cost_with_regularization.

    Source:
        Lecture "Regularization", section "Weight Decay".
    """
    Z1, A1, W1, _, Z2, A2, W2, _, _, A3, W3, _ = cache
    m = X.shape[1]

    # The derivative of lambd/(2m) * ||W||^2 is lambd/m * W; biases and activations get no share.
    dZ3 = A3 - Y  # (1, m)
    dW3 = dZ3 @ A2.T / m + lambd / m * W3  # (1, n2)
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m  # (1, 1)

    dA2 = W3.T @ dZ3  # (n2, m)
    dZ2 = dA2 * (Z2 > 0)
    dW2 = dZ2 @ A1.T / m + lambd / m * W2  # (n2, n1)
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m  # (n2, 1)

    dA1 = W2.T @ dZ2  # (n1, m)
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1 @ X.T / m + lambd / m * W1  # (n1, n0)
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m  # (n1, 1)

    return {
        "dZ3": dZ3, "dW3": dW3, "db3": db3,
        "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
        "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1,
    }  # fmt: skip


def update_parameters_with_gradient(
    parameters: dict[str, Array],
    gradients: dict[str, Array],
    lambd: float,
    learning_rate: float,
    m: int,
) -> dict[str, Array]:
    """Take one step of gradient descent down the regularized cost.

    Complete the gradients by the share of the regularization first, then step against them.

    Args:
        parameters: W1, b1, W2, b2, W3, b3.
        gradients: dW1, db1, dW2, db2, dW3, db3 of the cross-entropy ALONE, from plain
            backpropagation, each of the shape of its parameter.
        lambd: strength of the regularization, 0 for none.
        learning_rate: length of the step, alpha in the lecture.
        m: number of examples behind the gradients.

    Returns:
        parameters: the new W1, b1, W2, b2, W3, b3.

    Source:
        Lecture "Regularization", section "Weight Decay", left-hand side.
    """
    updated = {}
    for layer in "123":
        W, b = parameters["W" + layer], parameters["b" + layer]
        dW = gradients["dW" + layer] + lambd / m * W
        db = gradients["db" + layer]
        updated["W" + layer] = W - learning_rate * dW
        updated["b" + layer] = b - learning_rate * db
    return updated


def update_parameters_with_weight_decay(
    parameters: dict[str, Array],
    gradients: dict[str, Array],
    lambd: float,
    learning_rate: float,
    m: int,
) -> dict[str, Array]:
    """Take the same step as update_parameters_with_gradient in another form.

    Shrink the weights by a factor first, then step against the gradients as they are.

    Args:
        parameters: W1, b1, W2, b2, W3, b3.
        gradients: dW1, db1, dW2, db2, dW3, db3 of the cross-entropy ALONE, from plain
            backpropagation, each of the shape of its parameter.
        lambd: strength of the regularization, 0 for none.
        learning_rate: length of the step, alpha in the lecture.
        m: number of examples behind the gradients.

    Returns:
        parameters: the new W1, b1, W2, b2, W3, b3.

    Source:
        Lecture "Regularization", section "Weight Decay", right-hand side.
    """
    decay = 1 - learning_rate * lambd / m
    updated = {}
    for layer in "123":
        W, b = parameters["W" + layer], parameters["b" + layer]
        dW, db = gradients["dW" + layer], gradients["db" + layer]
        updated["W" + layer] = decay * W - learning_rate * dW
        updated["b" + layer] = b - learning_rate * db
    return updated
