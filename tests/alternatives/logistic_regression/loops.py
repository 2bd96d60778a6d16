"""Correct, one example and one feature at a time, with math instead of numpy."""

import math

import numpy as np


def predict_logistic(X, w, b):
    A = np.zeros((1, X.shape[1]))
    for i in range(X.shape[1]):
        z = b
        for j in range(X.shape[0]):
            z += w[j, 0] * X[j, i]
        A[0, i] = 1 / (1 + math.exp(-z))
    return A


def compute_logistic_cost(X, Y, w, b, lambd):
    m = X.shape[1]
    A = predict_logistic(X, w, b)
    total = 0.0
    for i in range(m):
        total -= math.log(A[0, i]) if Y[0, i] == 1 else math.log(1 - A[0, i])
    for j in range(len(w)):
        total += lambd * w[j, 0] ** 2 / 2
    return total / m


def compute_logistic_gradients(X, Y, w, b, lambd):
    n, m = X.shape
    A = predict_logistic(X, w, b)
    dw, db = np.zeros((n, 1)), 0.0
    for i in range(m):
        error = A[0, i] - Y[0, i]
        db += error / m
        for j in range(n):
            dw[j, 0] += X[j, i] * error / m
    for j in range(n):
        dw[j, 0] += lambd * w[j, 0] / m
    return {"db": db, "dw": dw}


def update_logistic(w, b, gradients, learning_rate):
    new = w.copy()
    for j in range(len(new)):
        new[j] -= learning_rate * gradients["dw"][j]
    return [new, b - learning_rate * gradients["db"]]
