"""Right samples pass, at a rate that is tried where it can be seen; wrong ones are caught."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.kit import Mismatch, statistics

Floats = NDArray[np.float64]
Compare = Callable[[Floats], None]

N = 4000


def fails(compare: Compare, sample: Floats) -> bool:
    try:
        compare(sample)
    except Mismatch:
        return True
    return False


@pytest.fixture
def loose(monkeypatch: pytest.MonkeyPatch) -> float:
    """A rate that 2000 samples can show; the bounds are the same formulas."""
    rate = 0.02
    monkeypatch.setattr(statistics, "_X", math.log(2 / rate))
    return rate


# name: what is compared, and a sample of size n for which it is right
RIGHT: dict[str, tuple[Compare, Callable[[np.random.Generator, int], Floats]]] = {
    "mean": (
        lambda sample: statistics.mean(sample, 3.0, 2.0, "W"),
        lambda rng, n: rng.normal(3.0, 2.0, n),
    ),
    "centred": (
        lambda sample: statistics.centred(sample, "W"),
        lambda rng, n: rng.normal(0.0, 2.0, n),
    ),
    "centred, heavy tails": (
        lambda sample: statistics.centred(sample, "W"),
        lambda rng, n: rng.standard_cauchy(n),
    ),
    "bounded mean": (
        lambda sample: statistics.bounded_mean(sample, 1.0, 0.0, 2.0, "A"),
        lambda rng, n: 2.0 * (rng.random(n) < 0.5),
    ),
    "variance": (
        lambda sample: statistics.variance(sample, 4.0, "W"),
        lambda rng, n: rng.normal(1.0, 2.0, n),
    ),
    "variance, light tails": (
        lambda sample: statistics.variance(sample, 1 / 3, "W"),
        lambda rng, n: rng.uniform(-1.0, 1.0, n),
    ),
    "proportion": (
        lambda sample: statistics.proportion(sample.sum(), sample.size, 0.2, "D"),
        lambda rng, n: (rng.random(n) < 0.2).astype(float),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("n", [5, 50, 500])
def test_the_rate_holds_at_every_size(name: str, n: int, loose: float) -> None:
    compare, draw = RIGHT[name]
    rng = np.random.default_rng(0)
    trials = 2000
    count = sum(fails(compare, draw(rng, n)) for _ in range(trials))
    # A right bound fails 40 times or less on average; 68 is four and a half deviations more.
    assert count <= loose * trials + 28


@pytest.mark.parametrize("name", RIGHT)
def test_right_samples_pass(name: str) -> None:
    compare, draw = RIGHT[name]
    rng = np.random.default_rng(1)
    for _ in range(200):
        compare(draw(rng, N))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: statistics.mean(z + 0.2, 0.0, 1.0, "W"),
        lambda z: statistics.centred(np.abs(z), "W"),
        lambda z: statistics.centred(z + 0.2, "W"),
        lambda z: statistics.bounded_mean((z > 0) * 1.0, 1.0, 0.0, 2.0, "A"),
        lambda z: statistics.variance(z * math.sqrt(1.5), 1.0, "W"),
        lambda z: statistics.variance(z / math.sqrt(1.5), 1.0, "W"),
        lambda z: statistics.variance(np.full(N, z[0]), 1.0, "W"),
        lambda z: statistics.proportion(np.sum(z < 0.5), N, 0.5, "D"),
        lambda _: statistics.proportion(N - 1, N, 1.0, "D"),
        lambda _: statistics.proportion(1, N, 0.0, "D"),
        lambda _: statistics.proportion(N + 1, N, 0.5, "D"),
    ],
)
def test_wrong_samples_are_caught(wrong: Compare) -> None:
    for seed in range(20):
        assert fails(wrong, np.random.default_rng(seed).normal(size=N))


def test_certain_shares_are_exact() -> None:
    statistics.proportion(N, N, 1.0, "D")
    statistics.proportion(0, N, 0.0, "D")


def test_values_that_are_no_numbers_never_pass() -> None:
    sample = np.full(N, np.nan)
    for compare, _ in RIGHT.values():
        assert fails(compare, sample)


def test_a_failure_names_what_was_found_and_what_was_expected() -> None:
    with pytest.raises(Mismatch) as caught:
        statistics.variance(np.tile([-1.0, 1.0], N), 4.0, "W1")
    assert "variance of W1" in str(caught.value)
    assert "1" in str(caught.value)
    assert "4" in str(caught.value)
