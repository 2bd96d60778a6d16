"""Rules that bring the arguments in: one of them is a factor, or makes a term."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.diagnosis.alike import numbers_alike
from grader.diagnosis.quantity import Floats, Pair

_FACTORS = 3  # different ones, or it could be any
_SIDES = ("rows", "columns")


def times_an_argument(pairs: Sequence[Pair]) -> str | None:
    """A number among the arguments is a factor too much, or one too few."""
    factors: tuple[tuple[str, Callable[[Floats], Floats]], ...] = (
        ("times {}", lambda s: s),
        ("divided by {}", lambda s: 1 / s),
        ("times 1 - {}", lambda s: 1 - s),
        ("divided by 1 - {}", lambda s: 1 / (1 - s)),
        ("times the square of {}", lambda s: s**2),
        ("divided by the square of {}", lambda s: 1 / s**2),
    )
    for name in pairs[0].arguments:
        if any(pair.around.get(name, _NONE).shape != () for pair in pairs):
            continue
        for words, factor in factors:
            if _by(pairs, [factor(pair.around[name]) for pair in pairs]):
                return f"is the right one {words.format(name)}"
    return None


def sum_for_mean(pairs: Sequence[Pair]) -> str | None:
    """A size is a factor: a sum was taken for a mean, or a mean for a sum."""
    for words, sizes in _sizes(pairs):
        if _by(pairs, sizes):
            return f"is a sum where a mean is right: the right one times {words}"
        if _by(pairs, [1 / size for size in sizes]):
            return f"is a mean where a sum is right: the right one divided by {words}"
    return None


def off_by_a_term(pairs: Sequence[Pair]) -> str | None:
    """The difference is a multiple of an argument, in every call."""
    for name in pairs[0].around:
        told = [_multiple(pair, name) for pair in pairs]
        if None not in told and sum(map(bool, told)) >= 2:
            said = f"differs from the right one by a multiple of {name}"
            return f"{said}: look at the term with {name} in it"
    return None


def _multiple(pair: Pair, name: str) -> bool | None:
    """Whether the difference is a multiple; None where it is not, False where it says little."""
    other = pair.around.get(name)
    if other is None or other.shape != pair.right.shape:
        return None
    difference = pair.yours - pair.right
    place = int(np.abs(other).argmax()) if other.size else 0
    if not other.any():
        return None if pair.differs else False
    factor = difference.flat[place] / other.flat[place]
    if not numbers_alike(pair.yours, pair.right + factor * other):
        return None
    return pair.differs and bool(np.count_nonzero(other) >= 2)


def _sizes(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[Floats]]]:
    """The sizes of the arguments that are arrays, in words and for each call."""
    for name in pairs[0].arguments:
        shapes = [pair.around.get(name, _NONE).shape for pair in pairs]
        dimensions = {len(shape) for shape in shapes}
        for axis in range(max(dimensions)) if len(dimensions) == 1 else ():
            side = _SIDES[axis] if dimensions == {2} else "entries"
            sizes = [np.asarray(float(shape[axis])) for shape in shapes]
            if axis < 2:
                yield f"the number of {side} of {name}", sizes


def _by(pairs: Sequence[Pair], factors: Sequence[Floats]) -> bool:
    """Whether these are the factors, and not all one and the same."""
    usable = all(np.isfinite(factor) for factor in factors)
    told = {
        round(float(factor), 9)
        for factor, pair in zip(factors, pairs, strict=True)
        if pair.right.any()
    }
    return (
        usable
        and len(told) >= _FACTORS
        and all(
            numbers_alike(pair.yours, factor * pair.right)
            for factor, pair in zip(factors, pairs, strict=True)
        )
    )


_NONE = np.zeros((0, 0, 0))
