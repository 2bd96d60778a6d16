"""Frames over two pipes: a header, then one value in the codec."""

import os
from enum import IntEnum
from struct import Struct
from typing import NoReturn

from .layout import LIMIT

HEADER = Struct("<IQB")  # length of the payload, id of the call, kind


class Kind(IntEnum):
    """What a frame says; a reply carries the id of its request."""

    SOURCES = 1
    OPEN = 2
    CALL = 3
    RESULT = 4  # of a callback
    READY = 17
    ANSWER = 18
    RAISED = 19
    REFUSED = 20
    CALLBACK = 21


class Closed(Exception):
    """The other side has gone, or what it sent is no frame."""


class Channel:
    """The worker's two ends. It reads one frame and no byte more: calls wait in the pipe."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self.broken = False

    def read(self) -> tuple[int, int, bytes]:
        """Call id, kind and payload of the next frame.

        Raises:
            Closed: when the pipe ends, or announces more than a frame may hold.
        """
        length, number, kind = HEADER.unpack(self._exactly(HEADER.size))
        if length > LIMIT:
            self.close()
        return number, kind, self._exactly(length)

    def write(self, number: int, kind: Kind, payload: bytes | bytearray) -> None:
        """Send one frame whole."""
        if self.broken:
            self.close()
        data = HEADER.pack(len(payload), number, kind) + payload
        sent = self._write(data)
        while sent < len(data):
            sent += self._write(memoryview(data)[sent:])

    def _write(self, data: bytes | memoryview) -> int:
        try:
            return os.write(self._write_fd, data)
        except OSError:
            self.close()

    def close(self) -> NoReturn:
        """Nothing more comes or goes, even if a student's code swallows the exception."""
        self.broken = True
        raise Closed

    def _exactly(self, size: int) -> bytes:
        data = self._read(size)
        while len(data) < size:
            data += self._read(size - len(data))
        return data

    def _read(self, size: int) -> bytes:
        """Some of the bytes, at least one where any are wanted."""
        if self.broken:
            self.close()
        try:
            part = os.read(self._read_fd, size)
        except OSError:
            part = b""
        if size and not part:
            self.close()
        return part
