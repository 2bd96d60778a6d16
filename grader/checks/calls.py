"""From a check's `submission.f(x)` to a call: data only, seeded, counted per example.

Every mode of grading goes through here, so that a call has the same seed in all of them.
"""

import hashlib
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from grader.checks.bank import Recorded
from grader.kit.submission import Callback, Own, SeededGenerator
from grader.worker import codec


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a student function, on its way.

    Attributes:
        arguments: codec bytes of (args, kwargs); the check may change its own copies later.
        callbacks: what the handles in the arguments stand for, by index.
        seed: of every generator in the worker, from the check, the place of the call in its
            example and the arguments; below 2**32.
    """

    function: str
    arguments: bytes
    callbacks: tuple[Callback, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as data.

    Attributes:
        changed: positions and keywords of the arguments that the call changed in place.
    """

    value: Any
    changed: tuple[int | str, ...] = ()


class Target(Protocol):
    """Whatever holds the functions: a worker, or the reference."""

    def call(self, call: Call) -> Answer:
        """Run one call; raises StudentError or Leave."""
        ...


_REMEMBERED = 400  # calls of a callback

Trace = list[tuple[Call, Answer | None]]


class Session:
    """Sends the calls of a check to a target and remembers those of the running example.

    Attributes:
        trace: calls of the running example with their answers, None while there is none.
    """

    def __init__(self) -> None:
        self.trace: Trace = []
        self._check = ""
        self._target: Target | None = None
        self._foreseen: Sequence[Recorded] = ()
        self._calling = False

    def begin_check(self, check: str, target: Target) -> None:
        """Send the calls that follow to `target`; the check's name is part of every seed."""
        self._check = check
        self._target = target
        self.begin_example()

    def end_check(self) -> None:
        """Send no calls until the next check begins."""
        self._target = None

    def begin_example(self, foreseen: Sequence[Recorded] = ()) -> None:
        """Forget the calls of the example before.

        Args:
            foreseen: the calls that this one was led to before: they need not be made ready again.
        """
        self.trace = []
        self._foreseen = foreseen

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, tuple[int | str, ...]]:
        """Call a function of the target; the `Caller` of the kit's `Submission`.

        Raises:
            RuntimeError: no check is running, or it waits for the answer to another call.
        """
        if self._target is None or self._calling:
            raise RuntimeError(
                f"{function} was called by a fixture or a callback; call it in the check itself."
            )
        call = self._prepare(function, args, kwargs)
        self.trace.append((call, None))
        self._calling = True
        try:
            answer = self._target.call(call)
        finally:
            self._calling = False
        self.trace[-1] = (call, answer)
        return answer.value, answer.changed

    def _prepare(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        callbacks: list[Callback] = []
        if not _STAND_INS.isdisjoint(map(type, (*args, *kwargs.values()))):
            args = tuple(_as_data(value, callbacks) for value in args)
            kwargs = {key: _as_data(value, callbacks) for key, value in kwargs.items()}
        data = args, kwargs
        if (foreseen := self._as_foreseen(function, data)) is not None:
            return Call(function, foreseen.arguments, (), foreseen.seed)
        return self._ready(function, data, tuple(callbacks))

    def _ready(self, function: str, data: Any, callbacks: tuple[Callback, ...]) -> Call:
        arguments = codec.encode(data)
        place = f"{self._check}\0{len(self.trace)}\0{function}\0".encode()
        digest = hashlib.blake2b(place + arguments, digest_size=4).digest()
        return Call(function, arguments, callbacks, int.from_bytes(digest, "little"))

    def _as_foreseen(self, function: str, data: Any) -> Recorded | None:
        """What was foreseen at this place, if the arguments are the same.

        Those of an example's first call always are: nothing was answered yet that could change
        them, and a body that changes them by itself was found when the bank was rehearsed.
        """
        place = len(self.trace)
        if place >= len(self._foreseen):
            return None
        foreseen = self._foreseen[place]
        if not foreseen.fingerprint or foreseen.function != function:
            return None
        return foreseen if place == 0 or fingerprint(data) == foreseen.fingerprint else None


def fingerprint(data: Any) -> bytes:
    """What only equal arguments have in common; far cheaper than codec bytes.

    Equal arguments may well differ in it, where parts of them are one object in one and two in
    the other. Empty where there is none.
    """
    try:
        return hashlib.blake2b(pickle.dumps(data, protocol=5), digest_size=16).digest()
    except Exception:  # a function is among them, or what no frame can carry
        return b""


_STAND_INS = {Callback, Own, SeededGenerator}


def _as_data(value: Any, callbacks: list[Callback]) -> Any:
    if isinstance(value, Callback):
        callbacks.append(value)
        return codec.Handle(len(callbacks) - 1)
    if isinstance(value, Own):
        return codec.OwnFunction(value.name)
    if isinstance(value, SeededGenerator):
        return codec.Generator(value.seed)
    return value


def answer_callback(callback: Callback, args: Any) -> Any:
    """Run a callback on arguments that came from student code.

    Raises:
        ValueError: the arguments are not those that the check declared.
    """
    if type(args) is not tuple or len(args) != len(callback.takes):
        raise ValueError
    values = [_declared(value, shape) for value, shape in zip(args, callback.takes, strict=True)]
    result = callback.function(*values)
    if len(callback.asked) < _REMEMBERED:
        callback.asked.append((tuple(values), result))
    return result


def _declared(value: Any, shape: tuple[int, ...]) -> Any:
    if not isinstance(value, np.ndarray | np.number | float | int):
        raise ValueError
    array = np.asarray(value)
    if array.shape != shape or array.dtype.kind not in "iuf":
        raise ValueError
    return float(array) if shape == () else array.astype(np.float64)


Resolve = Callable[[Any], Any]


def arguments_of(call: Call, resolve: Resolve = lambda value: value) -> tuple[Any, dict[str, Any]]:
    """Decode the arguments again: fresh copies, with `resolve` applied to each."""
    args, kwargs = codec.decode(call.arguments, to_worker=True)
    return tuple(map(resolve, args)), {key: resolve(value) for key, value in kwargs.items()}
