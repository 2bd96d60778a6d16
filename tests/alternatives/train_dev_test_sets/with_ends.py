"""Cuts at the running sums of the fractions; labels travel as one more row of X."""

import numpy as np

NAMES = ["train", "dev", "test"]


def ends(m, fractions):
    return [round(float(np.sum(fractions[: k + 1])) * m) for k in range(len(fractions))]


def split_sizes(m, fractions):
    return tuple(int(size) for size in np.diff([0, *ends(m, fractions)]))


def cut(both, last):
    pieces = np.split(both, last, axis=1)
    return {name: (p[:-1], p[-1:]) for name, p in zip(NAMES, pieces, strict=False)}


def shuffle_and_split(X, Y, fractions, rng):
    both = rng.permutation(np.vstack((X, Y)), axis=1)
    return cut(both, ends(X.shape[1], fractions)[:-1])


def split_two_sources(plenty, target, sizes, rng):
    both = rng.permutation(np.vstack(target), axis=1)
    test, dev, rest = np.split(both, [sizes[1], sizes[1] + sizes[0]], axis=1)
    train = np.concatenate([rest, np.vstack(plenty)], axis=1)
    found = {"train": train, "dev": dev, "test": test}
    return {name: (part[:-1], part[-1].reshape(1, -1)) for name, part in found.items()}


def distribution_mismatch(A, B):
    gaps = []
    for a, b in zip(np.sort(A), np.sort(B), strict=True):
        t = np.union1d(a, b)
        F_a = np.searchsorted(a, t, side="right") / a.size
        F_b = np.searchsorted(b, t, side="right") / b.size
        gaps.append(np.abs(F_a - F_b).max())
    return np.max(gaps)
