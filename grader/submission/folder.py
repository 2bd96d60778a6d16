"""Walks a folder below directory descriptors: links are not followed, not even swapped-in ones."""

import errno
import os
import stat
from functools import partial

from grader.submission.gathered import MAX_DEPTH, Gathered, LeftOutError
from grader.submission.names import ARCHIVES, CAPS, is_hidden, is_unprintable, suffix_of

# Without O_NONBLOCK, opening a pipe that took a file's place would wait for ever.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

LINK = "it is a link, and links are not followed; hand in the file itself"
SPECIAL = "it is a pipe, a socket or a device, not a file"
RENAME = "its name holds characters that cannot be shown; rename it"
DEPTH = f"it lies more than {MAX_DEPTH} folders deep"
ARCHIVE = "archives inside a submission are not opened; unpack it"

_REASONS = {
    errno.ENOENT: "it went away while it was being read",
    errno.ELOOP: LINK,
    errno.EACCES: "it may not be read; give it read permission",
    errno.EPERM: "it may not be read; give it read permission",
}


def gather_folder(folder: int, gathered: Gathered, prefix: str = "", depth: int = 0) -> None:
    """Read the Python files and notebooks below an open directory.

    Raises:
        LeftOutError: the directory cannot be listed.
        SubmissionError: it holds too much.
    """
    for entry in _entries(folder, gathered):
        if is_hidden(entry.name):
            continue
        name = prefix + entry.name
        try:
            _gather_entry(folder, entry, gathered, name, depth)
        except LeftOutError as error:
            gathered.leave_out(name, str(error))
        except OSError as error:
            gathered.leave_out(name, reason(error))


def open_below(name: str, folder: int | None = None) -> int:
    """Open a file or folder without following a link in its last part, and without waiting."""
    return os.open(name, _FLAGS, dir_fd=folder)


def read_regular(file: int, gathered: Gathered, cap: int) -> bytes:
    """Read an open regular file; it may be shorter or longer than its length says."""
    if not stat.S_ISREG(os.fstat(file).st_mode):
        raise LeftOutError(SPECIAL)
    return gathered.read(partial(os.read, file), cap)


def reason(error: OSError) -> str:
    """Why something could not be read, in words that follow a colon."""
    return _REASONS.get(error.errno or 0, f"it cannot be read ({error.strerror})")


def _entries(folder: int, gathered: Gathered) -> list["os.DirEntry[str]"]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                gathered.meet()
                found.append(entry)
    except OSError as error:
        raise LeftOutError(reason(error)) from None
    return found


def _gather_entry(
    folder: int, entry: "os.DirEntry[str]", gathered: Gathered, name: str, depth: int
) -> None:
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        raise LeftOutError(LINK)
    if stat.S_ISDIR(mode):
        _gather_subfolder(folder, entry.name, gathered, name, depth + 1)
    elif not stat.S_ISREG(mode):  # not even opened: for a device, that alone can do something
        raise LeftOutError(SPECIAL)
    elif suffix_of(entry.name) in ARCHIVES:
        raise LeftOutError(ARCHIVE)
    elif suffix_of(entry.name) in CAPS:
        _gather_file(folder, entry.name, gathered, name)


def _gather_subfolder(folder: int, part: str, gathered: Gathered, name: str, depth: int) -> None:
    if is_unprintable(part):
        raise LeftOutError(RENAME)
    if depth > MAX_DEPTH:
        raise LeftOutError(DEPTH)
    below = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=folder)
    try:
        gather_folder(below, gathered, name + "/", depth)
    finally:
        os.close(below)


def _gather_file(folder: int, part: str, gathered: Gathered, name: str) -> None:
    if is_unprintable(part):
        raise LeftOutError(RENAME)
    file = open_below(part, folder)
    try:
        gathered.add(name, read_regular(file, gathered, CAPS[suffix_of(part)]))
    finally:
        os.close(file)
