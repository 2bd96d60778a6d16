"""The student's functions, as a check sees them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Callback:
    """A function of the check's that the student's function may call.

    Attributes:
        function: called with data that the worker sent, checked against `takes`.
        takes: shape of each argument; () is a float.
        asked: the arguments of its calls so far and what it gave, to be shown in an example.
    """

    function: Callable[..., Any]
    takes: tuple[Shape, ...]
    asked: list[tuple[tuple[Any, ...], Any]] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Own:
    """One of the student's own functions, to be passed by name to another."""

    name: str


@dataclass(frozen=True, slots=True)
class SeededGenerator:
    """A `numpy.random.Generator` with this seed, made where the function runs."""

    seed: int


def callback(function: Callable[..., Any], takes: list[Shape]) -> Callback:
    """Pass `function` to a student's function, which may call it with float64 arguments.

    Args:
        function: runs in the trusted process.
        takes: the shape of each argument; () for a float. Anything else that the student's
            code passes raises a ValueError there.
    """
    return Callback(function, tuple(takes))


def generator(seed: int) -> SeededGenerator:
    """Pass `np.random.default_rng(seed)` to a student's function."""
    return SeededGenerator(seed)


class Caller(Protocol):
    """Whatever can call the functions of one submission."""

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, tuple[int | str, ...]]:
        """Return the answer and the arguments that the call changed in place."""
        ...


# Hypothesis asks the first argument of a test for these.
_PROBED = {"hypothesis", "setup_example", "execute_example", "teardown_example"}


class Submission:
    """`submission.NAME(*args)` calls the student's function NAME in the worker.

    Arguments and answers are plain data (numbers, text, lists, tuples, dictionaries, numpy
    arrays); a check never touches an object that student code made.

    Attributes:
        changed: positions (or keywords) of the arguments that the last call changed in place.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.changed: tuple[int | str, ...] = ()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name in _PROBED:
            raise AttributeError(name)

        def remote(*args: Any, **kwargs: Any) -> Any:
            answer, self.changed = self._caller.call(name, args, kwargs)
            return answer

        remote.__name__ = name
        return remote

    def own(self, name: str) -> Own:
        """The student's own function `name`, as an argument for another of theirs."""
        return Own(name)

    def __repr__(self) -> str:
        return "submission"
