"""What is graded: the checks of the course, a correct submission, and one wrong everywhere."""

import ast
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
    shutil.copytree(root / "tests/grader/samples/correct", folders["correct"])
    folders["wrong"].mkdir(parents=True, exist_ok=True)
    untouched: list[str] = []
    for exercise in course.exercises:
        source, left = _wrong(root, exercise.name, exercise.functions)
        (folders["wrong"] / f"{exercise.name}.py").write_text(source, "utf-8")
        untouched += left
    for folder in folders.values():
        _require_one_meaning(folder)
    return Material(root, checks, folders, tuple(untouched))


def cells(folder: Path) -> list[str]:
    """A submission as the cells of one notebook: a cell for each file."""
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))]


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


def _require_one_meaning(folder: Path) -> None:
    """In one notebook a name of two files would mean the last one's: that must not differ."""
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                meaning = ast.dump(ast.Module(_without_docstring(node), []))
                if seen.setdefault(node.name, meaning) != meaning:
                    raise SystemExit(
                        f"{folder}: {node.name} is written twice, differently; "
                        "all files become one notebook here."
                    )


def _without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body
