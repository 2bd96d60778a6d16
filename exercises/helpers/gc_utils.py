"""The 47 parameters of a network of 4, 5, 3 and 1 units as one vector and back."""

import numpy as np
from init_utils import relu, sigmoid

__all__ = [
    "dictionary_to_vector",
    "gradients_to_vector",
    "relu",
    "sigmoid",
    "vector_to_dictionary",
]

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def dictionary_to_vector(parameters):
    """W1, b1, W2, b2, W3, b3 in one column, and the name that each entry comes from."""
    columns = [np.reshape(parameters[name], (-1, 1)) for name in SHAPES]
    names = [name for name, column in zip(SHAPES, columns, strict=True) for _ in column]
    return np.concatenate(columns), names


def vector_to_dictionary(theta):
    """The column theta (47, 1) cut into W1, b1, W2, b2, W3, b3."""
    parameters, start = {}, 0
    for name, (rows, columns) in SHAPES.items():
        end = start + rows * columns
        parameters[name] = np.reshape(theta[start:end], (rows, columns))
        start = end
    return parameters


def gradients_to_vector(gradients):
    """dW1, db1, dW2, db2, dW3, db3 in one column, in the order of the parameters."""
    return np.concatenate([np.reshape(gradients["d" + name], (-1, 1)) for name in SHAPES])
