"""autograder.zip on a machine that is laid out as Gradescope's are."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.report.html import template_folder
from tests.grader.ci.conftest import Machine
from tests.grader.conftest import RIGHT, WRONG, Command, write

HandedIn = Callable[[dict[str, str]], tuple[subprocess.CompletedProcess[str], Path]]


@pytest.fixture(scope="module")
def archive(grader: Command, small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gradescope")
    ran = grader("gradescope", folder, "--course", small_course)
    assert (ran.code, ran.err) == (0, "")
    assert "It holds the hidden checks: give it to nobody." in ran.out
    return folder / "autograder.zip"


def unpacked(archive: Path, root: Path) -> Path:
    """What Gradescope makes of it: the archive in source/, and one script beside it."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = Path(opened.extract(entry, root / "source"))
            path.chmod(entry.external_attr >> 16)
    (root / "run_autograder").write_bytes((root / "source/run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    return root


@pytest.fixture(scope="module")
def machine(archive: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has been set up; its image is used for every submission."""
    made = Machine(tmp_path_factory.mktemp("machine"), cache)
    unpacked(archive, made.home / "autograder")
    built = made.run("bash source/setup.sh", made.home / "autograder")
    assert built.returncode == 0, built.stderr
    assert "4 of 4" in built.stdout  # the course itself
    return made


@pytest.fixture
def handed_in(machine: Machine) -> Iterator[HandedIn]:
    """Hand in a submission; returns what came of it and where."""
    root = machine.home / "autograder"

    def hand_in(files: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], Path]:
        write(root / "submission", {**files})
        return machine.run("./run_autograder", root, AUTOGRADER=root), root

    yield hand_in
    for name in ("submission", "results", "report"):
        shutil.rmtree(root / name, ignore_errors=True)


def test_what_it_needs_is_installed_at_its_version(machine: Machine) -> None:
    assert re.search(r"install .*/requirements\.txt -c .*/constraints\.txt", machine.log)


INSTALLING = """#!/bin/sh
case "$*" in *{package}) touch "$HOME/has-{command}" ;; esac
"""
OLD = '#!/bin/sh\ntest -e "$HOME/has-$(basename "$0")"\n'


@pytest.mark.parametrize(
    ("package", "command"), [("python3-venv", "python3"), ("python3.11-venv", "python3.11")]
)
def test_a_python_that_is_missing_is_installed(
    archive: Path, tmp_path: Path, cache: Path, package: str, command: str
) -> None:
    machine = Machine(tmp_path, cache)
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3"):
        machine.has(name, OLD)
    machine.has("apt-get", INSTALLING.format(package=package, command=command))
    unpacked(archive, tmp_path / "autograder")
    built = machine.run("bash -x source/setup.sh", tmp_path / "autograder")
    assert f"+ {command} -I -m venv" in built.stderr


def test_a_submission_is_graded_and_nothing_else_of_it_runs(handed_in: HandedIn) -> None:
    planted = dict.fromkeys(("grader.py", "venv.py", "numpy.py"), "raise SystemExit('planted')")
    graded, root = handed_in({**WRONG, **planted})
    assert graded.returncode == 0, graded.stderr
    assert "planted" not in graded.stdout + graded.stderr
    results = json.loads((root / "results/results.json").read_bytes())
    assert results["score"] == 2.0
    assert results["extra_data"]["isolation"] in ("zygote", "bwrap", "landlock")
    names = {path.name for path in (root / "submission").iterdir()}
    assert names == {*WRONG, *planted}


def test_what_gradescope_tells_of_a_submission_is_read(
    handed_in: HandedIn, machine: Machine
) -> None:
    path = machine.home / "autograder/submission_metadata.json"
    path.write_text('{"created_at": "2018-08-02T00:00:00Z", "users": [{"name": "Al"}]}')
    graded, root = handed_in(RIGHT)
    path.unlink()
    assert (graded.returncode, graded.stderr) == (0, "")
    results = json.loads((root / "results/results.json").read_bytes())
    assert results["extra_data"]["students"] == ["Al"]
    graded, root = handed_in(WRONG)
    assert graded.returncode == 0
    assert "submission_metadata.json cannot be read" in graded.stderr


def test_own_deadlines_come_along(grader: Command, own_course: Path, tmp_path: Path) -> None:
    late = '[tool.grader.late]\ndue = 2018-07-01T00:00:00Z\ndeadlines = "{}"\n'
    settings = own_course / "pyproject.toml"
    write(
        own_course,
        {"own.csv": "student,extension\nal,2\n", "pyproject.toml": late.format("own.csv")},
    )
    assert grader("gradescope", tmp_path, "--course", own_course).code == 0
    with zipfile.ZipFile(tmp_path / "autograder.zip") as opened:
        assert opened.read("course/own.csv").startswith(b"student,extension")
    write(tmp_path, {"own.csv": "student,extension\nal,2\n"})
    for name, words in (("../own.csv", "outside of the course"), ("gone.csv", "cannot be read")):
        settings.write_text(late.format(name))
        ran = grader("gradescope", tmp_path / "no", "--course", own_course)
        assert (ran.code, (tmp_path / "no").exists()) == (2, False)
        assert words in ran.err


def test_what_cannot_be_graded_has_no_score(handed_in: HandedIn) -> None:
    graded, root = handed_in({"notes.txt": "later"})
    assert graded.returncode == 2
    assert "holds no .py or .ipynb file" in graded.stderr
    assert not (root / "results/results.json").exists()


@pytest.mark.parametrize(("status", "scored"), [(0, True), (1, True), (2, False)])
def test_the_score_of_what_has_a_void_check_is_none(
    tmp_path: Path, status: int, scored: bool
) -> None:
    script = template_folder() / "ci/gradescope/run_autograder"
    results = tmp_path / "results/results.json"
    stands_in = f"#!/bin/sh\necho '{{\"score\": 3}}' > {results}\nexit {status}\n"
    write(tmp_path / "source", {"options": ""})
    write(tmp_path / "source/venv/bin", {"python": stands_in})
    (tmp_path / "source/venv/bin/python").chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER": str(tmp_path)}
    ran = subprocess.run(["bash", str(script)], env=environment, check=False)
    assert (ran.returncode == 0, results.exists()) == (scored, scored)


def test_grading_is_as_here(handed_in: HandedIn, grader: Command, small_course: Path) -> None:
    graded, root = handed_in(RIGHT)
    assert graded.returncode == 0, graded.stderr
    ran = grader("run", root / "submission", "--course", small_course, "--json")
    assert ran.report == json.loads((root / "report/report.json").read_bytes())


def test_the_package_that_travels_is_the_one_that_grades(machine: Machine) -> None:
    where = "venv/bin/python -P -c 'import grader; print(grader.__file__)'"
    source = machine.home / "autograder/source"
    assert Path(machine.run(where, source).stdout.strip()).is_relative_to(source / "package")


def test_what_is_in_it(archive: Path, small_course: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        required = opened.read("requirements.txt").decode().split()
        pinned = opened.read("constraints.txt").decode().split()
        assert opened.read("options") == b""
    assert {"course/tests/hidden/test_relu.py", "course/reference/relu.py"} <= set(names)
    assert {"course/pyproject.toml", "package/grader/templates/report.css"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "/." in name]
    assert not [name for name in names if name.startswith("course/tests/grader")]
    assert any(line.startswith("numpy>=") for line in required)
    assert any(line.startswith("numpy==") for line in pinned)
    assert not [line for line in pinned if line.startswith("proven-grader")]


def test_the_same_course_gives_the_same_archive(
    archive: Path, grader: Command, small_course: Path, tmp_path: Path
) -> None:
    for path in small_course.rglob("*.py"):
        os.utime(path, (1e9, 1e9))
    assert grader("gradescope", tmp_path, "--course", small_course, "--unsafe").code == 0
    with zipfile.ZipFile(archive) as one, zipfile.ZipFile(tmp_path / "autograder.zip") as other:
        differs = [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert differs == ["options"]
        assert other.read("options") == b"--unsafe\n"
        times = {entry.date_time for entry in one.infolist()}
    assert len(times) == 1


def test_a_kit_has_no_autograder(grader: Command, small_course: Path, tmp_path: Path) -> None:
    assert grader("kit", tmp_path / "kit", "--course", small_course).code == 0
    ran = grader("gradescope", tmp_path, cwd=tmp_path / "kit")
    assert ran.code == 2
    assert "Traceback" not in ran.err
