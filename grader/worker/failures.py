"""What is said of an exception in a student's code; the exception itself is never trusted."""

import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any

LONGEST = 500  # characters of a message, and of the code around a line
ABOVE, BELOW, WIDEST = 2, 1, 120  # lines of code, and characters of each


def safe(make: Any, fallback: str, longest: int = LONGEST) -> str:
    """The text that `make()` gives, as a true str that UTF-8 can hold; it may do anything."""
    try:
        text = str.__getitem__(make(), slice(longest))
        return text.encode("utf-8", "replace").decode()
    except BaseException:  # the student's __str__ ran: SystemExit, RecursionError, all there is
        return fallback


def describe(
    error: BaseException, trace: TracebackType | None, lines: dict[str, list[str]]
) -> dict[str, object]:
    """The payload of RAISED: class, message, and the innermost line that is a student's.

    Args:
        lines: the lines of each student file, by the name that it was compiled under.
    """
    file, line = _place(trace, lines)
    kind = type(error)
    return {
        "type": safe(lambda: type.__getattribute__(kind, "__name__"), "Exception", 100),
        "message": safe(lambda: str(error), "(its message could not be read)"),
        "file": file,
        "line": line,
        **_code(lines, file, line),
        "blank": issubclass(kind, NotImplementedError),
        "memory": issubclass(kind, MemoryError),
    }


def here(error: BaseException, lines: dict[str, list[str]]) -> dict[str, object]:
    """`describe` for the exception that is being handled."""
    return describe(error, sys.exc_info()[2], lines)


def _place(
    trace: TracebackType | None, lines: dict[str, list[str]]
) -> tuple[str | None, int | None]:
    file: str | None = None
    line: int | None = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in lines:
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _code(
    lines: dict[str, list[str]], file: str | None, line: int | None
) -> dict[str, str | int | None]:
    """The line with what stands around it, less indented, and how many lines are above it."""
    if file is None or line is None or not 0 < line <= len(lines[file]):
        return {"code": None, "above": 0}
    text = [each.expandtabs(4).rstrip() for each in lines[file]]
    own, inner = text[line - 1], _indent(text[line - 1])
    above = _block(reversed(text[max(line - 1 - ABOVE, 0) : line - 1]), inner, head=True)[::-1]
    around = [*above, own, *_block(text[line : line + BELOW], inner, head=False)]
    outer = min(map(_indent, filter(None, around)))
    code = "\n".join(each[outer:][:WIDEST] for each in around)
    return {"code": safe(lambda: code, ""), "above": len(above)}


def _block(lines: Iterable[str], inner: int, *, head: bool) -> list[str]:
    """The next lines of the block that a line is in, up to one that is less indented."""
    block: list[str] = []
    for line in lines if inner else ():
        if line and _indent(line) < inner:
            block += [line] if head else []
            break
        block.append(line)
    while block and not block[-1]:
        block.pop()
    return block


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
