"""Rules of value: a factor, a sign, a power, an index, or right but for a condition."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.alike import numbers_alike
from grader.diagnosis.quantity import Floats, Pair
from grader.kit.expect import ATOL, RTOL

_ENOUGH = 3  # numbers on either side of a condition
_LONG = 3  # entries in a row that are shifted


def zero(pairs: Sequence[Pair]) -> str | None:
    """Nothing but zeros."""
    return "is 0 everywhere" if all(not pair.yours.any() for pair in pairs) else None


def negated(pairs: Sequence[Pair]) -> str | None:
    """Minus the right one."""
    return _by(pairs, np.negative, "is the right one with the opposite sign")


def squared(pairs: Sequence[Pair]) -> str | None:
    """A root is missing, or a square too much."""
    return _by(pairs, np.square, "is the square of the right one")


def rooted(pairs: Sequence[Pair]) -> str | None:
    """A square is missing, or a root too much."""
    return _by(pairs, np.sqrt, "is the square root of the right one")


def inverted(pairs: Sequence[Pair]) -> str | None:
    """Numerator and denominator have changed places."""
    return _by(pairs, np.reciprocal, "is 1 divided by the right one")


def complement(pairs: Sequence[Pair]) -> str | None:
    """A share for the other share."""
    return _by(pairs, lambda right: 1 - right, "is 1 minus the right one")


def without_sign(pairs: Sequence[Pair]) -> str | None:
    """Absolute values."""
    return _by(pairs, np.abs, "is the right one without its sign")


def rounded(pairs: Sequence[Pair]) -> str | None:
    """Whole numbers, where others are right."""
    ways = (np.rint, "rounded"), (np.floor, "rounded down"), (np.ceil, "rounded up")
    for function, word in ways:
        if said := _by(pairs, function, f"is the right one {word} to whole numbers"):
            return said
    return None


def one_off(pairs: Sequence[Pair]) -> str | None:
    """A count or an index that starts or stops one too early or too late."""
    whole = all(np.array_equal(pair.right, np.rint(pair.right)) for pair in pairs)
    for step, word in ((1, "large"), (-1, "small")):
        if whole and all(numbers_alike(pair.yours, pair.right + step) for pair in pairs):
            return f"is one too {word}"
    return None


def one_place_off(pairs: Sequence[Pair]) -> str | None:
    """The right numbers, each one place further on."""
    long = [pair for pair in pairs if len(set(pair.right.flat)) >= _LONG]
    if len(long) < 2 or any(pair.right.ndim > 2 for pair in pairs):
        return None
    for axis in (0, 1):
        for start, word in ((1, "late"), (-1, "early")):
            if all(_shifted(pair, axis, start) for pair in long):
                return f"holds the right numbers one place too {word}"
    return None


def _shifted(pair: Pair, axis: int, start: int) -> bool:
    if axis >= pair.right.ndim or pair.right.shape[axis] < _LONG or not pair.differs:
        return False
    yours, right = (np.moveaxis(each, axis, 0) for each in (pair.yours, pair.right))
    one, other = (yours, right) if start > 0 else (right, yours)
    return numbers_alike(one[1:], other[:-1])


def reordered(pairs: Sequence[Pair]) -> str | None:
    """The right numbers at other places."""
    large = [pair for pair in pairs if len(set(pair.right.flat)) >= _LONG]
    if len(large) >= 2 and all(
        numbers_alike(np.sort(pair.yours, axis=None), np.sort(pair.right, axis=None))
        for pair in pairs
    ):
        return "holds the right numbers in another order"
    return None


def times_a_number(pairs: Sequence[Pair]) -> str | None:
    """One and the same factor everywhere."""
    largest = max(pairs, key=lambda pair: float(np.abs(pair.right).max(initial=0.0)))
    place = int(np.abs(largest.right).argmax())
    factor = float(largest.yours.flat[place] / largest.right.flat[place])
    if _by(pairs, lambda right: factor * right, "fits"):
        return f"is {factor:.4g} times the right one"
    return None


def plus_a_number(pairs: Sequence[Pair]) -> str | None:
    """One and the same number too much everywhere."""
    first = next(pair for pair in pairs if pair.differs)
    more = float((first.yours - first.right).flat[0])
    if _by(pairs, lambda right: right + more, "fits"):
        return f"is too {'large' if more > 0 else 'small'} by {abs(more):.4g} everywhere"
    return None


def except_where(pairs: Sequence[Pair]) -> str | None:
    """Right, but for where a condition on the right value or on an argument holds."""
    wrong = [_wrong(pair) for pair in pairs]
    for words, marks in _conditions(pairs):
        outside = any((w & ~mark).any() for w, mark in zip(wrong, marks, strict=True))
        inside = sum(int(mark.sum()) for mark in marks)
        caught = sum(int(w.sum()) for w in wrong)
        left = sum(int((~mark).sum()) for mark in marks)
        if not outside and min(inside, left) >= _ENOUGH and 2 * caught >= inside:
            return f"is right except where {words}"
    return None


def _wrong(pair: Pair) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(pair.yours - pair.right) > ATOL + RTOL * np.abs(pair.right))


def _conditions(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[NDArray[np.bool_]]]]:
    """Conditions in words, and where each holds."""
    sides: tuple[tuple[str, Callable[[Floats], NDArray[np.bool_]]], ...] = (
        ("is negative", lambda x: x < 0),
        ("is 0", lambda x: x == 0),
        ("is 1", lambda x: x == 1),
        ("is not 0", lambda x: x != 0),
    )
    for words, side in sides[:-1]:  # where there is something, anything may be wrong with it
        yield f"the right value {words}", [np.asarray(side(pair.right)) for pair in pairs]
    for name in pairs[0].arguments:
        found = [pair.around.get(name) for pair in pairs]
        for words, side in sides:
            marks = [
                np.broadcast_to(side(value), pair.right.shape)
                for value, pair in zip(found, pairs, strict=True)
                if value is not None
                and (value.shape == () or (value.shape == pair.right.shape and words != "is not 0"))
            ]
            if len(marks) == len(pairs):
                yield f"{name} {words}", marks


def _by(pairs: Sequence[Pair], function: Callable[[Floats], Floats], said: str) -> str | None:
    """What is said where the function of the right one is what the student has."""
    with np.errstate(all="ignore"):
        fits = all(numbers_alike(pair.yours, function(pair.right)) for pair in pairs)
    return said if fits else None
