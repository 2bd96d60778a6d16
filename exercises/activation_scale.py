# For authors: derived from reference/activation_scale.py by "grader stubs"; make changes there.
"""Weight Initialization for Deep Networks

The variance of the first weights decides whether activations keep their scale from layer to layer.
Here weights are drawn by the usual rules, and the scale is measured through 50 layers.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "activate_layers",
    "draw_weight",
    "initialize_weights",
    "measure_scales",
    "scales_through_layers",
    "weight_variance",
]

Array = NDArray[np.float64]


def weight_variance(rule: str, n_prev: int, n: int) -> float:
    """Give the variance that a rule of initialization wants for the weights of a layer.

        "xavier": 1 / n_prev        for tanh
        "he":     2 / n_prev        for ReLU
        "glorot": 2 / (n_prev + n)  for tanh, forward and back

    Args:
        rule: one of these names.
        n_prev: number of units that the layer listens to.
        n: number of units of the layer.

    Returns:
        variance: Var(w), above 0.

    Source:
        Lecture "Weight Initialization for Deep Networks"; He et al., ICCV 2015; Glorot and Bengio,
        AISTATS 2010.
    """
    raise NotImplementedError("Write weight_variance here.")


def draw_weight(n: int, n_prev: int, variance: float, rng: np.random.Generator) -> Array:
    """Draw the weights of one layer from the normal distribution with mean 0.

    Args:
        n: number of units of the layer.
        n_prev: number of units that it listens to.
        variance: of each weight.
        rng: the only source of randomness.

    Returns:
        W: shape (n, n_prev).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write draw_weight here.")


def initialize_weights(layers_dims: list[int], rule: str, rng: np.random.Generator) -> list[Array]:
    """Draw the weights of a whole network by one of the rules of weight_variance.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.
        rule: "xavier", "he" or "glorot".
        rng: the only source of randomness.

    Returns:
        weights: W1 (n1, n0), ..., WL (nL, n(L-1)).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write initialize_weights here.")


def activate_layers(X: Array, weights: list[Array], activation: str) -> list[Array]:
    """Run a network without biases forward and keep the activations of all layers.

        A0 = X,    Al = g(Wl A(l-1))

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        weights: W1 (n1, n0), ..., WL (nL, n(L-1)). Never modified.
        activation: g of every layer, "tanh" or "relu".

    Returns:
        activations: A0, A1, ..., AL, one more than there are layers; Al has shape (nl, m).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write activate_layers here.")


def measure_scales(activations: list[Array]) -> Array:
    """Measure the scale of each array by its root mean square.

    Args:
        activations: k arrays of any shapes. Never modified.

    Returns:
        scales: square root of the mean of the squares of all elements, shape (k,).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write measure_scales here.")


def scales_through_layers(
    X: Array, depth: int, variance: float, activation: str, rng: np.random.Generator
) -> Array:
    """Measure the scale of the activations layer by layer, with freshly drawn weights.

    All layers have as many units as X has rows, and all weights the same variance.

    Args:
        X: examples in columns, shape (n, m). Never modified.
        depth: number of layers.
        variance: of every weight.
        activation: "tanh" or "relu".
        rng: the only source of randomness. Draw the weights of layer 1 first.

    Returns:
        scales: root mean squares of A0 = X, A1, ..., A(depth), shape (depth + 1,).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write scales_through_layers here.")
