"""Values to bytes, for data only: types are looked up, never asked.

Nothing here runs a method of a value that a student made.
"""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from .layout import (
    CODES,
    COMPLEX,
    COUNT,
    DEPTH,
    DTYPES,
    FLOAT,
    INT,
    ITEMS,
    LIMIT,
    SHAPES,
    Generator,
    Handle,
    OwnFunction,
    Refused,
    extent,
)

reasons: dict[type, Callable[[Any], str]] = {}  # what to say of a type that is refused


def encode(value: object, subject: str = "the answer") -> bytes:
    """The value as bytes.

    Raises:
        Refused: for any other type, for what is too deep, too many or too large. Its sentence
            begins with the subject and the path to what was found.
    """
    encoder = _Encoder()
    try:
        encoder.put(value, 0)
    except Refused as refused:
        where = subject + "".join(reversed(refused.path))
        raise Refused(f"{where} {refused}") from None
    data = b"".join(encoder.parts)
    if len(data) > LIMIT:
        raise Refused(f"{subject} is larger than {LIMIT >> 20} MiB")
    return data


def encode_mapping(encoded: dict[str, bytes]) -> bytes:
    """A dict whose values are encoded already."""
    items = (_text_bytes(key) + value for key, value in encoded.items())
    return b"".join((b"d", COUNT.pack(len(encoded)), *items))


class _Encoder:
    __slots__ = ("items", "parts", "room")

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.items = ITEMS
        self.room = LIMIT

    def put(self, value: object, depth: int) -> None:
        writer = _WRITERS.get(type(value))
        if writer is None:
            raise Refused(_why(value))
        writer(self, value, depth)

    def reserve(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise Refused(f"makes the whole larger than {LIMIT >> 20} MiB")

    def enter(self, count: int, depth: int) -> None:
        if depth >= DEPTH:
            raise Refused(f"is nested more than {DEPTH} levels deep")
        self.items -= count
        if self.items < 0:
            raise Refused(f"makes more than {ITEMS:,} items in all")


def _why(value: object) -> str:
    kind = type(value)
    if kind in reasons:
        return reasons[kind](value)
    try:
        name = f"{kind.__module__}.{kind.__qualname__}"[:100].removeprefix("builtins.")
    except BaseException:  # a metaclass may answer anything
        name = "an unknown type"
    return (
        f"is of type {name}; only numbers, text, lists, tuples, dicts and numpy arrays "
        "of numbers can be graded"
    )


def _text_bytes(value: str) -> bytes:
    data = value.encode()
    return b"s" + COUNT.pack(len(data)) + data


def _put_none(encoder: _Encoder, _value: None, _depth: int) -> None:
    encoder.parts.append(b"N")


def _put_bool(encoder: _Encoder, value: bool, _depth: int) -> None:
    encoder.parts.append(b"T" if value else b"F")


def _put_int(encoder: _Encoder, value: int, _depth: int) -> None:
    try:
        encoder.parts.append(b"i" + INT.pack(value))
    except struct.error:
        raise Refused("is an integer of more than 64 bits") from None


def _put_float(encoder: _Encoder, value: float, _depth: int) -> None:
    encoder.parts.append(b"f" + FLOAT.pack(value))


def _put_complex(encoder: _Encoder, value: complex, _depth: int) -> None:
    encoder.parts.append(b"c" + COMPLEX.pack(value.real, value.imag))


def _put_str(encoder: _Encoder, value: str, _depth: int) -> None:
    encoder.reserve(len(value))
    try:
        data = _text_bytes(value)
    except UnicodeEncodeError:
        raise Refused("is text with a lone surrogate in it") from None
    encoder.reserve(len(data) - len(value))
    encoder.parts.append(data)


def _put_bytes(encoder: _Encoder, value: bytes, _depth: int) -> None:
    encoder.reserve(len(value))
    encoder.parts += (b"b", COUNT.pack(len(value)), value)


def _put_list(encoder: _Encoder, value: list[object], depth: int) -> None:
    _put_items(encoder, b"l", value, depth)


def _put_tuple(encoder: _Encoder, value: tuple[object, ...], depth: int) -> None:
    _put_items(encoder, b"t", value, depth)


def _put_items(
    encoder: _Encoder, tag: bytes, items: list[object] | tuple[object, ...], depth: int
) -> None:
    encoder.enter(len(items), depth)
    encoder.parts.append(tag + COUNT.pack(len(items)))
    index = 0
    try:
        for item in items:
            encoder.put(item, depth + 1)
            index += 1
    except Refused as refused:
        refused.path.append(f"[{index}]")
        raise


def _put_dict(encoder: _Encoder, value: dict[object, object], depth: int) -> None:
    encoder.enter(2 * len(value), depth)
    encoder.parts.append(b"d" + COUNT.pack(len(value)))
    key: object = None
    try:
        for key, item in value.items():
            if type(key) is not str and type(key) is not int:
                raise Refused(f"has a key that {_why(key)}")
            encoder.put(key, depth + 1)
            encoder.put(item, depth + 1)
    except Refused as refused:
        if type(key) is str or type(key) is int:
            refused.path.append(f"[{key!r:.60}]")
        raise


def _put_scalar(encoder: _Encoder, value: np.generic, _depth: int) -> None:
    encoder.parts.append(_SCALARS[type(value)] + value.tobytes())


def _put_array(encoder: _Encoder, value: np.ndarray[Any, Any], _depth: int) -> None:
    dtype = value.dtype
    code = CODES.get(dtype)
    if code is None:
        little = dtype.newbyteorder("<")
        code = CODES.get(little)
        if code is None:
            raise Refused(f"is an array of dtype {dtype!s:.60}, which cannot be graded")
        value = value.astype(little)
    shape, size = value.shape, value.nbytes
    ndim = len(shape)
    claimed = size or extent(shape) * dtype.itemsize  # an empty array may claim 2**60 rows
    if ndim > DEPTH or claimed > LIMIT:
        raise Refused(f"is an array of shape {shape!s:.60}, which is too large")
    encoder.reserve(size)
    encoder.parts.append(_HEADS[code][ndim] + SHAPES[ndim].pack(*shape) + value.tobytes())


def _put_handle(encoder: _Encoder, value: Handle, _depth: int) -> None:
    encoder.parts.append(b"H" + COUNT.pack(value.index))


def _put_own(encoder: _Encoder, value: OwnFunction, _depth: int) -> None:
    encoder.parts.append(b"O" + _text_bytes(value.name))


def _put_generator(encoder: _Encoder, value: Generator, _depth: int) -> None:
    encoder.parts.append(b"G" + INT.pack(value.seed))


_HEADS = [[b"a" + bytes((code, n)) for n in range(DEPTH + 1)] for code in range(len(DTYPES))]
_SCALARS = {dtype.type: b"n" + bytes([code]) for code, dtype in enumerate(DTYPES)}
_SCALARS[np.longlong] = _SCALARS[np.int64]  # a type of its own where long has 64 bits too
_SCALARS[np.ulonglong] = _SCALARS[np.uint64]

_WRITERS: dict[type, Callable[[_Encoder, Any, int], None]] = {
    type(None): _put_none,
    bool: _put_bool,
    int: _put_int,
    float: _put_float,
    complex: _put_complex,
    str: _put_str,
    bytes: _put_bytes,
    list: _put_list,
    tuple: _put_tuple,
    dict: _put_dict,
    np.ndarray: _put_array,
    Handle: _put_handle,
    OwnFunction: _put_own,
    Generator: _put_generator,
    **dict.fromkeys(_SCALARS, _put_scalar),
}
