"""Correct: uniform weights of the right variance, drawn by Python's own random."""

import random

import numpy as np


def zeros_of(layers_dims):
    pairs = list(zip(layers_dims[1:], layers_dims[:-1]))
    parameters = {"W" + str(i + 1): np.zeros(pair) for i, pair in enumerate(pairs)}
    parameters.update({"b" + str(i + 1): np.zeros((n, 1)) for i, (n, _) in enumerate(pairs)})
    return parameters


def drawn(layers_dims, variance):
    parameters = zeros_of(layers_dims)
    for name, W in parameters.items():
        if name.startswith("W"):
            # Uniform in [-a, a] has the variance a^2 / 3.
            a = (3 * variance(*W.shape)) ** 0.5
            for i in range(W.shape[0]):
                for j in range(W.shape[1]):
                    W[i, j] = random.uniform(-a, a)
    return parameters


def initialize_parameters_zeros(layers_dims):
    return zeros_of(layers_dims)


def initialize_parameters_random(layers_dims):
    return drawn(layers_dims, lambda n, n_prev: 100)


def initialize_parameters_he(layers_dims):
    return drawn(layers_dims, lambda n, n_prev: 2 / n_prev)


def initialize_parameters_xavier(layers_dims):
    return drawn(layers_dims, lambda n, n_prev: 1 / n_prev)


def initialize_parameters_glorot(layers_dims):
    return drawn(layers_dims, lambda n, n_prev: 2 / (n + n_prev))
