"""Which statements of a file run: what the graded functions need, and no more.

Their definitions are taken and, over and over, what those name. Of several definitions the last
one wins. A file is never run as a whole: loops, calls and prints at the top are there to try the
functions out, and may train for minutes. `rules` says which assignments belong to which.
"""

import ast
from collections.abc import Iterable, Iterator

from .files import File
from .rules import Roles
from .statements import BUILTINS, Import, Statement, module_of


class Selection:
    """What of one file belongs to the functions.

    Attributes:
        notes: what a student should know about what was left, a sentence each.
    """

    def __init__(self, file: File, graded: Iterable[str], helpers: Iterable[str]) -> None:
        self.file = file
        self.notes: list[str] = []
        self._statements = [s for s in file.statements if module_of(s.node) != "__future__"]
        self._roles = Roles(self._statements, graded, helpers)
        self._by_name: dict[str, list[Statement]] = {}
        for statement in self._statements:
            if statement.order not in self._roles.tests:
                for name in statement.binds:
                    self._by_name.setdefault(name, []).append(statement)

    def definition(self, name: str) -> Statement | None:
        """The last statement that makes a function of that name."""
        others = Import | ast.ClassDef | ast.AsyncFunctionDef
        found = [s for s in self._allowed(name, now=False) if not isinstance(s.node, others)]
        return found[-1] if found else None

    def holds(self, name: str) -> bool:
        """Whether that function is there, be it as text that does not parse."""
        return bool(self.definition(name) or self.broken(name))

    def is_written(self, name: str) -> bool:
        """Whether it is there and no stub any more."""
        found = self.definition(name)
        return not _is_stub(found.node) if found else self.holds(name)

    def answer(self, name: str) -> str:
        """What is written of that function, whatever the layout; empty where it does not parse."""
        found = self.definition(name)
        try:
            return ast.dump(found.node) if found else ""
        except RecursionError:  # a sum of a thousand terms; it is like no other
            return self.file.name

    def broken(self, name: str) -> str | None:
        """Why the text of that function could not be read, if there is one."""
        for broken in self.file.broken:
            if name in broken.defines:
                return broken.sentence
        return None

    def closure(self, names: Iterable[str]) -> list[Statement]:
        """The definitions of these functions and all that they need, in source order."""
        chosen: dict[int, Statement] = {}
        todo = [found for name in names if (found := self.definition(name))]
        while todo:
            statement = todo.pop()
            if statement.order not in chosen:
                chosen[statement.order] = statement
                for name, before in _needs(statement):
                    todo += self._makers(name, before)
        return [chosen[order] for order in sorted(chosen)]

    def everything(self) -> list[Statement]:
        """All that may run, for a file that another one imports."""
        out = self._roles.tests | self._roles.never
        return [s for s in self._statements if s.order not in out and not s.is_neutral]

    def _makers(self, name: str, before: int | None) -> list[Statement]:
        """The statements that give a name its value, by a line or by the end of the file."""
        end = len(self.file.statements) if before is None else before
        found = self._allowed(name, now=before is not None)
        if not found:
            return self._unseen(name)
        earlier = [s for s in found if s.order < end]
        chosen = (earlier or found)[-1]
        out = self._roles.never | self._roles.shown
        more = (s for s in self._statements if name in s.extends and s.order not in out)
        return [chosen, *(s for s in more if chosen.order < s.order < end)]

    def _unseen(self, name: str) -> list[Statement]:
        """A name that nothing here makes may come from any star import."""
        for statement in self._by_name.get(name, ())[:1]:
            self.notes.append(
                f"line {statement.node.lineno} of {statement.label} gives `{name}` a value, but "
                "it only tries the functions out, and is not run; a function that uses "
                f"`{name}` has to define it or take it as an argument"
            )
        return [] if name in BUILTINS else [s for s in self._statements if s.is_star]

    def _allowed(self, name: str, now: bool) -> list[Statement]:
        roles = self._roles
        out = roles.never if now else roles.never | roles.shown
        return [s for s in self._by_name.get(name, ()) if s.order not in out]


def _is_stub(node: ast.stmt) -> bool:
    """Whether a function is a docstring, maybe, and `raise NotImplementedError(...)`."""
    body = node.body if isinstance(node, ast.FunctionDef) else []
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    match body:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name))]:
            return name == "NotImplementedError"
    return False


def _needs(statement: Statement) -> Iterator[tuple[str, int | None]]:
    """Names with the place that they are needed at, None for when a function is called."""
    try:
        now, later = statement.needs_now, statement.needs_later
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # it parses and does not compile; whoever runs it will say so
    yield from ((name, statement.order) for name in now)
    yield from ((name, None) for name in later)
