"""Values to bytes, for data only: types are looked up, never asked.

Nothing here runs a method of a value that a student made.
"""

import math
import struct
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from .layout import (
    ALIGN,
    CODES,
    DEPTH,
    DTYPES,
    HEADS,
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

_INT, _FLOAT, _COMPLEX = struct.Struct("<cq"), struct.Struct("<cd"), struct.Struct("<cdd")
_COUNTED, _KEYED = struct.Struct("<cI"), struct.Struct("<cII")
_PADDING = [bytes(-place % ALIGN) for place in range(ALIGN)]
_ONLY_TEXT = {str}
_FLAT = b"NTFifcsb"  # values with no array in them


def encode(value: object, subject: str = "the answer") -> bytes:
    """The value as bytes.

    Raises:
        Refused: for any other type, for what is too deep, too many or too large. Its sentence
            begins with the subject and the path to what was found.
    """
    encoder = _Encoder()
    encoder.put_whole(value, subject)
    return bytes(encoder.out)


def encode_mapping(encoded: dict[str, bytes]) -> bytes:
    """A dict whose values are encoded already, and whose keys hold no zero byte."""
    out = bytearray(_keys_of(list(encoded), "\0".join(encoded).encode()))
    for value in encoded.values():
        if value[0] not in _FLAT:
            out += b"_"
            out += _PADDING[len(out) % ALIGN]
        out += value
    return bytes(out)


def encode_answer(value: object, changed: list[int | str]) -> bytearray:
    """`{"value": value, "changed": changed}`, as deep as the value alone may be."""
    encoder = _Encoder()
    encoder.out += _ANSWER
    encoder.put_whole(value, "the answer")
    encoder.put_whole(changed, "the list of changes")
    return encoder.out


class _Encoder:
    __slots__ = ("items", "out")

    def __init__(self) -> None:
        self.out = bytearray()
        self.items = ITEMS

    def put_whole(self, value: object, subject: str) -> None:
        try:
            _WRITERS.get(type(value), _refuse)(self, value, 0)
        except Refused as refused:
            where = subject + "".join(reversed(refused.path))
            raise Refused(f"{where} {refused}") from None
        if len(self.out) > LIMIT:
            raise Refused(f"{subject} is larger than {LIMIT >> 20} MiB")

    def reserve(self, size: int) -> None:
        if size > LIMIT - len(self.out):
            raise Refused(f"makes the whole larger than {LIMIT >> 20} MiB")

    def enter(self, count: int, depth: int) -> None:
        if depth >= DEPTH:
            raise Refused(f"is nested more than {DEPTH} levels deep")
        self.items -= count
        if self.items < 0:
            raise Refused(f"makes more than {ITEMS:,} items in all")

    def put_all(self, items: Iterable[object], depth: int) -> None:
        """Write them, and say which one it was that could not be."""
        done = 0
        writer = _WRITERS.get
        try:
            for item in items:
                writer(type(item), _refuse)(self, item, depth)
                done += 1
        except Refused as refused:
            refused.index = done
            raise


def _refuse(_encoder: _Encoder, value: object, _depth: int) -> None:
    raise Refused(_why(value))


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


def _put_none(encoder: _Encoder, _value: None, _depth: int) -> None:
    encoder.out += b"N"


def _put_bool(encoder: _Encoder, value: bool, _depth: int) -> None:
    encoder.out += b"T" if value else b"F"


def _put_int(encoder: _Encoder, value: int, _depth: int) -> None:
    try:
        encoder.out += _INT.pack(b"i", value)
    except struct.error:
        raise Refused("is an integer of more than 64 bits") from None


def _put_float(encoder: _Encoder, value: float, _depth: int) -> None:
    encoder.out += _FLOAT.pack(b"f", value)


def _put_complex(encoder: _Encoder, value: complex, _depth: int) -> None:
    encoder.out += _COMPLEX.pack(b"c", value.real, value.imag)


def _put_str(encoder: _Encoder, value: str, _depth: int) -> None:
    encoder.reserve(len(value))
    try:
        data = value.encode()
    except UnicodeEncodeError:
        raise Refused("is text with a lone surrogate in it") from None
    encoder.reserve(len(data))
    encoder.out += _COUNTED.pack(b"s", len(data)) + data


def _put_bytes(encoder: _Encoder, value: bytes, _depth: int) -> None:
    encoder.reserve(len(value))
    encoder.out += _COUNTED.pack(b"b", len(value))
    encoder.out += value


def _put_list(encoder: _Encoder, value: list[object], depth: int) -> None:
    _put_items(encoder, b"l", value, depth)


def _put_tuple(encoder: _Encoder, value: tuple[object, ...], depth: int) -> None:
    _put_items(encoder, b"t", value, depth)


def _put_items(
    encoder: _Encoder, tag: bytes, items: list[object] | tuple[object, ...], depth: int
) -> None:
    encoder.enter(len(items), depth)
    encoder.out += _COUNTED.pack(tag, len(items))
    try:
        encoder.put_all(items, depth + 1)
    except Refused as refused:
        refused.path.append(f"[{refused.index}]")
        raise


def _put_dict(encoder: _Encoder, value: dict[object, object], depth: int) -> None:
    encoder.enter(2 * len(value), depth)
    keys = list(value)
    head = _text_keys(encoder, keys)
    try:
        if head is None:
            encoder.out += _COUNTED.pack(b"D", len(keys))
            _put_pairs(encoder, value, depth + 1)
        else:
            encoder.out += head
            encoder.put_all(value.values(), depth + 1)
    except Refused as refused:
        key = keys[refused.index]
        if type(key) is str or type(key) is int:
            refused.path.append(f"[{key!r:.60}]")
        raise


def _put_pairs(encoder: _Encoder, value: dict[object, object], depth: int) -> None:
    done = 0
    try:
        for key, item in value.items():
            if type(key) is not str and type(key) is not int:
                raise Refused(f"has a key that {_why(key)}")
            _WRITERS[type(key)](encoder, key, depth)
            _WRITERS.get(type(item), _refuse)(encoder, item, depth)
            done += 1
    except Refused as refused:
        refused.index = done
        raise


def _text_keys(encoder: _Encoder, keys: list[Any]) -> bytes | None:
    """The head of a dict whose keys are plain text, None where some are not."""
    if keys and set(map(type, keys)) != _ONLY_TEXT:
        return None
    text = "\0".join(keys)
    if text.count("\0") >= len(keys) > 0:
        return None
    encoder.reserve(len(text))
    try:
        return _keys_of(keys, text.encode())
    except UnicodeEncodeError:
        return None


def _keys_of(keys: list[str], text: bytes) -> bytes:
    return _KEYED.pack(b"d", len(keys), len(text)) + text


def _put_scalar(encoder: _Encoder, value: np.generic, _depth: int) -> None:
    encoder.out += _SCALARS[type(value)] + value.tobytes()


def _put_array(encoder: _Encoder, value: np.ndarray[Any, Any], _depth: int) -> None:
    heads, size, little = _heads(value.dtype, value.shape)
    out = encoder.out
    place = len(out)
    if size > LIMIT - place:
        encoder.reserve(size)
    out += heads[place % ALIGN]
    out += value.tobytes() if little is None else value.astype(little).tobytes()


@lru_cache(HEADS)
def _heads(
    dtype: np.dtype[Any], shape: tuple[int, ...]
) -> tuple[list[bytes], int, np.dtype[Any] | None]:
    """What stands before the items, for each place modulo `ALIGN`; how many bytes the items are;
    the dtype to turn them into, where they are not little-endian.
    """
    little = dtype if dtype in CODES else dtype.newbyteorder("<")
    if little not in CODES:
        raise Refused(f"is an array of dtype {dtype!s:.60}, which cannot be graded")
    ndim = len(shape)
    if ndim > DEPTH or extent(shape) * dtype.itemsize > LIMIT:
        raise Refused(f"is an array of shape {shape!s:.60}, which is too large")
    head = b"a" + bytes((CODES[little], ndim)) + SHAPES[ndim].pack(*shape)
    heads = [head + _PADDING[(place + len(head)) % ALIGN] for place in range(ALIGN)]
    return heads, math.prod(shape) * dtype.itemsize, None if dtype in CODES else little


def _put_handle(encoder: _Encoder, value: Handle, _depth: int) -> None:
    encoder.out += _COUNTED.pack(b"H", value.index)


def _put_own(encoder: _Encoder, value: OwnFunction, _depth: int) -> None:
    data = value.name.encode()
    encoder.out += _COUNTED.pack(b"O", len(data)) + data


def _put_generator(encoder: _Encoder, value: Generator, _depth: int) -> None:
    encoder.out += _INT.pack(b"G", value.seed)


_ANSWER = _keys_of(["value", "changed"], b"value\0changed")
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
