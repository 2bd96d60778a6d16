"""Correct, with loops, np.polyfit and an ordered search."""

import numpy as np


def one_sided_errors(f, slope, theta, steps):
    here = f(theta)
    errors = np.zeros(len(steps))
    for i in range(len(steps)):
        ahead = f(theta + steps[i])
        errors[i] = abs((ahead - here) / steps[i] - slope)
    return errors


def two_sided_errors(f, slope, theta, steps):
    errors = np.zeros(len(steps))
    for i, epsilon in enumerate(steps):
        behind, ahead = f(theta - epsilon), f(theta + epsilon)
        errors[i] = abs(slope - 0.5 * (ahead - behind) / epsilon)
    return errors


def order_of_error(steps, errors):
    return np.polyfit(np.log10(steps), np.log10(errors), 1)[0]


def measure_orders(f, slope, theta, steps):
    return [
        order_of_error(steps, errors(f, slope, theta, steps))
        for errors in (one_sided_errors, two_sided_errors)
    ]


def find_best_step(f, slope, theta, steps):
    best = None
    smallest = float("inf")
    for epsilon in steps:
        error = abs((f(theta + epsilon) - f(theta - epsilon)) / (2 * epsilon) - slope)
        if error < smallest:
            best, smallest = epsilon, error
    return best
