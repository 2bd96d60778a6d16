"""Reading the answers that several exercises share: caches by name, gradients by name."""

from collections.abc import Callable, Sequence
from typing import Any

from grader.kit import expect, gradient
from tests.hidden.networks import GRADIENTS, Array, Cost, Network, Parameters


def cache_of(cache: Any, names: Sequence[str], network: Network) -> dict[str, Array]:
    """The entries of a cache by name, each of the shape of its layer or parameter."""
    values = expect.sequence(cache, len(names), "cache")
    shapes = {name: value.shape for name, value in network.parameters.items()}
    for layer in "123":
        rows = len(network.parameters[f"b{layer}"])
        shapes |= dict.fromkeys((f"Z{layer}", f"D{layer}", f"A{layer}"), (rows, network.m))
    return {
        name: expect.array(value, shapes[name], name)
        for name, value in zip(names, values, strict=True)
    }


def gradients_of(answer: Any, names: Sequence[str]) -> dict[str, Any]:
    """The gradients of these parameters, by their own names; other entries do not matter."""
    return expect.mapping(answer, [f"d{name}" for name in names], "gradients")


def require_all_gradients(answer: Any, parameters: Parameters, m: int) -> None:
    """All eleven gradients are there, each of the shape of its variable."""
    gradients = expect.mapping(answer, GRADIENTS, "gradients")
    for key in GRADIENTS:
        rows = len(parameters["b" + key[-1]])
        shape = (rows, m) if key[1] in "ZA" else parameters[key[1:]].shape
        expect.array(gradients[key], shape, key)


def require_gradients(
    answer: Any, names: Sequence[str], parameters: Parameters, cost_of: Callable[[str], Cost]
) -> None:
    """These gradients are those of a cost.

    Args:
        answer: the dictionary of gradients.
        names: of parameters.
        parameters: where the gradients are taken.
        cost_of: gives the cost as a function of the parameter of a name, the others at rest.
    """
    gradients = gradients_of(answer, names)
    gradient.check_each(
        (gradients[f"d{name}"], cost_of(name), parameters[name], f"d{name}") for name in names
    )
