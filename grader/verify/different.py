"""The fourth part of the proof: what is right in another way has full marks too.

Right solutions of another kind are files of tests/alternatives/NAME/. Functions that draw from
numpy's global generator may fix a seed of their own; such solutions are made from the reference.
"""

import ast
from collections.abc import Iterator, Mapping

from grader.checks.trials import Trial
from grader.verify.demands import Demands
from grader.verify.functions import written_functions
from grader.verify.material import ALTERNATIVES, Material
from grader.verify.proof import Counts, Lost, Shortcoming
from grader.verify.words import ended

_DRAWS_NOTHING = {"default_rng", "seed", "Generator", "RandomState", "SeedSequence"}


def trials(material: Material, demands: Demands) -> Iterator[Trial]:
    """All alternatives."""
    for file, text in material.alternatives.items():
        yield Trial(file, material.name, text)
    for number in range(demands.inner_seeds):
        seeded = with_inner_seed(material.source, material.exercise.functions, number)
        if seeded is not None:
            yield Trial(f"inner seed {number}", material.name, seeded)


def judge(
    material: Material, lost: Mapping[str, Lost], demands: Demands, counts: Counts
) -> Iterator[Shortcoming]:
    """What is right and has not passed."""
    counts.alternatives = len(material.alternatives)
    for trial in trials(material, demands):
        counts.inner_seeds += trial.name not in material.alternatives
        for check, status in lost[trial.name].items():
            yield _failed(material, trial.name, check, ended(status))
    if counts.alternatives < demands.alternatives_each:
        yield Shortcoming(
            material.name,
            "count",
            f"{(ALTERNATIVES / material.name).as_posix()}/ has {counts.alternatives} right "
            f"solutions of another kind, but at least {demands.alternatives_each} are wanted. "
            "Write the reference in other ways.",
        )


def with_inner_seed(source: str, functions: tuple[str, ...], number: int) -> str | None:
    """The text with np.random.seed(number) first in each function that draws; None if none does."""
    lines = source.splitlines(keepends=True)
    wanted = written_functions(source, functions)
    drawing = [
        (node.body[bool(ast.get_docstring(node)) and len(node.body) > 1], generator)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name in wanted
        for generator in sorted(_generators(node))
    ]
    for first, generator in sorted(drawing, key=lambda each: -each[0].lineno):
        indent = " " * first.col_offset
        lines.insert(first.lineno - 1, f"{indent}{generator}.seed({number})\n")
    return "".join(lines) if drawing else None


def _generators(function: ast.FunctionDef) -> set[str]:
    """What the function draws from, of modules that have a seed: "np.random"."""
    return {
        ast.unparse(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr not in _DRAWS_NOTHING
        and ast.unparse(node.value) in ("np.random", "numpy.random")
    }


def _failed(material: Material, name: str, check: str, how: str) -> Shortcoming:
    if name not in material.alternatives:
        return Shortcoming(
            material.name,
            "seed",
            f"{material.file} does not pass {check} ({how}) where its functions begin with "
            f"np.random.seed, {name}. Let the check in {material.file_of_checks} hold for every "
            "seed, up to its false-failure rate.",
        )
    return Shortcoming(
        material.name,
        "alternative",
        f"{name} is right, but does not pass {check} ({how}). Let the check in "
        f"{material.file_of_checks} ask for no more than the law, or mend the file.",
    )
