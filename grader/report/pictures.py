"""A worked run as pictures: numbers become paths, which the page wraps into SVG.

Lines live in a square of 100 by 100 that the page stretches, planes in one that it does not.
"""

from dataclasses import dataclass

from grader.model import Panel, Plane, Training
from grader.report import words
from grader.report.plots import SIDE, stretches

_NICE = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)  # halves of them are short numbers too


@dataclass(frozen=True, slots=True)
class Line:
    """The cost curve of a training.

    Attributes:
        style: which of the page's lines it is, from 1.
    """

    style: int
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The cost curves of a panel.

    Attributes:
        ticks: of the costs, the highest first.
        steps: where the curves end.
        cut: whether some cost is above the highest tick.
    """

    lines: tuple[Line, ...]
    ticks: tuple[str, ...]
    steps: int
    cut: bool


def chart(panel: Panel) -> Chart | None:
    """Draw the cost curves of a panel, None where no training came to an end."""
    curves = [(number, each) for number, each in enumerate(panel.trainings, 1) if each.costs]
    if not curves:
        return None
    top, steps = _top([each for _, each in curves]), max(each.steps for _, each in curves)
    return Chart(
        tuple(Line(number, each.label, _line(each, top, steps)) for number, each in curves),
        tuple(f"{part * top / 4:.3g}" for part in (4, 3, 2, 1, 0)),
        steps,
        any(max(each.costs) > top for _, each in curves),
    )


def _top(trainings: list[Training]) -> float:
    """The highest tick: first costs far above what follows must not press all curves flat."""
    highest = max(max(each.costs) for each in trainings)
    settled = max(each.costs[len(each.costs) // 10] for each in trainings)
    wanted = min(highest, 1.25 * settled)
    if not 1e-300 < wanted < 1e300:  # there is no scale to draw what is smaller or larger
        return 1.0
    power = 10.0 ** int(f"{wanted:e}".partition("e")[2])
    return next((nice * power for nice in _NICE if nice * power >= wanted), 10 * power)


def _line(training: Training, top: float, steps: int) -> str:
    """Straight from cost to cost; what is too high leaves the picture just above its edge."""
    last = max(len(training.costs) - 1, 1)
    width = SIDE * training.steps / steps if steps else SIDE
    points = (
        f"{place * width / last:.1f} {SIDE * (1 - min(max(cost, 0.0) / top, 1.1)):.1f}"
        for place, cost in enumerate(training.costs)
    )
    return "M" + "L".join(points)


def told(training: Training) -> str:
    """The curve in words."""
    first, last = (f"{cost:.2f}" for cost in (training.costs[0], training.costs[-1]))
    return f"Cost from {first} to {last} in {words.count(training.steps, 'step')}."


def cells(training: Training) -> str:
    """Everywhere that class 1 is answered: a bar for each stretch of a row."""
    height = SIDE / max(len(training.rows), 1)
    bars = []
    for number, row in enumerate(training.rows):
        width = SIDE / max(len(row), 1)
        for start, length in stretches(cell == "1" for cell in row):
            x, y = start * width, number * height
            bars.append(f"M{x:.4g} {y:.4g}h{length * width:.4g}v{height:.4g}h-{length * width:.4g}")
    return "".join(bars)


def marks(plane: Plane, label: int) -> str:
    """The points of a class: class 0 as dots, which the ends of lines are, class 1 as crosses."""
    (left, right), (low, high) = plane.x, plane.y
    shape = "l3 3m0-3l-3 3" if label else "h0"
    shift = 1.5 if label else 0.0
    return "".join(
        f"M{_place(x, left, right) - shift:.1f} {SIDE - _place(y, low, high) - shift:.1f}{shape}"
        for x, y, each in plane.points
        if each == label
    )


def _place(value: float, start: float, end: float) -> float:
    return SIDE * (value - start) / (end - start) if end > start else SIDE / 2
