"""Gradient Checking in Practice

All parameters of a network of any size become one vector, and a gradient is checked entry by entry:
which parameter is wrong, with regularization, with dropout, before training and after some of it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "approximate_gradient",
    "check_before_and_after_training",
    "check_with_dropout",
    "find_worst_entry",
    "pack_gradients",
    "pack_parameters",
    "relative_distance",
    "unpack_parameters",
    "weight_penalty",
    "weight_penalty_gradient",
]

Array = NDArray[np.float64]


def parameter_shapes(layers_dims: list[int]) -> dict[str, tuple[int, int]]:
    """Give the shapes of W1, b1, W2, b2, ... in the order in which they stand in the vector."""
    shapes = {}
    for layer in range(1, len(layers_dims)):
        shapes[f"W{layer}"] = (layers_dims[layer], layers_dims[layer - 1])
        shapes[f"b{layer}"] = (layers_dims[layer], 1)
    return shapes


def pack_parameters(parameters: dict[str, Array]) -> Array:
    """Stack all parameters into one column.

    First W1 row by row, then b1, then W2, b2, and so on: layer by layer, however the dictionary is
    ordered and however many layers there are.

    Args:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1). Never modified.

    Returns:
        theta: shape (N, 1), with N the number of all weights and biases.

    Source:
        Lecture "Gradient Checking", step 1.
    """
    layers = range(1, len(parameters) // 2 + 1)
    names = [kind + str(layer) for layer in layers for kind in "Wb"]
    return np.concatenate([parameters[name].ravel() for name in names])[:, np.newaxis]


def pack_gradients(gradients: dict[str, Array], layers_dims: list[int]) -> Array:
    """Stack the gradients of all parameters into one column, in the order of pack_parameters.

    Args:
        gradients: dW1, db1, ..., dWL, dbL, each of the shape of its parameter, and maybe more, as
            dZ1 or dA1, which is left out. Never modified.
        layers_dims: number of units of each layer, [n0, n1, ..., nL].

    Returns:
        gradient: shape (N, 1).

    Source:
        Lecture "Gradient Checking", step 2.
    """
    names = parameter_shapes(layers_dims)
    return np.concatenate([gradients["d" + name].ravel() for name in names])[:, np.newaxis]


def unpack_parameters(theta: Array, layers_dims: list[int]) -> dict[str, Array]:
    """Cut a column into the parameters of a network again.

    Args:
        theta: shape (N, 1), as pack_parameters gives it. Never modified.
        layers_dims: number of units of each layer, [n0, n1, ..., nL].

    Returns:
        parameters: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n(L-1)), bL (nL, 1).

    Source:
        Lecture "Gradient Checking", step 1.
    """
    parameters, start = {}, 0
    for name, (rows, columns) in parameter_shapes(layers_dims).items():
        end = start + rows * columns
        parameters[name] = theta[start:end].reshape(rows, columns)
        start = end
    return parameters


def relative_distance(u: Array, v: Array) -> float:
    """Measure how far two vectors are apart, for their size.

        distance = ||u - v|| / (||u|| + ||v||)      Euclidean norms

    Args:
        u: shape (N, 1).
        v: shape (N, 1).

    Returns:
        distance: between 0 and 1; 0 if both vectors are 0.

    Source:
        Lecture "Gradient Checking".
    """
    sizes = np.linalg.norm(u) + np.linalg.norm(v)
    if sizes == 0:
        return 0.0  # two gradients of 0 agree, and 0/0 would say nothing
    return float(np.linalg.norm(u - v) / sizes)


def approximate_gradient(
    cost: Callable[[Array], float], theta: Array, epsilon: float = 1e-7
) -> Array:
    """Approximate the gradient of a cost by two-sided differences, one for each parameter.

    Args:
        cost: takes a column of the shape of theta and gives a number.
        theta: where the gradient is wanted, shape (N, 1). Never modified.
        epsilon: how far each parameter is moved to either side, the others at rest.

    Returns:
        approximation: shape (N, 1).

    Source:
        Lecture "Gradient Checking", step 3.
    """
    approximation = np.empty(theta.shape)
    for i in range(len(theta)):
        plus, minus = theta.copy(), theta.copy()  # afresh for each i: only one of them moves
        plus[i] += epsilon
        minus[i] -= epsilon
        approximation[i] = (cost(plus) - cost(minus)) / (2 * epsilon)
    return approximation


def find_worst_entry(
    gradient: Array, approximation: Array, layers_dims: list[int]
) -> tuple[str, tuple[int, int]]:
    """Name the parameter whose gradient is furthest from its approximation.

    If a gradient fails the check, this is where to look for the mistake.

    Args:
        gradient: shape (N, 1), in the order of pack_parameters. Never modified.
        approximation: shape (N, 1). Never modified.
        layers_dims: number of units of each layer, [n0, n1, ..., nL].

    Returns:
        name: "W1", "b1", "W2", ...
        index: row and column in that parameter, where |gradient - approximation| is largest.

    Source:
        Lecture "Gradient Checking Implementation Notes".
    """
    errors = unpack_parameters(np.abs(gradient - approximation), layers_dims)
    name = max(errors, key=lambda name: float(np.max(errors[name])))
    row, column = np.unravel_index(np.argmax(errors[name]), errors[name].shape)
    return name, (int(row), int(column))


def weight_penalty(theta: Array, layers_dims: list[int], lambd: float, m: int) -> float:
    """Compute what L2 regularization adds to the cost.

        lambd/(2m) * (||W1||^2 + ... + ||WL||^2)      Frobenius norms; biases cost nothing

    Args:
        theta: all parameters, shape (N, 1), in the order of pack_parameters. Never modified.
        layers_dims: number of units of each layer, [n0, n1, ..., nL].
        lambd: strength of the regularization, 0 for none.
        m: number of examples.

    Returns:
        penalty: one number.

    Source:
        Lecture "Gradient Checking Implementation Notes"; lecture "Regularization".
    """
    parameters = unpack_parameters(theta, layers_dims)
    squares = [np.sum(np.square(W)) for name, W in parameters.items() if name[0] == "W"]
    return float(lambd / (2 * m) * np.sum(squares))


def weight_penalty_gradient(theta: Array, layers_dims: list[int], lambd: float, m: int) -> Array:
    """Give the gradient of weight_penalty.

    A gradient passes its check only if it holds the same penalty as the cost.

    Args:
        theta: all parameters, shape (N, 1), in the order of pack_parameters. Never modified.
        layers_dims: number of units of each layer, [n0, n1, ..., nL].
        lambd: strength of the regularization, 0 for none.
        m: number of examples.

    Returns:
        gradient: shape (N, 1), in the order of theta.

    Source:
        Lecture "Gradient Checking Implementation Notes"; lecture "Regularization".
    """
    parameters = unpack_parameters(theta, layers_dims)
    shares = {
        name: lambd / m * value if name[0] == "W" else np.zeros_like(value)
        for name, value in parameters.items()
    }
    return pack_parameters(shares)


def check_before_and_after_training(
    cost: Callable[[Array], float],
    gradient: Callable[[Array], Array],
    theta: Array,
    learning_rate: float,
    steps: int,
) -> tuple[float, float]:
    """Check a gradient at a random initialization, and again after some training.

    Some mistakes show only when the parameters have moved. The training is gradient descent with
    the gradient that is being checked: theta - learning_rate * gradient(theta), again and again.

    Args:
        cost: takes a column of the shape of theta and gives a number.
        gradient: takes a column of the shape of theta and gives a column: what is checked.
        theta: the first parameters, shape (N, 1). Never modified.
        learning_rate: length of a step.
        steps: number of steps between the two checks.

    Returns:
        before: relative_distance of gradient(theta) and its approximation, with epsilon = 1e-7.
        after: the same with the trained parameters.

    Source:
        Lecture "Gradient Checking Implementation Notes".
    """

    def check(theta: Array) -> float:
        return relative_distance(gradient(theta), approximate_gradient(cost, theta))

    before = check(theta)
    for _ in range(steps):
        theta = theta - learning_rate * gradient(theta)
    return before, check(theta)


def check_with_dropout(
    cost: Callable[[Array, Array], float],
    gradient: Callable[[Array, Array], Array],
    theta: Array,
    shape: tuple[int, int],
    keep_prob: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Check the gradient of a cost with dropout in two ways, with epsilon = 1e-7.

    Once the same mask serves the gradient and every evaluation of the cost. Once each of them
    draws a fresh mask, as in training; this shows why dropout has to be off for a gradient check.

    Args:
        cost: takes a column of the shape of theta and a mask, and gives a number.
        gradient: takes a column of the shape of theta and a mask, and gives a column.
        theta: all parameters, shape (N, 1). Never modified.
        shape: of a mask, an array of floats: 1.0 where a unit is kept, which has the probability
            keep_prob, and 0.0 where it is dropped.
        keep_prob: probability of KEEPING a unit, 0 < keep_prob <= 1.
        rng: the only source of randomness.

    Returns:
        same: relative_distance of gradient and approximation, all with one mask.
        fresh: relative_distance of gradient and approximation, each evaluation with its own mask.

    Source:
        Lecture "Gradient Checking Implementation Notes".
    """

    def draw_mask() -> Array:
        return (rng.random(shape) < keep_prob).astype(np.float64)

    D = draw_mask()
    approximation = approximate_gradient(lambda moved: cost(moved, D), theta)
    same = relative_distance(gradient(theta, D), approximation)
    # J has no gradient here: two masks make it jump, and the jump is divided by 2 * epsilon.
    approximation = approximate_gradient(lambda moved: cost(moved, draw_mask()), theta)
    fresh = relative_distance(gradient(theta, draw_mask()), approximation)
    return same, fresh
