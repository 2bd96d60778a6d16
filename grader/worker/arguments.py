"""The arguments of one call: what the student's function gets, and whether it changed them."""

import contextlib
from collections.abc import Callable, Collection, Sequence
from operator import is_
from typing import Any

import numpy as np

from .decoding import Decoder
from .encoding import encode
from .layout import Generator, Handle, Malformed, OwnFunction, Refused

Place = int | str


class Arguments:
    """Those of a request.

    Args:
        payload: of the frame, which says `{"function": …, "seed": …, "arguments": (args, kwargs)}`.

    Raises:
        Malformed: it says something else.
    """

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._decoder = Decoder(payload, to_worker=True)
        try:
            request = self._decoder.whole()
            self.function: str = request["function"]
            self.seed: int = request["seed"]
            self._args, self._kwargs = request["arguments"]
        except (KeyError, TypeError, ValueError):
            raise Malformed("a request that is no call") from None

    def given(
        self, function: Callable[[Handle], Any], own: Callable[[str], Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the student's function gets; only whole arguments stand for something else.

        Args:
            function: makes a function that calls back.
            own: finds one of the student's own.
        """
        if not self._decoder.stands:
            return self._args, self._kwargs

        def resolved(value: Any) -> Any:
            if type(value) is Handle:
                return function(value)
            if type(value) is OwnFunction:
                return own(value.name)
            return np.random.default_rng(value.seed) if type(value) is Generator else value

        named = {name: resolved(value) for name, value in self._kwargs.items()}
        return tuple(map(resolved, self._args)), named

    def changed(self) -> list[Place]:
        """Positions and names of the arguments that are no longer what the frame says."""
        if self._untouched():
            return []
        was, named = Decoder(self._payload, to_worker=True).whole()["arguments"]
        places: list[Place] = [n for n, value in enumerate(self._args) if _differs(value, was[n])]
        return places + [name for name in named if _differs(self._kwargs[name], named[name])]

    def _untouched(self) -> bool:
        """Whether every object is the one that was made, and holds what it held then.

        The items of all arrays lie in the decoder's buffer, where no change escapes the
        comparison; an array with another base has its items elsewhere by now.
        """
        found = self._decoder
        if found.buffer != self._payload:
            return False
        buffer: object = found.buffer
        for array, dtype, shape in found.arrays:
            if array.dtype is not dtype or array.shape != shape:
                return False
            if array.base is not buffer or not array.flags.c_contiguous:
                return False
        for known, keys, values in found.dicts:
            if not _same(known, keys) or not _same(known.values(), values):
                return False
        return all(_same(known, values) for known, values in found.lists)


def _same(items: Collection[Any], before: Sequence[Any]) -> bool:
    """Whether they are the same objects: equal ones may be of other types."""
    return len(items) == len(before) and all(map(is_, items, before))


def _differs(value: Any, before: Any) -> bool:
    with contextlib.suppress(Refused):
        return encode(value) != encode(before)
    return True
