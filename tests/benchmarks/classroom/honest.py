"""Submissions that try: right ones, such with known mistakes, and notebooks of both."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator

from grader.mistakes import Mistake, apply
from tests.benchmarks.classroom.handed_in import HandedIn
from tests.benchmarks.classroom.ingredients import Ingredients, Solution
from tests.benchmarks.ways.notebooks import code

IMPORTS = "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nimport matplotlib.pyplot as plt"
DEMO = "%%time\nparameters = model(train_X, train_Y, num_iterations=10**12)\nwhile True:\n    pass"
BROKEN = "J_plus =\nfor i in range(3):\n    # YOUR CODE STARTS HERE"
SHELL = "!pip install scikit-learn\nnp.dot?\nraise SystemExit"
PLOT = [{"output_type": "stream", "name": "stdout", "text": ["Cost: 0.69\n"] * 2000}]


def files_of(solutions: dict[str, Solution]) -> dict[str, bytes]:
    """A module for each exercise."""
    return {f"{name}.py": each.text.encode() for name, each in solutions.items()}


def right(ingredients: Ingredients, count: int) -> Iterator[HandedIn]:
    """Full marks, no two of them alike; every sixth one is a zip."""
    for number in range(count):
        files = files_of(ingredients.right())
        zipped = number % 6 == 5
        yield HandedIn(f"right-{number:03}", "right", "", files, zipped=zipped)


def mistaken(ingredients: Ingredients, count: int, each: int) -> Iterator[HandedIn]:
    """Every known mistake once, as far as `each` in every submission go."""
    for number, made in enumerate(_dealt(ingredients, count, each)):
        files, lost = files_of(ingredients.right()), set()
        for mistake in made:
            reference = ingredients.root / f"reference/{mistake.exercise}.py"
            text = apply(reference.read_text("utf-8"), [mistake])
            files[f"{mistake.exercise}.py"] = text.encode()
            lost |= {f"{mistake.exercise}.{check}" for check in mistake.fails}
        what = ", ".join(f"{mistake.exercise}.{mistake.name}" for mistake in made)
        yield HandedIn(f"mistaken-{number:03}", "mistaken", what, files, frozenset(lost))


def _dealt(ingredients: Ingredients, count: int, each: int) -> Iterator[list[Mistake]]:
    """So many mistakes for every submission, each in another exercise, none of them twice."""
    left: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in ingredients.mistakes:
        left[mistake.exercise].append(mistake)
    for one in left.values():
        ingredients.chance.shuffle(one)
    for _ in range(count):
        fullest = sorted(left, key=lambda name: len(left[name]), reverse=True)
        made = [left[name].pop() for name in fullest[:each] if left[name]]
        if not made:
            return
        yield made


def notebooks(ingredients: Ingredients, count: int) -> Iterator[HandedIn]:
    """Right ones, as people leave notebooks: magics, plots, demos without end, broken cells."""
    for number in range(count):
        files = {
            f"{name}.ipynb": notebook(each.text).encode()
            for name, each in ingredients.right().items()
        }
        yield HandedIn(f"notebook-{number:03}", "notebook", "", files)


def notebook(text: str) -> str:
    """A module as a notebook: a cell for each statement, among others that must not matter."""
    lines = text.splitlines(keepends=True)
    starts = [_start(node) for node in ast.parse(text).body]
    ends = [*starts[1:], len(lines)]
    answers = [code("".join(lines[a:b])) for a, b in zip(starts, ends, strict=True)]
    plotted = code("plt.show()") | {"outputs": PLOT}
    cells = [code(IMPORTS), *answers, code(DEMO), plotted, code(BROKEN), code(SHELL)]
    numbered = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)]
    return json.dumps({"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _start(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1
