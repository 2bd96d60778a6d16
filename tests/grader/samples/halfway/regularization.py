import numpy as np
from reg_utils import compute_cost


def compute_cost_with_regularization(A3, Y, parameters, lambd):
    m = Y.shape[1]
    W1 = parameters["W1"]
    W2 = parameters["W2"]
    W3 = parameters["W3"]

    cross_entropy_cost = compute_cost(A3, Y)
    squares = np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3))
    L2_regularization_cost = lambd / m * squares

    return cross_entropy_cost + L2_regularization_cost


def backward_propagation_with_regularization(X, Y, cache, lambd):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache

    dZ3 = A3 - Y
    dW3 = 1.0 / m * np.dot(dZ3, A2.T) + lambd / m * W3
    db3 = 1.0 / m * np.sum(dZ3, axis=1, keepdims=True)

    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.multiply(dA2, np.int64(A2 > 0))
    dW2 = 1.0 / m * np.dot(dZ2, A1.T) + lambd / m * W2
    db2 = 1.0 / m * np.sum(dZ2, axis=1, keepdims=True)

    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = 1.0 / m * np.dot(dZ1, X.T) + lambd / m * W1
    db1 = 1.0 / m * np.sum(dZ1, axis=1, keepdims=True)

    gradients = {"dZ3": dZ3, "dW3": dW3, "db3": db3, "dA2": dA2,
                 "dZ2": dZ2, "dW2": dW2, "db2": db2, "dA1": dA1,
                 "dZ1": dZ1, "dW1": dW1, "db1": db1}
    return gradients


def update_parameters_with_gradient(parameters, gradients, lambd, learning_rate, m):
    for l in ["1", "2", "3"]:
        dW = gradients["dW" + l] + lambd / m * parameters["W" + l]
        parameters["W" + l] = parameters["W" + l] - learning_rate * dW
        parameters["b" + l] = parameters["b" + l] - learning_rate * gradients["db" + l]
    return parameters


def update_parameters_with_weight_decay(parameters, gradients, lambd, learning_rate, m):
    decay = 1 - learning_rate * lambd / m
    for l in ["1", "2", "3"]:
        parameters["W" + l] = decay * parameters["W" + l] - learning_rate * gradients["dW" + l]
        parameters["b" + l] = parameters["b" + l] - learning_rate * gradients["db" + l]
    return parameters
