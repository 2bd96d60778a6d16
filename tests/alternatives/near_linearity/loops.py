"""Correct, with loops over elements and layers and a copy that is changed in place."""

import copy
import math

import numpy as np


def departure_from_linearity(Z):
    above = below = 0.0
    for z in np.ravel(Z):
        above += (math.tanh(z) - z) ** 2
        below += z**2
    return (above / below) ** 0.5 if below else 0


def collapse_layers(parameters):
    layers = len(parameters) // 2
    n0 = parameters["W1"].shape[1]

    def run(x):
        for layer in range(1, layers + 1):
            x = np.dot(parameters["W" + str(layer)], x) + parameters["b" + str(layer)]
        return x

    b = run(np.zeros((n0, 1)))
    columns = [run(np.eye(n0)[:, [j]]) - b for j in range(n0)]
    return np.hstack(columns), b


def forward_propagation_with_tanh(X, parameters):
    W1, b1, W2, b2 = (parameters[k] for k in ("W1", "b1", "W2", "b2"))
    Z1 = np.zeros((W1.shape[0], X.shape[1]))
    for i in range(X.shape[1]):
        for unit in range(W1.shape[0]):
            Z1[unit, i] = sum(W1[unit, j] * X[j, i] for j in range(X.shape[0])) + b1[unit, 0]
    A1 = np.sinh(Z1) / np.cosh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = 1.0 / (1.0 + np.exp(-Z2))
    return A2, [Z1, A1, Z2, A2]


def backward_propagation_with_tanh(X, Y, parameters, cache, lambd):
    Z1, A1, _, A2 = cache
    m = Y.shape[1]
    gradients = {name: np.zeros(value.shape) for name, value in parameters.items()}
    for i in range(m):
        dz2 = A2[0, i] - Y[0, i]
        dz1 = parameters["W2"].T * dz2 / np.cosh(Z1[:, [i]]) ** 2
        gradients["W2"] += dz2 * A1[:, i] / m
        gradients["b2"] += dz2 / m
        gradients["W1"] += np.outer(dz1, X[:, i]) / m
        gradients["b1"] += dz1 / m
    for name in ("W1", "W2"):
        gradients[name] += lambd * parameters[name] / m
    return {"d" + name: value for name, value in gradients.items()}


def train_with_lambda(X, Y, parameters, lambd, learning_rate, iterations):
    p = copy.deepcopy(parameters)
    step = 0
    while step < iterations:
        _, cache = forward_propagation_with_tanh(X, p)
        grads = backward_propagation_with_tanh(X, Y, p, cache, lambd)
        for name in p:
            p[name] -= learning_rate * grads["d" + name]
        step += 1
    return p


def measure_departures(X, Y, parameters, lambdas, learning_rate, iterations):
    result = []
    for lambd in lambdas:
        p = train_with_lambda(X, Y, parameters, float(lambd), learning_rate, iterations)
        _, cache = forward_propagation_with_tanh(X, p)
        result.append(departure_from_linearity(cache[0]))
    return np.array(result)
