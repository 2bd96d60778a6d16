"""The notebook of an exercise, from the text of its stub."""

import ast
from collections.abc import Mapping
from itertools import groupby

import nbformat
from nbformat import NotebookNode, v4

from grader.formulas import require_used
from grader.stubs.layout import Function, Piece, pieces
from grader.stubs.prose import formula_lines, markdown

_HOW = (
    "Write your answers in place of the lines that `raise NotImplementedError`, and save. "
    "To have them checked, run `grader run .` in a terminal, in the folder that you got."
)
_GIVEN = "Written for you; use it where it helps."
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def derive_notebook(exercise: str, stub: str, formulas: Mapping[str, str]) -> str:
    """The notebook with the parts of a stub, each function in a cell of its own below its text.

    The same stub gives the same bytes.

    Args:
        stub: the text of exercises/NAME.py.
        formulas: the LaTeX of formulas of its docstrings, by their text.

    Raises:
        CourseError: a formula is in no docstring.
    """
    tree = ast.parse(stub)
    texts = [_docstring(node) for node in ast.walk(tree) if isinstance(node, Function | ast.Module)]
    require_used(exercise, dict(formulas), {line for text in texts for line in formula_lines(text)})
    cells = _cells(stub, tree, formulas)
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    notebook = v4.new_notebook(cells=cells, metadata=_METADATA)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def _cells(stub: str, tree: ast.Module, formulas: Mapping[str, str]) -> list[NotebookNode]:
    graded = {name for node in tree.body for name in _listed(node)}
    shown = [piece for piece in pieces(stub, tree)[1:] if not _listed(piece.node)]
    cells = [_text(_title(stub, tree, formulas))]
    for kind, group in groupby(shown, lambda piece: _kind(piece.node, graded)):
        together = list(group)
        if kind == "graded":
            for piece in together:
                cells += [_text(_about(piece.node, formulas)), _code([piece])]
        else:
            cells += [_text(_GIVEN)] if kind == "given" else []
            cells.append(_code(together))
    return cells


def _listed(node: ast.stmt) -> tuple[str, ...]:
    """The names in `__all__`, if this is it; in a notebook it has no use."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
            return tuple(ast.literal_eval(value))
    return ()


def _kind(node: ast.stmt, graded: set[str]) -> str:
    if isinstance(node, Function):
        return "graded" if node.name in graded else "given"
    return "given" if isinstance(node, ast.ClassDef) else "setup"


def _title(stub: str, tree: ast.Module, formulas: Mapping[str, str]) -> str:
    for_authors = stub.partition("\n")[0].removeprefix("# ")
    title, _, text = _docstring(tree).partition("\n")
    parts = [f"<!-- {for_authors} -->", f"# {title}", markdown(text, formulas), _HOW]
    return "\n\n".join(part for part in parts if part)


def _about(node: ast.stmt, formulas: Mapping[str, str]) -> str:
    assert isinstance(node, Function)
    return "\n\n".join([f"## `{node.name}`", markdown(_docstring(node), formulas)]).strip()


def _docstring(node: ast.Module | Function) -> str:
    return ast.get_docstring(node) or ""


def _text(source: str) -> NotebookNode:
    return v4.new_markdown_cell(source)  # type: ignore[no-any-return, no-untyped-call]


def _code(together: list[Piece]) -> NotebookNode:
    lines: list[str] = []
    for piece in together:
        blanks = piece.blanks if lines else 0
        lines += [*[""] * blanks, *piece.comments, *piece.lines]
    return v4.new_code_cell("\n".join(lines))  # type: ignore[no-any-return, no-untyped-call]
