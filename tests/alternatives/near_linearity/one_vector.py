"""Correct: all parameters in one vector while training, layers with a row of ones for biases."""

import numpy as np

NAMES = ["W1", "b1", "W2", "b2"]


def departure_from_linearity(Z):
    line = Z.flatten()
    curve = np.tanh(line)
    length = np.linalg.norm(line)
    return np.linalg.norm(line - curve) / length if length > 0 else 0.0


def with_ones(A):
    return np.vstack([A, np.ones((1, A.shape[1]))])


def collapse_layers(parameters):
    total = np.eye(parameters["W1"].shape[1] + 1)
    layer = 1
    while f"W{layer}" in parameters:
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        last = np.zeros((1, W.shape[1] + 1))
        last[0, -1] = 1
        total = np.vstack([np.hstack([W, b]), last]) @ total
        layer += 1
    return total[:-1, :-1], total[:-1, -1:]


def forward_propagation_with_tanh(X, parameters):
    Z1 = np.hstack([parameters["W1"], parameters["b1"]]) @ with_ones(X)
    A1 = np.tanh(Z1)
    Z2 = np.hstack([parameters["W2"], parameters["b2"]]) @ with_ones(A1)
    A2 = np.reciprocal(1 + np.exp(-Z2))
    return (A2, (Z1, A1, Z2, A2))


def backward_propagation_with_tanh(X, Y, parameters, cache, lambd):
    _, A1, _, A2 = cache
    m = X.shape[1]
    dZ2 = A2 - Y
    d2 = dZ2 @ with_ones(A1).T / m
    dZ1 = (parameters["W2"].T @ dZ2) * (1 - np.square(A1))
    d1 = dZ1 @ with_ones(X).T / m
    return {
        "dW1": d1[:, :-1] + lambd / m * parameters["W1"],
        "db1": d1[:, -1:],
        "dW2": d2[:, :-1] + lambd / m * parameters["W2"],
        "db2": d2[:, -1:],
    }


def pack(named):
    return np.concatenate([value.ravel() for value in named])


def unpack(theta, parameters):
    result, start = {}, 0
    for name in NAMES:
        size = parameters[name].size
        result[name] = theta[start : start + size].reshape(parameters[name].shape)
        start += size
    return result


def train_with_lambda(X, Y, parameters, lambd, learning_rate, iterations):
    theta = pack([parameters[name] for name in NAMES])
    for _ in range(iterations):
        now = unpack(theta, parameters)
        cache = forward_propagation_with_tanh(X, now)[1]
        gradients = backward_propagation_with_tanh(X, Y, now, cache, lambd)
        theta = theta - learning_rate * pack([gradients["d" + name] for name in NAMES])
    return unpack(theta, parameters)


def measure_departures(X, Y, parameters, lambdas, learning_rate, iterations):
    departures = np.empty(lambdas.shape)
    for i in reversed(range(lambdas.size)):
        end = train_with_lambda(X, Y, parameters, lambdas[i], learning_rate, iterations)
        departures[i] = departure_from_linearity(forward_propagation_with_tanh(X, end)[1][0])
    return departures
