"""Correct, number by number, with rng.normal and a scale, columns before rows."""

import math

import numpy as np


def weight_variance(rule, n_prev, n):
    return {"xavier": 1.0 / n_prev, "he": 2.0 / n_prev, "glorot": 1.0 / ((n_prev + n) / 2.0)}[rule]


def draw_weight(n, n_prev, variance, rng):
    W = np.empty((n, n_prev))
    for j in range(n_prev):
        for i in range(n):
            W[i, j] = rng.normal(0.0, variance**0.5)
    return W


def initialize_weights(layers_dims, rule, rng):
    weights = []
    n_prev = layers_dims[0]
    for n in layers_dims[1:]:
        weights += [draw_weight(n, n_prev, weight_variance(rule, n_prev, n), rng)]
        n_prev = n
    return weights


def activate_layers(X, weights, activation):
    A = X.copy()
    activations = [A]
    for W in weights:
        Z = np.dot(W, A)
        if activation == "relu":
            Z[Z < 0] = 0
            A = Z
        else:
            A = np.tanh(Z)
        activations.append(A)
    return activations


def measure_scales(activations):
    scales = []
    for A in activations:
        total = 0.0
        for a in A.flatten():
            total += a**2
        scales.append(math.sqrt(total / A.size))
    return np.array(scales)


def scales_through_layers(X, depth, variance, activation, rng):
    A = X
    scales = [measure_scales([A])[0]]
    for _ in range(depth):
        W = rng.normal(scale=np.sqrt(variance), size=(X.shape[0], X.shape[0]))
        A = activate_layers(A, [W], activation)[-1]
        scales.append(measure_scales([A])[0])
    return np.array(scales)
