"""The choices behind an example: to make them again, and to make simple ones.

Hypothesis draws an example by a sequence of choices, each of which has an index; 0 is the simplest.
It has no public way to them, so this module is the only one that knows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis.control import BuildContext, current_build_context
from hypothesis.errors import StopTest, UnsatisfiedAssumption
from hypothesis.internal.conjecture.choice import choice_from_index, choice_to_index
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.datatree import compute_max_children
from hypothesis.internal.conjecture.providers import PrimitiveProvider
from hypothesis.strategies import DataObject

SIMPLE = 0.5  # of the number of examples
_CHOICES = 2_000  # in one of them

Check = Any  # a function that `given` decorated


@dataclass(frozen=True, slots=True, order=True)
class Choices:
    """What an example is made of; the smaller, the simpler.

    Attributes:
        cost: bits that the indices of the choices take, about.
    """

    cost: int
    indices: tuple[int, ...]
    values: tuple[bool | int | float | str | bytes, ...] = field(compare=False)


def choices_made() -> Choices | None:
    """What was drawn so far for the example that runs now; None where nothing was."""
    data = current_build_context().data
    if not data.choices:
        return None
    nodes = [node for node in data.nodes if not node.was_forced]
    indices = tuple(choice_to_index(node.value, node.constraints) for node in nodes)
    return Choices(sum(1 + 2 * index.bit_length() for index in indices), indices, data.choices)


@contextmanager
def unobserved() -> Iterator[None]:
    """Let a check run once more on what was drawn: what it aims at is told once for an example."""
    observations = current_build_context().data.target_observations
    before = dict(observations)
    observations.clear()
    try:
        yield
    finally:
        observations.clear()
        observations.update(before)


def draw_simple(check: Check, others: dict[str, Any], ran: int, known: Iterable[Choices]) -> None:
    """Run a check on simple examples, each a little less so than the one before.

    Args:
        others: arguments that are not drawn.
        ran: how many examples Hypothesis had; there are fewer of these.
        known: examples that need not run again.
    """
    count, seen = round(ran * SIMPLE), set[Choices | None](known)
    for number in range(count):
        how = {"number": number, "further": 0.2 + 0.5 * number / count}
        data = ConjectureData(random=None, provider=_Simple, provider_kw=how, max_choices=_CHOICES)
        _run(check, others, data, seen)


def draw_random(
    check: Check, others: dict[str, Any], seed: int, seen: set[Choices | None]
) -> BaseException | None:
    """Run a check on one example from this seed, unless it was seen; returns what it raised.

    Without Hypothesis's search for new examples, so it is several times as fast.
    """
    data = ConjectureData(random=Random(seed), max_choices=_CHOICES)  # noqa: S311
    return _run(check, others, data, seen)


def draw_again(check: Check, others: dict[str, Any], known: Choices) -> BaseException | None:
    """Run a check on an example that was drawn before; returns what it raised."""
    return _run(check, others, ConjectureData.for_choices(known.values), set())


def _run(
    check: Check, others: dict[str, Any], data: ConjectureData, seen: set[Choices | None]
) -> BaseException | None:
    """Draw an example and run the check on it, if it was not seen yet."""
    strategies: dict[str, Any] = check.hypothesis._given_kwargs
    try:
        with BuildContext(data, wrapped_test=check):
            values = {name: data.draw(strategy) for name, strategy in strategies.items()}
            example = choices_made()
            if example not in seen or any(
                isinstance(value, DataObject) for value in values.values()
            ):
                seen.add(example)
                check.hypothesis.inner_test(**others, **values)
    except (KeyboardInterrupt, SystemExit):
        raise
    except StopTest:
        return UnsatisfiedAssumption()
    except BaseException as error:
        return error
    return None


class _Simple(PrimitiveProvider):
    """Draws choices of small index.

    Args:
        number: of the example.
        further: probability of each next index.
    """

    lifetime = "test_case"

    def __init__(self, data: ConjectureData | None, /, number: int, further: float) -> None:
        super().__init__(data)
        self._random = Random(number)  # noqa: S311
        self._further = further

    def _draw(self, kind: Any, constraints: Any) -> Any:
        last = compute_max_children(kind, constraints) - 1
        index = 0
        while index < last and self._random.random() < self._further:
            index += 1
        return choice_from_index(index, kind, constraints)

    def draw_boolean(self, *_: Any, **constraints: Any) -> bool:
        return bool(self._draw("boolean", constraints))

    def draw_integer(self, *_: Any, **constraints: Any) -> int:
        return int(self._draw("integer", constraints))

    def draw_float(self, *_: Any, **constraints: Any) -> float:
        return float(self._draw("float", constraints))

    def draw_string(self, *_: Any, **constraints: Any) -> str:
        return str(self._draw("string", constraints))

    def draw_bytes(self, *_: Any, **constraints: Any) -> bytes:
        return bytes(self._draw("bytes", constraints))
