"""Pictures of a check's numbers, as paths in a square of 100 by 100 that the page makes SVG of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log
from typing import NamedTuple

from grader.model import Comparison

SIDE = 100
MARGIN = 7  # of a scatter, so that no point lies on its edge
MOST = 600  # points of a scatter
SPREAD = 30.0  # between the numbers of layers, from which on they are drawn on a logarithm


@dataclass(frozen=True, slots=True)
class Scatter:
    """Gradients against each other: what is right lies on the diagonal.

    Attributes:
        dots: all elements.
        rings: the worst element of each gradient that is wrong: x and y.
        zero: where 0 lies on both axes, None where it is not between the ends.
        ends: of both axes.
    """

    dots: str
    rings: tuple[tuple[str, str], ...]
    zero: tuple[str, str] | None
    ends: tuple[str, str]
    many: int


class Layer(NamedTuple):
    """A number of one layer.

    Attributes:
        at: where yours and the expected one lie, in per cent of the axis.
    """

    label: str
    yours: str
    expected: str
    at: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Squares:
    """A mask: a square for each unit that is kept."""

    width: int
    height: int
    path: str


def scatter(gradients: Sequence[Comparison]) -> Scatter:
    """Draw analytic values upward, numeric ones to the right, on equal axes."""
    pairs = [pair for each in gradients for pair in zip(each.expected, each.yours, strict=True)]
    values = [value for pair in pairs for value in pair]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1

    def at(value: float) -> float:
        return MARGIN + (SIDE - 2 * MARGIN) * _share(value, low, high)

    def point(pair: tuple[float, float]) -> tuple[str, str]:
        return f"{at(pair[0]):.1f}", f"{SIDE - at(pair[1]):.1f}"

    rings = [
        point((each.expected[each.worst], each.yours[each.worst]))
        for each in gradients
        if each.worst is not None and each.worst < len(each.yours)
    ]
    dots = dict.fromkeys(map(point, pairs[:MOST]))
    return Scatter(
        "".join(f"M{x} {y}h0" for x, y in dots),
        tuple(rings),
        point((0.0, 0.0)) if low <= 0 <= high else None,
        (f"{low:.3g}", f"{high:.3g}"),
        len(pairs),
    )


def layers(comparison: Comparison) -> tuple[tuple[Layer, ...], bool]:
    """Place the numbers of each layer on one axis; also whether it is a logarithmic one."""
    values = (*comparison.yours, *comparison.expected)
    logarithmic = min(values) > 0 and max(values) / min(values) > SPREAD
    low = min(values) if logarithmic else min(0.0, *values)
    high = max(values)

    def at(value: float) -> str:
        share = _share(log(value), log(low), log(high)) if logarithmic else _share(value, low, high)
        return f"{4 + 92 * share:.1f}"

    pairs = zip(comparison.yours, comparison.expected, strict=True)
    rows = [
        Layer(f"layer {number}", f"{yours:.3g}", f"{right:.3g}", (at(yours), at(right)))
        for number, (yours, right) in enumerate(pairs, 1)
    ]
    return tuple(rows), logarithmic


def _share(value: float, low: float, high: float) -> float:
    """How far a value lies between two ends; each is halved, as their distance may overflow."""
    span = high / 2 - low / 2
    return (value / 2 - low / 2) / span if span > 0 else 0.5


def squares(comparison: Comparison) -> Squares:
    """Draw a mask, a bar for each stretch of ones of a row."""
    width = (1, *comparison.shape)[-1]
    kept = [value != 0 for value in comparison.yours]
    rows = [kept[start : start + width] for start in range(0, len(kept), width)]
    bars = (
        f"M{start} {number}h{length}v1h-{length}z"
        for number, row in enumerate(rows)
        for start, length in stretches(row)
    )
    return Squares(width, len(rows), "".join(bars))


def stretches(row: Iterable[bool]) -> Iterable[tuple[int, int]]:
    """Return start and length of each stretch of what holds."""
    place = 0
    for holds, same in groupby(row):
        length = len(list(same))
        if holds:
            yield place, length
        place += length
