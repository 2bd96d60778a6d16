"""What a worked run is made of: trainings with the student's own functions, side by side.

tests/public/worked_run.py lists functions of a submission in `__all__`, each of which returns a
`Comparison`. Its docstring is for the student: the first line is the title, the rest says what
there is to see.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.kit.expect import Floats

CELLS = 40  # along each side of a plane
MARGIN = 0.08  # of a plane, around its points


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a training.

    Attributes:
        steps: how many were made.
        costs: before the first step, after the last, and between them at equal distances.
        classes: 0 or 1 for each column of `grid(points)`.
        sentence: what else there is to say.
    """

    steps: int
    costs: Sequence[float]
    classes: Floats
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Trainings on the same points.

    Attributes:
        points: in columns, shape (2, m).
        classes: 0 or 1 for each point, shape (1, m).
        trainings: by label. Each may call the submission and raise what a call or a comparison
            raises: the page says so, and the others are shown all the same.
    """

    points: Floats
    classes: Floats
    trainings: Mapping[str, Callable[[], Learned]]


def ends(values: Floats) -> tuple[float, float]:
    """From where to where a plane reaches that holds these coordinates."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def grid(points: Floats) -> Floats:
    """The centres of the cells of the plane around the points, shape (2, CELLS * CELLS).

    They go row by row, the upper row first.
    """
    (left, right), (low, high) = (ends(row) for row in points)
    at = (np.arange(CELLS) + 0.5) / CELLS
    x, y = np.meshgrid(left + (right - left) * at, high - (high - low) * at)
    return np.stack([x.ravel(), y.ravel()])
