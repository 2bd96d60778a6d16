"""What in a file belongs to the functions, and what only tries them out.

An assignment at the top (`EPSILON = 1e-7`, `relu = lambda z: ...`, `rng = default_rng(0)`) is
taken if it belongs to the functions. It belongs to the trying out, and is left, so that
`x, theta = 2, 4` further down never stands in for a variable that a student forgot to define,

 1. when its value calls a graded function, a function that leads to one, or anything from the
    course's helper modules; or uses what such an assignment made; always; and
 2. when what it binds is used at the top of the file by code that tries functions out; or
 3. when it stands below the last definition of a cell that tries functions out (a .py file is
    one cell).

Rules 2 and 3 spare what is a function (lambda, alias, partial), constants by their spelling
(three capitals), and whatever a definition needs while it is made, as a default value is.
"""

import ast
from collections.abc import Iterable, Sequence
from functools import cached_property

from .statements import BUILTINS, Assignment, Compound, Definition, Import, Statement, module_of

_NOWHERE = 1 << 60


class Roles:
    """Sorts the statements of a file, for one exercise.

    Attributes:
        tests: orders of the statements that try functions out and bind nothing we would take.
        never: orders of assignments that are out by rule 1.
        shown: orders of assignments that are out by rules 2 and 3.
    """

    def __init__(
        self, statements: Sequence[Statement], graded: Iterable[str], helpers: Iterable[str]
    ) -> None:
        self.tests: set[int] = set()
        self.never: set[int] = set()
        self.shown: set[int] = set()
        self._statements = statements
        self._graded = frozenset(graded)
        self._helpers = frozenset(helpers)
        self._find_tests()
        self._find_never()
        self._find_shown()

    @cached_property
    def _bound(self) -> set[str]:
        return {name for s in self._statements for name in s.binds}

    @cached_property
    def _functions(self) -> set[str]:
        return {name for s in self._statements if s.is_function for name in s.binds}

    @cached_property
    def _tainted(self) -> set[str]:
        """Names whose call tries a graded function out, or comes from the course's helpers."""
        tainted = set(self._graded)
        before = -1
        while len(tainted) != before:
            before = len(tainted)
            for statement in self._statements:
                if statement.is_function and statement.mentions & tainted:
                    tainted |= statement.binds
        for statement in self._statements:
            if module_of(statement.node) in self._helpers:
                tainted |= statement.binds
        return tainted

    @cached_property
    def _has_star(self) -> bool:
        """Whether names may come from a helper module unseen."""
        return any(s.is_star and module_of(s.node) in self._helpers for s in self._statements)

    def _find_tests(self) -> None:
        kept = Assignment | Definition | Import | Compound
        for statement in self._statements:
            takes = isinstance(statement.node, kept) and not statement.is_main_block
            if not takes and not statement.is_neutral:
                self.tests.add(statement.order)

    def _find_never(self) -> None:
        made: set[str] = set()  # by trying functions out, at this line
        for statement in self._statements:
            if statement.order in self.tests or statement.is_function:
                continue
            if isinstance(statement.node, Assignment | Compound):
                if statement.loads & made or self._tries(statement):
                    self.never.add(statement.order)
                    made |= statement.binds | statement.extends
                else:
                    made -= statement.binds

    def _tries(self, statement: Statement) -> bool:
        unseen = self._has_star and not statement.loads <= self._bound | BUILTINS
        return statement.calls and (unseen or bool(statement.loads & self._tainted))

    def _find_shown(self) -> None:
        trying = self.tests | self.never
        used = {name for s in self._statements if s.order in trying for name in s.loads}
        below = self._last_definitions()
        for statement in self._statements:
            if self._is_data(statement) and (
                statement.binds & used or statement.order > below.get(statement.cell, _NOWHERE)
            ):
                self.shown.add(statement.order)

    def _last_definitions(self) -> dict[int, int]:
        """For each cell that tries functions out, the place of its last definition."""
        imported = {
            name for s in self._statements if isinstance(s.node, Import) for name in s.binds
        }
        own = self._tainted | (self._bound - imported)
        last: dict[int, int] = {}
        for s in self._statements:
            if s.order in self.never or (s.order in self.tests and s.loads & own):
                last[s.cell] = -1
        for s in self._statements:
            if s.cell in last and isinstance(s.node, Definition):
                last[s.cell] = s.order
        return last

    def _is_data(self, statement: Statement) -> bool:
        """Whether rules 2 and 3 are about it."""
        node = statement.node
        if not isinstance(node, Assignment) or statement.is_function or statement.is_constant:
            return False
        is_alias = isinstance(node.value, ast.Name) and node.value.id in self._functions
        return not is_alias
