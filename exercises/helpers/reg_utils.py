"""A small network of three layers, as the notebooks on regularization import it."""

import numpy as np
from init_utils import compute_loss as compute_cost
from init_utils import (
    forward_propagation,
    load_cat_dataset,
    plot_decision_boundary,
    predict,
    predict_dec,
    relu,
    sigmoid,
    update_parameters,
)

__all__ = [
    "backward_propagation",
    "compute_cost",
    "forward_propagation",
    "initialize_parameters",
    "load_2D_dataset",
    "load_cat_dataset",
    "load_planar_dataset",
    "plot_decision_boundary",
    "predict",
    "predict_dec",
    "relu",
    "sigmoid",
    "update_parameters",
]


def initialize_parameters(layer_dims):
    """Weights of variance 1 / n(l-1), biases 0."""
    np.random.seed(3)
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n, n_prev = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = np.random.randn(n, n_prev) / np.sqrt(n_prev)
        parameters[f"b{layer}"] = np.zeros((n, 1))
    return parameters


def backward_propagation(X, Y, cache):
    """The eleven gradients of the mean cross-entropy, by name."""
    _, A1, _, _, _, A2, W2, _, _, A3, W3, _ = cache
    m = X.shape[1]
    dZ3 = A3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (A2 > 0)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (A1 > 0)
    gradients = {"dA2": dA2, "dA1": dA1}
    for layer, dZ, A in ((3, dZ3, A2), (2, dZ2, A1), (1, dZ1, X)):
        gradients[f"dZ{layer}"] = dZ
        gradients[f"dW{layer}"] = dZ @ A.T / m
        gradients[f"db{layer}"] = dZ.sum(axis=1, keepdims=True) / m
    return gradients


def load_2D_dataset():
    """Points of a field in two halves, with noise: train_X (2, 211), train_Y, test_X, test_Y."""
    rng = np.random.RandomState(3)
    X = rng.uniform(-0.6, 0.6, (2, 411))
    Y = (X[1] > X[0] + rng.normal(0, 0.12, 411)).astype(int).reshape(1, -1)
    return X[:, :211], Y[:, :211], X[:, 211:], Y[:, 211:]


def load_planar_dataset(seed):
    """A flower of two colours: X (2, 400), Y (1, 400)."""
    rng = np.random.RandomState(seed)
    Y = (np.arange(400) >= 200).astype(int).reshape(1, 400)
    angle = np.linspace(0, 3.12, 200)
    angle = np.concatenate([angle, angle + 3.12]) + rng.normal(0, 0.2, 400)
    radius = 4 * np.sin(4 * angle) + rng.normal(0, 0.2, 400)
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)]), Y
