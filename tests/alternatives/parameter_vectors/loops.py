"""Correct, number by number: lists, indices, one copy that is moved and moved back."""

import numpy as np


def layout(layers_dims):
    places = []
    for layer in range(1, len(layers_dims)):
        for i in range(layers_dims[layer]):
            for j in range(layers_dims[layer - 1]):
                places.append(("W" + str(layer), i, j))
        for i in range(layers_dims[layer]):
            places.append(("b" + str(layer), i, 0))
    return places


def dims_of(parameters):
    layers = len(parameters) // 2
    return [parameters["W1"].shape[1]] + [len(parameters[f"b{k}"]) for k in range(1, layers + 1)]


def pack_parameters(parameters):
    values = [[parameters[name][i, j]] for name, i, j in layout(dims_of(parameters))]
    return np.array(values)


def pack_gradients(gradients, layers_dims):
    return np.array([[gradients["d" + name][i, j]] for name, i, j in layout(layers_dims)])


def unpack_parameters(theta, layers_dims):
    parameters = {}
    for layer in range(1, len(layers_dims)):
        n, n_prev = layers_dims[layer], layers_dims[layer - 1]
        parameters[f"b{layer}"] = np.zeros((n, 1))
        parameters[f"W{layer}"] = np.zeros((n, n_prev))
    for value, (name, i, j) in zip(theta[:, 0], layout(layers_dims), strict=True):
        parameters[name][i, j] = value
    return parameters


def relative_distance(u, v):
    above = sum((a - b) ** 2 for a, b in zip(u.flat, v.flat, strict=True)) ** 0.5
    below = sum(a**2 for a in u.flat) ** 0.5 + sum(b**2 for b in v.flat) ** 0.5
    return above / below if below > 0 else 0.0


def approximate_gradient(cost, theta, epsilon=1e-7):
    moved = theta.copy()
    result = []
    for i in range(theta.shape[0]):
        moved[i, 0] = theta[i, 0] - epsilon
        J_minus = cost(moved)
        moved[i, 0] = theta[i, 0] + epsilon
        J_plus = cost(moved)
        moved[i, 0] = theta[i, 0]
        result.append([(J_plus - J_minus) / 2 / epsilon])
    return np.array(result)


def find_worst_entry(gradient, approximation, layers_dims):
    worst, where = -1.0, None
    for k, (name, i, j) in enumerate(layout(layers_dims)):
        error = abs(gradient[k, 0] - approximation[k, 0])
        if error > worst:
            worst, where = error, [name, [i, j]]
    return where


def weight_penalty(theta, layers_dims, lambd, m):
    total = 0.0
    for k, (name, _, _) in enumerate(layout(layers_dims)):
        if name.startswith("W"):
            total += lambd * theta[k, 0] ** 2
    return total / 2 / m


def weight_penalty_gradient(theta, layers_dims, lambd, m):
    gradient = np.zeros((len(theta), 1))
    for k, (name, _, _) in enumerate(layout(layers_dims)):
        if name.startswith("W"):
            gradient[k, 0] = lambd * theta[k, 0] / m
    return gradient


def check_before_and_after_training(cost, gradient, theta, learning_rate, steps):
    distances = []
    theta = theta.copy()
    for step in range(steps + 1):
        slope = gradient(theta)
        if step in (0, steps):
            distances.append(relative_distance(slope, approximate_gradient(cost, theta)))
        theta -= learning_rate * slope
    return distances[0], distances[-1]


def check_with_dropout(cost, gradient, theta, shape, keep_prob, rng):
    def new_mask():
        D = np.zeros(shape)
        for i in range(shape[0]):
            for j in range(shape[1]):
                D[i, j] = 1.0 if rng.random() < keep_prob else 0.0
        return D

    def with_new_mask(theta):
        return cost(theta, new_mask())

    fresh = relative_distance(
        gradient(theta, new_mask()), approximate_gradient(with_new_mask, theta)
    )
    D = new_mask()
    slope = gradient(theta, D)
    same = relative_distance(approximate_gradient(lambda t: cost(t, D), theta), slope)
    return same, fresh
