"""Grades a submission again whenever it is saved, until Ctrl-C."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.errors import GraderError
from grader.model import Submission
from grader.submission import read_submission

STEP = 50  # ms without another change, after which a save counts as done
LONGEST = 400  # ms that a save may take
AWAKE = 1000  # ms after which it is looked whether the folder itself is still there


def keep_grading(
    path: Path, grade: Callable[[Submission], None], tell: Callable[[str], None]
) -> None:
    """Grade what lies at the path, and again after each save that changes it.

    What is saved during a grading is graded next. A file that is gone or cannot be read is told,
    and what comes after it graded.
    """
    graded: Submission | None = None
    told = ""
    with suppress(KeyboardInterrupt):
        for _ in _saves(path):
            try:
                submission = read_submission(path)
                if submission != graded:
                    graded, told = submission, ""
                    grade(submission)
            except GraderError as error:
                graded = None
                if str(error) != told:
                    tell(told := str(error))


def _saves(path: Path) -> Iterator[None]:
    """Yield at once, once more as soon as it is watched, and then after each change."""
    real = path.resolve()
    folder = real if real.is_dir() else real.parent
    yield
    while True:
        with suppress(FileNotFoundError):  # it may go at any moment
            yield from _changes(folder, None if folder == real else real.name)
        if _place(folder) is None:
            time.sleep(AWAKE / 1000)
            yield


def _changes(folder: Path, name: str | None) -> Iterator[None]:
    """Yield as soon as it is watched, and after changes of that name, or any; ends with the folder.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    from watchfiles import Change, watch  # imported late: few runs watch

    place, is_new = _place(folder), True
    for changes in watch(
        folder,
        recursive=name is None,
        step=STEP,
        debounce=LONGEST,
        rust_timeout=AWAKE,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        names = {Path(changed).name for _, changed in changes}
        if is_new or (names and (name is None or name in names)):
            yield
        is_new = False
        if _place(folder) != place or (Change.deleted, str(folder)) in changes:
            return  # it was taken away, or another stands there now


def _place(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
