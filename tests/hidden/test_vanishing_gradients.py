"""What a deep linear chain must do: products forward and back, and exponential growth measured."""

from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect, gradient
from grader.kit import strategies as some
from reference import vanishing_gradients as reference
from tests.hidden.networks import Array

SCALES = st.sampled_from((0.5, 1.5, 2.0, 0.9, 1.0))
NUMBERS = some.numbers(1.5, 0.5)
POSITIVE = some.positive_numbers(4.0, 0.5)


class Chain(NamedTuple):
    """Examples, weights of layers of any widths, and the gradient that arrives at the output."""

    X: Array
    weights: list[Array]
    arriving: Array

    def activations(self) -> list[Array]:
        """A0, ..., AL."""
        values = [self.X]
        for W in self.weights:
            values.append(np.einsum("ij,jm->im", W, values[-1]))
        return values

    def value(self) -> float:
        """A cost whose gradient at the output is the one that arrives."""
        return float(np.sum(self.arriving * self.activations()[-1]))

    def value_with(self, layer: int, W: Array) -> float:
        """The cost with another weight in one layer."""
        weights = [*self.weights[:layer], W, *self.weights[layer + 1 :]]
        return self._replace(weights=weights).value()

    def value_from(self, layer: int, A: Array) -> float:
        """The cost as the layers after one make it of that one's activation."""
        return Chain(A, self.weights[layer:], self.arriving).value()


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """One to four layers of one to three units; the same width twice is common."""
    dims = draw(st.lists(some.sizes(1, 3), min_size=2, max_size=5))
    m = draw(some.sizes(1, 3))
    weights = [draw(some.arrays((n, n_prev), NUMBERS)) for n_prev, n in pairwise(dims)]
    X, arriving = (draw(some.arrays((n, m), NUMBERS)) for n in (dims[0], dims[-1]))
    return Chain(X, weights, arriving)


@st.composite
def stretching_chains(draw: st.DrawFn) -> Chain:
    """Two to six layers of two units, each stretching the signal by a power of two.

    Upper triangular, so that the order of the layers matters; nothing becomes 0.
    """
    depth, above = draw(some.sizes(2, 6)), draw(NUMBERS)
    scales = draw(some.vectors(depth, st.sampled_from((2.0, 0.5, 1.0, 4.0))))
    weights = [np.array([[scale, above], [0.0, scale]]) for scale in scales]
    return Chain(draw(some.arrays((2, 1), POSITIVE)), weights, draw(some.arrays((2, 1), POSITIVE)))


def _depth(point: tuple[int, float]) -> int:
    return point[0]


def layers_of(answer: Any, expected: list[Array], what: str, first: int) -> list[Array]:
    """One array for each layer, of the right shape; `first` is the number of the first."""
    values = expect.sequence(answer, len(expected), what)
    return [
        expect.array(value, right.shape, f"{what[:2]}{number}")
        for number, (value, right) in enumerate(zip(values, expected, strict=True), first)
    ]


@given(some.sizes(1, 4), SCALES, some.sizes(1, 6))
def test_the_chain_is_made_of_scaled_identities(
    submission: Submission, n: int, scale: float, depth: int
) -> None:
    """build_chain gives one matrix for each layer, with scale on the diagonal and 0 elsewhere.

    np.eye makes an identity matrix.
    """
    weights = expect.sequence(submission.build_chain(n, scale, depth), depth, "weights")
    for layer, W in enumerate(weights, 1):
        expect.close(W, scale * np.eye(n), f"W{layer}")


@pytest.mark.points(2)
@given(chains())
def test_each_layer_multiplies_the_one_before(submission: Submission, chain: Chain) -> None:
    """forward_chain gives X and then W times the activation before, layer by layer.

    There is one activation more than there are layers, because A0 = X is one of them.
    """
    answer = submission.forward_chain(chain.X, chain.weights)
    values = expect.sequence(answer, len(chain.weights) + 1, "activations")
    for layer, (value, expected) in enumerate(zip(values, chain.activations(), strict=True)):
        expect.close(value, expected, f"A{layer}")


@given(chains())
def test_gradients_have_the_shapes_of_what_they_belong_to(
    submission: Submission, chain: Chain
) -> None:
    """backward_chain gives dA0, ..., dAL and dW1, ..., dWL, in this order.

    Work from the output to the input, then turn the lists round.
    """
    activations = chain.activations()
    answer = submission.backward_chain(chain.arriving, chain.weights, activations)
    dA, dW = expect.sequence(answer, 2, "the answer (dA, dW)")
    last = layers_of(dA, activations, "dA of all activations", 0)[-1]
    expect.close(last, chain.arriving, "the last dA")
    layers_of(dW, chain.weights, "dW of all weights", 1)


@pytest.mark.points(2)
@settings(max_examples=50)
@given(chains())
def test_activations_have_the_right_gradients(submission: Submission, chain: Chain) -> None:
    """Every dA is the gradient of the cost with respect to its activation.

    A = W A_prev, so the gradient goes back through the transpose of W.
    """
    activations = chain.activations()
    answer = submission.backward_chain(chain.arriving, chain.weights, activations)
    dA, _ = expect.sequence(answer, 2, "the answer (dA, dW)")
    values = expect.sequence(dA, len(activations), "dA")
    gradient.check_each(
        (value, partial(chain.value_from, layer), A, f"dA{layer}")
        for layer, (value, A) in enumerate(zip(values, activations, strict=True))
    )


@pytest.mark.points(2)
@settings(max_examples=50)
@given(chains())
def test_weights_have_the_right_gradients(submission: Submission, chain: Chain) -> None:
    """Every dW is the gradient of the cost with respect to its weight.

    dW of a layer is dA of the layer times the transposed activation that came INTO it, summed over
    the examples and not divided by m.
    """
    answer = submission.backward_chain(chain.arriving, chain.weights, chain.activations())
    _, dW = expect.sequence(answer, 2, "the answer (dA, dW)")
    values = expect.sequence(dW, len(chain.weights), "dW")
    gradient.check_each(
        (value, partial(chain.value_with, layer), W, f"dW{layer + 1}")
        for layer, (value, W) in enumerate(zip(values, chain.weights, strict=True))
    )


@given(st.lists(some.matrices(elements=some.numbers(4.0, 0.5)), min_size=1, max_size=4))
def test_sizes_are_roots_of_sums_of_squares(submission: Submission, arrays: list[Array]) -> None:
    """measure_sizes gives the Frobenius norm of each array.

    All elements count: the root of the sum of their squares.
    """
    expected = [np.sqrt(np.sum(A * A)) for A in arrays]
    expect.close(submission.measure_sizes(arrays), expected, "sizes")


@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=6, unique=True),
    SCALES,
    POSITIVE,
)
def test_the_rate_of_an_exponential_is_its_base(
    submission: Submission, depths: list[int], rate: float, factor: float
) -> None:
    """For sizes c * r**depth the growth rate is r, whatever c and whichever depths.

    The logarithm of the sizes is a straight line with slope log(r).
    """
    x = np.array(depths, dtype=np.float64)
    answer = submission.growth_rate(x, factor * rate**x)
    expect.close(answer, rate, "rate")


@given(st.lists(st.tuples(st.integers(0, 12), POSITIVE), min_size=3, max_size=6, unique_by=_depth))
def test_all_sizes_have_a_say_in_the_rate(
    submission: Submission, points: list[tuple[int, float]]
) -> None:
    """The logarithm of the rate is the slope of the line of least squares through log(size).

    Not only the first and the last size count, nor are all layers alike: draw one line through all
    of them.
    """
    depths, sizes = (np.array(values, dtype=np.float64) for values in zip(*points, strict=True))
    slope = np.polyfit(depths, np.log(sizes), 1)[0]
    expect.close(submission.growth_rate(depths, sizes), np.exp(slope), "rate")


@pytest.mark.points(2)
@settings(max_examples=50)
@given(some.matrices(elements=POSITIVE), st.sampled_from((0.5, 1.5)), st.integers(1, 60))
def test_output_and_gradient_are_powers_of_the_scale(
    submission: Submission, X: Array, scale: float, depth: int
) -> None:
    """With scale 1.5 output and gradient grow as 1.5**L, with 0.5 they fall as 0.5**L.

    measure_against_depth gives the norms of AL and of dA0; the gradient starts as ones.
    """
    depths = [depth, 1, depth + 3]
    answer = submission.measure_against_depth(X, scale, depths)
    outputs, gradients = expect.sequence(answer, 2, "the answer (outputs, gradients)")
    powers = scale ** np.array(depths, dtype=np.float64)
    # Divided by the powers, because 0.5**60 would be lost in any tolerance.
    found = expect.array(outputs, (3,), "outputs") / powers
    expect.close(found, np.full(3, np.linalg.norm(X)), "outputs / scale**L")
    found = expect.array(gradients, (3,), "gradients") / powers
    expect.close(found, np.full(3, np.sqrt(X.size)), "gradients / scale**L")


@given(some.matrices(elements=POSITIVE), SCALES, some.sizes(1, 40))
def test_growth_is_the_same_both_ways(
    submission: Submission, X: Array, scale: float, depth: int
) -> None:
    """In the lecture's chain activations and gradients both grow by the factor scale in each layer.

    The gradient passes the layers on its way back: its first size is that of dAL, its last that of
    dA0.
    """
    weights = [scale * np.eye(len(X)) for _ in range(depth)]
    answer = submission.measure_growth(X, np.ones_like(X), weights)
    forward, backward = expect.sequence(answer, 2, "the answer (forward, backward)")
    expect.close(forward, scale, "growth rate of the activations")
    expect.close(backward, scale, "growth rate of the gradients")


@settings(max_examples=25)
@given(stretching_chains())
def test_the_inputs_are_left_alone(submission: Submission, chain: Chain) -> None:
    """Neither the passes nor the measurements change what they are given.

    `A *= ...` writes into an array that is not yours; reversing a list in place does so too.
    """
    submission.forward_chain(chain.X, chain.weights)
    expect.unchanged(submission)
    submission.backward_chain(chain.arriving, chain.weights, chain.activations())
    expect.unchanged(submission)
    submission.measure_growth(chain.X, chain.arriving, chain.weights)
    expect.unchanged(submission)


@settings(max_examples=50)
@given(stretching_chains())
def test_growth_agrees_with_the_reference(submission: Submission, chain: Chain) -> None:
    """Both growth rates of a chain whose layers differ are those of the reference.

    All activations and all dA are measured, X and dAL among them.
    """
    answer = submission.measure_growth(chain.X, chain.arriving, chain.weights)
    forward, backward = expect.sequence(answer, 2, "the answer (forward, backward)")
    expected = reference.measure_growth(chain.X, chain.arriving, chain.weights)
    expect.close(forward, expected[0], "growth rate of the activations")
    expect.close(backward, expected[1], "growth rate of the gradients")
