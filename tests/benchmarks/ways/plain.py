"""Plain pytest + Hypothesis: one process, the submission imported into it."""

import re
from pathlib import Path

from tests.benchmarks.environments import environment, variables
from tests.benchmarks.material import Material
from tests.benchmarks.ways.way import Way

UNEQUAL = (
    "no sandbox, no limits, no report for the student; the student's code runs in the process "
    "of the checks, where it can read and change them"
)


def ways(material: Material, cache: Path, scratch: Path) -> list[Way]:
    """The base of all ratios, for both submissions."""
    programs = environment("plain", cache)
    return [_way(material, programs, scratch, name) for name in material.folders]


def _way(material: Material, programs: Path, scratch: Path, submission: str) -> Way:
    folder = scratch / f"plain-{submission}"
    folder.mkdir(parents=True, exist_ok=True)
    name = "pytest + Hypothesis" + ("" if submission == "correct" else f", {submission}")
    return Way(
        name=name,
        folder=folder,
        command=command(material, programs),
        environment=variables(programs, material.root, scratch)
        | {"BENCH_SUBMISSION": str(material.folders[submission])},
        restore=lambda: None,
        passed=_passed,
        unequal=UNEQUAL,
        base=name,
    )


def command(material: Material, programs: Path) -> list[str]:
    """Run all checks on the submission that BENCH_SUBMISSION names."""
    exercises = dict.fromkeys(check.exercise for check in material.checks)
    files = [material.root / f"tests/hidden/test_{exercise}.py" for exercise in exercises]
    return [
        *(str(programs / "python"), "-m", "pytest", "-q", "--tb=short", "-c", "/dev/null"),
        *("--rootdir", str(material.root), "--import-mode=importlib", "-W", "ignore"),
        *("-p", "no:cacheprovider", "-p", "bench_plugin"),
        *map(str, files),
    ]


def _passed(output: str) -> int | None:
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else None
