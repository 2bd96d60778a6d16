"""Vanishing and Exploding Gradients

A deep chain of linear layers, g(z) = z and b = 0, so that the output is WL ... W2 W1 X. What comes
forward and what goes back is multiplied layer by layer, and grows or shrinks exponentially with
the depth. Here the growth is measured.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "backward_chain",
    "build_chain",
    "forward_chain",
    "growth_rate",
    "measure_against_depth",
    "measure_growth",
    "measure_sizes",
]

Array = NDArray[np.float64]


def build_chain(n: int, scale: float, depth: int) -> list[Array]:
    """Build the weights of the lecture: every W is the identity matrix times scale.

    Args:
        n: number of units in every layer.
        scale: what stands on the diagonal, as 1.5 or 0.5.
        depth: number of layers, L.

    Returns:
        weights: W1, ..., WL, each of shape (n, n).

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    return [scale * np.eye(n) for _ in range(depth)]


def forward_chain(X: Array, weights: list[Array]) -> list[Array]:
    """Run the chain forward and keep the activations of all layers.

        A0 = X,    Al = Wl A(l-1)

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        weights: W1 (n1, n0), ..., WL (nL, n(L-1)). Never modified.

    Returns:
        activations: A0, A1, ..., AL, one more than there are layers; Al has shape (nl, m).

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    activations = [X]
    for W in weights:
        activations.append(W @ activations[-1])
    return activations


def backward_chain(
    dAL: Array, weights: list[Array], activations: list[Array]
) -> tuple[list[Array], list[Array]]:
    """Give the gradients of a cost J with respect to all activations and all weights.

    Args:
        dAL: gradient of J with respect to the output AL, shape (nL, m). Never modified.
        weights: W1 (n1, n0), ..., WL (nL, n(L-1)). Never modified.
        activations: A0, A1, ..., AL, as forward_chain returned them. Never modified.

    Returns:
        dA: dA0, dA1, ..., dAL, each of the shape of its activation; the last is dAL.
        dW: dW1, ..., dWL, each of the shape of its weight. Nothing is divided by m: dAL holds
            that already.

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    dA, dW = [dAL], []
    for layer in reversed(range(len(weights))):
        # Al = Wl A(l-1), and activations[layer] is what came into weights[layer].
        dW.append(dA[-1] @ activations[layer].T)  # (nl, n(l-1))
        dA.append(weights[layer].T @ dA[-1])  # (n(l-1), m)
    return dA[::-1], dW[::-1]


def measure_sizes(arrays: list[Array]) -> Array:
    """Measure each array by its Frobenius norm, the root of the sum of its squares.

    Args:
        arrays: k arrays of any shapes. Never modified.

    Returns:
        sizes: shape (k,).

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    return np.array([np.linalg.norm(A) for A in arrays])


def growth_rate(depths: Array, sizes: Array) -> float:
    """Measure by what factor sizes grow with every layer.

    The factor r of the curve c * r**depth that fits best: least squares between log(size) and
    the straight line log(c) + depth * log(r).

    Args:
        depths: k different numbers of layers, k >= 2, shape (k,).
        sizes: size at each of these depths, above 0, shape (k,).

    Returns:
        rate: above 1 for growth, below 1 for decay.

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    x = depths - np.mean(depths)
    slope = np.sum(x * np.log(sizes)) / np.sum(x**2)  # of the line of least squares
    return float(np.exp(slope))


def measure_growth(X: Array, dAL: Array, weights: list[Array]) -> tuple[float, float]:
    """Measure the growth of activations and of gradients along one chain.

    Args:
        X: examples in columns, shape (n0, m). Never modified.
        dAL: gradient of a cost with respect to the output, shape (nL, m). Never modified.
        weights: W1, ..., WL. Never modified.

    Returns:
        forward: growth rate of A0, A1, ..., AL, for each layer that the signal passes forward.
        backward: growth rate of dAL, ..., dA1, dA0, for each layer that the gradient passes on
            its way BACK, from the output to the input.

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    activations = forward_chain(X, weights)
    dA, _ = backward_chain(dAL, weights, activations)
    layers = np.arange(len(weights) + 1.0)
    forward = growth_rate(layers, measure_sizes(activations))
    backward = growth_rate(layers, measure_sizes(dA[::-1]))  # the gradient starts at the output
    return forward, backward


def measure_against_depth(X: Array, scale: float, depths: list[int]) -> tuple[Array, Array]:
    """Measure output and gradient of the lecture's chain for several depths.

    For each depth: build the chain, run X forward, and run a gradient of ones back.

    Args:
        X: examples in columns, shape (n, m). Never modified.
        scale: what stands on the diagonals of the chain.
        depths: k numbers of layers.

    Returns:
        outputs: Frobenius norm of AL for each depth, shape (k,).
        gradients: Frobenius norm of dA0 for each depth, where dAL is 1 everywhere, shape (k,).

    Source:
        Lecture "Vanishing / Exploding Gradients".
    """
    outputs, gradients = np.empty(len(depths)), np.empty(len(depths))
    for i, depth in enumerate(depths):
        weights = build_chain(X.shape[0], scale, depth)
        activations = forward_chain(X, weights)
        dA, _ = backward_chain(np.ones_like(X), weights, activations)
        outputs[i] = np.linalg.norm(activations[-1])
        gradients[i] = np.linalg.norm(dA[0])
    return outputs, gradients
