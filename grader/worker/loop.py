"""Answers frames, strictly one at a time, until the pipe closes.

Student code shares this process and may do anything to it. That is accepted: there is nothing
here to find or to forge but the student's own answers.
"""

import io
import sys
import warnings
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import numpy as np

from . import encoding, failures, seeding, standins
from .arguments import Arguments
from .codec import LIMIT, Handle, Malformed, Refused, decode, encode, encode_answer
from .frames import Channel, Closed, Kind
from .namespace import Opened, Program

# Names that older numpys had and that coursework still uses.
_OLD_NAMES: dict[str, Any] = {
    "int": int,
    "float": float,
    "bool": bool,
    "object": object,
    "complex": complex,
    "str": str,
    "float_": np.float64,
    "complex_": np.complex128,
    "Inf": np.inf,
    "infty": np.inf,
    "NaN": np.nan,
    "NAN": np.nan,
    "product": np.prod,
    "cumproduct": np.cumprod,
    "sometrue": np.any,
    "alltrue": np.all,
    "row_stack": np.vstack,
}


class _Sink(io.TextIOBase):
    """Where student code prints to."""

    def write(self, text: str) -> int:
        return len(text)


def serve(read_fd: int, write_fd: int) -> None:
    """Answer requests until the pipe closes or something comes that is no request."""
    _prepare()
    worker = _Worker(Channel(read_fd, write_fd))
    try:
        while True:
            worker.answer_next()
    except (Closed, Malformed):
        return


def _prepare() -> None:
    sys.stdout = sys.stderr = _Sink()
    sys.stdin = io.StringIO()  # input() raises EOFError
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    seeding.install()
    encoding.reasons[standins.StandIn] = standins.StandIn.why
    for name, value in _OLD_NAMES.items():
        if name not in vars(np):
            setattr(np, name, value)


class _Worker:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._program = Program([], {})
        self._opened = Opened()
        self._callbacks = 0  # that a call may make
        self._handlers: dict[int, Callable[[int, bytes], tuple[Kind, bytes | bytearray]]] = {
            Kind.SOURCES: self._sources,
            Kind.OPEN: self._open,
            Kind.CALL: self._call,
        }

    def answer_next(self) -> None:
        number, kind, payload = self._channel.read()
        handler = self._handlers.get(kind)
        if handler is None:
            self._channel.close()
        reply, data = handler(number, payload)
        if len(data) > LIMIT:
            reply, data = Kind.REFUSED, encode({"message": "the answer is larger than 16 MiB"})
        self._channel.write(number, reply, data)

    def _sources(self, _number: int, payload: bytes) -> tuple[Kind, bytes]:
        request = decode(payload)
        self._program = Program(
            request["files"], request["helpers"], request.get("packages", ("numpy",))
        )
        self._opened = Opened()
        self._callbacks = request["callbacks"]
        return Kind.READY, encode(None)

    def _open(self, _number: int, payload: bytes) -> tuple[Kind, bytes]:
        request = decode(payload)
        seeding.seed(0)
        with np.errstate(all="ignore"):
            self._opened = self._program.open(request["exercise"], tuple(request["functions"]))
        return Kind.READY, encode(self._opened.report())

    def _call(self, number: int, payload: bytes) -> tuple[Kind, bytes | bytearray]:
        arguments = Arguments(payload)
        try:
            return Kind.ANSWER, self._answer(number, arguments)
        except Refused as refused:
            sentence = failures.safe(refused.__str__, "the answer cannot be graded")
            return Kind.REFUSED, encode({"message": sentence})
        except (Closed, Malformed):
            raise
        except BaseException as error:  # whatever the student's code raises, SystemExit too
            return Kind.RAISED, encode(failures.here(error, self._program.lines))

    def _answer(self, number: int, arguments: Arguments) -> bytearray:
        function = self._opened.function(arguments.function)
        calls = _Calls(self._channel, number, self._callbacks)
        args, kwargs = arguments.given(calls.function, self._opened.function)
        seeding.seed(arguments.seed)
        try:
            # What a function sets, np.seterr for one, it sets for itself: the copy ends with it.
            value = copy_context().run(function, *args, **kwargs)
        finally:
            calls.over = True
        return encode_answer(value, arguments.changed())


class _Calls:
    """The calls back of one call: counted, and impossible when it is over."""

    def __init__(self, channel: Channel, number: int, limit: int) -> None:
        self._channel = channel
        self._number = number
        self._left = limit
        self.over = False

    def function(self, handle: Handle) -> Callable[..., Any]:
        def f(*args: Any) -> Any:
            return self._make(handle.index, args)

        return f

    def _make(self, index: int, args: tuple[Any, ...]) -> Any:
        if self.over:
            raise RuntimeError("the function that was passed in is called after the call is over")
        if not self._left:
            raise RuntimeError("the function that was passed in is called too often")
        self._left -= 1
        try:
            data = encode({"handle": index, "args": args}, "what the function is called with")
        except Refused as refused:
            raise TypeError(str(refused)) from None
        self._channel.write(self._number, Kind.CALLBACK, data)
        return self._result()

    def _result(self) -> Any:
        number, kind, payload = self._channel.read()
        if number != self._number or kind != Kind.RESULT:
            self._channel.close()
        result = decode(payload)
        if "error" in result:
            raise RuntimeError("the function that was passed in failed")
        return result["value"]
