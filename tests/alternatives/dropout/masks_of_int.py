"""Correct: masks of int, kept where the number is above 1 - keep_prob, and 1/m carried in dZ3."""

import numpy as np


def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = np.dot(W1, X) + b1
    D1 = (np.random.random_sample(Z1.shape) >= 1 - keep_prob).astype(int)
    A1 = np.maximum(Z1, 0) * D1 / keep_prob
    Z2 = np.dot(W2, A1) + b2
    D2 = (np.random.random_sample(Z2.shape) >= 1 - keep_prob).astype(int)
    A2 = np.maximum(Z2, 0) * D2 / keep_prob
    Z3 = np.dot(W3, A2) + b3
    A3 = np.exp(Z3) / (1 + np.exp(Z3))
    return A3, [Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3]


def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3 = cache
    dZ3 = (A3 - Y) / X.shape[1]
    dA2 = W3.T @ dZ3 * D2 / keep_prob
    dZ2 = dA2 * np.int64(Z2 > 0)
    dA1 = W2.T @ dZ2 * D1 / keep_prob
    dZ1 = dA1 * np.int64(Z1 > 0)
    return {
        "dZ1": dZ1, "dW1": dZ1 @ X.T, "db1": dZ1.sum(axis=1, keepdims=True), "dA1": dA1,
        "dZ2": dZ2, "dW2": dZ2 @ A1.T, "db2": dZ2.sum(axis=1, keepdims=True), "dA2": dA2,
        "dZ3": dZ3, "dW3": dZ3 @ A2.T, "db3": dZ3.sum(axis=1, keepdims=True),
    }  # fmt: skip


def predict_probabilities(X, parameters):
    A = X
    for l in "12":
        A = np.maximum(parameters["W" + l] @ A + parameters["b" + l], 0)
    Z = parameters["W3"] @ A + parameters["b3"]
    return 1 - 1 / (1 + np.exp(Z))
