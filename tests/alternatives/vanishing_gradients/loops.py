"""Correct, with indices and sums written out, and np.polyfit for the line."""

import numpy as np


def build_chain(n, scale, depth):
    weights = []
    for _ in range(depth):
        W = np.zeros((n, n))
        for i in range(n):
            W[i, i] = scale
        weights.append(W)
    return weights


def forward_chain(X, weights):
    activations = {0: X.copy()}
    for layer in range(1, len(weights) + 1):
        W, A = weights[layer - 1], activations[layer - 1]
        Z = np.zeros((W.shape[0], A.shape[1]))
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                Z[i] += W[i, j] * A[j]
        activations[layer] = Z
    return list(activations.values())


def backward_chain(dAL, weights, activations):
    L = len(weights)
    dA = [None] * (L + 1)
    dW = [None] * L
    dA[L] = dAL
    for layer in range(L, 0, -1):
        A = activations[layer - 1]
        dW[layer - 1] = sum(np.outer(dA[layer][:, i], A[:, i]) for i in range(A.shape[1]))
        dA[layer - 1] = np.dot(weights[layer - 1].T, dA[layer])
    return dA, dW


def measure_sizes(arrays):
    sizes = np.zeros(len(arrays))
    for i, A in enumerate(arrays):
        total = 0
        for value in A.flat:
            total += value * value
        sizes[i] = total**0.5
    return sizes


def growth_rate(depths, sizes):
    slope, _ = np.polyfit(depths, np.log(sizes), 1)
    return np.e**slope


def measure_growth(X, dAL, weights):
    activations = forward_chain(X, weights)
    dA, _ = backward_chain(dAL, weights, activations)
    L = len(weights)
    up = growth_rate(np.arange(L + 1), measure_sizes(activations))
    down = growth_rate(np.arange(L, -1, -1), measure_sizes(dA))
    return [up, down]


def measure_against_depth(X, scale, depths):
    outputs, gradients = [], []
    for depth in depths:
        weights = build_chain(len(X), scale, depth)
        activations = forward_chain(X, weights)
        dA, _ = backward_chain(np.ones(X.shape), weights, activations)
        outputs.append(measure_sizes([activations[depth]])[0])
        gradients.append(measure_sizes([dA[0]])[0])
    return np.array(outputs), np.array(gradients)
