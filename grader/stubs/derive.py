"""Which parts of a reference a stub keeps."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from grader.errors import CourseError
from grader.mistakes import Mistake, apply
from grader.stubs.layout import Function, Piece, answered_by, pieces, without_body_comments

COMMAND = "grader stubs"

_FAULTY = "# Written already. Is it right? Find out, and correct what is not."
_WIDTH = 100  # of a line, as ruff is told in pyproject.toml


def derive_stub(exercise: str, source: str, mistakes: Sequence[Mistake]) -> str:
    """The stub of an exercise from the text of its reference.

    Functions of `__all__` keep their signature and docstring; one with planted mistakes keeps its
    body as well, with these made, without comments, and with one above it that sends students
    looking. Everything else stays, but private names stay only if something that stays needs them.

    Raises:
        CourseError: names the file and what to change in it.
    """
    file = f"reference/{exercise}.py"
    planted = [mistake for mistake in mistakes if mistake.planted]
    text = apply(source, planted)
    tree = _parse(file, text, planted)
    graded = _graded(file, tree)
    faulty = _faulty(file, graded, planted)
    shown = [_shown(piece, graded, faulty) for piece in pieces(text, tree)]
    stub = "\n".join([_title(file), *_lines(file, shown), ""])
    _parse(f"the stub of {file}", stub, planted)
    return stub


def _title(file: str) -> str:
    return f'# For authors: derived from {file} by "{COMMAND}"; make changes there.'


def _parse(file: str, text: str, planted: list[Mistake]) -> ast.Module:
    try:
        tree = ast.parse(text)
        compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        made = f" with {', '.join(m.name for m in planted)} planted" if planted else ""
        raise CourseError(
            f"{file}{made} does not parse: {error.msg}, line {error.lineno}. Mend that line."
        ) from None
    return tree


def _graded(file: str, tree: ast.Module) -> set[str]:
    """The functions that students write; each must be one of the file."""
    functions = {node.name for node in tree.body if isinstance(node, Function)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and _bound(node) == {"__all__"}:
            graded = _plain_names(file, node.value)
            for name in sorted(graded - functions):
                raise CourseError(
                    f'{file}: __all__ lists "{name}", which is no function of the file. '
                    "Write it, or take it out."
                )
            return graded
    raise CourseError(f"{file} has no __all__. List the functions that students write.")


def _plain_names(file: str, value: ast.expr) -> set[str]:
    try:
        return set(ast.literal_eval(value))
    except (ValueError, TypeError):
        raise CourseError(f"{file}: __all__ must be a plain list of names.") from None


def _faulty(file: str, graded: set[str], planted: list[Mistake]) -> set[str]:
    for mistake in planted:
        if mistake.function not in graded:
            raise CourseError(
                f"{mistake.name} is planted in {mistake.function}, which __all__ of {file} does "
                "not list. Correct its function."
            )
    return {mistake.function for mistake in planted}


def _shown(piece: Piece, graded: set[str], faulty: set[str]) -> Piece:
    """The statement as the stub has it, should it keep it."""
    if not isinstance(piece.node, Function) or piece.node.name not in graded:
        return piece
    if piece.node.name in faulty:
        return replace(without_body_comments(piece), comments=(*piece.comments, _FAULTY))
    return answered_by(piece, _answer(piece.node.name))


def _answer(name: str) -> str:
    line = f'    raise NotImplementedError("Write {name} here.")'
    if len(line) <= _WIDTH:
        return line
    return f'    raise NotImplementedError(\n        "Write {name} here."\n    )'


def _lines(file: str, shown: list[Piece]) -> list[str]:
    """The lines of what is kept, apart from each other as they and what was between them were."""
    kept = _kept(shown)
    lines: list[str] = []
    blanks = 0
    for piece in shown:
        blanks = max(blanks, piece.blanks)
        if piece in kept:
            _require_own_names(file, piece)
            lines += [*[""] * blanks, *piece.comments, *piece.lines]
            blanks = 0
    return lines


def _kept(shown: list[Piece]) -> list[Piece]:
    """All pieces but the private ones that no kept piece needs."""
    kept = [piece for piece in shown if not _is_private(piece.node)]
    needed = [piece for piece in shown if _is_private(piece.node)]
    while True:
        used = {name for piece in kept for name in _used(piece)}
        more = [piece for piece in needed if piece not in kept and _bound(piece.node) & used]
        if not more:
            return kept
        kept += more


def _is_private(node: ast.stmt) -> bool:
    names = _bound(node)
    private = all(name.startswith("_") and not name.endswith("__") for name in names)
    return bool(names) and (private or _is_of_the_references(node))


def _is_of_the_references(node: ast.stmt) -> bool:
    """Whether it imports another reference, which students do not have."""
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "reference"
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] == "reference" for alias in node.names)
    return False


def _require_own_names(file: str, piece: Piece) -> None:
    if _is_of_the_references(piece.node):
        raise CourseError(
            f"{file}, line {piece.node.lineno}, imports a reference for a part that students get. "
            "Write what that part needs into the file."
        )


def _used(piece: Piece) -> set[str]:
    """The names in the lines that a stub shows of a statement."""
    tree = ast.parse("\n".join(piece.lines))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement of a module gives a meaning, where that is plain to see."""
    if isinstance(node, Function | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    targets: list[ast.expr] = getattr(node, "targets", None) or [getattr(node, "target", node)]
    names = [part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    return {name.id for name in names} if isinstance(node, ast.Assign | ast.AnnAssign) else set()
