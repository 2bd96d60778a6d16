"""Known mistakes of an exercise: named ways to go wrong, as changes of its reference's text."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import CourseError


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to go wrong.

    Attributes:
        function: the graded function that goes wrong.
        old: text that occurs exactly once in the reference.
        new: what stands there when the mistake is made.
        tells: what to tell a student who made it.
        fails: the checks that must catch it.
        planted: the stub ships with it, for students to find.
    """

    exercise: str
    name: str
    function: str
    old: str
    new: str
    tells: str
    fails: tuple[str, ...]
    planted: bool = False


_TEXTS = ("name", "function", "old", "new", "tells")


def read_mistakes(root: Path, exercise: str) -> tuple[Mistake, ...]:
    """The mistakes of an exercise in the order of their file; none if it has no file.

    Raises:
        CourseError: the file or an entry of it is not as it must be.
    """
    file = _file(exercise)
    try:
        tables = tomllib.loads((root / file).read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read as TOML ({error}). Mend that line.") from None
    entries = tables.pop("mistake", [])
    if tables or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise CourseError(f"{file} may hold nothing but [[mistake]] tables. Take the rest out.")
    mistakes = tuple(_mistake(exercise, i, entry) for i, entry in enumerate(entries, 1))
    _require_own_names(file, mistakes)
    return mistakes


def apply(source: str, mistakes: Sequence[Mistake]) -> str:
    """The text of a reference with all of these mistakes made at once.

    Raises:
        CourseError: an old text does not occur once, or two of them overlap.
    """
    places = sorted((_place(source, mistake), mistake.name, mistake) for mistake in mistakes)
    end = 0
    parts = []
    for start, name, mistake in places:
        if start < end:
            raise CourseError(
                f"{_file(mistake.exercise)}: the old text of {name} overlaps that of another "
                "mistake that is made with it. Make them apart, or both in one entry."
            )
        parts += [source[end:start], mistake.new]
        end = start + len(mistake.old)
    return "".join([*parts, source[end:]])


def _file(exercise: str) -> str:
    return f"reference/mistakes/{exercise}.toml"


def _place(source: str, mistake: Mistake) -> int:
    first = source.find(mistake.old)
    if first < 0 or source.find(mistake.old, first + 1) >= 0:
        times = "does not occur" if first < 0 else "occurs more than once"
        raise CourseError(
            f"{_file(mistake.exercise)}: the old text of {mistake.name} {times} in "
            f"reference/{mistake.exercise}.py. Copy a piece that occurs exactly once."
        )
    return first


def _mistake(exercise: str, number: int, entry: dict[str, Any]) -> Mistake:
    named = entry.get("name")
    where = f"{_file(exercise)}, {named if isinstance(named, str) else f'mistake {number}'}"
    for key in sorted(entry.keys() - {*_TEXTS, "fails", "planted"}):
        raise CourseError(f"{where}: the key {key!r} is not known. Take it out.")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not (entry[key] or key == "new"):
            raise CourseError(f'{where}: {key} is missing. Write {key} = "...".')
    if not _are_names(entry.get("fails")):
        raise CourseError(f'{where}: fails must list checks. Write fails = ["test_..."].')
    if not isinstance(entry.get("planted", False), bool):
        raise CourseError(f"{where}: planted must be true or false.")
    if entry["old"] == entry["new"]:
        raise CourseError(f"{where}: old and new are the same. Change new.")
    return Mistake(**entry | {"exercise": exercise, "fails": tuple(entry["fails"])})


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, str) for e in value)


def _require_own_names(file: str, mistakes: tuple[Mistake, ...]) -> None:
    seen: set[str] = set()
    for mistake in mistakes:
        if mistake.name in seen:
            raise CourseError(f"{file}: two mistakes are named {mistake.name}. Rename one.")
        seen.add(mistake.name)
