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
    size = np.linalg.norm(Z)
    if size == 0:
        return 0.0  # tanh(0) = 0 lies on the line, and 0/0 would say nothing
    return float(np.linalg.norm(np.tanh(Z) - Z) / size)


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
    W, b = parameters["W1"], parameters["b1"]
    for layer in range(2, len(parameters) // 2 + 1):
        # W_l (W X + b) + b_l = (W_l W) X + (W_l b + b_l)
        W_l, b_l = parameters[f"W{layer}"], parameters[f"b{layer}"]
        W, b = W_l @ W, W_l @ b + b_l  # (nl, n0), (nl, 1)
    return W, b


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
    Z1 = parameters["W1"] @ X + parameters["b1"]  # (n1, m)
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]  # (1, m)
    A2 = sigmoid(Z2)
    return A2, (Z1, A1, Z2, A2)


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
    _, A1, _, A2 = cache
    W1, W2 = parameters["W1"], parameters["W2"]
    m = X.shape[1]

    dZ2 = (A2 - Y) / m  # (1, m), sigmoid and cross-entropy together
    dW2 = dZ2 @ A1.T + lambd / m * W2  # (1, n1)
    db2 = np.sum(dZ2, axis=1, keepdims=True)  # (1, 1)

    dZ1 = W2.T @ dZ2 * (1 - A1**2)  # (n1, m), tanh' = 1 - tanh^2
    dW1 = dZ1 @ X.T + lambd / m * W1  # (n1, n0)
    db1 = np.sum(dZ1, axis=1, keepdims=True)  # (n1, 1)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


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
    trained = parameters
    for _ in range(iterations):
        _, cache = forward_propagation_with_tanh(X, trained)
        gradients = backward_propagation_with_tanh(X, Y, trained, cache, lambd)
        trained = {
            name: value - learning_rate * gradients["d" + name] for name, value in trained.items()
        }
    return trained


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
    departures = np.empty(len(lambdas))
    for i, lambd in enumerate(lambdas):
        trained = train_with_lambda(X, Y, parameters, lambd, learning_rate, iterations)
        departures[i] = departure_from_linearity(trained["W1"] @ X + trained["b1"])
    return departures
