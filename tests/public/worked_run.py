"""The network of three layers at work, trained with a student's own functions.

`grader run SUBMISSION --worked-run` shows it on the page of the report. It decides nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.kit import Submission, expect
from grader.kit.pictures import Comparison, Learned, grid

__all__ = ["regularizations", "normalized_inputs", "initializations"]  # noqa: RUF022 - in this order

Array = NDArray[np.float64]
Parameters = dict[str, Array]

HIDDEN = (20, 10)  # units of the hidden layers
EVERY = 5  # steps between two costs
NEW = 1000  # points that a network did not learn from


def regularizations(submission: Submission) -> Comparison:
    """With and without regularization

    A network of 2, 20, 10 and 1 units learns from 60 points, of which one in eight has the wrong
    class on purpose. All four begin with the same weights of your `initialize_parameters_he`.

    Without regularization the cost falls furthest, and the boundary bends around single wrong
    points: compare the share of right answers on new points. L2 keeps the weights small and the
    boundary smooth; its cost holds the penalty too, so it stays higher. The two forms of L2, lambd
    in the gradient and weight decay in the update, are the same step, so their curves are one.
    Dropout draws new masks at each step, so its curve is rough; a smooth one tells that a seed is
    set inside the function.
    """
    rng = np.random.default_rng(3)
    X, Y = _wave(rng, 60)
    Y = np.where(rng.random(Y.shape) < 1 / 8, 1 - Y, Y)
    plan = partial(_Plan, submission, X, Y, rate=0.6, steps=200, new=_wave)
    plans: dict[str, Callable[[], Learned]] = {
        "no regularization": partial(_learn, plan()),
        "L2, gradient": partial(_learn, plan(lambd=1.0)),
        "L2, weight decay": partial(_learn, plan(decay=1.0)),
        "dropout": partial(_learn, plan(keep_prob=0.8)),
    }
    return Comparison(X, Y, plans)


def normalized_inputs(submission: Submission) -> Comparison:
    """With and without normalized inputs

    The same network learns to tell a disc from the ring around it. One feature is measured in a
    unit that makes its numbers forty times those of the other.

    A learning rate that is right for normalized inputs is too large for these: the first steps
    overshoot, units of ReLU die, and there is little left to learn with. With a rate small enough
    for the large feature the small one is hardly learned from. Normalized by your
    `fit_normalization` and `normalize`, both count alike, and the larger rate is right.
    """
    X, Y = _disc_and_ring(np.random.default_rng(1), 150)
    X = np.array([[0.5], [20.0]]) * X + np.array([[1.0], [20.0]])
    plan = partial(_Plan, submission, X, Y)
    plans: dict[str, Callable[[], Learned]] = {
        "as they are, rate 0.2": partial(_learn, plan()),
        "as they are, rate 0.003": partial(_learn, plan(rate=0.003)),
        "normalized, rate 0.2": partial(_learn_normalized, plan()),
    }
    return Comparison(X, Y, plans)


def initializations(submission: Submission) -> Comparison:
    """Five ways to begin

    The disc and the ring again, with features of one size, from five initializations. Each step
    runs your `backward_propagation_with_regularization` with `lambd = 0` and your
    `update_parameters_with_gradient`.

    With zeros all units of a layer stay alike: nothing breaks their symmetry, the cost rests at
    log 2 = 0.69, and the whole plane gets one answer. Large random weights break the symmetry, but
    begin with a sigmoid that is saturated and sure of wrong answers: the cost begins far up, and
    soon hardly falls. He's variance 2 / n(l-1) fits layers of ReLU and is mostly ahead; the two
    made for tanh give a smaller signal and need more steps.
    """
    X, Y = _disc_and_ring(np.random.default_rng(1), 150)
    names = ("zeros", "random", "he", "xavier", "glorot")
    plans = {each: _Plan(submission, X, Y, f"initialize_parameters_{each}") for each in names}
    return Comparison(X, Y, {name: partial(_learn, plan) for name, plan in plans.items()})


@dataclass(frozen=True)
class _Plan:
    """What to train, and how.

    Attributes:
        begin: the function that gives the first parameters.
        lambd: of L2 in the gradient.
        decay: the same, as weight decay.
        new: draws points that are not learned from.
    """

    submission: Submission
    X: Array
    Y: Array
    begin: str = "initialize_parameters_he"
    rate: float = 0.2
    steps: int = 150
    lambd: float = 0.0
    decay: float = 0.0
    keep_prob: float = 1.0
    new: Callable[[np.random.Generator, int], tuple[Array, Array]] | None = None


def _learn(plan: _Plan) -> Learned:
    """Train, and look at the whole plane."""
    parameters, costs = _descend(plan, plan.X)
    answer = partial(_answer, parameters)
    return Learned(plan.steps, costs, answer(grid(plan.X)), _shares(plan, answer))


def _learn_normalized(plan: _Plan) -> Learned:
    """The same on normalized points."""
    fitted = plan.submission.fit_normalization(plan.X)
    mu, sigma2 = expect.sequence(fitted, 2, "the answer (mu, sigma2)")
    mu, sigma2 = expect.array(mu, (2, 1), "mu"), expect.array(sigma2, (2, 1), "sigma2")

    def normalized(X: Array) -> Array:
        return expect.array(plan.submission.normalize(X, mu, sigma2), X.shape, "normalized")

    parameters, costs = _descend(plan, normalized(plan.X))
    classes = _answer(parameters, normalized(grid(plan.X)))
    right = _answer(parameters, normalized(plan.X)) == plan.Y
    return Learned(plan.steps, costs, classes, f"{np.mean(right):.0%} of the points are right.")


def _descend(plan: _Plan, X: Array) -> tuple[Parameters, list[float]]:
    """Gradient descent: the last parameters, and the cost of every fifth step."""
    sizes = [X.shape[0], *HIDDEN, 1]
    parameters = _parameters(getattr(plan.submission, plan.begin)(sizes), sizes)
    costs = []
    for step in range(plan.steps + 1):
        A3, cache = _forward(plan, X, parameters)
        if step % EVERY == 0:
            costs.append(_cost(plan, A3, parameters))
        if step < plan.steps:
            gradients = _gradients(plan, X, parameters, cache)
            parameters = _parameters(_step(plan, parameters, gradients), sizes)
    return parameters, costs


def _forward(plan: _Plan, X: Array, parameters: Parameters) -> tuple[Array, Any]:
    if plan.keep_prob == 1.0:
        return _plain_forward(X, parameters)
    answer = plan.submission.forward_propagation_with_dropout(X, parameters, plan.keep_prob)
    A3, cache = expect.sequence(answer, 2, "the answer (A3, cache)")
    return expect.array(A3, plan.Y.shape, "A3"), expect.sequence(cache, 14, "cache")


def _plain_forward(X: Array, parameters: Parameters) -> tuple[Array, tuple[Array, ...]]:
    """LINEAR -> RELU -> LINEAR -> RELU -> LINEAR -> SIGMOID, which students are given."""
    W1, b1, W2, b2, W3, b3 = (parameters[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
    Z1 = W1 @ X + b1
    A1 = np.maximum(0, Z1)
    Z2 = W2 @ A1 + b2
    A2 = np.maximum(0, Z2)
    Z3 = W3 @ A2 + b3
    A3 = 1 / (1 + np.exp(-np.clip(Z3, -30, 30)))  # never 0 or 1: their logarithm has to be finite
    return A3, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)


def _cost(plan: _Plan, A3: Array, parameters: Parameters) -> float:
    lambd = plan.lambd + plan.decay
    function = plan.submission.compute_cost_with_regularization
    return expect.number(function(A3, plan.Y, parameters, lambd), "the cost")


def _gradients(plan: _Plan, X: Array, parameters: Parameters, cache: Any) -> Parameters:
    if plan.keep_prob == 1.0:
        backward = plan.submission.backward_propagation_with_regularization
        answer = backward(X, plan.Y, cache, plan.lambd)
    else:
        backward = plan.submission.backward_propagation_with_dropout
        answer = backward(X, plan.Y, cache, plan.keep_prob)
    given = expect.mapping(answer, [f"d{name}" for name in parameters], "gradients")
    return {
        f"d{name}": expect.array(given[f"d{name}"], value.shape, f"d{name}")
        for name, value in parameters.items()
    }


def _step(plan: _Plan, parameters: Parameters, gradients: Parameters) -> Any:
    update = plan.submission.update_parameters_with_gradient
    if plan.decay:
        update = plan.submission.update_parameters_with_weight_decay
    return update(parameters, gradients, plan.decay, plan.rate, plan.Y.shape[1])


def _parameters(answer: Any, sizes: list[int]) -> Parameters:
    """Require W and b of each layer, in the shapes that the sizes give."""
    shapes: dict[str, tuple[int, int]] = {}
    for layer, (n_prev, n) in enumerate(pairwise(sizes), 1):
        shapes |= {f"W{layer}": (n, n_prev), f"b{layer}": (n, 1)}
    given = expect.mapping(answer, list(shapes), "parameters")
    return {name: expect.array(given[name], shape, name) for name, shape in shapes.items()}


def _answer(parameters: Parameters, X: Array) -> Array:
    """0 or 1 for each column of X, with no unit dropped."""
    A3, _ = _plain_forward(X, parameters)
    return (A3 > 0.5).astype(np.float64)


def _shares(plan: _Plan, answer: Callable[[Array], Array]) -> str:
    right = np.mean(answer(plan.X) == plan.Y)
    if plan.new is None:
        return f"{right:.0%} of the points are right."
    X, Y = plan.new(np.random.default_rng(2), NEW)
    return f"{right:.0%} of the points are right, and {np.mean(answer(X) == Y):.0%} of new ones."


def _disc_and_ring(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Class 1 around the origin, class 0 around class 1."""
    Y = (np.arange(m) % 2).reshape(1, m).astype(np.float64)
    angle = rng.uniform(0, 2 * np.pi, m)
    radius = np.where(Y == 1, 0.45, 1.0)
    return radius * np.stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.12, (2, m)), Y


def _wave(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Class 1 above a wave, class 0 below."""
    X = rng.uniform(-3, 3, (2, m))
    return X, (X[1:] > 1.5 * np.sin(X[:1])).astype(np.float64)
