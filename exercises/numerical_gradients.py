# For authors: derived from reference/numerical_gradients.py by "grader stubs"; make changes there.
"""Numerical Approximation of Gradients

The difference of a function from one side is off by O(epsilon), from two sides by O(epsilon^2).
Here the order is measured, and the step at which rounding takes over.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "find_best_step",
    "measure_orders",
    "one_sided_errors",
    "order_of_error",
    "two_sided_errors",
]

Array = NDArray[np.float64]


def one_sided_errors(
    f: Callable[[float], float], slope: float, theta: float, steps: Array
) -> Array:
    """Measure how far one-sided differences are off, for several steps.

        (f(theta + epsilon) - f(theta)) / epsilon

    Args:
        f: a function of one number.
        slope: its derivative at theta, which the differences should give.
        theta: where the derivative is taken.
        steps: k values of epsilon, above 0, shape (k,). Never modified.

    Returns:
        errors: |difference - slope| for each step, shape (k,).

    Source:
        Lecture "Numerical Approximation of Gradients".
    """
    raise NotImplementedError("Write one_sided_errors here.")


def two_sided_errors(
    f: Callable[[float], float], slope: float, theta: float, steps: Array
) -> Array:
    """Measure how far two-sided differences are off, for several steps.

        (f(theta + epsilon) - f(theta - epsilon)) / (2 epsilon)

    Args:
        f: a function of one number.
        slope: its derivative at theta, which the differences should give.
        theta: where the derivative is taken.
        steps: k values of epsilon, above 0, shape (k,). Never modified.

    Returns:
        errors: |difference - slope| for each step, shape (k,).

    Source:
        Lecture "Numerical Approximation of Gradients".
    """
    raise NotImplementedError("Write two_sided_errors here.")


def order_of_error(steps: Array, errors: Array) -> float:
    """Measure with which power of the step errors fall.

    The exponent p of the curve c * epsilon**p that fits best: least squares between log(error)
    and the straight line log(c) + p * log(epsilon).

    Args:
        steps: k different values of epsilon, above 0, k >= 2, shape (k,). Never modified.
        errors: error at each of these steps, above 0, shape (k,). Never modified.

    Returns:
        order: p, which is 1 for errors of O(epsilon) and 2 for errors of O(epsilon^2).

    Source:
        Lecture "Numerical Approximation of Gradients".
    """
    raise NotImplementedError("Write order_of_error here.")


def measure_orders(
    f: Callable[[float], float], slope: float, theta: float, steps: Array
) -> tuple[float, float]:
    """Measure the order of the error of one-sided and of two-sided differences.

    Args:
        f: a function of one number, curved, so that no error is exactly 0.
        slope: its derivative at theta.
        theta: where the derivative is taken.
        steps: k different values of epsilon, k >= 2, large enough that rounding does not matter,
            shape (k,). Never modified.

    Returns:
        one_sided: order_of_error of the one-sided differences.
        two_sided: order_of_error of the two-sided differences.

    Source:
        Lecture "Numerical Approximation of Gradients".
    """
    raise NotImplementedError("Write measure_orders here.")


def find_best_step(f: Callable[[float], float], slope: float, theta: float, steps: Array) -> float:
    """Find the step with the smallest error of the two-sided difference.

    A large step is off by the curvature of f, a tiny one by rounding: f(theta + epsilon) and
    f(theta - epsilon) have few digits left that differ. The best step lies between.

    Args:
        f: a function of one number.
        slope: its derivative at theta.
        theta: where the derivative is taken.
        steps: k values of epsilon in any order, shape (k,). Never modified.

    Returns:
        epsilon: the best one of the steps.

    Source:
        Lecture "Gradient Checking", on the choice of epsilon.
    """
    raise NotImplementedError("Write find_best_step here.")
