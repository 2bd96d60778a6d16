"""Checks of diagnoses that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, callback, expect


def test_one_of_four_is_wrong(submission: Submission) -> None:
    """One wrong label of four is an error rate of 0.25.

    Compare the arrays element by element.
    """
    predictions, Y = np.array([[1.0, 0.0, 1.0, 1.0]]), np.array([[1.0, 0.0, 0.0, 1.0]])
    expect.close(submission.error_rate(predictions, Y), 0.25, "error")


def test_a_dev_error_is_split(submission: Submission) -> None:
    """Train 15 %, dev 30 %, optimal 5 %: a bias of 0.1 and a variance of 0.15.

    Return both, the bias first.
    """
    answer = submission.bias_and_variance(0.15, 0.30, 0.05)
    bias, variance = expect.sequence(answer, 2, "the answer (bias, variance)")
    expect.close(bias, 0.1, "bias")
    expect.close(variance, 0.15, "variance")


def test_the_cats_of_the_lecture(submission: Submission) -> None:
    """Train and dev errors of 1/11 %, 15/16 %, 15/30 % and 0.5/1 %, where humans make none.

    High variance, high bias, both, neither.
    """
    for train, dev, expected in (
        (0.01, 0.11, "high variance"),
        (0.15, 0.16, "high bias"),
        (0.15, 0.30, "high bias and high variance"),
        (0.005, 0.01, "neither"),
    ):
        answer = submission.diagnose(train, dev)
        expect.holds(answer == expected, f"{train:.1%} and {dev:.1%} are {expected}.")


def test_steps_against_high_variance(submission: Submission) -> None:
    """Against high variance the recipe names three steps, more data first.

    The steps are defined at the top of the file.
    """
    steps = expect.sequence(submission.next_steps("high variance"), 3, "the steps")
    expect.holds(steps[0] == "more data", 'The first step must be "more data".')


def test_a_small_network(submission: Submission) -> None:
    """A network that is too small by a factor of four has to grow twice.

    Call measure with the size first, then the amount of data.
    """
    measure = callback(lambda size, _: (0.2 / size, 0.2 / size + 0.01), takes=[(), ()])
    steps = expect.sequence(submission.follow_recipe(measure, 0.0, 0.06, 5), 2, "the steps")
    for step in steps:
        expect.holds(step == "bigger network", 'Each step must be "bigger network".')
