"""Trains to the end, keeps every epoch, and looks for the best one afterwards."""

import numpy as np


def cost(w, X, Y):
    return sum((w[:, 0] @ X[:, i] - Y[0, i]) ** 2 for i in range(X.shape[1])) / (2 * X.shape[1])


def best_epoch(dev_costs, patience):
    last = len(dev_costs) - 1
    for epoch in range(len(dev_costs)):
        if epoch >= patience and min(dev_costs[epoch - patience + 1 : epoch + 1]) >= min(
            dev_costs[: epoch - patience + 1]
        ):
            last = epoch
            break
    return int(np.argmin(dev_costs[: last + 1])), last


def descend(train, lambd, learning_rate, epochs):
    X, Y = train
    ws = [np.zeros((X.shape[0], 1))]
    for _ in range(epochs):
        dw = np.einsum("ij,kj->ik", X, ws[-1].T @ X - Y) / Y.size + lambd * ws[-1] / Y.size
        ws.append(ws[-1] - learning_rate * dw)
    return ws


def train_with_early_stopping(train, dev, learning_rate, patience, epochs):
    ws = descend(train, 0, learning_rate, epochs)
    dev_costs = [cost(w, *dev) for w in ws]
    best, last = best_epoch(dev_costs, patience)
    return {"w": ws[best], "best_epoch": best, "dev_costs": dev_costs[: last + 1], "last": last}


def train_with_l2(train, lambd, learning_rate, epochs):
    return descend(train, lambd, learning_rate, epochs)[-1]


def slope(w, train, lambd):
    return float(np.linalg.norm(w - descend_from(w, train, lambd)))


def descend_from(w, train, lambd):
    X, Y = train
    m = X.shape[1]
    return w - (X @ (w.T @ X - Y).T + lambd * w) / m


def compare_with_l2(train, dev, lambd, learning_rate, patience, epochs):
    stopped = train_with_early_stopping(train, dev, learning_rate, patience, epochs)
    finished = train_with_l2(train, lambd, learning_rate, epochs)
    return {
        "early_stopping": slope(stopped["w"], train, 0),
        "l2": slope(finished, train, lambd),
    }
