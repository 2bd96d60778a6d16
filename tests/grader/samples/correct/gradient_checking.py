"""Right, and written in another way than the reference."""

import numpy as np
from gc_utils import dictionary_to_vector, gradients_to_vector, relu, sigmoid, vector_to_dictionary


def one_sided_difference(f, theta, epsilon):
    here = f(theta)
    there = f(theta + epsilon)
    return there / epsilon - here / epsilon


def two_sided_difference(f, theta, epsilon):
    return sum(sign * f(theta + sign * epsilon) for sign in (1, -1)) / epsilon / 2


def forward_propagation(x, theta):
    J = np.multiply(x, theta)
    return J


def backward_propagation(x, theta):
    dtheta = x + 0 * theta
    return dtheta


def gradient_check(x, theta, epsilon=1e-7, print_msg=False):
    # J is written out
    gradapprox = ((theta + epsilon) * x - (theta - epsilon) * x) / (2.0 * epsilon)
    grad = backward_propagation(x, theta)
    difference = np.linalg.norm(grad - gradapprox)
    difference = difference / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))
    if difference < 1e-7:
        print("The gradient is correct!")
    else:
        print("The gradient is wrong!")
    return difference


def forward_propagation_n(X, Y, parameters):
    m = X.shape[1]
    W1, b1, W2, b2, W3, b3 = [parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3")]
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = sigmoid(Z3)
    logprobs = np.multiply(-np.log(A3), Y) + np.multiply(-np.log(1 - A3), 1 - Y)
    cost = np.nansum(logprobs) / m
    return cost, [Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3]


def backward_propagation_n(X, Y, cache):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    dZ3 = A3 - Y
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    gradients = {"dA2": dA2, "dA1": dA1, "dZ3": dZ3, "dZ2": dZ2, "dZ1": dZ1}
    for l, dZ, A in ((1, dZ1, X), (2, dZ2, A1), (3, dZ3, A2)):
        gradients["dW%d" % l] = sum(np.outer(dZ[:, i], A[:, i]) for i in range(m)) / m
        gradients["db%d" % l] = dZ.mean(axis=1, keepdims=True)
    return gradients


def gradient_check_n(parameters, gradients, X, Y, epsilon=1e-7, print_msg=False):
    values, _ = dictionary_to_vector(parameters)
    grad = gradients_to_vector(gradients)
    count = values.shape[0]
    J_plus = np.zeros((count, 1))
    J_minus = np.zeros((count, 1))
    for i in range(count):
        step = epsilon * np.eye(count)[:, [i]]
        J_plus[i], _ = forward_propagation_n(X, Y, vector_to_dictionary(values + step))
        J_minus[i], _ = forward_propagation_n(X, Y, vector_to_dictionary(values - step))
    gradapprox = (J_plus - J_minus) / (2 * epsilon)
    numerator = np.sqrt(np.sum((grad - gradapprox) ** 2))
    denominator = np.sum(grad**2) ** 0.5 + np.sum(gradapprox**2) ** 0.5
    return numerator / denominator
