"""Correct: masks from a generator of its own, both drawn before anything else; einsum."""

import numpy as np

rng = np.random.default_rng()


def linear(W, A, b):
    return np.einsum("ij,jm->im", W, A) + b


def relu(Z):
    return Z * (Z > 0)


def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    W1, W2, W3 = (parameters["W" + l] for l in "123")
    b1, b2, b3 = (parameters["b" + l] for l in "123")
    m = X.shape[1]
    D1, D2 = (rng.binomial(1, keep_prob, size=(b.shape[0], m)) == 1 for b in (b1, b2))
    Z1 = linear(W1, X, b1)
    A1 = relu(Z1)
    A1[~D1] = 0
    A1 /= keep_prob
    Z2 = linear(W2, A1, b2)
    A2 = relu(Z2)
    A2[~D2] = 0
    A2 /= keep_prob
    Z3 = linear(W3, A2, b3)
    A3 = 1 / (1 + np.exp(-Z3))
    return A3, (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)


def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    Z1, D1, A1, W1, _, Z2, D2, A2, W2, _, _, A3, W3, _ = cache
    m = X.shape[1]
    g = {"dZ3": A3 - Y}
    for l, Z, D, A, W_next, A_prev in ((2, Z2, D2, A2, W3, A1), (1, Z1, D1, A1, W2, X)):
        g[f"dA{l}"] = np.einsum("ji,jm->im", W_next, g[f"dZ{l + 1}"]) * (D / keep_prob)
        g[f"dZ{l}"] = np.where(A > 0, g[f"dA{l}"], 0)
        g[f"dW{l}"] = np.einsum("im,jm->ij", g[f"dZ{l}"], A_prev) / m
        g[f"db{l}"] = g[f"dZ{l}"].mean(axis=1, keepdims=True)
    g["dW3"] = np.einsum("im,jm->ij", g["dZ3"], A2) / m
    g["db3"] = g["dZ3"].mean(axis=1, keepdims=True)
    return g


def predict_probabilities(X, parameters):
    A3, _ = forward_propagation_with_dropout(X, parameters, 1.0)
    return A3
