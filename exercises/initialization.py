# For authors: derived from reference/initialization.py by "grader stubs"; make changes there.
"""Initialization

First values for the weights of a network of any depth, from zeros, which never learn, to variances
that keep the size of the signal from layer to layer.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "initialize_parameters_glorot",
    "initialize_parameters_he",
    "initialize_parameters_random",
    "initialize_parameters_xavier",
    "initialize_parameters_zeros",
]

Array = NDArray[np.float64]


def initialize_parameters_zeros(layers_dims: list[int]) -> dict[str, Array]:
    """Set all weights and biases to 0.

    All units of a layer then stay alike for good: nothing breaks their symmetry.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        Lecture "Programming Assignment", part "Initialization".
    """
    raise NotImplementedError("Write initialize_parameters_zeros here.")


def initialize_parameters_random(layers_dims: list[int]) -> dict[str, Array]:
    """Draw large weights: normal with mean 0 and standard deviation 10. Biases are 0.

    The symmetry is broken, but the sigmoid starts out saturated, and learning is slow.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        Lecture "Programming Assignment", part "Initialization".
    """
    raise NotImplementedError("Write initialize_parameters_random here.")


def initialize_parameters_he(layers_dims: list[int]) -> dict[str, Array]:
    """Draw weights for layers of ReLU: normal with mean 0 and variance 2 / n(l-1). Biases are 0.

    n(l-1) is the number of units that layer l listens to.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        He et al., "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet
        Classification", ICCV 2015.
    """
    raise NotImplementedError("Write initialize_parameters_he here.")


def initialize_parameters_xavier(layers_dims: list[int]) -> dict[str, Array]:
    """Draw weights for layers of tanh: normal with mean 0 and variance 1 / n(l-1). Biases are 0.

    n(l-1) is the number of units that layer l listens to.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        Lecture "Weight Initialization for Deep Networks".
    """
    raise NotImplementedError("Write initialize_parameters_xavier here.")


def initialize_parameters_glorot(layers_dims: list[int]) -> dict[str, Array]:
    """Draw weights for tanh both ways: normal, mean 0, variance 2 / (n(l-1) + n(l)). Biases are 0.

    The variance is a compromise between the signal forward and the gradient backward.

    Args:
        layers_dims: number of units of each layer, [n0, n1, ..., nL]; n0 inputs.

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural
        Networks", AISTATS 2010.
    """
    raise NotImplementedError("Write initialize_parameters_glorot here.")
