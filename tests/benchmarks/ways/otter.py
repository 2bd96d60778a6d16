"""otter-grader: `otter run` on a notebook, tests in its exception-based format."""

import json
import subprocess
from itertools import groupby
from pathlib import Path

from tests.benchmarks.environments import NotInstalled, environment, variables
from tests.benchmarks.material import Check, Material, cells
from tests.benchmarks.ways.notebooks import code, notebook
from tests.benchmarks.ways.way import Way

UNEQUAL = (
    "`otter run` is its way without a container: a notebook in a kernel of its own, tests in that "
    "same kernel; results as JSON, no page"
)

_HEAD = """\
from otter.test_files import test_case

OK_FORMAT = False

name = {exercise!r}
points = None

"""

_TEST = """
@test_case(name={name!r}, points={points})
def {name}(env):
    from bench_functions import Functions, run_check

    run_check({exercise!r}, {name!r}, Functions(env))

"""


def ways(material: Material, cache: Path, scratch: Path) -> list[Way]:
    """The correct submission as a notebook."""
    programs = environment("otter", cache)
    folder = scratch / "otter"
    tests = folder / "tests"
    tests.mkdir(parents=True, exist_ok=True)
    for exercise, group in groupby(material.checks, lambda check: check.exercise):
        text = _HEAD.format(exercise=exercise) + "".join(map(_test, group))
        (tests / f"{exercise}.py").write_text(text, "utf-8")
    submitted = [code(text) for text in cells(material.folders["correct"])]
    (folder / "submission.ipynb").write_text(notebook(submitted), "utf-8")
    environ = variables(programs, material.root, scratch)
    _generate(programs, folder, environ)
    results = folder / "results.json"
    return [
        Way(
            name="otter-grader",
            folder=folder,
            command=[str(programs / "otter"), "run", "--no-logo", "submission.ipynb"],
            environment=environ,
            restore=lambda: results.unlink(missing_ok=True),
            passed=lambda _: _passed(results, material.checks),
            unequal=UNEQUAL,
        )
    ]


def _test(check: Check) -> str:
    return _TEST.format(exercise=check.exercise, name=check.name, points=check.points)


def _generate(programs: Path, folder: Path, environ: dict[str, str]) -> None:
    command = [str(programs / "otter"), "generate", "-t", "tests", "-o", "autograder.zip"]
    command += ["--no-config", "--no-requirements", "--no-environment"]
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotInstalled(f"otter generate fails: {done.stderr.strip().splitlines()[-1]}")


def _passed(results: Path, checks: tuple[Check, ...]) -> int | None:
    """Checks of the exercises that have full score: it tells points of a whole file only."""
    if not results.exists():
        return None
    tests = json.loads(results.read_text("utf-8"))["tests"]
    full = [test["name"] for test in tests if test.get("score", -1) == test.get("max_score")]
    return sum(check.exercise in full for check in checks)
