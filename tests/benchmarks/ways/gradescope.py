"""gradescope-utils: unittest classes with weights, results as JSON."""

import json
from itertools import groupby
from pathlib import Path

from tests.benchmarks.environments import environment, variables
from tests.benchmarks.material import Check, Material
from tests.benchmarks.ways.way import Way

UNEQUAL = (
    "no sandbox and no page for the student: it writes the JSON that a server elsewhere shows; "
    "isolation is that server's affair"
)

_HEAD = """\
import os
import unittest
from pathlib import Path

from bench_functions import functions_of, run_check
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

FUNCTIONS = functions_of(Path(os.environ["BENCH_SUBMISSION"]))
"""

_TAIL = """

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromModule(__import__("__main__"))
    with open("results.json", "w") as file:
        JSONTestRunner(stream=file, visibility="visible").run(suite)
"""


def ways(material: Material, cache: Path, scratch: Path) -> list[Way]:
    """The correct submission by the tool's own runner."""
    programs = environment("gradescope", cache)
    folder = scratch / "gradescope"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run_tests.py").write_text(_HEAD + _classes(material.checks) + _TAIL, "utf-8")
    results = folder / "results.json"
    return [
        Way(
            name="gradescope-utils",
            folder=folder,
            command=[str(programs / "python"), "-W", "ignore", "run_tests.py"],
            environment=variables(programs, material.root, scratch)
            | {"BENCH_SUBMISSION": str(material.folders["correct"])},
            restore=lambda: results.unlink(missing_ok=True),
            passed=lambda _: _passed(results),
            unequal=UNEQUAL,
        )
    ]


def _classes(checks: tuple[Check, ...]) -> str:
    return "".join(
        f"\n\nclass Test_{exercise}(unittest.TestCase):\n" + "".join(map(_method, group))
        for exercise, group in groupby(checks, lambda check: check.exercise)
    )


def _method(check: Check) -> str:
    return (
        f"    @weight({check.points:g})\n"
        f"    def {check.name}(self):\n"
        f"        run_check({check.exercise!r}, {check.name!r}, FUNCTIONS)\n\n"
    )


def _passed(results: Path) -> int | None:
    if not results.exists():
        return None
    tests: list[dict[str, str]] = json.loads(results.read_text("utf-8"))["tests"]
    return sum(test["status"] == "passed" for test in tests)
