"""Numeric gradients: the central difference of a cost, compared element by element.

Step 1e-5 and |a - n| <= 1e-8 + 1e-5*|n| leave a margin of some hundred times either way in
float64 for costs of order one. A comparison along one random direction would be cheaper, but it
misses single wrong elements and cannot name the index.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.kit.expect import Floats, array, compare, distance, distinct, side_by_side, which
from grader.kit.verdicts import Mismatch
from grader.model import Comparing

STEP = 1e-5
RTOL = 1e-5
ATOL = 1e-8


def numeric(cost: Callable[[Floats], float], at: Floats, step: float = STEP) -> Floats:
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


def check(analytic: Any, cost: Callable[[Floats], float], at: Any, what: str) -> None:
    """Require that `analytic` is the gradient of `cost` at `at`.

    Args:
        analytic: the student's gradient; must have the shape of `at`.
        cost: as for `numeric`; must be differentiable near `at` (keep away from kinks).
        what: the gradient's name, "dW1".

    Raises:
        Mismatch: names the worst element, both values and the relative distance.
    """
    at = np.asarray(at, dtype=np.float64)
    a = array(analytic, at.shape, what)
    n = numeric(cost, at)
    wrong, worst = compare(a, n, rtol=RTOL, atol=ATOL)
    if wrong.any():
        yours, right = distinct(a.flat[worst], n.flat[worst])
        raise Mismatch(
            f"{which(what, wrong, worst)}\n"
            f"    yours      {yours}\n"
            f"    numeric    {right}   (central difference, step {STEP:.0e})\n"
            f"    relative distance of all elements: {distance(a, n):.1e}",
            side_by_side(Comparing.GRADIENT, what, a, n, worst),
        )
