"""One top-level statement: what it binds, what it needs, and what kind of thing it is."""

import ast
import builtins
import dis
import inspect
from collections.abc import Iterator
from functools import cached_property
from types import CodeType

Compound = ast.If | ast.Try
Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
Import = ast.Import | ast.ImportFrom
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

BUILTINS = frozenset(dir(builtins))
_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
_AT_ONCE = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
_MAKERS = {"partial", "partialmethod", "vectorize", "lru_cache", "cache", "wraps", "jit", "njit"}
_SETTINGS = {
    *("seed", "set_printoptions", "seterr", "use", "simplefilter", "filterwarnings", "rc"),
    *("set_style", "set_theme", "set_context", "basicConfig", "reload", "set_option"),
    *("magic", "run_line_magic", "set_matplotlib_formats"),
}


class Statement:
    """A statement at the top of a file.

    Attributes:
        order: place in the file, over all cells.
        cell: index of its cell.
        label: file name that it is compiled under.
    """

    def __init__(self, node: ast.stmt, order: int, cell: int, label: str, flags: int = 0) -> None:
        self.node = node
        self.order = order
        self.cell = cell
        self.label = label
        self._flags = flags

    @cached_property
    def code(self) -> CodeType:
        """Compiled; SyntaxError for what parses and yet is no program (`break` in a function)."""
        tree = ast.Module([self.node], [])
        code: CodeType = compile(tree, self.label, "exec", flags=self._flags, dont_inherit=True)
        return code

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names that it gives a value, whatever they had before."""
        return frozenset(_bound(self.node))

    @cached_property
    def extends(self) -> frozenset[str]:
        """Names whose value it changes: `total += 1`, `settings["size"] = 3`."""
        return frozenset(_extended(self.node))

    @cached_property
    def needs_now(self) -> frozenset[str]:
        """Global names that it loads while it runs, as the compiler sees it."""
        return frozenset(_loads(self.code, now=True))

    @cached_property
    def needs_later(self) -> frozenset[str]:
        """Global names that the functions which it makes load when they are called."""
        return frozenset(_loads(self.code, now=False))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """All names in it, local ones too."""
        return frozenset(n.id for n in ast.walk(self.node) if isinstance(n, ast.Name))

    @cached_property
    def loads(self) -> frozenset[str]:
        """Names that it loads while it runs, from the syntax alone."""
        return frozenset(
            node.id
            for node in walk_now(self.node)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )

    @property
    def is_star(self) -> bool:
        """Whether it is `from module import *`."""
        return isinstance(self.node, ast.ImportFrom) and self.node.names[0].name == "*"

    @cached_property
    def is_main_block(self) -> bool:
        """Whether it is `if __name__ == "__main__":`, which an import never runs."""
        return _is_main_block(self.node)

    @cached_property
    def is_function(self) -> bool:
        """Whether it is a definition, or an assignment that is as good as one."""
        if isinstance(self.node, Definition):
            return True
        value = getattr(self.node, "value", None)
        if isinstance(value, ast.Lambda):
            return True
        return isinstance(value, ast.Call) and _last_name(value.func) in _MAKERS

    @cached_property
    def is_constant(self) -> bool:
        """Whether all that it binds is spelled as a constant: EPSILON, not W1."""
        return bool(self.binds) and all(
            len(name) > 2 and name.isupper() and name[:3].isalpha() for name in self.binds
        )

    @cached_property
    def is_neutral(self) -> bool:
        """Whether it says nothing about the cell: a docstring, pass, a setting."""
        node = self.node
        if isinstance(node, ast.Pass):
            return True
        if not isinstance(node, ast.Expr):
            return False
        value = node.value
        if isinstance(value, ast.Call):
            return _last_name(value.func) in _SETTINGS
        return isinstance(value, ast.Constant)

    @cached_property
    def calls(self) -> bool:
        """Whether it calls anything while it runs."""
        return any(isinstance(node, ast.Call) for node in walk_now(self.node))


def walk_now(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that run when it does: not the bodies of functions."""
    todo = [node]
    while todo:  # no recursion: `1 + 1 + 1 + ...` may be thousands deep
        part = todo.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(part)
            continue
        todo.append(part.args)
        if not isinstance(part, ast.Lambda):
            todo += part.decorator_list


def module_of(node: ast.stmt) -> str:
    """The top-level module that an import names, else an empty text."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0]
    if isinstance(node, ast.Import):
        return node.names[0].name.partition(".")[0]
    return ""


def _is_main_block(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test)
    )


def definitions_only(node: Compound) -> Compound:
    """An `if` or `try` at the top, without what tries things out in its branches."""
    if _is_main_block(node):
        return node
    _keep(node, "body", "orelse", *(["finalbody"] if isinstance(node, ast.Try) else []))
    for handler in node.handlers if isinstance(node, ast.Try) else ():
        _keep(handler, "body")
    return node


def _keep(node: ast.AST, *fields: str) -> None:
    wanted = Definition | Assignment | Import | Compound | ast.Raise | ast.Pass
    for field in fields:
        body: list[ast.stmt] = getattr(node, field)
        kept = [part for part in body if isinstance(part, wanted)]
        for part in kept:
            if isinstance(part, Compound):
                definitions_only(part)
        if body and not kept:
            kept = [ast.copy_location(ast.Pass(), body[0])]
        setattr(node, field, kept)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):  # partial(...)(...)
        return ""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, Import):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _names(target)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield from _names(node.target)
    elif isinstance(node, Compound):
        for part in _branches(node):
            yield from _bound(part)


def _extended(node: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = [part for part in node.targets if isinstance(part, ast.Attribute | ast.Subscript)]
    elif isinstance(node, ast.AugAssign):
        targets = [node.target]
    for target in targets:
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def _branches(node: Compound) -> Iterator[ast.stmt]:
    yield from node.body
    yield from node.orelse
    if isinstance(node, ast.Try):
        yield from node.finalbody
        for handler in node.handlers:
            yield from handler.body


def _names(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _loads(code: CodeType, now: bool) -> Iterator[str]:
    """Names of globals that the code loads: at once, or in the functions that it makes."""
    for part, at_once in _codes(code, True):
        if at_once is now:
            for instruction in dis.get_instructions(part):
                if instruction.opname in _LOADS:
                    yield str(instruction.argval)


def _codes(code: CodeType, at_once: bool) -> Iterator[tuple[CodeType, bool]]:
    yield code, at_once
    for part in code.co_consts:
        if isinstance(part, CodeType):
            is_class = not part.co_flags & inspect.CO_OPTIMIZED
            runs = at_once and (is_class or part.co_name in _AT_ONCE)
            yield from _codes(part, runs)
