"""What is graded: the checks of the course, a correct submission, and one wrong everywhere."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import open_course
from grader.model import Suite


@dataclass(frozen=True)
class Check:
    """One hidden check."""

    exercise: str
    name: str
    points: float


@dataclass(frozen=True)
class Material:
    """The same for every tool.

    Attributes:
        root: of the course.
        checks: all hidden ones, in the order of the course.
        folders: of the submissions, by name: `correct` and `wrong`.
        untouched: graded functions that no known mistake could be put into.
    """

    root: Path
    checks: tuple[Check, ...]
    folders: dict[str, Path]
    untouched: tuple[str, ...]


def gather(root: Path, scratch: Path) -> Material:
    """Read the course and write both submissions."""
    course = open_course(root, Suite.HIDDEN)
    checks = tuple(
        Check(exercise.name, check.name, check.points)
        for exercise in course.exercises
        for check in exercise.checks
    )
    folders = {name: scratch / "submissions" / name for name in ("correct", "wrong")}
    shutil.rmtree(scratch / "submissions", ignore_errors=True)
    for folder in folders.values():
        folder.mkdir(parents=True)
    untouched: list[str] = []
    for exercise in course.exercises:
        alternative = min((root / "tests/alternatives" / exercise.name).glob("*.py"))
        shutil.copy(alternative, folders["correct"] / f"{exercise.name}.py")
        source, left = _wrong(root, exercise.name, exercise.functions)
        (folders["wrong"] / f"{exercise.name}.py").write_text(source, "utf-8")
        untouched += left
    return Material(root, checks, folders, tuple(untouched))


def cells(folder: Path) -> list[str]:
    """A submission as the cells of one notebook: a cell for each file.

    Helpers of two exercises may share a name, so each file is a module; its functions become
    names of the notebook.
    """
    texts = ((path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.py")))
    return [
        f"import bench_functions\n\nglobals().update(bench_functions.public({name!r}, {text!r}))"
        for name, text in texts
    ]


def _wrong(root: Path, exercise: str, functions: tuple[str, ...]) -> tuple[str, list[str]]:
    """The reference with one mistake in each function, and the functions that have none."""
    source = (root / f"reference/{exercise}.py").read_text("utf-8")
    mistakes = _mistakes(root / f"reference/mistakes/{exercise}.toml")
    left = []
    for function in functions:
        possible = [m for m in mistakes if m["function"] == function and m["old"] in source]
        if not possible:
            left.append(function)
            continue
        source = source.replace(possible[0]["old"], possible[0]["new"])
    return source, left


def _mistakes(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    found: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))["mistake"]
    return found
