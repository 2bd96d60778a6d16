"""A submitted file: its text, its statements, and how well its name fits an exercise."""

import __future__

import ast
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from .cells import Broken, Cell, parse_cell, split_lines
from .statements import Compound, Import, Statement, definitions_only


class File:
    """A submitted file, parsed when it is first looked at."""

    def __init__(self, name: str, texts: list[str]) -> None:
        self.name = name
        self.is_notebook = name.endswith(".ipynb")
        self._texts = texts

    @property
    def stem(self) -> str:
        """The last part of its path, without the suffix."""
        return self.name.rpartition("/")[2].rpartition(".")[0]

    @property
    def folder(self) -> str:
        """The path above it, with a slash at its end."""
        return self.name[: self.name.rfind("/") + 1]

    def mentions(self, names: Collection[str]) -> bool:
        """Whether one of these names may occur in it; cheaper than to parse what has none.

        A letter beyond ASCII can stand for one of ASCII in a name.
        """
        return any(not text.isascii() or any(map(text.__contains__, names)) for text in self._texts)

    @cached_property
    def cells(self) -> list[Cell]:
        """What parses of it."""
        labels = [self._label(index) for index in range(len(self._texts))]
        return [
            parse_cell(text, label, self.is_notebook)
            for text, label in zip(self._texts, labels, strict=True)
        ]

    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """The lines of each cell, by the name that its code is compiled under."""
        for index, text in enumerate(self._texts):
            yield self._label(index), split_lines(text)

    def _label(self, index: int) -> str:
        return f"{self.name} cell {index + 1}" if self.is_notebook else self.name

    @cached_property
    def statements(self) -> list[Statement]:
        """All statements at the top, in order."""
        flags = _future_flags(self.cells)
        found: list[Statement] = []
        for index, cell in enumerate(self.cells):
            for node in cell.statements:
                kept = definitions_only(node) if isinstance(node, Compound) else node
                found.append(Statement(kept, len(found), index, cell.label, flags))
        return found

    @cached_property
    def broken(self) -> list[Broken]:
        """All pieces that do not parse."""
        return [broken for cell in self.cells for broken in cell.broken]

    @cached_property
    def guarded(self) -> set[tuple[str, int]]:
        """Labels and lines of imports that the file itself is prepared to see fail."""
        return {
            (statement.label, node.lineno)
            for statement in self.statements
            for attempt in ast.walk(statement.node)
            if isinstance(attempt, ast.Try) and any(map(_catches_import, attempt.handlers))
            for part in attempt.body
            for node in ast.walk(part)
            if isinstance(node, Import)
        }


def _catches_import(handler: ast.ExceptHandler) -> bool:
    names = {n.id for n in ast.walk(handler.type or handler) if isinstance(n, ast.Name)}
    wide = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    return handler.type is None or bool(names & wide)


def _future_flags(cells: list[Cell]) -> int:
    """Flags of the `from __future__` imports: statements are compiled one by one."""
    flags = 0
    for cell in cells:
        for node in cell.statements:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                for alias in node.names:
                    feature = getattr(__future__, alias.name, None)
                    flags |= getattr(feature, "compiler_flag", 0)
    return flags


def rank(file: File, exercise: str) -> int:
    """How well the file's name fits the exercise: 0 by name, 1 loosely, 2 not at all."""
    if file.stem.casefold() == exercise.casefold():
        return 0
    return 1 if _plain(exercise) in _plain(file.stem) else 2


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
