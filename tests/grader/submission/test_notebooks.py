"""Notebooks of all formats, broken ones, and ones that attack the process that reads them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderError, SubmissionError
from grader.submission import notebook_process, notebooks, read_submission
from grader.submission.notebook_process import ProblemError, code_cells
from grader.submission.notebooks import Notebook, ReadingLimits, read_notebooks


def cell(source: Any, kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


def book(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}


def dump(notebook: Any) -> bytes:
    return json.dumps(notebook).encode()


def test_code_cells_are_numbered_as_running_all_cells_numbers_them() -> None:
    notebook = book(
        cell("# Title", "markdown"),
        cell("a = 1\r\nb = 2", execution_count=17),
        cell(" \n\t"),
        cell("raw", "raw"),
        cell(["%matplotlib inline\n", "c = 3\n"]),
        cell("# only a comment"),
    )
    assert code_cells(dump(notebook)) == [
        "a = 1\nb = 2",
        "%matplotlib inline\nc = 3\n",
        "# only a comment",
    ]


OLD = [
    pytest.param(
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": "old"},
            "worksheets": [
                {
                    "cells": [
                        {"cell_type": "heading", "level": 1, "source": ["Title"]},
                        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "outputs": []},
                    ]
                },
                {"cells": [{"cell_type": "code", "input": "c = 3", "language": "python"}]},
            ],
        },
        ["a = 1\nb = 2", "c = 3"],
        id="3",
    ),
    pytest.param(
        {
            "nbformat": 2,
            "worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1"}]}],
        },
        ["a = 1"],
        id="2",
    ),
    pytest.param(
        {
            "nbformat": 1,
            "cells": [{"cell_type": "code", "code": "a = 1"}, {"cell_type": "text", "text": "t"}],
        },
        ["a = 1"],
        id="1",
    ),
]


@pytest.mark.parametrize(("notebook", "sources"), OLD)
def test_old_formats_are_upgraded_without_a_word(
    notebook: dict[str, Any], sources: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert read_notebooks({"old.ipynb": dump(notebook)})["old.ipynb"].cells == tuple(sources)
    assert capfd.readouterr() == ("", "")


BROKEN = [
    (b"", "it is empty"),
    (b" \n", "it is empty"),
    (b"a = 1\n", "not JSON"),
    (b'{"cells": [', "not JSON"),
    (b"\xff\xfe\xfd", "not JSON"),
    (b"\x89PNG\r\n\x1a\n", "not JSON"),
    (b"9" * 5000, "not JSON"),
    (b"[]", "no notebook"),
    (b"null", "no notebook"),
    (b"NaN", "no notebook"),
    (b"{}", "format 1 to 4"),
    (dump({"cells": []}), "format 1 to 4"),
    (dump(book(nbformat=5)), "format 1 to 4"),
    (dump(book(nbformat=0)), "format 1 to 4"),
    (dump(book(nbformat="4")), "format 1 to 4"),
    (dump(book(nbformat=True)), "format 1 to 4"),
    (dump(book(nbformat=float("nan"))), "format 1 to 4"),
    (dump({"nbformat": 4}), "no list of cells"),
    (dump(book() | {"cells": {"0": {}}}), "no list of cells"),
    (dump({"nbformat": 3, "worksheets": [{}]}), "no list of cells"),
    (dump({"nbformat": 3, "worksheets": [{"cells": [{"input": "a"}]}]}), "follow format 3"),
    (dump({"nbformat": 1, "cells": [{"cell_type": 1}]}), None),
    (b'{"a":' * 100_000, "too deeply"),
    (b"[" * 200_000, "too deeply"),
    (dump(book(cell("#" * (notebook_process.CODE_CAP + 1)))), "code is larger than 4 MiB"),
]


@pytest.mark.parametrize(("data", "words"), BROKEN)
def test_what_is_no_notebook_is_a_reason_and_never_a_traceback(
    data: bytes, words: str | None
) -> None:
    try:
        code_cells(data)
    except ProblemError as problem:
        assert words is None or words in str(problem)
    else:
        assert words is None


def test_broken_notebooks_cost_only_themselves(capfd: pytest.CaptureFixture[str]) -> None:
    files = {f"{i}.ipynb": data for i, (data, _) in enumerate(BROKEN)}
    found = read_notebooks(files | {"good.ipynb": dump(book(cell("a = 1")))})
    assert found["good.ipynb"] == Notebook(("a = 1",))
    for i, (_, words) in enumerate(BROKEN):
        assert words is None or words in found[f"{i}.ipynb"].problem
    assert capfd.readouterr() == ("", "")


def test_a_broken_cell_does_not_lose_the_notebook() -> None:
    notebook = book(
        cell("a = 1"),
        None,
        7,
        [],
        {},
        {"cell_type": "code"},
        cell({"x": 1}),
        cell(["b", 1, None, " = 2"]),
        {"cell_type": ["code"], "source": "c"},
        {"cell_type": "code", "source": "J_plus =", "outputs": None},
    )
    assert code_cells(dump(notebook)) == ["a = 1", "b = 2", "J_plus ="]


def test_outputs_metadata_and_attachments_do_not_matter() -> None:
    junk = {"nested": [float("nan"), float("inf"), "x" * 400_000]}
    notebook = book(cell("a = 1", outputs=junk, metadata=junk, attachments=junk), metadata=junk)
    assert code_cells(dump(notebook)) == ["a = 1"]


def test_of_two_equal_keys_the_last_counts_as_in_jupyter() -> None:
    data = dump(book(cell("a = 1"))).replace(b'"source": ', b'"source": "b = 2", "source": ')
    assert code_cells(data) == ["a = 1"]


def test_half_a_surrogate_pair_can_be_sent_on() -> None:
    (source,) = code_cells(dump(book(cell("a = '\ud800'"))))
    assert source == "a = '?'"
    assert code_cells(dump(book(cell("a = '\U0001f600'")))) == ["a = '\U0001f600'"]


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert code_cells(b"\xef\xbb\xbf" + dump(book(cell("a = 1")))) == ["a = 1"]


def test_a_notebook_is_a_source_file_of_many_cells(tmp_path: Path) -> None:
    (tmp_path / "week.ipynb").write_bytes(dump(book(cell("a = 1"), cell("b = 2"))))
    (tmp_path / "empty.ipynb").write_bytes(dump(book()))
    (tmp_path / "a.py").write_text("x = 1\n")
    files = read_submission(tmp_path).files
    assert [(file.name, file.cells) for file in files] == [
        ("a.py", ("x = 1\n",)),
        ("empty.ipynb", ()),
        ("week.ipynb", ("a = 1", "b = 2")),
    ]


def test_a_single_notebook_that_is_no_json_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "week.ipynb").write_text("a = 1\n")
    with pytest.raises(SubmissionError) as caught:
        read_submission(tmp_path / "week.ipynb")
    assert str(caught.value) == (
        f"{tmp_path}/week.ipynb cannot be graded: "
        "it is not JSON; open it in Jupyter and save it again."
    )


def test_memory_is_limited_and_the_next_notebook_is_read() -> None:
    bomb = b"[" + b"{}," * 2_000_000 + b"{}]"
    found = read_notebooks(
        {"a.ipynb": bomb, "b.ipynb": dump(book(cell("b = 1")))},
        ReadingLimits(memory_bytes=100 * 2**20),
    )
    assert "memory" in found["a.ipynb"].problem
    assert found["b.ipynb"] == Notebook(("b = 1",))


ENDLESS = """
import struct, sys, time
print("ready", flush=True)
while header := sys.stdin.buffer.read(8):
    data = sys.stdin.buffer.read(struct.unpack("<Q", header)[0])
    if data == b"die": sys.exit(1)
    if data == b"wait": time.sleep(60)
    print('{"cells": ["read"]}', flush=True)
"""


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the process, because json itself cannot be made to hang or to crash."""
    script = tmp_path / "fragile.py"
    script.write_text(ENDLESS)
    monkeypatch.setattr(notebooks, "_SCRIPT", script)
    return script


@pytest.mark.usefixtures("fragile")
def test_a_notebook_that_kills_the_process_costs_only_itself() -> None:
    found = read_notebooks({"a": b"", "b": b"die", "c": b"", "d": b"die", "e": b""})
    assert [found[name].problem[:10] for name in "abcde"] == [
        "",
        "reading it",
        "",
        "reading it",
        "",
    ]


@pytest.mark.usefixtures("fragile")
def test_deaths_are_counted() -> None:
    found = read_notebooks({"a": b"die", "b": b"die", "c": b"die", "d": b""})
    assert "notebooks before it" in found["d"].problem


@pytest.mark.usefixtures("fragile")
def test_a_notebook_that_takes_for_ever_is_killed() -> None:
    limits = ReadingLimits(wall_seconds=0.5)
    found = read_notebooks({"a": b"", "b": b"wait", "c": b""}, limits)
    assert found["a"] == Notebook(("read",))
    assert "time or memory" in found["b"].problem
    assert "notebooks before it" in found["c"].problem


def test_a_process_that_does_not_start_is_our_fault(fragile: Path) -> None:
    fragile.write_text("raise SystemExit(1)")
    with pytest.raises(GraderError, match="does not start"):
        read_notebooks({"a": b""})


def test_no_process_is_started_without_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert read_notebooks({}) == {}


def test_modules_beside_the_submission_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "nbformat", "struct", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "week.ipynb").write_bytes(dump(book(cell("a = 1"))))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert len(read_submission(Path("week.ipynb")).files) == 1


def test_reading_imports_no_nbformat_here() -> None:
    program = "import sys, grader.submission; print('nbformat' in sys.modules)"
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True)
    assert run.stdout == b"False\n"
