"""Answers are alike as a check would have it: numbers nearly, shapes exactly."""

from typing import Any

import numpy as np
import pytest

from grader.diagnosis.alike import FINE, alike

A = np.arange(6.0).reshape(2, 3)
ALIKE: dict[str, tuple[Any, Any]] = {
    "equal": (A, A.copy()),
    "nearly": (A * (1 + 1e-7), A),
    "float32": (A.astype(np.float32) / 3, A / 3),
    "nan at the same place": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "infinite": (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
    "a plain nan": (np.nan, np.nan),
    "a plain infinity": (np.inf, np.inf),
    "no dimensions": (np.array(2.0), 2.0),
    "a mask of numbers": (np.array([1, 0]), np.array([True, False])),
    "a list of arrays": ([A, 1.0], (A, 1.0)),
    "more keys": ({"dW": A, "more": 1}, {"dW": A}),
    "text": ("best", "best"),
    "nothing": (None, None),
    "complex": (np.array([1j]), np.array([1j])),
    "empty": (np.zeros((0, 2)), np.zeros((0, 2))),
}
OTHER: dict[str, tuple[Any, Any]] = {
    "too far": (A * (1 + 1e-5), A),
    "a shape": (A.T, A),
    "a column": (np.ones((2, 1)), np.ones(2)),
    "a list for an array": (A.tolist(), A),
    "nan": (np.array([np.nan, 1.0]), np.array([0.0, 1.0])),
    "no nan": (np.array([0.0, 1.0]), np.array([np.nan, 1.0])),
    "the other infinity": (np.array([np.inf]), np.array([-np.inf])),
    "a plain nan": (np.nan, 1.0),
    "fewer keys": ({}, {"dW": A}),
    "fewer items": ((A,), (A, A)),
    "text": ("best", "last"),
    "None": (None, 0.0),
    "text for a number": ("1", 1),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_a_check_takes_for_the_same_is_alike(name: str) -> None:
    assert alike(*ALIKE[name])


@pytest.mark.parametrize("name", OTHER)
def test_what_a_check_tells_apart_is_not(name: str) -> None:
    assert not alike(*OTHER[name])


def test_a_fine_tolerance_has_no_absolute_part() -> None:
    assert alike(1e-20, 2e-20)
    assert not alike(1e-20, 2e-20, FINE)
    assert alike(1.0 + 1e-15, 1.0, FINE)
