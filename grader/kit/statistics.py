"""Statements about random answers that a right function fails once in 10**12 calls, at most.

Each comparison has a false-failure rate of RATE = 1e-12 by a proven bound, not by an estimate.
By the union bound, a check of 100 examples with up to ten comparisons in each stays below 1e-9.
The union bound needs no independence, so this holds too where a function seeds itself and its
answers to all examples come from one stream: the rate is then over the choice of the seed.

Sharpness is what n buys: a comparison sees a relative error of about sqrt(2*ln(2/RATE)/n) in a
mean or share (0.12 for n = 4000), twice that in a variance. Ask for a few thousand values.
"""

import math

import numpy as np
from numpy.typing import NDArray

from grader.kit.verdicts import Mismatch

Floats = NDArray[np.float64]

RATE = 1e-12
_X = math.log(2 / RATE)  # each side of a two-sided comparison may err with RATE / 2


def mean(sample: Floats, mean: float, std: float, what: str) -> None:
    """Require that independent normal values of known spread have this mean.

    The average is normal with standard deviation std/sqrt(n), and P(|N| > z) <= 2*exp(-z**2/2),
    which is RATE at z = sqrt(2*ln(2/RATE)) = 7.5.
    """
    average = float(np.mean(sample))
    allowed = math.sqrt(2 * _X / sample.size) * std
    _require(f"the mean of {what}", average, mean - allowed, mean + allowed, mean)


def centred(sample: Floats, what: str) -> None:
    """Require that independent values lie symmetrically around 0, whatever their spread.

    Given the sizes |x_i|, the signs of a symmetric sample are fair coins, so by Hoeffding's
    inequality P(|sum x_i| > z*sqrt(sum x_i**2)) <= 2*exp(-z**2/2): z as in `mean`.
    """
    root_mean_square = math.sqrt(float(np.mean(sample**2)))
    mean(sample, 0.0, root_mean_square, what)


def bounded_mean(sample: Floats, mean: float, low: float, high: float, what: str) -> None:
    """Require that independent values in [low, high] have this expectation.

    Hoeffding: P(|average - mean| > t) <= 2*exp(-2*n*t**2 / (high - low)**2).
    """
    average = float(np.mean(sample))
    allowed = (high - low) * math.sqrt(_X / (2 * sample.size))
    _require(f"the mean of {what}", average, mean - allowed, mean + allowed, mean)


def variance(sample: Floats, variance: float, what: str) -> None:
    """Require that independent normal values have this variance, whatever their mean.

    Q = sum (x_i - average)**2 / variance is chi-square with k = n - 1 degrees of freedom. Laurent
    and Massart (Annals of Statistics 28, 2000, lemma 1): P(Q >= k + 2*sqrt(k*x) + 2*x) <= exp(-x)
    and P(Q <= k - 2*sqrt(k*x)) <= exp(-x); x = ln(2/RATE) leaves RATE/2 on either side. Lighter
    tails than normal, as of uniform values, stay inside as well.
    """
    k = sample.size - 1
    found = float(np.var(sample, ddof=1))
    low = variance * (1 - 2 * math.sqrt(_X / k))
    high = variance * (1 + 2 * math.sqrt(_X / k) + 2 * _X / k)
    _require(f"the variance of {what}", found, low, high, variance)


def proportion(count: float, n: int, p: float, what: str) -> None:
    """Require that `count` of n independent trials succeeded, each with probability p.

    Chernoff: P(share >= q) <= exp(-n*KL(q, p)) for q >= p, likewise below, with
    KL(q, p) = q*ln(q/p) + (1 - q)*ln((1 - q)/(1 - p)); so n*KL <= ln(2/RATE) is required.
    Exact at p = 0 and p = 1, where no other share is possible.
    """
    share = count / n
    if n * _divergence(share, p) > _X:
        raise Mismatch(
            f"{what}: a share of {share:.4g} was found in {n} draws, but {p:.4g} is expected."
        )


def _divergence(q: float, p: float) -> float:
    if not 0 <= q <= 1:
        return math.inf
    return _term(q, p) + _term(1 - q, 1 - p)


def _term(q: float, p: float) -> float:
    if q == 0:
        return 0.0
    return q * math.log(q / p) if p > 0 else math.inf


def _require(what: str, found: float, low: float, high: float, expected: float) -> None:
    if not low <= found <= high:
        raise Mismatch(
            f"{what[0].upper()}{what[1:]} is off by more than chance explains.\n"
            f"    yours      {found:.4g}\n"
            f"    expected   {expected:.4g}   (between {low:.4g} and {high:.4g} at this size)"
        )
