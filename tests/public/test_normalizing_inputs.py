"""Checks of normalization that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

X = np.array([[1.0, 3.0, 5.0, 7.0], [10.0, 10.0, 30.0, 30.0]])
Y = np.array([[1.0, 2.0, 2.0, 5.0]])
MU = np.array([[4.0], [20.0]])
SIGMA2 = np.array([[5.0], [100.0]])


def test_mean_and_variance(submission: Submission) -> None:
    """The small set has the means 4 and 20 and the variances 5 and 100.

    One for each feature, in columns.
    """
    mu, sigma2 = expect.sequence(submission.fit_normalization(X), 2, "the answer (mu, sigma2)")
    expect.close(mu, MU, "mu")
    expect.close(sigma2, SIGMA2, "sigma2")


def test_one_more_example(submission: Submission) -> None:
    """Normalized by these numbers, the example (4, 40) becomes (0, 2).

    It is not in the training set, but the mean and the variance are.
    """
    answer = submission.normalize(np.array([[4.0], [40.0]]), MU, SIGMA2)
    expect.close(answer, np.array([[0.0], [2.0]]), "the example")


def test_a_condition_number(submission: Submission) -> None:
    """Features of scale 1 and 3 that are orthogonal have the condition number 9.

    See np.linalg for eigenvalues.
    """
    A = np.array([[1.0, -1.0, 1.0, -1.0], [3.0, 3.0, -3.0, -3.0]])
    expect.close(submission.condition_number(A), 9.0, "condition")


def test_one_feature_takes_one_step(submission: Submission) -> None:
    """With one feature, gradient descent arrives at once.

    There is only one curvature then.
    """
    expect.close(submission.gradient_steps(X[:1], Y, 0.001, 10), 1, "steps")


def test_what_is_gained(submission: Submission) -> None:
    """Normalizing the small set brings the condition number from 540.9 down to 17.94.

    The steps to a tenth of the way above the minimum go down from 41 to 9.
    """
    answer = submission.measured_gain(X, Y, 0.1, 500)
    gain = expect.mapping(answer, ("condition_number", "steps"), "the gain")
    for key, expected in (("condition_number", (540.8801512, 17.94427191)), ("steps", (41, 9))):
        before, after = expect.sequence(gain[key], 2, f'"{key}"')
        expect.close(before, expected[0], f'"{key}" before')
        expect.close(after, expected[1], f'"{key}" after')
