"""Puts report.json and report.html into a folder, whole or not at all."""

import hashlib
import os
import secrets
from contextlib import ExitStack
from pathlib import Path

from grader.errors import OutputError
from grader.model import Report
from grader.report.html import WATCHED, to_html
from grader.report.json_report import to_json
from grader.report.text import cleaned, printable


def write_report(report: Report, folder: Path, *, watched: bool = False) -> tuple[Path, Path]:
    """Write both files and return their paths; the folder is made where it is missing.

    A reader sees the old files or the new ones, never half a file.

    Args:
        watched: the page looks for a newer one, until `end_watch`.

    Raises:
        OutputError: the folder or a file in it cannot be written.
    """
    report = cleaned(report)
    data = to_json(report)
    version = hashlib.sha256(data).hexdigest()[:16] if watched else ""
    contents = {
        folder / "report.json": data,
        folder / "report.html": to_html(report, version=version).encode(),
    }
    if watched:
        contents[folder / WATCHED] = f'reportVersion("{version}");\n'.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(contents)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _refused(folder, getattr(error, "strerror", None) or str(error)) from error
    json_path, html_path, *_ = contents
    return json_path, html_path


def end_watch(report: Report, folder: Path) -> None:
    """Write the page as it is without anyone watching; raises as `write_report` does."""
    write_report(report, folder)
    (folder / WATCHED).unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write one file; its folder is made where it is missing.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace({path: content})
    except OSError as error:
        raise OutputError(
            f"{printable(str(path), keep='')} cannot be written ({error.strerror}); name another "
            "folder with --out DIR."
        ) from None


def require_place(folder: Path) -> None:
    """See to it, without writing, that a report can be put into the folder.

    Raises:
        OutputError: something else is in its way, or it may not be written to.
    """
    nearest = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not nearest.is_dir():
        raise _refused(
            folder, f"{nearest} is no folder" if nearest != folder else "it is no folder"
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _refused(folder, "Permission denied")


def _refused(folder: Path, reason: str) -> OutputError:
    return OutputError(
        f"The report cannot be written to {printable(str(folder), keep='')} "
        f"({printable(reason, keep='')}); name a folder that you may write to."
    )


def _replace(contents: dict[Path, bytes]) -> None:
    with ExitStack() as leftovers:
        beside = {}
        for path, content in contents.items():
            beside[path] = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            leftovers.callback(beside[path].unlink, missing_ok=True)
            with beside[path].open("xb") as file:
                file.write(content)
        for path, temporary in beside.items():
            temporary.replace(path)
