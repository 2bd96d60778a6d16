"""nbgrader: autograde and generate_feedback on a notebook with a cell for each check."""

import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.benchmarks.environments import NotInstalled, environment, variables
from tests.benchmarks.material import Check, Material, cells
from tests.benchmarks.ways.notebooks import Cell, code, notebook
from tests.benchmarks.ways.way import Way

UNEQUAL = (
    "the student's code and the checks share one kernel; autograde and generate_feedback are two "
    "commands, a page for the student included; grades go into its database"
)

_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ExecutePreprocessor.timeout = 1200
"""


def ways(
    material: Material,
    cache: Path,
    scratch: Path,
    submissions: Mapping[str, Path] | None = None,
) -> list[Way]:
    """The correct submission, or these, from a course folder that was never graded in."""
    programs = environment("nbgrader", cache)
    environ = variables(programs, material.root, scratch)
    pristine, folder = scratch / "nbgrader-pristine", scratch / "nbgrader"
    _lay_out(material, pristine, submissions or {"student": material.folders["correct"]})
    _assign(programs, pristine, environ)
    steps = (
        [str(programs / "nbgrader"), "autograde", "ps"],
        [str(programs / "nbgrader"), "generate_feedback", "ps"],
    )
    return [
        Way(
            name="nbgrader",
            folder=folder,
            command=["sh", "-c", " && ".join(map(shlex.join, steps))],
            environment=environ,
            restore=partial(_copy, pristine, folder),
            passed=lambda _: _passed(folder / "gradebook.db"),
            unequal=UNEQUAL,
            submissions=len(submissions or "1"),
        )
    ]


def _lay_out(material: Material, course: Path, submissions: Mapping[str, Path]) -> None:
    shutil.rmtree(course, ignore_errors=True)
    (course / "source/ps").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
    tests = list(map(_test, material.checks))
    for student, folder in submissions.items():
        submitted = cells(folder)
        blank = [_solution(number, "pass") for number in range(len(submitted))]
        filled = [_solution(number, text) for number, text in enumerate(submitted)]
        path = course / "submitted" / student / "ps/ps.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook(filled + tests), "utf-8")
        (course / "source/ps/ps.ipynb").write_text(notebook(blank + tests), "utf-8")


def _solution(number: int, source: str) -> Cell:
    return code(source, nbgrader=_role(f"solution-{number}", solution=True))


def _test(check: Check) -> Cell:
    lines = (
        "from bench_functions import Functions, run_check",
        f"run_check({check.exercise!r}, {check.name!r}, Functions(globals()))",
    )
    role = _role(f"{check.exercise}-{check.name}", grade=True, locked=True, points=check.points)
    return code("\n".join(lines), nbgrader=role)


def _role(name: str, **facts: object) -> dict[str, object]:
    role = {"grade": False, "locked": False, "solution": False, "task": False}
    return role | {"grade_id": name, "schema_version": 3, "cell_type": "code"} | facts


def _assign(programs: Path, course: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        [str(programs / "nbgrader"), "generate_assignment", "ps"],
        cwd=course,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotInstalled(f"nbgrader generate_assignment fails: {done.stderr.strip()[-300:]}")


def _copy(pristine: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder)


def _passed(database: Path) -> int | None:
    """Test cells with all their points."""
    if not database.exists():
        return None
    query = (
        "SELECT count(*) FROM grade JOIN grade_cells ON grade.cell_id = grade_cells.id "
        "WHERE grade.auto_score >= grade_cells.max_score AND grade_cells.max_score > 0"
    )
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(query).fetchone()[0])
