"""Sorts by random keys and fills the smallest sets first."""

import numpy as np


def split_sizes(m, fractions):
    small = [int(np.floor(m * f + 0.5)) for f in fractions[1:]]
    return (m - int(np.sum(small)), *small)


def shuffle_and_split(X, Y, fractions, rng):
    keys = rng.random(X.shape[1])
    order = np.argsort(keys)
    sizes = split_sizes(X.shape[1], fractions)
    sets, start = {"test": (X[:, :0], Y[:, :0])}, 0
    for name, size in list(zip(("train", "dev", "test"), sizes, strict=False))[::-1]:
        columns = order[start : start + size]
        sets[name] = (np.take(X, columns, axis=1), np.take(Y, columns, axis=1))
        start += size
    return sets


def split_two_sources(plenty, target, sizes, rng):
    m = target[0].shape[1]
    held_out = rng.choice(m, size=sizes[0] + sizes[1], replace=False)
    dev, test = held_out[: sizes[0]], held_out[sizes[0] :]
    rest = np.setdiff1d(np.arange(m), held_out)
    pick = {"dev": dev, "test": test, "train": rest}
    sets = {name: [part[:, i] for part in target] for name, i in pick.items()}
    sets["train"] = [np.append(p, t, axis=1) for p, t in zip(plenty, sets["train"], strict=True)]
    return sets


def distribution_mismatch(A, B):
    D = 0.0
    for j in range(A.shape[0]):
        values = np.concatenate((A[j], B[j]))
        steps = np.r_[np.full(A.shape[1], 1 / A.shape[1]), np.full(B.shape[1], -1 / B.shape[1])]
        for t in np.unique(values):
            D = max(D, abs(steps[values <= t].sum()))
    return np.float64(D)
