"""reference/formulas.toml: the LaTeX of the formulas that docstrings show as plain text."""

import ast
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.errors import CourseError

FILE = Path("reference/formulas.toml")


def read_formulas(root: Path) -> dict[str, dict[str, str]]:
    """For each exercise the LaTeX of its formulas, by their text; empty if there is no file.

    Raises:
        CourseError: the file is no TOML, or holds something else than tables of texts.
    """
    try:
        tables: dict[str, Any] = tomllib.loads((root / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CourseError(f"{FILE} cannot be read as TOML ({error}). Mend that line.") from None
    for exercise, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise CourseError(
                f"{FILE}: {exercise} must be a table of texts. Write [{exercise}], and below it "
                "'formula' = 'LaTeX' for each."
            )
    return tables


def require_listed(exercises: Iterable[str], syllabus: tuple[str, ...]) -> None:
    """Formulas of an exercise that is none would never be shown."""
    for exercise in exercises:
        if exercise not in syllabus:
            raise CourseError(
                f'{FILE}: "{exercise}" is no exercise of the course. Correct the name, or list '
                "the exercise in reference/__init__.py."
            )


def require_used(exercise: str, formulas: dict[str, str], shown: set[str]) -> None:
    """A formula that no docstring shows is one that was changed there, and not here."""
    for text in formulas.keys() - shown:
        raise CourseError(
            f"{FILE}: no docstring of reference/{exercise}.py has the formula {text!r}. "
            "Write it as it stands there, or take it out."
        )


def formulas_of(
    tree: ast.Module, functions: tuple[str, ...], formulas: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """The LaTeX of the lines of each function's docstring that are formulas, by its name."""
    found = {
        node.name: tuple(
            formulas[line]
            for line in map(str.strip, (ast.get_docstring(node) or "").splitlines())
            if line in formulas
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in functions
    }
    return {name: lines for name, lines in found.items() if lines}
