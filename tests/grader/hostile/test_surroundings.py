"""The command itself, started where everything around it is hostile, or ended in the middle."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CANARY = "canary-"
RIGHT = """
import numpy as np


def forward(W, X):
    return W @ X


def gradient(W, X):
    return W @ X @ X.T


def numeric(J, theta):
    return (J(theta + 1e-4) - J(theta - 1e-4)) / 2e-4
"""
WRONG = "def forward(W, X):\n    return 0\n"
DOUBLE = "def double(x):\n    return 2 * x\n"
EVIL = "import os, pathlib\npathlib.Path({mark!r}).touch()\nos._exit(0)\n"
SHADOWS = (
    *("numpy.py", "pytest.py", "hypothesis.py", "msgspec.py", "click.py", "grader.py", "worker.py"),
    *(
        "conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "reference.py",
        "json.py",
        "layer_.py",
    ),
    *("numpy/__init__.py", "grader/__init__.py", "reference/__init__.py", "tests/conftest.py"),
)
CONFIGURATION = {
    "pytest.ini": "[pytest]\naddopts = --collect-only -p evil\n",
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    "pyproject.toml": "[tool.grader]\ncpu_seconds = 1e9\n[tool.pytest.ini_options]\naddopts='-x'\n",
    ".coveragerc": "[run]\nplugins = evil\n",
}
CHECK = 'def test_product(submission):\n    """x."""\n    submission.forward\n'
OWN_COURSE = {
    "reference/__init__.py": '"""Mine."""\n__all__ = ["layer"]\n',
    "reference/layer.py": '"""Mine."""\n__all__ = ["forward"]\ndef forward(W, X):\n    return 0\n',
    "tests/hidden/test_layer.py": f"{EVIL}{CHECK}",
    "tests/public/test_layer.py": f"{EVIL}{CHECK}",
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def state(folder: Path) -> dict[str, object]:
    """Everything about a folder that writing to it would change."""
    found: dict[str, object] = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        digest = hashlib.sha256(content).hexdigest()
        found[str(path)] = (status.st_mtime_ns, status.st_ctime_ns, status.st_mode, digest)
    return found


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """Where hostile code of the trusted side would leave a mark."""
    return tmp_path / "mark"


@pytest.fixture
def hostile(tmp_path: Path, marks: Path) -> Path:
    """A submission that shadows and configures whatever it can; its answers are wrong."""
    evil = EVIL.format(mark=str(marks))
    own = {name: text.replace("{mark!r}", repr(str(marks))) for name, text in OWN_COURSE.items()}
    files = dict.fromkeys(SHADOWS, evil) | CONFIGURATION | own
    return write(tmp_path / "hostile", files | {"layer.py": WRONG, "other.py": DOUBLE})


@pytest.fixture
def run(course_folder: Path, tmp_path: Path, nothing_survives: None) -> Run:
    """Run the command as it is run by people."""

    def started(
        *arguments: str | Path, cwd: Path, course: bool = True, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        named = ["--course", str(course_folder)] if course else []
        result = subprocess.run(
            [sys.executable, "-P", "-m", "grader", "run", *map(str, arguments), *named],
            cwd=cwd,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert CANARY not in result.stdout + result.stderr
        return result

    return started


def statuses(output: str) -> dict[str, str]:
    report = json.loads(output)
    return {
        check["name"].removeprefix("test_"): check["status"]
        for exercise in report["exercises"]
        for check in exercise["checks"]
    }


def test_a_folder_that_shadows_and_configures_everything(
    run: Run, hostile: Path, marks: Path
) -> None:
    before = state(hostile)
    result = run(".", "--json", "--only", "layer", "--only", "other", cwd=hostile)
    ends = statuses(result.stdout)
    assert (result.returncode, ends["product"], ends["double"]) == (1, "failed", "passed")
    assert "void" not in ends.values()
    assert not marks.exists()
    assert state(hostile) == before


def test_a_course_that_a_submission_brings_along_is_never_found(
    run: Run, hostile: Path, marks: Path, surroundings: Path, course_folder: Path
) -> None:
    """Not even for its public checks: they would run outside of the sandbox."""
    result = run(".", "--json", cwd=hostile, course=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--course DIR" in result.stderr
    inside = write(course_folder / "handed-in", {f"own/{n}": t for n, t in OWN_COURSE.items()})
    write(inside / "own", {"layer.py": WRONG})
    result = run(".", "--json", "--only", "layer", cwd=inside / "own", course=False)
    assert json.loads(result.stdout)["course"] == "A miniature course"
    assert statuses(result.stdout)["product"] == "failed"
    assert not marks.exists()


def test_what_configures_pytest_and_hypothesis_is_not_inherited(
    run: Run, hostile: Path, marks: Path
) -> None:
    result = run(
        *(".", "--json", "--only", "layer"),
        cwd=hostile,
        PYTEST_ADDOPTS="--collect-only",
        PYTEST_PLUGINS="conftest",
        HYPOTHESIS_STORAGE_DIRECTORY=str(hostile / ".hypothesis"),
    )
    assert statuses(result.stdout)["product"] == "failed"
    assert not marks.exists()
    assert not (hostile / ".hypothesis").exists()


def test_the_next_right_submission_beside_it(run: Run, hostile: Path, tmp_path: Path) -> None:
    right = write(tmp_path / "right", {"layer.py": RIGHT, "other.py": DOUBLE})
    result = run(right, "--json", "--only", "layer", "--only", "other", cwd=hostile)
    assert result.returncode == 0
    assert set(statuses(result.stdout).values()) == {"passed"}


def test_more_cells_than_can_be_sent_are_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "x", "metadata": {}, "outputs": []}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell] * 110_000}
    folder = write(tmp_path / "cells", {"layer.ipynb": json.dumps(notebook)})
    result = run(folder, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "more than 20,000 cells" in result.stderr


def test_links_show_nothing(run: Run, tmp_path: Path, course_folder: Path) -> None:
    folder = write(tmp_path / "linked", {"layer.py": WRONG})
    (folder / "passwd.py").symlink_to("/etc/passwd")
    (folder / "hidden").symlink_to(course_folder / "tests" / "hidden")
    (folder / "test_layer.py").symlink_to(course_folder / "tests" / "hidden" / "test_layer.py")
    (folder / "numeric.py").symlink_to(course_folder / "reference" / "layer.py")
    before = state(folder)
    result = run(folder, "--json", "--only", "layer", cwd=tmp_path)
    ends = statuses(result.stdout)
    assert (ends["product"], ends["numeric"]) == ("failed", "not_started")
    assert "root:" not in result.stdout
    assert state(folder) == before


def test_a_submission_that_writes_to_itself(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "writes"
    writes = f"""
import os


def forward(W, X):
    for name in ({str(folder)!r}, ".", "/tmp"):
        for file in ("layer.py", "new.py"):
            try:
                with open(os.path.join(name, file), "w") as out:
                    out.write("x")
            except OSError:
                pass
    return W @ X
"""
    write(folder, {"layer.py": RIGHT + writes})
    before = state(folder)
    result = run(folder, "--json", "--only", "layer", cwd=tmp_path)
    assert result.returncode == 0
    assert state(folder) == before


def test_what_is_shown_in_a_terminal_is_harmless(run: Run, tmp_path: Path) -> None:
    raises = "def forward(W, X):\n    raise ValueError('\\x1b[2J[bold red]x[/nonsense] \\x07')\n"
    folder = write(tmp_path / "shown", {"layer.py": raises})
    result = run(folder, "--only", "layer", cwd=tmp_path, TERM="xterm", FORCE_COLOR="1")
    assert result.returncode == 1
    assert "\x1b[2J" not in result.stdout
    assert "\x07" not in result.stdout
    page = (tmp_path / "grader-report" / "shown" / "report.html").read_text()
    assert "\x1b" not in page


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("while_doing", ["grading", "drawing"])
def test_ended_in_the_middle_it_leaves_nothing(
    end: signal.Signals,
    while_doing: str,
    course_folder: Path,
    tmp_path: Path,
    nothing_survives: None,
) -> None:
    sleeps = "import time\n\n\ndef forward(W, X):\n    time.sleep(2)\n"
    folder = write(tmp_path / "endless", {"layer.py": sleeps, "other.py": DOUBLE})
    before = state(folder)
    cache = {"GRADER_CACHE": str(tmp_path / "cache")} if while_doing == "drawing" else {}
    names = ["grader.checks.record"] if cache else ["worker.zygote", "grader.checks.examiner"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "run", folder, "--course", course_folder],
        cwd=tmp_path,
        env=os.environ | cache,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_for(lambda lines: all(name in lines for name in names))
        time.sleep(0.2)
        process.send_signal(end)
        output, _ = process.communicate(timeout=20)
        wait_for(lambda lines: not any(name in lines for name in names), seconds=5)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == (2 if end is signal.SIGINT else -signal.SIGKILL)
    assert b"Traceback" not in output
    assert state(folder) == before
    assert not (tmp_path / "grader-report").exists()


def wait_for(condition: Callable[[str], bool], seconds: float = 20) -> None:
    """Wait until the command lines of all processes below this one are as they should be."""
    end = time.monotonic() + seconds
    while not condition(" ".join(command_lines(os.getpid()))):
        assert time.monotonic() < end
        time.sleep(0.02)


def command_lines(root: int) -> list[str]:
    found, parents = {root}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(words[1])
        except OSError:
            continue
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    lines = []
    for pid in found - {root}:
        try:
            lines.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return lines
