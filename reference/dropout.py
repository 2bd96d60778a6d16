"""Dropout

Inverted dropout in the network LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID: units of the
two hidden layers are dropped at random while the network learns, and none when it predicts.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "backward_propagation_with_dropout",
    "forward_propagation_with_dropout",
    "predict_probabilities",
]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def sigmoid(Z: Array) -> Array:
    """Squash every element into (0, 1): 1 / (1 + exp(-Z))."""
    A: Array = 1 / (1 + np.exp(-Z))
    return A


def relu(Z: Array) -> Array:
    """Keep what is positive: max(0, Z)."""
    A: Array = np.maximum(0, Z)
    return A


def forward_propagation_with_dropout(
    X: Array, parameters: dict[str, Array], keep_prob: float = 0.5
) -> tuple[Array, tuple[Array | Mask, ...]]:
    """Run the network forward and drop units of both hidden layers at random.

    Each unit of each example is kept with probability keep_prob, alone. The input and the output
    layer lose nothing. Draw the masks from numpy's global generator, the one of layer 1 first.
    The expected value of A1 and A2 stays what it would be without dropout, so that
    prediction needs no correction; that is what "inverted" means.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (n2, n1), b2 (n2, 1), W3 (1, n2), b3 (1, 1).
        keep_prob: probability of KEEPING a unit, 0 < keep_prob <= 1.

    Returns:
        A3: probability that the label is 1, shape (1, m).
        cache: (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3). D1 (n1, m) and D2 (n2, m)
            are the masks, 1 where a unit is kept and 0 where it is dropped; A1 and A2 are the
            activations as the next layer gets them; Z1 and Z2 know nothing of the masks.

    Source:
        Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
        JMLR 15 (2014), 1929-1958.
    """
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]

    Z1 = W1 @ X + b1  # (n1, m)
    A1 = relu(Z1)
    D1 = np.random.rand(*A1.shape) < keep_prob  # 1 with probability keep_prob
    A1 = A1 * D1
    A1 = A1 / keep_prob  # E[D1 / keep_prob] = 1, so the mean of A1 is kept

    Z2 = W2 @ A1 + b2  # (n2, m)
    A2 = relu(Z2)
    D2 = np.random.rand(*A2.shape) < keep_prob
    A2 = A2 * D2
    A2 = A2 / keep_prob

    Z3 = W3 @ A2 + b3  # (1, m)
    A3 = sigmoid(Z3)
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def backward_propagation_with_dropout(
    X: Array, Y: Array, cache: tuple[Array | Mask, ...], keep_prob: float
) -> dict[str, Array]:
    """Give the gradient of the cross-entropy cost through the very masks of the forward pass.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        Y: labels 0 or 1, shape (1, m).
        cache: what forward_propagation_with_dropout returned for X. Never modified.
        keep_prob: the probability that the forward pass was run with.

    Returns:
        gradients: dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1, each of the shape of
            its variable. dW and db are the gradients of the cost, the mean over the m examples.

    Source:
        Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
        JMLR 15 (2014), 1929-1958.
    """
    Z1, D1, A1, _, _, Z2, D2, A2, W2, _, _, A3, W3, _ = cache
    m = X.shape[1]

    dZ3 = A3 - Y  # (1, m), sigmoid and cross-entropy together
    dW3 = dZ3 @ A2.T / m  # (1, n2)
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m  # (1, 1)

    dA2 = W3.T @ dZ3  # (n2, m)
    dA2 = dA2 * D2  # a dropped unit had no part in the cost
    dA2 = dA2 / keep_prob  # a kept one had its part 1 / keep_prob times
    dZ2 = dA2 * (Z2 > 0)
    dW2 = dZ2 @ A1.T / m  # (n2, n1)
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m  # (n2, 1)

    dA1 = W2.T @ dZ2  # (n1, m)
    dA1 = dA1 * D1
    dA1 = dA1 / keep_prob
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1 @ X.T / m  # (n1, n0)
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m  # (n1, 1)

    return {
        "dZ3": dZ3, "dW3": dW3, "db3": db3,
        "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
        "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1,
    }  # fmt: skip


def predict_probabilities(X: Array, parameters: dict[str, Array]) -> Array:
    """Give the probability that the label is 1, with a network that was trained with dropout.

    This is test time: the same example always gets the same answer.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        parameters: W1 (n1, n0), b1 (n1, 1), W2 (n2, n1), b2 (n2, 1), W3 (1, n2), b3 (1, 1).

    Returns:
        A3: shape (1, m).

    Source:
        Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
        JMLR 15 (2014), 1929-1958.
    """
    # No unit is dropped, and none is rescaled: training has already done that.
    A1 = relu(parameters["W1"] @ X + parameters["b1"])  # (n1, m)
    A2 = relu(parameters["W2"] @ A1 + parameters["b2"])  # (n2, m)
    return sigmoid(parameters["W3"] @ A2 + parameters["b3"])  # (1, m)
