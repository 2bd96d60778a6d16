"""Values as bytes and back: data only, of exact types, bounded in size, depth and count."""

from .decoding import decode
from .encoding import encode, encode_answer, encode_mapping
from .layout import LIMIT, Generator, Handle, Malformed, OwnFunction, Refused

__all__ = [
    "LIMIT",
    "Generator",
    "Handle",
    "Malformed",
    "OwnFunction",
    "Refused",
    "decode",
    "encode",
    "encode_answer",
    "encode_mapping",
]
