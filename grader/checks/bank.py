"""The bank: examples of each check, drawn once against the reference, and the calls they lead to.

Drawing is most of what a check costs, and all students of a course version get the same examples
anyway. A bank is a cache: it is named by everything that it depends on, it carries its own
digest, and what does not fit is drawn again.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import msgspec.structs
import platformdirs

from grader.checks.seal import sealed, unsealed


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
        simple: pickled list like `values`: examples that explain a failure, and decide nothing.
        order: examples from the simplest on, by number; those of `simple` follow the others.
    """

    check: str
    item: str
    values: bytes = b""
    calls: tuple[tuple[Recorded, ...], ...] = ()
    live: bool = False
    rejected: tuple[int, ...] = ()
    answers: tuple[bytes, ...] = ()
    simple: bytes = b""
    order: tuple[int, ...] = ()

    def left_to_hypothesis(self) -> "CheckBank":
        """The same check, without examples."""
        return CheckBank(self.check, self.item, live=True)

    def first(self, count: int) -> "CheckBank":
        """The same check with the calls of its first examples only."""
        return replace(self, calls=self.calls[:count], answers=self.answers[:count])


class Bank(msgspec.Struct, frozen=True, array_like=True):
    """All checks of one suite of an exercise that pass on the reference."""

    checks: tuple[CheckBank, ...]


replace = msgspec.structs.replace

_decoder = msgspec.msgpack.Decoder(Bank)


def known_beforehand(check: CheckBank) -> bool:
    """Whether no call of a check depends on answers."""
    return all(call.beforehand for calls in check.calls for call in calls)


def cache_folder() -> Path:
    """Where banks and outcomes are kept; `GRADER_CACHE` names another place."""
    named = os.environ.get("GRADER_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("grader")


def load_bank(key: str) -> Bank | None:
    """Return the bank of that key, None where there is none or it is damaged."""
    try:
        data = unsealed(key, (cache_folder() / "banks" / key).read_bytes())
        return bank_from(data) if data is not None else None
    except (OSError, msgspec.DecodeError):
        return None


def is_there(key: str) -> bool:
    """Whether there is a bank of that key, and not damaged."""
    try:
        return unsealed(key, (cache_folder() / "banks" / key).read_bytes()) is not None
    except OSError:
        return False


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


def is_live(bank: Bank | None, check: str) -> bool:
    """Whether a check is known to need Hypothesis every time."""
    return bank is not None and any(c.live for c in bank.checks if c.check == check)


Values = dict[str, Any]
