"""Reads the members of a zip in memory: nothing is extracted, and what a member says of itself
is not believed."""

import io
import stat
import zipfile
import zlib
from collections import Counter

from grader.submission.folder import DEPTH, LINK, RENAME, SPECIAL
from grader.submission.gathered import MAX_DEPTH, MAX_ENTRIES, Gathered, LeftOutError
from grader.submission.names import CAPS, is_hidden, is_unprintable, suffix_of

_DIRECTORY_ENTRY = b"PK\x01\x02"

# Other methods unpack a few kilobytes to gigabytes in one step, before anything can be counted.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)


def gather_zip(data: bytes, gathered: Gathered) -> None:
    """Read the Python files and notebooks of a zip.

    Raises:
        LeftOutError: the zip as a whole cannot be read.
        SubmissionError: it holds too much.
    """
    # Before zipfile makes an object of a kilobyte for each of 46 bytes.
    gathered.meet(min(data.count(_DIRECTORY_ENTRY), MAX_ENTRIES + 1))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE:
        raise LeftOutError("it is damaged or is no zip file; pack it again") from None
    with archive:
        members = archive.infolist()
        copies = Counter(_name(member) for member in members)
        for member in members:
            _gather_member(archive, member, copies[_name(member)], gathered)


def _name(member: zipfile.ZipInfo) -> str:
    """The path of a member; some programs on Windows write it with backslashes."""
    parts = member.orig_filename.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part != ".")


def _gather_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, copies: int, gathered: Gathered
) -> None:
    name = _name(member)
    if _is_skipped(name):
        return
    try:
        _refuse(member, name, copies)
        gathered.add(name, _read(archive, member, gathered))
    except LeftOutError as error:
        gathered.leave_out(name, str(error))


def _is_skipped(name: str) -> bool:
    hidden = any(is_hidden(part) for part in name.split("/") if part != "..")
    return hidden or suffix_of(name) not in CAPS


def _refuse(member: zipfile.ZipInfo, name: str, copies: int) -> None:
    parts = name.split("/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    refusals = {
        RENAME: is_unprintable(name),
        "its path leads out of the zip": not {"", ".."}.isdisjoint(parts) or ":" in parts[0],
        DEPTH: len(parts) > MAX_DEPTH + 1,
        LINK: kind == stat.S_IFLNK,
        SPECIAL: kind not in (0, stat.S_IFREG, stat.S_IFLNK),
        f"the zip holds {copies} files of that name": copies > 1,
        "it is encrypted; pack the zip without a password": member.flag_bits & 0x1,
        "it is packed in an unusual way; use an ordinary zip": member.compress_type not in _METHODS,
    }
    for why, applies in refusals.items():
        if applies:
            raise LeftOutError(why)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, gathered: Gathered) -> bytes:
    try:
        with archive.open(member) as file:
            return gathered.read(file.read, CAPS[suffix_of(member.orig_filename)])
    except (*_DAMAGE, RuntimeError):
        raise LeftOutError("it is damaged inside the zip; pack it again") from None
