# For authors: derived from reference/dropout.py by "grader stubs"; make changes there.
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
    raise NotImplementedError("Write forward_propagation_with_dropout here.")


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
    raise NotImplementedError("Write backward_propagation_with_dropout here.")


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
    raise NotImplementedError("Write predict_probabilities here.")
