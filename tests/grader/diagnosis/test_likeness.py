"""What is said of wrong values is said in words, and only where it holds in every call."""

import numpy as np
import pytest

from grader.diagnosis.likeness import Likeness, likeness
from grader.diagnosis.quantity import quantity
from grader.kit.expect import side_by_side
from grader.model import Comparing
from tests.grader.diagnosis.conftest import Making, calls, seen

pytestmark = pytest.mark.usefixtures("bound")

REFERENCE = (
    "def dW(W, X, lambd):\n"
    "    Z = W @ X\n"
    "    return {'Z': Z, 'dW': Z @ X.T / X.shape[1] + lambd * W, 'db': Z.sum(axis=1)}"
)
RIGHT = "Z @ X.T / X.shape[1] + lambd * W"
# What stands for dW, and what is said of it.
SAID = {
    f"({RIGHT}).T": "",  # sums of squares on the diagonal: no matrix is symmetric by chance
    f"-({RIGHT})": "Your dW is the right one with the opposite sign.",
    f"2.5 * ({RIGHT})": "Your dW is 2.5 times the right one.",
    f"({RIGHT}) + 0.25": "Your dW is too large by 0.25 everywhere.",
    f"({RIGHT}) * X.shape[1]": "Your dW is a sum where a mean is right: the right one times the "
    "number of columns of X.",
    f"({RIGHT}) / X.shape[1]": "Your dW is a mean where a sum is right: the right one divided by "
    "the number of columns of X.",
    f"({RIGHT}) * lambd": "Your dW is the right one times lambd.",
    f"({RIGHT}) / (1 - lambd)": "Your dW is the right one divided by 1 - lambd.",
    "Z @ X.T / X.shape[1]": "Your dW differs from the right one by a multiple of W: look at the "
    "term with W in it.",
    f"({RIGHT}) ** 2": "Your dW is the square of the right one.",
    f"abs({RIGHT})": "Your dW is the right one without its sign.",
    f"1 - ({RIGHT})": "Your dW is 1 minus the right one.",
    f"np.rint({RIGHT})": "Your dW is the right one rounded to whole numbers.",
    f"0 * ({RIGHT})": "Your dW is 0 everywhere.",
    f"np.roll({RIGHT}, 1, axis=1)": "Your dW holds the right numbers one place too late.",
    f"({RIGHT})[::-1]": "Your dW holds the right numbers in another order.",
    f"np.maximum(0, {RIGHT})": "Your dW is right except where the right value is negative.",
    f"np.where(W > 0.5, 7, {RIGHT})": "",
    f"({RIGHT}) + 0.1 * np.sin(40 * W)": "",
    RIGHT: "",
}
REVEALING = "2.5 times", "0.25 everywhere"


def examples() -> list[tuple[np.ndarray, np.ndarray, float]]:
    rng = np.random.default_rng(0)
    shapes = (1, 3, 1), (2, 3, 4), (3, 4, 2), (2, 5, 3), (4, 4, 5), (3, 3, 3)
    return [(rng.normal(size=(n, k)), rng.normal(size=(k, m)), 0.1 + 0.1 * m) for n, k, m in shapes]


def said(
    suspects: Making, source: str, key: str, *, compared: bool = True, called: str = ""
) -> Likeness:
    reference = suspects(REFERENCE).functions(())
    assert reference is not None
    names = ("W", "X", "lambd")
    given = seen(source, calls(*(("dW", args) for args in examples())))
    yours = np.asarray(given[0].answer[0][key])
    right = np.asarray(reference["dW"](*examples()[0])[key])
    name = called or key
    comparisons = side_by_side(Comparing.ENTRIES, name, yours, right, 0) if compared else ()
    return likeness(lambda most: quantity(comparisons, given, (), reference, lambda _: names, most))


@pytest.mark.parametrize("body", SAID)
def test_a_rule_that_holds_everywhere_is_said(suspects: Making, body: str) -> None:
    found = said(suspects, REFERENCE.replace(RIGHT, body), "dW")
    assert found.sentence == SAID[body]
    assert found.reveals == any(word in found.sentence for word in REVEALING)


def test_what_a_check_calls_a_quantity_may_hold_the_right_value(suspects: Making) -> None:
    source = REFERENCE.replace(RIGHT, f"-({RIGHT})")
    assert not said(suspects, source, "dW").reveals
    found = said(suspects, source, "dW", called="dW, which is 0.25")
    assert (found.sentence[:9], found.reveals) == ("What you ", True)


SHAPES = {
    "Z.sum(axis=0)": "Your db is summed along the wrong axis of Z.",
    "Z.sum(axis=1, keepdims=True)": "Your db holds the right numbers in the right order, only its "
    "shape is another.",
    "Z": "Your db is not added up yet: its sum is the right one.",
    "Z.sum()": "Your db is the sum of the right one's entries, which should stay apart.",
    "np.ones(7)": "",
}


@pytest.mark.parametrize("body", SHAPES)
def test_another_shape_is_told_without_a_comparison(suspects: Making, body: str) -> None:
    source = REFERENCE.replace("Z.sum(axis=1)", body)
    assert said(suspects, source, "db", compared=False) == Likeness(SHAPES[body])


def test_a_transposed_matrix_is_one_where_it_is_not_square(suspects: Making) -> None:
    source = REFERENCE.replace(RIGHT, f"({RIGHT}).T")
    sentence = "Your dW is the right one transposed."
    assert said(suspects, source, "dW", compared=False) == Likeness(sentence)


def test_one_call_that_is_otherwise_silences_a_rule(suspects: Making) -> None:
    body = f"({RIGHT}) * (2.5 if X.shape[1] != 5 else 2)"
    assert said(suspects, REFERENCE.replace(RIGHT, body), "dW") == Likeness()
