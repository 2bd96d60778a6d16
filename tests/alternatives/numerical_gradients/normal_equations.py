"""Correct: the two-sided difference as the mean of two one-sided ones, and normal equations."""

import math

import numpy as np


def difference(f, theta, epsilon):
    return (f(theta + epsilon) - f(theta)) / epsilon


def one_sided_errors(f, slope, theta, steps):
    return np.array([abs(difference(f, theta, float(e)) - slope) for e in steps])


def two_sided_errors(f, slope, theta, steps):
    errors = []
    for e in steps:
        mean = (difference(f, theta, e) + difference(f, theta, -e)) / 2
        errors.append(max(mean - slope, slope - mean))
    return np.array(errors)


def order_of_error(steps, errors):
    k = len(steps)
    x = [math.log(e) for e in steps]
    y = [math.log(e) for e in errors]
    sx, sy = sum(x), sum(y)
    sxx = sum(a * a for a in x)
    sxy = sum(a * b for a, b in zip(x, y, strict=True))
    return (k * sxy - sx * sy) / (k * sxx - sx * sx)


def measure_orders(f, slope, theta, steps):
    one = order_of_error(steps, one_sided_errors(f, slope, theta, steps))
    return one, order_of_error(steps, two_sided_errors(f, slope, theta, steps))


def find_best_step(f, slope, theta, steps):
    errors = two_sided_errors(f, slope, theta, steps)
    order = np.argsort(errors, kind="stable")
    return steps[order][0]
