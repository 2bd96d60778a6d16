"""What regularization must do: the penalty, its gradient, and two forms of one step."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect
from grader.kit import strategies as some
from reference import regularization as reference
from tests.hidden.answers import gradients_of, require_all_gradients, require_gradients
from tests.hidden.networks import (
    BIASES,
    NAMES,
    WEIGHTS,
    Array,
    Cost,
    Network,
    Parameters,
    calm_networks,
    cross_entropy,
    networks,
)

LAMBDAS = some.positive_numbers(2.0, 0.25)
RATES = some.positive_numbers(1.0, 0.25)


class Step(NamedTuple):
    """What an update is made of."""

    parameters: Parameters
    gradients: Parameters
    lambd: float
    learning_rate: float
    m: int


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Parameters of a network, and gradients of the same shapes."""
    network = draw(networks())
    shape = [network.parameters[W].shape[1] for W in WEIGHTS]
    other = draw(networks(shape, examples=1))
    gradients = {f"d{name}": value for name, value in other.parameters.items()}
    return Step(network.parameters, gradients, draw(LAMBDAS), draw(RATES), network.m)


def probabilities_of(network: Network) -> Array:
    """A3 of the trusted forward pass."""
    return network.cache()[9]


def squares(parameters: Parameters) -> float:
    return float(sum(np.sum(parameters[name] ** 2) for name in WEIGHTS))


def cost_of(network: Network, name: str, lambd: float) -> Cost:
    """The regularized cost as a function of one parameter."""

    def cost(value: Array) -> float:
        moved = network.with_(name, value)
        return moved.cost() + lambd / (2 * network.m) * squares(moved.parameters)

    return cost


@given(calm_networks())
def test_without_lambda_only_the_cross_entropy_is_left(
    submission: Submission, network: Network
) -> None:
    """With lambd = 0 the cost is the cross-entropy alone.

    The penalty is added to compute_cost(A3, Y), and it is a multiple of lambd.
    """
    A3, Y = probabilities_of(network), network.Y
    cost = submission.compute_cost_with_regularization(A3, Y, network.parameters, 0.0)
    expect.close(cost, cross_entropy(network.cache()[8], Y), "cost")


@given(calm_networks(), LAMBDAS)
def test_the_penalty_is_proportional_to_lambda(
    submission: Submission, network: Network, lambd: float
) -> None:
    """Three times the lambd, three times the penalty.

    The penalty is what the cost with lambd has more than the cost with lambd = 0.
    """
    A3, Y, parameters = probabilities_of(network), network.Y, network.parameters
    none, once, thrice = (
        expect.number(
            submission.compute_cost_with_regularization(A3, Y, parameters, k * lambd), "cost"
        )
        for k in (0, 1, 3)
    )
    expect.close(thrice - none, 3 * (once - none), "the penalty at three times the lambd")


@pytest.mark.points(2)
@given(calm_networks(), LAMBDAS)
def test_the_penalty_is_lambda_over_two_m_times_the_squares(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The penalty is lambd / (2 m) times the sum of the squares of all weights.

    m is the number of examples, and the 2 makes the derivative simple.
    """
    A3, Y, parameters = probabilities_of(network), network.Y, network.parameters
    none, cost = (
        expect.number(submission.compute_cost_with_regularization(A3, Y, parameters, k), "cost")
        for k in (0.0, lambd)
    )
    expected = lambd / (2 * network.m) * squares(parameters)
    expect.close(cost - none, expected, "the penalty")


@given(calm_networks(), LAMBDAS)
def test_biases_cost_nothing(submission: Submission, network: Network, lambd: float) -> None:
    """Other biases, same A3: the cost stays.

    Only W1, W2 and W3 are squared.
    """
    A3, Y, parameters = probabilities_of(network), network.Y, network.parameters
    moved = parameters | {name: parameters[name] + 1 for name in BIASES}
    cost = submission.compute_cost_with_regularization(A3, Y, parameters, lambd)
    again = submission.compute_cost_with_regularization(A3, Y, moved, lambd)
    expect.close(again, expect.number(cost, "cost"), "cost with other biases")


@given(calm_networks(), LAMBDAS)
def test_every_layer_pays_the_same(submission: Submission, network: Network, lambd: float) -> None:
    """One weight of 2 costs the same in each of the three layers, and more than nothing.

    The sum of the squares runs over W1, W2 and W3.
    """
    A3, Y = probabilities_of(network), network.Y
    zeros = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    none = submission.compute_cost_with_regularization(A3, Y, zeros, lambd)
    penalties = []
    for name in WEIGHTS:
        W = zeros[name].copy()
        W[0, 0] = 2
        cost = submission.compute_cost_with_regularization(A3, Y, zeros | {name: W}, lambd)
        penalties.append(expect.number(cost, "cost") - expect.number(none, "cost"))
    for name, penalty in zip(WEIGHTS, penalties, strict=True):
        expect.holds(penalty > 1e-6, f"A weight in {name} costs nothing.")
        expect.close(penalty, penalties[0], f"the penalty of a weight in {name}")


@settings(max_examples=25)
@given(networks(), LAMBDAS)
def test_there_is_a_gradient_for_every_variable(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The backward pass returns eleven gradients, each of the shape of its variable.

    The keys are dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1 and db1. Sums over examples need
    keepdims=True to stay columns.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    require_all_gradients(answer, parameters, network.m)


@pytest.mark.points(2)
@given(networks(), LAMBDAS)
def test_the_weights_have_the_right_gradient(
    submission: Submission, network: Network, lambd: float
) -> None:
    """dW1, dW2 and dW3 are the gradients of the regularized cost.

    The derivative of lambd/(2m) ||W||^2 joins what backpropagation gives.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    require_gradients(answer, WEIGHTS, parameters, lambda name: cost_of(network, name, lambd))


@given(networks(), LAMBDAS)
def test_the_biases_have_the_right_gradient(
    submission: Submission, network: Network, lambd: float
) -> None:
    """db1, db2 and db3 are the gradients of the regularized cost.

    Means over the examples of dZ1, dZ2 and dZ3, as without regularization.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    require_gradients(answer, BIASES, parameters, lambda name: cost_of(network, name, lambd))


@given(networks(), LAMBDAS)
def test_lambda_adds_its_share_of_the_weights(
    submission: Submission, network: Network, lambd: float
) -> None:
    """With lambd each dW has lambd/m W more than without.

    The square gives a factor of 2, which the 2 in lambd / (2 m) takes away.
    """
    X, Y, parameters = network
    with_, without = (
        gradients_of(
            submission.backward_propagation_with_regularization(X, Y, network.cache(), k), WEIGHTS
        )
        for k in (lambd, 0.0)
    )
    for name in WEIGHTS:
        W, key = parameters[name], f"d{name}"
        more = expect.array(with_[key], W.shape, key) - expect.array(without[key], W.shape, key)
        expect.close(more, lambd / network.m * W, f"the share of lambd in {key}")


@given(networks(), LAMBDAS)
def test_lambda_leaves_the_biases_alone(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The gradients of the biases are the same with and without lambd.

    Biases are not part of the penalty.
    """
    X, Y, parameters = network
    with_, without = (
        gradients_of(
            submission.backward_propagation_with_regularization(X, Y, network.cache(), k), BIASES
        )
        for k in (lambd, 0.0)
    )
    for name in BIASES:
        key = f"d{name}"
        expect.close(with_[key], expect.array(without[key], parameters[name].shape, key), key)


@settings(max_examples=10)
@given(calm_networks(), LAMBDAS)
def test_the_gradient_belongs_to_your_cost(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The backward pass gives the gradient of the cost that you wrote.

    Your compute_cost_with_regularization is what your gradients are compared with.
    """
    X, Y, parameters = network
    answer = submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)

    def cost(name: str, value: Array) -> float:
        moved = network.with_(name, value)
        A3 = probabilities_of(moved)
        return expect.number(
            submission.compute_cost_with_regularization(A3, Y, moved.parameters, lambd), "cost"
        )

    require_gradients(answer, WEIGHTS, parameters, lambda name: partial(cost, name))


@settings(max_examples=25)
@given(networks(), LAMBDAS)
def test_the_backward_pass_leaves_its_inputs_alone(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The backward pass changes neither X, nor Y, nor the cache.

    The same cache must give the same gradients when it is used again.
    """
    X, Y, _ = network
    submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    expect.unchanged(submission)


@given(steps())
def test_the_gradient_form_adds_the_penalty_to_the_gradient(
    submission: Submission, step: Step
) -> None:
    """update_parameters_with_gradient makes W - alpha (dW + lambd/m W).

    The gradients that come in are those of the cross-entropy alone.
    """
    answer = submission.update_parameters_with_gradient(*step)
    updated = expect.mapping(answer, WEIGHTS, "parameters")
    for name in WEIGHTS:
        W, dW = step.parameters[name], step.gradients[f"d{name}"]
        expected = W - step.learning_rate * (dW + step.lambd / step.m * W)
        expect.close(updated[name], expected, name)


@given(steps())
def test_weights_without_a_gradient_decay(submission: Submission, step: Step) -> None:
    """With gradients of 0, update_parameters_with_weight_decay makes (1 - alpha lambd/m) W.

    This factor is why L2 regularization is also called weight decay.
    """
    gradients = {name: np.zeros_like(value) for name, value in step.gradients.items()}
    answer = submission.update_parameters_with_weight_decay(*step._replace(gradients=gradients))
    updated = expect.mapping(answer, WEIGHTS, "parameters")
    decay = 1 - step.learning_rate * step.lambd / step.m
    for name in WEIGHTS:
        expect.close(updated[name], decay * step.parameters[name], name)


@given(steps())
def test_the_gradient_form_takes_plain_steps_on_biases(submission: Submission, step: Step) -> None:
    """update_parameters_with_gradient makes b - alpha db, whatever lambd is.

    Biases are not part of the penalty.
    """
    answer = submission.update_parameters_with_gradient(*step)
    _require_plain_steps(answer, step, BIASES)


@given(steps())
def test_the_decay_form_takes_plain_steps_on_biases(submission: Submission, step: Step) -> None:
    """update_parameters_with_weight_decay makes b - alpha db, whatever lambd is.

    Biases are not part of the penalty.
    """
    answer = submission.update_parameters_with_weight_decay(*step)
    _require_plain_steps(answer, step, BIASES)


@given(steps())
def test_without_lambda_the_gradient_form_is_gradient_descent(
    submission: Submission, step: Step
) -> None:
    """With lambd = 0, update_parameters_with_gradient makes W - alpha dW.

    The step goes against the gradient, and its length is the learning rate.
    """
    plain = step._replace(lambd=0.0)
    _require_plain_steps(submission.update_parameters_with_gradient(*plain), plain, NAMES)


@given(steps())
def test_without_lambda_the_decay_form_is_gradient_descent(
    submission: Submission, step: Step
) -> None:
    """With lambd = 0, update_parameters_with_weight_decay makes W - alpha dW.

    Nothing decays then: the factor is 1.
    """
    plain = step._replace(lambd=0.0)
    _require_plain_steps(submission.update_parameters_with_weight_decay(*plain), plain, NAMES)


def _require_plain_steps(answer: Any, step: Step, names: tuple[str, ...]) -> None:
    updated = expect.mapping(answer, names, "parameters")
    for name in names:
        expected = step.parameters[name] - step.learning_rate * step.gradients[f"d{name}"]
        expect.close(updated[name], expected, name)


@pytest.mark.points(2)
@given(steps())
def test_both_forms_take_the_same_step(submission: Submission, step: Step) -> None:
    """The gradient form and the weight decay form lead to the same parameters.

    W - alpha (dW + lambd/m W) = (1 - alpha lambd/m) W - alpha dW.
    """
    one = expect.mapping(submission.update_parameters_with_gradient(*step), NAMES, "parameters")
    other = expect.mapping(
        submission.update_parameters_with_weight_decay(*step), NAMES, "parameters"
    )
    for name, value in step.parameters.items():
        expected = expect.array(one[name], value.shape, name)
        expect.close(other[name], expected, f"{name} of the weight decay form")


@given(calm_networks(), LAMBDAS)
def test_the_cost_agrees_with_the_reference(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The regularized cost is that of the reference.

    Cross-entropy and penalty together.
    """
    arguments = (probabilities_of(network), network.Y, network.parameters, lambd)
    cost = submission.compute_cost_with_regularization(*arguments)
    expect.close(cost, reference.compute_cost_with_regularization(*arguments), "cost")


@given(networks(), LAMBDAS)
def test_the_gradients_agree_with_the_reference(
    submission: Submission, network: Network, lambd: float
) -> None:
    """The gradients of all parameters are those of the reference.

    Everything of the backward pass, from the cache of the reference to dW1 and db1.
    """
    X, Y, _ = network
    answer = submission.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    gradients = gradients_of(answer, NAMES)
    expected = reference.backward_propagation_with_regularization(X, Y, network.cache(), lambd)
    for name in NAMES:
        expect.close(gradients[f"d{name}"], expected[f"d{name}"], f"d{name}")
