"""The students as a learning platform knows them: a CSV file that it wrote.

A submission says whose it is by a name of a file; the platform wants its own number. Which is
whose is looked up by one rule after another, and a rule counts only where it leads to one person.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import OutputError
from grader.gradebook.grade import Grade

Person = dict[str, str]
Rule = tuple[Callable[[str], str], Callable[[Person], str]]  # of a student, and of a person

_NUMBER = re.compile(r".*_(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Placed:
    """Whose grade is whose.

    Attributes:
        rows: each person with the grade, None where there is none.
        strangers: students of the gradebook whom the platform does not know.
    """

    rows: tuple[tuple[Person, Grade | None], ...]
    strangers: tuple[str, ...]


def read_roster(path: Path, columns: Iterable[str]) -> list[Person]:
    """The lines of the platform's file, as they are.

    Raises:
        OutputError: it cannot be read, or lacks one of these columns.
    """
    try:
        text = path.read_text("utf-8-sig")
        lines = list(csv.DictReader(text.splitlines(keepends=True), restval="", strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{path} cannot be read ({said}). Name the CSV file as the platform wrote it."
        ) from None
    for column in columns:
        if not lines or column not in lines[0]:
            raise OutputError(
                f"{path} has no column {column!r}, or no line. Name the CSV file as the platform "
                "wrote it."
            )
    return [{str(k): v for k, v in line.items() if isinstance(v, str)} for line in lines]


def place(grades: Sequence[Grade], people: Sequence[Person], rules: Sequence[Rule]) -> Placed:
    """Find out whose grade is whose; one that fits two people, or a person twice, fits none."""
    found: dict[str, int] = {}
    for of_student, of_person in rules:
        keys = [of_person(person).casefold() for person in people]
        times = Counter(keys)
        where = {key: index for index, key in enumerate(keys) if key and times[key] == 1}
        for grade in grades:
            key = of_student(grade.student).casefold()
            if grade.student not in found and key in where:
                found[grade.student] = where[key]
    taken = Counter(found.values())
    whose = {found[g.student]: g for g in grades if taken[found.get(g.student, -1)] == 1}
    rows = tuple((person, whose.get(index)) for index, person in enumerate(people))
    known = {grade.student for grade in whose.values()}
    return Placed(rows, tuple(g.student for g in grades if g.student not in known))


def whole(student: str) -> str:
    """The name of a student as it stands."""
    return student


def number(student: str) -> str:
    """The number that a platform puts behind a name; nothing where there is none."""
    found = _NUMBER.fullmatch(student)
    return found[1] if found else ""


def without_number(student: str) -> str:
    """The name without it."""
    found = _NUMBER.fullmatch(student)
    return student[: found.start(1) - 1] if found else student


def column(name: str) -> Callable[[Person], str]:
    """What a person has in a column."""
    return lambda person: person.get(name, "").strip()
