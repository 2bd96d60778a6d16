"""What authors of checks import: comparisons, gradients, statistics and strategies."""

from grader.kit import expect, gradient, statistics, strategies
from grader.kit.submission import Submission, callback, generator
from grader.kit.verdicts import Mismatch

__all__ = [
    "Mismatch",
    "Submission",
    "callback",
    "expect",
    "generator",
    "gradient",
    "statistics",
    "strategies",
]
