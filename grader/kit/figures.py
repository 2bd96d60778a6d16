"""Numbers for the page of a check that fails, where its message is not all there is to see."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from grader.kit.expect import distance
from grader.kit.verdicts import Mismatch
from grader.model import Comparing, Comparison

ROWS, COLUMNS = 10, 40  # of a mask

Numbers = list[Comparison]


@contextmanager
def shown(make: Callable[[], Numbers]) -> Iterator[None]:
    """Put numbers to the Mismatch that is raised inside; they are made only then."""
    try:
        yield
    except Mismatch as error:
        made: Numbers = []
        with suppress(Mismatch):  # they may need more than the answer has
            made = make()
        raise Mismatch(str(error), (*error.comparisons, *made)) from None


def scale(yours: Sequence[float], expected: Sequence[float], what: str) -> Numbers:
    """One number for each layer, and what it should be; nothing where one is not finite."""
    a, e = np.asarray(yours, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if not (np.isfinite(a).all() and np.isfinite(e).all()):
        return []
    worst = int(np.argmax(np.abs(a - e)))
    pairs = tuple(a.tolist()), tuple(e.tolist())
    return [Comparison(Comparing.SCALE, what, a.shape, *pairs, worst, distance(a, e))]


def mask(kept: Any, what: str) -> Numbers:
    """A corner of a mask: rows are units, columns examples; nothing where one is not finite."""
    corner = np.asarray(kept, dtype=np.float64)[:ROWS, :COLUMNS]
    if not np.isfinite(corner).all():
        return []
    return [
        Comparison(
            Comparing.MASK, what, corner.shape, tuple(corner.ravel().tolist()), (), None, 0.0
        )
    ]
