"""Inputs to try functions on, in the layout of the notebooks of the course."""

import numpy as np


def _parameters(rng, sizes):
    parameters = {}
    for layer in range(1, len(sizes)):
        parameters[f"W{layer}"] = rng.randn(sizes[layer], sizes[layer - 1])
        parameters[f"b{layer}"] = rng.randn(sizes[layer], 1)
    return parameters


def _layers(X, parameters, masks=None, keep_prob=1.0):
    """The entries of a cache: Z, A, W, b of each layer, with D after Z where there are masks."""
    cache, A = [], X
    for layer in (1, 2, 3):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        A = 1 / (1 + np.exp(-Z)) if layer == 3 else np.maximum(0, Z)
        cache.append(Z)
        if masks is not None and layer < 3:
            A = A * masks[layer - 1] / keep_prob
            cache.append(masks[layer - 1])
        cache += [A, W, b]
    return tuple(cache)


def compute_cost_with_regularization_test_case():
    """A3 (1, 5), Y (1, 5) and parameters of 3, 2, 3 and 1 units."""
    rng = np.random.RandomState(1)
    Y = np.array([[1, 1, 0, 1, 0]])
    return rng.uniform(0.1, 0.9, (1, 5)), Y, _parameters(rng, (3, 2, 3, 1))


def backward_propagation_with_regularization_test_case():
    """X (3, 5), Y (1, 5) and a cache of twelve."""
    rng = np.random.RandomState(1)
    X, Y = rng.randn(3, 5), np.array([[1, 1, 0, 1, 0]])
    return X, Y, _layers(X, _parameters(rng, (3, 2, 3, 1)))


def forward_propagation_with_dropout_test_case():
    """X (3, 5) and parameters of 3, 2, 3 and 1 units."""
    rng = np.random.RandomState(1)
    return rng.randn(3, 5), _parameters(rng, (3, 2, 3, 1))


def backward_propagation_with_dropout_test_case():
    """X (3, 5), Y (1, 5) and a cache of fourteen, for keep_prob = 0.8."""
    rng = np.random.RandomState(1)
    X, Y = rng.randn(3, 5), np.array([[1, 1, 0, 1, 0]])
    parameters = _parameters(rng, (3, 2, 3, 1))
    masks = rng.rand(2, 5) < 0.8, rng.rand(3, 5) < 0.8
    return X, Y, _layers(X, parameters, masks, 0.8)


def gradient_check_n_test_case():
    """X (4, 3), Y (3,) and parameters of 4, 5, 3 and 1 units."""
    rng = np.random.RandomState(1)
    return rng.randn(4, 3), np.array([1, 1, 0]), _parameters(rng, (4, 5, 3, 1))
