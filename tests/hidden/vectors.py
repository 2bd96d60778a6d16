"""Vectors of parameters for the hidden checks, and costs whose gradients are known."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from grader.kit import Mismatch, statistics
from grader.kit import strategies as some
from tests.hidden.networks import Array, Parameters, cross_entropy, sigmoid

MODEL = [2, 2, 1]  # units of the layers of a Model


def parts(dims: list[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Names and shapes in the order of the vector."""
    for layer in range(1, len(dims)):
        yield f"W{layer}", (dims[layer], dims[layer - 1])
        yield f"b{layer}", (dims[layer], 1)


def count(dims: list[int]) -> int:
    return sum(rows * columns for _, (rows, columns) in parts(dims))


def cut(theta: Array, dims: list[int]) -> Parameters:
    """The parameters that a vector holds."""
    values, named = list(theta[:, 0]), {}
    for name, (rows, columns) in parts(dims):
        named[name] = np.array(values[: rows * columns]).reshape(rows, columns)
        values = values[rows * columns :]
    return named


def numbered(dims: list[int]) -> Array:
    """1, 2, 3, ...: every entry of the vector says where it belongs."""
    return np.arange(1.0, count(dims) + 1).reshape(-1, 1)


@st.composite
def vectors(draw: st.DrawFn) -> tuple[list[int], Array]:
    """The layers of a network and all of its parameters."""
    dims = draw(st.lists(some.sizes(1, 3), min_size=2, max_size=4))
    return dims, draw(some.arrays((count(dims), 1), some.numbers(2.0, 0.5)))


class Model(NamedTuple):
    """A network of 2 inputs, 2 units of tanh and a sigmoid: 9 parameters, with L2."""

    X: Array
    Y: Array
    theta: Array
    lambd: float

    def cost(self, theta: Array) -> float:
        """The regularized cost."""
        p = cut(theta, MODEL)
        Z2 = p["W2"] @ np.tanh(p["W1"] @ self.X + p["b1"]) + p["b2"]
        squares = np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2)
        return cross_entropy(Z2, self.Y) + self.lambd / (2 * self.Y.size) * float(squares)

    def gradient(self, theta: Array, *, of_biases: float = 0.0) -> Array:
        """Its gradient; `of_biases` is a wrong share of lambda for them."""
        p, m = cut(theta, MODEL), self.Y.size
        A1 = np.tanh(p["W1"] @ self.X + p["b1"])
        dZ2 = (sigmoid(p["W2"] @ A1 + p["b2"]) - self.Y) / m
        dZ1 = p["W2"].T @ dZ2 * (1 - A1**2)
        pieces = (
            dZ1 @ self.X.T + self.lambd / m * p["W1"],
            dZ1.sum(axis=1) + of_biases / m * p["b1"][:, 0],
            dZ2 @ A1.T + self.lambd / m * p["W2"],
            dZ2.sum(axis=1) + of_biases / m * p["b2"][:, 0],
        )
        return np.concatenate([np.ravel(piece) for piece in pieces])[:, np.newaxis]


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Biases of 0 and weights that are not, as at a random initialization."""
    odd = st.integers(-2, 1).map(lambda k: (2 * k + 1) / 4)
    X, W1, W2 = (draw(some.arrays(shape, odd)) for shape in ((2, 3), (4, 1), (2, 1)))
    zeros = np.zeros((2, 1))
    theta = np.concatenate([W1, zeros, W2, zeros[:1]])
    return Model(X, draw(some.labels(3)), theta, draw(some.positive_numbers(2.0, 0.25)))


class Sum(NamedTuple):
    """J = sum of theta_i * s_i, where the sum s_i of row i of the mask tells all masks apart."""

    weights: Array  # of the elements of a row, (1, k)
    expected: float | None = None  # share of units to keep, if it matters

    def gradient(self, _theta: Array, D: Array) -> Array:
        """The sums s, doubled if the mask has the wrong share."""
        sums: Array = (D * self.weights).sum(axis=1, keepdims=True)
        return 2 * sums if self._is_wrong(D) else sums

    def cost(self, theta: Array, D: Array) -> float:
        """J for one mask."""
        return float(np.sum(theta * (D * self.weights).sum(axis=1, keepdims=True)))

    def _is_wrong(self, D: Array) -> bool:
        if self.expected is None:
            return False
        try:
            statistics.proportion(int(np.sum(D != 0)), D.size, self.expected, "D")
        except Mismatch:
            return True
        return False
