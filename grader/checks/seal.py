"""A digest in front of bytes that are kept, to tell damage from data. It proves no origin."""

import hashlib

_SIZE = 32


def sealed(name: str, data: bytes) -> bytes:
    """The data behind its digest, which is good for this name only."""
    return _digest(name, data) + data


def unsealed(name: str, data: bytes) -> bytes | None:
    """The data, None where the digest does not fit."""
    digest, rest = data[:_SIZE], data[_SIZE:]
    return rest if _digest(name, rest) == digest else None


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.sha256(f"{name}\0".encode() + data).digest()
