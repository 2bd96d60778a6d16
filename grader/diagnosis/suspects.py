"""The reference of an exercise with known mistakes in it, as functions that can be called.

There are hundreds of pairs, so a reference is compiled statement by statement, and only those that
a mistake changes are compiled again.
"""

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from types import CodeType
from typing import Any

from grader.errors import CourseError
from grader.mistakes import Mistake, places, read_mistakes

Functions = dict[str, Any]
Made = tuple[Mistake, ...]  # mistakes that are made together


class Suspects:
    """The mistakes of one exercise.

    Attributes:
        mistakes: in the order of their file; none where that cannot be read.
    """

    def __init__(self, root: Path, exercise: str) -> None:
        self._name = f"reference.{exercise}"
        self._source = (root / "reference" / f"{exercise}.py").read_text("utf-8")
        try:
            self.mistakes = read_mistakes(root, exercise)
        except CourseError:
            self.mistakes = ()  # `grader verify` says so
        statements = ast.parse(self._source).body
        self._starts = _starts(self._source, statements)
        self._codes = [self._compiled(place, ()) for place in range(len(statements))]
        self._bound = [_bound(each) for each in statements]
        self._reached = _reached(statements)
        self._functions: dict[Made, Functions | None] = {}

    def functions(self, made: Made) -> Functions | None:
        """The functions of the reference with these mistakes; None where there is no such thing."""
        if made not in self._functions:
            try:
                self._functions[made] = self._run(self._changed(made))
            except Exception:
                self._functions[made] = None
        return self._functions[made]

    def that_reach(self, functions: Iterable[str]) -> Iterator[Mistake]:
        """The mistakes that can make a difference to what these functions answer."""
        names = set[str]().union(*(self._reached.get(name, {name}) for name in functions))
        for mistake in self.mistakes:
            try:
                changed = self._changed((mistake,))
            except (CourseError, SyntaxError):
                continue
            if any(names & self._bound[place] for place in changed):
                yield mistake

    def _changed(self, made: Made) -> dict[int, CodeType]:
        """The statements that these mistakes change."""
        edits: dict[int, list[tuple[int, Mistake]]] = {}
        for start, mistake in places(self._source, made):
            first, last = (
                bisect_right(self._starts, at) - 1
                for at in (start, start + len(mistake.old.rstrip("\n")) - 1)
            )
            if first != last:
                raise CourseError(f"{mistake.name} changes more than one statement.")
            edits.setdefault(first, []).append((start, mistake))  # type: ignore[arg-type]
        return {place: self._compiled(place, each) for place, each in edits.items()}

    def _compiled(self, place: int, edits: Sequence[tuple[int, Mistake]]) -> CodeType:
        """One statement, with mistakes made in it."""
        at, end = self._starts[place : place + 2]
        parts = []
        for start, mistake in edits:
            parts += [self._source[at:start], mistake.new]
            at = start + len(mistake.old)
        text = "".join([*parts, self._source[at:end]])
        return compile(text, self._name, "exec", dont_inherit=True)

    def _run(self, changed: dict[int, CodeType]) -> Functions:
        functions: Functions = {"__name__": self._name}
        for place, code in enumerate(self._codes):
            exec(changed.get(place, code), functions)  # noqa: S102  # the course's own
        return functions


def _starts(source: str, statements: list[ast.stmt]) -> list[int]:
    """Where each statement begins, and where the last one ends."""
    lines = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    return [lines[_first_line(each) - 1] for each in statements] + [len(source)]


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _reached(statements: Sequence[ast.stmt]) -> dict[str, set[str]]:
    """For each name of a module the names that its definition leads to, itself among them."""
    uses: dict[str, set[str]] = {}
    for statement in statements:
        for name in _bound(statement):
            uses.setdefault(name, {name}).update(_names(statement))
    growing = True
    while growing:
        before = sum(map(len, uses.values()))
        for own in uses.values():
            own.update(*(uses[name] for name in own & uses.keys()))
        growing = sum(map(len, uses.values())) > before
    return uses


def _bound(statement: ast.stmt) -> set[str]:
    """Names of a module that a statement of it binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
