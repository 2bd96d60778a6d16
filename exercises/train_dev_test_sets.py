# For authors: derived from reference/train_dev_test_sets.py by "grader stubs"; make changes there.
"""Train, Dev and Test Sets

A set to learn from, a set to choose with, a set to judge by: how large they are, how examples get
into them by chance, and whether two sets come from the same distribution.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "distribution_mismatch",
    "shuffle_and_split",
    "split_sizes",
    "split_two_sources",
]

Array = NDArray[np.float64]
Examples = tuple[Array, Array]  # X and Y


def split_sizes(m: int, fractions: Sequence[float]) -> tuple[int, ...]:
    """Say how many of m examples go into each set.

    Every example goes into exactly one set, whatever m is. The sizes of the dev and the test set
    are off by at most 1 from their fractions of m.

    Args:
        m: number of examples, at least 1.
        fractions: of the training, the dev and the test set, (0.6, 0.2, 0.2), or of the first two,
            (0.7, 0.3), where there is no test set. They add up to 1; the first is the largest.

    Returns:
        sizes: as many whole numbers as there are fractions, none below 0.

    Source:
        Lecture "Train / Dev / Test Sets".
    """
    raise NotImplementedError("Write split_sizes here.")


def shuffle_and_split(
    X: Array, Y: Array, fractions: Sequence[float], rng: np.random.Generator
) -> dict[str, Examples]:
    """Deal all examples out by chance to a training, a dev and, if wanted, a test set.

    Every set is a random sample of the examples, so that all come from the same distribution,
    however the examples were sorted. Each example keeps its label.

    Args:
        X: examples in columns, shape (n_x, m). Never modified.
        Y: their labels, shape (1, m). Never modified.
        fractions: as for split_sizes; two of them, where there is no test set.
        rng: the only source of randomness; the same state gives the same sets.

    Returns:
        sets: "train", "dev" and, with three fractions, "test": each a pair (X, Y) of the shapes
            (n_x, size) and (1, size). The order of the examples within a set is free.

    Source:
        Lecture "Train / Dev / Test Sets".
    """
    raise NotImplementedError("Write shuffle_and_split here.")


def split_two_sources(
    plenty: Examples, target: Examples, sizes: tuple[int, int], rng: np.random.Generator
) -> dict[str, Examples]:
    """Split examples of two distributions, of which only one is what the network is made for.

    The dev and the test set show where to aim: both are random samples of the target examples.
    Everything else is there to learn from.

    Args:
        plenty: (X, Y) from elsewhere, shapes (n_x, m1) and (1, m1). Never modified.
        target: (X, Y) of the kind that counts, shapes (n_x, m2) and (1, m2). Never modified.
        sizes: how many examples the dev and the test set get; together at most m2.
        rng: the only source of randomness; the same state gives the same sets.

    Returns:
        sets: "train", "dev" and "test", each a pair (X, Y). The order within a set is free.

    Source:
        Lecture "Train / Dev / Test Sets", part "Mismatched Distribution".
    """
    raise NotImplementedError("Write split_two_sources here.")


def distribution_mismatch(A: Array, B: Array) -> float:
    """Measure how far apart two sets of examples are, by the feature that differs most.

        D = max over features j and values t of |F_A(t) - F_B(t)|

    F_A(t) is the share of the examples of A whose feature j is at most t. D is 0 where each feature
    has the same distribution in both sets, and 1 where some feature tells the sets apart for sure.

    Args:
        A: examples in columns, shape (n_x, m_A). Never modified.
        B: examples in columns, shape (n_x, m_B). Never modified.

    Returns:
        D: a number from 0 to 1.

    Source:
        Smirnov, "Table for Estimating the Goodness of Fit of Empirical Distributions",
        Annals of Mathematical Statistics 19 (1948), 279-281.
    """
    raise NotImplementedError("Write distribution_mismatch here.")
