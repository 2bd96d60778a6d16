"""One generated submission, and what has to come of it."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINK = b"link to "  # a file of this content is written as a link to what follows


@dataclass(frozen=True)
class HandedIn:
    """A submission.

    Attributes:
        what: what is special about it, in a few words.
        files: below its folder; links as `LINK` says.
        lost: checks that must not pass, as exercise.check; all others must.
        perhaps: checks that may pass or not: nothing is promised.
        ends: how the lost ones may end; empty for any way but void.
        trouble: where it cannot be graded, words of the reason.
        zipped: handed in as one archive.
    """

    student: str
    kind: str
    what: str
    files: Mapping[str, bytes]
    lost: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    ends: frozenset[str] = field(default_factory=frozenset)
    trouble: str = ""
    zipped: bool = False


def write(each: HandedIn, folder: Path) -> None:
    """Put it among the submissions."""
    if each.zipped:
        (folder / f"{each.student}.zip").write_bytes(packed(each.files))
        return
    (folder / each.student).mkdir()
    for name, content in each.files.items():
        path = folder / each.student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith(LINK):
            path.symlink_to(content.removeprefix(LINK).decode())
        else:
            path.write_bytes(content)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()
