"""Bytes to values; nothing in the bytes is trusted."""

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from .layout import (
    COMPLEX,
    COUNT,
    DEPTH,
    DTYPES,
    FLOAT,
    INT,
    ITEMS,
    LIMIT,
    SHAPES,
    SLACK,
    Generator,
    Handle,
    Malformed,
    OwnFunction,
    extent,
)


def decode(buffer: bytes | bytearray | memoryview, to_worker: bool = False) -> Any:
    """The value that `encode` was given; arrays come out as writable copies.

    Args:
        buffer: bytes from anywhere; nothing in them is trusted.
        to_worker: build Handle, OwnFunction and Generator, which are malformed otherwise.

    Raises:
        Malformed: for bytes that no `encode` wrote.
    """
    decoder = _Decoder(buffer, to_worker)
    try:
        value = decoder.take_value(0)
    except (IndexError, KeyError, struct.error, UnicodeDecodeError):
        # Past the end of the bytes, or of a table: tags, dtypes, shapes and fixed sizes are read
        # without asking first, because nearly all bytes are right.
        raise Malformed("the bytes end too early, or hold an unknown tag, dtype or text") from None
    if decoder.at != decoder.end:
        raise Malformed("bytes are left over")
    return value


class _Decoder:
    __slots__ = ("at", "end", "items", "to_worker", "view")

    def __init__(self, buffer: bytes | bytearray | memoryview, to_worker: bool) -> None:
        self.view = memoryview(buffer)
        self.at = 0
        self.end = len(self.view)
        self.items = ITEMS + SLACK
        self.to_worker = to_worker

    def take_value(self, depth: int) -> Any:
        at = self.at
        self.at = at + 1
        return _READERS[self.view[at]](self, depth)

    def take_count(self) -> int:
        at = self.at
        self.at = at + 4
        count: int = COUNT.unpack_from(self.view, at)[0]
        return count

    def take_bytes(self) -> memoryview:
        size = self.take_count()
        start = self.at
        if size > self.end - start:  # a slice would just be shorter
            raise Malformed("the bytes end too early")
        self.at = start + size
        return self.view[start : start + size]

    def enter(self, depth: int) -> int:
        count = self.take_count()
        self.items -= count
        if depth >= DEPTH + SLACK or self.items < 0 or count > self.end - self.at:
            raise Malformed("too deep or too many items")
        return count

    def trusted(self) -> None:
        if not self.to_worker:
            raise Malformed("a value that travels only to the worker")


def _take_int(decoder: _Decoder, _depth: int) -> int:
    at = decoder.at
    decoder.at = at + 8
    value: int = INT.unpack_from(decoder.view, at)[0]
    return value


def _take_float(decoder: _Decoder, _depth: int) -> float:
    at = decoder.at
    decoder.at = at + 8
    value: float = FLOAT.unpack_from(decoder.view, at)[0]
    return value


def _take_complex(decoder: _Decoder, _depth: int) -> complex:
    at = decoder.at
    decoder.at = at + 16
    return complex(*COMPLEX.unpack_from(decoder.view, at))


def _take_text(decoder: _Decoder, _depth: int) -> str:
    return str(decoder.take_bytes(), "utf-8")


def _take_list(decoder: _Decoder, depth: int) -> list[Any]:
    below = depth + 1
    return [decoder.take_value(below) for _ in range(decoder.enter(depth))]


def _take_tuple(decoder: _Decoder, depth: int) -> tuple[Any, ...]:
    return tuple(_take_list(decoder, depth))


def _take_dict(decoder: _Decoder, depth: int) -> dict[Any, Any]:
    count = decoder.enter(depth)
    below = depth + 1
    result: dict[Any, Any] = {}
    for _ in range(count):
        key = decoder.take_value(below)
        if type(key) is not str and type(key) is not int:
            raise Malformed("a key that is neither text nor int")
        result[key] = decoder.take_value(below)
    if len(result) != count:
        raise Malformed("a key that comes twice")
    return result


def _take_items(
    decoder: _Decoder, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> np.ndarray[Any, Any]:
    size = math.prod(shape) * dtype.itemsize  # Python's integers: no overflow
    if not size and extent(shape) * dtype.itemsize > LIMIT:
        raise Malformed("an empty array of a gigantic shape")
    start = decoder.at
    if size > decoder.end - start:
        raise Malformed("the bytes end too early")
    decoder.at = start + size
    if dtype.kind == "b":  # a byte other than 0 and 1 is no bool: make it one
        return np.ndarray(shape, np.uint8, decoder.view, start).astype(bool)
    return np.ndarray(shape, dtype, decoder.view, start).copy()


def _take_scalar(decoder: _Decoder, _depth: int) -> Any:
    at = decoder.at
    decoder.at = at + 1
    return _take_items(decoder, DTYPES[decoder.view[at]], ())[()]


def _take_array(decoder: _Decoder, _depth: int) -> np.ndarray[Any, Any]:
    at, view = decoder.at, decoder.view
    ndim = view[at + 1]
    shape = SHAPES[ndim].unpack_from(view, at + 2)
    decoder.at = at + 2 + 8 * ndim
    return _take_items(decoder, DTYPES[view[at]], shape)


def _take_handle(decoder: _Decoder, _depth: int) -> Handle:
    decoder.trusted()
    return Handle(decoder.take_count())


def _take_own(decoder: _Decoder, depth: int) -> OwnFunction:
    decoder.trusted()
    name = decoder.take_value(depth + 1)
    if type(name) is not str:
        raise Malformed("a function's name that is not text")
    return OwnFunction(name)


def _take_generator(decoder: _Decoder, depth: int) -> Generator:
    decoder.trusted()
    return Generator(_take_int(decoder, depth))


_READERS: dict[int, Callable[[_Decoder, int], Any]] = {
    ord("N"): lambda _decoder, _depth: None,
    ord("T"): lambda _decoder, _depth: True,
    ord("F"): lambda _decoder, _depth: False,
    ord("i"): _take_int,
    ord("f"): _take_float,
    ord("c"): _take_complex,
    ord("s"): _take_text,
    ord("b"): lambda decoder, _depth: bytes(decoder.take_bytes()),
    ord("l"): _take_list,
    ord("t"): _take_tuple,
    ord("d"): _take_dict,
    ord("n"): _take_scalar,
    ord("a"): _take_array,
    ord("H"): _take_handle,
    ord("O"): _take_own,
    ord("G"): _take_generator,
}
