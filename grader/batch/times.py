"""When a submission was handed in, as far as the system that collected it tells.

Gradescope  created_at, in the submission_metadata.yml beside the submissions
nbgrader    timestamp.txt beside the notebooks; of several exercises the newest
Canvas      nothing but the word LATE in names: its archives are made when they are fetched
elsewhere   the newest time of change of the files, which unpacking keeps, and copying may not
"""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.submission.names import is_hidden

METADATA = "submission_metadata.yml"

_MOST = 10_000  # files of a submission that are looked at
# The metadata holds all that was ever graded, so it is large, and objects of Ruby, which YAML
# readers refuse; what is needed of it stands in two kinds of lines.
_SUBMISSION = re.compile(r"^(?:(submission_\d+):|  :created_at: *(.+?)) *$", re.MULTILINE)


def times_of_gradescope(folder: Path) -> dict[str, datetime]:
    """When each submission of an export came in, by the name of its folder."""
    try:
        text = (folder / METADATA).read_text("utf-8", errors="replace")
    except OSError:
        return {}
    found: dict[str, datetime] = {}
    name = ""
    for line in _SUBMISSION.finditer(text):
        name = line[1] or name
        if line[2] and (time := _time(line[2])):
            found.setdefault(name, time)
    return found


def newest_time(paths: Iterable[Path], *, noted: bool = False) -> datetime | None:
    """When what lies there was handed in, by the files' own times.

    Args:
        noted: nbgrader collected it, so its note goes first. Elsewhere such a file is the
            student's own, who may have written any time into it.
    """
    files = [file for path in paths for file in _files(path)]
    notes = [file for file in files if noted and file.name == "timestamp.txt"]
    return max([time for file in notes if (time := _noted(file))] or _changed(files), default=None)


def _files(path: Path) -> Iterator[Path]:
    """The path or the files below it, but neither links nor what tools write."""
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    seen = 0
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not is_hidden(name))
        for name in sorted(names):
            seen += 1
            if seen > _MOST:
                return
            if not is_hidden(name) and not (file := Path(folder, name)).is_symlink():
                yield file


def _changed(files: Iterable[Path]) -> Iterator[datetime]:
    for file in files:
        try:
            yield datetime.fromtimestamp(int(file.lstat().st_mtime), UTC)
        except (OSError, OverflowError, ValueError):
            continue


def _noted(file: Path) -> datetime | None:
    try:
        if not file.is_file() or file.stat().st_size > 200:
            return None
        return _time(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _time(text: str) -> datetime | None:
    """A date, a time and perhaps a zone, as both systems write them; without a zone it is UTC."""
    day, _, rest = text.strip().strip("'\"").partition(" ")
    clock, _, zone = rest.strip().partition(" ")
    try:
        time = datetime.fromisoformat(f"{day}T{clock[:15]}" if clock else day)
        if zone.startswith(("+", "-")):
            time = datetime.fromisoformat(f"{time.isoformat()}{zone}")
        elif zone not in ("", "Z"):
            time = time.replace(tzinfo=ZoneInfo(zone))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None
