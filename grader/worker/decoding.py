"""Bytes to values; nothing in the bytes is trusted."""

import math
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy import ndarray

from .layout import (
    ALIGN,
    COMPLEX,
    COUNT,
    DEPTH,
    DTYPES,
    FLOAT,
    HEADS,
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

_AS_BOOL = bytes([0]) + bytes([1]) * 255
_BOOL = np.dtype(bool)
_ARRAY, _PADDED = ord("a"), ord("_")
_KEYED = struct.Struct("<II")


def decode(data: bytes | bytearray | memoryview, to_worker: bool = False) -> Any:
    """The value that `encode` was given.

    Arrays are writable. Those of one value share a copy of the bytes, which nobody else has.

    Args:
        data: bytes from anywhere; nothing in them is trusted.
        to_worker: build Handle, OwnFunction and Generator, which are malformed otherwise.

    Raises:
        Malformed: for bytes that no `encode` wrote.
    """
    return Decoder(data, to_worker).whole()


class Decoder:
    """Reads one value.

    Attributes:
        buffer: a copy of the bytes; the items of all arrays lie in it.
        stands: whether there was a Handle, an OwnFunction or a Generator.
        arrays: to the worker only: all of them, with dtype and shape.
        lists: to the worker only: with what is in them.
        dicts: to the worker only: with their keys and values.
    """

    __slots__ = (
        "arrays",
        "at",
        "buffer",
        "data",
        "dicts",
        "end",
        "items",
        "lists",
        "stands",
        "to_worker",
    )

    def __init__(self, data: bytes | bytearray | memoryview, to_worker: bool) -> None:
        self.data = bytes(data)
        self.buffer = bytearray(data)
        self.at = 0
        self.end = len(self.data)
        self.items = ITEMS + SLACK
        self.to_worker = to_worker
        self.stands = False
        self.arrays: list[tuple[np.ndarray[Any, Any], np.dtype[Any], tuple[int, ...]]] = []
        self.lists: list[tuple[list[Any], tuple[Any, ...]]] = []
        self.dicts: list[tuple[dict[Any, Any], list[Any], list[Any]]] = []

    def whole(self) -> Any:
        """The value, which takes all of the bytes; raises Malformed."""
        try:
            value = self.take_value(0)
        except (IndexError, KeyError, struct.error, UnicodeDecodeError):
            # Past the end of the bytes, or of a table: tags, dtypes, shapes and fixed sizes are
            # read without asking first, because nearly all bytes are right.
            raise Malformed(
                "the bytes end too early, or hold an unknown tag, dtype or text"
            ) from None
        if self.at != self.end:
            raise Malformed("bytes are left over")
        return value

    def take_value(self, depth: int) -> Any:
        """The next value."""
        at = self.at
        self.at = at + 1
        return _READERS[self.data[at]](self, depth)

    def take_values(self, count: int, depth: int) -> list[Any]:
        """So many; arrays, which most are, are read in here: a call costs as much as one."""
        data, buffer, at, values = self.data, self.buffer, self.at, []
        for _ in range(count):
            tag = data[at]
            if tag != _ARRAY:
                self.at = at + 1
                values.append(_READERS[tag](self, depth))
                at = self.at
                continue
            start = at + 3 + 4 * data[at + 2]
            dtype, shape, size = _head(data[at + 1 : start])
            start += -start % ALIGN
            at = start + size
            if at > self.end or dtype is _BOOL:
                self.check_items(dtype, start, at)
            values.append(array := ndarray(shape, dtype, buffer, start))
            if self.to_worker:
                self.arrays.append((array, dtype, shape))
        self.at = at
        return values

    def check_items(self, dtype: np.dtype[Any], start: int, stop: int) -> None:
        """See that they are there, and make what is neither False nor True the latter."""
        if stop > self.end:
            raise Malformed("the bytes end too early")
        if dtype is _BOOL:
            self.buffer[start:stop] = self.buffer[start:stop].translate(_AS_BOOL)

    def take_count(self) -> int:
        """A length or a count."""
        at = self.at
        self.at = at + 4
        count: int = COUNT.unpack_from(self.data, at)[0]
        return count

    def take_bytes(self, size: int) -> bytes:
        """So many bytes."""
        start = self.at
        if size > self.end - start:  # a slice would just be shorter
            raise Malformed("the bytes end too early")
        self.at = start + size
        return self.data[start : start + size]

    def enter(self, count: int, depth: int) -> None:
        """Go into a container of so many items."""
        self.items -= count
        if depth >= DEPTH + SLACK or self.items < 0 or count > self.end - self.at:
            raise Malformed("too deep or too many items")

    def stand_in(self) -> None:
        """Note one of the values that stand for something else."""
        if not self.to_worker:
            raise Malformed("a value that travels only to the worker")
        self.stands = True


def _take_int(decoder: Decoder, _depth: int) -> int:
    at = decoder.at
    decoder.at = at + 8
    value: int = INT.unpack_from(decoder.data, at)[0]
    return value


def _take_float(decoder: Decoder, _depth: int) -> float:
    at = decoder.at
    decoder.at = at + 8
    value: float = FLOAT.unpack_from(decoder.data, at)[0]
    return value


def _take_complex(decoder: Decoder, _depth: int) -> complex:
    at = decoder.at
    decoder.at = at + 16
    return complex(*COMPLEX.unpack_from(decoder.data, at))


def _take_text(decoder: Decoder, _depth: int) -> str:
    return decoder.take_bytes(decoder.take_count()).decode()


def _take_bytes(decoder: Decoder, _depth: int) -> bytes:
    return decoder.take_bytes(decoder.take_count())


def _take_list(decoder: Decoder, depth: int) -> list[Any]:
    count = decoder.take_count()
    decoder.enter(count, depth)
    values = decoder.take_values(count, depth + 1)
    if decoder.to_worker:
        decoder.lists.append((values, tuple(values)))
    return values


def _take_tuple(decoder: Decoder, depth: int) -> tuple[Any, ...]:
    count = decoder.take_count()
    decoder.enter(count, depth)
    return tuple(decoder.take_values(count, depth + 1))


def _take_dict(decoder: Decoder, depth: int) -> dict[str, Any]:
    at = decoder.at
    count, size = _KEYED.unpack_from(decoder.data, at)
    decoder.at = at + 8
    decoder.enter(count, depth)
    text = decoder.take_bytes(size).decode()
    keys = text.split("\0", count) if count else []
    if len(keys) != count:
        raise Malformed("more or fewer keys than values")
    return _dict(decoder, keys, decoder.take_values(count, depth + 1))


def _take_pairs(decoder: Decoder, depth: int) -> dict[Any, Any]:
    count = decoder.take_count()
    decoder.enter(2 * count, depth)
    both = decoder.take_values(2 * count, depth + 1)
    keys = both[::2]
    if not set(map(type, keys)) <= {str, int}:
        raise Malformed("a key that is neither text nor int")
    return _dict(decoder, keys, both[1::2])


def _dict(decoder: Decoder, keys: list[Any], values: list[Any]) -> dict[Any, Any]:
    result = dict(zip(keys, values, strict=True))
    if len(result) != len(keys):
        raise Malformed("a key that comes twice")
    if decoder.to_worker:
        decoder.dicts.append((result, keys, values))
    return result


def _take_scalar(decoder: Decoder, _depth: int) -> Any:
    start = decoder.at + 1
    dtype = DTYPES[decoder.data[start - 1]]
    decoder.at = start + dtype.itemsize
    decoder.check_items(dtype, start, decoder.at)
    return ndarray((), dtype, decoder.buffer, start)[()]


def _take_array(decoder: Decoder, depth: int) -> Any:
    decoder.at -= 1
    return decoder.take_values(1, depth)[0]


@lru_cache(HEADS)
def _head(head: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Dtype, shape and size in bytes of the array whose head this is."""
    dtype = DTYPES[head[0]]
    shape = SHAPES[head[1]].unpack(head[2:])
    if extent(shape) * dtype.itemsize > LIMIT:  # Python's integers: no overflow
        raise Malformed("an array of a gigantic shape")
    return dtype, shape, math.prod(shape) * dtype.itemsize


def _take_padded(decoder: Decoder, depth: int) -> Any:
    decoder.at += -decoder.at % ALIGN
    if decoder.data[decoder.at] == _PADDED:
        raise Malformed("padding after padding")
    return decoder.take_value(depth)


def _take_handle(decoder: Decoder, _depth: int) -> Handle:
    decoder.stand_in()
    return Handle(decoder.take_count())


def _take_own(decoder: Decoder, depth: int) -> OwnFunction:
    decoder.stand_in()
    return OwnFunction(_take_text(decoder, depth))


def _take_generator(decoder: Decoder, depth: int) -> Generator:
    decoder.stand_in()
    return Generator(_take_int(decoder, depth))


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord("N"): lambda _decoder, _depth: None,
    ord("T"): lambda _decoder, _depth: True,
    ord("F"): lambda _decoder, _depth: False,
    ord("i"): _take_int,
    ord("f"): _take_float,
    ord("c"): _take_complex,
    ord("s"): _take_text,
    ord("b"): _take_bytes,
    ord("l"): _take_list,
    ord("t"): _take_tuple,
    ord("d"): _take_dict,
    ord("D"): _take_pairs,
    ord("n"): _take_scalar,
    _ARRAY: _take_array,
    ord("H"): _take_handle,
    ord("O"): _take_own,
    ord("G"): _take_generator,
    _PADDED: _take_padded,
}
