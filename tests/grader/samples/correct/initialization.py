"""Right, and written in another way than the reference."""

from functools import partial

import numpy as np


def _draw(layers_dims, scale):
    parameters = {}
    rng = np.random.default_rng()
    for l, (rows, columns) in enumerate(zip(layers_dims[1:], layers_dims), start=1):
        noise = rng.normal(size=(rows, columns))
        parameters["W" + str(l)] = noise * scale(columns, rows)
        parameters["b" + str(l)] = np.full((rows, 1), 0.0)
    return parameters


def initialize_parameters_zeros(layers_dims):
    parameters = {}
    for l in range(len(layers_dims) - 1, 0, -1):
        parameters.update({f"W{l}": 0.0 * np.ones((layers_dims[l], layers_dims[l - 1]))})
        parameters.update({f"b{l}": np.zeros([layers_dims[l], 1], dtype=np.float32)})
    return parameters


def initialize_parameters_random(layers_dims):
    np.random.seed(3)
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * 10
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


initialize_parameters_he = partial(_draw, scale=lambda n_in, n_out: (2.0 / n_in) ** 0.5)

initialize_parameters_xavier = lambda dims: _draw(dims, lambda n_in, n_out: n_in**-0.5)


def initialize_parameters_glorot(layers_dims):
    np.random.seed(7)
    result = {"layers": len(layers_dims)}
    for l in range(1, len(layers_dims)):
        fans = layers_dims[l - 1] + layers_dims[l]
        limit = np.sqrt(6.0 / fans)
        result[f"W{l}"] = np.random.uniform(-limit, limit, (layers_dims[l], layers_dims[l - 1]))
        result[f"b{l}"] = np.zeros((layers_dims[l], 1))
    return result
