"""Which variants of a function answer bit for bit as it does."""

from types import ModuleType

import numpy as np
import pytest

from grader.checks.calls import Session
from grader.checks.local import LocalTarget
from grader.kit import callback, generator
from grader.kit.submission import Submission
from grader.verify.answers import Answers

DRAWS = "def f(x, rng):\n    return x + rng.random(x.shape)\n"


def module(source: str) -> ModuleType:
    made = ModuleType("variant")
    exec(source, made.__dict__)
    return made


def answers_of(source: str, *arguments: object) -> Answers:
    session = Session()
    session.begin_check("check", LocalTarget(module(source)))
    Submission(session).f(*arguments)
    return Answers(session.trace)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("x + rng", "1 * x + rng", True),
        ("x + rng.random(x.shape)", "x + 1 - rng.random(x.shape)", False),
        ("return", "rng.random(); return", False),
        ("return", "x += 0.0; return", True),
        ("return", "x += 1.0; return", False),
        ("return", "y = x.copy(); x += 1.0; x = y; return", False),  # the caller sees that too
        ("x + rng", "y + rng", False),
    ],
)
def test_only_the_same_bits_are_the_same(old: str, new: str, same: bool) -> None:
    answers = answers_of(DRAWS, np.zeros(3), generator(5))
    assert answers.are_those_of(module(DRAWS.replace(old, new))) is same


def test_what_calls_back_is_left_to_the_check() -> None:
    source = "def f(g):\n    return g(1.0)\n"
    answers = answers_of(source, callback(lambda x: x, takes=[()]))
    assert not answers.are_those_of(module(source))
