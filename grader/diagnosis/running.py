"""Runs a function that we trust on a call, just as a worker runs a student's.

The references' mistakes are the course's own, but a mistake may loop or fill the memory, so each
call is bounded.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from grader.checks.calls import Call, answer_callback
from grader.checks.wire import payload_of
from grader.worker import codec, seeding
from grader.worker.arguments import Arguments

SECONDS = 1.0  # of processor time for one call
_MOST_CALLBACKS = 10_000


class _TooLong(BaseException):
    """The time of a call is over; no function may catch it by accident."""


@dataclass(frozen=True, slots=True)
class Gave:
    """What a function did.

    Attributes:
        image: the codec bytes of answer and changes, None where it raised.
        raised: class and message of its exception.
    """

    image: bytes | None
    raised: tuple[str, str] | None = None


@contextmanager
def bounded() -> Iterator[None]:
    """Let calls be made that end in time; restores what was set before."""

    def over(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, over)
    try:
        with seeding.borrowed():
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(functions: dict[str, Any], call: Call, seed: int | None = None) -> Gave | None:
    """Make one call, inside `bounded`; None where it comes to no end, or to nothing usable.

    Args:
        functions: of a module, by name.
        seed: another than the call's, as if the function set it first.
    """
    try:
        arguments = Arguments(payload_of(call))
        args, kwargs = arguments.given(_callbacks(call), lambda name: functions[name])
        function = functions[call.function]
        seeding.seed(call.seed if seed is None else seed)
        return _made(function, args, kwargs, arguments)
    except (KeyError, codec.Refused, _TooLong):
        return None


def effort(functions: dict[str, Any], call: Call) -> int:
    """How many functions a call leads to, numpy's among them; inside `bounded`."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        run(functions, call)
    finally:
        sys.setprofile(None)
    return steps


def _made(function: Any, args: Any, kwargs: Any, arguments: Arguments) -> Gave | None:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        value = function(*args, **kwargs)
    except (MemoryError, NotImplementedError, codec.Malformed):
        return None
    except (Exception, SystemExit) as error:
        return Gave(None, (type(error).__name__, _text(error)))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Gave(bytes(codec.encode_answer(value, arguments.changed())))


def _text(error: BaseException) -> str:
    with suppress(Exception):
        return str(error)[:500]
    return ""


def _callbacks(call: Call) -> Callable[[codec.Handle], Callable[..., Any]]:
    left = [_MOST_CALLBACKS]

    def function(handle: codec.Handle) -> Callable[..., Any]:
        def f(*args: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise RuntimeError("the function that was passed in is called too often")
            try:
                return answer_callback(call.callbacks[handle.index], args)
            except Exception:
                raise RuntimeError("the function that was passed in failed") from None

        return f

    return function
