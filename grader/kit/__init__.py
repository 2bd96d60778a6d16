"""What authors of checks import: comparisons, gradients, statistics, strategies, pictures."""

# `from grader.kit import strategies` finds the module; importing it here would bring Hypothesis
# into every process that only compares.
from grader.kit import expect, figures, gradient, pictures, statistics
from grader.kit.submission import Submission, callback, generator
from grader.kit.verdicts import Mismatch

__all__ = [
    "Mismatch",
    "Submission",
    "callback",
    "expect",
    "figures",
    "generator",
    "gradient",
    "pictures",
    "statistics",
]
