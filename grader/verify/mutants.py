"""Mutants: every small change of a reference's functions that could be a mistake.

They are generated with libcst, because the tools that mutate whole projects (mutmut, cosmic-ray)
offer no list of mutants to others, and know neither dropped statements nor swapped arguments nor
axes. Left out is what cannot count: what Python compiles to the same code as the reference or as
another mutant, so that code that is never reached is left out as well, b - a for a - b where only
the size of it is looked at, and f(b, a) for f(a, b) where f shows that it is the same.
"""

import ast
import itertools
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider

from grader.verify.difference import difference
from grader.verify.expressions import EXCHANGED, SWAPPED, Change, expression_changes
from grader.verify.functions import written_functions
from grader.verify.statements import statement_changes
from grader.verify.symmetry import even_places, is_difference, two_way_functions


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference with one small change.

    Attributes:
        line: of the change, counted from the line of the `def`, which is 1.
        kind: of the change, "operator" or "arguments swapped".
        old: the lines that change, as they are in the reference.
        new: what stands there in the mutant.
        source: the whole file.
        number: tells apart the mutants that would have the same name; 0 for the first.
    """

    exercise: str
    function: str
    line: int
    kind: str
    old: str
    new: str
    source: str
    number: int = 0

    @property
    def name(self) -> str:
        """Where it is and what it changes; the same as long as the function is."""
        change = " ".join(f"{self.old.strip()} -> {self.new.strip() or 'nothing'}".split())
        again = f" ({self.number + 1})" if self.number else ""
        return f"{self.function}:{self.line} {self.kind}: {change}{again}"


def mutants_of(exercise: str, source: str, functions: tuple[str, ...]) -> list[Mutant]:
    """All mutants of what students write: the functions, and the private ones that these need."""
    wanted = written_functions(source, functions)
    text = _Text(source)
    found: list[Mutant] = []
    for statement in text.module.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value in wanted:
            found += _of_function(exercise, text, statement)
    return _numbered(found)


class _Text:
    """A source with the place of every node in it."""

    def __init__(self, source: str) -> None:
        wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
        self.source = source
        self.module = wrapper.module
        self._ranges = wrapper.resolve(WhitespaceInclusivePositionProvider)
        lines = source.splitlines(keepends=True)
        self.two_way = two_way_functions(self.module)
        self._starts = [0, *itertools.accumulate(map(len, lines))]

    def place(self, node: cst.CSTNode) -> tuple[int, int]:
        """From where to where a node goes."""
        found = self._ranges[node]
        start, end = (self._starts[at.line - 1] + at.column for at in (found.start, found.end))
        return start, end


def _of_function(exercise: str, text: _Text, function: cst.FunctionDef) -> Iterator[Mutant]:
    start, end = text.place(function)
    before, own, after = text.source[:start], text.source[start:end], text.source[end:]
    lead = next(i for i, line in enumerate(own.splitlines()) if line.startswith(("def ", "@")))
    seen = {None, _compiled(own)}
    for node, kind, new in _changes(function, text.two_way):
        first, last = (at - start for at in text.place(node))
        changed = own[:first] + text.module.code_for_node(new) + own[last:]
        if (code := _compiled(changed)) in seen:
            continue
        seen.add(code)
        line, old_lines, new_lines = difference(own, changed)
        yield Mutant(
            exercise,
            function.name.value,
            line - lead + 1,
            kind,
            "".join(old_lines),
            "".join(new_lines),
            before + changed + after,
        )


def _changes(
    function: cst.FunctionDef, two_way: set[str]
) -> Iterator[tuple[cst.CSTNode, str, cst.CSTNode]]:
    """Every change of every node; what only people read is left alone."""
    even = set(even_places(function))
    yield from statement_changes(function)
    for child in function.params, function.body:
        for node, kind, new in _below(child, function):
            same = (kind == SWAPPED and is_difference(node) and node in even) or (
                kind == EXCHANGED and _calls(node, two_way)
            )
            if not same:
                yield node, kind, new


def _calls(node: cst.CSTNode, functions: set[str]) -> bool:
    """Whether it is a call of one of these functions of the file."""
    func = node.func if isinstance(node, cst.Call) else None
    return isinstance(func, cst.Name) and func.value in functions


def _below(
    node: cst.CSTNode, parent: cst.CSTNode
) -> Iterator[tuple[cst.CSTNode, str, cst.CSTNode]]:
    change: Change
    for change in expression_changes(node, parent):
        yield node, *change
    for child in node.children:
        if not isinstance(child, _FOR_PEOPLE) and not _is_key(child, node):
            yield from _below(child, node)


_FOR_PEOPLE = (
    cst.Annotation,
    cst.Decorator,
    cst.Raise,
    cst.Assert,
    cst.BaseParenthesizableWhitespace,
)


def _is_key(node: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """Texts that select an entry, or stand alone: another one is an error at once, or nothing."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        return isinstance(parent, cst.Expr | cst.Index)
    return isinstance(node, cst.FormattedString)


def _numbered(mutants: list[Mutant]) -> list[Mutant]:
    names: Counter[str] = Counter()
    numbered = []
    for mutant in mutants:
        numbered.append(replace(mutant, number=names[mutant.name]))
        names[mutant.name] += 1
    return numbered


def _compiled(source: str) -> Any:
    """What Python makes of a text, line numbers left out; None if it does not compile."""
    with warnings.catch_warnings(action="ignore"):  # a mutant may well look odd
        try:
            tree = _Plainer().visit(ast.parse(source))
            return _essence(compile(tree, "reference", "exec", dont_inherit=True))
        except (SyntaxError, ValueError):
            return None


class _Plainer(ast.NodeTransformer):
    """`x = x` is the same as nothing."""

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        same = [ast.unparse(target) for target in node.targets] == [ast.unparse(node.value)]
        return ast.copy_location(ast.Pass(), node) if same else node


def _essence(code: CodeType) -> tuple[Any, ...]:
    constants = tuple(
        _essence(each) if isinstance(each, CodeType) else (type(each), repr(each))
        for each in code.co_consts
    )
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_name, code.co_code, constants, names, code.co_argcount, code.co_kwonlyargcount
