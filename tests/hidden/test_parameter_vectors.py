"""What gradient checking must do in practice: vectors, distances, and what goes wrong with them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.kit import Submission, callback, expect, generator, gradient
from grader.kit import strategies as some
from reference import parameter_vectors as reference
from tests.hidden.networks import Array
from tests.hidden.vectors import MODEL, Model, Sum, cut, models, numbered, vectors

# Few layers of few units first; ten layers and more, where "W10" sorts before "W2", now and then.
DIMENSIONS = st.one_of(
    st.lists(some.sizes(1, 3), min_size=2, max_size=4),
    st.lists(some.sizes(1, 2), min_size=11, max_size=13),
)
LAMBDAS = some.positive_numbers(2.0, 0.25)
SEEDS = st.integers(0, 2**32 - 1)

UNITS, DRAWS = 4, 12  # of the masks


def column(cost: Callable[[Array], Any], theta: Array) -> Any:
    """A function of the whole vector, for the student's function to call."""
    return callback(cost, takes=[theta.shape])


@pytest.mark.points(2)
@given(DIMENSIONS)
def test_the_vector_goes_layer_by_layer(submission: Submission, dims: list[int]) -> None:
    """pack_parameters stacks W1 row by row, then b1, then W2, and so on into one column.

    The number of the layer decides, not the alphabet and not the order of the dictionary: W10 comes
    after W9.
    """
    theta = numbered(dims)
    parameters = cut(theta, dims)
    backwards = {name: parameters[name] for name in reversed(parameters)}
    for named in (parameters, backwards):
        expect.close(submission.pack_parameters(named), theta, "theta")


@given(DIMENSIONS)
def test_gradients_stand_where_their_parameters_stand(
    submission: Submission, dims: list[int]
) -> None:
    """pack_gradients stacks dW1, db1, dW2, ... in the order of the parameters.

    Whatever else the dictionary holds, as dZ1, is no gradient of a parameter and stays out.
    """
    theta = numbered(dims)
    gradients = {f"d{name}": value for name, value in cut(theta, dims).items()}
    others = {f"d{kind}1": np.zeros((dims[1], 2)) for kind in "ZA"}
    backwards = {name: gradients[name] for name in reversed(gradients)}
    answer = submission.pack_gradients(others | backwards, dims)
    expect.close(answer, theta, "the vector of gradients")


@given(DIMENSIONS)
def test_there_and_back(submission: Submission, dims: list[int]) -> None:
    """unpack_parameters gives every parameter its entries of the vector, in its own shape.

    W has as many columns as the layer before has units. What is unpacked can be packed by your own
    pack_parameters again.
    """
    theta = numbered(dims)
    answer = submission.unpack_parameters(theta, dims)
    expected = cut(theta, dims)
    parameters = expect.mapping(answer, list(expected), "parameters")
    for name, value in expected.items():
        expect.close(parameters[name], value, name)
    again = submission.pack_parameters({name: parameters[name] for name in expected})
    expect.close(again, theta, "theta, unpacked and packed again")


@given(some.matrices(cols=1), st.sampled_from((2.0, 3.0, 0.5, 0.0, 1.0, -1.0)))
def test_the_distance_is_relative(submission: Submission, v: Array, factor: float) -> None:
    """A vector c times as long has the distance |c - 1| / (|c| + 1), however long both are.

    Divide by the sum of both norms; a norm is a root. Two vectors of 0 have the distance 0.
    """
    for size in (1.0, 1e-6):
        distance = submission.relative_distance(factor * size * v, size * v)
        expected = abs(factor - 1) / (abs(factor) + 1) if np.any(v != 0) else 0.0
        expect.close(distance, expected, "distance")


@pytest.mark.points(2)
@settings(max_examples=50)
@given(some.matrices(cols=1), some.vectors(3), st.sampled_from((0.5, 0.25, 0.125)))
def test_one_parameter_moves_at_a_time(
    submission: Submission, theta: Array, weights: Array, epsilon: float
) -> None:
    """Each entry is (J_plus - J_minus) / (2 epsilon), with all other parameters at rest.

    Start each entry from a fresh copy of theta, moved by epsilon to either side. For a sum of cubes
    the result is off by epsilon^2, for what the parameters do together it is exact.
    """
    a, b, c = weights

    def cost(x: Array) -> float:
        return float(a * np.sum(x**3) + b * np.sum(x**2) + c * np.sum(x) ** 2)

    answer = submission.approximate_gradient(column(cost, theta), theta, epsilon)
    expected = a * (3 * theta**2 + epsilon**2) + 2 * b * theta + 2 * c * np.sum(theta)
    expect.close(answer, expected, "approximation")


@settings(max_examples=25)
@given(some.matrices(cols=1))
def test_a_parameter_moves_by_1e7_unless_told(submission: Submission, theta: Array) -> None:
    """Without a third argument, epsilon is 1e-7.

    Give the parameter a default: epsilon=1e-7.
    """

    def cost(x: Array) -> float:
        return float(np.sum(np.sin((x - theta) * 1e7)))

    answer = submission.approximate_gradient(column(cost, theta), theta)
    # theta + 1e-7 is rounded to 4e-16 at most: 4e-9 of the step, for |theta| <= 4.
    expect.close(answer, np.full(theta.shape, np.sin(1.0) * 1e7), "approximation")


@pytest.mark.points(2)
@given(vectors(), st.integers(0, 10**6), some.numbers(1.0, 0.25), st.booleans())
def test_the_wrong_parameter_is_found(
    submission: Submission, vector: tuple[list[int], Array], place: int, slip: float, far: bool
) -> None:
    """find_worst_entry names the parameter, and the row and column in it, that is furthest off.

    The largest |gradient - approximation| decides, too large or too small. Return a pair: the name,
    and a pair (row, column).
    """
    dims, right = vector
    place %= len(right)
    wrong = right + 1e-3 * np.cos(np.arange(len(right)))[:, np.newaxis]
    wrong[place] += slip + (2 if far else -2)
    answer = submission.find_worst_entry(wrong, right, dims)
    name, index = expect.sequence(answer, 2, "the answer (name, index)")
    row, column = (expect.number(i, "index") for i in expect.sequence(index, 2, "index"))
    expected = next(
        (part, (i, j))
        for part, values in cut(numbered(dims) - 1, dims).items()
        for i, j in np.argwhere(values == place).tolist()
    )
    found = f"{name}[{row:.0f}, {column:.0f}]" if isinstance(name, str) else expect.describe(name)
    expect.holds(
        isinstance(name, str) and (name, (row, column)) == expected,
        f"The wrong entry is {expected[0]}{list(expected[1])}, but the answer is {found}.",
    )


@pytest.mark.points(2)
@given(vectors(), LAMBDAS, some.sizes(1, 5))
def test_the_penalty_is_paid_by_weights_alone(
    submission: Submission, vector: tuple[list[int], Array], lambd: float, m: int
) -> None:
    """The penalty is lambd/(2m) times the squares of all weights, and its gradient is right.

    Biases are somewhere in the vector, too; they cost nothing and have a gradient of 0.
    """
    dims, theta = vector

    def penalty(x: Array) -> float:
        weights = [W for name, W in cut(x, dims).items() if name.startswith("W")]
        return lambd / (2 * m) * float(sum(np.sum(W**2) for W in weights))

    answer = submission.weight_penalty(theta, dims, lambd, m)
    expect.close(answer, penalty(theta), "penalty")
    share = submission.weight_penalty_gradient(theta, dims, lambd, m)
    gradient.check(share, penalty, theta, "the gradient of the penalty")


@settings(max_examples=25)
@given(models())
def test_remember_regularization(submission: Submission, model: Model) -> None:
    """A gradient passes the check of a regularized cost with the share of the penalty, not without.

    Your approximate_gradient, weight_penalty_gradient and relative_distance work together here.
    """
    theta, lambd = model.theta, model.lambd
    plain = model._replace(lambd=0.0).gradient(theta)
    assume(np.linalg.norm(plain) > 0.1 and np.linalg.norm(model.gradient(theta)) > 0.1)
    approximation = submission.approximate_gradient(column(model.cost, theta), theta)
    share = submission.weight_penalty_gradient(theta, MODEL, lambd, model.Y.size)
    approximation = expect.array(approximation, theta.shape, "approximation")
    share = expect.array(share, theta.shape, "the gradient of the penalty")
    with_ = submission.relative_distance(plain + share, approximation)
    without = submission.relative_distance(plain, approximation)
    # Costs up to 4 carry an error of 1e-15: 1e-8 in each of 9 differences, 2e-7 of the norms.
    _require_small(with_, "the distance with the penalty")
    # Weights of 1/4 or more, lambd/m at least 1/12: 6 entries differ by 0.02, norms are below 4.
    _require_large(without, "the distance without the penalty", 1e-3)


def _require_small(distance: Any, what: str) -> None:
    value = expect.number(distance, what)
    expect.holds(0 <= value < 1e-6, f"The gradient is right, but {what} is {value:.4g}.")


def _require_large(distance: Any, what: str, least: float) -> None:
    value = expect.number(distance, what)
    expect.holds(value > least, f"The gradient is wrong, but {what} is {value:.4g}.")


@pytest.mark.points(2)
@settings(max_examples=12)
@given(models(), st.sampled_from((8, 4, 12)))
def test_some_mistakes_show_only_after_training(
    submission: Submission, model: Model, steps: int
) -> None:
    """A right gradient passes both checks; one that regularizes biases fails only after training.

    At first the biases are 0, and so is their share of lambd. Train with the gradient that is being
    checked, then check again where the training has led.
    """
    cost = column(model.cost, model.theta)

    def distances(of_biases: float) -> tuple[float, float]:
        wrong = column(partial(model.gradient, of_biases=of_biases), model.theta)
        answer = submission.check_before_and_after_training(cost, wrong, model.theta, 0.5, steps)
        pair = expect.sequence(answer, 2, "the answer (before, after)")
        before, after = (expect.number(value, "distance") for value in pair)
        return before, after

    assume(_is_worth_checking(model, steps))
    before, after = distances(0.0)
    _require_small(before, "the distance before")
    _require_small(after, "the distance after")
    before, after = distances(model.lambd)
    expect.holds(0 <= before < 1e-6, f"The mistake does not show yet, but before is {before:.4g}.")
    expected = _trained(model, steps, model.lambd)[1]
    expect.close(after, expected, "the distance after training", atol=1e-5)


def _trained(model: Model, steps: int, of_biases: float) -> tuple[float, float]:
    """Size of the gradient after training, and its distance from the right one."""
    theta = model.theta
    for _ in range(steps):
        theta = theta - 0.5 * model.gradient(theta, of_biases=of_biases)
    found, right = model.gradient(theta, of_biases=of_biases), model.gradient(theta)
    distance = np.linalg.norm(found - right) / (np.linalg.norm(found) + np.linalg.norm(right))
    return float(np.linalg.norm(right)), float(distance)


def _is_worth_checking(model: Model, steps: int) -> bool:
    """Gradients stay large enough for differences of 1e-8, and the mistake shows."""
    first = float(np.linalg.norm(model.gradient(model.theta)))
    (right, _), (wrong, distance) = (_trained(model, steps, k) for k in (0.0, model.lambd))
    return min(first, right, wrong) > 0.02 and distance > 1e-3


def dropout_distances(
    submission: Submission, sums: Sum, theta: Array, keep_prob: float, seed: int
) -> tuple[float, float]:
    """What check_with_dropout says: same and fresh."""
    shape = (len(theta), sums.weights.shape[1])
    answer = submission.check_with_dropout(
        callback(sums.cost, takes=[theta.shape, shape]),
        callback(sums.gradient, takes=[theta.shape, shape]),
        theta,
        shape,
        keep_prob,
        generator(seed),
    )
    pair = expect.sequence(answer, 2, "the answer (same, fresh)")
    same, fresh = (expect.number(value, "distance") for value in pair)
    return same, fresh


@pytest.mark.points(2)
@settings(max_examples=10)
@given(some.arrays((UNITS, 1), st.sampled_from((1.0, 0.5, 2.0))), SEEDS)
def test_fresh_masks_spoil_the_check(submission: Submission, theta: Array, seed: int) -> None:
    """With one mask for all a right gradient passes the check; with fresh masks it cannot.

    Every evaluation of the cost has its own mask then, J_plus and J_minus too, and the difference
    of two masks is divided by 2 epsilon. The same rng leads to the same masks.
    """
    sums = Sum(0.5 ** np.arange(DRAWS, dtype=np.float64)[np.newaxis, :])
    same, fresh = dropout_distances(submission, sums, theta, 0.5, seed)
    # J <= 16 is computed to 1e-14 of itself and theta + 1e-7 to 2e-9 of the step: 1e-7 in all.
    _require_small(same, "the distance with the same mask")
    # The 4 sums of a mask are uniform on 2^12 multiples of 2^-11, so two masks give costs within
    # 1e-4 of each other with probability 2^-12, and the pairs of all 4 parameters with 2^-48. If
    # one pair is further apart, its difference is above 500, and the gradient has norm 4 or less:
    # the distance is above 0.98. Ten examples: a false-failure rate of 4e-14.
    expect.holds(fresh > 0.9, f"With fresh masks the check should fail, but fresh is {fresh:.4g}.")
    again = dropout_distances(submission, sums, theta, 0.5, seed)
    # What is missing to 1 is what the masks decide.
    expect.close(1 - again[1], 1 - fresh, "1 - fresh with the same rng", rtol=1e-3, atol=1e-12)
    kept, all_kept = dropout_distances(submission, sums, theta, 1.0, seed)
    _require_small(kept, "the distance with the same mask and keep_prob = 1")
    _require_small(all_kept, "the distance with fresh masks and keep_prob = 1")


@settings(max_examples=6)
@given(st.sampled_from((0.8, 0.2, 0.5)), SEEDS)
def test_masks_keep_a_share_of_keep_prob(
    submission: Submission, keep_prob: float, seed: int
) -> None:
    """The masks of check_with_dropout keep a share of keep_prob of the units.

    The gradient that your function gets here is twice too large wherever the mask keeps another
    share, and the distance is 1/3 then. Uniform random numbers are below keep_prob with this
    probability.

    False-failure rate: 1.1e-10, up to 18 masks of 4000 draws in each of six examples, 1e-12 each by
    Chernoff's bound.
    """
    sums = Sum(np.full((1, 1000), 2.0**-10), keep_prob)
    same, _ = dropout_distances(submission, sums, np.ones((UNITS, 1)), keep_prob, seed)
    _require_small(same, "the distance with the same mask")


@settings(max_examples=10)
@given(models())
def test_the_inputs_are_left_alone(submission: Submission, model: Model) -> None:
    """Neither theta nor the parameters are changed.

    `theta[i] += epsilon` moves the caller's theta, and `theta -= ...` trains it in place.
    """
    theta = model.theta
    cost, slope = column(model.cost, theta), column(model.gradient, theta)
    submission.approximate_gradient(cost, theta)
    expect.unchanged(submission)
    submission.check_before_and_after_training(cost, slope, theta, 0.5, 2)
    expect.unchanged(submission)
    submission.weight_penalty_gradient(theta, MODEL, 1.0, 3)
    expect.unchanged(submission)
    submission.find_worst_entry(theta, 2 * theta, MODEL)
    expect.unchanged(submission)


@given(vectors(), some.numbers(2.0, 0.5), LAMBDAS, some.sizes(1, 5))
def test_vectors_agree_with_the_reference(
    submission: Submission,
    vector: tuple[list[int], Array],
    shift: float,
    lambd: float,
    m: int,
) -> None:
    """Vectors, distances and penalties are those of the reference.

    On parameters of all signs, with zeros and repeated values among them.
    """
    dims, theta = vector
    expect.close(submission.pack_parameters(cut(theta, dims)), theta, "theta")
    other = theta[::-1] + shift
    expected = reference.relative_distance(theta, other)
    expect.close(submission.relative_distance(theta, other), expected, "distance")
    penalty = submission.weight_penalty(theta, dims, lambd, m)
    expect.close(penalty, reference.weight_penalty(theta, dims, lambd, m), "penalty")
    share = submission.weight_penalty_gradient(theta, dims, lambd, m)
    expected_share = reference.weight_penalty_gradient(theta, dims, lambd, m)
    expect.close(share, expected_share, "the gradient of the penalty")
