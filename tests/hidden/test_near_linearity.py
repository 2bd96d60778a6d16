"""What near linearity means: tanh against a line, layers that collapse, lambda that helps."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.kit import Submission, expect, gradient
from grader.kit import strategies as some
from reference import near_linearity as reference
from tests.hidden.networks import Array, Parameters, cross_entropy, sigmoid

LAMBDAS = some.positive_numbers(2.0, 0.25)
NAMES = ("W1", "b1", "W2", "b2")

SMALL = some.numbers(0.125, 1 / 64)  # for Z where tanh is nearly a line
STRENGTHS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)


class Network(NamedTuple):
    """Examples in columns with their labels, and a network with one hidden layer of tanh."""

    X: Array
    Y: Array
    parameters: Parameters

    def logits(self) -> Array:
        """Z2, shape (1, m)."""
        W1, b1, W2, b2 = (self.parameters[name] for name in NAMES)
        Z2: Array = W2 @ np.tanh(W1 @ self.X + b1) + b2
        return Z2

    def cache(self) -> tuple[Array, Array, Array, Array]:
        """(Z1, A1, Z2, A2)."""
        Z1 = self.parameters["W1"] @ self.X + self.parameters["b1"]
        return Z1, np.tanh(Z1), self.logits(), sigmoid(self.logits())

    def cost(self, lambd: float) -> float:
        """The regularized cost."""
        m = int(self.X.shape[1])
        squares = sum(float(np.sum(self.parameters[name] ** 2)) for name in ("W1", "W2"))
        return cross_entropy(self.logits(), self.Y) + lambd / (2 * m) * squares

    def cost_of(self, name: str, lambd: float) -> Callable[[Array], float]:
        """The cost as a function of one parameter."""
        return lambda value: self._replace(parameters=self.parameters | {name: value}).cost(lambd)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to 3 inputs, 3 hidden units and 3 examples; multiples of 1/2 up to 1."""
    n0, n1, m = (draw(some.sizes(1, 3)) for _ in range(3))
    half = some.numbers(1.0, 0.5)
    shapes = {"W1": (n1, n0), "b1": (n1, 1), "W2": (1, n1), "b2": (1, 1)}
    parameters = {name: draw(some.arrays(shape, half)) for name, shape in shapes.items()}
    return Network(draw(some.arrays((n0, m), half)), draw(some.labels(m)), parameters)


@st.composite
def deep_lines(draw: st.DrawFn) -> Parameters:
    """One to four layers of up to three units."""
    dims = draw(st.lists(some.sizes(1, 3), min_size=2, max_size=5))
    parameters = {}
    for layer in range(1, len(dims)):
        shape = (dims[layer], dims[layer - 1])
        parameters[f"W{layer}"] = draw(some.arrays(shape, some.numbers(2.0, 0.5)))
        parameters[f"b{layer}"] = draw(some.arrays((shape[0], 1), some.numbers(2.0, 0.5)))
    return parameters


def exclusive_or(seed: int) -> Network:
    """Eight examples that no straight line separates, and where training starts.

    On these the departures of the reference fall by a tenth or more from each lambda to the next.
    """
    rng = np.random.default_rng(seed)
    X = np.round(rng.uniform(-2, 2, (2, 8)) * 4) / 4
    W1, W2 = (np.round(rng.normal(size=shape) * 4) / 4 for shape in ((3, 2), (1, 3)))
    parameters = {"W1": W1, "b1": np.zeros((3, 1)), "W2": W2, "b2": np.zeros((1, 1))}
    return Network(X, np.array(X[:1] * X[1:] > 0, dtype=np.float64), parameters)


TRAININGS = st.sampled_from((0, 2, 4, 6)).map(exclusive_or)


def departures_of(answer: Any, count: int) -> Array:
    return expect.array(answer, (count,), "departures")


@given(some.numbers(4.0, 0.125))
def test_the_departure_of_one_number(submission: Submission, z: float) -> None:
    """For a single z the departure is 1 - tanh(z)/z: its share of z that tanh takes away.

    The distance |tanh(z) - z| is divided by |z|. At z = 0, where tanh lies on the line, it is 0.
    """
    answer = submission.departure_from_linearity(np.array([[z]]))
    expected = 1 - np.tanh(z) / z if z else 0.0
    expect.close(answer, expected, "departure")


@given(some.matrices(elements=SMALL))
def test_half_of_a_small_z_leaves_a_quarter_of_the_departure(
    submission: Submission, Z: Array
) -> None:
    """Near 0 the departure falls with the square of Z, because tanh(z) = z - z^3/3 + ...

    The norm of tanh(Z) - Z falls by 8 when Z is halved, the norm of Z by 2.
    """
    assume(np.any(Z != 0))
    whole = expect.number(submission.departure_from_linearity(Z), "departure")
    half = expect.number(submission.departure_from_linearity(Z / 2), "departure")
    expect.holds(half > 0, "The departure is 0, but tanh is no straight line.")
    # tanh(z) - z = -z^3/3 (1 - 2 z^2/5 + ...), so the quotient is 4 (1 - z^2/3) for |z| <= 1/8.
    expect.close(whole / half, 4.0, "the quotient of the departures", rtol=0.01)


@given(some.matrices(elements=some.numbers(4.0, 0.5)))
def test_the_departure_grows_with_z(submission: Submission, Z: Array) -> None:
    """Twice the Z departs further, and the departure stays below 1.

    Far from 0 tanh is flat. All of Z counts, whatever its shape.
    """
    assume(np.any(Z != 0))
    once = expect.number(submission.departure_from_linearity(Z), "departure")
    twice = expect.number(submission.departure_from_linearity(2 * Z), "departure")
    expect.holds(0 < once < twice < 1, f"Z departs by {once:.4g}, and 2 Z by {twice:.4g}.")


@pytest.mark.points(2)
@given(deep_lines(), some.numbers(2.0, 0.5))
def test_lines_upon_lines_are_one_line(
    submission: Submission, parameters: Parameters, x: float
) -> None:
    """Without tanh, a network of any depth is one layer: W X + b gives what all its layers give.

    Put one layer into the next: W2 (W1 X + b1) + b2 = (W2 W1) X + (W2 b1 + b2), and so on.
    """
    A = X = np.eye(parameters["W1"].shape[1]) * x
    for layer in range(1, len(parameters) // 2 + 1):
        A = parameters[f"W{layer}"] @ A + parameters[f"b{layer}"]
    W, b = expect.sequence(submission.collapse_layers(parameters), 2, "the answer (W, b)")
    W = expect.array(W, (len(A), len(X)), "W")
    b = expect.array(b, (len(A), 1), "b")
    expect.close(W @ X + b, A, "W X + b")


@given(networks())
def test_the_network_has_tanh_inside_and_a_sigmoid_at_the_end(
    submission: Submission, network: Network
) -> None:
    """Z1 = W1 X + b1, A1 = tanh(Z1), Z2 = W2 A1 + b2, A2 = sigmoid(Z2).

    Return A2, (Z1, A1, Z2, A2).
    """
    answer = submission.forward_propagation_with_tanh(network.X, network.parameters)
    A2, cache = expect.sequence(answer, 2, "the answer (A2, cache)")
    expect.close(A2, network.cache()[3], "A2")
    values = expect.sequence(cache, 4, "cache")
    for name, value, expected in zip(
        ("Z1", "A1", "Z2", "A2"), values, network.cache(), strict=True
    ):
        expect.close(value, expected, f"{name} of the cache")


@given(networks())
def test_small_weights_make_the_network_a_line(submission: Submission, network: Network) -> None:
    """With W1 and b1 sixteen times smaller, your network is nearly your collapsed layer.

    forward_propagation_with_tanh and collapse_layers work together here. Where Z1 is near 0, tanh
    hands it on as it is.
    """
    smaller = {name: network.parameters[name] / 16 for name in ("W1", "b1")}
    parameters = network.parameters | smaller
    answer = submission.forward_propagation_with_tanh(network.X, parameters)
    _, cache = expect.sequence(answer, 2, "the answer (A2, cache)")
    W, b = expect.sequence(submission.collapse_layers(parameters), 2, "the answer (W, b)")
    m, n0 = network.X.shape[1], network.X.shape[0]
    Z2 = expect.array(expect.sequence(cache, 4, "cache")[2], (1, m), "Z2")
    line = expect.array(W, (1, n0), "W") @ network.X + expect.array(b, (1, 1), "b")
    # |z - tanh(z)| <= |z|^3 / 3 for each unit, weighted by W2.
    Z1 = np.abs(parameters["W1"] @ network.X + parameters["b1"])
    allowed = np.abs(parameters["W2"]) @ Z1**3 / 3 + 1e-9
    expect.holds(
        bool(np.all(np.abs(Z2 - line) <= allowed)),
        f"The network departs from the line by {np.max(np.abs(Z2 - line)):.4g}; "
        f"tanh explains only {np.max(allowed):.4g}.",
    )


@pytest.mark.points(2)
@given(networks(), LAMBDAS)
def test_the_weights_have_the_right_gradient(
    submission: Submission, network: Network, lambd: float
) -> None:
    """dW1 and dW2 are the gradients of the regularized cost.

    The derivative of tanh is 1 - tanh^2, and the penalty has its share in both.
    """
    _require_gradients(submission, network, lambd, ("W1", "W2"))


@given(networks(), LAMBDAS)
def test_the_biases_have_the_right_gradient(
    submission: Submission, network: Network, lambd: float
) -> None:
    """db1 and db2 are the gradients of the regularized cost.

    Means over the examples; biases are not part of the penalty.
    """
    _require_gradients(submission, network, lambd, ("b1", "b2"))


def _require_gradients(
    submission: Submission, network: Network, lambd: float, names: tuple[str, ...]
) -> None:
    X, Y, parameters = network
    answer = submission.backward_propagation_with_tanh(X, Y, parameters, network.cache(), lambd)
    gradients = expect.mapping(answer, [f"d{name}" for name in names], "gradients")
    gradient.check_each(
        (gradients[f"d{name}"], network.cost_of(name, lambd), parameters[name], f"d{name}")
        for name in names
    )


@settings(max_examples=25)
@given(networks(), LAMBDAS)
def test_one_iteration_is_one_step(submission: Submission, network: Network, lambd: float) -> None:
    """train_with_lambda takes as many steps as it is told, each against the gradient.

    No step leaves the parameters where they are; one step makes W - alpha dW of each of them, with
    the share of lambd in dW.
    """
    X, Y, parameters = network
    none = submission.train_with_lambda(X, Y, parameters, lambd, 0.25, 0)
    none = expect.mapping(none, NAMES, "parameters after no step")
    for name in NAMES:
        expect.close(none[name], parameters[name], f"{name} after no step")
    once = submission.train_with_lambda(X, Y, parameters, lambd, 0.25, 1)
    once = expect.mapping(once, NAMES, "parameters after one step")
    cache = network.cache()
    gradients = reference.backward_propagation_with_tanh(X, Y, parameters, cache, lambd)
    for name in NAMES:
        expected = parameters[name] - 0.25 * gradients[f"d{name}"]
        expect.close(once[name], expected, f"{name} after one step")


@settings(max_examples=25)
@given(networks(), LAMBDAS)
def test_the_inputs_are_left_alone(submission: Submission, network: Network, lambd: float) -> None:
    """Training changes neither the examples nor the parameters that it starts from.

    `W -= alpha * dW` writes into the array that was handed in, and the next training starts wrong.
    """
    X, Y, parameters = network
    submission.train_with_lambda(X, Y, parameters, lambd, 0.25, 2)
    expect.unchanged(submission)
    submission.measure_departures(X, Y, parameters, np.array([0.0, lambd]), 0.25, 2)
    expect.unchanged(submission)


@pytest.mark.points(3)
@settings(max_examples=4)
@given(TRAININGS)
def test_the_departure_shrinks_as_lambda_grows(submission: Submission, network: Network) -> None:
    """The larger lambda is, the nearer to a line is the hidden layer after training.

    This is why regularization reduces overfitting. All of your functions work together here: train
    with each lambda, then measure Z1.
    """
    answer = submission.measure_departures(*network, np.array(STRENGTHS), 0.5, 100)
    departures = departures_of(answer, len(STRENGTHS))
    for i in range(1, len(STRENGTHS)):
        expect.holds(
            bool(departures[i] < departures[i - 1]),
            f"The departure is {departures[i - 1]:.4g} with lambd = {STRENGTHS[i - 1]:.4g}, "
            f"and {departures[i]:.4g} with lambd = {STRENGTHS[i]:.4g}.",
        )


@settings(max_examples=4)
@given(TRAININGS)
def test_every_training_starts_afresh(submission: Submission, network: Network) -> None:
    """Lambdas in another order have their departures in that order.

    Each training starts from the parameters that were handed in, not from the last ones.
    """
    lambdas = np.array(STRENGTHS[::2])
    first = departures_of(submission.measure_departures(*network, lambdas, 0.5, 20), 3)
    last = submission.measure_departures(*network, lambdas[::-1].copy(), 0.5, 20)
    expect.close(last, first[::-1], "departures in reverse")


@settings(max_examples=4)
@given(TRAININGS, st.sampled_from((0.0, 0.5, 2.0)))
def test_training_agrees_with_the_reference(
    submission: Submission, network: Network, lambd: float
) -> None:
    """After 50 steps the parameters are those of the reference.

    All four of them move in every step, from gradients of the same moment.
    """
    answer = submission.train_with_lambda(*network, lambd, 0.5, 50)
    trained = expect.mapping(answer, NAMES, "parameters")
    expected = reference.train_with_lambda(*network, lambd, 0.5, 50)
    for name in NAMES:
        expect.close(trained[name], expected[name], name)


@settings(max_examples=4)
@given(TRAININGS, some.positive_numbers(1.0, 0.25))
def test_departures_agree_with_the_reference(
    submission: Submission, network: Network, bias: float
) -> None:
    """The departures after training are those of the reference.

    Measure Z1 = W1 X + b1 with both parameters from after the training.
    """
    b1 = np.full((3, 1), bias)
    biased = network._replace(parameters=network.parameters | {"b1": b1})
    lambdas = np.array(STRENGTHS[1:3])
    answer = submission.measure_departures(*biased, lambdas, 0.5, 20)
    expect.close(answer, reference.measure_departures(*biased, lambdas, 0.5, 20), "departures")
