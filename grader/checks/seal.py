"""A digest in front of bytes that are kept, to tell damage from data. It proves no origin."""

import hashlib

_SIZE = 32


def sealed(data: bytes) -> bytes:
    """The data behind its digest."""
    return hashlib.sha256(data).digest() + data


def unsealed(data: bytes) -> bytes | None:
    """The data, None where the digest does not fit."""
    digest, rest = data[:_SIZE], data[_SIZE:]
    return rest if hashlib.sha256(rest).digest() == digest else None
