"""What is said of an exception in a student's code; the exception itself is never trusted."""

import sys
from types import TracebackType
from typing import Any

LONGEST = 500  # characters of a message


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
        "code": _code(lines, file, line),
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


def _code(lines: dict[str, list[str]], file: str | None, line: int | None) -> str | None:
    if file is None or line is None or not 0 < line <= len(lines[file]):
        return None
    text = lines[file][line - 1].strip()
    return safe(lambda: text, "", 200)
