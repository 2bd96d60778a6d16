"""What first values must be: shapes, zeros, variances, and layers that differ.

Random answers cannot agree with a reference number by number, so here the laws decide alone; only
the zeros are compared. The right variance is required, not a normal distribution: uniform weights
of that variance are a right initialization too.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect, figures, statistics
from grader.kit import strategies as some
from reference import initialization as reference
from tests.hidden.networks import Array

EXAMPLES = 100  # that go through the weights for a picture

Variance = Callable[[int, int], float]  # of a layer, from n(l-1) and n(l)

DIMENSIONS = st.lists(some.sizes(1, 4), min_size=2, max_size=5)

# At least 10,000 weights in each layer, where the bounds leave 12 % of the variance to chance; the
# fans differ by a factor of three or more, so he, xavier and glorot are far apart. Eight layers in
# all.
LARGE = st.sampled_from(([40, 250, 40], [250, 40, 250, 40], [100, 300, 40, 250]))

# Three or more weights of one shape, so that a seed inside the loop over the layers shows.
SQUARE = st.integers(2, 4).flatmap(
    lambda n: st.integers(3, 4).map(lambda layers: [n] * (layers + 1))
)


def require_shapes(parameters: Any, dims: list[int]) -> None:
    """All weights and biases are there, of the right shapes."""
    for layer, (n_prev, n) in enumerate(pairwise(dims), start=1):
        for name, shape in ((f"W{layer}", (n, n_prev)), (f"b{layer}", (n, 1))):
            expect.array(_entry(parameters, name), shape, name)
    # Who counts layers by the length of the dictionary would find one too many.
    expect.holds("W0" not in parameters, "Layer 0 is the input; it has no W0.")


def weights_of(parameters: Any, dims: list[int]) -> Iterator[tuple[str, Array]]:
    """The numbers in W1, W2, ... by name; what shape they come in is the affair of one check."""
    for layer, (n_prev, n) in enumerate(pairwise(dims), start=1):
        yield f"W{layer}", _numbers(parameters, f"W{layer}", n * n_prev)


def biases_of(parameters: Any, dims: list[int]) -> Iterator[tuple[str, Array]]:
    """The numbers in b1, b2, ... by name."""
    for layer, n in enumerate(dims[1:], start=1):
        yield f"b{layer}", _numbers(parameters, f"b{layer}", n)


def _entry(parameters: Any, name: str) -> Any:
    return expect.mapping(parameters, [name], "parameters")[name]


def _numbers(parameters: Any, name: str, count: int) -> Array:
    value = _entry(parameters, name)
    shape = value.shape if isinstance(value, np.ndarray) else (count,)
    numbers = expect.array(value, shape, name).ravel()
    expect.holds(numbers.size == count, f"{name} holds {numbers.size} numbers, not {count}.")
    return numbers


def require_zeros(named: Iterator[tuple[str, Array]]) -> None:
    for name, values in named:
        expect.close(values, np.zeros_like(values), name)


def require_different_layers(parameters: Any, dims: list[int]) -> None:
    """No two weights are equal; continuous values never are, so the false-failure rate is 0."""
    seen: dict[str, Array] = {}
    for name, W in weights_of(parameters, dims):
        for other, values in seen.items():
            expect.holds(bool(np.any(values != W)), f"{name} repeats the numbers of {other}.")
        seen[name] = W


def require_variances(parameters: Any, dims: list[int], variance: Variance) -> None:
    """Mean 0, judged by the sample's own spread, and the variance of each layer."""
    layers = list(zip(weights_of(parameters, dims), pairwise(dims), strict=True))
    with figures.shown(lambda: scales_of([W for (_, W), _ in layers], dims, variance)):
        for (name, W), (n_prev, n) in layers:
            statistics.centred(W, name)
            statistics.variance(W, variance(n_prev, n), f"{name} of shape {(n, n_prev)}")


def scales_of(weights: list[Array], dims: list[int], variance: Variance) -> figures.Numbers:
    """What becomes of the activations, layer by layer, beside weights of the right variance."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((dims[0], EXAMPLES))
    right = [
        rng.standard_normal(n * n_prev) * np.sqrt(variance(n_prev, n))
        for n_prev, n in pairwise(dims)
    ]
    yours, expected = (activations(X, each, dims) for each in (weights, right))
    return figures.scale(yours, expected, "Root mean square of the activations, layer by layer")


def activations(X: Array, weights: list[Array], dims: list[int]) -> list[float]:
    """The root mean square of each layer's activation."""
    A, sizes = X, []
    for W, (n_prev, n) in zip(weights, pairwise(dims), strict=True):
        A = np.maximum(0.0, W.reshape(n, n_prev) @ A)  # (n, EXAMPLES)
        sizes.append(float(np.sqrt(np.mean(A**2))))
    return sizes


@settings(max_examples=25)
@given(DIMENSIONS)
def test_zeros_has_a_weight_and_a_bias_for_every_layer(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_zeros returns W1, b1, ..., WL, bL of the right shapes.

    W of layer l has a row for each of its units and a column for each unit before; b is a column.
    """
    require_shapes(submission.initialize_parameters_zeros(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_zeros_are_zero(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_zeros sets all weights and biases to 0.

    Try np.zeros with a tuple for the shape.
    """
    parameters = submission.initialize_parameters_zeros(layers_dims)
    require_zeros(weights_of(parameters, layers_dims))
    require_zeros(biases_of(parameters, layers_dims))


@settings(max_examples=25)
@given(DIMENSIONS)
def test_random_has_a_weight_and_a_bias_for_every_layer(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_random returns W1, b1, ..., WL, bL of the right shapes.

    W of layer l has a row for each of its units and a column for each unit before; b is a column.
    """
    require_shapes(submission.initialize_parameters_random(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_random_biases_are_zero(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_random sets all biases to 0.

    Only the weights need chance to break the symmetry.
    """
    require_zeros(biases_of(submission.initialize_parameters_random(layers_dims), layers_dims))


@pytest.mark.points(2)
@settings(max_examples=3)
@given(LARGE)
def test_random_weights_have_the_right_variance(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_random draws large weights, of mean 0 and standard deviation 10.

    `randn` has the variance 1; a factor of 10 makes it 100, in every layer and whatever its size.

    False-failure rate: 1.6e-11, two comparisons of each of eight layers in all, 1e-12 each by the
    bounds in grader.kit.statistics, for a seed inside the function as well.
    """
    parameters = submission.initialize_parameters_random(layers_dims)
    require_variances(parameters, layers_dims, lambda _n_prev, _n: 100)


@settings(max_examples=6)
@given(SQUARE)
def test_random_layers_differ(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_random gives each layer weights of its own.

    Two layers of the same shape must not hold the same numbers. If you set a seed, set it once, not
    for each layer.
    """
    require_different_layers(submission.initialize_parameters_random(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_he_has_a_weight_and_a_bias_for_every_layer(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_he returns W1, b1, ..., WL, bL of the right shapes.

    W of layer l has a row for each of its units and a column for each unit before; b is a column.
    """
    require_shapes(submission.initialize_parameters_he(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_he_biases_are_zero(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_he sets all biases to 0.

    Only the weights need chance to break the symmetry.
    """
    require_zeros(biases_of(submission.initialize_parameters_he(layers_dims), layers_dims))


@pytest.mark.points(2)
@settings(max_examples=3)
@given(LARGE)
def test_he_weights_have_the_right_variance(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_he draws weights of mean 0 and variance 2 / n(l-1).

    n(l-1) is the number of columns of W. A factor c multiplies the variance by c^2, so the
    factor is a square root.

    False-failure rate: 1.6e-11, two comparisons of each of eight layers in all, 1e-12 each by the
    bounds in grader.kit.statistics, for a seed inside the function as well.
    """
    parameters = submission.initialize_parameters_he(layers_dims)
    require_variances(parameters, layers_dims, lambda n_prev, _: 2 / n_prev)


@settings(max_examples=6)
@given(SQUARE)
def test_he_layers_differ(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_he gives each layer weights of its own.

    Two layers of the same shape must not hold the same numbers. If you set a seed, set it once, not
    for each layer.
    """
    require_different_layers(submission.initialize_parameters_he(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_xavier_has_a_weight_and_a_bias_for_every_layer(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_xavier returns W1, b1, ..., WL, bL of the right shapes.

    W of layer l has a row for each of its units and a column for each unit before; b is a column.
    """
    require_shapes(submission.initialize_parameters_xavier(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_xavier_biases_are_zero(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_xavier sets all biases to 0.

    Only the weights need chance to break the symmetry.
    """
    require_zeros(biases_of(submission.initialize_parameters_xavier(layers_dims), layers_dims))


@pytest.mark.points(2)
@settings(max_examples=3)
@given(LARGE)
def test_xavier_weights_have_the_right_variance(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_xavier draws weights of mean 0 and variance 1 / n(l-1).

    n(l-1) is the number of columns of W. A factor c multiplies the variance by c^2, so the
    factor is a square root.

    False-failure rate: 1.6e-11, two comparisons of each of eight layers in all, 1e-12 each by the
    bounds in grader.kit.statistics, for a seed inside the function as well.
    """
    parameters = submission.initialize_parameters_xavier(layers_dims)
    require_variances(parameters, layers_dims, lambda n_prev, _: 1 / n_prev)


@settings(max_examples=6)
@given(SQUARE)
def test_xavier_layers_differ(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_xavier gives each layer weights of its own.

    Two layers of the same shape must not hold the same numbers. If you set a seed, set it once, not
    for each layer.
    """
    require_different_layers(submission.initialize_parameters_xavier(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_glorot_has_a_weight_and_a_bias_for_every_layer(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_glorot returns W1, b1, ..., WL, bL of the right shapes.

    W of layer l has a row for each of its units and a column for each unit before; b is a column.
    """
    require_shapes(submission.initialize_parameters_glorot(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_glorot_biases_are_zero(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_glorot sets all biases to 0.

    Only the weights need chance to break the symmetry.
    """
    require_zeros(biases_of(submission.initialize_parameters_glorot(layers_dims), layers_dims))


@pytest.mark.points(2)
@settings(max_examples=3)
@given(LARGE)
def test_glorot_weights_have_the_right_variance(
    submission: Submission, layers_dims: list[int]
) -> None:
    """initialize_parameters_glorot draws weights of mean 0 and variance 2 / (n(l-1) + n(l)).

    Both sides of W count, columns and rows. A factor c multiplies the variance by c^2, so the
    factor is a square root.

    False-failure rate: 1.6e-11, two comparisons of each of eight layers in all, 1e-12 each by the
    bounds in grader.kit.statistics, for a seed inside the function as well.
    """
    parameters = submission.initialize_parameters_glorot(layers_dims)
    require_variances(parameters, layers_dims, lambda n_prev, n: 2 / (n_prev + n))


@settings(max_examples=6)
@given(SQUARE)
def test_glorot_layers_differ(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_glorot gives each layer weights of its own.

    Two layers of the same shape must not hold the same numbers. If you set a seed, set it once, not
    for each layer.
    """
    require_different_layers(submission.initialize_parameters_glorot(layers_dims), layers_dims)


@settings(max_examples=25)
@given(DIMENSIONS)
def test_zeros_agree_with_the_reference(submission: Submission, layers_dims: list[int]) -> None:
    """initialize_parameters_zeros gives what the reference gives.

    Every key, every shape and every value.
    """
    parameters = submission.initialize_parameters_zeros(layers_dims)
    for name, expected in reference.initialize_parameters_zeros(layers_dims).items():
        expect.close(_entry(parameters, name), expected, name)
