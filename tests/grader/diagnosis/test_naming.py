"""A mistake is named only where it gives every answer, and a right function gives another."""

from typing import Any

import numpy as np
import pytest

from grader.diagnosis.naming import candidates
from grader.diagnosis.suspects import Suspects
from tests.grader.diagnosis.conftest import Making, calls, seen

pytestmark = pytest.mark.usefixtures("bound")

MEAN = "def mean(A):\n    total = np.sum(A)\n    return total / A.size"
SPREAD = "def spread(A):\n    return np.sqrt(np.mean((A - mean(A)) ** 2))"
NOISE = "def noise(A, scale=1.0):\n    N = np.random.randn(*A.shape)\n    return A + scale * N"
ROWS = (
    ("sums", "mean", "total / A.size", "total", "test_mean test_spread"),
    ("takes_rows", "mean", "A.size", "A.shape[0]", "test_mean test_spread"),
    ("forgets_signs", "mean", "np.sum(A)", "np.sum(np.abs(A))", "test_mean test_spread"),
    ("forgets_the_root", "spread", "np.sqrt(np.mean((A - mean(A)) ** 2))",
     "np.mean((A - mean(A)) ** 2)", "test_spread"),
    ("subtracts", "noise", "A + scale", "A - scale", "test_noise"),
    ("is_uniform", "noise", "randn", "rand", "test_noise"),
    ("changes_A", "mean", "total = np.sum(A)", "A *= 2; total = np.sum(A) / 2", "test_alone"),
    ("loops", "mean", "total = np.sum(A)", "while A.size == 4: pass", "test_mean"),
)  # fmt: skip


@pytest.fixture
def mini(suspects: Making) -> Suspects:
    return suspects(MEAN, SPREAD, NOISE, mistakes=ROWS)


def matrices() -> list[Any]:
    rng = np.random.default_rng(1)
    return [np.ones((1, 1)), np.ones((1, 3)), *(rng.normal(size=(2, n)) for n in (1, 3, 5))]


def named(mini: Suspects, check: str, source: str, *functions: str) -> list[str]:
    wanted = [(function, (A,)) for A in matrices() for function in functions]
    found = candidates(mini, check, seen(source, calls(*wanted)))
    return ["+".join(mistake.name for mistake in made) for made in found]


def mean(body: str) -> str:
    return f"def mean(A):\n    {body}\n"


def test_what_gives_the_same_answers_is_named_whatever_its_text(mini: Suspects) -> None:
    for body in ("return A.sum()", "return float(np.float32(1) * sum(A.flat))"):
        assert named(mini, "test_mean", mean(body), "mean") == ["sums"]
    assert named(mini, "test_mean", mean("return A.sum() / len(A)"), "mean") == ["takes_rows"]


def test_nothing_is_said_of_right_answers(mini: Suspects) -> None:
    assert named(mini, "test_mean", mean("return np.mean(A)"), "mean") == []
    assert named(mini, "test_mean", mean("A -= 0; return np.mean(A)"), "mean") == []


def test_a_mistake_has_to_give_every_answer(mini: Suspects) -> None:
    nearly = "return A.sum() if A.size < 10 else A.mean() + 1e-3"
    assert named(mini, "test_mean", mean(nearly), "mean") == []
    for body in ("return A.mean() + 1e-3", "return -A.mean()", "return None", "return A", "{}[0]"):
        assert named(mini, "test_mean", mean(body), "mean") == []


def test_two_are_named_where_no_one_alone_does(mini: Suspects) -> None:
    source = mean("return A.sum()") + "def spread(A): return ((A - A.sum()) ** 2).mean()\n"
    assert named(mini, "test_spread", source, "spread") == ["sums+forgets_the_root"]
    both = mean("return np.abs(A).sum()")
    assert named(mini, "test_mean", both, "mean") == ["sums+forgets_signs"]


def test_a_mistake_that_does_not_fail_this_check_is_not_behind_it(mini: Suspects) -> None:
    assert named(mini, "test_noise", mean("return A.sum()"), "mean") == []
    # Nobody says who fails a check of the public ones.
    assert named(mini, "test_public", mean("return A.sum()"), "mean") == ["sums"]


def test_chance_follows_the_seed_of_the_call_or_one_of_their_own(mini: Suspects) -> None:
    subtracts = "def noise(A, scale=1.0):\n    {}return A - scale * np.random.randn(*A.shape)\n"
    for first in ("", "np.random.seed(3); "):
        source = subtracts.format(first)
        assert named(mini, "test_noise", source, "noise") == ["subtracts"]
    right = "def noise(A):\n    np.random.seed(1); return A + np.random.randn(*A.shape)\n"
    assert named(mini, "test_noise", right, "noise") == []


def test_what_changes_its_arguments_is_known_by_that(mini: Suspects) -> None:
    assert named(mini, "test_alone", mean("return A.mean()"), "mean") == []
    in_place = mean("A += 1; return np.mean(A) - 1")
    assert named(mini, "test_alone", in_place, "mean") == ["changes_A"]
    at_times = mean("A += (k := A.size > 3); return np.mean(A) - k")
    assert named(mini, "test_alone", at_times, "mean") == []
    both = mean("A += 1; return np.sum(A - 1)")
    assert named(mini, "test_mean", both, "mean") == ["sums"]


def test_an_exception_is_an_answer_too(suspects: Making) -> None:
    rows = (("misspells", "mean", "A.size", "A.sizes", "test_mean"),)
    mini = suspects(MEAN, mistakes=rows)
    assert named(mini, "test_mean", mean("return A.sum() / A.sizes"), "mean") == ["misspells"]
    assert named(mini, "test_mean", mean("return A.length"), "mean") == []
