"""Inputs for checks: small, finite, float64, cheap to draw, and shrinking to simple numbers.

Elements are drawn as small integers and scaled, because arrays of simple numbers are easier to read
in a counterexample, five times cheaper than arbitrary floats, and hit zeros, ties and repeated
values often. `floats` is there for what needs the whole range.
"""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Size = int | SearchStrategy[int] | None

# One half first: counterexamples shrink towards the front.
PROBABILITIES = (0.5, 1.0, 0.8, 0.25, 0.75, 0.9, 0.6, 0.4, 0.3, 0.7, 0.2, 0.1)


def floats(low: float = -10.0, high: float = 10.0) -> SearchStrategy[float]:
    """Any float64 in [low, high]."""
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


def numbers(largest: float = 4.0, step: float = 0.5) -> SearchStrategy[float]:
    """Multiples of `step` in [-largest, largest], 0 included; exact in sums when step is 2**-k."""
    count = round(largest / step)
    return st.integers(-count, count).map(lambda k: k * step)


def positive_numbers(largest: float = 4.0, step: float = 0.5) -> SearchStrategy[float]:
    """Multiples of `step` in (0, largest]."""
    return st.integers(1, round(largest / step)).map(lambda k: k * step)


def probabilities() -> SearchStrategy[float]:
    """A few probabilities in (0, 1], 1/2 before all others."""
    return st.sampled_from(PROBABILITIES)


def sizes(low: int = 1, high: int = 4) -> SearchStrategy[int]:
    """The length of a side."""
    return st.integers(low, high)


@st.composite
def arrays(
    draw: st.DrawFn, shape: Sequence[int], elements: SearchStrategy[float] | None = None
) -> Floats:
    """Arrays of a given shape.

    Args:
        draw: given by Hypothesis.
        shape: () and sides of 0 included.
        elements: default `numbers()`.
    """
    count = int(np.prod(shape, dtype=int))
    values = draw(
        st.lists(numbers() if elements is None else elements, min_size=count, max_size=count)
    )
    return np.array(values, dtype=np.float64).reshape(shape)


@st.composite
def vectors(
    draw: st.DrawFn, size: Size = None, elements: SearchStrategy[float] | None = None
) -> Floats:
    """Arrays of shape (size,); a size is a number or a strategy, by default 1 to 4."""
    return draw(arrays((_drawn(draw, size),), elements))


@st.composite
def matrices(
    draw: st.DrawFn,
    rows: Size = None,
    cols: Size = None,
    elements: SearchStrategy[float] | None = None,
) -> Floats:
    """Arrays of shape (rows, cols); sides are numbers or strategies, by default 1 to 4."""
    return draw(arrays((_drawn(draw, rows), _drawn(draw, cols)), elements))


def labels(m: int) -> SearchStrategy[Floats]:
    """Rows of m labels 0.0 or 1.0, shape (1, m)."""
    return arrays((1, m), st.sampled_from((0.0, 1.0)))


def _drawn(draw: st.DrawFn, size: Size) -> int:
    if isinstance(size, int):
        return size
    return draw(sizes() if size is None else size)
