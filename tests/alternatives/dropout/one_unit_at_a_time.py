"""Correct: loops, Python's own random, masks of float that come before the ReLU, layer 2 first."""

import random

import numpy as np


def mask(n, m, keep_prob):
    return np.array([[float(random.random() < keep_prob) for _ in range(m)] for _ in range(n)])


def sigmoid(Z):
    return 0.5 * np.tanh(0.5 * Z) + 0.5


def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    p, m = parameters, X.shape[1]
    D2 = mask(len(p["b2"]), m, keep_prob)
    D1 = mask(len(p["b1"]), m, keep_prob)
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.where(Z1 * D1 > 0, Z1 / keep_prob, 0.0)
    Z2 = p["W2"] @ A1 + p["b2"]
    A2 = np.where(Z2 * D2 > 0, Z2 / keep_prob, 0.0)
    Z3 = p["W3"] @ A2 + p["b3"]
    A3 = sigmoid(Z3)
    cache = (Z1, D1, A1, p["W1"], p["b1"], Z2, D2, A2, p["W2"], p["b2"], Z3, A3, p["W3"], p["b3"])
    return A3, cache


def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3 = cache
    m = X.shape[1]
    sums = {}
    steps = {k: [] for k in ("dZ3", "dA2", "dZ2", "dA1", "dZ1")}
    for i in range(m):
        dz3 = A3[:, i] - Y[0, i]
        da2 = W3.T @ dz3 * D2[:, i] / keep_prob
        dz2 = np.where(Z2[:, i] > 0, da2, 0)
        da1 = W2.T @ dz2 * D1[:, i] / keep_prob
        dz1 = np.where(Z1[:, i] > 0, da1, 0)
        for k, column in zip(steps, (dz3, da2, dz2, da1, dz1)):
            steps[k].append(column)
        for l, dz, a in (("3", dz3, A2), ("2", dz2, A1), ("1", dz1, X)):
            sums["dW" + l] = sums.get("dW" + l, 0) + np.outer(dz, a[:, i])
            sums["db" + l] = sums.get("db" + l, 0) + dz[:, None]
    gradients = {k: np.stack(columns, axis=1) for k, columns in steps.items()}
    gradients.update({k: value / m for k, value in sums.items()})
    return gradients


def predict_probabilities(X, parameters):
    columns = []
    for x in X.T:
        a1 = np.maximum(0, parameters["W1"] @ x + parameters["b1"][:, 0])
        a2 = np.maximum(0, parameters["W2"] @ a1 + parameters["b2"][:, 0])
        columns.append(sigmoid(parameters["W3"] @ a2 + parameters["b3"][:, 0]))
    return np.array(columns).T
