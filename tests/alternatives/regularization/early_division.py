"""Correct: 1/m carried in dZ and dA from the start, einsum, masks of int, more entries."""

import numpy as np


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    right = np.where(Y > 0.5, A3, 1 - A3)
    weights = np.concatenate([parameters[k].ravel() for k in ("W3", "W1", "W2")])
    return -np.log(right).mean() + lambd * weights.dot(weights) / (2 * Y.size)


def backward_propagation_with_regularization(X, Y, cache, lambd):
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    m = X.shape[1]
    dZ3 = (A3 - Y) / m
    dW3 = np.einsum("im,jm->ij", dZ3, A2) + W3 * (lambd / m)
    dA2 = np.einsum("ji,jm->im", W3, dZ3)
    dZ2 = dA2 * np.int64(A2 > 0)
    dW2 = np.einsum("im,jm->ij", dZ2, A1) + W2 * (lambd / m)
    dA1 = np.einsum("ji,jm->im", W2, dZ2)
    dZ1 = dA1 * np.int64(A1 > 0)
    dW1 = np.einsum("im,jm->ij", dZ1, X) + W1 * (lambd / m)
    ones = np.ones((m, 1))
    gradients = {"dZ3": dZ3, "dW3": dW3, "db3": dZ3 @ ones, "dA2": dA2,
                 "dZ2": dZ2, "dW2": dW2, "db2": dZ2 @ ones, "dA1": dA1,
                 "dZ1": dZ1, "dW1": dW1, "db1": dZ1 @ ones}  # fmt: skip
    gradients["m"] = m
    return gradients


def update_parameters_with_gradient(parameters, gradients, lambd, learning_rate, m):
    return {
        k: parameters[k]
        - learning_rate * (gradients["d" + k] + (k[0] == "W") * lambd / m * parameters[k])
        for k in ("b3", "W3", "b2", "W2", "b1", "W1")
    }


def update_parameters_with_weight_decay(parameters, gradients, lambd, learning_rate, m):
    decay = {"W": 1 - learning_rate * lambd / m, "b": 1}
    return {
        k: decay[k[0]] * parameters[k] - learning_rate * gradients["d" + k]
        for k in ("W1", "W2", "W3", "b1", "b2", "b3")
    }
