"""Correct: normal numbers made of uniform ones by Box and Muller, the last layer drawn first."""

import numpy as np


def weight_variance(rule, n_prev, n):
    if rule == "glorot":
        return 2 * (n + n_prev) ** -1
    return (2 if rule == "he" else 1) * n_prev**-1


def draw_weight(n, n_prev, variance, rng):
    u, v = rng.random((2, n, n_prev))
    return np.sqrt(-2 * variance * np.log1p(-u)) * np.cos(2 * np.pi * v)


def initialize_weights(layers_dims, rule, rng):
    weights = []
    for layer in range(len(layers_dims) - 1, 0, -1):
        n_prev, n = layers_dims[layer - 1 : layer + 1]
        weights.insert(0, draw_weight(n, n_prev, weight_variance(rule, n_prev, n), rng))
    return weights


def activate_layers(X, weights, activation):
    activations = [X]
    for layer, W in enumerate(weights):
        Z = W @ activations[layer]
        if activation == "tanh":
            activations.append(2 / (1 + np.exp(-2 * Z)) - 1)
        else:
            activations.append((np.abs(Z) + Z) / 2)
    return activations


def measure_scales(activations):
    squares = [np.vdot(A, A) / np.prod(A.shape) for A in activations]
    return np.sqrt(squares)


def scales_through_layers(X, depth, variance, activation, rng):
    n = X.shape[0]
    weights = []
    while len(weights) < depth:
        weights.append(draw_weight(n, n, variance, rng))
    return measure_scales(activate_layers(X, weights, activation))
