"""Correct: a generator of its own, from the last layer to the first, ** 0.5 for the root."""

import numpy as np


def build(layers_dims, factor):
    rng = np.random.default_rng()
    parameters = {}
    for l in range(len(layers_dims) - 1, 0, -1):
        n_prev, n = layers_dims[l - 1 : l + 1]
        parameters["b%d" % l] = np.array([[0.0]] * n)
        # One row for each unit of the layer before, transposed.
        parameters["W%d" % l] = rng.normal(0, factor(n_prev, n), (n_prev, n)).T
    return parameters


def initialize_parameters_zeros(layers_dims):
    return build(layers_dims, lambda n_prev, n: 0)


def initialize_parameters_random(layers_dims):
    return build(layers_dims, lambda n_prev, n: 10)


def initialize_parameters_he(layers_dims):
    return build(layers_dims, lambda n_prev, n: (2 / n_prev) ** 0.5)


def initialize_parameters_xavier(layers_dims):
    return build(layers_dims, lambda n_prev, n: n_prev**-0.5)


def initialize_parameters_glorot(layers_dims):
    return build(layers_dims, lambda n_prev, n: ((n_prev + n) / 2) ** -0.5)
