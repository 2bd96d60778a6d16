"""The numbers of a student beside the right ones, for one quantity and in every call."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.calls import Call, arguments_of
from grader.checks.smallest import Ran
from grader.diagnosis.alike import numbers_alike
from grader.diagnosis.evidence import Seen, answer_in
from grader.diagnosis.running import run
from grader.diagnosis.suspects import Functions
from grader.model import Comparison
from grader.worker import codec

_SEARCHED = 6  # calls in which the quantity is looked for
_LARGEST = 10_000  # entries of an array that is compared

Floats = NDArray[np.float64]
Path = tuple[str | int, ...]  # keys and positions that lead to a number or an array
Names = Callable[[str], tuple[str, ...]]  # what the course calls the parameters of a function


@dataclass(frozen=True, slots=True)
class Pair:
    """A quantity in one call, of the student and as it should be.

    Attributes:
        around: the arguments of the call that are numbers, and what its answer should hold.
        arguments: names of those that are arguments.
    """

    yours: Floats
    right: Floats
    around: dict[str, Floats] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it is wrong in this call."""
        return not numbers_alike(self.yours, self.right)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a check found wrong, wherever it was seen."""

    name: str
    pairs: tuple[Pair, ...]


def quantity(
    comparisons: Sequence[Comparison],
    evidence: Sequence[Seen],
    ran: Sequence[Ran],
    reference: Functions,
    names: Names,
    most: int,
) -> Quantity | None:
    """The quantity that a check compared, or else the one that is of another shape.

    Args:
        most: how many calls are looked at.
    """
    compared = next(iter(comparisons), None)
    found = _place(compared, evidence, reference)
    if found is not None:
        function, path, name = found
        of_function = (each for each in evidence if each.call.function == function)
        pairs = _pairs(path, islice(of_function, most), reference, names)
        return None if pairs is None else Quantity(name, pairs)
    if compared is None:
        return None
    return Quantity(compared.name, tuple(_compared(compared.name, ran)))


def _place(
    compared: Comparison | None, evidence: Sequence[Seen], reference: Functions
) -> tuple[str, Path, str] | None:
    """Function, path and name of the part of an answer that the check looked at."""
    for seen in islice(evidence, _SEARCHED):
        yours, right = _answers(seen, reference)
        for path in yours.keys() & right.keys() if yours and right else ():
            if compared is None:
                if yours[path].shape != right[path].shape:
                    return seen.call.function, path, _name(path)
            elif _is(yours[path], compared.yours, 0.0, compared) and _is(
                right[path], compared.expected, 1e-4, compared
            ):
                return seen.call.function, path, compared.name
    return None


def _is(part: Floats, shown: tuple[float, ...], relative: float, compared: Comparison) -> bool:
    if part.shape != compared.shape:
        return False
    start = part.ravel()[: len(shown)]
    return bool(np.allclose(start, shown, rtol=relative, atol=relative / 100))


def _name(path: Path) -> str:
    keys = [each for each in path if isinstance(each, str)]
    return keys[-1] if keys else "answer"


def _answers(seen: Seen, reference: Functions) -> tuple[dict[Path, Floats], dict[Path, Floats]]:
    gave = run(reference, seen.call)
    if gave is None or gave.image is None or seen.gave.image is None:
        return {}, {}
    try:
        return dict(_parts(seen.answer[0])), dict(_parts(answer_in(gave)[0]))
    except codec.Malformed:
        return {}, {}


def _parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Floats]]:
    """Every number and array in a value, with the way to it."""
    if isinstance(value, bool | int | float | np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind in "biuf" and array.size <= _LARGEST:
            yield path, array.astype(np.float64)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(item, (*path, key))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _parts(item, (*path, place))


def _pairs(
    path: Path, calls: Iterable[Seen], reference: Functions, names: Names
) -> tuple[Pair, ...] | None:
    """The quantity in each of these calls; None where it is not always there."""
    pairs = []
    for seen in calls:
        yours, right = _answers(seen, reference)
        if path not in yours or path not in right:
            return None
        if not (np.isfinite(yours[path]).all() and np.isfinite(right[path]).all()):
            return None
        arguments = _arguments(seen.call, names(seen.call.function))
        answer = {_name(other): part for other, part in right.items() if other != path}
        pairs.append(Pair(yours[path], right[path], answer | arguments, tuple(arguments)))
    return tuple(pairs)


def _arguments(call: Call, names: tuple[str, ...]) -> dict[str, Floats]:
    """The arguments that are numbers; those in a dictionary by their own names."""
    args, kwargs = arguments_of(call)
    given = dict(zip(names, args, strict=False)) | kwargs
    return {
        str(next((key for key in reversed(path) if isinstance(key, str)), "")): part
        for path, part in _parts(given)
        if not any(isinstance(key, int) for key in path)
    }


def _compared(name: str, ran: Sequence[Ran]) -> Iterator[Pair]:
    """What the check itself compared in the examples that ran, where it is no part of an answer."""
    for _, error in ran:
        comparisons: tuple[Comparison, ...] = getattr(error, "comparisons", ())
        for each in comparisons:
            if each.name == name and len(each.yours) == int(np.prod(each.shape)):
                yours, right = (np.reshape(v, each.shape) for v in (each.yours, each.expected))
                yield Pair(yours, right)
