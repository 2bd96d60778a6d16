"""A class instead of one submission: what people would do with each tool to grade one."""

import csv
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from grader.checks.bank import cache_folder
from tests.benchmarks.environments import environment, variables
from tests.benchmarks.material import Material
from tests.benchmarks.ways import nbgrader, plain
from tests.benchmarks.ways.way import Way

PLAIN = "pytest under xargs -P2"
OURS = (
    "sandbox, limits, reports, class page and gradebook; examples were drawn beforehand, no "
    "outcome was known"
)
SAMPLE = "a sample of the same submissions; the rate is that of the sample"


def of_plain(material: Material, submissions: Mapping[str, Path], folder: Path) -> Way:
    """Two at once, a process each."""
    programs = environment("plain", folder)
    listed = folder / "plain-class" / "list.txt"
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text("".join(f"{path}\n" for path in submissions.values()))
    command = shlex.join(plain.command(material, programs))
    shell = f"xargs -P2 -I@ env BENCH_SUBMISSION=@ {command} < {shlex.quote(str(listed))}"
    return Way(
        name=PLAIN,
        folder=listed.parent,
        command=["sh", "-c", shell],
        environment=variables(programs, material.root, folder),
        restore=lambda: None,
        passed=lambda output: _whole(output, len(material.checks)),
        unequal=f"{SAMPLE}; {plain.UNEQUAL}",
        base=PLAIN,
        submissions=len(submissions),
    )


def of_nbgrader(material: Material, submissions: Mapping[str, Path], folder: Path) -> Way:
    """One after the other: that is how it grades a class."""
    (way,) = nbgrader.ways(material, folder, folder, submissions)
    whole = len(material.checks)
    return Way(
        name=way.name,
        folder=way.folder,
        command=way.command,
        environment=way.environment,
        restore=way.restore,
        passed=lambda output: (way.passed(output) or 0) // whole,
        unequal=f"{SAMPLE}; {way.unequal}",
        base=PLAIN,
        submissions=len(submissions),
    )


def of_grader(name: str, material: Material, submissions: Path, folder: Path) -> Way:
    """`grader batch` into an empty folder."""
    own = folder / name.replace(" ", "-").replace(",", "")
    own.mkdir(parents=True, exist_ok=True)
    environ = variables(Path(sys.executable).parent, material.root, folder)
    return Way(
        name=name,
        folder=own,
        command=[
            *(sys.executable, "-P", "-m", "grader", "batch", str(submissions)),
            *("--course", str(material.root), "--out", "out"),
            *only(material),
        ],
        environment=environ | {"GRADER_CACHE": str(own / "cache")},
        restore=partial(_restore, own, cache_folder() / "banks"),
        passed=lambda _: _full(own / "out/grades.csv"),
        unequal=OURS,
        base=PLAIN,
        submissions=sum(1 for _ in submissions.iterdir()),
    )


def only(material: Material) -> list[str]:
    """Options that name the exercises whose checks are compared."""
    names = dict.fromkeys(check.exercise for check in material.checks)
    return [word for name in names for word in ("--only", name)]


def _restore(own: Path, banks: Path) -> None:
    for name in ("cache", "out"):
        shutil.rmtree(own / name, ignore_errors=True)
    shutil.copytree(banks, own / "cache/banks")


def _full(grades: Path) -> int:
    """Students with full marks."""
    with grades.open(encoding="utf-8", newline="") as file:
        return sum(row["earned"] == row["possible"] != "" for row in csv.DictReader(file))


def _whole(output: str, checks: int) -> int:
    return sum(int(each) == checks for each in re.findall(r"(\d+) passed", output))
