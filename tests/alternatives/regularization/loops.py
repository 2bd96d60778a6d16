"""Correct: loops where the reference has arrays, and the cost in plain floats."""

import math

import numpy as np


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    total = 0.0
    for a, y in zip(A3[0], Y[0]):
        if y == 1:
            total -= math.log(a)
        else:
            total -= math.log(1 - a)
    squares = 0.0
    for l in (1, 2, 3):
        for row in parameters["W" + str(l)]:
            for w in row:
                squares += w * w
    return total / m + lambd * squares / 2 / m


def backward_propagation_with_regularization(X, Y, cache, lambd):
    Z = {1: cache[0], 2: cache[4]}
    A = {0: X, 1: cache[1], 2: cache[5]}
    W = {1: cache[2], 2: cache[6], 3: cache[10]}
    m = X.shape[1]
    gradients = {}
    dZ = cache[9] - Y
    for l in (3, 2, 1):
        dW = lambd * W[l]
        db = np.zeros((W[l].shape[0], 1))
        for i in range(m):
            dW = dW + np.outer(dZ[:, i], A[l - 1][:, i])
            db = db + dZ[:, i : i + 1]
        gradients.update({f"dZ{l}": dZ, f"dW{l}": dW / m, f"db{l}": db / m})
        if l > 1:
            dA = W[l].T @ dZ
            gradients[f"dA{l - 1}"] = dA
            dZ = np.where(Z[l - 1] > 0, dA, 0)
    return gradients


def update_parameters_with_gradient(parameters, gradients, lambd, learning_rate, m):
    new = {}
    for name, value in parameters.items():
        step = gradients["d" + name]
        if name[0] == "W":
            step = step + lambd * value / m
        new[name] = value - learning_rate * step
    return new


def update_parameters_with_weight_decay(parameters, gradients, lambd, learning_rate, m):
    new = {}
    for name, value in parameters.items():
        kept = value * (m - learning_rate * lambd) / m if name[0] == "W" else value
        new[name] = kept - learning_rate * gradients["d" + name]
    return new
