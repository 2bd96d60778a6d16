"""Correct: plain backpropagation first, the penalty added afterwards; answers of 0-d arrays."""

import numpy as np


def penalty(W, lambd, m):
    return lambd / m * W


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    logs = np.multiply(np.log(A3), Y) + np.multiply(np.log(1 - A3), 1 - Y)
    norms = [np.linalg.norm(parameters[f"W{l}"]) ** 2 for l in range(1, 4)]
    return np.squeeze(-1 / m * np.sum(logs, keepdims=True)) + (1 / m) * (lambd / 2) * sum(norms)


def backward_propagation_with_regularization(X, Y, cache, lambd):
    gradients = plain(X, Y, cache)
    for l, W in (("1", cache[2]), ("2", cache[6]), ("3", cache[10])):
        gradients["dW" + l] = gradients["dW" + l] + penalty(W, lambd, X.shape[1])
    return gradients


def plain(X, Y, cache):
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    m = X.shape[1]
    dZ3 = A3 - Y
    dW3 = 1.0 / m * np.dot(dZ3, A2.T)
    db3 = 1.0 / m * np.sum(dZ3, axis=1, keepdims=True)
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.array(dA2, copy=True)
    dZ2[Z2 <= 0] = 0
    dW2 = 1.0 / m * np.dot(dZ2, A1.T)
    db2 = np.mean(dZ2, axis=1).reshape(-1, 1)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.heaviside(Z1, 0))
    dW1 = 1.0 / m * np.dot(dZ1, X.T)
    db1 = np.mean(dZ1, axis=1)[:, None]
    names = "dZ3 dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1".split()
    return dict(zip(names, (dZ3, dW3, db3, dA2, dZ2, dW2, db2, dA1, dZ1, dW1, db1)))


def update_parameters_with_gradient(parameters, gradients, lambd, learning_rate, m):
    new = {}
    for l in range(1, 4):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        new[f"W{l}"] = W - learning_rate * gradients[f"dW{l}"]
        new[f"W{l}"] -= learning_rate * penalty(W, lambd, m)
        new[f"b{l}"] = b - learning_rate * gradients[f"db{l}"]
    return new


def update_parameters_with_weight_decay(parameters, gradients, lambd, learning_rate, m):
    new = {k: np.copy(v) for k, v in parameters.items()}
    for l in range(1, 4):
        new[f"W{l}"] *= 1 - learning_rate * lambd / m
        for k in (f"W{l}", f"b{l}"):
            new[k] -= learning_rate * gradients["d" + k]
    return new
