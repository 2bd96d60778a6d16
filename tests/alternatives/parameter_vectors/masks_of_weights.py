"""Correct: a mask says which entries of the vector are weights; identity columns for the steps."""

import numpy as np


def sizes(layers_dims):
    inputs = [(n_prev, 1) for n_prev in layers_dims[:-1]]
    return [n * k for n, columns in zip(layers_dims[1:], inputs, strict=True) for k in columns]


def is_weight(layers_dims):
    kinds = [index % 2 == 0 for index in range(2 * len(layers_dims) - 2)]
    return np.repeat(kinds, sizes(layers_dims)).reshape(-1, 1)


def pack_parameters(parameters):
    theta = np.zeros((0, 1))
    layer = 1
    while f"W{layer}" in parameters:
        for name in (f"W{layer}", f"b{layer}"):
            theta = np.append(theta, parameters[name].flatten()[:, None], axis=0)
        layer += 1
    return theta


def pack_gradients(gradients, layers_dims):
    return pack_parameters({name[1:]: value for name, value in gradients.items()})


def unpack_parameters(theta, layers_dims):
    pieces = np.split(theta, np.cumsum(sizes(layers_dims))[:-1])
    parameters = {}
    for layer in range(1, len(layers_dims)):
        W, b = pieces[2 * layer - 2], pieces[2 * layer - 1]
        parameters[f"W{layer}"] = W.reshape((layers_dims[layer], -1))
        parameters[f"b{layer}"] = b
    return parameters


def relative_distance(u, v):
    if not u.any() and not v.any():
        return 0
    return np.sqrt(np.sum((u - v) ** 2)) / (np.sqrt(np.sum(u**2)) + np.sqrt(np.sum(v**2)))


def approximate_gradient(cost, theta, epsilon=1e-7):
    steps = np.eye(theta.size) * epsilon
    columns = [steps[:, [i]] for i in range(theta.size)]
    differences = [cost(theta + step) - cost(theta - step) for step in columns]
    return np.array(differences).reshape(theta.shape) / (2.0 * epsilon)


def find_worst_entry(gradient, approximation, layers_dims):
    place = int(np.argmax((gradient - approximation) ** 2))
    for index, size in enumerate(sizes(layers_dims)):
        if place < size:
            layer = index // 2 + 1
            if index % 2:
                return f"b{layer}", (place, 0)
            return f"W{layer}", divmod(place, layers_dims[layer - 1])
        place -= size
    return None


def weight_penalty(theta, layers_dims, lambd, m):
    weights = theta[is_weight(layers_dims)]
    return lambd * np.dot(weights, weights) / (2 * m)


def weight_penalty_gradient(theta, layers_dims, lambd, m):
    return np.where(is_weight(layers_dims), theta * lambd / m, 0)


def check_before_and_after_training(cost, gradient, theta, learning_rate, steps):
    trained = theta
    for _ in range(steps):
        trained = trained - learning_rate * gradient(trained)
    return tuple(
        relative_distance(gradient(at), approximate_gradient(cost, at)) for at in (theta, trained)
    )


def check_with_dropout(cost, gradient, theta, shape, keep_prob, rng):
    def check(masks):
        approximation = approximate_gradient(lambda t: cost(t, next(masks)), theta)
        return relative_distance(gradient(theta, next(masks)), approximation)

    def fresh():
        while True:
            yield np.where(rng.random(shape) >= keep_prob, 0.0, 1.0)

    def same():
        D = next(fresh())
        while True:
            yield D

    return [check(same()), check(fresh())]
