"""Correct: powers of scale instead of chains where the result is known, lstsq in base 2."""

import numpy as np


def build_chain(n, scale, depth):
    return [np.diag([float(scale)] * n)] * depth


def forward_chain(X, weights):
    activations = [X]
    product = np.eye(X.shape[0])
    for W in weights:
        product = W @ product
        activations.append(product @ X)
    return tuple(activations)


def backward_chain(dAL, weights, activations):
    dA = [dAL]
    for W in weights[::-1]:
        dA.insert(0, np.einsum("ij,im->jm", W, dA[0]))
    dW = [np.einsum("im,jm->ij", dA[i + 1], activations[i]) for i in range(len(weights))]
    return dA, dW


def measure_sizes(arrays):
    return np.sqrt(np.array([np.vdot(A, A) for A in arrays]))


def growth_rate(depths, sizes):
    A = np.column_stack([np.ones(len(depths)), depths])
    solution = np.linalg.lstsq(A, np.log2(sizes), rcond=None)[0]
    return 2 ** solution[1]


def measure_growth(X, dAL, weights):
    up = measure_sizes(forward_chain(X, weights))
    down = [dAL]
    for W in reversed(weights):
        down.append(W.T @ down[-1])
    depths = range(len(weights) + 1)
    return growth_rate(depths, up), growth_rate(depths, measure_sizes(down))


def measure_against_depth(X, scale, depths):
    powers = np.array([scale**depth for depth in depths])
    return powers * np.linalg.norm(X), powers * X.size**0.5
