"""What logistic regression must do: the cost and its penalty, gradients, a step downhill."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect, gradient
from grader.kit import strategies as some
from reference import logistic_regression as reference
from tests.hidden.networks import Array, cross_entropy, sigmoid

LAMBDAS = some.positive_numbers(2.0, 0.25)
RATES = some.positive_numbers(1.0, 0.25)


class Model(NamedTuple):
    """Examples in columns with their labels, and the parameters of a model for them."""

    X: Array
    Y: Array
    w: Array
    b: float

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])

    def z(self) -> Array:
        """w^T X + b, shape (1, m)."""
        value: Array = np.sum(self.X * self.w, axis=0, keepdims=True) + self.b
        return value

    def cost(self, lambd: float) -> float:
        """The regularized cost, exact where the sigmoid rounds to 0 or 1."""
        return cross_entropy(self.z(), self.Y) + lambd / (2 * self.m) * float(np.sum(self.w**2))


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Up to 3 features and 4 examples, all multiples of 1/2, with |z| <= 4.

    There 1 - a >= 0.018, so log(1 - a), as students write it, keeps 13 digits.
    """
    n, m = draw(some.sizes(1, 3)), draw(some.sizes(1, 4))
    half = some.numbers(1.0, 0.5)
    X, w = draw(some.arrays((n, m), half)), draw(some.arrays((n, 1), half))
    return Model(X, draw(some.labels(m)), w, draw(half))


def gradients_of(answer: Any, model: Model) -> tuple[Array, float]:
    """dw and db."""
    gradients = expect.mapping(answer, ("dw", "db"), "gradients")
    dw = expect.array(gradients["dw"], model.w.shape, "dw")
    return dw, expect.number(gradients["db"], "db")


@given(models())
def test_predictions_are_sigmoids_of_weighted_sums(submission: Submission, model: Model) -> None:
    """predict_logistic gives sigmoid(w^T X + b), one probability for each example.

    w is a column, so it has to be transposed before the product; the result has shape (1, m).
    """
    A = submission.predict_logistic(model.X, model.w, model.b)
    expect.close(A, sigmoid(model.z()), "A")


@settings(max_examples=25)
@given(models(), LAMBDAS)
def test_an_undecided_model_costs_the_logarithm_of_two(
    submission: Submission, model: Model, lambd: float
) -> None:
    """When w and b are 0, every probability is one half and the cost is ln 2 = 0.6931.

    Cross-entropy takes natural logarithms, both terms of it have a minus, and weights of 0 cost
    nothing.
    """
    cost = submission.compute_logistic_cost(model.X, model.Y, 0 * model.w, 0.0, lambd)
    expect.close(cost, np.log(2), "cost")


@given(models())
def test_the_cost_is_a_mean_over_the_examples(submission: Submission, model: Model) -> None:
    """With lambd = 0, every example twice costs as much as every example once.

    Divide the sum over the examples by their number, m = X.shape[1].
    """
    X, Y, w, b = model
    once = expect.number(submission.compute_logistic_cost(X, Y, w, b, 0.0), "cost")
    twice = submission.compute_logistic_cost(np.tile(X, 2), np.tile(Y, 2), w, b, 0.0)
    expect.close(twice, once, "cost of every example twice")


@pytest.mark.points(2)
@given(models(), LAMBDAS)
def test_the_penalty_is_lambda_over_two_m_times_the_squares(
    submission: Submission, model: Model, lambd: float
) -> None:
    """With lambd the cost is higher by lambd / (2 m) times the sum of the squares of w.

    The squared norm is the sum itself, without a root; m counts examples, not features.
    """
    cost, none = (
        expect.number(submission.compute_logistic_cost(*model, k), "cost") for k in (lambd, 0.0)
    )
    expected = lambd / (2 * model.m) * np.sum(model.w**2)
    expect.close(cost - none, expected, "the penalty")


@given(models(), LAMBDAS)
def test_the_bias_costs_nothing(submission: Submission, model: Model, lambd: float) -> None:
    """When w is 0, lambd changes nothing, whatever b is.

    Only w is in the penalty; the term of b is omitted.
    """
    bare = model._replace(w=np.zeros_like(model.w))
    with_, without = (submission.compute_logistic_cost(*bare, k) for k in (lambd, 0.0))
    expect.close(with_, expect.number(without, "cost"), "cost with lambd")


@pytest.mark.points(2)
@given(models(), LAMBDAS)
def test_the_weights_have_the_right_gradient(
    submission: Submission, model: Model, lambd: float
) -> None:
    """dw is the gradient of the regularized cost.

    It has two shares: the mean of (a - y) x over the examples, and that of the penalty.
    """
    answer = submission.compute_logistic_gradients(*model, lambd)
    dw = expect.mapping(answer, ("dw",), "gradients")["dw"]
    gradient.check(dw, lambda w: model._replace(w=w).cost(lambd), model.w, "dw")


@given(models(), LAMBDAS)
def test_the_bias_has_the_right_gradient(
    submission: Submission, model: Model, lambd: float
) -> None:
    """db is the derivative of the regularized cost: the mean of a - y over the examples.

    It is one number. The penalty has no share in it.
    """
    answer = submission.compute_logistic_gradients(*model, lambd)
    db = expect.mapping(answer, ("db",), "gradients")["db"]
    gradient.check(db, lambda b: model._replace(b=float(b)).cost(lambd), model.b, "db")


@given(models(), LAMBDAS)
def test_lambda_adds_its_share_of_the_weights(
    submission: Submission, model: Model, lambd: float
) -> None:
    """With lambd, dw has lambd/m w more than without.

    The square gives a factor of 2, which the 2 in lambd / (2 m) takes away.
    """
    (with_, _), (without, _) = (
        gradients_of(submission.compute_logistic_gradients(*model, k), model) for k in (lambd, 0.0)
    )
    expect.close(with_ - without, lambd / model.m * model.w, "the share of lambd in dw")


@given(models(), LAMBDAS)
def test_lambda_leaves_the_bias_alone(submission: Submission, model: Model, lambd: float) -> None:
    """db is the same with and without lambd.

    b is not part of the penalty, so it is not regularized.
    """
    (_, with_), (_, without) = (
        gradients_of(submission.compute_logistic_gradients(*model, k), model) for k in (lambd, 0.0)
    )
    expect.close(with_, without, "db with lambd")


@settings(max_examples=25)
@given(models(), LAMBDAS)
def test_the_gradient_belongs_to_your_cost(
    submission: Submission, model: Model, lambd: float
) -> None:
    """compute_logistic_gradients passes a gradient check against your own compute_logistic_cost.

    Both are yours, and they are compared with each other: a slip in either shows.
    """
    X, Y, w, b = model
    dw, db = gradients_of(submission.compute_logistic_gradients(*model, lambd), model)

    def cost(w: Array, b: float) -> float:
        return expect.number(submission.compute_logistic_cost(X, Y, w, b, lambd), "cost")

    gradient.check(dw, lambda moved: cost(moved, b), w, "dw")
    gradient.check(db, lambda moved: cost(w, float(moved)), b, "db")


@given(models(), some.numbers(2.0, 0.5), RATES)
def test_a_step_goes_against_the_gradient(
    submission: Submission, model: Model, db: float, learning_rate: float
) -> None:
    """update_logistic makes w - alpha dw and b - alpha db.

    The gradients that come in hold the share of the penalty already.
    """
    dw = model.X[:, :1] + model.w
    answer = submission.update_logistic(model.w, model.b, {"dw": dw, "db": db}, learning_rate)
    w, b = expect.sequence(answer, 2, "the answer (w, b)")
    expect.close(w, model.w - learning_rate * dw, "w")
    expect.close(b, model.b - learning_rate * db, "b")


@settings(max_examples=25)
@given(models(), LAMBDAS)
def test_a_small_step_lowers_the_cost(submission: Submission, model: Model, lambd: float) -> None:
    """A step of 1/16 along your own gradients never raises the regularized cost.

    Your compute_logistic_gradients and update_logistic work together here. Minus the gradient is
    the way down.
    """
    X, Y, w, b = model
    gradients = submission.compute_logistic_gradients(X, Y, w, b, lambd)
    dw, db = gradients_of(gradients, model)
    answer = submission.update_logistic(w, b, {"dw": dw, "db": db}, 1 / 16)
    new_w, new_b = expect.sequence(answer, 2, "the answer (w, b)")
    moved = Model(X, Y, expect.array(new_w, w.shape, "w"), expect.number(new_b, "b"))
    # The curvature is at most (n max x^2 + 1)/4 + lambd/m <= 3 < 2 * 16: a step of 1/16 descends.
    before, after = model.cost(lambd), moved.cost(lambd)
    expect.holds(
        after <= before + 1e-12, f"The cost rises from {before:.4g} to {after:.4g} in one step."
    )


@settings(max_examples=25)
@given(models(), LAMBDAS)
def test_the_inputs_are_left_alone(submission: Submission, model: Model, lambd: float) -> None:
    """None of the functions changes X, Y, w or the gradients.

    `w -= alpha * dw` writes into the array that was handed in; `w - alpha * dw` makes a new one.
    """
    submission.update_logistic(model.w, model.b, {"dw": np.ones_like(model.w), "db": 1.0}, 0.5)
    expect.unchanged(submission)
    submission.compute_logistic_gradients(*model, lambd)
    expect.unchanged(submission)
    submission.compute_logistic_cost(*model, lambd)
    expect.unchanged(submission)


@given(models(), LAMBDAS)
def test_cost_and_gradients_agree_with_the_reference(
    submission: Submission, model: Model, lambd: float
) -> None:
    """The cost and both gradients are those of the reference.

    Cross-entropy and penalty together.
    """
    cost = submission.compute_logistic_cost(*model, lambd)
    expect.close(cost, reference.compute_logistic_cost(*model, lambd), "cost")
    dw, db = gradients_of(submission.compute_logistic_gradients(*model, lambd), model)
    expected = reference.compute_logistic_gradients(*model, lambd)
    expect.close(dw, expected["dw"], "dw")
    expect.close(db, expected["db"], "db")
