# For authors: derived from reference/normalizing_inputs.py by "grader stubs"; make changes there.
"""Normalizing Inputs

Give every feature the mean 0 and the variance 1, with what the training set says, and measure what
that gains: a cost that is as round as a bowl, and gradient descent that needs fewer steps.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "condition_number",
    "fit_normalization",
    "gradient_steps",
    "measured_gain",
    "normalize",
]

Array = NDArray[np.float64]


def cost(w: Array, X: Array, Y: Array) -> float:
    """Half the mean squared error of a linear model: J(w) = 1/(2m) * sum (w.T x - y)^2."""
    return float(np.sum((w.T @ X - Y) ** 2) / (2 * X.shape[1]))


def lowest_cost(X: Array, Y: Array) -> float:
    """The minimum of that cost over all w, by linear algebra instead of gradient descent."""
    w = np.linalg.lstsq(X.T, Y.T, rcond=None)[0].astype(np.float64)
    return cost(w, X, Y)


def fit_normalization(X: Array) -> tuple[Array, Array]:
    """Find the mean and the variance of each feature of the training set.

        mu = 1/m * sum x,    sigma2 = 1/m * sum (x - mu)^2

    Args:
        X: training examples in columns, shape (n_x, m). Never modified.

    Returns:
        mu: shape (n_x, 1).
        sigma2: shape (n_x, 1); 0 for a feature that is constant.

    Source:
        Lecture "Normalizing Inputs", steps 1 and 2.
    """
    raise NotImplementedError("Write fit_normalization here.")


def normalize(X: Array, mu: Array, sigma2: Array) -> Array:
    """Move and scale examples by a mean and a variance that were found before.

        x := (x - mu) / sigma

    The training, the dev and the test set all go through the same transformation. A feature with
    sigma2 = 0 cannot be scaled: only mu is subtracted from it.

    Args:
        X: examples in columns, shape (n_x, m), of any set. Never modified.
        mu: shape (n_x, 1).
        sigma2: shape (n_x, 1).

    Returns:
        normalized: shape of X.

    Source:
        Lecture "Normalizing Inputs", step 3.
    """
    raise NotImplementedError("Write normalize here.")


def condition_number(X: Array) -> float:
    """Measure how elongated the cost of a linear model is.

    The cost J curves differently in different directions: its second derivatives are the matrix
    X X.T / m. The condition number is the largest curvature in any direction divided by the
    smallest, which are the largest and the smallest eigenvalue of that matrix.

    Args:
        X: examples in columns, shape (n_x, m); no feature is a combination of others.

    Returns:
        condition: at least 1; 1 where the cost is as round as a bowl.

    Source:
        Lecture "Normalizing Inputs", figure; Nocedal and Wright, "Numerical Optimization",
        section 3.3.
    """
    raise NotImplementedError("Write condition_number here.")


def gradient_steps(X: Array, Y: Array, tolerance: float, max_steps: int) -> int:
    """Count the steps of gradient descent that a linear model needs, starting with w = 0.

    The learning rate is 1 / (largest eigenvalue of X X.T / m): where the cost curves most, a rate
    of more than twice that would climb. The last step is the one after which J exceeds its minimum
    by at most `tolerance` times what it exceeds it by at w = 0.

    Args:
        X: examples in columns, shape (n_x, m).
        Y: what to predict, shape (1, m).
        tolerance: between 0 and 1.
        max_steps: where to give up.

    Returns:
        steps: how many steps were made, max_steps at most.

    Source:
        Lecture "Normalizing Inputs", figure.
    """
    raise NotImplementedError("Write gradient_steps here.")


def measured_gain(X: Array, Y: Array, tolerance: float, max_steps: int) -> dict[str, Any]:
    """Measure what normalizing the training set gains, before and after.

    Args:
        X: training examples in columns, shape (n_x, m). Never modified.
        Y: what to predict, shape (1, m); it is not normalized.
        tolerance: as for gradient_steps.
        max_steps: as for gradient_steps.

    Returns:
        "condition_number": (before, after).
        "steps": (before, after).

    Source:
        Lecture "Normalizing Inputs".
    """
    raise NotImplementedError("Write measured_gain here.")
