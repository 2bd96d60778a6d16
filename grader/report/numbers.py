"""The numbers behind a failed check, laid out for the page: what came and what was expected.

Of a large array the part around the worst element is shown: more would hide it. What `tells_all`
says what the message says below its first line, and stands in the place of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from grader.model import CheckResult, Comparing, Comparison
from grader.report import plots
from grader.report.words import apart, place

ROWS, COLUMNS = 6, 4


class Cell(NamedTuple):
    """An element of an array.

    Attributes:
        differs: the other array shows something else here.
        worst: none is further off.
    """

    text: str
    differs: bool = False
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A plain number, or an array of one."""

    name: str
    yours: str
    expected: str
    kind: str = "pair"
    tells_all: bool = True


@dataclass(frozen=True, slots=True)
class Grids:
    """An array, or a part of one.

    Attributes:
        place: of the worst element, "dW2[1, 2]".
        columns: index of each.
        yours: index of each row, None where there is but one axis, and its cells.
        part: what the cells are a part of, empty where they are all.
    """

    name: str
    place: str
    columns: tuple[int, ...]
    yours: tuple[tuple[int | None, tuple[Cell, ...]], ...]
    expected: tuple[tuple[int | None, tuple[Cell, ...]], ...]
    part: str
    kind: str = "grids"
    tells_all: bool = True


class Gradient(NamedTuple):
    """One parameter's gradient; place and values are those of its worst element."""

    name: str
    place: str
    yours: str
    numeric: str
    distance: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Gradients:
    """Gradients that were checked together."""

    rows: tuple[Gradient, ...]
    plot: plots.Scatter
    kind: str = "gradients"
    tells_all: bool = True


@dataclass(frozen=True, slots=True)
class Layers:
    """One number for each layer."""

    name: str
    rows: tuple[plots.Layer, ...]
    logarithmic: bool
    kind: str = "layers"
    tells_all: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """Which units of a layer are kept."""

    name: str
    picture: plots.Squares
    told: str
    kind: str = "mask"
    tells_all: bool = False


Part = Pair | Grids | Gradients | Layers | Mask


def parts(check: CheckResult) -> list[Part]:
    """Return what there is to show of a check's numbers; gradients come together."""
    shown: list[Part] = []
    gradients = [each for each in check.comparisons if each.kind is Comparing.GRADIENT]
    if any(each.yours for each in gradients):
        rows = tuple(_gradient(each) for each in gradients)
        shown.append(Gradients(rows, plots.scatter(gradients)))
    for each in check.comparisons:
        shown += _single(each)
    return shown


def _single(comparison: Comparison) -> Iterator[Part]:
    match comparison.kind:
        case Comparing.ENTRIES if prod(comparison.shape) == len(comparison.yours) == 1:
            yield Pair(comparison.name, *apart(comparison.yours[0], comparison.expected[0]))
        case Comparing.ENTRIES if _reaches(comparison):
            yield _grids(comparison)
        case Comparing.SCALE if comparison.yours:
            rows, logarithmic = plots.layers(comparison)
            yield Layers(comparison.name, rows, logarithmic)
        case Comparing.MASK if comparison.yours:
            yield _mask(comparison)


def _reaches(comparison: Comparison) -> bool:
    """Whether the worst element is among the first ones, which are all that is known."""
    return comparison.worst is not None and comparison.worst < len(comparison.yours)


def _gradient(comparison: Comparison) -> Gradient:
    worst, distance = comparison.worst, f"{comparison.distance:.2g}"
    if worst is None or not _reaches(comparison):
        return Gradient(comparison.name, "", "", "", distance, worst is not None)
    values = apart(comparison.yours[worst], comparison.expected[worst])
    return Gradient(comparison.name, place(comparison), *values, distance, wrong=True)


def _grids(comparison: Comparison) -> Grids:
    assert comparison.worst is not None
    height, width = (1, *comparison.shape)[-2:]
    before, flat = divmod(comparison.worst, height * width)
    row, column = divmod(flat, width)
    rows, columns = _window(row, height, ROWS), _window(column, width, COLUMNS)
    cells = {
        (i, j): _cells(comparison, (before * height + i) * width + j) for i in rows for j in columns
    }
    whole = len(rows) * len(columns) == prod(comparison.shape)
    yours, expected = (
        tuple(
            (i if len(comparison.shape) > 1 else None, tuple(cells[i, j][side] for j in columns))
            for i in rows
        )
        for side in (0, 1)
    )
    part = "" if whole else " x ".join(map(str, comparison.shape))
    return Grids(comparison.name, place(comparison), tuple(columns), yours, expected, part)


def _window(at: int, length: int, most: int) -> range:
    start = min(max(at - most // 2, 0), max(length - most, 0))
    return range(start, min(start + most, length))


def _cells(comparison: Comparison, flat: int) -> tuple[Cell, Cell]:
    if flat >= len(comparison.yours):
        return Cell("…"), Cell("…")
    values = comparison.yours[flat], comparison.expected[flat]
    worst = flat == comparison.worst
    first, second = apart(*values) if worst else (f"{value:.4g}" for value in values)
    differs = first != second
    return Cell(first, differs, worst), Cell(second, differs, worst)


def _mask(comparison: Comparison) -> Mask:
    kept, many = sum(value != 0 for value in comparison.yours), len(comparison.yours)
    told = f"{kept} of {many} units are kept, {kept / many:.0%}."
    return Mask(comparison.name, plots.squares(comparison), told)
