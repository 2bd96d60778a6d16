"""The wheel: what is in it, and that it grades where nothing of this repository is installed."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from grader import __version__
from tests.grader.conftest import ROOT, Ran, environment_of


def pip(*arguments: str | Path) -> None:
    """Run pip without a network."""
    ended = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    before = {path.name for path in ROOT.iterdir()}
    pip("wheel", ROOT, "--no-deps", "--no-build-isolation", "--no-index", "-w", folder)
    assert {path.name for path in ROOT.iterdir()} == before
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with the libraries of this one, but not its grader."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip("--python", folder / "bin/python", "install", "--no-deps", "--no-index", wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    libraries = Path(np.__file__).parents[1]
    (packages / "libraries.pth").write_text(f"{libraries}\n")  # .pth files there are not followed
    return folder


def run(cwd: Path, cache: Path, *command: str | Path) -> Ran:
    environment = environment_of(cache)
    ended = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, check=False
    )
    return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def test_the_wheel_holds_nothing_of_a_course(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names} == {
        "grader",
        f"proven_grader-{__version__}.dist-info",
    }
    held = [name for name in names if re.search(r"(^|/)(reference|tests|exercises)/", name)]
    assert held == []


def test_the_wheel_holds_all_of_the_grader(names: set[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("grader/**/*.py")}
    files = [path for path in ROOT.glob("templates/**/*") if path.is_file()]
    pages = {f"grader/{path.relative_to(ROOT)}" for path in files}
    assert {name for name in names if name.endswith(".py")} == modules
    assert pages | {"grader/py.typed", "grader/worker/loop.py"} <= names
    assert len(pages) >= 2


def test_no_file_of_a_course_is_in_the_wheel_under_another_name(wheel: Path) -> None:
    secret = {
        path.read_bytes()
        for room in ("reference", "tests", "exercises")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.stat().st_size
    }
    with zipfile.ZipFile(wheel) as archive:
        assert not secret.intersection(map(archive.read, archive.namelist()))


def test_the_wheel_has_a_licence_and_a_command(wheel: Path, names: set[str]) -> None:
    about = f"proven_grader-{__version__}.dist-info"
    assert f"{about}/licenses/LICENSE" in names
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{about}/METADATA").decode()
        commands = archive.read(f"{about}/entry_points.txt").decode()
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert re.fullmatch(r"\[console_scripts\]\ngrader = grader\.\w+:main\n", commands)


def test_the_installed_wheel_grades(installed: Path, tmp_path: Path, cache: Path) -> None:
    where = [installed / "bin/python", "-P", "-c", "import grader; print(grader.__file__)"]
    assert Path(run(tmp_path, cache, *where).out.strip()).is_relative_to(installed)
    sample = ROOT / "tests/grader/samples/correct/initialization.py"
    arguments = ("run", sample, "--course", ROOT, "--only", "initialization")
    ran = run(tmp_path, cache, installed / "bin/grader", *arguments)
    assert (ran.code, ran.err) == (0, "")
    page = (tmp_path / "grader-report/initialization.py/report.html").read_text()
    assert "<style>" in page  # the template came along
    again = run(tmp_path, cache, installed / "bin/python", "-P", "-m", "grader", *arguments)
    assert (again.code, again.out) == (0, ran.out)
