"""Correct: one draw for all layers, cut into pieces; transposed weights; norms over roots."""

from itertools import pairwise

import numpy as np

SHARE = {"xavier": (1, 0), "he": (0.5, 0), "glorot": (0.5, 0.5)}


def weight_variance(rule, n_prev, n):
    a, b = SHARE[rule]
    return np.float64(1 / (a * n_prev + b * n))


def draw_weight(n, n_prev, variance, rng):
    return (rng.standard_normal(size=(n_prev, n)) * variance**0.5).T


def initialize_weights(layers_dims, rule, rng):
    shapes = [(n, n_prev) for n_prev, n in pairwise(layers_dims)]
    numbers = rng.standard_normal(sum(n * n_prev for n, n_prev in shapes))
    weights = []
    for n, n_prev in shapes:
        mine, numbers = numbers[: n * n_prev], numbers[n * n_prev :]
        weights.append(mine.reshape(n, n_prev) * weight_variance(rule, n_prev, n) ** 0.5)
    return tuple(weights)


def activate_layers(X, weights, activation):
    g = np.tanh if activation == "tanh" else lambda Z: Z * (Z > 0)
    activations = (X,)
    for W in weights:
        activations += (g(np.einsum("ij,jm->im", W, activations[-1])),)
    return activations


def measure_scales(activations):
    return np.array([np.linalg.norm(A) / A.size**0.5 for A in activations])


def scales_through_layers(X, depth, variance, activation, rng):
    n = len(X)
    weights = rng.standard_normal((depth, n, n)) * np.sqrt(variance)
    return measure_scales(activate_layers(X, list(weights), activation))
