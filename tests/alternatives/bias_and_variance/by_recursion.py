"""The recipe calls itself for what comes after the first step."""

import numpy as np


def error_rate(predictions, Y):
    return np.count_nonzero(np.not_equal(predictions, Y)) / predictions.shape[1]


def bias_and_variance(train_error, dev_error, optimal_error=0.0):
    return train_error - optimal_error, dev_error - train_error


def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    bias, variance = bias_and_variance(train_error, dev_error, optimal_error)
    if max(bias, variance) <= tolerance:
        return "neither"
    if min(bias, variance) > tolerance:
        return "high bias and high variance"
    return "high bias" if bias > variance else "high variance"


def next_steps(diagnosis):
    match diagnosis:
        case "neither":
            return ()
        case "high variance":
            return ("more data", "regularization", "another architecture")
        case _:
            return ("bigger network", "train longer", "another architecture")


def follow_recipe(measure, optimal_error, tolerance, rounds, size=1, data=1):
    if rounds == 0:
        return []
    diagnosis = diagnose(*measure(size, data), optimal_error, tolerance)
    steps = list(next_steps(diagnosis))[:1]
    if not steps:
        return []
    if steps == ["bigger network"]:
        size = 2 * size
    else:
        data = 2 * data
    return steps + follow_recipe(measure, optimal_error, tolerance, rounds - 1, size, data)
