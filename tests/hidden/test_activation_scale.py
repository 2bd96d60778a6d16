"""What first weights must do: variances by rule, and scales that last through 50 layers.

Seeds of `rng` are drawn like any other input. A right function that draws in another order answers
with other numbers, so each statistical check holds for a right function whatever the seed is, but
for the false-failure rate that it states.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect, generator, statistics
from grader.kit import strategies as some
from reference import activation_scale as reference
from tests.hidden.networks import Array

RULES = ("xavier", "he", "glorot")
ACTIVATIONS = st.sampled_from(("tanh", "relu"))
SEEDS = st.integers(0, 2**32 - 1)

UNITS, DEPTH = 128, 50
NUMBERS = some.numbers(2.0, 0.5)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Array, list[Array]]:
    """Examples, and weights of one to four layers.

    X and W are multiples of 1/2 and 1/4, so that Z is often exactly 0; that is no kink to values.
    """
    dims = draw(st.lists(some.sizes(1, 3), min_size=2, max_size=5))
    X = draw(some.arrays((dims[0], draw(some.sizes(1, 3))), NUMBERS))
    return X, [draw(some.arrays((n, n_prev), NUMBERS)) / 2 for n_prev, n in pairwise(dims)]


def activations_of(X: Array, weights: list[Array], activation: str) -> list[Array]:
    values = [X]
    for W in weights:
        Z = np.einsum("ij,jm->im", W, values[-1])
        values.append(np.tanh(Z) if activation == "tanh" else np.where(Z > 0, Z, 0))
    return values


def rules_for(n_prev: int, n: int) -> dict[str, float]:
    """The variance of each rule."""
    return {"xavier": 1 / n_prev, "he": 2 / n_prev, "glorot": 2 / (n_prev + n)}


def last_scale(submission: Submission, variance: float, activation: str, seed: int) -> float:
    """Scale after 50 layers of 128 units, for one example of ones, whose own scale is 1."""
    X = np.ones((UNITS, 1))
    rng = generator(seed)
    answer = submission.scales_through_layers(X, DEPTH, variance / UNITS, activation, rng)
    return float(expect.array(answer, (DEPTH + 1,), "scales")[-1])


@pytest.mark.points(2)
@given(some.sizes(1, 500), some.sizes(1, 500))
def test_the_variance_follows_the_rule(submission: Submission, n_prev: int, n: int) -> None:
    """ "xavier" wants the variance 1 / n_prev, "he" 2 / n_prev, and "glorot" 2 / (n_prev + n).

    The more inputs, the smaller the weights: z = w1 x1 + ... is a sum of n_prev terms, and the
    variances of its terms add up. Glorot looks both ways, so inputs and outputs count alike.
    """
    for rule, expected in rules_for(n_prev, n).items():
        variance = submission.weight_variance(rule, n_prev, n)
        expect.close(variance, expected, f'the variance of "{rule}"')


@settings(max_examples=25)
@given(some.sizes(1, 4), some.sizes(1, 4), SEEDS)
def test_there_is_a_row_for_each_unit(
    submission: Submission, n: int, n_prev: int, seed: int
) -> None:
    """A weight has a row for each unit of its layer and a column for each unit before.

    For a whole network there is one such weight for each layer but the input.
    """
    W = submission.draw_weight(n, n_prev, 1.0, generator(seed))
    expect.array(W, (n, n_prev), "W")
    dims = [n_prev, n, 2, n]
    weights = expect.sequence(
        submission.initialize_weights(dims, "he", generator(seed)), 3, "weights"
    )
    for layer, (before, units) in enumerate(pairwise(dims), 1):
        expect.array(weights[layer - 1], (units, before), f"W{layer}")


@pytest.mark.points(2)
@settings(max_examples=6)
@given(st.sampled_from((0.25, 4.0, 0.01)), SEEDS)
def test_weights_have_the_variance_that_was_asked_for(
    submission: Submission, variance: float, seed: int
) -> None:
    """draw_weight gives numbers of mean 0 and of the variance that it is told.

    Standard normal numbers have the variance 1; a factor c multiplies it by c^2, so the factor is a
    square root.

    False-failure rate: 1.2e-11, two comparisons of 10,000 weights in each of six examples, 1e-12
    each by the bounds in grader.kit.statistics.
    """
    W = submission.draw_weight(100, 100, variance, generator(seed))
    values = expect.array(W, (100, 100), "W").ravel()
    statistics.centred(values, "W")
    statistics.variance(values, variance, "W")


@settings(max_examples=4)
@given(st.sampled_from((4, 50)), SEEDS)
def test_a_neuron_keeps_the_variance_of_its_inputs(
    submission: Submission, n: int, seed: int
) -> None:
    """With weights of variance 1 / n, the sum of n inputs of size 1 has the variance 1.

    For that every weight must have a draw of its own: what is drawn once and repeated adds up to
    more.

    False-failure rate: 4e-12, one comparison in each of four examples, 1e-12 each by Laurent and
    Massart's bound: sums of independent normal weights are normal, and 4000 of them are compared.
    """
    W = submission.draw_weight(4000, n, 1 / n, generator(seed))
    z = expect.array(W, (4000, n), "W") @ np.ones(n)
    statistics.variance(z, 1.0, "z")


@settings(max_examples=25)
@given(some.sizes(2, 4), SEEDS)
def test_all_randomness_comes_from_rng(submission: Submission, n: int, seed: int) -> None:
    """The same rng gives the same weights, and another one gives others.

    Draw with rng.standard_normal or rng.normal, neither with np.random.randn nor with a generator
    or a seed of your own.
    """
    first, again, other = (
        _numbers(submission.draw_weight(n, n, 1.0, generator(k))) for k in (seed, seed, seed + 1)
    )
    expect.close(again, first, "W of the same rng")
    # Four or more continuous draws that all repeat: only by rounding, 2**-200 at the most.
    expect.holds(bool(np.any(other != first)), "Another rng gives the same W.")


@settings(max_examples=10)
@given(SEEDS)
def test_every_layer_has_weights_of_its_own(submission: Submission, seed: int) -> None:
    """No layer repeats the weights of another one.

    Draw inside the loop over the layers, once for each of them.
    """
    answer = submission.initialize_weights([3, 3, 3], "he", generator(seed))
    W1, W2 = (_numbers(W) for W in expect.sequence(answer, 2, "weights"))
    expect.holds(bool(np.any(W1 != W2)), "W2 repeats the numbers of W1.")
    # With one unit a layer, A = tanh(w A_prev), so the scales give away the size of every w.
    x = np.ones((1, 1))
    answer = submission.scales_through_layers(x, 6, 0.25, "tanh", generator(seed))
    scales = expect.array(answer, (7,), "scales")
    expect.holds(
        bool(np.all((scales[1:] > 0) & (scales[1:] < 1))),
        "One unit of tanh has a scale between 0 and 1.",
    )
    sizes = np.arctanh(scales[1:]) / scales[:-1]
    # Five sizes that agree with the first within 1e-9, whose density is below 2: (4e-9)**5 = 1e-42.
    # A scale of exactly 0 or 1 needs |w| < 1e-100 or |w| > 18, which is 36 standard deviations.
    repeated = bool(np.all(np.abs(sizes - sizes[0]) <= 1e-9))
    expect.holds(not repeated, "scales_through_layers uses the same weights in every layer.")


def _numbers(W: Any) -> Array:
    """The numbers of a weight; its shape is the affair of another check."""
    return expect.array(W, W.shape if isinstance(W, np.ndarray) else (), "W")


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_every_layer_has_the_variance_of_its_rule(submission: Submission, seed: int) -> None:
    """initialize_weights draws each layer with the variance that the rule wants for it.

    n_prev is the number of columns of W, n the number of its rows; both differ from layer to layer.

    False-failure rate: 3.6e-11, two comparisons of two layers by three rules in each of three
    examples, 1e-12 each by the bounds in grader.kit.statistics; a layer has 10,000 weights or more.
    """
    dims = [40, 250, 100]
    for rule in RULES:
        answer = submission.initialize_weights(dims, rule, generator(seed))
        weights = expect.sequence(answer, 2, "weights")
        for layer, (n_prev, n) in enumerate(pairwise(dims), 1):
            W = expect.array(weights[layer - 1], (n, n_prev), f"W{layer}").ravel()
            statistics.centred(W, f"W{layer}")
            statistics.variance(W, rules_for(n_prev, n)[rule], f'W{layer} by "{rule}"')


@given(networks(), ACTIVATIONS)
def test_every_layer_has_its_activation(
    submission: Submission, network: tuple[Array, list[Array]], activation: str
) -> None:
    """activate_layers gives X and then g(W A) for every layer, the last one included.

    g is tanh or max(0, z). There is one activation more than there are layers.
    """
    X, weights = network
    answer = submission.activate_layers(X, weights, activation)
    values = expect.sequence(answer, len(weights) + 1, "activations")
    expected = activations_of(X, weights, activation)
    for layer, (value, right) in enumerate(zip(values, expected, strict=True)):
        expect.close(value, right, f"A{layer}")


@given(st.lists(some.matrices(elements=NUMBERS), min_size=1, max_size=4))
def test_scales_are_root_mean_squares(submission: Submission, arrays: list[Array]) -> None:
    """measure_scales gives the root of the mean of the squares of each array.

    The mean is not taken off first, as in a standard deviation: what ReLU gives has none of 0.
    """
    expected = [np.linalg.norm(A) / np.sqrt(A.size) for A in arrays]
    expect.close(submission.measure_scales(arrays), expected, "scales")


@settings(max_examples=25)
@given(some.matrices(elements=NUMBERS), some.sizes(1, 4), SEEDS)
def test_relu_hands_a_factor_on(submission: Submission, X: Array, depth: int, seed: int) -> None:
    """With ReLU and the same rng, twice the X has twice the scale in every layer.

    There are no biases, and max(0, 2 z) is 2 max(0, z). The first scale is that of X itself.
    """
    once, twice = (
        submission.scales_through_layers(k * X, depth, 0.5, "relu", generator(seed)) for k in (1, 2)
    )
    scales = expect.array(once, (depth + 1,), "scales")
    expect.close(scales[0], np.sqrt(np.mean(X**2)), "the scale of X")
    expect.close(twice, 2 * scales, "scales for 2 X")


# The scale after 50 layers, squared, is a product of 50 factors. With ReLU, given the layer before,
# the 128 values z are independent normal with the variance v ||a||^2, so each factor is v times the
# sum of max(0, g_j)^2 over 128 standard normal g_j, independent of all others. Chernoff,
# P(product >= t) <= E[factor^s]^50 / t^s, with the exact moments (chi-square over a binomial number
# of units, where at most 12 units left are a case of their own, of probability 1e-19):
#   v = 2/n  above 1e3: 1e-26 (s = 9)        below 1e-3: 1e-15 (s = -5.5)
#   v = 1/n  above 1e-4: 1e-37 (s = 10.75)   v = 4/n  below 1e4: 1e-22 (s = -6.25)
# tanh lies below the identity: v = 1/(4n) above 1e-4: 1e-244 (chi-square, s = 12). From below,
# tanh(x)^2 >= x^2 / (1 + x^2), and the scale after a layer rises with that before, so setting it
# back to 1/10 wherever it is larger can only lower the last one. Then each factor is at least
# R = mean g_j^2 / (1 + g_j^2 / 100), independent of all others, and a union over the layer that was
# last set back gives  v = 1/n  below 1e-4: 51 * 1e-37 (s = -12, moments by quadrature).
# Ten examples of these: false-failure rates below 1e-13.


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_relu_keeps_its_scale_with_two_over_n(submission: Submission, seed: int) -> None:
    """Weights of variance 2 / n keep the scale through 50 layers of ReLU; 1 / n and 4 / n do not.

    ReLU halves the mean square, and the 2 of He makes up for it. With 1 / n the scale falls to
    about 1e-8, with 4 / n it rises to about 1e7; scales_through_layers measures that.
    """
    kept = last_scale(submission, 2.0, "relu", seed)
    expect.holds(1e-3 < kept < 1e3, f"With 2 / n the scale goes from 1 to {kept:.4g}.")
    vanished = last_scale(submission, 1.0, "relu", seed)
    expect.holds(vanished < 1e-4, f"With 1 / n the scale should vanish, but it is {vanished:.4g}.")
    exploded = last_scale(submission, 4.0, "relu", seed)
    expect.holds(exploded > 1e4, f"With 4 / n the scale should explode, but it is {exploded:.4g}.")


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_tanh_keeps_its_scale_with_one_over_n(submission: Submission, seed: int) -> None:
    """Weights of variance 1 / n keep the scale through 50 layers of tanh; 1 / (4 n) do not.

    Near 0 tanh is a line and hands the scale on as it is, so a quarter of the variance halves it in
    every layer: to 1e-15.
    """
    kept = last_scale(submission, 1.0, "tanh", seed)
    expect.holds(1e-4 < kept <= 1, f"With 1 / n the scale goes from 1 to {kept:.4g}.")
    vanished = last_scale(submission, 0.25, "tanh", seed)
    expect.holds(
        vanished < 1e-4, f"With 1 / (4 n) the scale should vanish, but it is {vanished:.4g}."
    )


@settings(max_examples=25)
@given(networks(), ACTIVATIONS, SEEDS)
def test_the_inputs_are_left_alone(
    submission: Submission, network: tuple[Array, list[Array]], activation: str, seed: int
) -> None:
    """Neither the forward pass nor the measurements change X or the weights.

    `Z[Z < 0] = 0` writes into Z; make sure that it is an array of your own.
    """
    X, weights = network
    submission.activate_layers(X, weights, activation)
    expect.unchanged(submission)
    submission.measure_scales(weights)
    expect.unchanged(submission)
    submission.scales_through_layers(X, 2, 0.5, activation, generator(seed))
    expect.holds(
        0 not in submission.changed, "The function changes its argument in place: number 1."
    )


@given(st.sampled_from(RULES), some.sizes(1, 500), some.sizes(1, 500), networks(), ACTIVATIONS)
def test_everything_without_chance_agrees_with_the_reference(
    submission: Submission,
    rule: str,
    n_prev: int,
    n: int,
    network: tuple[Array, list[Array]],
    activation: str,
) -> None:
    """Variances, activations and their scales are those of the reference.

    activate_layers and measure_scales work together here.
    """
    variance = submission.weight_variance(rule, n_prev, n)
    expect.close(variance, reference.weight_variance(rule, n_prev, n), "variance")
    X, weights = network
    answer = submission.activate_layers(X, weights, activation)
    expected = reference.activate_layers(X, weights, activation)
    values = expect.sequence(answer, len(expected), "activations")
    scales = submission.measure_scales(
        [expect.array(value, A.shape, "A") for value, A in zip(values, expected, strict=True)]
    )
    expect.close(scales, reference.measure_scales(expected), "scales")
