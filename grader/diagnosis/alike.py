"""Whether two answers are the same, as a check would see it."""

from typing import Any

import numpy as np

from grader.kit.expect import ATOL, RTOL

_NUMBERS = bool | int | float | complex | np.generic


def alike(answer: Any, wanted: Any) -> bool:
    """Whether an answer is `wanted` within the kit's tolerance.

    A tuple may be a list, a plain number an array without dimensions, and a dictionary may hold
    more than is wanted; an array is no list, and its shape counts.
    """
    if isinstance(wanted, np.ndarray | _NUMBERS):
        return isinstance(answer, np.ndarray | _NUMBERS) and numbers_alike(answer, wanted)
    if isinstance(wanted, dict):
        return isinstance(answer, dict) and all(
            key in answer and alike(answer[key], item) for key, item in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return (
            isinstance(answer, list | tuple)
            and len(answer) == len(wanted)
            and all(map(alike, answer, wanted))
        )
    return type(answer) is type(wanted) and bool(answer == wanted)


def numbers_alike(answer: Any, wanted: Any) -> bool:
    """The same for numbers and arrays: same shape, and nan and infinity at the same places."""
    a, w = np.asarray(answer), np.asarray(wanted)
    if a.shape != w.shape:
        return False
    a, w = (each.astype(np.result_type(each, np.float64)) for each in (a, w))
    with np.errstate(all="ignore"):
        near = np.abs(a - w) <= ATOL + RTOL * np.abs(w)
    special = ~np.isfinite(w)
    if special.any():
        near[special] = (a[special] == w[special]) | (np.isnan(a[special]) & np.isnan(w[special]))
    return bool(near.all())
