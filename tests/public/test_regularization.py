"""Checks of regularization that students may see; the hidden ones go further."""

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
W1, b1, W2, b2, W3, b3 = PARAMETERS.values()
CACHE = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)

GRADIENTS = {f"d{name}": np.ones_like(value) for name, value in PARAMETERS.items()}


def test_a_cost_without_regularization(submission: Submission) -> None:
    """With lambd = 0 the cost of the small network is 0.1627.

    That is its cross-entropy.
    """
    cost = submission.compute_cost_with_regularization(A3, Y, PARAMETERS, 0.0)
    expect.close(cost, 0.16265258, "cost")


def test_a_cost_with_regularization(submission: Submission) -> None:
    """With lambd = 0.4 the cost of the small network is 1.2627.

    The squares of its weights sum to 11, and it has two examples.
    """
    cost = submission.compute_cost_with_regularization(A3, Y, PARAMETERS, 0.4)
    expect.close(cost, 1.26265258, "cost")


def test_gradients_of_the_output_layer(submission: Submission) -> None:
    """With lambd = 0.4 the small network has dW3 = [[-0.0266, -0.1997]] and db3 = [[-0.0713]].

    The share of lambd in dW3 is 0.2 W3; db3 has none.
    """
    answer = submission.backward_propagation_with_regularization(X, Y, CACHE, 0.4)
    gradients = expect.mapping(answer, ("dW3", "db3"), "gradients")
    expect.close(gradients["dW3"], np.array([[-0.02659263, -0.19966551]]), "dW3", rtol=1e-5)
    expect.close(gradients["db3"], np.array([[-0.07127218]]), "db3", rtol=1e-5)


def test_a_step_in_gradient_form(submission: Submission) -> None:
    """With gradients of 1, lambd 0.4, rate 0.5 and m 2, W3 = [[1, -1]] becomes [[0.4, -1.4]].

    The gradient of the regularized cost is 1 + 0.2 W3.
    """
    answer = submission.update_parameters_with_gradient(PARAMETERS, GRADIENTS, 0.4, 0.5, 2)
    updated = expect.mapping(answer, list(PARAMETERS), "parameters")
    expect.close(updated["W3"], np.array([[0.4, -1.4]]), "W3")


def test_a_step_in_weight_decay_form(submission: Submission) -> None:
    """With gradients of 1, lambd 0.4, rate 0.5 and m 2, W3 = [[1, -1]] becomes [[0.4, -1.4]].

    The weights decay by the factor 0.9 before the step of 0.5.
    """
    answer = submission.update_parameters_with_weight_decay(PARAMETERS, GRADIENTS, 0.4, 0.5, 2)
    updated = expect.mapping(answer, list(PARAMETERS), "parameters")
    expect.close(updated["W3"], np.array([[0.4, -1.4]]), "W3")
