"""The text of a cell to statements, as much of it as parses.

A cell that is no Python as it stands loses IPython's magics, line by line, so that numbers of
lines stay. If that does not help it is cut at the lines that begin at the margin, and every
piece is tried alone: a broken function does not take the others with it.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_BODY_MAGICS = {"time", "timeit", "capture", "prun", "python", "python3", "snakeviz", "memit"}
_REACH = 40  # pieces that an open bracket or quote may go on for
_WORK = 40_000  # pieces to try for one cell; less reach where there are very many
_MARGIN = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]")
_NEW = re.compile(r"(?:async|def|class)\b|@")
_DEFINED = re.compile(r"^(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_MAGIC = re.compile(r"\s*(?:[%!?]|[\w.]+\?{1,2}\s*$)")
_MAGIC_VALUE = re.compile(r"(\s*[\w., ]+=\s*)[!%]")
_TOKEN = re.compile(
    r"""#.*|\"{3}|'{3}|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[()\[\]{}]""",
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece that does not parse.

    Attributes:
        defines: names of the functions whose text is in it.
        sentence: where and why.
    """

    defines: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, in order; `label` is the file name that its code is compiled under."""

    label: str
    statements: tuple[ast.stmt, ...]
    broken: tuple[Broken, ...]


def split_lines(text: str) -> list[str]:
    """The lines as Python counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse_cell(text: str, label: str, is_notebook: bool) -> Cell:
    """The statements of one cell, or of a whole .py file."""
    lines = split_lines(text.removeprefix("\ufeff"))
    found = _try_parse(lines)
    if not isinstance(found, list) and is_notebook:
        lines = without_magics(lines)
        found = _try_parse(lines)
    if isinstance(found, list):
        return Cell(label, tuple(found), ())
    return _recover(lines, label)


def _try_parse(lines: list[str], first: int = 0) -> "list[ast.stmt] | tuple[int, str]":
    """The statements, or the line and the reason why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\s" in a docstring is not worth a word
            body = ast.parse("\n".join(lines)).body
    except SyntaxError as error:
        return first + (error.lineno or 1), error.msg
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return first + 1, str(error) or "it is nested too deeply"
    if first:
        for statement in body:
            ast.increment_lineno(statement, first)
    return body


def without_magics(lines: list[str]) -> list[str]:
    """The lines with everything that only IPython understands taken out; as many as before."""
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%"):
        if (first[2:].split() or [""])[0] not in _BODY_MAGICS:
            return [""] * len(lines)
        lines = ["" if line is first else line for line in lines]
    return list(_plain_lines(lines))


def _plain_lines(lines: list[str]) -> Iterator[str]:
    scanner = _Scanner()
    goes_on = False  # a magic that ends in a backslash
    for line in lines:
        if goes_on:
            plain = ""
        elif scanner.open:
            plain = line
        else:
            plain = _plain_line(line)
        goes_on = (goes_on or plain != line) and line.rstrip().endswith("\\")
        scanner.scan(plain)
        yield plain


def _plain_line(line: str) -> str:
    if _MAGIC.match(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    value = _MAGIC_VALUE.match(line)
    return value.group(1) + "None" if value else line


class _Scanner:
    """Whether a bracket, a long string or a backslash is open at the end of a line."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._joined = False

    @property
    def open(self) -> bool:
        return bool(self._depth > 0 or self._quote or self._joined)

    def scan(self, line: str) -> None:
        at = 0
        while at <= len(line):
            if self._quote:
                end = _closing(line, self._quote, at)
                if end < 0:
                    break
                at, self._quote = end, ""
            token = _TOKEN.search(line, at)
            if token is None:
                break
            at = token.end()
            self._take(token.group())
        self._joined = not self._quote and line.endswith("\\")

    def _take(self, mark: str) -> None:
        if mark in ('"""', "'''"):
            self._quote = mark
        elif mark in "([{":
            self._depth += 1
        elif mark in ")]}":
            self._depth -= 1


def _closing(line: str, quote: str, at: int) -> int:
    """Where a long string ends, -1 when it goes on."""
    while True:
        end = line.find(quote, at)
        if end < 1 or line[end - 1] != "\\":
            return end + 3 if end >= 0 else -1
        at = end + 1


def _recover(lines: list[str], label: str) -> Cell:
    cuts = [number for number, line in enumerate(lines) if _MARGIN.match(line)]
    cuts.append(len(lines))
    statements: list[ast.stmt] = []
    broken: list[Broken] = []
    at = 0
    while at < len(cuts) - 1:
        found, following = _longest(lines, cuts, at)
        if isinstance(found, list):
            statements += found
        else:
            broken.append(_broken("\n".join(lines[cuts[at] : cuts[at + 1]]), label, *found))
        at = following
    return Cell(label, tuple(statements), tuple(broken))


def _longest(
    lines: list[str], cuts: list[int], at: int
) -> "tuple[list[ast.stmt] | tuple[int, str], int]":
    """The piece that begins at this cut, with those that it goes on in, and the next cut."""
    first = None
    reach = min(_REACH, 2 + _WORK // len(cuts))
    for end in range(at + 1, min(at + reach, len(cuts))):
        piece = lines[cuts[at] : cuts[end]]
        found = _try_parse(piece, cuts[at])
        if isinstance(found, list):
            return found, end
        first = first or found
        if not _goes_on(piece):
            if any(_NEW.match(lines[cut]) for cut in cuts[at + 1 : end]):
                break  # a bracket too few or too many: what it ran into may be whole
            return found, end
    return first or (cuts[at] + 1, "invalid syntax"), at + 1


def _goes_on(piece: list[str]) -> bool:
    scanner = _Scanner()
    for line in piece:
        scanner.scan(line)
    return scanner.open or piece[0].startswith("@")


def _broken(text: str, label: str, line: int, reason: str) -> Broken:
    defines = tuple(_DEFINED.findall(text))
    return Broken(defines, f"line {line} of {label} does not parse: {reason[:200]}")
