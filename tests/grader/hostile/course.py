"""The miniature course that hostile submissions are graded with, as text."""

CANARY = "canary-8c1f27d5"  # whatever must not be read begins with it
SETTINGS = """
[tool.grader]
cpu_seconds = 0.5
wall_seconds = 3
memory_mib = 768
callbacks = 200
check_seconds = 15
"""
INIT = '''
"""A miniature course."""

__all__ = ["layer", "other", "drawn"]
'''
LAYER = f'''
"""A layer."""

import numpy as np

__all__ = ["forward", "gradient", "numeric"]

SECRET = "{CANARY}-reference"


def forward(W, X):
    """The product."""
    return W @ X


def gradient(W, X):
    """Of half the sum of squares of the product."""
    return W @ X @ X.T


def numeric(J, theta):
    """The central difference of J."""
    return (J(theta + 1e-4) - J(theta - 1e-4)) / 2e-4
'''
OTHER = '''
"""Another exercise."""

__all__ = ["double"]


def double(x):
    """Twice x."""
    return 2 * x
'''
CHECKS_OF_LAYER = f'''
import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings

from grader.kit import Submission, callback, expect, gradient
from grader.kit import strategies as some
from reference import layer as reference

SECRET = "{CANARY}-hidden"
W_AND_X = (some.matrices(rows=2, cols=3), some.matrices(rows=3, cols=2))
few = settings(max_examples=8, phases=[Phase.generate])


@pytest.mark.points(2)
@settings(max_examples=8)
@given(*W_AND_X)
def test_product(submission, W, X):
    """The product."""
    expect.close(submission.forward(W, X), reference.forward(W, X), "Z")


@few
@given(*W_AND_X)
def test_unchanged(submission, W, X):
    """Inputs stay."""
    expect.array(submission.forward(W, X), (2, 2), "Z")
    expect.unchanged(submission)


@few
@given(*W_AND_X)
def test_spread(submission, W, X):
    """A body that broadcasts whatever comes."""
    column = np.reshape(submission.forward(W, X), (-1, 1))
    spread = np.abs(column - column.T).max()
    right = reference.forward(W, X).reshape(-1, 1)
    expect.close(spread, np.abs(right - right.T).max(), "spread")


@few
@given(*W_AND_X)
def test_total(submission, W, X):
    """A body that expects an array."""
    total = submission.forward(W, X).sum()
    expect.close(total, reference.forward(W, X).sum(), "total")


@few
@given(*W_AND_X)
def test_ratio(submission, W, X):
    """A body that assumes something of the answer."""
    Z = submission.forward(W, X)
    assume(Z.all())
    expect.close(Z / Z, np.ones((2, 2)), "ratio")


@few
@given(*W_AND_X)
def test_gradient(submission, W, X):
    """The gradient."""

    def cost(W):
        return 0.5 * np.sum(np.square(W @ X))

    gradient.check(submission.gradient(W, X), cost, W, "dW")


@few
@given(some.floats(-2, 2))
def test_numeric(submission, theta):
    """The difference on both sides."""
    asked = []

    def J(x):
        asked.append(x)
        return x * x

    answer = submission.numeric(callback(J, takes=[()]), theta)
    expect.close(answer, 2 * theta, "derivative", atol=1e-6)
    expect.holds(len(asked) == 2, "It takes two values of J.")


@few
@given(some.floats(-2, 2))
def test_constant(submission, theta):
    """The derivative of a constant, which is easy to know."""
    asked = []

    def J(x):
        asked.append(x)
        return 1.0

    expect.close(submission.numeric(callback(J, takes=[()]), theta), 0.0, "derivative")
    expect.holds(len(asked) == 2, "It takes two values of J.")


@few
@given(*W_AND_X)
def test_both(submission, W, X):
    """One function, then another one that the first says nothing of."""
    Z = expect.close(submission.forward(W, X), reference.forward(W, X), "Z")
    slope = submission.numeric(callback(lambda x: x * Z[0, 0], takes=[()]), 0.0)
    expect.close(slope, Z[0, 0], "slope", atol=1e-6)


@pytest.mark.bonus
@pytest.mark.parametrize("size", [1, 2])
def test_identity(submission: Submission, size):
    """Not drawn at all."""
    X = np.arange(4.0 * size).reshape(size, 4)
    expect.close(submission.forward(np.eye(size), X), X, "Z")
'''
CHECKS_OF_OTHER = '''
from hypothesis import given, settings

from grader.kit import expect
from grader.kit import strategies as some


@settings(max_examples=8)
@given(some.floats(-2, 2))
def test_double(submission, x):
    """Twice."""
    expect.close(submission.double(x), 2 * x, "answer")
'''
DRAWN = LAYER.replace('"forward", "gradient", "numeric"', '"forward"')
CHECKS_OF_DRAWN = '''
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import expect
from grader.kit import strategies as some
from reference import drawn as reference


@settings(max_examples=8)
@given(st.data())
def test_drawn(submission, data):
    """A body that draws while it runs, so that it cannot be replayed."""
    W = data.draw(some.matrices(rows=2, cols=3))
    X = data.draw(some.matrices(rows=3, cols=2))
    Z = submission.forward(W, X)
    right = reference.forward(W, X)
    expect.close(Z.ravel() - right.ravel(), np.zeros(4), "Z")
'''
RIGHT = {
    "layer.py": LAYER.split("SECRET")[0] + LAYER.split('"\n\n\n', 1)[1],
    "other.py": OTHER,
    "drawn.py": "from layer import forward",
}
