"""Correct: map and covariance; both sides from one table of values."""

import numpy as np


def values(f, theta, steps):
    return np.array([[f(theta + sign * e) for e in steps] for sign in (-1, 0, 1)])


def one_sided_errors(f, slope, theta, steps):
    _, here, ahead = values(f, theta, steps)
    return np.fabs((ahead - here) / steps - slope)


def two_sided_errors(f, slope, theta, steps):
    behind, _, ahead = values(f, theta, steps)
    return np.sqrt(((ahead - behind) / (2 * steps) - slope) ** 2)


def order_of_error(steps, errors):
    table = np.cov(np.log2(steps), np.log2(errors))
    return table[0, 1] / table[0, 0]


def measure_orders(f, slope, theta, steps):
    one = one_sided_errors(f, slope, theta, steps)
    two = two_sided_errors(f, slope, theta, steps)
    return np.float64(order_of_error(steps, one)), np.array(order_of_error(steps, two))


def find_best_step(f, slope, theta, steps):
    return min(steps, key=lambda e: two_sided_errors(f, slope, theta, np.array([e]))[0])
