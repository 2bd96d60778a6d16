"""Cases looked up in dictionaries, errors as numpy numbers."""

import numpy as np

WORDS = {
    (True, False): "high bias",
    (False, True): "high variance",
    (True, True): "high bias and high variance",
    (False, False): "neither",
}
BIAS_STEPS = ("bigger network", "train longer", "another architecture")
VARIANCE_STEPS = ("more data", "regularization", "another architecture")
STEPS = {
    "high bias": BIAS_STEPS,
    "high bias and high variance": BIAS_STEPS,
    "high variance": VARIANCE_STEPS,
    "neither": (),
}


def error_rate(predictions, Y):
    return np.linalg.norm(predictions - Y) ** 2 / Y.size


def bias_and_variance(train_error, dev_error, optimal_error=0.0):
    return tuple(np.diff([optimal_error, train_error, dev_error]))


def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    gaps = np.diff([optimal_error, train_error, dev_error])
    return WORDS[tuple(bool(gap > tolerance) for gap in gaps)]


def next_steps(diagnosis):
    return STEPS[diagnosis]


def follow_recipe(measure, optimal_error, tolerance, rounds):
    grown = {"bigger network": 1, "more data": 1}
    done = ()
    wanted = next_steps(diagnose(*measure(*grown.values()), optimal_error, tolerance))
    while wanted and len(done) < rounds:
        grown[wanted[0]] *= 2
        done += wanted[:1]
        wanted = next_steps(diagnose(*measure(*grown.values()), optimal_error, tolerance))
    return done
