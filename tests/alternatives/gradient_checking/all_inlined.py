"""Correct: J inlined wherever it is needed, ** 0.5 for the root, one long vector."""

import numpy as np


def one_sided_difference(f, theta, epsilon):
    ahead = f(theta + epsilon)
    here = f(theta)
    return ahead / epsilon - here / epsilon


def two_sided_difference(f, theta, epsilon):
    return 0.5 * (f(theta + epsilon) - f(theta - epsilon)) / epsilon


def forward_propagation(x, theta):
    return np.multiply(x, theta)


def backward_propagation(x, theta):
    return x


def gradient_check(x, theta, epsilon=1e-7, print_msg=False):
    thetaplus, thetaminus = theta + epsilon, theta - epsilon
    gradapprox = (thetaplus * x - thetaminus * x) / (2.0 * epsilon)
    numerator = np.linalg.norm(x - gradapprox)
    denominator = np.linalg.norm(x) + np.linalg.norm(gradapprox)
    return numerator / denominator


def forward_propagation_n(X, Y, parameters):
    W1, b1, W2, b2, W3, b3 = [parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3")]
    Z1 = np.dot(W1, X) + b1
    A1 = Z1 * (Z1 > 0)
    Z2 = np.dot(W2, A1) + b2
    A2 = Z2 * (Z2 > 0)
    Z3 = np.dot(W3, A2) + b3
    A3 = 1 / (1 + np.exp(-Z3))
    logprobs = np.multiply(-np.log(A3), Y) + np.multiply(-np.log(1 - A3), 1 - Y)
    cost = 1.0 / X.shape[1] * np.sum(logprobs)
    return cost, [Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3]


def backward_propagation_n(X, Y, cache):
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    dZ3 = 1.0 / X.shape[1] * (A3 - Y)
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    grads = {"dA1": dA1, "dA2": dA2, "dZ1": dZ1, "dZ2": dZ2, "dZ3": dZ3}
    for l, A in (("1", X), ("2", A1), ("3", A2)):
        grads["dW" + l] = np.dot(grads["dZ" + l], A.T)
        grads["db" + l] = np.sum(grads["dZ" + l], axis=1, keepdims=True)
    return grads


def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7, print_msg=False):
    names = ("W1", "b1", "W2", "b2", "W3", "b3")
    grad = np.concatenate([gradients["d" + k].ravel() for k in names])
    approx = []
    for k in names:
        for i in np.ndindex(parameters[k].shape):
            costs = []
            for sign in (1, -1):
                moved = {n: np.array(v) for n, v in parameters.items()}
                moved[k][i] += sign * epsilon
                costs.append(forward_propagation_n(X, Y, moved)[0])
            approx.append((costs[0] - costs[1]) / (2 * epsilon))
    approx = np.array(approx)
    difference = ((grad - approx) ** 2).sum() ** 0.5
    return difference / ((grad**2).sum() ** 0.5 + (approx**2).sum() ** 0.5)
