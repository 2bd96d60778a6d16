"""Numbers for the page: put to a failure, and to nothing else."""

import numpy as np
import pytest

from grader.kit import Mismatch, expect, figures, gradient
from grader.model import Comparing


def test_numbers_are_made_where_something_is_wrong_and_only_there() -> None:
    made: list[int] = []

    def numbers() -> figures.Numbers:
        made.append(1)
        return figures.scale([1.0, 2.0], [1.0, 1.0], "share")

    with figures.shown(numbers):
        expect.close(1.0, 1.0, "cost")
    assert made == []
    with pytest.raises(Mismatch, match="cost is wrong") as caught, figures.shown(numbers):
        expect.close(1.5, 1.0, "cost")
    kinds = [each.kind for each in caught.value.comparisons]
    assert kinds == [Comparing.ENTRIES, Comparing.SCALE]
    assert (caught.value.comparisons[1].worst, caught.value.comparisons[1].shape) == (1, (2,))


def test_numbers_that_cannot_be_made_lose_no_failure() -> None:
    def numbers() -> figures.Numbers:
        raise Mismatch("no shape")

    with pytest.raises(Mismatch, match="cost is wrong"), figures.shown(numbers):
        expect.close(1.5, 1.0, "cost")


def test_what_is_not_finite_is_not_drawn() -> None:
    assert figures.scale([np.inf], [1.0], "share") == []


def test_of_a_large_mask_a_corner_is_drawn() -> None:
    kept = np.zeros((20, 300), dtype=bool)
    kept[0, 1] = True
    (mask,) = figures.mask(kept, "D1")
    assert (mask.shape, mask.yours[:3], mask.expected) == ((10, 40), (0.0, 1.0, 0.0), ())
    (scale,) = figures.scale([np.float64(0.5)], [np.float64(1.0)], "share")
    assert {type(value) for value in (*mask.yours, *scale.yours, *scale.expected)} == {float}


def test_gradients_that_are_claimed_together_are_all_shown() -> None:
    x = np.array([1.0, -2.0])

    def cost(at: object) -> float:
        return float(np.sum(np.asarray(at) ** 2))

    right, wrong = (2 * x, cost, x, "dx"), (x, cost, x, "dy")
    gradient.check_each([right, right])
    with pytest.raises(Mismatch, match="dy is wrong in 2 of 2") as caught:
        gradient.check_each([right, wrong, (4 * x, cost, x, "dz"), (None, cost, x, "dw")])
    assert [(c.name, c.worst) for c in caught.value.comparisons] == [
        ("dx", None),
        ("dy", 1),
        ("dz", 1),
    ]
    with pytest.raises(Mismatch, match="dw must be an array"):
        gradient.check_each([right, (None, cost, x, "dw"), wrong])


def test_a_mask_that_is_none_is_not_drawn() -> None:
    assert figures.mask(np.array([[1.0, np.nan]]), "D1") == []
