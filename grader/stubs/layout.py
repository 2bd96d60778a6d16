"""Source text as statements with the very lines they stand on; knows nothing of courses."""

import ast
import io
import tokenize
from dataclasses import dataclass, replace

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Comments for tools. Those after a signature speak of the body ("noqa: ARG001 - ..."), those that
# steer the formatter must stay with the code they steer.
_FOR_LINTERS = ("# noqa", "# type:", "# pyright:", "# ruff:")
_FOR_FORMATTERS = ("# fmt:",)

_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement of a module.

    Attributes:
        blanks: empty lines above it and its comments.
        comments: lines between those and the statement, blank ones among them.
        lines: of the statement itself, from its first decorator on.
    """

    node: ast.stmt
    blanks: int
    comments: tuple[str, ...]
    lines: tuple[str, ...]


def pieces(source: str, tree: ast.Module) -> list[Piece]:
    """The statements of a module in order; what comes after the last one is left out."""
    lines = source.split("\n")
    found = []
    end = 0
    for node in tree.body:
        start, stop = _first_line(node) - 1, node.end_lineno or node.lineno
        # Indented comments end the body of the function above.
        gap = [line for line in lines[end:start] if not (line[:1].isspace() and line.strip())]
        blanks = next((i for i, line in enumerate(gap) if line.strip()), len(gap))
        found.append(Piece(node, blanks, tuple(gap[blanks:]), tuple(lines[start:stop])))
        end = stop
    return found


def answered_by(piece: Piece, answer: str) -> Piece:
    """A function with its body, but for the docstring, replaced by one line."""
    header = _header(piece.lines)
    docstring = _docstring(piece)
    return replace(piece, lines=(*header, *docstring, *answer.splitlines()))


def without_body_comments(piece: Piece) -> Piece:
    """A function without the comments in its body."""
    header = _header(piece.lines)
    lines = [*header, *piece.lines[len(header) :]]
    for token in reversed(_tokens(lines)):
        row, column = token.start
        if (
            token.type != tokenize.COMMENT
            or row <= len(header)
            or token.string.startswith(_FOR_FORMATTERS)
        ):
            continue
        lines[row - 1] = lines[row - 1][:column].rstrip()
        if not lines[row - 1]:
            _remove(lines, row - 1, len(header))
    return replace(piece, lines=tuple(lines))


def _remove(lines: list[str], index: int, header: int) -> None:
    """Take out a line, and the blank one below it if that would stand where none belongs."""
    del lines[index]
    blank_above = not lines[index - 1] or index == header
    if blank_above and index < len(lines) and not lines[index]:
        del lines[index]


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _header(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The decorators and the signature, to the colon that ends it."""
    row, column = _colon(lines)
    last = lines[row - 1]
    comment = last[column:].strip()
    if not comment.startswith("#") or comment.startswith(_FOR_LINTERS):
        last = last[:column]
    return (*lines[: row - 1], last)


def _colon(lines: tuple[str, ...]) -> tuple[int, int]:
    depth, inside = 0, False
    for token in _tokens(lines):
        depth += _DEPTH.get(token.string, 0)
        if depth == 0 and token.type == tokenize.NAME and token.string == "def":
            inside = True
        if inside and depth == 0 and token.string == ":":
            return token.end
    raise AssertionError("a function has a colon")


def _docstring(piece: Piece) -> list[str]:
    assert isinstance(piece.node, Function)
    first = piece.node.body[0]
    if ast.get_docstring(piece.node, clean=False) is None:
        return []
    start, stop = first.lineno - _first_line(piece.node), first.end_lineno or first.lineno
    lines = list(piece.lines[start : stop - _first_line(piece.node) + 1])
    lines[-1] = _cut(lines[-1], first.end_col_offset or 0)
    lines[0] = "    " + _from(lines[0], first.col_offset)
    return lines


def _cut(line: str, offset: int) -> str:
    """A line to an offset of `ast`, which counts bytes."""
    return line.encode()[:offset].decode()


def _from(line: str, offset: int) -> str:
    return line.encode()[offset:].decode()


def _tokens(lines: tuple[str, ...] | list[str]) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO("\n".join([*lines, ""])).readline))
