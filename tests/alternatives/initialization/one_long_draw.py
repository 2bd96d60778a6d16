"""Correct: all weights of the network from one seed and in one draw, then cut into layers."""

import numpy as np


def initialize_parameters_zeros(layers_dims):
    sizes = layers_dims[:]
    result = {}
    while len(sizes) > 1:
        n_prev = sizes.pop(0)
        l = len(layers_dims) - len(sizes)
        result[f"W{l}"] = np.full((sizes[0], n_prev), 0.0)
        result[f"b{l}"] = np.full((sizes[0], 1), 0.0)
    return result


def standard(layers_dims):
    np.random.seed(3)
    shapes = [(n, m) for m, n in zip(layers_dims, layers_dims[1:])]
    numbers = np.random.standard_normal(sum(n * m for n, m in shapes))
    start = 0
    for n, m in shapes:
        yield numbers[start : start + n * m].reshape(n, m)
        start += n * m


def scaled(layers_dims, scale):
    result = initialize_parameters_zeros(layers_dims)
    for l, W in enumerate(standard(layers_dims), start=1):
        result[f"W{l}"] += W * scale(W)
    return result


def initialize_parameters_random(layers_dims):
    return scaled(layers_dims, lambda W: 10)


def initialize_parameters_he(layers_dims):
    return scaled(layers_dims, lambda W: np.sqrt(2) / np.sqrt(W.shape[1]))


def initialize_parameters_xavier(layers_dims):
    return scaled(layers_dims, lambda W: 1 / np.sqrt(W.shape[1]))


def initialize_parameters_glorot(layers_dims):
    return scaled(layers_dims, lambda W: np.sqrt(2 / sum(W.shape)))
