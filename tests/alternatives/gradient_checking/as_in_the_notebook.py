"""Correct: with the helpers of the course, in columns, J_plus and J_minus kept for all entries."""

import numpy as np
from gc_utils import dictionary_to_vector, gradients_to_vector, relu, sigmoid, vector_to_dictionary


def one_sided_difference(f, theta, epsilon):
    return two_sided_difference(f, theta + epsilon / 2, epsilon / 2)


def two_sided_difference(f, theta, epsilon):
    values = [f(theta + sign * epsilon) for sign in (1, -1)]
    return -np.diff(values)[0] / (2 * epsilon)


def forward_propagation(x, theta):
    J = np.dot(theta, x)
    return J


def backward_propagation(x, theta):
    dtheta = x + 0 * theta
    return dtheta


def gradient_check(x, theta, epsilon=1e-7):
    gradapprox = two_sided_difference(lambda t: forward_propagation(x, t), theta, epsilon)
    grad = backward_propagation(x, theta)
    return np.abs(gradapprox - grad) / (np.abs(grad) + np.abs(gradapprox))


def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    A, cache = X, ()
    for l, g in (("1", relu), ("2", relu), ("3", sigmoid)):
        W, b = parameters["W" + l], parameters["b" + l]
        Z = np.dot(W, A) + b
        A = g(Z)
        cache += (Z, A, W, b)
    logprobs = Y * np.log(A) + (1 - Y) * np.log(1 - A)
    return np.squeeze(-1.0 / m * np.sum(logprobs)), cache


def backward_propagation_n(X, Y, cache):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    dZ3 = A3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = np.where(Z2 <= 0, 0, dA2)
    dA1 = W2.T @ dZ2
    dZ1 = np.where(Z1 <= 0, 0, dA1)
    return {
        "dZ3": dZ3, "dW3": np.mean(dZ3[:, None, :] * A2, axis=2),
        "db3": dZ3.mean(axis=1, keepdims=True), "dA2": dA2,
        "dZ2": dZ2, "dW2": np.mean(dZ2[:, None, :] * A1, axis=2),
        "db2": dZ2.mean(axis=1, keepdims=True), "dA1": dA1,
        "dZ1": dZ1, "dW1": np.mean(dZ1[:, None, :] * X, axis=2),
        "db1": dZ1.mean(axis=1, keepdims=True),
    }  # fmt: skip


def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7):
    parameters_values, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    num_parameters = parameters_values.shape[0]
    J_plus = np.zeros((num_parameters, 1))
    J_minus = np.zeros((num_parameters, 1))
    for i in range(num_parameters):
        theta_plus = np.copy(parameters_values)
        theta_plus[i][0] = theta_plus[i][0] + epsilon
        J_plus[i], _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus))
        theta_minus = np.copy(parameters_values)
        theta_minus[i][0] = theta_minus[i][0] - epsilon
        J_minus[i], _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_minus))
    gradapprox = (J_plus - J_minus) / (2 * epsilon)
    return np.linalg.norm(grad - gradapprox) / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
