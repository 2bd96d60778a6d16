"""Which entries of a folder are whose submission.

One entry is one student's, a folder or a file, but for the archives that learning platforms make:
there the name of a file begins with its student's, and several files are one submission.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.batch.nameless import hidden, without_name
from grader.batch.times import METADATA, newest_time, times_of_gradescope
from grader.errors import SubmissionError
from grader.model import Submission
from grader.submission import read_files, read_submission
from grader.submission.names import escaped, is_hidden

# Names in the folder of the reports; the last are SQLite's own, beside the gradebook.
RESERVED = (
    "class.html",
    "grades.csv",
    *(f"gradebook.sqlite3{end}" for end in ("", "-journal", "-wal", "-shm")),
)

_SUFFIXES = {".py", ".ipynb", ".zip"}
_NOT_HANDED_IN = {METADATA}  # Gradescope writes it beside the submissions

# Full Name_123456_assignsubmission_file_, a folder, or with the name of a file behind it.
_MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
# lialice_LATE_123_456_dropout.py: student, lateness, number of the student and of the file.
_CANVAS = re.compile(
    r"(?:(?P<before>LATE_)?(?P<anonymous>anon_\w+?)|(?P<name>\w+?)(?P<late>_LATE)?_(?P<number>\d+))"
    r"_(?:\d+_(?P<file>.+)|(?:text|link)\.html)",
    re.DOTALL,
)
_HANDED_IN_AGAIN = re.compile(r"-\d+(?=\.\w+$)")  # Canvas: dropout-2.py is the third dropout.py


@dataclass(frozen=True, slots=True)
class Entry:
    """What one student handed in.

    Attributes:
        student: a name that no other entry has, good for a file's name and for a table.
        parts: what it consists of, by the name that each has in the submission.
        whole: the one path that it is, where its name says nothing but whose it is.
        handed_in: None where nothing tells.
        marked_late: it is called late, whenever it was.
        code: what stands for the student in all that is shown, where nobody must know who it is.
    """

    student: str
    parts: tuple[tuple[str, Path], ...]
    whole: Path | None = None
    handed_in: datetime | None = None
    marked_late: bool = False
    code: str = ""

    @property
    def shown(self) -> str:
        """The name that everybody may see."""
        return self.code or self.student

    def read(self) -> Submission:
        """Read it, as `grader run` would; without the student's name, where there is a code.

        Raises:
            SubmissionError: it cannot be graded; the message says why.
        """
        if not self.code:
            return self._read()
        try:
            return without_name(self._read(), self._names(), self.code)
        except SubmissionError as error:
            raise SubmissionError(hidden(str(error), self._names(), self.code)) from None

    def _names(self) -> tuple[str, ...]:
        """All that the student is called where the submission lies."""
        paths = [path.name for _, path in self.parts]
        return (*paths, *(Path(name).stem for name in paths if self.whole), self.student)

    def _read(self) -> Submission:
        for name, path in self.parts:
            if path.is_symlink():  # it could lead to the answers of others
                raise SubmissionError(f"{escaped(name)} is a link, and links are not followed.")
        if self.whole is None:
            return read_files(self.student, dict(self.parts))
        try:
            return read_submission(self.whole)
        except SubmissionError as error:  # the same words wherever the class is graded from
            shown, name = escaped(str(self.whole)), escaped(self.whole.name)
            raise SubmissionError(str(error).replace(shown, name)) from None


def find_entries(folder: Path) -> list[Entry]:
    """The submissions in a folder, sorted by student.

    Raises:
        SubmissionError: there is no such folder, or nothing in it.
    """
    of_nbgrader = _of_nbgrader(folder)
    folder = of_nbgrader or folder
    groups: dict[str, list[tuple[str, Path]]] = {}
    for path in _entries(folder):
        student, name = _whose(path)
        groups.setdefault(student, []).append((name, path))
    entries = [entry for student in groups for entry in _of_student(student, groups[student])]
    if not entries:
        raise SubmissionError(
            f"{escaped(str(folder))} holds no submission; give the folder that holds them all."
        )
    known = times_of_gradescope(folder)
    timed = [_timed(entry, known, noted=of_nbgrader is not None) for entry in entries]
    return sorted(_told_apart(timed), key=lambda entry: entry.student)


def _of_nbgrader(folder: Path) -> Path | None:
    """The folder of the submissions, where it or the one that holds it is an nbgrader course."""
    marks = ("nbgrader_config.py", "gradebook.db", "release", "source")
    for inside in (folder / "submitted", folder):
        course = inside.resolve().parent
        named = inside.is_dir() and inside.resolve().name == "submitted"
        if named and any((course / mark).exists() for mark in marks):
            return inside
    return None


def _entries(folder: Path) -> list[Path]:
    shown = escaped(str(folder))
    try:
        paths = sorted(folder.iterdir())
    except NotADirectoryError:
        raise SubmissionError(
            f"{shown} is one file; give the folder that holds all submissions (an archive of "
            "them unpacked), or grade this one with `grader run`."
        ) from None
    except OSError as error:
        raise SubmissionError(
            f"{shown} cannot be read ({error.strerror}); give the folder that holds all "
            "submissions."
        ) from None
    return [each for each in paths if not is_hidden(each.name) and each.name not in _NOT_HANDED_IN]


def _whose(path: Path) -> tuple[str, str]:
    """Whose it is, and its name without that."""
    if found := _MOODLE.fullmatch(path.name):
        return found["student"], found["file"] or path.name
    if not path.is_dir() and (found := _CANVAS.fullmatch(path.name)):
        student = found["anonymous"] or f"{found['name']}_{found['number']}"
        return student, found["file"] or path.name
    return path.name, path.name


def _timed(entry: Entry, known: dict[str, datetime], *, noted: bool) -> Entry:
    """The entry with what is told of when it came in; only nbgrader notes it beside the files."""
    paths = [path for _, path in entry.parts]
    found = [None if path.is_dir() else _CANVAS.fullmatch(path.name) for path in paths]
    if all(found):
        late = any(each and (each["late"] or each["before"]) for each in found)
        return replace(entry, marked_late=late)
    return replace(entry, handed_in=known.get(entry.student) or newest_time(paths, noted=noted))


def _of_student(student: str, parts: list[tuple[str, Path]]) -> list[Entry]:
    (name, path), *others = parts
    if not others and name == path.name:
        return [Entry(student, tuple(parts), whole=path)]
    return [Entry(student, tuple(zip(_names(parts), (each for _, each in parts), strict=True)))]


def _names(parts: list[tuple[str, Path]]) -> list[str]:
    """Names without the number that Canvas adds to a file handed in again; each only once."""
    plain = [_HANDED_IN_AGAIN.sub("", name) for name, _ in parts]
    times = Counter(plain)
    kept = [
        short if times[short] == 1 else name for short, (name, _) in zip(plain, parts, strict=True)
    ]
    again = Counter(kept)
    return [
        name if again[name] == 1 else path.name for name, (_, path) in zip(kept, parts, strict=True)
    ]


def _told_apart(entries: list[Entry]) -> Iterable[Entry]:
    """The same entries with names that differ: without what all files end in, where that does."""
    short = [_short(entry) for entry in entries]
    times = Counter(each.casefold() for each in (*short, *RESERVED))
    taken = {name.casefold() for name in RESERVED}
    for entry, name in zip(entries, short, strict=True):
        name = name if times[name.casefold()] == 1 else escaped(entry.student)
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        yield replace(entry, student=name)


def _short(entry: Entry) -> str:
    name, whole = entry.student, entry.whole
    is_file = whole is not None and whole.suffix.lower() in _SUFFIXES and not whole.is_dir()
    return escaped(Path(name).stem if is_file else name)
