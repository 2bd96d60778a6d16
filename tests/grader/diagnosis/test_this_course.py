"""A spread of this course's mistakes is named, and what is right or wrong otherwise never is.

All of them, and all pairs: tests/benchmarks/naming.py.
"""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from grader.course import open_course
from grader.errors import CourseError
from grader.mistakes import Mistake, apply, read_mistakes
from grader.model import CheckResult, Status
from tests.grader.conftest import ROOT
from tests.grader.diagnosis.variants import Variant, graded

COURSE = open_course(ROOT)
SOURCES = {e.name: (ROOT / f"reference/{e.name}.py").read_text("utf-8") for e in COURSE.exercises}

Graded = list[tuple[Variant, Sequence[CheckResult]]]

# Runs an example like a script behind the functions of a file; what its calls gave comes out.
SCRIPT = """
import ast, json, sys, warnings
import numpy as np
np.set_printoptions(precision=17, threshold=10**6)
warnings.simplefilter("ignore")

def results(source, example):
    names, said = {}, []
    exec(source, names)
    exec("import numpy as np", names)
    for node in ast.parse(example).body:
        try:
            if isinstance(node, ast.Expr):
                said.append(repr(eval(ast.unparse(node), names)))
            else:
                exec(ast.unparse(node), names)
        except Exception as error:
            said.append(repr(error))
    return said, [repr(names[n]) for n in ("X", "Y", "parameters", "cache", "grads") if n in names]

print(json.dumps([[results(s, e) for s in pair] for *pair, e in json.load(sys.stdin)]))
"""


def spread() -> list[Variant]:
    """A mistake and a pair of each exercise, by chance."""
    chance, made = random.Random(7), list[Variant]()
    for exercise, source in SOURCES.items():
        mistakes = read_mistakes(ROOT, exercise)
        pairs = chance.sample(list(combinations(mistakes, 2)), 5)
        for some in ([(chance.choice(mistakes),)], pairs):
            made.append(next(each for each in _variants(exercise, source, some)))
    return made


def _variants(exercise: str, source: str, some: Sequence[tuple[Mistake, ...]]) -> list[Variant]:
    made = []
    for mistakes in some:
        try:
            made.append(Variant(exercise, mistakes, apply(source, mistakes)))
        except CourseError:
            continue
    return made


def unknown() -> list[Variant]:
    """The references with answers that are a little off, as no known mistake has them."""
    return [
        Variant(each.name, (), _off(SOURCES[each.name], each.functions))
        for each in COURSE.exercises
    ]


def _off(source: str, functions: Sequence[str]) -> str:
    for name in functions:
        source = source.replace(f"def {name}(", f"def _right_{name}(")
    return source + OFF + "".join(CALL.format(name=name) for name in functions)


OFF = """

def _off(value):
    if isinstance(value, (tuple, list)):
        return type(value)(map(_off, value))
    if isinstance(value, dict):
        return {key: _off(item) for key, item in value.items()}
    if isinstance(value, (float, np.ndarray)):
        return value * 1.0137 + 0.0291
    return value
"""
CALL = """

def {name}(*args, **kwargs):
    return _off(_right_{name}(*args, **kwargs))
"""


@pytest.fixture(scope="module")
def known(cache: Path) -> Graded:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", str(cache))
        return list(graded(COURSE, spread()))


def failed(checks: Sequence[CheckResult]) -> list[CheckResult]:
    return [check for check in checks if check.status is not Status.PASSED]


def named(checks: Sequence[CheckResult]) -> set[str]:
    return {name for check in checks if check.diagnosis for name in check.diagnosis.mistakes}


def test_known_mistakes_are_named_alone_and_in_pairs(known: Graded) -> None:
    missed = [
        (variant.exercise, [each.name for each in variant.made])
        for variant, checks in known
        if not named(checks) >= {each.name for each in variant.made}
    ]
    assert len(missed) <= 0.1 * len(known), missed


def test_every_snippet_shows_the_difference(known: Graded) -> None:
    shown = [
        (variant, check.name, check.example)
        for variant, checks in known
        for check in failed(checks)
        if check.example
    ]
    request = [(v.source, SOURCES[v.exercise], example) for v, _, example in shown]
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=json.dumps(request).encode(), capture_output=True
    )
    pairs = json.loads(ran.stdout)
    alike = [
        (variant.exercise, [each.name for each in variant.made], name)
        for (variant, name, _), (wrong, right) in zip(shown, pairs, strict=True)
        if wrong == right
    ]
    assert len(alike) <= 0.1 * len(shown), alike


def test_what_is_right_or_wrong_otherwise_is_never_named(cache: Path) -> None:
    alternatives = [
        Variant(each.name, (), min(folder.glob("*.py")).read_text("utf-8"))
        for each in COURSE.exercises
        if (folder := ROOT / "tests/alternatives" / each.name)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", str(cache))
        for variant, checks in graded(COURSE, alternatives + unknown()):
            assert named(checks) == set(), variant.exercise
            assert bool(failed(checks)) == ("_off" in variant.source)
