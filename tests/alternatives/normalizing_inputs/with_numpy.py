"""As little code as numpy allows; a mean of distances from the first example."""

import numpy as np


def fit_normalization(X):
    first = X[:, :1]
    mu = first + (X - first).mean(1, keepdims=True)  # exact for constant features
    return mu, X.var(axis=1, keepdims=True, mean=mu)


def normalize(X, mu, sigma2):
    constant = sigma2 == 0
    return np.subtract(X, mu) * (sigma2 + constant) ** -0.5


def condition_number(X):
    values = np.linalg.svd(X, compute_uv=False)
    return (values.max() / values.min()) ** 2


def gradient_steps(X, Y, tolerance, max_steps):
    curvature, V = np.linalg.eigh(X @ X.T / Y.size)
    pull = (V.T @ X @ Y.T)[:, 0] / Y.size
    shares = pull**2 / curvature  # twice what each direction adds to J at w = 0
    k = np.arange(max_steps + 1)[:, None]
    left = (shares * (1 - curvature / curvature.max()) ** (2 * k)).sum(axis=1)
    return int(np.append(np.flatnonzero(left <= tolerance * left[0]), max_steps)[0])


def measured_gain(X, Y, tolerance, max_steps):
    both = X, normalize(X, *fit_normalization(X))
    return {
        "steps": [gradient_steps(A, Y, tolerance, max_steps) for A in both],
        "condition_number": [condition_number(A) for A in both],
    }
