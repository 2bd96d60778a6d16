"""Files that belong to no exercise, and files that an exercise lacks."""

from collections.abc import Iterator
from pathlib import Path

from grader.course import HIDDEN, PUBLIC, Course, read_syllabus
from grader.stubs import stale_stubs
from grader.verify.material import ALTERNATIVES
from grader.verify.proof import Shortcoming


def judge(course: Course) -> Iterator[Shortcoming]:
    """What lies in the rooms of the course and should not, or does not and should."""
    listed = set(read_syllabus(course.root))
    for name, path in _named(course.root):
        if name not in listed:
            yield Shortcoming(
                "",
                "files",
                f"{path.relative_to(course.root).as_posix()} belongs to no exercise. Take it "
                f'away, or list "{name}" in reference/__init__.py.',
            )
    if (course.root / PUBLIC).is_dir():
        yield from _without_public(course)
    if (course.root / "exercises").is_dir():
        yield from _stale(course, listed)


def _named(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file or folder that is named after an exercise."""
    for path in sorted((root / "reference").glob("*.py")):
        if not path.name.startswith("_"):
            yield path.stem, path
    for room in (HIDDEN, PUBLIC):
        for path in sorted((root / room).glob("test_*.py")):
            yield path.stem.removeprefix("test_"), path
    for path in sorted((root / "reference/mistakes").glob("*.toml")):
        yield path.stem, path
    for path in sorted((root / ALTERNATIVES).glob("[!._]*/")):
        yield path.name, path


def _without_public(course: Course) -> Iterator[Shortcoming]:
    for exercise in course.exercises:
        file = PUBLIC / f"test_{exercise.name}.py"
        if not (course.root / file).is_file():
            yield Shortcoming(
                exercise.name,
                "files",
                f"{file.as_posix()} is missing. Write checks that students may see.",
            )


def _stale(course: Course, listed: set[str]) -> Iterator[Shortcoming]:
    wanted = {exercise.name for exercise in course.exercises}
    for path in stale_stubs(course.root):
        file = path.relative_to(course.root).as_posix()
        if path.stem not in listed:
            sentence = f"{file} belongs to no exercise. Take it away."
            yield Shortcoming("", "files", sentence)
        elif path.stem in wanted:
            yield Shortcoming(path.stem, "files", f"{file} is out of date. Run `grader stubs`.")
