"""What `grader list` shows of a course."""

from collections.abc import Iterator
from pathlib import Path

from grader.checks.bank import is_live, load_bank
from grader.checks.keys import bank_key
from grader.course import Course, file_of_checks
from grader.model import Exercise, Suite


def listing(course: Course) -> str:
    """The exercises as plain lines: names are there to be copied, whatever the width."""
    return "\n".join(
        [course.title, *(line for e in course.exercises for line in _lines(course, e))]
    )


def _lines(course: Course, exercise: Exercise) -> Iterator[str]:
    points = sum(check.points for check in exercise.checks if not check.bonus)
    bonus = sum(check.points for check in exercise.checks if check.bonus)
    yield ""
    worth = [_count(len(exercise.checks), "check"), _count(points, "point")]
    worth += [f"{bonus:g} bonus"] if bonus else []
    yield f"{exercise.name}: {exercise.title}, {', '.join(worth)}"
    yield from (f"    {name}" for name in exercise.functions)
    for what, path in _files(course.root, exercise.name):
        if path.is_file():
            yield f"    {what}: {path.relative_to(course.root).as_posix()}"
    yield from (f"    live: {name}" for name in _live(course, exercise))


def _files(root: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Where the parts of an exercise are, should they be there."""
    yield "reference", root / "reference" / f"{name}.py"
    yield "stub", root / "exercises" / f"{name}.py"
    yield "notebook", root / "exercises" / f"{name}.ipynb"
    yield "hidden checks", file_of_checks(root, name, Suite.HIDDEN)
    yield "public checks", file_of_checks(root, name, Suite.PUBLIC)
    yield "mistakes", root / "reference" / "mistakes" / f"{name}.toml"


def _live(course: Course, exercise: Exercise) -> list[str]:
    bank = load_bank(bank_key(course.root.resolve(), exercise.name, Suite.HIDDEN))
    return [check.name for check in exercise.checks if is_live(bank, check.name)]


def _count(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"
