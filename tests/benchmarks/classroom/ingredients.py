"""What the course has to make submissions of: right solutions, known mistakes, who is checked how.

Three right solutions of each exercise make some million submissions, but their answers repeat, and
an outcome that is known costs less. So each submission may have roundings of its own: in every
answer one number or array is multiplied by 1 + k/2^52, which is as right, and what a check is told
is not the same to the bit as by anybody else.
"""

import ast
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.course import open_course
from grader.mistakes import Mistake, read_mistakes
from grader.model import Exercise

# What others of the same exercise take further: a threshold, a tie, or a difference of two numbers
# that are nearly equal decides there, and a rounding can be a wrong answer.
EXACT = {
    *("forward_propagation", "forward_propagation_n", "bias_and_variance", "diagnose"),
    *("error_rate", "train_with_early_stopping", "best_epoch"),
}
ROUNDED = """import numpy as np


def rounded(value):
    # The first number in it that is no integer is multiplied, or the array that begins with it.
    if isinstance(value, (dict, list, tuple)):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            if (new := rounded(value[key])) is not value[key]:
                if isinstance(value, dict):
                    return {{**value, key: new}}
                return type(value)((*value[:key], new, *value[key + 1 :]))
    elif isinstance(value, float) or getattr(value, "dtype", None) == np.float64:
        first = value if isinstance(value, float) else value.flat[0] if value.size else 0.0
        return value * (1 + {number} * 2.0**-52) if first % 1 else value
    return value


def rounding(function):
    return lambda *args, **named: rounded(function(*args, **named))


"""


@dataclass(frozen=True)
class Solution:
    """A right solution of an exercise.

    Attributes:
        name: of its file, without the ending.
    """

    exercise: Exercise
    name: str
    text: str

    def alone(self) -> list[str]:
        """Its functions that nothing else in it names, those with the fewest checks first."""
        lonely = [
            name
            for name in self.exercise.functions
            if self._mentions(name) == 1 and checks_alone_of(self.exercise, name)
        ]
        return sorted(lonely, key=lambda name: len(checks_of(self.exercise, name)))

    def _mentions(self, function: str) -> int:
        return len(re.findall(rf"\b{function}\b", self.text))


@dataclass
class Ingredients:
    """What submissions are made of, and a way to take of it what nobody had yet.

    Attributes:
        bits: whether every submission has roundings of its own.
    """

    root: Path
    exercises: Sequence[Exercise]
    solutions: dict[str, list[Solution]]
    mistakes: list[Mistake]
    chance: random.Random
    bits: bool = False
    _taken: set[tuple[str, ...]] = field(default_factory=set)

    def right(self) -> dict[str, Solution]:
        """A right solution of each exercise, in a combination that nobody has yet."""
        while True:
            chosen = {name: self.chance.choice(each) for name, each in self.solutions.items()}
            key = tuple(each.name for each in chosen.values())
            if key not in self._taken or len(self._taken) >= self._most():
                self._taken.add(key)
                return self._rounded(chosen) if self.bits else chosen

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name."""
        return next(each for each in self.exercises if each.name == name)

    def _most(self) -> int:
        count = 1
        for each in self.solutions.values():
            count *= len(each)
        return count // 2  # when so many are taken, the same ones may come again

    def _rounded(self, chosen: dict[str, Solution]) -> dict[str, Solution]:
        number = len(self._taken)
        return {name: _with_rounding(each, number) for name, each in chosen.items()}


def gather(root: Path, names: Sequence[str], chance: random.Random, *, bits: bool) -> Ingredients:
    """Read them, for these exercises or for all."""
    exercises = open_course(root).only(tuple(names)).exercises
    solutions = {each.name: _solutions(root, each) for each in exercises}
    mistakes = [mistake for each in exercises for mistake in read_mistakes(root, each.name)]
    return Ingredients(root, exercises, solutions, mistakes, chance, bits)


def checks_of(exercise: Exercise, function: str | None = None) -> frozenset[str]:
    """The checks of an exercise, or those that may call one function."""
    return frozenset(
        f"{exercise.name}.{check.name}"
        for check in exercise.checks
        if function is None or function in check.functions
    )


def checks_alone_of(exercise: Exercise, function: str) -> frozenset[str]:
    """The checks that call this function and no other: they cannot pass without it."""
    return frozenset(
        f"{exercise.name}.{check.name}"
        for check in exercise.checks
        if check.functions == (function,)
    )


def _solutions(root: Path, exercise: Exercise) -> list[Solution]:
    paths = sorted((root / "tests/alternatives" / exercise.name).glob("*.py"))
    return [Solution(exercise, path.stem, path.read_text("utf-8")) for path in paths]


def _with_rounding(solution: Solution, number: int) -> Solution:
    """Each graded function is decorated; what decorates it stands below the docstring."""
    lines = solution.text.splitlines(keepends=True)
    docstring, *body = ast.parse(solution.text).body
    wanted = set(solution.exercise.functions) - EXACT
    for node in reversed(body):
        if isinstance(node, ast.FunctionDef) and node.name in wanted:
            lines.insert(node.lineno - 1 - len(node.decorator_list), "@rounding\n")
    lines.insert(docstring.end_lineno or 0, ROUNDED.format(number=number))
    return replace(solution, text="".join(lines))
