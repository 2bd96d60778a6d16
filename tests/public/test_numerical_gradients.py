"""Checks of numerical gradients that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, callback, expect

STEPS = np.array([0.5, 0.25])


def test_errors_on_a_parabola(submission: Submission) -> None:
    """At 3 the one-sided differences of the square are off by the step, the two-sided by nothing.

    The slope there is 6.
    """
    square = callback(lambda t: t**2, takes=[()])
    expect.close(submission.one_sided_errors(square, 6.0, 3.0, STEPS), STEPS, "errors")
    expect.close(submission.two_sided_errors(square, 6.0, 3.0, STEPS), 0 * STEPS, "errors")


def test_a_quarter_for_a_half_is_order_two(submission: Submission) -> None:
    """Errors of 4 and 1 at steps of 0.5 and 0.25 have order 2.

    Half the step, a quarter of the error.
    """
    expect.close(submission.order_of_error(STEPS, np.array([4.0, 1.0])), 2.0, "order")


def test_orders_on_exp(submission: Submission) -> None:
    """At 0 the orders on exp are about 1 and 2.

    The slope there is 1.
    """
    exp = callback(lambda t: float(np.exp(t)), takes=[()])
    answer = submission.measure_orders(exp, 1.0, 0.0, np.array([0.01, 0.001]))
    one, two = expect.sequence(answer, 2, "the answer (one_sided, two_sided)")
    expect.close(one, 1.0, "the one-sided order", rtol=0.01)
    expect.close(two, 2.0, "the two-sided order", rtol=0.01)


def test_the_best_of_two_steps(submission: Submission) -> None:
    """On the cube the step 0.25 is better than 0.5.

    The error is the square of the step.
    """
    cube = callback(lambda t: t**3, takes=[()])
    expect.close(submission.find_best_step(cube, 3.0, 1.0, STEPS), 0.25, "the best step")
