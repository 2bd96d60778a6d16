"""Checks of dropout that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

X = np.array([[1.0, -1.0], [0.5, 2.0]])
Y = np.array([[1.0, 0.0]])
PARAMETERS = {
    "W1": np.array([[1.0, 0.5], [-1.0, 1.0], [0.5, 1.0]]),
    "b1": np.array([[0.1], [0.2], [0.3]]),
    "W2": np.array([[0.5, -1.0, 1.0], [1.0, 1.0, -0.5]]),
    "b2": np.array([[0.1], [0.2]]),
    "W3": np.array([[1.0, -1.0]]),
    "b3": np.array([[0.1]]),
}

Z1 = np.array([[1.35, 0.1], [-0.3, 3.2], [1.3, 1.8]])
A1 = np.array([[1.35, 0.1], [0.0, 3.2], [1.3, 1.8]])
Z2 = np.array([[2.075, -1.25], [0.9, 2.6]])
A2 = np.array([[2.075, 0.0], [0.9, 2.6]])
Z3 = np.array([[1.275, -2.5]])
A3 = np.array([[0.78159746, 0.07585818]])
D1 = np.ones((3, 2), dtype=bool)
D2 = np.ones((2, 2), dtype=bool)
W1, b1, W2, b2, W3, b3 = PARAMETERS.values()
CACHE = (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def test_the_forward_pass_returns_a_cache_of_fourteen(submission: Submission) -> None:
    """A3 has a column for each example, and the cache has fourteen entries.

    The masks D1 and D2 stand between Z and A of their layers.
    """
    answer = submission.forward_propagation_with_dropout(X, PARAMETERS, 0.8)
    last, cache = expect.sequence(answer, 2, "the answer (A3, cache)")
    expect.array(last, (1, 2), "A3")
    masks = expect.sequence(cache, 14, "cache")
    expect.mask(masks[1], (3, 2), "D1")
    expect.mask(masks[6], (2, 2), "D2")


def test_keep_prob_one_keeps_all(submission: Submission) -> None:
    """With keep_prob = 1 the small network gives 0.7816 and 0.0759.

    Nothing is dropped then.
    """
    answer = submission.forward_propagation_with_dropout(X, PARAMETERS, 1.0)
    last, _ = expect.sequence(answer, 2, "the answer (A3, cache)")
    expect.close(last, A3, "A3")


def test_gradients_with_masks_of_ones(submission: Submission) -> None:
    """With masks of ones and keep_prob = 1, dW3 = [[-0.2266, 0.0003]] and db3 = [[-0.0713]].

    This is backpropagation without dropout.
    """
    answer = submission.backward_propagation_with_dropout(X, Y, CACHE, 1.0)
    gradients = expect.mapping(answer, ("dW3", "db3"), "gradients")
    expected = (A3 - Y) @ A2.T / 2
    expect.close(gradients["dW3"], expected, "dW3")
    expect.close(gradients["db3"], np.array([[-0.07127218]]), "db3")


def test_a_prediction(submission: Submission) -> None:
    """The small network predicts 0.7816 and 0.0759.

    No unit is dropped at test time.
    """
    expect.close(submission.predict_probabilities(X, PARAMETERS), A3, "A3")
