"""Checks of early stopping that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect

TRAIN = (np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]]))
DEV = (np.array([[1.0]]), np.array([[0.5]]))


def test_a_curve_with_patience_two(submission: Submission) -> None:
    """The costs 3, 2, 4, 5, 1 and a patience of 2 make epoch 1 the best, and 3 the last.

    The fifth epoch is better still, but nobody gets there.
    """
    answer = submission.best_epoch([3.0, 2.0, 4.0, 5.0, 1.0], 2)
    best, last = expect.sequence(answer, 2, "the answer (best, last)")
    expect.close(best, 1, "best")
    expect.close(last, 3, "last")


def test_a_small_training(submission: Submission) -> None:
    """The small model learns w = 0, 0.5, 0.75, ..., of which the dev set likes 0.5 best.

    With a patience of 2, training ends at epoch 3.
    """
    answer = submission.train_with_early_stopping(TRAIN, DEV, 0.2, 2, 50)
    parts = expect.mapping(answer, ("w", "best_epoch", "dev_costs"), "the answer")
    expect.close(parts["w"], np.array([[0.5]]), '"w"')
    expect.close(parts["best_epoch"], 1, '"best_epoch"')
    expected = np.array([0.125, 0.0, 0.03125, 0.0703125])
    expect.close(np.array(parts["dev_costs"]), expected, '"dev_costs"')


def test_the_first_step_with_l2(submission: Submission) -> None:
    """Two steps with L2, lambd = 2, reach 0.5 and then 0.65.

    From w = 0.5 the penalty pulls back by 0.2 * lambd / m * 0.5 = 0.1.
    """
    expect.close(submission.train_with_l2(TRAIN, 2.0, 0.2, 1), np.array([[0.5]]), "w")
    expect.close(submission.train_with_l2(TRAIN, 2.0, 0.2, 2), np.array([[0.65]]), "w")


def test_a_slope(submission: Submission) -> None:
    """At w = 0 the cost of the small model has the slope 2.5.

    Any lambd: the penalty is flat there.
    """
    expect.close(submission.slope(np.zeros((1, 1)), TRAIN, 1.0), 2.5, "slope")


def test_two_slopes(submission: Submission) -> None:
    """Early stopping leaves the small model on a slope of 1.25, L2 on none.

    Both are trained for at most 100 epochs.
    """
    answer = submission.compare_with_l2(TRAIN, DEV, 2.0, 0.2, 2, 100)
    slopes = expect.mapping(answer, ("early_stopping", "l2"), "the slopes")
    expect.close(slopes["early_stopping"], 1.25, '"early_stopping"')
    expect.close(slopes["l2"], 0.0, '"l2"')
