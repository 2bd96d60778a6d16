"""Checks of logistic regression that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

X = np.array([[1.0, -1.0], [0.5, 2.0]])
Y = np.array([[1.0, 0.0]])
W = np.array([[1.0], [-1.0]])


def test_two_predictions(submission: Submission) -> None:
    """With w = (1, -1) and b = 0.5, the two examples get 0.7311 and 0.0759.

    The sigmoid of 1 and of -2.5.
    """
    A = submission.predict_logistic(X, W, 0.5)
    expect.close(A, np.array([[0.73105858, 0.07585818]]), "A")


def test_the_cost_without_regularization(submission: Submission) -> None:
    """With lambd = 0 the cost of the two examples is 0.1961.

    The mean of -ln(0.7311) and -ln(1 - 0.0759).
    """
    cost = submission.compute_logistic_cost(X, Y, W, 0.5, 0.0)
    expect.close(cost, 0.19607576, "cost")


def test_the_penalty(submission: Submission) -> None:
    """With lambd = 3 the cost is 1.5 higher, 1.6961.

    lambd/(2m) ||w||^2 = 3/4 * 2.
    """
    cost = submission.compute_logistic_cost(X, Y, W, 0.5, 3.0)
    expect.close(cost, 1.69607576, "cost")


def test_gradients_of_an_undecided_model(submission: Submission) -> None:
    """When w and b are 0, dw = (-0.5, 0.375) and db = 0.

    Every a - y is one half or minus one half.
    """
    answer = submission.compute_logistic_gradients(X, Y, 0 * W, 0.0, 3.0)
    gradients = expect.mapping(answer, ("dw", "db"), "gradients")
    expect.close(gradients["dw"], np.array([[-0.5], [0.375]]), "dw")
    expect.close(gradients["db"], 0.0, "db")


def test_one_step(submission: Submission) -> None:
    """From w = (1, -1) and b = 0.5, along dw = (2, 4) and db = 1 at a rate of 1/2.

    It leads to w = (0, -3) and b = 0.
    """
    gradients = {"dw": np.array([[2.0], [4.0]]), "db": 1.0}
    w, b = expect.sequence(submission.update_logistic(W, 0.5, gradients, 0.5), 2, "(w, b)")
    expect.close(w, np.array([[0.0], [-3.0]]), "w")
    expect.close(b, 0.0, "b")
