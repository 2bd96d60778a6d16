# For authors: derived from reference/bias_and_variance.py by "grader stubs"; make changes there.
"""Bias and Variance

What three errors say about a network, what to do next, and the basic recipe that does it until
there is nothing left to do.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "bias_and_variance",
    "diagnose",
    "error_rate",
    "follow_recipe",
    "next_steps",
]

Array = NDArray[np.float64]

HIGH_BIAS = "high bias"
HIGH_VARIANCE = "high variance"
BOTH = "high bias and high variance"
NEITHER = "neither"

BIAS_STEPS = ("bigger network", "train longer", "another architecture")
VARIANCE_STEPS = ("more data", "regularization", "another architecture")


def error_rate(predictions: Array, Y: Array) -> float:
    """Give the share of the examples that got the wrong label.

    Args:
        predictions: labels 0 or 1 that the network gave, shape (1, m).
        Y: the right labels, 0 or 1, shape (1, m).

    Returns:
        error: from 0, all right, to 1, all wrong.

    Source:
        Lecture "Bias / Variance".
    """
    raise NotImplementedError("Write error_rate here.")


def bias_and_variance(
    train_error: float, dev_error: float, optimal_error: float = 0.0
) -> tuple[float, float]:
    """Split the dev error: dev_error = optimal_error + bias + variance.

    The bias is what better fitting could gain. The variance is what the network loses on examples
    that it has not seen.

    Args:
        train_error: error on the training set.
        dev_error: error on the dev set.
        optimal_error: Bayes error, the least that anyone could reach; often that of humans.

    Returns:
        bias, variance: each may be negative, by chance.

    Source:
        Lecture "Bias / Variance".
    """
    raise NotImplementedError("Write bias_and_variance here.")


def diagnose(
    train_error: float, dev_error: float, optimal_error: float = 0.0, tolerance: float = 0.02
) -> str:
    """Name what a network suffers from.

    Bias or variance is high if it is more than the tolerance.

    Args:
        train_error: error on the training set.
        dev_error: error on the dev set.
        optimal_error: Bayes error, the least that anyone could reach.
        tolerance: how much of either is put up with, above 0.

    Returns:
        diagnosis: HIGH_BIAS, HIGH_VARIANCE, BOTH or NEITHER, texts that are defined above.

    Source:
        Lecture "Bias / Variance".
    """
    raise NotImplementedError("Write diagnose here.")


def next_steps(diagnosis: str) -> tuple[str, ...]:
    """List what the basic recipe tries now, in its order.

    The recipe asks one thing after the other and treats what it finds before it asks on.

    Args:
        diagnosis: HIGH_BIAS, HIGH_VARIANCE, BOTH or NEITHER.

    Returns:
        steps: BIAS_STEPS, VARIANCE_STEPS, or () where all is well.

    Source:
        Lecture "Basic Recipe for Machine Learning".
    """
    raise NotImplementedError("Write next_steps here.")


def follow_recipe(
    measure: Callable[[float, float], tuple[float, float]],
    optimal_error: float,
    tolerance: float,
    rounds: int,
) -> list[str]:
    """Follow the basic recipe, with the first step of each kind, until bias and variance are low.

    Start with a network of size 1 and with 1 unit of data. A bigger network is one of twice the
    size; more data is twice the data. After each step train and measure again.

    Args:
        measure: measure(size, data) trains such a network and returns (train_error, dev_error).
        optimal_error: Bayes error.
        tolerance: as for diagnose.
        rounds: how many steps there is time for.

    Returns:
        steps: what was done, "bigger network" or "more data" each, in order; at most `rounds`.

    Source:
        Lecture "Basic Recipe for Machine Learning".
    """
    raise NotImplementedError("Write follow_recipe here.")
