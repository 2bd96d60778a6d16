"""Correct: every function for itself, nothing shared, binomial masks of whole numbers."""

from itertools import pairwise

import numpy as np


def pack_parameters(parameters):
    layers = max(int(name[1:]) for name in parameters)
    rows = []
    for layer in range(layers):
        rows.extend(parameters[f"W{layer + 1}"].reshape(-1))
        rows.extend(parameters[f"b{layer + 1}"].reshape(-1))
    return np.array(rows, ndmin=2).T


def pack_gradients(gradients, layers_dims):
    columns = ()
    for layer in range(1, len(layers_dims)):
        columns += (np.vstack(gradients[f"dW{layer}"].ravel()), gradients[f"db{layer}"])
    return np.vstack(columns)


def unpack_parameters(theta, layers_dims):
    rest, parameters = theta.ravel(), {}
    for layer, n in enumerate(layers_dims[1:], 1):
        n_prev = layers_dims[layer - 1]
        W, b, rest = np.split(rest, [n * n_prev, n * n_prev + n])
        parameters.update({f"W{layer}": W.reshape(n, n_prev), f"b{layer}": b.reshape(n, 1)})
    return parameters


def relative_distance(u, v):
    numerator = np.linalg.norm(u - v)
    denominator = np.linalg.norm(u) + np.linalg.norm(v)
    return np.divide(numerator, denominator, out=np.zeros(()), where=denominator > 0)


def approximate_gradient(cost, theta, epsilon=1e-7):
    approximation = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ends = []
        for sign in (1, -1):
            moved = np.array(theta)
            moved[index] += sign * epsilon
            ends.append(cost(moved))
        approximation[index] = 0.5 * (ends[0] - ends[1]) / epsilon
    return approximation


def find_worst_entry(gradient, approximation, layers_dims):
    errors = np.abs(approximation - gradient).ravel()
    order = np.argsort(errors)
    here, start = order[-1], 0
    for layer in range(1, len(layers_dims)):
        for kind, columns in (("W", layers_dims[layer - 1]), ("b", 1)):
            stop = start + layers_dims[layer] * columns
            if start <= here < stop:
                return kind + str(layer), ((here - start) // columns, (here - start) % columns)
            start = stop
    raise ValueError("no such entry")


def weight_penalty(theta, layers_dims, lambd, m):
    squares, start = 0, 0
    for n_prev, n in pairwise(layers_dims):
        squares += np.linalg.norm(theta[start : start + n * n_prev]) ** 2
        start += n * n_prev + n
    return 0.5 * lambd / m * squares


def weight_penalty_gradient(theta, layers_dims, lambd, m):
    gradient, start = theta * (lambd / m), 0
    for n_prev, n in pairwise(layers_dims):
        start += n * n_prev
        gradient[start : start + n] = 0
        start += n
    return gradient


def check_before_and_after_training(cost, gradient, theta, learning_rate, steps):
    result = []
    for count in (0, steps):
        here = np.copy(theta)
        for _ in range(count):
            here = here - learning_rate * gradient(here)
        a, n = gradient(here), approximate_gradient(cost, here, 1e-7)
        result.append(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))
    return result[0], result[1]


def check_with_dropout(cost, gradient, theta, shape, keep_prob, rng):
    D = rng.binomial(1, keep_prob, size=shape)
    approximation = approximate_gradient(lambda t: cost(t, D), theta)
    same = relative_distance(gradient(theta, D), approximation)
    approximation = approximate_gradient(
        lambda t: cost(t, rng.binomial(1, keep_prob, size=shape)), theta
    )
    fresh = relative_distance(
        gradient(theta, rng.binomial(1, keep_prob, size=shape)), approximation
    )
    return same, fresh
