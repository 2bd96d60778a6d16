"""Counts bad epochs, updates in place, copies the best."""

import numpy as np


def best_epoch(dev_costs, patience):
    lowest, best, bad = float("inf"), 0, 0
    for epoch in range(len(dev_costs)):
        if dev_costs[epoch] < lowest:
            lowest, best, bad = dev_costs[epoch], epoch, 0
        else:
            bad += 1
        if bad == patience:
            break
    return [best, epoch]


def train_with_early_stopping(train, dev, learning_rate, patience, epochs):
    X, Y = train
    m = X.shape[1]
    w = np.zeros((X.shape[0], 1))
    lowest, best, best_w, bad = np.inf, 0, None, 0
    dev_costs = []
    for epoch in range(epochs + 1):
        errors = np.dot(w.T, dev[0]) - dev[1]
        dev_costs.append(np.mean(errors**2) / 2)
        if dev_costs[-1] < lowest:
            lowest, best, best_w, bad = dev_costs[-1], epoch, w.copy(), 0
        else:
            bad += 1
            if bad >= patience:
                break
        w -= learning_rate / m * np.dot(X, (np.dot(w.T, X) - Y).T)
    return {"w": best_w, "best_epoch": best, "dev_costs": np.array(dev_costs)}


def train_with_l2(train, lambd, learning_rate, epochs):
    X, Y = train
    m = X.shape[1]
    w = np.zeros((X.shape[0], 1))
    for _ in range(epochs):
        dw = X @ (X.T @ w - Y.T)
        w *= 1 - learning_rate * lambd / m  # weight decay
        w -= learning_rate / m * dw
    return w


def slope(w, train, lambd):
    X, Y = train
    dw = (X @ X.T @ w - X @ Y.T + lambd * w) / X.shape[1]
    return np.sqrt(np.sum(dw**2))


def compare_with_l2(train, dev, lambd, learning_rate, patience, epochs):
    early = train_with_early_stopping(train, dev, learning_rate, patience, epochs)
    w = train_with_l2(train, lambd, learning_rate, epochs)
    return {"l2": slope(w, train, lambd), "early_stopping": slope(early["w"], train, 0)}
