"""What splits must do: lose nothing, keep labels, leave all to chance; and a measure that tells."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, expect, generator, statistics
from grader.kit import strategies as some
from reference import train_dev_test_sets as reference

Array = NDArray[np.float64]
Sets = dict[str, tuple[Array, Array]]

NAMES = ("train", "dev", "test")

FRACTIONS = st.sampled_from(((0.6, 0.2, 0.2), (0.7, 0.3), (0.98, 0.01, 0.01), (0.8, 0.2)))
SEEDS = st.integers(0, 10_000)


class Data(NamedTuple):
    """Examples in columns: row 0 of X numbers them, so that each can be told from all others."""

    X: Array
    Y: Array


def data(low: int = 1, high: int = 12) -> st.SearchStrategy[Data]:
    """Between low and high examples with any labels, which are drawn as the bits of one number."""
    return st.integers(low, high).flatmap(
        lambda m: st.integers(0, 2**m - 1).map(lambda bits: numbered(m, bits))
    )


def numbered(m: int, bits: int) -> Data:
    """Examples 0 to m - 1, each with one more feature."""
    number = np.arange(m, dtype=np.float64)
    X = np.vstack([number, number**2 % 7])
    return Data(X, np.array([[float(bits >> i & 1) for i in range(m)]]))


class Sources(NamedTuple):
    """Examples of two kinds, with numbers of their own, and how many dev and test are to get."""

    plenty: Data
    target: Data
    sizes: tuple[int, int]


@st.composite
def two_sources(draw: st.DrawFn) -> Sources:
    """A few examples of each kind; sometimes dev and test use up the target."""
    both = draw(data(5, 12))
    m = draw(st.integers(1, both.X.shape[1] - 4))
    plenty, target = (Data(both.X[:, part], both.Y[:, part]) for part in (slice(m), slice(m, None)))
    dev = draw(st.integers(0, 2))
    return Sources(plenty, target, (dev, draw(st.integers(0, target.X.shape[1] - dev))))


@st.composite
def pairs_of_sets(draw: st.DrawFn) -> tuple[Array, Array]:
    """Two sets of different sizes with the same features."""
    rows = draw(some.sizes(1, 3))
    A, B = (draw(some.matrices(rows, some.sizes(1, 5))) for _ in range(2))
    return A, B


def sorted_data(m: int) -> Data:
    """Examples of label 0, then as many of label 1, as they come from a file."""
    return Data(np.arange(m, dtype=np.float64)[None, :], np.repeat([[0.0, 1.0]], m // 2, axis=1))


def examples_of(value: Any, rows: int, what: str) -> Array:
    """Columns of `rows` numbers, however many."""
    m = value.shape[-1] if isinstance(value, np.ndarray) and value.ndim else 0
    return expect.array(value, (rows, m), what)


def sets_of(answer: Any, rows: int, names: tuple[str, ...] = NAMES) -> Sets:
    """X and Y of each set, of the right kind but of any size."""
    sets = {}
    for name, value in expect.mapping(answer, names, "the sets").items():
        if name in names:
            X, Y = expect.sequence(value, 2, f'"{name}", a pair (X, Y),')
            X = examples_of(X, rows, f"X of {name}")
            sets[name] = X, expect.array(Y, (1, X.shape[1]), f"Y of {name}")
    return sets


def names_of(fractions: tuple[float, ...]) -> tuple[str, ...]:
    return NAMES[: len(fractions)]


def numbers_of(sets: Sets) -> list[int]:
    """The numbers of all examples, in order."""
    return sorted(int(number) for X, _ in sets.values() for number in X[0])


def require_each_once(sets: Sets, numbers: list[int]) -> None:
    """No example is lost, none is in two sets, none in one set twice."""
    found = numbers_of(sets)
    lost = sorted(set(numbers) - set(found))
    expect.holds(not lost, f"{len(lost)} of {len(numbers)} examples are in no set.")
    more = len(found) - len(set(found))
    expect.holds(more == 0, f"{more} of the examples in the sets are there once more.")
    expect.holds(found == numbers, "The sets hold examples that were not given.")


def require_in_step(sets: Sets, data: Data) -> None:
    """Every column of X and Y is one of the data, and both come from the same place."""
    place = {number: i for i, number in enumerate(data.X[0])}
    for name, (X, Y) in sets.items():
        known = [number in place for number in X[0]]
        expect.holds(all(known), f"X of {name} holds examples that were not given.")
        columns = [place[number] for number in X[0]]
        expect.close(X, data.X[:, columns], f"X of {name}")
        expect.close(Y, data.Y[:, columns], f"Y of {name}")


def require_fair_labels(sets: Sets, names: tuple[str, ...]) -> None:
    """Half of the labels are 1, as in the data.

    A set is a sample without replacement. By Hoeffding (JASA 58, 1963, theorem 4) the bounds of
    `statistics.proportion` hold for it as they do for independent draws.
    """
    for name in names:
        Y = sets[name][1]
        expect.holds(Y.size > 0, f"The {name} set is empty.")
        statistics.proportion(float(Y.sum()), Y.size, 0.5, f"examples of label 1 in {name}")


@pytest.mark.points(2)
@given(st.integers(1, 400), FRACTIONS)
def test_sizes_add_up_for_every_m(
    submission: Submission, m: int, fractions: tuple[float, ...]
) -> None:
    """The sizes of the sets add up to m, and none is below 0.

    Where m does not divide well, let one of the sets have what the others leave.
    """
    answer = submission.split_sizes(m, fractions)
    sizes = [
        expect.number(size, f"the size of {name}")
        for name, size in zip(
            names_of(fractions),
            expect.sequence(answer, len(fractions), "the sizes"),
            strict=True,
        )
    ]
    expect.close(sum(sizes), m, "the sum of the sizes")
    for name, size in zip(NAMES, sizes, strict=False):
        expect.holds(size >= 0, f"The size of {name} is {size:g}.")
        expect.holds(size == int(size), f"The size of {name} is {size:g}, no whole number.")


@given(st.integers(1, 400), FRACTIONS)
def test_sizes_follow_the_fractions(
    submission: Submission, m: int, fractions: tuple[float, ...]
) -> None:
    """Dev and test set are off by at most one example from their fractions of m.

    The fractions come in the order training, dev, test.
    """
    answer = submission.split_sizes(m, fractions)
    sizes = expect.sequence(answer, len(fractions), "the sizes")
    for name, size, fraction in list(zip(NAMES, sizes, fractions, strict=False))[1:]:
        size = expect.number(size, f"the size of {name}")
        expect.holds(
            abs(size - fraction * m) < 1 + 1e-9,  # int(0.7 * 90) is 62
            f"The size of {name} is {size:g}, but {fraction:g} of {m} is {fraction * m:.4g}.",
        )


@pytest.mark.points(2)
@settings(max_examples=50)
@given(data(), FRACTIONS, SEEDS)
def test_every_example_is_in_exactly_one_set(
    submission: Submission, data: Data, fractions: tuple[float, ...], seed: int
) -> None:
    """Together the sets hold every example, and each only once.

    Cut one random order of all examples into pieces, each from where the one before ends.
    """
    answer = submission.shuffle_and_split(data.X, data.Y, fractions, generator(seed))
    sets = sets_of(answer, len(data.X), names_of(fractions))
    require_each_once(sets, [int(number) for number in data.X[0]])


@pytest.mark.points(2)
@settings(max_examples=50)
@given(data(), FRACTIONS, SEEDS)
def test_examples_keep_their_labels(
    submission: Submission, data: Data, fractions: tuple[float, ...], seed: int
) -> None:
    """Each example keeps its features and its label.

    Draw one order and apply it to the columns of X and of Y alike.
    """
    answer = submission.shuffle_and_split(data.X, data.Y, fractions, generator(seed))
    require_in_step(sets_of(answer, len(data.X), names_of(fractions)), data)


@settings(max_examples=50)
@given(data(4, 40), FRACTIONS, SEEDS)
def test_each_set_has_its_share(
    submission: Submission, data: Data, fractions: tuple[float, ...], seed: int
) -> None:
    """ "train", "dev" and "test" get the first, the second and the third fraction of m.

    Dev and test set may be off by one example, for rounding.
    """
    answer = submission.shuffle_and_split(data.X, data.Y, fractions, generator(seed))
    sets = sets_of(answer, len(data.X), names_of(fractions))
    m = data.X.shape[1]
    for name, fraction in list(zip(NAMES, fractions, strict=False))[1:]:
        size = sets[name][1].size
        expect.holds(
            abs(size - fraction * m) < 1 + 1e-9,
            f"The size of {name} is {size}, but {fraction:g} of {m} is {fraction * m:.4g}.",
        )


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_dev_and_test_come_from_the_same_distribution(submission: Submission, seed: int) -> None:
    """Of data sorted by label, dev and test set get as much of each label as there is.

    Shuffle before you cut: the examples at the end of a file are seldom like those at its start.

    False-failure rate: 9e-12, three comparisons in each of three examples, 1e-12 each by Chernoff's
    bound, which holds for draws without replacement too.
    """
    m = 4000
    X, Y = sorted_data(m)
    answer = submission.shuffle_and_split(X, Y, (0.6, 0.2, 0.2), generator(seed))
    require_fair_labels(sets_of(answer, 1), NAMES)


@settings(max_examples=10)
@given(SEEDS)
def test_the_generator_decides(submission: Submission, seed: int) -> None:
    """The same state of rng gives the same sets, another one gives others.

    Draw from rng alone, not from np.random and not from a generator with a seed of your own.
    """
    X, Y = sorted_data(40)
    sets = [
        sets_of(submission.shuffle_and_split(X, Y, (0.6, 0.2, 0.2), generator(s)), 1)
        for s in (seed, seed, seed + 1)
    ]
    first, again, other = ([sorted(each[name][0][0]) for name in NAMES] for each in sets)
    expect.holds(first == again, "The same state of rng gave other sets the second time.")
    # There are 40! / (24! 8! 8!) = 8e14 ways to deal the examples out; ten examples: 1.3e-14.
    expect.holds(first != other, "Another state of rng gave the same sets.")


@settings(max_examples=25)
@given(data(), FRACTIONS, SEEDS)
def test_the_data_stay_as_they_are(
    submission: Submission, data: Data, fractions: tuple[float, ...], seed: int
) -> None:
    """Splitting changes neither X nor Y.

    rng.shuffle works in place; rng.permutation gives a new order to pick columns by.
    """
    submission.shuffle_and_split(data.X, data.Y, fractions, generator(seed))
    expect.unchanged(submission)


@settings(max_examples=50)
@given(two_sources(), SEEDS)
def test_dev_and_test_are_of_the_target_only(
    submission: Submission, sources: Sources, seed: int
) -> None:
    """With two sources, dev and test set hold target examples, as many as asked for.

    The dev set is the mark you aim at; examples from elsewhere would move it.
    """
    plenty, target, sizes = sources
    answer = submission.split_two_sources(tuple(plenty), tuple(target), sizes, generator(seed))
    sets = sets_of(answer, len(target.X))
    for name, size in zip(("dev", "test"), sizes, strict=True):
        X = sets[name][0]
        expect.holds(X.shape[1] == size, f"{name} holds {X.shape[1]} examples, not {size}.")
        foreign = int(np.sum(X[0] < target.X[0, 0]))
        expect.holds(not foreign, f"{foreign} of {size} examples in {name} are not of the target.")


@pytest.mark.points(2)
@settings(max_examples=50)
@given(two_sources(), SEEDS)
def test_two_sources_lose_nothing(submission: Submission, sources: Sources, seed: int) -> None:
    """With two sources, every example is in exactly one set, with its label.

    The training set gets all that is plenty, and the target examples that dev and test leave.
    """
    plenty, target, sizes = sources
    answer = submission.split_two_sources(tuple(plenty), tuple(target), sizes, generator(seed))
    both = Data(np.hstack([plenty.X, target.X]), np.hstack([plenty.Y, target.Y]))
    sets = sets_of(answer, len(target.X))
    require_each_once(sets, [int(number) for number in both.X[0]])
    require_in_step(sets, both)


@settings(max_examples=3)
@given(SEEDS)
def test_target_examples_are_dealt_by_chance(submission: Submission, seed: int) -> None:
    """With two sources, dev and test set get as much of each label as the target has.

    Shuffle the target examples before you cut.

    False-failure rate: 6e-12, two comparisons in each of three examples, 1e-12 each by Chernoff's
    bound, which holds for draws without replacement too.
    """
    target = sorted_data(3000)
    plenty = sorted_data(20)
    answer = submission.split_two_sources(
        tuple(plenty), tuple(target), (1000, 800), generator(seed)
    )
    require_fair_labels(sets_of(answer, 1), ("dev", "test"))


@settings(max_examples=50)
@given(data(), st.integers(1, 3), SEEDS)
def test_sets_of_the_same_examples_do_not_differ(
    submission: Submission, data: Data, copies: int, seed: int
) -> None:
    """The mismatch of a set and the same examples in another order, or several times, is 0.

    F counts shares of examples: neither the order nor the size of a set matters.
    """
    order = np.random.default_rng(seed).permutation(copies * data.X.shape[1])
    other = np.repeat(data.X, copies, axis=1)[:, order]
    expect.close(submission.distribution_mismatch(data.X, other), 0.0, "D of the same examples")


@pytest.mark.points(2)
@settings(max_examples=50)
@given(st.integers(0, 2), some.sizes(1, 4), some.positive_numbers())
def test_one_feature_and_its_spread_are_enough(
    submission: Submission, feature: int, k: int, spread: float
) -> None:
    """One feature of three that spreads wider in one set, around the same mean, makes D = 1/2.

    Take the largest difference over all features and all values, not that of the means.
    """
    A = np.zeros((3, 2 * k))
    B = A.copy()
    B[feature] = np.repeat([-spread, spread], k)  # half of B lies below all of A
    expect.close(submission.distribution_mismatch(A, B), 0.5, "D")
    expect.close(submission.distribution_mismatch(B, A), 0.5, "D the other way round")


@settings(max_examples=50)
@given(pairs_of_sets())
def test_the_mismatch_agrees_with_the_reference(
    submission: Submission, sets: tuple[Array, Array]
) -> None:
    """The mismatch of two sets is that of the reference.

    Sizes, features, ties: everything at once.
    """
    D = submission.distribution_mismatch(*sets)
    expect.close(D, reference.distribution_mismatch(*sets), "D")
