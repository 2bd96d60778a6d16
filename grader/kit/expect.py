"""Comparisons for checks: each returns what it looked at, or raises a Mismatch that teaches.

Answers are whatever the student returned, so nothing is assumed of them: exact shapes, finite
values, and lists are not arrays. Tolerances are relative to the expected value only.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.kit.submission import Submission
from grader.kit.verdicts import Mismatch
from grader.model import Comparing, Comparison

Floats = NDArray[np.float64]

RTOL = 1e-6  # float32 answers are right
ATOL = 1e-8
SHOWN = 400  # entries of a comparison


def array(actual: Any, shape: tuple[int, ...], what: str) -> Floats:
    """Require a finite numeric array of exactly this shape; a plain number has shape ().

    Returns:
        A float64 copy.
    """
    if not isinstance(actual, np.ndarray | np.number | np.bool_ | float | int):
        raise Mismatch(f"{what} must be {_kind(shape)}, but it is {describe(actual)}.")
    values = np.asarray(actual)
    if values.dtype.kind not in "biuf":
        raise Mismatch(f"{what} must hold real numbers, but it is {describe(actual)}.")
    if values.shape != shape:
        raise Mismatch(f"{what} must have shape {shape}, but it has shape {values.shape}.")
    result = values.astype(np.float64)
    finite = np.isfinite(result)
    if not finite.all():
        worst = np.argmin(finite)
        named = element(what, worst, shape)
        raise Mismatch(f"{named} is {result.flat[worst]}, not a finite number.")
    return result


def number(actual: Any, what: str) -> float:
    """Require one finite number (a 0-d array is one)."""
    return float(array(actual, (), what))


def close(
    actual: Any, expected: Any, what: str, *, rtol: float = RTOL, atol: float = ATOL
) -> Floats:
    """Require the shape of `expected` and |actual - expected| <= atol + rtol*|expected|."""
    e = np.asarray(expected, dtype=np.float64)
    a = array(actual, e.shape, what)
    if _well_within(a, e, rtol=rtol, atol=atol):
        return a
    wrong, worst = compare(a, e, rtol=rtol, atol=atol)
    if wrong.any():
        yours, right = distinct(a.flat[worst], e.flat[worst])
        raise Mismatch(
            f"{which(what, wrong, worst)}\n    yours      {yours}\n    expected   {right}",
            side_by_side(Comparing.ENTRIES, what, a, e, worst),
        )
    return a


def side_by_side(
    kind: Comparing, what: str, a: Floats, e: Floats, worst: int | None
) -> tuple[Comparison, ...]:
    """A student's numbers `a` and the right ones `e`, of one shape, for tables and pictures.

    Returns:
        Nothing where a number is not finite: there is nothing to draw.
    """
    if not (np.isfinite(a).all() and np.isfinite(e).all()):
        return ()
    first = slice(SHOWN)
    yours, right = tuple(a.flat[first].tolist()), tuple(e.flat[first].tolist())
    return (Comparison(kind, what, e.shape, yours, right, worst, distance(a, e)),)


def distance(a: Floats, n: Floats) -> float:
    """||a - n|| / (||a|| + ||n||); 0 where both vanish. Lecture, section "Gradient Checking"."""
    largest = float(max(np.abs(a).max(initial=0.0), np.abs(n).max(initial=0.0)))
    if not 0.0 < largest < np.inf:
        return 0.0 if largest == 0.0 else np.nan
    a, n = a / largest, n / largest  # or squares of large elements would overflow
    return float(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))


def mask(actual: Any, shape: tuple[int, ...], what: str) -> NDArray[np.bool_]:
    """Require an array of zeros and ones; bool, int and float are all right."""
    values = array(actual, shape, what)
    wrong = (values != 0) & (values != 1)
    if wrong.any():
        worst = int(np.argmax(wrong))
        raise Mismatch(
            f"{what} must hold only 0 and 1 (or False and True), "
            f"but {element(what, worst, shape)} is {values.flat[worst]:.4g}."
        )
    kept: NDArray[np.bool_] = values != 0
    return kept


def mapping(actual: Any, keys: Sequence[str], what: str) -> dict[str, Any]:
    """Require a dictionary with at least these keys."""
    if not isinstance(actual, dict):
        raise Mismatch(f"{what} must be a dictionary, but it is {describe(actual)}.")
    missing = [key for key in keys if key not in actual]
    if missing:
        raise Mismatch(f"{what} has no entry {', '.join(map(repr, missing))}.")
    return actual


def sequence(actual: Any, length: int, what: str) -> tuple[Any, ...]:
    """Require a tuple or list of this length."""
    if not isinstance(actual, tuple | list):
        raise Mismatch(f"{what} must be a tuple of {length}, but it is {describe(actual)}.")
    if len(actual) != length:
        raise Mismatch(f"{what} must hold {length} values, but it holds {len(actual)}.")
    return tuple(actual)


def holds(condition: bool, sentence: str) -> None:
    """Require the condition; the sentence says what is wrong when it does not hold."""
    if not condition:
        raise Mismatch(sentence)


def unchanged(submission: Submission) -> None:
    """Require that the last call left all its arguments as they were."""
    if submission.changed:
        names = ", ".join(
            f"number {key + 1}" if isinstance(key, int) else key for key in submission.changed
        )
        raise Mismatch(f"The function changes its argument in place: {names}.")


def describe(value: Any) -> str:
    """Name a decoded answer in a few words: its type and shape, never its content."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, list | tuple | dict | str | bytes):
        return f"a {type(value).__name__} of length {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def compare(a: Floats, e: Floats, *, rtol: float, atol: float) -> tuple[NDArray[np.bool_], int]:
    """Where |a - e| <= atol + rtol*|e| does not hold, and the flat position of the worst.

    An e that is not finite is met by nothing, so that no answer passes against it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        excess = np.asarray(np.abs(a - e) - (atol + rtol * np.abs(e)))
    excess[np.isnan(excess)] = np.inf
    return excess > 0, int(np.argmax(excess)) if excess.size else 0


def _well_within(a: Floats, e: Floats, *, rtol: float, atol: float) -> bool:
    """Whether nothing is wrong, at about half the cost of `compare`; False on the edge."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool((np.abs(a - e) < atol + rtol * np.abs(e)).all())


def which(what: str, wrong: NDArray[np.bool_], worst: int) -> str:
    """Say how much of a quantity is wrong, and where most."""
    if wrong.ndim == 0:
        return f"{what} is wrong."
    return (
        f"{what} is wrong in {int(wrong.sum())} of {wrong.size} elements; "
        f"the worst is {element(what, worst, wrong.shape)}."
    )


def distinct(a: float, b: float) -> tuple[str, str]:
    """Both numbers to four significant digits, or to as many as tell them apart."""
    for digits in range(4, 18):
        first, second = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if first != second:
            break
    return first, second


def element(what: str, flat: int | np.intp, shape: tuple[int, ...]) -> str:
    """Name one element: "W1[0, 2]", or "A1 where D1 is 1, at [0, 2]"."""
    index = index_of(flat, shape)
    return f"{what}{index}" if what.isidentifier() or not index else f"{what}, at {index}"


def index_of(flat: int | np.intp, shape: tuple[int, ...]) -> str:
    """Write a flat position as an index, "[1, 2]"; nothing for a plain number."""
    if not shape:
        return ""
    return "[" + ", ".join(str(int(i)) for i in np.unravel_index(flat, shape)) + "]"


def _kind(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "a number"
