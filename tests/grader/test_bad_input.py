"""Whatever cannot be graded ends in one sentence that names the file and the way out."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import OutputError
from grader.report.files import require_place
from tests.grader.conftest import RIGHT, Command, fingerprint, write


@pytest.fixture
def desk(small_course: Path, tmp_path: Path) -> Path:
    """A working folder with a good submission and much that is none."""
    folder = tmp_path / "desk"
    write(folder / "sub", RIGHT)
    write(folder / "empty", {})
    write(folder / "other", {"notes.txt": "x", "plot.png": b"\x89PNG\r\n"})
    write(folder / "unreadable", {"relu.py": b"\x7fELF\x00\x01\x02"})
    write(folder / "grader-report", RIGHT)
    write(folder / "kit", {"README.md": "mine"})
    write(
        folder,
        {
            "relu.py": b"\x7fELF\x00\x01\x02",
            "plot.png": b"\x89PNG\r\n",
            "relu.ipynb": '{"cells": [',
            "list.ipynb": "[1, 2]",
            "sub.zip": b"PK\x03\x04 no more",
            "file": "in the way",
        },
    )
    shutil.copytree(small_course, folder / "course")
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("run nowhere", "nowhere does not exist; give a folder, a .py file"),
        ("run nowhere/relu.py", "nowhere/relu.py does not exist; give a folder, a .py file"),
        ("run empty", "empty holds no .py or .ipynb file; give the folder with the answers"),
        ("run other", "other holds no .py or .ipynb file; give the folder with the answers"),
        ("run relu.py", "relu.py cannot be graded: "),
        ("run unreadable", "unreadable holds nothing that can be graded; relu.py: "),
        ("run plot.png", "plot.png cannot be graded: files like it are not read; give a folder"),
        ("run relu.ipynb", "relu.ipynb cannot be graded: "),
        ("run list.ipynb", "list.ipynb cannot be graded: "),
        ("run sub.zip", "sub.zip cannot be graded: it is damaged or is no zip file; pack it again"),
        ("run sub --course nowhere", "--course nowhere does not exist. Name the folder of a"),
        ("run sub --course other", "--course other is no course (a folder with reference/ and "),
        ("run sub --course file", "--course file is no course (a folder with reference/ and "),
        ("list --course other", "--course other is no course (a folder with reference/ and "),
        ("stubs --course other", "--course other is no course (a folder with reference/ and "),
        ("kit new --course other", "--course other is no course (a folder with reference/ and "),
        ("kit course", "course is a course. Name another folder for the kit."),
        ("kit course/reference", "reference lies in a room of the course. Name another"),
        ("kit file", "file is no folder. Name another folder for the kit."),
        ("kit file/a", "file/a/syllabus.json cannot be written (Not a directory). Free the place"),
        ("kit kit", "kit/README.md would be overwritten. Name another folder, or move it away."),
        ("run sub --only relu --only rule", 'has no exercise "rule". It has: relu, softmax.'),
        ("run sub --out sub", "--out sub lies inside the submission, into which nothing is "),
        ("run sub --out sub/a/b", "--out sub/a/b lies inside the submission, into which nothing"),
        ("run sub --out course/../sub/a", "lies inside the submission, into which nothing is"),
        ("run grader-report", "grader-report lies inside the submission, into which nothing is"),
        ("run sub --out file", "file (it is no folder); name a folder that you may write to."),
        ("run sub --out file/a", "file/a (file is no folder); name a folder that you may"),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_file_and_the_way_out(
    grader: Command, desk: Path, arguments: str, words: str
) -> None:
    before = fingerprint(desk)
    command = arguments.split()
    own = [] if "--course" in command else ["--course", "course"]
    ran = grader(*command, *own, cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: ")
    assert words in ran.err
    assert ran.err.endswith(".\n")
    assert ran.err.count("\n") == 1
    assert fingerprint(desk) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("run sub --nothing", "No such option '--nothing'"),
        ("run sub --suite secret", "'secret' is not one of 'public', 'hidden', 'all'"),
        ("run", "Missing argument 'SUBMISSION'"),
        ("run sub sub", "Got unexpected extra argument (sub)"),
        ("run sub --out", "Option '--out' requires an argument"),
        ("rnu sub", "No such command 'rnu'"),
        ("", "Grade numerical Python exercises"),
    ],
)
def test_a_mistyped_command_says_so(
    grader: Command, desk: Path, arguments: str, words: str
) -> None:
    before = fingerprint(desk)
    ran = grader(*arguments.split(), cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert fingerprint(desk) == before


@pytest.mark.parametrize(
    ("room", "named"),
    [
        ("reference", "own course is no course"),
        ("reference/__init__.py", "reference/__init__.py is missing. Write it"),
        ("reference/relu.py", "reference/relu.py is missing. reference/__init__.py lists"),
        ("tests", "tests/hidden/test_relu.py is missing. reference/__init__.py lists"),
        ("tests/hidden", "tests/hidden/test_relu.py is missing. reference/__init__.py lists"),
        ("tests/hidden/test_softmax.py", "tests/hidden/test_softmax.py is missing"),
        ("tests/public", "has no public checks. Write "),
    ],
)
def test_a_course_with_a_room_missing(
    grader: Command, own_course: Path, right: Path, tmp_path: Path, room: str, named: str
) -> None:
    gone = own_course / room
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    suite = "public" if room == "tests/public" else "hidden"
    before = fingerprint(tmp_path)
    ran = grader("run", right, "--course", own_course, "--suite", suite, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert fingerprint(tmp_path) == before


def test_no_course_from_here_upward(grader: Command, right: Path, tmp_path: Path) -> None:
    ran = grader("run", right, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(
        f"grader: No course was found from {tmp_path} upward .*Name one with --course DIR.\n",
        ran.err,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_that_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked of the system, root would get another answer.
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path)
    with pytest.raises(OutputError, match=r"Permission denied.*name a folder that you may"):
        require_place(tmp_path / "a")
    (tmp_path / "a").mkdir()
    require_place(tmp_path / "a" / "b")
    assert list((tmp_path / "a").iterdir()) == []


def test_a_mistake_of_ours_is_no_grade(tmp_path: Path) -> None:
    broken = "import grader.cli as c\ndef cli(**_): raise ZeroDivisionError\nc.cli = cli\nc.main()"
    ended = subprocess.run([sys.executable, "-c", broken], capture_output=True, check=False)
    assert ended.returncode == 2
    assert b"ZeroDivisionError" in ended.stderr
    assert ended.stderr.endswith(b"a mistake of grader itself, not of the submission.\n")
