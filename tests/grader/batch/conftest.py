"""A class with everything in it that a class has, and its course."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.whole import Class
from grader.course import open_course
from grader.gradebook.store import Attempt, Gradebook
from grader.model import Isolation, Suite
from tests.grader.conftest import RIGHT, WRONG, write

HEAD = "import os, sys\nimport numpy as np\n\n"
SLOPE = "\ndef slope(Z):\n    return np.where(Z > 0, 1.0, 0.0)\n"


def relu(body: str) -> dict[str, str | bytes]:
    """Everything right but relu, which does this."""
    return {**RIGHT, "relu.py": f"{HEAD}def relu(Z):\n    {body}\n{SLOPE}"}


def packed(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def notebook(*cells: str) -> str:
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c}
        for c in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


FORGED = """os.write(1, b'{"type":"Finished"}\\n'); sys.stdout.write("4 of 4"); sys.exit(0)"""
POISON = "np.maximum = np.minimum; np.add = None; return np.maximum(0.0, Z)"

FOLDERS: dict[str, dict[str, str | bytes]] = {
    "alice": dict(RIGHT),
    "bob": dict(WRONG),
    "carol": relu("return np.clip(Z, 0.0, None)"),
    "dave exits": relu("os._exit(0)"),
    "dora hangs": relu("\n    while True: pass"),
    "emil forges": relu(FORGED),
    "erna poisons": relu(POISON),
    "fred is half done": {"relu.py": f"{HEAD}def relu(Z):\n    raise NotImplementedError\n{SLOPE}"},
    "gina has an error": relu("return Z[7, 7]"),
    "hugo is huge": relu("return np.ones(2_000_000)"),
    "ida is empty": {},
    "jan is broken": {"relu.py": "def relu(Z:\n"},
    "kim is binary": {"relu.py": bytes(range(256)) * 10},
    "lea has other files": {"notes.txt": "later", "relu.pdf": b"%PDF-1.4"},
    "mia swaps": relu("return -np.minimum(0.0, Z)"),
    "zoe": dict(RIGHT),
}
FILES: dict[str, bytes] = {
    "nina.zip": packed(RIGHT),
    "olaf.zip": b"PK\x03\x04 this is no zip",
    "paul.ipynb": notebook(
        HEAD, RIGHT["relu.py"], "%matplotlib inline", RIGHT["softmax.py"]
    ).encode(),
    "quin.py": RIGHT["relu.py"].encode(),
    "rita.pdf": b"%PDF-1.4",
    ".DS_Store": b"\0",
}

NO_GRADE = {"ida is empty", "kim is binary", "lea has other files", "olaf", "rita.pdf"}
POINTS = {
    "alice": 4,
    "bob": 2,
    "carol": 4,
    "dave exits": 2,
    "dora hangs": 2,
    "emil forges": 2,
    "erna poisons": 2,  # what she does to numpy stays with that exercise
    "fred is half done": 1,
    "gina has an error": 2,
    "hugo is huge": 2,
    "jan is broken": 0,
    "mia swaps": 2,
    "nina": 4,
    "paul": 4,
    "quin": 3,
    "zoe": 4,
}


def make_class(folder: Path) -> Path:
    for name, files in FOLDERS.items():
        write(folder / name, files)
    return write(folder, {**FILES})


@pytest.fixture(scope="session")
def course(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, with little patience for what never ends."""
    root = Path(shutil.copytree(small_course, tmp_path_factory.mktemp("batch") / "course"))
    (root / "pyproject.toml").write_text("[tool.grader]\ncpu_seconds = 1\nwall_seconds = 60\n")
    return root


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For reading only."""
    return make_class(tmp_path_factory.mktemp("class") / "submissions")


Kept = dict[str, list[Attempt]]


def kept(gradebook: Path) -> Kept:
    """What a gradebook holds, by student; only times are left out."""
    import sqlite3

    with sqlite3.connect(gradebook) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM students")]
    book = Gradebook(str(gradebook))
    try:
        return {
            name: [replace(each, handed_in=None) for each in book.attempts(name)]
            for name in sorted(names)
        }
    finally:
        book.close()


@pytest.fixture
def opened(course: Path, tmp_path: Path) -> Callable[..., Class]:
    """The course with a gradebook and a place for reports."""

    def open_class(name: str = "out") -> Class:
        book = Gradebook(str(tmp_path / name / "gradebook.sqlite3"))
        return Class(open_course(course), Suite.HIDDEN, book, tmp_path / name, Isolation.LANDLOCK)

    return open_class
