"""Correct: one vector that is moved and moved back, and costs from log1p and logaddexp."""

import numpy as np

ORDER = (("W1", (5, 4)), ("b1", (5, 1)), ("W2", (3, 5)), ("b2", (3, 1)), ("W3", (1, 3)), ("b3", (1, 1)))


def one_sided_difference(f, theta, epsilon):
    return (-f(theta) + f(epsilon + theta)) * epsilon**-1


def two_sided_difference(f, theta, epsilon):
    left, right = theta - epsilon, theta + epsilon
    return (f(right) - f(left)) / (right - left)


def forward_propagation(x, theta):
    return x * theta


def backward_propagation(x, theta):
    return float(x)


def gradient_check(x, theta, epsilon=1e-7):
    a = (x * (theta + epsilon) - x * (theta - epsilon)) / (2 * epsilon)
    b = backward_propagation(x, theta)
    return max(a - b, b - a) / (max(a, -a) + max(b, -b))


def forward_propagation_n(X, Y, parameters):
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]
    Z1 = W1 @ X + b1
    A1 = np.clip(Z1, 0, None)
    Z2 = W2 @ A1 + b2
    A2 = np.clip(Z2, 0, None)
    Z3 = W3 @ A2 + b3
    A3 = np.exp(-np.logaddexp(0, -Z3))
    cost = np.mean(np.logaddexp(0, Z3) - Y * Z3)
    return cost, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)


def backward_propagation_n(X, Y, cache):
    Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3 = cache
    m = X.shape[1]
    dZ3 = A3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = dA2.copy()
    dZ2[Z2 < 0] = 0
    dA1 = W2.T @ dZ2
    dZ1 = dA1.copy()
    dZ1[Z1 < 0] = 0
    result = dict(dZ3=dZ3, dA2=dA2, dZ2=dZ2, dA1=dA1, dZ1=dZ1)
    result.update(dW3=dZ3 @ A2.T / m, dW2=dZ2 @ A1.T / m, dW1=dZ1 @ X.T / m)
    result.update(db3=dZ3 @ np.ones((m, 1)) / m, db2=dZ2 @ np.ones((m, 1)) / m)
    result.update(db1=dZ1 @ np.ones((m, 1)) / m)
    return result


def cut(vector):
    start, parameters = 0, {}
    for name, shape in ORDER:
        size = shape[0] * shape[1]
        parameters[name] = vector[start : start + size].reshape(shape)
        start += size
    return parameters


def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    theta = np.concatenate([np.reshape(parameters[k], -1) for k, _ in ORDER])
    grad = np.concatenate([np.reshape(gradients["d" + k], -1) for k, _ in ORDER])
    approx = np.empty_like(theta)
    for i, value in enumerate(theta):
        theta[i] = value + epsilon
        J_plus = forward_propagation_n(X, Y, cut(theta))[0]
        theta[i] = value - epsilon
        J_minus = forward_propagation_n(X, Y, cut(theta))[0]
        theta[i] = value
        approx[i] = (J_plus - J_minus) / (2 * epsilon)
    return np.linalg.norm(grad - approx) / (np.linalg.norm(grad) + np.linalg.norm(approx))
