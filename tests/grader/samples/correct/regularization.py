"""Right, and written in another way than the reference."""

import numpy as np
from reg_utils import compute_cost


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = np.size(Y)
    total = 0.0
    for key, value in parameters.items():
        if key.startswith("W"):
            total += np.linalg.norm(value, "fro") ** 2
    return np.asarray(compute_cost(A3, Y) + 0.5 * lambd * total / m)


def backward_propagation_with_regularization(X, Y, cache, lambd):
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache
    m = X.shape[1]
    # 1/m is carried by dZ here
    dZ3 = 1.0 / m * (A3 - Y)
    dW3 = np.einsum("im,jm->ij", dZ3, A2) + (lambd * W3) / m
    db3 = np.einsum("im->i", dZ3)[:, None]
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dW2 = np.einsum("im,jm->ij", dZ2, A1) + (lambd * W2) / m
    db2 = np.sum(dZ2, axis=1).reshape(-1, 1)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.where(Z1 > 0, dA1, 0)
    dW1 = np.einsum("im,jm->ij", dZ1, X) + (lambd * W1) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    names = "dZ3 dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1".split()
    here = locals()
    return {name: here[name] for name in names}


def update_parameters_with_gradient(parameters, gradients, lambd, learning_rate, m):
    # in place, as in the course
    for key in list(parameters):
        step = gradients["d" + key].copy()
        if key[0] == "W":
            step += lambd / m * parameters[key]
        parameters[key] -= learning_rate * step
    return parameters


def update_parameters_with_weight_decay(parameters, gradients, lambd, learning_rate, m):
    new = dict(parameters)
    for l in range(1, len(parameters) // 2 + 1):
        new["W%d" % l] = parameters["W%d" % l] * (1 - learning_rate * lambd / m)
        new["W%d" % l] -= learning_rate * gradients["dW%d" % l]
        new["b%d" % l] = parameters["b%d" % l] - learning_rate * gradients["db%d" % l]
    return new
