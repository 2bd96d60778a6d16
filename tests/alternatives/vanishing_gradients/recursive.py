"""Correct: recursion from layer to layer, covariance for the slope."""

from math import exp, log

import numpy as np


def build_chain(n, scale, depth):
    return [] if depth == 0 else [np.identity(n) * scale, *build_chain(n, scale, depth - 1)]


def forward_chain(X, weights):
    if not weights:
        return [X]
    return [X, *forward_chain(weights[0].dot(X), weights[1:])]


def backward_chain(dAL, weights, activations):
    if not weights:
        return [dAL], []
    dA, dW = backward_chain(dAL, weights[1:], activations[1:])
    return [weights[0].T @ dA[0], *dA], [(activations[0] @ dA[0].T).T, *dW]


def measure_sizes(arrays):
    return np.asarray([np.linalg.norm(A.ravel(), ord=2) for A in arrays])


def growth_rate(depths, sizes):
    logs = [log(size) for size in sizes]
    table = np.cov(np.asarray(depths, dtype=float), logs)
    return exp(table[0, 1] / table[0, 0])


def measure_growth(X, dAL, weights):
    activations = forward_chain(X, weights)
    layers = list(range(len(activations)))
    dA = backward_chain(dAL, weights, activations)[0]
    return (
        growth_rate(layers, measure_sizes(activations)),
        1 / growth_rate(layers, measure_sizes(dA)),
    )


def measure_against_depth(X, scale, depths):
    longest = build_chain(X.shape[0], scale, max(depths))
    outputs = measure_sizes(forward_chain(X, longest))
    ones = np.ones_like(X)
    gradients = [measure_sizes(backward_chain(ones, longest[:d], [X] * d)[0])[0] for d in depths]
    return np.take(outputs, depths), np.array(gradients)
