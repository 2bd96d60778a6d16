"""What dropout must do: masks and their shares, the mean that is kept, gradients through masks."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, expect, figures, statistics
from grader.kit import strategies as some
from reference import dropout as reference
from tests.hidden.answers import cache_of, gradients_of, require_all_gradients, require_gradients
from tests.hidden.networks import (
    BIASES,
    NAMES,
    Array,
    Dropped,
    Network,
    calm_networks,
    cross_entropy,
    dropped,
    networks,
    sigmoid,
)

CACHE = ("Z1", "D1", "A1", "W1", "b1", "Z2", "D2", "A2", "W2", "b2", "Z3", "A3", "W3", "b3")

# Enough units for one answer to show a share; few enough calls for the rates in statistics.py.
UNITS, EXAMPLES = 10, 400
SHARES = st.sampled_from((0.5, 0.8, 0.2))


def large_network() -> Network:
    """UNITS equal units in each hidden layer and EXAMPLES equal examples, with Z1 = 1 everywhere.

    Whatever differs between units or examples of a layer comes from the masks.
    """
    parameters = {
        "W1": np.full((UNITS, 2), 0.5),
        "b1": np.zeros((UNITS, 1)),
        "W2": np.ones((UNITS, UNITS)),
        "b2": np.full((UNITS, 1), 0.125),
        "W3": np.full((1, UNITS), 0.0625),
        "b3": np.zeros((1, 1)),
    }
    return Network(np.ones((2, EXAMPLES)), np.zeros((1, EXAMPLES)), parameters)


def forward_of(answer: Any, network: Network) -> tuple[Any, dict[str, Array]]:
    """A3, and the cache by name."""
    A3, cache = expect.sequence(answer, 2, "the answer (A3, cache)")
    return A3, cache_of(cache, CACHE, network)


def masks_of(answer: Any, network: Network) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which units of both hidden layers are kept; in what numbers is the affair of one check."""
    _, cache = forward_of(answer, network)
    return cache["D1"] != 0, cache["D2"] != 0


def require_shares(answer: Any, network: Network, keep_prob: float) -> None:
    """Of both hidden layers a share of keep_prob is kept."""
    masks = masks_of(answer, network)
    with figures.shown(lambda: drawn(masks, keep_prob)):
        for name, D in zip(("D1", "D2"), masks, strict=True):
            statistics.proportion(int(D.sum()), D.size, keep_prob, f"units kept in {name}")


def drawn(masks: tuple[NDArray[np.bool_], ...], keep_prob: float) -> figures.Numbers:
    """The share of each mask, and the masks."""
    D1, D2 = masks
    return [
        *figures.scale([D1.mean(), D2.mean()], [keep_prob, keep_prob], "Share of the units kept"),
        *figures.mask(D1, "D1"),
        *figures.mask(D2, "D2"),
    ]


@settings(max_examples=25)
@given(networks(), some.probabilities())
def test_the_cache_holds_fourteen_entries(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """The forward pass returns A3 and a cache of fourteen arrays.

    Return A3, cache with cache = (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3). Masks
    and activations have the shape of their layer: one row for each unit, one column for each
    example.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    A3, cache = forward_of(answer, network)
    expect.array(A3, (1, network.m), "A3")
    for name in NAMES:
        expect.close(cache[name], network.parameters[name], name)


@given(networks(), some.probabilities())
def test_masks_are_zeros_and_ones(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """A mask says of each unit whether it is kept (1) or dropped (0).

    Compare uniform random numbers with keep_prob; dividing by keep_prob belongs to the activation,
    not to the mask.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    _, cache = forward_of(answer, network)
    for name in ("D1", "D2"):
        expect.mask(cache[name], cache[name].shape, name)


@settings(max_examples=3)
@given(SHARES)
def test_units_are_kept_with_probability_keep_prob(
    submission: Submission, keep_prob: float
) -> None:
    """In both hidden layers a share of keep_prob of the units is kept.

    keep_prob is the probability of keeping, not of dropping, and it needs uniform random numbers in
    [0, 1): normal ones are below 0.5 far more often than half of the time.

    False-failure rate: 6e-12, two comparisons of 4000 draws in each of three examples, 1e-12 each
    by Chernoff's bound.
    """
    network = large_network()
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    require_shares(answer, network, keep_prob)


def test_keep_prob_is_one_half_unless_given(submission: Submission) -> None:
    """Without a third argument the forward pass keeps half of the units.

    Give the parameter a default: keep_prob=0.5.

    False-failure rate: 2e-12, two comparisons of 4000 draws, 1e-12 each by Chernoff's bound.
    """
    network = large_network()
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters)
    require_shares(answer, network, 0.5)


@settings(max_examples=3)
@given(SHARES)
def test_every_unit_is_drawn_alone(submission: Submission, keep_prob: float) -> None:
    """Each unit of each example has a draw of its own, and so has each layer.

    Draw one random number for each element of A1 and again for each of A2; a seed that is set
    before each mask makes the masks repeat.
    """
    network = large_network()
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    D1, D2 = masks_of(answer, network)
    # Two independent units agree with probability q = p^2 + (1 - p)^2 <= 0.68. Two examples of 10
    # units being alike is common, all 400 is not: 400 equal columns 0.68^3990, 10 equal rows
    # 0.68^3600, two equal layers 0.68^4000, all below 1e-600.
    expect.holds(bool(np.any(D1[:, :1] != D1)), "D1 drops the same units in every example.")
    expect.holds(bool(np.any(D1[:1, :] != D1)), "D1 drops all units of an example together.")
    expect.holds(bool(np.any(D2[:, :1] != D2)), "D2 drops the same units in every example.")
    expect.holds(bool(np.any(D2[:1, :] != D2)), "D2 drops all units of an example together.")
    expect.holds(bool(np.any(D1 != D2)), "D1 and D2 are the same mask.")


@given(networks(), some.probabilities())
def test_dropped_units_are_silent(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """Where the mask is 0, the activation is 0.

    Multiply A1 by D1 and A2 by D2, element by element.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    _, cache = forward_of(answer, network)
    for A, D in (("A1", "D1"), ("A2", "D2")):
        silent = np.where(cache[D] == 0, cache[A], 0)
        expect.close(silent, np.zeros_like(silent), f"{A} where {D} is 0")


@given(networks(), some.probabilities())
def test_kept_units_are_divided_by_keep_prob(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """Where the mask is not 0, the activation is relu(Z) / keep_prob.

    The division makes up for the units that are missing. It belongs to the forward pass of both
    hidden layers.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    _, cache = forward_of(answer, network)
    for A, D, Z in (("A1", "D1", "Z1"), ("A2", "D2", "Z2")):
        kept = cache[D] != 0
        expected = np.where(kept, np.maximum(0, cache[Z]) / keep_prob, 0)
        expect.close(np.where(kept, cache[A], 0), expected, f"{A} where {D} is 1")


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SHARES)
def test_the_mean_is_kept(submission: Submission, keep_prob: float) -> None:
    """The mean of the activations over many masks is what it is without dropout.

    This is what "inverted" dropout is for: with a share of keep_prob of the units kept, each has to
    count 1 / keep_prob times.

    False-failure rate: 6e-12, two comparisons of 4000 activations in each of three examples, 1e-12
    each by Hoeffding's bound.
    """
    network = large_network()
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    _, cache = forward_of(answer, network)
    # Layer 1 has 4000 independent activations, 0 or 1 / keep_prob, of mean relu(Z1) = 1. Given
    # layer 1, so have the units of layer 2 once they are divided by their own relu(Z2), above 0
    # thanks to b2.
    A1 = cache["A1"].ravel()
    A2 = (cache["A2"] / np.maximum(1e-3, cache["Z2"])).ravel()
    means = [float(A1.mean()), float(A2.mean())]
    with figures.shown(lambda: figures.scale(means, [1.0, 1.0], "Mean of A / relu(Z)")):
        statistics.bounded_mean(A1, 1.0, 0.0, 1 / keep_prob, "A1 / relu(Z1)")
        statistics.bounded_mean(A2, 1.0, 0.0, 1 / keep_prob, "A2 / relu(Z2)")


@given(networks(), some.probabilities())
def test_each_layer_starts_from_the_layer_before(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """Z1 = W1 X + b1, Z2 = W2 A1 + b2, Z3 = W3 A2 + b3 and A3 = sigmoid(Z3).

    A1 and A2 are the activations after dropout, and the Z of the cache come from before it. The
    input X and the output A3 are not dropped.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    _, cache = forward_of(answer, network)
    before = {"1": network.X, "2": cache["A1"], "3": cache["A2"]}
    for layer, A in before.items():
        W, b = network.parameters[f"W{layer}"], network.parameters[f"b{layer}"]
        expect.close(cache[f"Z{layer}"], W @ A + b, f"Z{layer}")
    expect.close(cache["A3"], sigmoid(cache["Z3"]), "A3")


@given(networks())
def test_with_keep_prob_one_nothing_is_dropped(submission: Submission, network: Network) -> None:
    """With keep_prob = 1 the forward pass is that of the network without dropout.

    Random numbers in [0, 1) are all below 1, and a division by 1 changes nothing.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, 1.0)
    A3, _ = expect.sequence(answer, 2, "the answer (A3, cache)")
    expect.close(A3, network.cache()[9], "A3")


@settings(max_examples=25)
@given(networks(), some.probabilities())
def test_the_forward_pass_leaves_its_inputs_alone(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """The forward pass changes neither X nor the parameters.

    `A *= D` writes into the array that A stands for; make sure that it is one of yours.
    """
    submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    expect.unchanged(submission)


@settings(max_examples=25)
@given(dropped())
def test_there_is_a_gradient_for_every_variable(submission: Submission, network: Dropped) -> None:
    """The backward pass returns eleven gradients, each of the shape of its variable.

    The keys are dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1 and db1. Sums over examples need
    keepdims=True to stay columns.
    """
    X, Y, parameters, _, _, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    require_all_gradients(answer, parameters, X.shape[1])


@given(dropped())
def test_the_output_layer_has_the_right_gradient(submission: Submission, network: Dropped) -> None:
    """dW3 and db3 are the gradients of the mean cost.

    No mask acts on the output layer, but A2 in dW3 is the activation after dropout.
    """
    X, Y, parameters, _, _, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    require_gradients(answer, ("W3", "b3"), parameters, network.cost_of)


@pytest.mark.points(2)
@given(dropped())
def test_the_second_layer_has_the_right_gradient(submission: Submission, network: Dropped) -> None:
    """dW2 and db2 are the gradients of the mean cost through the mask D2.

    The chain rule for A2 = relu(Z2) * D2 / keep_prob has both factors, the mask of the forward pass
    and the division.
    """
    X, Y, parameters, _, _, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    require_gradients(answer, ("W2", "b2"), parameters, network.cost_of)


@pytest.mark.points(2)
@given(dropped())
def test_the_first_layer_has_the_right_gradient(submission: Submission, network: Dropped) -> None:
    """dW1 and db1 are the gradients of the mean cost through both masks.

    The chain rule for A1 = relu(Z1) * D1 / keep_prob has both factors, the mask of the forward pass
    and the division.
    """
    X, Y, parameters, _, _, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    require_gradients(answer, ("W1", "b1"), parameters, network.cost_of)


@given(dropped())
def test_dropped_units_learn_nothing(submission: Submission, network: Dropped) -> None:
    """A unit that was dropped in every example has gradients of 0.

    Use the masks of the cache: a new random mask drops other units than the forward pass did.
    """
    X, Y, parameters, D1, D2, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    gradients = gradients_of(answer, ("W1", "b1", "W2", "b2", "W3"))
    for layer, D in (("1", D1), ("2", D2)):
        off = ~D.any(axis=1)
        for name in ("W" + layer, "b" + layer):
            rows = expect.array(gradients[f"d{name}"], parameters[name].shape, f"d{name}")[off]
            expect.close(rows, np.zeros_like(rows), f"d{name} of dropped units")


@settings(max_examples=10)
@given(calm_networks())
def test_the_gradient_belongs_to_your_forward_pass(
    submission: Submission, network: Network
) -> None:
    """The backward pass gives the gradient of the forward pass that you wrote.

    Both run with keep_prob = 1, where no chance is left, and are compared with each other.
    """
    X, Y, parameters = network
    answer = submission.forward_propagation_with_dropout(X, parameters, 1.0)
    _, cache = expect.sequence(answer, 2, "the answer (A3, cache)")
    answer = submission.backward_propagation_with_dropout(X, Y, cache, 1.0)

    def cost(name: str, value: Array) -> float:
        moved = network.with_(name, value).parameters
        again = submission.forward_propagation_with_dropout(X, moved, 1.0)
        A3 = expect.array(expect.sequence(again, 2, "the answer")[0], (1, network.m), "A3")
        expect.holds(bool(np.all((A3 > 0) & (A3 < 1))), "A3 must lie between 0 and 1.")
        return cross_entropy(np.log(A3) - np.log1p(-A3), Y)

    require_gradients(answer, BIASES, parameters, lambda name: partial(cost, name))


@settings(max_examples=25)
@given(dropped())
def test_the_backward_pass_leaves_its_inputs_alone(
    submission: Submission, network: Dropped
) -> None:
    """The backward pass changes neither X, nor Y, nor the cache.

    The same cache must give the same gradients when it is used again.
    """
    X, Y, _, _, _, keep_prob = network
    submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    expect.unchanged(submission)


@given(networks())
def test_the_same_example_gets_the_same_prediction(
    submission: Submission, network: Network
) -> None:
    """Eight copies of one example get one and the same probability.

    At test time there is no dropout: the answer for an example is not a matter of chance.
    """
    copies = np.repeat(network.X[:, :1], 8, axis=1)
    answer = submission.predict_probabilities(copies, network.parameters)
    A3 = expect.array(answer, (1, 8), "A3")
    expect.close(A3, np.repeat(A3[:, :1], 8, axis=1), "A3")


@given(networks())
def test_prediction_uses_every_unit_as_it_is(submission: Submission, network: Network) -> None:
    """Predictions come from the whole network, with nothing dropped and nothing rescaled.

    The division by keep_prob while training has already made up for the dropped units.
    """
    answer = submission.predict_probabilities(network.X, network.parameters)
    expect.close(answer, network.cache()[9], "A3")


@given(networks(), some.probabilities())
def test_the_forward_pass_agrees_with_the_reference(
    submission: Submission, network: Network, keep_prob: float
) -> None:
    """With your masks, the reference computes the same A3.

    Everything of the forward pass but the draw itself, from X to A3.
    """
    answer = submission.forward_propagation_with_dropout(network.X, network.parameters, keep_prob)
    A3, _ = expect.sequence(answer, 2, "the answer (A3, cache)")
    D1, D2 = masks_of(answer, network)
    expected = Dropped(*network, D1, D2, keep_prob).cache()[11]
    expect.close(A3, expected, "A3")


@given(dropped())
def test_the_backward_pass_agrees_with_the_reference(
    submission: Submission, network: Dropped
) -> None:
    """The gradients of all parameters are those of the reference.

    Everything of the backward pass, from the cache of the reference to dW1 and db1.
    """
    X, Y, _, _, _, keep_prob = network
    answer = submission.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    gradients = gradients_of(answer, NAMES)
    expected = reference.backward_propagation_with_dropout(X, Y, network.cache(), keep_prob)
    for name in NAMES:
        expect.close(gradients[f"d{name}"], expected[f"d{name}"], f"d{name}")
