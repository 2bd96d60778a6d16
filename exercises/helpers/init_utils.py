"""A small network of three layers, as the notebooks of the course import it."""

import numpy as np


def sigmoid(x):
    """1 / (1 + exp(-x)), element by element."""
    return 1 / (1 + np.exp(-x))


def relu(x):
    """max(0, x), element by element."""
    return np.maximum(0, x)


def forward_propagation(X, parameters):
    """LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID: a3 and a cache of twelve."""
    W1, b1 = parameters["W1"], parameters["b1"]
    W2, b2 = parameters["W2"], parameters["b2"]
    W3, b3 = parameters["W3"], parameters["b3"]
    z1 = W1 @ X + b1
    a1 = relu(z1)
    z2 = W2 @ a1 + b2
    a2 = relu(z2)
    z3 = W3 @ a2 + b3
    a3 = sigmoid(z3)
    return a3, (z1, a1, W1, b1, z2, a2, W2, b2, z3, a3, W3, b3)


def backward_propagation(X, Y, cache):
    """The gradients of the mean cross-entropy, by name."""
    _, a1, _, _, _, a2, W2, _, _, a3, W3, _ = cache
    m = X.shape[1]
    dz3 = (a3 - Y) / m
    da2 = W3.T @ dz3
    dz2 = da2 * (a2 > 0)
    da1 = W2.T @ dz2
    dz1 = da1 * (a1 > 0)
    gradients = {"da2": da2, "da1": da1}
    for layer, dz, a in ((3, dz3, a2), (2, dz2, a1), (1, dz1, X)):
        gradients[f"dz{layer}"] = dz
        gradients[f"dW{layer}"] = dz @ a.T
        gradients[f"db{layer}"] = dz.sum(axis=1, keepdims=True)
    return gradients


def update_parameters(parameters, grads, learning_rate):
    """One step of gradient descent for each layer."""
    for layer in range(1, len(parameters) // 2 + 1):
        for name in (f"W{layer}", f"b{layer}"):
            parameters[name] = parameters[name] - learning_rate * grads["d" + name]
    return parameters


def compute_loss(a3, Y):
    """Mean cross-entropy in nats; 0 * log(0) counts as 0."""
    logprobs = -np.log(a3) * Y - np.log(1 - a3) * (1 - Y)
    return np.nansum(logprobs) / Y.shape[1]


def predict_dec(parameters, X):
    """Labels by the rule a3 > 1/2."""
    a3, _ = forward_propagation(X, parameters)
    return a3 > 0.5


def predict(X, y, parameters):
    """Labels 0 or 1, and their accuracy on standard output."""
    p = predict_dec(parameters, X).astype(int)
    print("Accuracy: " + str(np.mean(p == y)))  # noqa: T201 - as in the course
    return p


def plot_decision_boundary(model, X, y):
    """Colour the plane by the labels that a model gives."""
    import matplotlib.pyplot as plt  # only for those who plot

    low, high = X.min(axis=1) - 1, X.max(axis=1) + 1
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    labels = model(np.c_[xx.ravel(), yy.ravel()]).reshape(xx.shape)
    plt.contourf(xx, yy, labels, cmap=plt.cm.Spectral)
    plt.scatter(X[0], X[1], c=np.ravel(y), cmap=plt.cm.Spectral)
    plt.show()


def load_dataset(is_plots=True):
    """Two noisy circles, one in the other: train_X (2, 300), train_Y, test_X (2, 100), test_Y."""
    rng = np.random.RandomState(1)
    return (*_circles(300, rng), *_circles(100, rng))


def _circles(m, rng):
    Y = (np.arange(m) % 2).reshape(1, m)
    angle = rng.uniform(0, 2 * np.pi, m)
    radius = np.where(Y[0] == 1, 0.8, 1.0)
    X = radius * np.stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.05, (2, m))
    return X, Y


def load_cat_dataset():
    """Random pictures in the layout of the course: (12288, m) in [0, 1], labels, class names."""
    rng = np.random.RandomState(2)
    X, Y = rng.uniform(0, 1, (12288, 60)), rng.randint(0, 2, (1, 60))
    return X[:, :50], Y[:, :50], X[:, 50:], Y[:, 50:], np.array([b"non-cat", b"cat"])
