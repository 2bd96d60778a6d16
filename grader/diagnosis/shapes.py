"""Rules of shape: transposed, reshaped, summed along another axis, or not at all."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.diagnosis.alike import numbers_alike
from grader.diagnosis.quantity import Floats, Pair


def transposed(pairs: Sequence[Pair]) -> str | None:
    """The rows are the columns."""
    if all(pair.right.ndim == 2 and numbers_alike(pair.yours, pair.right.T) for pair in pairs):
        return "is the right one transposed"
    return None


def reshaped(pairs: Sequence[Pair]) -> str | None:
    """The numbers are right, and their shape is not."""
    if all(
        pair.yours.size == pair.right.size and numbers_alike(pair.yours.ravel(), pair.right.ravel())
        for pair in pairs
    ):
        return "holds the right numbers in the right order, only its shape is another"
    return None


def not_summed(pairs: Sequence[Pair]) -> str | None:
    """What should have been added up was not."""
    if _reduced(pairs, np.sum, lambda pair: (pair.yours, pair.right)):
        return "is not added up yet: its sum is the right one"
    return None


def not_averaged(pairs: Sequence[Pair]) -> str | None:
    """What should have been averaged was not."""
    if _reduced(pairs, np.mean, lambda pair: (pair.yours, pair.right)):
        return "is not averaged yet: its mean is the right one"
    return None


def summed_too_far(pairs: Sequence[Pair]) -> str | None:
    """What should have stayed apart was added up, or averaged."""
    for function, word in ((np.sum, "sum"), (np.mean, "mean")):
        if _reduced(pairs, function, lambda pair: (pair.right, pair.yours)):
            return f"is the {word} of the right one's entries, which should stay apart"
    return None


def along_the_wrong_axis(pairs: Sequence[Pair]) -> str | None:
    """The right one is a sum along one axis of something, this along the other one."""
    for name in pairs[0].around:
        for function, word in ((np.sum, "summed"), (np.mean, "averaged")):
            for axis in (0, 1):
                if all(_other_axis(pair, name, function, axis) for pair in pairs):
                    return f"is {word} along the wrong axis of {name}"
    return None


def _other_axis(pair: Pair, name: str, function: Any, axis: int) -> bool:
    matrix = pair.around.get(name)
    if matrix is None or matrix.ndim != 2:
        return False
    right, wrong = function(matrix, axis=axis), function(matrix, axis=1 - axis)
    return _same_numbers(pair.right, right) and _same_numbers(pair.yours, wrong)


def _same_numbers(one: Floats, other: Floats) -> bool:
    return one.size == other.size and numbers_alike(one.ravel(), other.ravel())


def _reduced(
    pairs: Sequence[Pair], function: Any, ends: Callable[[Pair], tuple[Floats, Floats]]
) -> bool:
    """Whether a function along some axis, always the same one, leads from one to the other."""
    return any(all(_leads(function, axis, *ends(pair)) for pair in pairs) for axis in (None, 0, 1))


def _leads(function: Any, axis: int | None, long: Floats, short: Floats) -> bool:
    if axis is not None and axis >= long.ndim:
        return False
    return any(numbers_alike(each, short) for each in _results(function, axis, long))


def _results(function: Any, axis: int | None, long: Floats) -> Iterator[Floats]:
    for keepdims in (False, True):
        yield np.asarray(function(long, axis=axis, keepdims=keepdims))
