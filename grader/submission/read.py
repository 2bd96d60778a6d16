"""Makes a `model.Submission` of a path: a folder, a Python file, a notebook or a zip."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from grader.errors import SubmissionError
from grader.model import SourceFile, Submission
from grader.submission.archive import gather_zip
from grader.submission.folder import RENAME, gather_folder, open_below, read_regular, reason
from grader.submission.gathered import MAX_BYTES, Gathered, LeftOutError
from grader.submission.names import CAPS, MEBIBYTE, escaped, is_unprintable, printable, suffix_of
from grader.submission.notebooks import read_notebooks
from grader.submission.text import decode_python

MAX_TEXT = 8 * MEBIBYTE  # of all code, in UTF-8; it goes to the worker in one frame
MAX_CELLS = 20_000

_ACCEPTED = "a folder, a .py file, a .ipynb notebook or a .zip"


def read_submission(path: Path) -> Submission:
    """Read a submission: every file once, links only in `path` itself.

    What cannot be graded is left out with a note, as long as something is left.

    Raises:
        SubmissionError: nothing is there to grade, or too much; one sentence that names the
            file and the way out.
    """
    gathered = Gathered()
    try:
        _gather(path, gathered)
    except LeftOutError as error:
        raise SubmissionError(f"{_shown(path)} cannot be graded: {error}.") from None
    return _submission(path, gathered)


def read_files(name: str, files: Mapping[str, Path]) -> Submission:
    """Read what lies apart as one submission, as a download of a whole class has it.

    Args:
        name: of the submission.
        files: files and folders by the names that they have in the submission.

    Raises:
        SubmissionError: as `read_submission` does.
    """
    gathered = Gathered()
    for shown, path in files.items():
        try:
            _gather(path, gathered, shown)
        except LeftOutError as error:
            gathered.leave_out(shown, str(error))
    return _submission(Path(name), gathered)


def _submission(path: Path, gathered: Gathered) -> Submission:
    files = _source_files(gathered)
    if not files:
        raise SubmissionError(_nothing(path, gathered))
    _cap_text(files)
    return Submission(_name(path), files, gathered.notes)


def _gather(path: Path, gathered: Gathered, shown: str = "") -> None:
    """Read what is at the path; a name that is shown instead is put in front in a folder."""
    real = _resolve(path)
    try:
        mode = real.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise LeftOutError(f"it is neither a file nor a folder; give {_ACCEPTED}")
        descriptor = open_below(str(real))
    except OSError as error:
        raise LeftOutError(reason(error)) from None
    try:
        if stat.S_ISDIR(mode):
            gather_folder(descriptor, gathered, f"{shown}/" if shown else "")
        else:
            _gather_file((shown or path.name, real.name), descriptor, gathered)
    except OSError as error:
        raise LeftOutError(reason(error)) from None
    finally:
        os.close(descriptor)


def _resolve(path: Path) -> Path:
    """The path without links: the one at the top was given by whoever runs the grader."""
    try:
        return path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError(f"{_shown(path)} does not exist; give {_ACCEPTED}.") from None
    except (OSError, RuntimeError, ValueError):  # links in a circle, too long, "\0"
        raise SubmissionError(f"{_shown(path)} cannot be opened; give {_ACCEPTED}.") from None


def _gather_file(names: tuple[str, str], file: int, gathered: Gathered) -> None:
    name = next((each for each in names if suffix_of(each) in (*CAPS, ".zip")), None)
    if name is None:
        raise LeftOutError(f"files like it are not read; give {_ACCEPTED}")
    if suffix_of(name) == ".zip":
        gather_zip(read_regular(file, Gathered(), MAX_BYTES), gathered)
    elif is_unprintable(name):
        raise LeftOutError(RENAME)
    else:
        gathered.add(name, read_regular(file, gathered, CAPS[suffix_of(name)]))


def _source_files(gathered: Gathered) -> tuple[SourceFile, ...]:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in gathered.files.items()}
    cells = _read_python(gathered) | _read_notebooks(gathered)
    return tuple(SourceFile(name, digests[name], cells[name]) for name in sorted(cells))


def _read_python(gathered: Gathered) -> dict[str, tuple[str, ...]]:
    cells: dict[str, tuple[str, ...]] = {}
    for name, data in _with_suffix(gathered, ".py").items():
        try:
            cells[name] = (decode_python(data),)
        except LeftOutError as error:
            gathered.leave_out(name, str(error))
    return cells


def _read_notebooks(gathered: Gathered) -> dict[str, tuple[str, ...]]:
    cells = {}
    files = dict(sorted(_with_suffix(gathered, ".ipynb").items()))
    for name, notebook in read_notebooks(files).items():
        if notebook.problem:
            gathered.leave_out(name, notebook.problem)
        else:
            cells[name] = notebook.cells
    return cells


def _with_suffix(gathered: Gathered, suffix: str) -> dict[str, bytes]:
    return {name: data for name, data in gathered.files.items() if suffix_of(name) == suffix}


def _cap_text(files: tuple[SourceFile, ...]) -> None:
    size = sum(len(cell.encode()) for file in files for cell in file.cells)
    if size > MAX_TEXT:
        raise SubmissionError(
            f"The submission has more than {MAX_TEXT // MEBIBYTE} MiB of code; "
            "hand in a folder with just your answers."
        )
    if sum(len(file.cells) for file in files) > MAX_CELLS:
        raise SubmissionError(
            f"The submission has more than {MAX_CELLS:,} cells of code; "
            "hand in a folder with just your answers."
        )


def _nothing(path: Path, gathered: Gathered) -> str:
    """Why nothing was found, from what was left out if something was."""
    reasons = gathered.reasons
    if not reasons:
        return f"{_shown(path)} holds no .py or .ipynb file; give the folder with the answers."
    name, why = reasons[0]
    if name == _name(path):
        return f"{_shown(path)} cannot be graded: {why}."
    return f"{_shown(path)} holds nothing that can be graded; {name}: {why}."


def _name(path: Path) -> str:
    name = path.name if path.name not in ("", "..") else path.resolve().name
    return printable(name) or "submission"


def _shown(path: Path) -> str:
    return escaped(str(path))
