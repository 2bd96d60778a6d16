"""What a submission answered, call by call, as a digest that decides an outcome once and for all.

Bit for bit the same answers have the same outcome, whoever gave them. So an outcome is kept by
the digest of the answers that led to it, and nothing of the submission is kept with it: no name,
no line, no source.
"""

import contextlib
import hashlib
import platform
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.checks.bank import cache_folder
from grader.checks.seal import sealed, unsealed
from grader.model import Explanation, Status

DIGEST = 16  # bytes that stand for one answer
MOST_VARIANTS = 50  # of further answers that are compared before a check runs anew
MOST_BYTES = 512 * 2**20  # of all outcomes, above which the cache starts anew


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
        answers: `DIGEST` bytes for each of them.
        raised: function, class and message of the exception that is the outcome, if one is;
            where it was raised is a matter of each submission.
        place: of the call in `asked` that raised it.
        decisive: how many of `asked` decided it; those that follow were made for a small example.
    """

    status: Status
    message: str
    example: str | None
    raised: tuple[str, str, str] | None
    asked: tuple[Asked, ...]
    answers: bytes
    place: int = 0
    decisive: int = 0
    explanation: Explanation = Explanation()


_decoder = msgspec.msgpack.Decoder(Kept)


def digest(image: bytes) -> bytes:
    """What stands for an answer, of which `wire.image` made `image`."""
    return hashlib.blake2b(image, digest_size=DIGEST).digest()


def transcript(answers: Iterable[bytes]) -> bytes:
    """What stands for digested answers in order."""
    return digest(b"".join(answers))


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
        key: of the bank, and of what else outcomes depend on.
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
        name = self._name(item, transcript)
        try:
            rows = self._connection.execute(
                "SELECT kept FROM outcomes WHERE transcript = ? LIMIT ?", (name, MOST_VARIANTS)
            ).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []
        return [kept for (row,) in rows if (kept := _opened(name, row)) is not None]

    def keep(self, item: str, transcript: bytes, kept: Kept) -> None:
        """Remember an outcome; written with all others by `save`."""
        name = self._name(item, transcript)
        data = zlib.compress(msgspec.msgpack.encode(kept), 1)
        self._new.append((name, sealed(name.hex(), data)))

    def save(self) -> None:
        """Write what is new, in one transaction."""
        if self._connection is not None and self._new:
            try:
                with self._connection:
                    self._connection.executemany(
                        "INSERT OR IGNORE INTO outcomes VALUES (?, ?)", self._new
                    )
            except sqlite3.Error as error:
                self._give_up(error)
        self._new = []

    def close(self) -> None:
        """Use the file no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _name(self, item: str, transcript: bytes) -> bytes:
        return hashlib.blake2b(
            f"{self._key}\0{item}\0".encode() + transcript, digest_size=20
        ).digest()

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without; a damaged file makes room for a new one."""
        self.close()
        if _is_damage(error):
            with contextlib.suppress(OSError):
                _remove(_path())

    def _open(self) -> sqlite3.Connection:
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            _remove(path)
        try:
            return _connect(path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise  # locked, or not ours to write: others may be using it
            _remove(path)
            return _connect(path)


def _opened(name: bytes, row: bytes) -> Kept | None:
    try:
        data = unsealed(name.hex(), row)
        return None if data is None else _decoder.decode(zlib.decompress(data))
    except (TypeError, zlib.error, msgspec.DecodeError):
        return None


def _path() -> Path:
    return cache_folder() / "outcomes.sqlite3"


def _is_damage(error: sqlite3.Error) -> bool:
    code: int = getattr(error, "sqlite_errorcode", 0)  # what Python itself raises has none
    # SQLITE_ERROR: there is a table of that name, and it is not ours.
    return code & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)


def _remove(path: Path) -> None:
    """Throw the cache away: it is not worth mending."""
    for end in ("-wal", "-shm", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS outcomes"
        " (transcript BLOB, kept BLOB, PRIMARY KEY (transcript, kept)) WITHOUT ROWID"
    )
    return connection
