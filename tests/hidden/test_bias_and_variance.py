"""What a diagnosis must be, which steps follow from it, and in which order the recipe goes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, callback, expect
from grader.kit import strategies as some
from grader.kit.submission import Callback
from reference import bias_and_variance as reference

Array = NDArray[np.float64]
Surface = Callable[[int, int], tuple[float, float]]  # bias and variance after so many steps of each

ROUNDS = 4

# Errors are whole percents, and the tolerances lie between them, so that rounding decides nothing.
PERCENTS = st.integers(0, 40).map(lambda percent: percent / 100)
# Sixteenths add up without rounding, so a gap can be just as large as the tolerance.
SIXTEENTHS = st.integers(0, 6).map(lambda count: count / 16)
LOW = st.integers(0, 1).map(lambda percent: percent / 100)
HIGH = st.integers(6, 20).map(lambda percent: percent / 100)


class Case(NamedTuple):
    """Three errors with what they are made of."""

    optimal: float
    bias: float
    variance: float

    @property
    def train(self) -> float:
        """The error on the training set."""
        return self.optimal + self.bias

    @property
    def dev(self) -> float:
        """The error on the dev set."""
        return self.train + self.variance


def cases(
    bias: st.SearchStrategy[float] = PERCENTS, variance: st.SearchStrategy[float] = PERCENTS
) -> st.SearchStrategy[Case]:
    """Errors with any, low or high bias and variance."""
    return st.builds(Case, PERCENTS, bias, variance)


def require_words(actual: Any, expected: str) -> None:
    """The diagnosis, word by word."""
    expect.holds(isinstance(actual, str), f"The diagnosis must be text: {expect.describe(actual)}.")
    expect.holds(actual == expected, f'The diagnosis must be "{expected}".')


def require_steps(actual: Any, expected: tuple[str, ...]) -> None:
    """These steps in this order; nothing of what a student wrote is shown but known names."""
    found = expect.sequence(actual, len(expected), "the list of steps")
    known = set(reference.BIAS_STEPS) | set(reference.VARIANCE_STEPS)
    for number, (step, right) in enumerate(zip(found, expected, strict=True), start=1):
        named = f'"{step}"' if isinstance(step, str) and step in known else expect.describe(step)
        same = isinstance(step, str) and step == right
        expect.holds(same, f'Step {number} must be "{right}", but it is {named}.')


def words_for(bias_is_high: bool, variance_is_high: bool) -> str:
    """The diagnosis in the words of the exercise."""
    if bias_is_high:
        return reference.BOTH if variance_is_high else reference.HIGH_BIAS
    return reference.HIGH_VARIANCE if variance_is_high else reference.NEITHER


def measured(surface: Surface, optimal: float) -> Callback:
    """What `measure` answers: the errors of a network of that size with that much data."""

    def measure(size: float, data: float) -> tuple[float, float]:
        bias, variance = surface(doublings(size), doublings(data))
        return optimal + bias, optimal + bias + variance

    return callback(measure, takes=[(), ()])


def doublings(value: float) -> int:
    """How often 1 was doubled to get the value; ROUNDS for what is no power of two."""
    powers = [2.0**k for k in range(ROUNDS)]
    return powers.index(value) if value in powers else ROUNDS


def random_surface(seed: int) -> Surface:
    """Low and high values without any order: each step can undo what another one did."""
    high = np.random.default_rng(seed).integers(0, 2, (2, ROUNDS + 1, ROUNDS + 1)) * 0.1
    return lambda size, data: (float(high[0, size, data]), float(high[1, size, data]))


def steps_on(surface: Surface, rounds: int) -> tuple[str, ...]:
    """The recipe, where 0.05 is between low and high."""
    size = data = 0
    steps: list[str] = []
    for _ in range(rounds):
        bias, variance = surface(size, data)
        if bias > 0.05:
            size += 1
            steps.append(reference.BIAS_STEPS[0])
        elif variance > 0.05:
            data += 1
            steps.append(reference.VARIANCE_STEPS[0])
    return tuple(steps)


@settings(max_examples=50)
@given(st.integers(1, 6).flatmap(lambda m: st.tuples(some.labels(m), some.labels(m))))
def test_the_error_rate_is_the_share_of_wrong_labels(
    submission: Submission, labels: tuple[Array, Array]
) -> None:
    """The error rate is the number of wrong labels divided by the number of examples.

    It is a number from 0 to 1: what `np.mean` makes of a comparison.
    """
    predictions, Y = labels
    wrong = sum(p != y for p, y in zip(predictions[0], Y[0], strict=True))
    expect.close(submission.error_rate(predictions, Y), wrong / Y.size, "error")


@given(cases())
def test_bias_is_measured_from_the_optimal_error(submission: Submission, case: Case) -> None:
    """The bias is what the training error has more than the optimal error.

    Nobody can get below the optimal error; the bias counts from there.
    """
    answer = submission.bias_and_variance(case.train, case.dev, case.optimal)
    bias, _ = expect.sequence(answer, 2, "the answer (bias, variance)")
    expect.close(bias, case.bias, "bias")
    answer = submission.bias_and_variance(case.train, case.dev)
    bias, _ = expect.sequence(answer, 2, "the answer (bias, variance)")
    expect.close(bias, case.train, "bias without an optimal error, which is 0 then")


@given(cases(variance=st.integers(-5, 20).map(lambda percent: percent / 100)))
def test_variance_is_measured_from_the_training_error(submission: Submission, case: Case) -> None:
    """The variance is what the dev error has more than the training error.

    It is negative where the dev error is the smaller one.
    """
    answer = submission.bias_and_variance(case.train, case.dev, case.optimal)
    _, variance = expect.sequence(answer, 2, "the answer (bias, variance)")
    expect.close(variance, case.variance, "variance")


@pytest.mark.points(2)
@given(st.booleans(), st.booleans(), cases(LOW, LOW), cases(HIGH, HIGH))
def test_the_diagnosis_names_what_is_high(
    submission: Submission, bias_is_high: bool, variance_is_high: bool, low: Case, high: Case
) -> None:
    """High bias, high variance, both or neither: one question for each.

    Bias is high if it is more than the tolerance, and so is variance; ask both questions.
    """
    bias = high.bias if bias_is_high else low.bias
    variance = high.variance if variance_is_high else low.variance
    case = Case(low.optimal, bias, variance)
    answer = submission.diagnose(case.train, case.dev, case.optimal, 0.035)
    require_words(answer, words_for(bias_is_high, variance_is_high))


@given(cases(LOW, LOW))
def test_what_nobody_can_do_better_is_no_bias(submission: Submission, case: Case) -> None:
    """Errors as high as the optimal error are no high bias, however high they are.

    Blurred images may be beyond everyone: compare the training error with the optimal error.
    """
    answer = submission.diagnose(case.train, case.dev, case.optimal, 0.035)
    require_words(answer, reference.NEITHER)


@settings(max_examples=50)
@given(PERCENTS, HIGH, HIGH)
def test_better_than_expected_is_not_high(
    submission: Submission, optimal: float, bias: float, variance: float
) -> None:
    """A training error below the optimal one, or a dev error below that of training, is not high.

    Both happen by chance, or where dev examples are easier. The sign matters.
    """
    train = optimal + bias
    answer = submission.diagnose(train, train - variance, train + bias, 0.025)
    require_words(answer, reference.NEITHER)


@given(st.builds(Case, SIXTEENTHS, SIXTEENTHS, SIXTEENTHS), SIXTEENTHS)
def test_the_tolerance_decides(submission: Submission, case: Case, tolerance: float) -> None:
    """More than the tolerance is high; just as much is not, nor is less.

    The tolerance is the fourth argument, and it is the same for bias and for variance.
    """
    answer = submission.diagnose(case.train, case.dev, case.optimal, tolerance)
    require_words(answer, words_for(case.bias > tolerance, case.variance > tolerance))


@settings(max_examples=50)
@given(st.integers(0, 10), st.integers(0, 10))
def test_without_more_arguments_nobody_errs(
    submission: Submission, bias: int, variance: int
) -> None:
    """The optimal error is 0 and the tolerance 0.02, unless they are given.

    Humans tell cats from dogs nearly without error. Give both parameters a default.
    """
    train = bias / 100 + 0.005
    answer = submission.diagnose(train, train + variance / 100 + 0.005)
    require_words(answer, words_for(bias >= 2, variance >= 2))


def test_high_bias_calls_for_a_better_fit(submission: Submission) -> None:
    """Against high bias: bigger network, train longer, another architecture, in this order.

    These are the BIAS_STEPS.
    """
    require_steps(submission.next_steps(reference.HIGH_BIAS), reference.BIAS_STEPS)


def test_high_variance_calls_for_more_data(submission: Submission) -> None:
    """Against high variance: more data, regularization, another architecture, in this order.

    These are the VARIANCE_STEPS.
    """
    require_steps(submission.next_steps(reference.HIGH_VARIANCE), reference.VARIANCE_STEPS)


@pytest.mark.points(2)
def test_bias_is_treated_before_variance(submission: Submission) -> None:
    """Where both are high, the next steps are those against bias, and no others yet.

    More data does not help a network that does not even fit the data it has. Whether the variance
    is high shows when the bias is low.
    """
    require_steps(submission.next_steps(reference.BOTH), reference.BIAS_STEPS)


def test_where_all_is_well_nothing_is_done(submission: Submission) -> None:
    """Where neither is high, there are no next steps.

    Return an empty tuple.
    """
    require_steps(submission.next_steps(reference.NEITHER), ())


@settings(max_examples=50)
@given(st.integers(0, ROUNDS), st.integers(0, ROUNDS), st.integers(1, ROUNDS), PERCENTS)
def test_the_recipe_goes_on_until_both_are_low(
    submission: Submission, sizes: int, amounts: int, rounds: int, optimal: float
) -> None:
    """The recipe makes the network bigger until the bias is low, then gets data for the variance.

    It stops where both are low, or where the rounds are used up. Each step doubles either the size
    or the data.
    """

    def surface(size: int, data: int) -> tuple[float, float]:
        return 0.1 * (size < sizes), 0.1 * (data < amounts)

    measure = measured(surface, optimal)
    answer = submission.follow_recipe(measure, optimal, 0.05, rounds)
    require_steps(answer, steps_on(surface, rounds))


@pytest.mark.points(2)
@given(st.integers(0, 10_000), st.integers(1, ROUNDS), PERCENTS)
def test_the_recipe_asks_again_after_each_step(
    submission: Submission, seed: int, rounds: int, optimal: float
) -> None:
    """After each step the recipe measures again and starts over with the bias.

    More data can bring the bias back, and a bigger network the variance: there is no first part
    that is done for good.
    """
    surface = random_surface(seed)
    answer = submission.follow_recipe(measured(surface, optimal), optimal, 0.05, rounds)
    require_steps(answer, steps_on(surface, rounds))
