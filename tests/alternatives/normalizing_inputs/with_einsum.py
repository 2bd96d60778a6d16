"""Second moments by einsum, curvatures by numpy's general eigenvalues."""

import numpy as np


def fit_normalization(X):
    m = X.shape[1]
    mu = np.einsum("ij->i", X).reshape(-1, 1) / m
    centred = X - mu
    sigma2 = np.einsum("ij,ij->i", centred, centred)[:, np.newaxis] / m
    sigma2[np.all(X[:, :1] == X, axis=1)] = 0
    return mu, sigma2


def normalize(X, mu, sigma2):
    sigma = np.sqrt(sigma2)
    sigma[sigma == 0] = 1
    return X / sigma - mu / sigma


def curvatures(X):
    return np.linalg.eigvals(np.einsum("ik,jk->ij", X, X) / X.shape[1]).real


def condition_number(X):
    found = curvatures(X)
    return np.max(found) / np.min(found)


def gradient_steps(X, Y, tolerance, max_steps):
    rate = 1 / np.max(curvatures(X))
    goal = np.linalg.pinv(X.T) @ Y.T
    residual = goal.T @ X  # of w = 0, without what no w can explain
    start, steps = np.sum(residual**2), 0
    while np.sum(residual**2) > tolerance * start:
        if steps == max_steps:
            break
        residual = residual - rate * residual @ X.T @ X / X.shape[1]
        steps += 1
    return np.int64(steps)


def measured_gain(X, Y, tolerance, max_steps):
    mu, sigma2 = fit_normalization(X)
    N = normalize(X, mu, sigma2)
    steps = gradient_steps(X, Y, tolerance, max_steps), gradient_steps(N, Y, tolerance, max_steps)
    return {"condition_number": (condition_number(X), condition_number(N)), "steps": steps}
