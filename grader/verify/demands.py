"""What a proof demands of a course: [tool.grader.verify] of its pyproject.toml."""

from dataclasses import dataclass, fields
from pathlib import Path

from grader.errors import CourseError
from grader.settings import read_table


@dataclass(frozen=True, slots=True)
class Demands:
    """How much there must be; every key is optional.

    Attributes:
        mistakes: known ones, in all exercises together.
        mistakes_each: known ones in every exercise.
        mutants: in all exercises together.
        alternatives_each: right solutions of another kind for every exercise.
        equivalent_percent: of the mutants, that may be listed as equivalent.
        examples: further ones that must not refute an equivalent.
        seeds: that the checks of random answers are tried with.
        inner_seeds: that functions are tried with which seed themselves.
    """

    mistakes: int = 0
    mistakes_each: int = 6
    mutants: int = 0
    alternatives_each: int = 3
    equivalent_percent: int = 5
    examples: int = 10_000
    seeds: int = 1_000
    inner_seeds: int = 100


def read_demands(root: Path) -> Demands:
    """Read them.

    Raises:
        CourseError: a key is unknown or no whole number.
    """
    table = read_table(root, "tool.grader.verify")
    path = root / "pyproject.toml"
    known = [field.name for field in fields(Demands)]
    for key, value in table.items():
        if key not in known:
            raise CourseError(
                f"{path}: [tool.grader.verify] has the key {key!r}, which grader does not know. "
                f"Known keys: {', '.join(known)}."
            )
        if type(value) is not int or value < 0:
            raise CourseError(
                f"{path}: [tool.grader.verify] {key} = {value!r} must be a whole number, 0 or more."
            )
    return Demands(**table)
