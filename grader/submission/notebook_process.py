"""A process that reads notebooks and can be killed; run by its path, so it imports no grader.

Standard input: notebooks, each behind its length (8 bytes, little-endian). Standard output: the
line "ready", then one line of JSON for each notebook, {"cells": [...]} or {"problem": "..."}.
Arguments: bytes of memory and seconds of CPU that it may use.

Which cells: the code cells that are not blank, from the top. So the seventh is the one that
Jupyter marks `In [7]` after "Restart and run all", whatever the notebook's saved numbers say:
markdown has no number, and running a blank cell does not count.

Outputs, metadata and attachments are gone before nbformat, which knows the formats, sees it.
"""

import contextlib
import gc
import json
import resource
import struct
import sys
from typing import Any

import nbformat

CODE_CAP = 4 * 2**20  # characters of a notebook's code, as much as a Python file may have
CURRENT = 4

# The keys that code is made of, in all formats; outputs, metadata and attachments are not.
_CELL_KEYS = ("cell_type", "source", "input", "code", "text")


class ProblemError(Exception):
    """The notebook cannot be read; the message is the reason and the way out."""


def code_cells(data: bytes) -> list[str]:
    """The sources of the code cells that are not blank, in order.

    Raises:
        ProblemError: it is no notebook, or one that is broken or too large.
    """
    notebook = _parse(data)
    major = notebook.get("nbformat")
    if type(major) is not int or not 1 <= major <= CURRENT:
        raise ProblemError(
            "it does not say that it is a notebook of format 1 to 4; "
            "open it in Jupyter and save it again"
        )
    cells = _cells(_read(notebook, major))
    sources = [_source(cell) for cell in cells if _is_code(cell)]
    if sum(map(len, sources)) > CODE_CAP:
        raise ProblemError(f"its code is larger than {CODE_CAP // 2**20} MiB")
    return [source for source in sources if source.strip()]


def _parse(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise ProblemError("it is empty; save it in Jupyter and hand it in again")
    try:
        notebook = json.loads(data)
    except RecursionError:
        raise ProblemError("it is nested too deeply to be a notebook") from None
    except ValueError:
        raise ProblemError("it is not JSON; open it in Jupyter and save it again") from None
    if not isinstance(notebook, dict):
        raise ProblemError("it is JSON but no notebook; open it in Jupyter and save it again")
    return notebook


def _read(notebook: dict[str, Any], major: int) -> dict[str, Any]:
    """What nbformat makes of the notebook, without everything that is no code."""
    sheets = notebook.get("worksheets", [])
    stripped: dict[str, Any] = {"nbformat": major, "nbformat_minor": 0, "metadata": {}}
    if major == CURRENT:
        stripped["cells"] = [_code(cell) for cell in _cells(notebook) if _is_code(cell)]
    elif major == 1:
        stripped["cells"] = _stripped(notebook)
    else:
        sheets = [sheet for sheet in sheets if isinstance(sheet, dict)] if sheets else []
        stripped["worksheets"] = [{"metadata": {}, "cells": _stripped(sheet)} for sheet in sheets]
    try:
        return nbformat.reads(json.dumps(stripped), as_version=CURRENT)  # type: ignore[no-any-return, no-untyped-call]
    except Exception:  # it is not ours to know how nbformat fails on what is no notebook
        raise ProblemError(
            f"it does not follow format {major}; open it in Jupyter and save it again"
        ) from None


def _stripped(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    common = {"language": "python", "metadata": {}, "outputs": []}
    return [
        {key: cell[key] for key in _CELL_KEYS if key in cell} | common for cell in _cells(sheet)
    ]


def _is_code(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _code(cell: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {"metadata": {}, "outputs": [], "execution_count": None}
    return {"cell_type": "code", "source": _source(cell)} | empty


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise ProblemError("it has no list of cells; open it in Jupyter and save it again")
    return [cell for cell in cells if isinstance(cell, dict)]


def _source(cell: dict[str, Any]) -> str:
    """The source of a cell, which is saved as one string or as a list of its lines."""
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair: "?"


def _answer(data: bytes) -> dict[str, Any]:
    try:
        return {"cells": code_cells(data)}
    except ProblemError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": "reading it takes more memory than is allowed"}


def _limit(memory: int, cpu: int) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS does not know all of them
            resource.setrlimit(kind, (value, value))


def main() -> None:
    """Read notebooks until standard input ends."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    gc.disable()  # JSON has no cycles
    print("ready", flush=True)  # noqa: T201
    while len(header := sys.stdin.buffer.read(8)) == 8:
        data = sys.stdin.buffer.read(struct.unpack("<Q", header)[0])
        print(json.dumps(_answer(data)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
