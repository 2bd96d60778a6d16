"""Checks of near linearity that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

X = np.array([[1.0, -1.0], [0.5, 2.0]])
Y = np.array([[1.0, 0.0]])
PARAMETERS = {
    "W1": np.array([[1.0, 0.5], [-1.0, 1.0]]),
    "b1": np.array([[0.1], [0.2]]),
    "W2": np.array([[0.5, -1.0]]),
    "b2": np.array([[0.1]]),
}
CACHE = (
    np.array([[1.35, 0.1], [-0.3, 3.2]]),
    np.array([[0.8740532876, 0.0996679946], [-0.2913126125, 0.9966823978]]),
    np.array([[0.8283392563, -0.8468484005]]),
    np.array([[0.6960036598, 0.3000943951]]),
)


def test_the_departure_at_one(submission: Submission) -> None:
    """At Z = 1 the departure is 0.2384, and at Z = 0.1 it is 0.0033.

    1 - tanh(1) and (0.1 - tanh(0.1)) / 0.1.
    """
    expect.close(submission.departure_from_linearity(np.ones((2, 3))), 0.23840584, "departure")
    near = submission.departure_from_linearity(np.full((2, 3), 0.1))
    expect.close(near, 0.00332005, "departure")


def test_two_layers_collapse_into_one(submission: Submission) -> None:
    """Without tanh the small network is W = [[1.5, -0.75]] and b = [[-0.05]].

    W2 W1 and W2 b1 + b2.
    """
    W, b = expect.sequence(submission.collapse_layers(PARAMETERS), 2, "the answer (W, b)")
    expect.close(W, np.array([[1.5, -0.75]]), "W")
    expect.close(b, np.array([[-0.05]]), "b")


def test_the_forward_pass(submission: Submission) -> None:
    """The small network gives 0.6960 and 0.3001, and a cache of four.

    Z1, A1, Z2, A2.
    """
    answer = submission.forward_propagation_with_tanh(X, PARAMETERS)
    A2, cache = expect.sequence(answer, 2, "the answer (A2, cache)")
    expect.close(A2, CACHE[3], "A2")
    for value, expected in zip(expect.sequence(cache, 4, "cache"), CACHE, strict=True):
        expect.close(value, expected, "the cache")


def test_gradients_have_the_shapes_of_their_parameters(submission: Submission) -> None:
    """dW1, db1, dW2 and db2 have the shapes of W1, b1, W2 and b2.

    Sums over examples need keepdims=True to stay columns.
    """
    answer = submission.backward_propagation_with_tanh(X, Y, PARAMETERS, CACHE, 1.0)
    gradients = expect.mapping(answer, ("dW1", "db1", "dW2", "db2"), "gradients")
    for name, value in PARAMETERS.items():
        expect.array(gradients[f"d{name}"], value.shape, f"d{name}")


def test_lambda_straightens_the_hidden_layer(submission: Submission) -> None:
    """After 50 steps the departure with lambd = 2 is smaller than without.

    train_with_lambda and departure_from_linearity are needed for it.
    """
    lambdas = np.array([0.0, 2.0])
    answer = submission.measure_departures(X, Y, PARAMETERS, lambdas, 0.25, 50)
    departures = expect.array(answer, (2,), "departures")
    expect.holds(bool(departures[1] < departures[0]), f"The departures are {departures.round(4)}.")
