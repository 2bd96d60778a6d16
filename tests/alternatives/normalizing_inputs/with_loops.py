"""One feature and one example after the other."""

import numpy as np


def fit_normalization(X):
    n_x, m = X.shape
    mu, sigma2 = np.zeros((n_x, 1)), np.zeros((n_x, 1))
    for j in range(n_x):
        if min(X[j]) == max(X[j]):
            mu[j] = X[j, 0]
            continue
        for i in range(m):
            mu[j] += X[j, i] / m
        for i in range(m):
            sigma2[j] += (X[j, i] - mu[j, 0]) ** 2 / m
    return [mu, sigma2]


def normalize(X, mu, sigma2):
    result = X - mu
    for j in range(X.shape[0]):
        if sigma2[j, 0] > 0:
            for i in range(X.shape[1]):
                result[j, i] /= sigma2[j, 0] ** 0.5
    return result


def condition_number(X):
    return np.linalg.cond(X) ** 2


def gradient_steps(X, Y, tolerance, max_steps):
    m = X.shape[1]
    largest = max(np.linalg.eigvalsh(np.dot(X, X.T))) / m
    best = np.linalg.solve(np.dot(X, X.T), np.dot(X, Y.T))
    lowest = np.sum((np.dot(best.T, X) - Y) ** 2)
    w = np.zeros_like(best)
    start = np.sum(Y**2) - lowest
    for steps in range(max_steps):
        if np.sum((np.dot(w.T, X) - Y) ** 2) - lowest <= tolerance * start:
            return steps
        for_each = [X[:, i : i + 1] * (np.dot(w[:, 0], X[:, i]) - Y[0, i]) for i in range(m)]
        w -= sum(for_each) / m / largest
    return max_steps


def measured_gain(X, Y, tolerance, max_steps):
    mu, sigma2 = fit_normalization(X)
    gain = {"condition_number": [], "steps": []}
    for A in (X, normalize(X, mu, sigma2)):
        gain["condition_number"].append(condition_number(A))
        gain["steps"].append(gradient_steps(A, Y, tolerance, max_steps))
    return gain
