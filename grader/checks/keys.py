"""What banks are named by: all that examples, and the verdicts on them, depend on."""

import contextlib
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.course import HIDDEN, PUBLIC, file_of_checks
from grader.model import Suite

FORMAT = 3  # of banks; raised when they change their meaning
SETTINGS = Path("pyproject.toml")


class Keys:
    """The keys of a course's banks, with its files as they are now.

    A key covers the check's file and what lies beside it, all references, the settings, this
    package, and the versions of Python, numpy and Hypothesis.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._contents = {path: (root / path).read_bytes() for path in _files(root)}
        self._digests = {path: _digest(data) for path, data in self._contents.items()}
        self._checks = {path for path in self._contents if path.name.startswith("test_")}
        everywhere = b"\0".join(
            data
            for path, data in self._contents.items()
            if path.suffix == ".py" and path not in self._checks
        )
        self._mentioned = self._mentioned_in(everywhere)
        self._tool = _tool()

    def of(self, exercise: str, suite: Suite) -> str:
        """The key of one bank."""
        own = file_of_checks(self._root, exercise, suite).relative_to(self._root)
        digest = hashlib.sha256(f"{FORMAT} {exercise} {suite} {self._root}".encode())
        for path in sorted(self._deciding(own)):
            digest.update(f"\0{path}\0".encode() + self._digests[path])
        digest.update(self._tool)
        return digest.hexdigest()[:32]

    def _deciding(self, own: Path) -> set[Path]:
        """Files that the verdicts can depend on: modules, and data that checks read.

        Checks of other exercises are left out, unless some file mentions them.
        """
        mentioned = self._mentioned | self._mentioned_in(self._contents.get(own, b"")) | {own}
        return (self._contents.keys() - self._checks) | (self._checks & mentioned)

    def _mentioned_in(self, text: bytes) -> set[Path]:
        return {path for path in self._checks if path.stem.encode() in text}


def bank_key(root: Path, exercise: str, suite: Suite) -> str:
    """The key of one bank, for who needs no other."""
    return Keys(root).of(exercise, suite)


def tool_key() -> str:
    """Digest of what decides a report and is no part of the course or the submission."""
    return _tool().hex() + explaining_key()


def explaining_key() -> str:
    """Digest of what finds out why a check failed; no bank depends on it."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in (*sorted((package / "diagnosis").glob("*.py")), package / "mistakes.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _files(root: Path) -> Iterator[Path]:
    """All files that can matter, below the root."""
    for room in (HIDDEN, PUBLIC, Path("reference")):
        for path in (root / room).rglob("*"):
            relative = path.relative_to(root)
            made = any(part == "__pycache__" or part.startswith(".") for part in relative.parts)
            if path.is_file() and not made:
                yield relative
    if (root / SETTINGS).is_file():
        yield SETTINGS


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _tool() -> bytes:
    """Digest of this package's trusted half, of the codec, and of the libraries that draw."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(sys.version.encode())
    for room in ("checks", "kit", "worker"):
        for path in sorted((package / room).glob("*.py")):
            digest.update(path.read_bytes())
    for library in ("numpy", "hypothesis"):
        digest.update(_version_file(library))
    return digest.digest()


def _version_file(library: str) -> bytes:
    """What names a library's version, without importing it."""
    for folder in sys.path:
        with contextlib.suppress(OSError):
            return (Path(folder) / library / "version.py").read_bytes()
    return b""
