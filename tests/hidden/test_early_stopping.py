"""What early stopping must do: patience, the parameters of the best epoch, and what it couples."""

from itertools import accumulate, repeat
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, expect, gradient
from grader.kit import strategies as some
from reference import early_stopping as reference

Array = NDArray[np.float64]
Examples = tuple[Array, Array]

# Features are at most 1 and there are at most two, so the curvature of the cost is at most 2: each
# step takes between none and half of what is left. No epoch lands on the minimum, where all that
# still changes is rounding.
RATE = 0.25
EPOCHS = 10

CURVES = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=10)
PATIENCE = st.integers(1, 4)


class Data(NamedTuple):
    """A training set and a dev set for the same linear model."""

    train: Examples
    dev: Examples


@st.composite
def data(draw: st.DrawFn) -> Data:
    """Training and dev sets that need not agree: the dev cost goes wherever it likes."""
    n_x = draw(some.sizes(1, 2))
    sets = []
    for _ in range(2):
        m = draw(some.sizes(1, 3))
        values = draw(some.matrices(n_x + 1, m, some.numbers(1.0, 0.25)))
        sets.append((values[:-1], 2 * values[-1:]))
    return Data(*sets)


@st.composite
def overfitting_data(draw: st.DrawFn) -> Data:
    """The first feature is right for both sets, the second one for the training set only.

    The first is learned at least as fast, so the dev cost falls before it rises, and the training
    cost has not reached its minimum when it does.
    """
    scales = st.sampled_from((1.0, 1.5, 2.0))
    slow, fast = sorted((draw(scales), draw(scales)))
    noise = draw(st.sampled_from((1.0, -1.0, 0.5)))
    train = np.diag([fast, slow]), np.array([[fast, noise * slow]])
    return Data(train, (np.eye(2), np.array([[1.0, 0.0]])))


def path(train: Examples) -> list[Array]:
    """The parameters at epochs 0, 1, ..., EPOCHS."""
    start = np.zeros((train[0].shape[0], 1))
    steps = accumulate(
        repeat(None, EPOCHS), lambda w, _: w - RATE * reference.gradient(w, train), initial=start
    )
    return list(steps)


def trained(answer: Any, data: Data) -> tuple[Array, int, list[float]]:
    """The parts of an answer: w, the best epoch, and the dev costs, of the right kind."""
    parts = expect.mapping(answer, ("w", "best_epoch", "dev_costs"), "the answer")
    w = expect.array(parts["w"], (data.train[0].shape[0], 1), '"w"')
    costs = parts["dev_costs"]
    if isinstance(costs, np.ndarray) and costs.ndim == 1:
        costs = costs.tolist()
    length = len(costs) if isinstance(costs, list | tuple) else EPOCHS + 1
    expect.holds(1 <= length <= EPOCHS + 1, f'"dev_costs" holds {length} costs.')
    numbers = [expect.number(c, "a dev cost") for c in expect.sequence(costs, length, "dev_costs")]
    best = expect.number(parts["best_epoch"], '"best_epoch"')
    expect.holds(best in range(length), f'"best_epoch" is {best:g}, of {length} epochs.')
    return w, int(best), numbers


def regularized_cost(w: Array, train: Examples, lambd: float) -> float:
    penalty = lambd / (2 * train[0].shape[1]) * np.sum(w**2)
    return float(reference.cost(w, train) + penalty)


@given(CURVES)
def test_the_best_epoch_has_the_lowest_cost(submission: Submission, curve: list[float]) -> None:
    """With all the patience in the world, the best epoch is that of the lowest cost.

    Of equal costs the first one counts. Training ends with the curve.
    """
    best, last = expect.sequence(
        submission.best_epoch(curve, len(curve)), 2, "the answer (best, last)"
    )
    expect.close(best, int(np.argmin(curve)), "best")
    expect.close(last, len(curve) - 1, "last")


@given(CURVES, PATIENCE)
def test_training_ends_when_patience_is_used_up(
    submission: Submission, curve: list[float], patience: int
) -> None:
    """Training ends `patience` epochs after the best one, or at the end of the curve.

    Count the epochs since the best one; compare that with patience at every epoch.
    """
    answer = submission.best_epoch(curve, patience)
    best, last = (
        expect.number(epoch, name)
        for epoch, name in zip(
            expect.sequence(answer, 2, "the answer (best, last)"), ("best", "last"), strict=True
        )
    )
    expect.close(last, min(best + patience, len(curve) - 1), "last")


@given(CURVES, PATIENCE)
def test_nothing_is_known_of_what_comes_later(
    submission: Submission, curve: list[float], patience: int
) -> None:
    """A lower cost after the end of training changes nothing.

    Nobody has trained that far; walk along the curve and stop.
    """
    flat = [1.0, *[1.0 + cost for cost in curve[: patience - 1]], *[2.0] * patience]
    flat = flat[: patience + 1]
    answer = submission.best_epoch([*flat, *(-cost for cost in curve)], patience)
    best, last = expect.sequence(answer, 2, "the answer (best, last)")
    expect.close(best, 0, "best")
    expect.close(last, patience, "last")


@settings(max_examples=25)
@given(st.integers(2, 4), st.integers(2, 5))
def test_patience_starts_anew_with_each_improvement(
    submission: Submission, patience: int, times: int
) -> None:
    """A curve that improves every so often is followed to its end.

    Only epochs in a row count; a new best cost sets the count back to 0.
    """
    curve = [float(10 - k + worse) for k in range(times) for worse in [0, *[3] * (patience - 1)]]
    answer = submission.best_epoch(curve, patience)
    best, last = expect.sequence(answer, 2, "the answer (best, last)")
    expect.close(best, patience * (times - 1), "best")
    expect.close(last, len(curve) - 1, "last")


@given(CURVES, PATIENCE)
def test_the_best_epoch_agrees_with_the_reference(
    submission: Submission, curve: list[float], patience: int
) -> None:
    """Best and last epoch are those of the reference, for any curve and any patience.

    Ties, curves that rise at once, curves of one epoch: everything at once.
    """
    answer = submission.best_epoch(curve, patience)
    for found, expected, name in zip(
        expect.sequence(answer, 2, "the answer (best, last)"),
        reference.best_epoch(curve, patience),
        ("best", "last"),
        strict=True,
    ):
        expect.close(found, expected, name)


@pytest.mark.points(2)
@settings(max_examples=50)
@given(data(), PATIENCE)
def test_the_parameters_of_the_best_epoch_are_returned(
    submission: Submission, data: Data, patience: int
) -> None:
    """The returned w has the lowest of all dev costs.

    Keep the parameters of the best epoch while training goes on. `best = w` is no copy: an update
    in place, as in `w -= ...`, would change both.
    """
    answer = submission.train_with_early_stopping(*data, RATE, patience, EPOCHS)
    w, best, dev_costs = trained(answer, data)
    expect.close(reference.cost(w, data.dev), min(dev_costs), "the dev cost of the returned w")
    expect.close(dev_costs[best], min(dev_costs), "the dev cost of the best epoch")


@settings(max_examples=50)
@given(data(), PATIENCE)
def test_the_dev_costs_are_those_of_each_epoch(
    submission: Submission, data: Data, patience: int
) -> None:
    """dev_costs begins with the cost at w = 0 and has one more for each step.

    The steps follow the gradient of the training cost; the dev set is only looked at.
    """
    answer = submission.train_with_early_stopping(*data, RATE, patience, EPOCHS)
    _, _, dev_costs = trained(answer, data)
    expected = [reference.cost(w, data.dev) for w in path(data.train)[: len(dev_costs)]]
    expect.close(np.array(dev_costs), np.array(expected), "dev_costs")


@settings(max_examples=50)
@given(data(), PATIENCE)
def test_training_stops_in_time(submission: Submission, data: Data, patience: int) -> None:
    """Training goes on until the dev cost has not improved for `patience` epochs, and no longer.

    It ends after the given number of epochs at the latest. dev_costs shows how far it came.
    """
    answer = submission.train_with_early_stopping(*data, RATE, patience, EPOCHS)
    _, _, dev_costs = trained(answer, data)
    # Judged by the student's own costs, so that rounding cannot move the best epoch.
    _, last = reference.best_epoch(dev_costs, patience)
    enough = last == len(dev_costs) - 1
    expect.holds(enough, f"Training went on to epoch {len(dev_costs) - 1}, past epoch {last}.")
    wait = len(dev_costs) - 1 - int(np.argmin(dev_costs))
    expect.holds(
        wait >= patience or len(dev_costs) == EPOCHS + 1,
        f"Training ended after {wait} epochs without improvement, with a patience of {patience}.",
    )


@settings(max_examples=50)
@given(data(), PATIENCE)
def test_the_dev_set_teaches_nothing(submission: Submission, data: Data, patience: int) -> None:
    """The returned w is what gradient descent on the training set reaches in the best epoch.

    What the network learns comes from the training set; the dev set only says when to stop.
    """
    answer = submission.train_with_early_stopping(*data, RATE, patience, EPOCHS)
    w, best, _ = trained(answer, data)
    expect.close(w, path(data.train)[best], '"w"')


@settings(max_examples=25)
@given(data(), PATIENCE)
def test_the_examples_stay_as_they_are(submission: Submission, data: Data, patience: int) -> None:
    """Training changes neither the training set nor the dev set.

    Centring or scaling, if you like it, needs a copy.
    """
    submission.train_with_early_stopping(*data, RATE, patience, EPOCHS)
    expect.unchanged(submission)


@settings(max_examples=50)
@given(data(), some.positive_numbers(1.0, 0.25), st.integers(0, 4))
def test_steps_with_l2_agree_with_the_reference(
    submission: Submission, data: Data, lambd: float, epochs: int
) -> None:
    """After a few steps with L2, w is that of the reference.

    The gradient of the penalty lambd / (2m) * ||w||^2 is lambd / m * w.
    """
    w = submission.train_with_l2(data.train, lambd, RATE, epochs)
    expect.close(w, reference.train_with_l2(data.train, lambd, RATE, epochs), "w")


@pytest.mark.points(2)
@settings(max_examples=10)
@given(data(), st.sampled_from((1.0, 0.5, 2.0)))
def test_with_l2_the_cost_is_minimized_to_the_end(
    submission: Submission, data: Data, strength: float
) -> None:
    """Whatever lambd is, training with L2 reaches the minimum of its cost.

    That is one job done; how much is fitted is the affair of lambd alone.
    """
    X, Y = data.train
    # The penalty alone makes the curvature at least lambd / m = strength: of 200 steps, each leaves
    # at most 1 - RATE * strength <= 7/8 of the distance, 3e-12 in all.
    lambd = strength * X.shape[1]
    w = submission.train_with_l2(data.train, lambd, RATE, 200)
    minimum = np.linalg.solve(X @ X.T + lambd * np.eye(X.shape[0]), X @ Y.T)
    expect.close(w, minimum, "w", atol=1e-7)


@settings(max_examples=50)
@given(data(), some.numbers(1.0, 0.25), st.sampled_from((0.0, 1.0, 2.0)))
def test_the_slope_is_the_length_of_the_gradient(
    submission: Submission, data: Data, first: float, lambd: float
) -> None:
    """The slope is the length of the gradient of the cost with its penalty, at w.

    The length of a vector is the root of the sum of its squares.
    """
    w = np.full((data.train[0].shape[0], 1), first)
    w[-1] += 0.5
    numeric = gradient.numeric(lambda w: regularized_cost(w, data.train, lambd), w)
    found = submission.slope(w, data.train, lambd)
    expect.close(found, float(np.linalg.norm(numeric)), "slope", atol=1e-7)


@pytest.mark.points(2)
@settings(max_examples=20)
@given(overfitting_data(), st.sampled_from((1.0, 0.5, 2.0)), PATIENCE)
def test_early_stopping_leaves_the_cost_unfinished(
    submission: Submission, data: Data, lambd: float, patience: int
) -> None:
    """Where a model overfits, early stopping ends on a slope, and L2 does not.

    Both slopes come from your training functions, each of the cost that was to be minimized. That
    early stopping leaves one is the price of using one tool for two jobs.
    """
    answer = submission.compare_with_l2(*data, lambd, RATE, patience, 200)
    slopes = expect.mapping(answer, ("early_stopping", "l2"), "the slopes")
    expected = reference.compare_with_l2(*data, lambd, RATE, patience, 200)
    expect.close(slopes["early_stopping"], expected["early_stopping"], '"early_stopping"')
    expect.close(slopes["l2"], 0.0, '"l2"')
