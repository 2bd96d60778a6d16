"""Checks of splits that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect, generator

X = np.arange(10.0)[None, :]  # the number of each example
Y = np.array([[0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]])


def test_sizes_of_a_hundred(submission: Submission) -> None:
    """Of 100 examples, 60/20/20 gives sets of 60, 20 and 20, and 70/30 gives 70 and 30.

    Return a tuple with a size for each fraction.
    """
    for fractions, expected in (((0.6, 0.2, 0.2), (60, 20, 20)), ((0.7, 0.3), (70, 30))):
        sizes = expect.sequence(submission.split_sizes(100, fractions), len(expected), "sizes")
        expect.close(np.array(sizes), np.array(expected), "sizes")


def test_ten_examples_are_dealt_out(submission: Submission) -> None:
    """Of 10 examples, 60/20/20 puts 6 into "train", 2 into "dev" and 2 into "test".

    Return a dictionary of pairs (X, Y).
    """
    answer = submission.shuffle_and_split(X, Y, (0.6, 0.2, 0.2), generator(0))
    sets = expect.mapping(answer, ("train", "dev", "test"), "the sets")
    for name, size in (("train", 6), ("dev", 2), ("test", 2)):
        pair = expect.sequence(sets[name], 2, f'"{name}"')
        numbers = expect.array(pair[0], (1, size), f"X of {name}")[0].astype(int)
        expect.close(pair[1], Y[:, numbers], f"Y of {name}")


def test_the_target_fills_dev_and_test(submission: Submission) -> None:
    """Of 6 other and 4 target examples, with sizes (1, 2), the training set gets 7.

    The one target example that is left over is there to learn from.
    """
    plenty, target = (X[:, :6], Y[:, :6]), (X[:, 6:], Y[:, 6:])
    answer = submission.split_two_sources(plenty, target, (1, 2), generator(0))
    sets = expect.mapping(answer, ("train", "dev", "test"), "the sets")
    for name, size in (("train", 7), ("dev", 1), ("test", 2)):
        expect.array(expect.sequence(sets[name], 2, f'"{name}"')[0], (1, size), f"X of {name}")


def test_a_mismatch(submission: Submission) -> None:
    """The sets [1, 2, 3, 4] and [3, 4, 5, 6] have a mismatch of 1/2.

    At t = 2, half of the first set lies at or below t, and nothing of the second.
    """
    A, B = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[3.0, 4.0, 5.0, 6.0]])
    expect.close(submission.distribution_mismatch(A, B), 0.5, "D")
