"""Correct: the cost from the logits, with logaddexp; scipy's way of writing the sigmoid."""

import numpy as np


def logits(X, w, b):
    return np.dot(w.reshape(-1), X)[np.newaxis, :] + b


def predict_logistic(X, w, b):
    return np.exp(-np.logaddexp(0, -logits(X, w, b)))


def compute_logistic_cost(X, Y, w, b, lambd):
    Z = logits(X, w, b)
    losses = np.logaddexp(0, Z) - Y * Z
    return np.mean(losses) + 0.5 * lambd * np.vdot(w, w) / Y.size


def compute_logistic_gradients(X, Y, w, b, lambd):
    m = Y.size
    dZ = (predict_logistic(X, w, b) - Y) / m
    return {"dw": np.einsum("ji,ki->jk", X, dZ) + w * (lambd / m), "db": dZ.sum(), "dZ": dZ}


def update_logistic(w, b, gradients, learning_rate):
    return w + -learning_rate * gradients["dw"], np.array(b - learning_rate * gradients["db"])
