"""Whether two answers are the same, as a check would see it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.kit.expect import ATOL, RTOL

_NUMBERS = bool | int | float | complex | np.generic


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far apart two numbers may be, relative to the wanted one and beside that."""

    relative: float
    absolute: float


USUAL = Tolerance(RTOL, ATOL)
FINE = Tolerance(1e-12, 0.0)  # rounding, and no more


def alike(answer: Any, wanted: Any, tolerance: Tolerance = USUAL) -> bool:
    """Whether an answer is `wanted` within a tolerance.

    A tuple may be a list, a plain number an array without dimensions, and a dictionary may hold
    more than is wanted; an array is no list, and its shape counts.
    """
    if isinstance(wanted, np.ndarray | _NUMBERS):
        return isinstance(answer, np.ndarray | _NUMBERS) and numbers_alike(
            answer, wanted, tolerance
        )
    if isinstance(wanted, dict):
        return isinstance(answer, dict) and all(
            key in answer and alike(answer[key], item, tolerance) for key, item in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return (
            isinstance(answer, list | tuple)
            and len(answer) == len(wanted)
            and all(alike(*pair, tolerance) for pair in zip(answer, wanted, strict=True))
        )
    return type(answer) is type(wanted) and bool(answer == wanted)


def numbers_alike(answer: Any, wanted: Any, tolerance: Tolerance = USUAL) -> bool:
    """The same for numbers and arrays: same shape, and nan and infinity at the same places."""
    a, w = np.asarray(answer), np.asarray(wanted)
    if a.shape != w.shape:
        return False
    a, w = (each.astype(np.result_type(each, np.float64)) for each in (a, w))
    with np.errstate(all="ignore"):
        near = np.abs(a - w) <= tolerance.absolute + tolerance.relative * np.abs(w)
    if np.isfinite(w).all():
        return bool(near.all())
    same = (a == w) | (np.isnan(a) & np.isnan(w))
    return bool(np.where(np.isfinite(w), near, same).all())
