"""The bank: examples of each check, drawn once against the reference, and the calls they lead to.

Drawing is most of what a check costs, and all students of a course version get the same examples
anyway. A bank is a cache: it is named by everything that it depends on, it carries its own
digest, and what does not fit is drawn again.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from grader.checks.seal import sealed, unsealed
from grader.course import HIDDEN, PUBLIC, file_of_checks
from grader.model import Suite

FORMAT = 2  # of the files; raised when they change their meaning


class Recorded(msgspec.Struct, frozen=True, array_like=True):
    """One call of an example, as the reference led to it.

    Attributes:
        arguments: codec bytes, as in `calls.Call`.
        beforehand: whether it is the same whatever earlier calls answer.
        fingerprint: of the arguments of a call known beforehand, by `calls.fingerprint`.
    """

    function: str
    arguments: bytes
    seed: int
    beforehand: bool
    fingerprint: bytes = b""


class CheckBank(msgspec.Struct, frozen=True, array_like=True):
    """The examples of one check, or of one set of parameters of it.

    Attributes:
        check: name of the test function.
        item: what pytest calls it; the check's name in every seed.
        values: pickled list with the arguments of each example, the submission left out.
        calls: for each example.
        live: it cannot be replayed (it draws interactively, or its values cannot be kept).
        rejected: examples that the check rejected, by number.
        answers: for each example the digest of the reference's answers to its calls, by
            `transcript.transcript`: on the same ones it needs no second run. Empty where a call
            is not known beforehand.
    """

    check: str
    item: str
    values: bytes = b""
    calls: tuple[tuple[Recorded, ...], ...] = ()
    live: bool = False
    rejected: tuple[int, ...] = ()
    answers: tuple[bytes, ...] = ()

    def left_to_hypothesis(self) -> "CheckBank":
        """The same check, without examples."""
        return CheckBank(self.check, self.item, live=True)


class Bank(msgspec.Struct, frozen=True, array_like=True):
    """All checks of one suite of an exercise that pass on the reference."""

    checks: tuple[CheckBank, ...]


_decoder = msgspec.msgpack.Decoder(Bank)


def cache_folder() -> Path:
    """Where banks and outcomes are kept; `GRADER_CACHE` names another place."""
    named = os.environ.get("GRADER_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("grader")


def bank_key(root: Path, exercise: str, suite: Suite) -> str:
    """Digest of everything that the examples and the verdicts on them depend on.

    That is: the check's file and what lies beside it, all references, the settings, this package,
    and the versions of Python, numpy and Hypothesis.
    """
    digest = hashlib.sha256(f"{FORMAT} {exercise} {suite} {sys.version} {root}".encode())
    for path in sorted(_deciding(root, exercise, suite)):
        with contextlib.suppress(FileNotFoundError):
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    digest.update(_tool())
    return digest.hexdigest()[:32]


def _deciding(root: Path, exercise: str, suite: Suite) -> Iterator[Path]:
    """Files that the verdicts on an exercise can depend on: modules, and data that checks read.

    Checks of another exercise are left out, unless some file mentions them.
    """
    checks = file_of_checks(root, exercise, suite)
    files = {path for room in (HIDDEN, PUBLIC, Path("reference")) for path in _files(root / room)}
    others = {path for path in files - {checks} if path.name.startswith("test_")}
    words = b"\0".join(path.read_bytes() for path in files - others if path.suffix == ".py")
    yield from files - {path for path in others if path.stem.encode() not in words}
    yield root / "pyproject.toml"


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        made = any(part == "__pycache__" or part.startswith(".") for part in parts)
        if path.is_file() and not made:
            yield path


def load_bank(key: str) -> Bank | None:
    """Return the bank of that key, None where there is none or it is damaged."""
    try:
        data = unsealed(key, (cache_folder() / "banks" / key).read_bytes())
        return bank_from(data) if data is not None else None
    except (OSError, msgspec.DecodeError):
        return None


def bank_from(data: bytes) -> Bank:
    """Read what `bank_bytes` wrote."""
    return _decoder.decode(data)


def bank_bytes(bank: Bank) -> bytes:
    """A bank as bytes."""
    return msgspec.msgpack.encode(bank)


def save_bank(key: str, bank: Bank) -> None:
    """Keep a bank; whoever builds the same one at the same time does no harm."""
    folder = cache_folder() / "banks"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed(key, bank_bytes(bank)))
        Path(name).replace(folder / key)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tool() -> bytes:
    """Digest of this package's trusted half, of the codec, and of the libraries that draw."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
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


def is_live(bank: Bank | None, check: str) -> bool:
    """Whether a check is known to need Hypothesis every time."""
    return bank is not None and any(c.live for c in bank.checks if c.check == check)


Values = dict[str, Any]
