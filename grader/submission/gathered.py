"""What has been read of a submission so far, what was left out, and the caps on all of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from grader.errors import SubmissionError
from grader.submission.names import MEBIBYTE, printable

MAX_FILES = 200
MAX_DEPTH = 8  # folders inside folders
MAX_ENTRIES = 10_000  # of any kind, so that a folder full of other files ends as well
MAX_BYTES = 128 * MEBIBYTE  # read altogether, saved outputs included
MAX_NOTES = 20

_CHUNK = MEBIBYTE


class LeftOutError(Exception):
    """A file cannot be graded; the message is the reason, and where it helps the way out."""


@dataclass
class Gathered:
    """The files of one submission by name, filled while it is read.

    Attributes:
        files: the very bytes that were read; they are hashed and they are graded.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    _left_out: list[tuple[str, str]] = field(default_factory=list)
    _entries: int = 0
    _bytes: int = 0

    def meet(self, count: int = 1) -> None:
        """Count entries of a folder or zip, read or not."""
        self._entries += count
        if self._entries > MAX_ENTRIES:
            raise SubmissionError(
                f"The submission has more than {MAX_ENTRIES:,} files and folders; "
                "hand in a folder with just your answers."
            )

    def read(self, read: Callable[[int], bytes], cap: int) -> bytes:
        """All that `read(n)` gives, however long it said it was.

        Raises:
            LeftOutError: there is more than `cap`.
            SubmissionError: the submission as a whole is too large.
        """
        chunks: list[bytes] = []
        size = 0
        while chunk := read(min(_CHUNK, cap + 1 - size)):
            chunks.append(chunk)
            size += len(chunk)
            self._spend(len(chunk))
            if size > cap:
                raise LeftOutError(f"it is larger than {cap // MEBIBYTE} MiB")
        return b"".join(chunks)

    def add(self, name: str, data: bytes) -> None:
        """Keep a file."""
        self.files[name] = data
        if len(self.files) > MAX_FILES:
            raise SubmissionError(
                f"The submission has more than {MAX_FILES} Python files and notebooks; "
                "hand in a folder with just your answers."
            )

    def leave_out(self, name: str, why: str) -> None:
        """Say that an entry is not graded."""
        self.files.pop(name, None)
        self._left_out.append((name, why))

    def _spend(self, count: int) -> None:
        self._bytes += count
        if self._bytes > MAX_BYTES:
            raise SubmissionError(
                f"The submission is larger than {MAX_BYTES // MEBIBYTE} MiB; "
                "hand in a folder with just your answers."
            )

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """What was left out and why; sorted, because folders are not listed in any order."""
        return sorted({(printable(name), why) for name, why in self._left_out})

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each, up to a number that a report can hold."""
        notes = [f"{name} was left out: {why}." for name, why in self.reasons]
        more = len(notes) - MAX_NOTES
        if more > 0:
            notes[MAX_NOTES:] = [f"{more} more {'was' if more == 1 else 'were'} left out."]
        return tuple(notes)
