"""One example at a time; the sets keep the order of the data."""

import numpy as np


def split_sizes(m, fractions):
    sizes = [0] * len(fractions)
    for k in range(1, len(fractions)):
        sizes[k] = int(fractions[k] * m)
    sizes[0] = m - sum(sizes)
    return sizes


def shuffle_and_split(X, Y, fractions, rng):
    m = X.shape[1]
    sizes = split_sizes(m, fractions)
    which = np.repeat(np.arange(len(sizes)), sizes)
    rng.shuffle(which)
    sets = {}
    for k, name in enumerate(["train", "dev", "test"][: len(sizes)]):
        sets[name] = [X[:, which == k], Y[:, which == k]]
    return sets


def split_two_sources(plenty, target, sizes, rng):
    free = list(range(target[0].shape[1]))
    sets = {}
    for name, size in zip(("dev", "test"), sizes, strict=True):
        columns = []
        for _ in range(size):
            columns.append(free.pop(rng.integers(len(free))))
        sets[name] = (target[0][:, columns], target[1][:, columns])
    X, Y = plenty
    for i in free:
        X = np.c_[X, target[0][:, i]]
        Y = np.c_[Y, target[1][:, i]]
    sets["train"] = (X, Y)
    return sets


def distribution_mismatch(A, B):
    D = 0
    for a, b in zip(A, B, strict=True):
        for t in [*a, *b]:
            below_a = sum(1 for value in a if value <= t)
            below_b = sum(1 for value in b if value <= t)
            D = max(D, abs(below_a / len(a) - below_b / len(b)))
    return D
