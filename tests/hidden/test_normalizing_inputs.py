"""What normalization must do: mean 0, variance 1, the same for every set; and what it gains."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, expect
from grader.kit import strategies as some
from reference import normalizing_inputs as reference

Array = NDArray[np.float64]

# Rows of mean 0 and variance 1 that are orthogonal to each other: features for a round cost.
ROUND = np.array(
    [
        [1.0, -1.0, 1.0, -1.0],
        [1.0, 1.0, -1.0, -1.0],
        [1.0, -1.0, -1.0, 1.0],
    ]
)

SCALES = st.sampled_from((1.0, 2.0, 0.5, 4.0, 3.0))


class Fitted(NamedTuple):
    """A set with a mean and a variance that are not its own."""

    X: Array
    mu: Array
    sigma2: Array


@st.composite
def varied(draw: st.DrawFn) -> Array:
    """Two to five examples; no feature is constant, as the last example stands apart."""
    X = draw(some.matrices(some.sizes(1, 3), st.integers(1, 4)))
    last = np.full((len(X), 1), 5.0) + np.arange(len(X))[:, None]
    return np.hstack([X, last])


@st.composite
def fitted(draw: st.DrawFn) -> Fitted:
    """Any examples, means and variances; no variance is 0."""
    X = draw(some.matrices(some.sizes(1, 3), some.sizes(1, 4)))
    mu = draw(some.matrices(len(X), 1))
    return Fitted(X, mu, draw(some.matrices(len(X), 1, some.positive_numbers(4.0, 0.25))))


@st.composite
def bowls(draw: st.DrawFn) -> Array:
    """Features of any two or three scales, all orthogonal."""
    scales = draw(st.lists(SCALES, min_size=2, max_size=3))
    X: Array = np.array(scales)[:, None] * ROUND[: len(scales)]
    return X


@st.composite
def independent(draw: st.DrawFn) -> Array:
    """Features that are correlated somehow, but of which none is a combination of others."""
    X = draw(some.matrices(some.sizes(1, 3), some.sizes(1, 3), some.numbers(2.0)))
    return np.hstack([X, np.diag(np.arange(1.0, len(X) + 1))])


def targets(n_x: int) -> Array:
    """Something to predict in which each of the round features has a part."""
    weights = np.array([1.0, -2.0, 0.5])[:n_x]
    Y: Array = (weights @ ROUND[:n_x] + 0.25)[None, :]
    return Y


def pair_of(answer: Any, names: tuple[str, str]) -> tuple[Any, Any]:
    first, second = expect.sequence(answer, 2, f"the answer ({', '.join(names)})")
    return first, second


@given(varied())
def test_the_mean_is_that_of_each_feature(submission: Submission, X: Array) -> None:
    """mu holds the mean over the examples, one for each feature, in a column.

    Examples are columns, so the mean runs along axis 1; keepdims=True keeps it a column.
    """
    mu, _ = pair_of(submission.fit_normalization(X), ("mu", "sigma2"))
    expect.close(mu, X.sum(axis=1, keepdims=True) / X.shape[1], "mu")


@given(varied())
def test_the_variance_is_measured_from_the_mean(submission: Submission, X: Array) -> None:
    """sigma2 holds the mean squared distance from mu, one for each feature, in a column.

    Subtract mu first, square, and take the mean over all m examples.
    """
    _, sigma2 = pair_of(submission.fit_normalization(X), ("mu", "sigma2"))
    deviations = X - X.mean(axis=1, keepdims=True)
    expect.close(sigma2, np.sum(deviations**2, axis=1, keepdims=True) / X.shape[1], "sigma2")


@pytest.mark.points(2)
@given(varied())
def test_the_training_set_gets_mean_zero_and_variance_one(submission: Submission, X: Array) -> None:
    """Normalized with its own mu and sigma2, each feature has the mean 0 and the variance 1.

    mu and sigma2 come from your fit_normalization. Divide by sigma, not by sigma2.
    """
    mu, sigma2 = pair_of(submission.fit_normalization(X), ("mu", "sigma2"))
    normalized = expect.array(submission.normalize(X, mu, sigma2), X.shape, "the training set")
    expect.close(normalized.mean(axis=1), np.zeros(len(X)), "the mean of each feature", atol=1e-7)
    expect.close(normalized.var(axis=1), np.ones(len(X)), "the variance of each feature")


@pytest.mark.points(2)
@given(fitted())
def test_other_sets_are_normalized_by_the_same_numbers(
    submission: Submission, fitted: Fitted
) -> None:
    """Any set becomes (X - mu) / sigma with the mu and sigma2 that are given.

    They come from the training set. A test set with a mean of its own would be moved elsewhere than
    the examples that the network has learned from.
    """
    X, mu, sigma2 = fitted
    expect.close(submission.normalize(X, mu, sigma2), (X - mu) / sigma2**0.5, "the normalized set")


@given(fitted())
def test_each_example_is_normalized_alone(submission: Submission, fitted: Fitted) -> None:
    """The first example of a set comes out as it does without the others.

    In use, examples come one by one: what becomes of one may not depend on those beside it.
    """
    X, mu, sigma2 = fitted
    alone = expect.array(submission.normalize(X[:, :1], mu, sigma2), mu.shape, "the example alone")
    among = expect.array(submission.normalize(X, mu, sigma2), X.shape, "the normalized set")
    expect.close(among[:, :1], alone, "the example among others")


@settings(max_examples=50)
@given(fitted(), some.numbers())
def test_a_constant_feature_is_only_moved(
    submission: Submission, fitted: Fitted, value: float
) -> None:
    """A feature that has the variance 0 in the training set loses its mean and is not divided.

    Division by 0 gives nan or inf; division by something tiny makes a small step look huge.
    """
    X, mu, sigma2 = fitted
    train = X.copy()
    train[-1], mu[-1], sigma2[-1] = value, value, 0
    normalized = submission.normalize(train, mu, sigma2)
    expected = (train - mu) / np.where(sigma2 == 0, 1, sigma2) ** 0.5
    expect.close(normalized, expected, "the training set")
    normalized = submission.normalize(train + 0.5, mu, sigma2)
    expected = (train + 0.5 - mu) / np.where(sigma2 == 0, 1, sigma2) ** 0.5
    expect.close(normalized, expected, "another set")


@pytest.mark.bonus
@settings(max_examples=20)
@given(st.sampled_from((0.1, 0.7, 1.1, 2.3)), st.sampled_from((3, 6, 7, 9, 12)))
def test_a_mean_that_is_rounded_is_no_variance(
    submission: Submission, value: float, m: int
) -> None:
    """A constant feature becomes 0 even where its mean is not exact.

    In binary, the mean of three times 0.1 is not 0.1. The variance that comes of it is not 0, and
    dividing by its root makes 1 out of nothing.
    """
    X = np.vstack([np.full(m, value), np.arange(m)])
    mu, sigma2 = pair_of(submission.fit_normalization(X), ("mu", "sigma2"))
    normalized = expect.array(submission.normalize(X, mu, sigma2), X.shape, "the training set")
    expect.close(normalized[0], np.zeros(m), "the constant feature", atol=1e-7)
    variances = expect.array(sigma2, (len(X), 1), "sigma2")
    expect.close(variances[0, 0], 0.0, "sigma2 of the constant feature")


@given(varied(), SCALES, some.numbers())
def test_units_do_not_matter(submission: Submission, X: Array, scale: float, offset: float) -> None:
    """Degrees Celsius or Fahrenheit, metres or feet: normalized, they are the same.

    Whatever a feature is multiplied by, and whatever is added, comes out again.
    """
    results = []
    for A in (X, scale * X + offset):
        mu, sigma2 = pair_of(submission.fit_normalization(A), ("mu", "sigma2"))
        results.append(expect.array(submission.normalize(A, mu, sigma2), X.shape, "the set"))
    expect.close(results[1], results[0], "the set in other units", atol=1e-6)


@settings(max_examples=25)
@given(fitted())
def test_the_set_stays_as_it_is(submission: Submission, fitted: Fitted) -> None:
    """Normalizing changes neither X, nor mu, nor sigma2.

    `X -= mu` writes into the array of the caller.
    """
    submission.normalize(*fitted)
    expect.unchanged(submission)


@given(bowls())
def test_the_condition_compares_squares_of_scales(submission: Submission, X: Array) -> None:
    """Of features that are orthogonal, the condition number is the ratio of their squares.

    The eigenvalues of X X.T / m are the mean squares then; a scale 4 times as large curves the cost
    16 times as much.
    """
    scales = np.abs(X[:, 0])
    expect.close(submission.condition_number(X), (max(scales) / min(scales)) ** 2, "condition")


@given(independent())
def test_the_condition_agrees_with_the_reference(submission: Submission, X: Array) -> None:
    """The condition number of any features is that of the reference.

    Features that move together make the cost elongated as well, in a direction between the axes.
    """
    expected = reference.condition_number(X)
    expect.close(submission.condition_number(X), expected, "condition")


@settings(max_examples=25)
@given(st.integers(2, 3), SCALES, st.sampled_from((0.5, 0.1, 0.001)))
def test_a_round_cost_takes_one_step(
    submission: Submission, n_x: int, scale: float, tolerance: float
) -> None:
    """Where all curvatures are equal, gradient descent arrives with its first step.

    The learning rate is 1 divided by the largest eigenvalue of X X.T / m.
    """
    X, Y = scale * ROUND[:n_x], targets(n_x)
    expect.close(submission.gradient_steps(X, Y, tolerance, 100), 1, "steps")
    steps = submission.gradient_steps(X, np.zeros_like(Y), tolerance, 100)
    expect.close(steps, 0, "steps where w = 0 is right already")


@settings(max_examples=40)
@given(bowls(), st.sampled_from((0.3, 0.1, 0.03)), st.sampled_from((200, 7)))
def test_steps_agree_with_the_reference(
    submission: Submission, X: Array, tolerance: float, max_steps: int
) -> None:
    """The number of steps is that of the reference.

    Count the steps until J is as near to its minimum as the tolerance wants, or until there are
    max_steps of them.
    """
    Y = targets(len(X))
    expected = reference.gradient_steps(X, Y, tolerance, max_steps)
    expect.close(submission.gradient_steps(X, Y, tolerance, max_steps), expected, "steps")


@pytest.mark.points(2)
@settings(max_examples=20)
@given(bowls(), st.sampled_from((0.0, 1.0, -2.0)))
def test_normalizing_makes_the_cost_round(submission: Submission, X: Array, offset: float) -> None:
    """Normalizing uncorrelated features brings the condition number to 1 and the steps to 1.

    Measure both with your functions, before and after. Y stays what it is.
    """
    X, Y = X + offset, targets(len(X))
    gain = expect.mapping(
        submission.measured_gain(X, Y, 0.1, 500), ("condition_number", "steps"), "the gain"
    )
    before, after = pair_of(gain["condition_number"], ("before", "after"))
    expect.close(before, reference.condition_number(X), "the condition number before")
    expect.close(after, 1.0, "the condition number after")
    before, after = pair_of(gain["steps"], ("before", "after"))
    expect.close(before, reference.gradient_steps(X, Y, 0.1, 500), "the steps before")
    expect.close(after, 1, "the steps after")
