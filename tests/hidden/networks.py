"""Networks of three layers for the hidden checks, and what is true of them, in trusted numbers.

Every element is a small multiple of a power of two, and the biases of the hidden layers lie half a
grid step off the grid of W @ A. So no pre-activation there is ever 0, whatever is drawn: the kink
of ReLU is avoided by construction, without a rejected draw, and examples shrink to simple numbers.
"""

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import strategies as some

Array = NDArray[np.float64]
Parameters = dict[str, Array]
Cost = Callable[[Array], float]

WEIGHTS = ("W1", "W2", "W3")
BIASES = ("b1", "b2", "b3")
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")
GRADIENTS = ("dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1")

# Powers of two keep the grid of Z2 off 0, whatever is divided by them.
KEEP_PROBS = (0.5, 1.0, 0.25)


class Network(NamedTuple):
    """Examples in columns with their labels, and the parameters of a network for them."""

    X: Array
    Y: Array
    parameters: Parameters

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])

    def cache(self) -> tuple[Array, ...]:
        """(Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)."""
        W1, b1, W2, b2, W3, b3 = (self.parameters[name] for name in NAMES)
        Z1 = W1 @ self.X + b1
        A1 = np.maximum(0, Z1)
        Z2 = W2 @ A1 + b2
        A2 = np.maximum(0, Z2)
        Z3 = W3 @ A2 + b3
        return Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, sigmoid(Z3), W3, b3

    def cost(self) -> float:
        """Cross-entropy in nats."""
        return cross_entropy(self.cache()[8], self.Y)

    def with_(self, name: str, value: Array) -> "Network":
        """The same network with another value of one parameter."""
        return self._replace(parameters=self.parameters | {name: value})

    def cost_of(self, name: str) -> Cost:
        """The cost as a function of one parameter."""
        return lambda value: self.with_(name, value).cost()


class Dropped(NamedTuple):
    """A network with the masks of one forward pass."""

    X: Array
    Y: Array
    parameters: Parameters
    D1: NDArray[np.bool_]
    D2: NDArray[np.bool_]
    keep_prob: float

    def cache(self) -> tuple[Any, ...]:  # floats, and the masks are bool
        """(Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)."""
        W1, b1, W2, b2, W3, b3 = (self.parameters[name] for name in NAMES)
        Z1 = W1 @ self.X + b1
        A1 = np.maximum(0, Z1) * self.D1 / self.keep_prob
        Z2 = W2 @ A1 + b2
        A2 = np.maximum(0, Z2) * self.D2 / self.keep_prob
        Z3 = W3 @ A2 + b3
        return Z1, self.D1, A1, W1, b1, Z2, self.D2, A2, W2, b2, Z3, sigmoid(Z3), W3, b3

    def cost_of(self, name: str) -> Cost:
        """The cost as a function of one parameter, the masks at rest."""

        def cost(value: Array) -> float:
            moved = self._replace(parameters=self.parameters | {name: value})
            return cross_entropy(moved.cache()[10], self.Y)

        return cost


def sigmoid(Z: Array) -> Array:
    """Without overflow on either side: 1 / (1 + exp(-Z)) = (1 + tanh(Z / 2)) / 2."""
    A: Array = (1 + np.tanh(Z / 2)) / 2
    return A


def cross_entropy(Z3: Array, Y: Array) -> float:
    """-mean(Y log(A3) + (1 - Y) log(1 - A3)) from Z3, exact where A3 rounds to 0 or 1."""
    return float(np.mean(np.logaddexp(0, Z3) - Y * Z3))


@st.composite
def networks(
    draw: st.DrawFn, shape: Sequence[int] | None = None, examples: int | None = None
) -> Network:
    """Networks of n0, n1, n2 units (drawn when not given), one output, and m examples.

    X, W1 and W2 are multiples of 1/2, so Z1 lies at odd multiples of 1/8 and Z2 at odd multiples of
    1/32; a step of 1e-5 in any parameter does not come near 0. W3 is small, to keep A3 off 0 and 1.
    """
    n0, n1, n2 = shape or [draw(some.sizes(1, 3)) for _ in range(3)]
    m = examples or draw(some.sizes(1, 3))
    shapes = (n0, m), (n1, n0), (n1, 1), (n2, n1), (n2, 1), (1, n2), (1, 1)
    X, W1, b1, W2, b2, W3, b3 = cut(draw(_integers(sum(map(math.prod, shapes)))), shapes)
    return Network(
        X=X / 2,
        Y=draw(_labels(m)),
        parameters={
            "W1": W1 / 2,
            "b1": (2 * b1 + 1) / 8,
            "W2": W2 / 2,
            "b2": (2 * b2 + 1) / 32,
            "W3": W3 / 4,
            "b3": b3 / 2,
        },
    )


@st.composite
def dropped(draw: st.DrawFn) -> Dropped:
    """Networks with arbitrary masks: all that random ones can be, all ones and all zeros too."""
    network = draw(networks())
    n1, n2 = len(network.parameters["b1"]), len(network.parameters["b2"])
    D1, D2 = (draw(_masks(n, network.X.shape[1])) for n in (n1, n2))
    return Dropped(*network, D1, D2, draw(st.sampled_from(KEEP_PROBS)))


@st.composite
def calm_networks(
    draw: st.DrawFn, shape: Sequence[int] | None = None, examples: int | None = None
) -> Network:
    """Networks with |Z3| <= 3: there log(1 - A3), as students write it, loses few digits.

    1 - A3 >= 0.04, so the cost carries an absolute error of about 3e-15: 2e-10 in a difference of
    step 1e-5, and 2e-8 in one of step 1e-7.
    """
    return draw(networks(shape, examples).filter(lambda network: _is_calm(network)))


def cut(values: Sequence[int], shapes: Sequence[tuple[int, int]]) -> list[Array]:
    """Cut one row of numbers into arrays."""
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    pieces = np.split(np.array(values, dtype=np.float64), ends[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]


# One list for all that a network holds, and one strategy for each length: both are a matter of
# speed only, three times over.
@functools.cache
def _integers(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(-2, 2), min_size=count, max_size=count)


@functools.cache
def _labels(m: int) -> st.SearchStrategy[Array]:
    return some.labels(m)


def _is_calm(network: Network) -> bool:
    return bool(np.all(np.abs(network.cache()[8]) <= 3))


@functools.cache
def _masks(n: int, m: int) -> st.SearchStrategy[NDArray[np.bool_]]:
    return some.arrays((n, m), st.sampled_from((1.0, 0.0))).map(lambda D: D == 1)
