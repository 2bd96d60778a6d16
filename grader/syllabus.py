"""Reads the checks of an exercise: titles, hints, points, and which functions they call."""

import ast
import math
from collections import Counter
from pathlib import Path

from grader.errors import CourseError
from grader.model import Check, Suite
from grader.reading import parse

_POINTS, _BONUS = "mark.points", "mark.bonus"


def read_checks(
    root: Path, path: Path, functions: tuple[str, ...], suite: Suite, way_out: str
) -> tuple[Check, ...]:
    """The checks in one file, in its order.

    Args:
        root: of the course, below which the helpers of checks are found.
        functions: what students write; a check must call at least one of them.
        way_out: what to do where the file is missing.

    Raises:
        CourseError: the file is missing, or something in it would make points go astray.
    """
    tree = parse(path, way_out)
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_test(node)]
    _require_plain_checks(path, tree, nodes)
    reader = _Reader(root, path, tree, functions)
    return tuple(reader.check(node, suite) for node in nodes)


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
        "test_"
    )


def _require_plain_checks(path: Path, tree: ast.Module, nodes: list[ast.FunctionDef]) -> None:
    """Whatever pytest would run or weigh, and this file would not, is a mistake."""
    if not nodes:
        raise CourseError(f"{path} has no check. Write a function whose name starts with test_.")
    name, count = Counter(node.name for node in nodes).most_common(1)[0]
    if count > 1:
        raise CourseError(f"{path} has {count} checks named {name}. Rename all but one.")
    for node in tree.body:
        inner = node.body if isinstance(node, ast.FunctionDef) else [node]
        for part in (part for each in inner for part in ast.walk(each)):
            if _is_test(part) and part not in nodes:
                raise CourseError(
                    f"{path}, line {part.lineno}: {part.name} is no check there. "  # type: ignore[attr-defined]
                    "Write it as a plain function at the top level of the file."
                )
    _require_marks_on_checks(path, tree, nodes)


def _require_marks_on_checks(path: Path, tree: ast.Module, nodes: list[ast.FunctionDef]) -> None:
    on_checks = [mark for node in nodes for mark in _marks(node)]
    everywhere = [node for node in ast.walk(tree) if _mark_of(node)]
    for mark in everywhere:
        if mark not in on_checks:
            raise CourseError(
                f"{path}, line {mark.lineno}: points and bonus count only as decorators. "  # type: ignore[attr-defined]
                "Write @pytest.mark.points(2) or @pytest.mark.bonus right above the check."
            )


def _mark_of(node: ast.AST) -> str | None:
    """Of `pytest.mark.points` and `mark.points` alike, "mark.points"."""
    if not isinstance(node, ast.Attribute) or node.attr not in ("points", "bonus"):
        return None
    name = ".".join(ast.unparse(node).split(".")[-2:])
    return name if name in (_POINTS, _BONUS) else None


def _marks(node: ast.FunctionDef) -> list[ast.expr]:
    bare = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return [decorator for decorator in bare if _mark_of(decorator)]


class _Reader:
    """Reads the checks of one file.

    Attributes:
        modules: what each file defines at its top level, by name; those of the helpers that
            checks import from below tests/ are added as they are met.
    """

    def __init__(
        self, root: Path, path: Path, tree: ast.Module, functions: tuple[str, ...]
    ) -> None:
        self.root = root
        self.path = path
        self.functions = functions
        self.modules = {path: _definitions(tree)}
        self._known: dict[ast.AST, tuple[set[str], dict[ast.AST, Path]]] = {}

    def check(self, node: ast.FunctionDef, suite: Suite) -> Check:
        text = (ast.get_docstring(node) or "").split("\n\n")
        if not text[0].strip():
            raise CourseError(
                f"{self.path}: {node.name} has no docstring. Write one: its first line is the "
                "title that students read, its second paragraph the hint."
            )
        return Check(
            name=node.name,
            title=" ".join(text[0].split()).removesuffix("."),
            hint=" ".join(text[1].split()) if len(text) > 1 else "",
            points=self._points(node),
            bonus=any(_mark_of(mark) == _BONUS for mark in _marks(node)),
            functions=self._called(node),
            suite=suite,
        )

    def _points(self, node: ast.FunctionDef) -> float:
        given = [d for d in node.decorator_list if _POINTS in map(_mark_of, ast.walk(d))]
        if not given:
            return 1.0
        match given:
            case [ast.Call(args=[ast.Constant(value=int() | float() as value)], keywords=[])]:
                if not isinstance(value, bool) and value > 0 and math.isfinite(value):
                    return float(value)
        raise CourseError(
            f"{self.path}: the points of {node.name} must be one positive number, as in "
            "@pytest.mark.points(2)."
        )

    def _called(self, node: ast.FunctionDef) -> tuple[str, ...]:
        words = self._words(node) if _takes_submission(node) else set()
        called = tuple(name for name in self.functions if name in words)
        if not called:
            raise CourseError(
                f"{self.path}: {node.name} calls no function that students write, so whatever "
                "they hand in would pass. Take `submission` as an argument and call one of "
                f"{', '.join(self.functions)} as submission.NAME(...)."
            )
        return called

    def _words(self, node: ast.FunctionDef) -> set[str]:
        """What `submission` is asked for, in a check and in the helpers that it names.

        Texts count too: submission.own("relu"), getattr(submission, "relu").
        """
        words: set[str] = set()
        todo: dict[ast.AST, Path] = {node: self.path}
        met = list(todo)
        for found in met:  # grows as helpers are met
            said, meanings = self._said(todo[found], found)
            words |= said
            met += [each for each in meanings if each not in todo]
            todo |= meanings
        return words

    def _said(self, path: Path, node: ast.AST) -> tuple[set[str], dict[ast.AST, Path]]:
        """The words of one definition, and the definitions that it names with their files."""
        if node not in self._known:
            words: set[str] = set()
            meanings: dict[ast.AST, Path] = {}
            for part in ast.walk(node):
                match part:
                    case ast.Attribute(value=ast.Name(id="submission"), attr=name):
                        words.add(name)
                    case ast.Constant(value=str() as text):
                        words.add(text)
                    case ast.Name(id=name):
                        meanings |= {meant: where for where, meant in self._meaning(path, name)}
            self._known[node] = words, meanings
        return self._known[node]

    def _meaning(self, path: Path, name: str) -> list[tuple[Path, ast.AST]]:
        """Where a name is defined: in the file itself, or in one that it imports it from."""
        node = self.modules[path].get(name)
        if not isinstance(node, ast.ImportFrom):
            return [(path, node)] if node else []
        other = self.root.joinpath(*(node.module or "").split(".")).with_suffix(".py")
        if not other.is_relative_to(self.root / "tests") or not other.is_file():
            return []
        original = next(a.name for a in node.names if name in (a.asname, a.name))
        if other not in self.modules:
            self.modules[other] = _definitions(parse(other, "Write it."))
        return self._meaning(other, original)


def _takes_submission(node: ast.FunctionDef) -> bool:
    return "submission" in {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """The statement that gives each top-level name its meaning."""
    meanings: dict[str, ast.stmt] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                meanings[name] = node
            case ast.ImportFrom(names=aliases):
                meanings.update({alias.asname or alias.name: node for alias in aliases})
            case ast.Assign(targets=targets):
                meanings.update({t.id: node for t in targets if isinstance(t, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name)):
                meanings[name] = node
    return meanings
