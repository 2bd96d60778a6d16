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
    with suppress(KeyboardInterrupt):
        for _ in _saves(path):
            try:
                submission = read_submission(path)
                if submission != graded:
                    graded = submission
                    grade(submission)
            except GraderError as error:
                graded = None
                tell(str(error))


def _saves(path: Path) -> Iterator[None]:
    """Yield at once, once more as soon as it is watched, and then after each change."""
    from watchfiles import Change, watch  # imported late: few runs watch

    yield
    while True:
        real = path.resolve()
        folder = real if real.is_dir() else real.parent
        if (place := _place(folder)) is None:
            time.sleep(AWAKE / 1000)
            continue
        is_new = True
        for changes in watch(
            folder,
            recursive=folder == real,
            step=STEP,
            debounce=LONGEST,
            rust_timeout=AWAKE,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            names = {Path(name).name for _, name in changes}
            if is_new or (names and (folder == real or real.name in names)):
                yield
            is_new = False
            if _place(folder) != place or (Change.deleted, str(folder)) in changes:
                break  # it was taken away, or another stands there now


def _place(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
