"""What a submission answered, call by call, as a digest that decides an outcome once and for all.

Bit for bit the same answers have the same outcome, whoever gave them. So an outcome is kept by
the digest of the answers that led to it, and nothing of the submission is kept with it: no name,
no line, no source.
"""

import contextlib
import hashlib
import platform
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.checks.bank import cache_folder
from grader.checks.seal import sealed, unsealed
from grader.model import Status


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A call that was made because of earlier answers, concrete enough to be made again.

    Attributes:
        dialogue: what the function passed to callbacks, and what it got.
    """

    function: str
    arguments: bytes
    seed: int
    dialogue: tuple[tuple[bytes, bytes], ...] = ()


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """The outcome that a transcript leads to.

    Attributes:
        asked: calls that followed those of the bank, in order.
        answers: digest of the answers to them.
        raised: function, class and message of the exception that is the outcome, if one is;
            where it was raised is a matter of each submission.
    """

    status: Status
    message: str
    example: str | None
    raised: tuple[str, str, str] | None
    asked: tuple[Asked, ...]
    answers: bytes


_decoder = msgspec.msgpack.Decoder(Kept)


def digest(replies: Iterable[bytes]) -> bytes:
    """Digest of answers in order; each is what `replies.image` made of it."""
    whole = hashlib.blake2b(digest_size=20)
    for reply in replies:
        whole.update(len(reply).to_bytes(4, "little"))
        whole.update(reply)
    return whole.digest()


def machine() -> str:
    """What makes the same arithmetic give other last bits: the processor and its features."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features")):
                return platform.machine() + line
    return platform.machine() + platform.processor()


class Outcomes:
    """Kept outcomes, on the disk. A cache: what cannot be read is decided again.

    Args:
        key: of the bank.
    """

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(f"{key}\0{machine()}".encode()).hexdigest()[:32]
        self._new: list[tuple[bytes, bytes]] = []
        self._connection: sqlite3.Connection | None = None
        with contextlib.suppress(OSError, sqlite3.Error):
            self._connection = self._open()

    def find(self, item: str, transcript: bytes) -> list[Kept]:
        """Outcomes of this transcript; those of different further answers may be several."""
        if self._connection is None:
            return []
        try:
            rows = self._connection.execute(
                "SELECT kept FROM outcomes WHERE transcript = ?", (self._name(item, transcript),)
            ).fetchall()
            return [_decoder.decode(data) for (row,) in rows if (data := unsealed(row)) is not None]
        except (sqlite3.Error, msgspec.DecodeError):
            return []

    def keep(self, item: str, transcript: bytes, kept: Kept) -> None:
        """Remember an outcome; written with all others by `save`."""
        data = sealed(msgspec.msgpack.encode(kept))
        self._new.append((self._name(item, transcript), data))

    def save(self) -> None:
        """Write what is new, in one transaction."""
        if self._connection is not None and self._new:
            with contextlib.suppress(sqlite3.Error), self._connection:
                self._connection.executemany(
                    "INSERT OR IGNORE INTO outcomes VALUES (?, ?)", self._new
                )
        self._new = []

    def _name(self, item: str, transcript: bytes) -> bytes:
        return hashlib.blake2b(
            f"{self._key}\0{item}\0".encode() + transcript, digest_size=20
        ).digest()

    def _open(self) -> sqlite3.Connection:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "outcomes.sqlite3"
        try:
            return _connect(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # damaged: a cache is not worth mending
            return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS outcomes"
        " (transcript BLOB, kept BLOB, PRIMARY KEY (transcript, kept)) WITHOUT ROWID"
    )
    return connection
