"""Early Stopping

Stop training where the dev set is served best, and see what that does to the training cost that
L2 regularization leaves in peace. The model is linear, so that every cost can be followed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "best_epoch",
    "compare_with_l2",
    "slope",
    "train_with_early_stopping",
    "train_with_l2",
]

Array = NDArray[np.float64]
Examples = tuple[Array, Array]  # X of shape (n_x, m), Y of shape (1, m)


def cost(w: Array, examples: Examples) -> float:
    """Half the mean squared error of the predictions w.T @ X: 1 / (2m) * sum (w.T @ X - Y)^2."""
    X, Y = examples
    return float(np.sum((w.T @ X - Y) ** 2) / (2 * X.shape[1]))


def gradient(w: Array, examples: Examples) -> Array:
    """The gradient of that cost, of the shape of w: X @ (w.T @ X - Y).T / m."""
    X, Y = examples
    dw: Array = X @ (w.T @ X - Y).T / X.shape[1]
    return dw


def best_epoch(dev_costs: Sequence[float], patience: int) -> tuple[int, int]:
    """Find the best epoch of a training that ends as soon as patience is used up.

    Patience is used up when `patience` epochs in a row brought no cost below the best one so far;
    an equal cost is none below. Nothing is known of the epochs after that.

    Args:
        dev_costs: cost on the dev set at epoch 0, 1, 2, ...; at least one.
        patience: at least 1.

    Returns:
        best: the epoch with the lowest cost up to the end of training, the first of several.
        last: the epoch at which training ended; the last of dev_costs if patience was enough.

    Source:
        Lecture "Other Regularization Methods", part "early stopping".
    """
    best = 0
    for epoch, dev_cost in enumerate(dev_costs):
        if dev_cost < dev_costs[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(dev_costs) - 1


def train_with_early_stopping(
    train: Examples, dev: Examples, learning_rate: float, patience: int, epochs: int
) -> dict[str, Any]:
    """Run gradient descent on the training cost; give back what was best on the dev set.

    Start with w = 0, which is epoch 0; each epoch takes one step on the cost of the training set.
    Training ends when patience is used up, as in best_epoch, or after `epochs` steps.

    Args:
        train: X (n_x, m) and Y (1, m) of the training set. Never modified.
        dev: X and Y of the dev set. Never modified.
        learning_rate: length of a step, as a factor of the gradient.
        patience: at least 1.
        epochs: the largest number of steps.

    Returns:
        "w": parameters, shape (n_x, 1), of the best epoch.
        "best_epoch": which one that is.
        "dev_costs": list of the costs on the dev set, from epoch 0 to the last that was reached.

    Source:
        Lecture "Other Regularization Methods", part "early stopping".
    """
    w = np.zeros((train[0].shape[0], 1))
    best_w, best = w, 0
    dev_costs = [cost(w, dev)]
    for epoch in range(1, epochs + 1):
        w = w - learning_rate * gradient(w, train)  # a new array: best_w stays what it is
        dev_costs.append(cost(w, dev))
        if dev_costs[-1] < dev_costs[best]:
            best_w, best = w, epoch
        if epoch - best >= patience:
            break
    return {"w": best_w, "best_epoch": best, "dev_costs": dev_costs}


def train_with_l2(train: Examples, lambd: float, learning_rate: float, epochs: int) -> Array:
    """Run gradient descent on the training cost with L2 regularization, to the end.

        J(w) = cost(w) + lambd / (2m) * ||w||^2

    Args:
        train: X (n_x, m) and Y (1, m) of the training set. Never modified.
        lambd: regularization parameter, at least 0.
        learning_rate: length of a step, as a factor of the gradient of J.
        epochs: the number of steps; they start with w = 0.

    Returns:
        w: shape (n_x, 1), after the last step.

    Source:
        Lecture "Regularization".
    """
    n_x, m = train[0].shape
    w = np.zeros((n_x, 1))
    for _ in range(epochs):
        w = w - learning_rate * (gradient(w, train) + lambd / m * w)
    return w


def slope(w: Array, train: Examples, lambd: float) -> float:
    """Measure how far the cost J with L2 regularization is from being minimized: ||dJ/dw||.

    Args:
        w: parameters, shape (n_x, 1).
        train: X (n_x, m) and Y (1, m) of the training set.
        lambd: regularization parameter; 0 for the cost without L2.

    Returns:
        slope: length of the gradient of J at w; 0 where J has its minimum.

    Source:
        Lecture "Regularization".
    """
    X, _ = train
    dw = gradient(w, train) + lambd / X.shape[1] * w
    return float(np.linalg.norm(dw))


def compare_with_l2(
    train: Examples, dev: Examples, lambd: float, learning_rate: float, patience: int, epochs: int
) -> dict[str, float]:
    """Show what orthogonalization means: two jobs, a tool for each.

    One job is to minimize the cost J, the other one not to overfit. Early stopping does both with
    one tool, and so does neither to the end. With L2, gradient descent minimizes its J all the way,
    and lambd alone decides how much is fitted. The slope at the end tells.

    Args:
        train: X (n_x, m) and Y (1, m) of the training set.
        dev: X and Y of the dev set.
        lambd: regularization parameter for L2; early stopping has none.
        learning_rate: for both.
        patience: for early stopping.
        epochs: largest number of steps of early stopping, number of steps of L2.

    Returns:
        "early_stopping": slope of the cost without L2 where early stopping ends up.
        "l2": slope of the cost with L2 where training with L2 ends up.

    Source:
        Lecture "Other Regularization Methods", part "Orthogonalization".
    """
    stopped = train_with_early_stopping(train, dev, learning_rate, patience, epochs)["w"]
    regularized = train_with_l2(train, lambd, learning_rate, epochs)
    # Each at the cost that it was to minimize.
    return {"early_stopping": slope(stopped, train, 0.0), "l2": slope(regularized, train, lambd)}
