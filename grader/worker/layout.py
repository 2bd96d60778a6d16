"""The layout of values as bytes: bounds, dtypes, and the types that only the codec knows.

A value is a tag of one byte and what follows from it; all numbers are little-endian.

    N T F     None, True, False
    i f c     int of 64 bits, float, complex
    s b       str in UTF-8, bytes: length, then the bytes
    l t       list, tuple: count, then the items
    d         dict of texts: count; length of the keys, which stand between zero bytes; the values
    D         any other dict: count, then key, value, key, value
    n         numpy scalar: dtype, item
    a         array: dtype, dimensions, shape, zeros up to a multiple of 16, items in C order
    H O G     Handle, OwnFunction, Generator: to the worker only
    _         zeros up to a multiple of 16, then a value

Multiples are of the distance from the first byte of the whole, so that an array can be used where
it lies: numpy aligns its own memory to 16 bytes, too.
"""

import math
from dataclasses import dataclass
from struct import Struct

import numpy as np

LIMIT = 2**24  # bytes of one value, and of one frame
DEPTH = 32  # of containers, and dimensions of an array
ITEMS = 100_000
SLACK = 64  # levels and items that a frame may add around a value

DTYPES = tuple(
    np.dtype(code)
    for code in "|b1 |i1 <i2 <i4 <i8 |u1 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16".split()  # noqa: SIM905
)
CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
COUNT, INT, FLOAT, COMPLEX = Struct("<I"), Struct("<q"), Struct("<d"), Struct("<dd")
SHAPES = tuple(Struct(f"<{n}I") for n in range(DEPTH + 1))
ALIGN = 16
HEADS = 4096  # of arrays that are remembered: most calls have the same few shapes


class Refused(Exception):
    """A value that cannot be sent; the message says where in it what was found."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path: list[str] = []  # innermost first
        self.index = 0  # in the container that is being written


class Malformed(Exception):
    """Bytes that no `encode` wrote."""


@dataclass(frozen=True, slots=True)
class Handle:
    """A callable of the trusted side; the worker makes a function of it that calls back."""

    index: int


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """The student's own function of that name in the opened module."""

    name: str


@dataclass(frozen=True, slots=True)
class Generator:
    """`np.random.default_rng(seed)`."""

    seed: int


def extent(shape: tuple[int, ...]) -> int:
    """The product of the sides that are not zero: an empty array may still claim 2**60 rows."""
    return math.prod(shape) or math.prod(side or 1 for side in shape)
