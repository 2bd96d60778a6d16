"""Known mistakes of an exercise: named ways to go wrong, as changes of its reference's text.

Beside them stand the equivalents: changes that look like mistakes, and change no answer.
"""

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


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change of a reference's text after which it is as right as before.

    Attributes:
        function: the function that it is a change of.
        old: text that occurs exactly once in the reference.
        new: what may stand there as well.
        reason: why no answer is the worse for it.
    """

    exercise: str
    function: str
    old: str
    new: str
    reason: str

    @property
    def name(self) -> str:
        """What the file's messages call it; it has no name of its own."""
        return f"the equivalent of {self.function}"


_TEXTS = ("name", "function", "old", "new", "tells")
_EQUIVALENT = ("function", "old", "new", "reason")


def read_mistakes(root: Path, exercise: str) -> tuple[Mistake, ...]:
    """The mistakes of an exercise in the order of their file; none if it has no file.

    Raises:
        CourseError: the file or an entry of it is not as it must be.
    """
    entries = _entries(root, exercise, "mistake")
    mistakes = tuple(_mistake(exercise, i, entry) for i, entry in enumerate(entries, 1))
    _require_own_names(file_of_mistakes(exercise), mistakes)
    return mistakes


def read_equivalents(root: Path, exercise: str) -> tuple[Equivalent, ...]:
    """The [[equivalent]] tables of the same file; raises as `read_mistakes` does."""
    entries = _entries(root, exercise, "equivalent")
    return tuple(_equivalent(exercise, i, entry) for i, entry in enumerate(entries, 1))


def file_of_mistakes(exercise: str) -> str:
    """Where they are written, below the course."""
    return f"reference/mistakes/{exercise}.toml"


def _entries(root: Path, exercise: str, kind: str) -> list[dict[str, Any]]:
    file = file_of_mistakes(exercise)
    try:
        tables = tomllib.loads((root / file).read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read as TOML ({error}). Mend that line.") from None
    found = {name: tables.pop(name, []) for name in ("mistake", "equivalent")}
    if tables or not all(map(_are_tables, found.values())):
        raise CourseError(
            f"{file} may hold nothing but [[mistake]] and [[equivalent]] tables. Take the rest out."
        )
    return list(found[kind])


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def apply(source: str, mistakes: Sequence[Mistake | Equivalent]) -> str:
    """The text of a reference with all of these changes made at once.

    Raises:
        CourseError: an old text does not occur once, or two of them overlap.
    """
    end = 0
    parts = []
    for start, mistake in places(source, mistakes):
        parts += [source[end:start], mistake.new]
        end = start + len(mistake.old)
    return "".join([*parts, source[end:]])


def places(
    source: str, mistakes: Sequence[Mistake | Equivalent]
) -> list[tuple[int, Mistake | Equivalent]]:
    """Where in the text of a reference each of them changes it, in order; raises like `apply`."""
    found = sorted((_place(source, mistake), mistake.name, mistake) for mistake in mistakes)
    end = 0
    for start, name, mistake in found:
        if start < end:
            raise CourseError(
                f"{file_of_mistakes(mistake.exercise)}: the old text of {name} overlaps that of "
                "another mistake that is made with it. Make them apart, or both in one entry."
            )
        end = start + len(mistake.old)
    return [(start, mistake) for start, _, mistake in found]


def _place(source: str, mistake: Mistake | Equivalent) -> int:
    first = source.find(mistake.old)
    if first < 0 or source.find(mistake.old, first + 1) >= 0:
        times = "does not occur" if first < 0 else "occurs more than once"
        raise CourseError(
            f"{file_of_mistakes(mistake.exercise)}: the old text of {mistake.name} {times} in "
            f"reference/{mistake.exercise}.py. Copy a piece that occurs exactly once."
        )
    return first


def _mistake(exercise: str, number: int, entry: dict[str, Any]) -> Mistake:
    where = _where(exercise, "mistake", number, entry.get("name"))
    _require_texts(where, entry, _TEXTS, {"fails", "planted"})
    if not _are_names(entry.get("fails")):
        raise CourseError(f'{where}: fails must list checks. Write fails = ["test_..."].')
    if not isinstance(entry.get("planted", False), bool):
        raise CourseError(f"{where}: planted must be true or false.")
    return Mistake(**entry | {"exercise": exercise, "fails": tuple(entry["fails"])})


def _equivalent(exercise: str, number: int, entry: dict[str, Any]) -> Equivalent:
    where = _where(exercise, "equivalent", number)
    _require_texts(where, entry, _EQUIVALENT, set())
    return Equivalent(**entry | {"exercise": exercise})


def _where(exercise: str, kind: str, number: int, name: object = None) -> str:
    named = name if isinstance(name, str) else f"{kind} {number}"
    return f"{file_of_mistakes(exercise)}, {named}"


def _require_texts(
    where: str, entry: dict[str, Any], texts: tuple[str, ...], others: set[str]
) -> None:
    for key in sorted(entry.keys() - {*texts, *others}):
        raise CourseError(f"{where}: the key {key!r} is not known. Take it out.")
    for key in texts:
        if not isinstance(entry.get(key), str) or not (entry[key] or key == "new"):
            raise CourseError(f'{where}: {key} is missing. Write {key} = "...".')
    if entry["old"] == entry["new"]:
        raise CourseError(f"{where}: old and new are the same. Change new.")


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, str) for e in value)


def _require_own_names(file: str, mistakes: tuple[Mistake, ...]) -> None:
    seen: set[str] = set()
    for mistake in mistakes:
        if mistake.name in seen:
            raise CourseError(f"{file}: two mistakes are named {mistake.name}. Rename one.")
        seen.add(mistake.name)
