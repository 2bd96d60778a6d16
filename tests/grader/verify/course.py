"""A course of one exercise that proves itself, and what can be done to such an exercise."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.grader.miniature import write_course

REFERENCE = '''"""Small steps."""

import numpy as np

__all__ = ["double", "noise"]


def double(x):
    """Twice x."""
    return 2 * x


def noise(n):
    """Draw n numbers with standard deviation 3."""
    return 3 * np.random.randn(n)
'''

CHECKS = '''
from grader.kit import statistics


@settings(max_examples=10)
@given(st.integers(1, 9))
def test_double(submission, x):
    """Twice."""
    expect.close(submission.double(x), 2 * x, "y")


@settings(max_examples=2)
@given(st.just(2000))
def test_spread(submission, n):
    """The standard deviation is 3.

    It is.

    False-failure rate: 1e-12, one comparison by Laurent and Massart's bound.
    """
    statistics.variance(expect.array(submission.noise(n), (n,), "noise"), 9.0, "noise")


@settings(max_examples=5)
@given(st.integers(1, 9))
def test_length(submission, n):
    """As many as wanted."""
    expect.array(submission.noise(n), (n,), "noise")
'''

MISTAKES = """
[[mistake]]
name = "thrice"
function = "double"
old = "2 * x"
new = "3 * x"
tells = "So it is."
fails = ["test_double"]

[[mistake]]
name = "too_wide"
function = "noise"
old = "3 * np"
new = "4 * np"
tells = "So it is."
fails = ["test_spread"]

[[mistake]]
name = "too_long"
function = "noise"
old = "randn(n)"
new = "randn(n + 1)"
tells = "So it is."
fails = ["test_spread", "test_length"]
"""

ALTERNATIVE = """
import numpy as np

def double(y):
    return y + y

def noise(n):
    return np.random.normal(0, 3, n)
"""

DEMANDS = """
[tool.grader.verify]
mistakes_each = 3
alternatives_each = 1
examples = 50
seeds = 100
inner_seeds = 3
"""


@dataclass(frozen=True)
class Made:
    """The files of an exercise."""

    reference: str = REFERENCE
    checks: str = CHECKS
    mistakes: str = MISTAKES
    alternative: str = ALTERNATIVE

    def with_(self, part: str, old: str, new: str) -> "Made":
        """The same with one text for another in one file."""
        text = getattr(self, part)
        assert text.count(old) == 1, (part, old, text.count(old))
        return replace(self, **{part: text.replace(old, new)})


def write(root: Path, exercises: dict[str, Made], demands: str = DEMANDS) -> Path:
    """Write a course of these exercises."""
    write_course(root, {name: (made.reference, made.checks) for name, made in exercises.items()})
    (root / "pyproject.toml").write_text(demands)
    for name, made in exercises.items():
        mistakes = root / "reference/mistakes" / f"{name}.toml"
        alternative = root / "tests/alternatives" / name / "other.py"
        for path, text in ((mistakes, made.mistakes), (alternative, made.alternative)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return root
