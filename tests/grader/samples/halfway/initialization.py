import numpy as np


def initialize_parameters_zeros(layers_dims):
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.zeros((layers_dims[l], layers_dims[l - 1]))
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


def initialize_parameters_random(layers_dims):
    np.random.seed(3)
    parameters = {}
    L = len(layers_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layers_dims[l], layers_dims[l - 1]) * 10
        parameters["b" + str(l)] = np.zeros((layers_dims[l], 1))
    return parameters


def scaled(layers_dims, factor):
    parameters = {}
    for l in range(1, len(layers_dims)):
        n, n_prev = layers_dims[l], layers_dims[l - 1]
        parameters["W" + str(l)] = np.random.randn(n, n_prev) * factor(n_prev, n)
        parameters["b" + str(l)] = np.zeros((n, 1))
    return parameters


def initialize_parameters_he(layers_dims):
    np.random.seed(3)
    return scaled(layers_dims, lambda n_prev, n: np.sqrt(2.0 / n_prev))


def initialize_parameters_xavier(layers_dims):
    np.random.seed(3)
    return scaled(layers_dims, lambda n_prev, n: np.sqrt(1.0 / n_prev))


def initialize_parameters_glorot(layers_dims):
    np.random.seed(3)
    return scaled(layers_dims, lambda n_prev, n: np.sqrt(2.0 / (n_prev + n)))
