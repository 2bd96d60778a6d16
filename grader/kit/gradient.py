"""Numeric gradients: the central difference of a cost, compared element by element.

Step 1e-5 and |a - n| <= 1e-8 + 1e-5*|n| leave a margin of some hundred times either way in
float64 for costs of order one. A comparison along one random direction would be cheaper, but it
misses single wrong elements and cannot name the index.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.kit.expect import Floats, array, compare, distance, distinct, side_by_side, which
from grader.kit.verdicts import Mismatch
from grader.model import Comparing, Comparison

Cost = Callable[[Floats], float]

STEP = 1e-5
RTOL = 1e-5
ATOL = 1e-8


def numeric(cost: Cost, at: Floats, step: float = STEP) -> Floats:
    """Central difference of `cost` for every element of `at`.

        n_i = (J(at + step*e_i) - J(at - step*e_i)) / (2*step)

    Args:
        cost: takes an array of the shape of `at`, returns a number.
        at: any shape; never modified.

    Returns:
        Shape of `at`.
    """
    at = np.asarray(at, dtype=np.float64)
    n = np.empty_like(at)
    for i in np.ndindex(at.shape):
        plus, minus = at.copy(), at.copy()
        plus[i] += step
        minus[i] -= step
        n[i] = (cost(plus) - cost(minus)) / (2 * step)
    return n


def check(analytic: Any, cost: Cost, at: Any, what: str) -> None:
    """Require that `analytic` is the gradient of `cost` at `at`.

    Args:
        analytic: the student's gradient; must have the shape of `at`.
        cost: as for `numeric`; must be differentiable near `at` (keep away from kinks).
        what: the gradient's name, "dW1".

    Raises:
        Mismatch: names the worst element, both values and the relative distance.
    """
    text, comparisons = _compared(analytic, cost, at, what)
    if text:
        raise Mismatch(text, comparisons)


def check_each(claims: Iterable[tuple[Any, Cost, Any, str]]) -> None:
    """Require several gradients, each claim as `check` takes it.

    The first that is wrong is what the student is told; all of them are on the page.
    """
    first = ""
    compared: tuple[Comparison, ...] = ()
    for claim in claims:
        try:
            text, comparisons = _compared(*claim)
        except Exception:
            if not first:
                raise
            break  # what is wrong was found before
        first, compared = first or text, (*compared, *comparisons)
    if first:
        raise Mismatch(first, compared)


def _compared(analytic: Any, cost: Cost, at: Any, what: str) -> tuple[str, tuple[Comparison, ...]]:
    """What to say of a gradient, nothing where it is right, and its numbers."""
    at = np.asarray(at, dtype=np.float64)
    a = array(analytic, at.shape, what)
    n = numeric(cost, at)
    wrong, worst = compare(a, n, rtol=RTOL, atol=ATOL)
    if not wrong.any():
        return "", side_by_side(Comparing.GRADIENT, what, a, n, None)
    yours, right = distinct(a.flat[worst], n.flat[worst])
    text = (
        f"{which(what, wrong, worst)}\n"
        f"    yours      {yours}\n"
        f"    numeric    {right}   (central difference, step {STEP:.0e})\n"
        f"    relative distance of all elements: {distance(a, n):.1e}"
    )
    return text, side_by_side(Comparing.GRADIENT, what, a, n, worst)
