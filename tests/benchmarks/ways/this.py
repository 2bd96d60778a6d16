"""This tool: `grader run`, with its sandbox, its limits and its HTML report."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.environments import variables
from tests.benchmarks.material import Material
from tests.benchmarks.ways.way import Way

PROGRAMS = Path(sys.executable).parent
PLAIN = "pytest + Hypothesis"
OUTCOMES = "outcomes.sqlite3*"

COLD = (
    "sandbox, limits and both reports; the bank of examples is drawn as well, which happens once "
    "for each version of a course"
)
FILLED = (
    "sandbox, limits and both reports; examples were drawn beforehand, so Hypothesis does not run"
)
KNOWN = "as above, and the very same answers were graded before: no check's body runs"
WRONG = (
    "examples were drawn beforehand, simple ones among them, of which the simplest that fails is "
    "shown; plain pytest shrinks to the end"
)


def ways(material: Material, _cache: Path, scratch: Path) -> list[Way]:
    """An empty cache, a filled bank, a known submission; and one that is wrong everywhere."""
    maker = _Maker(material, scratch)
    return [
        maker.way("grader run, bank filled", "correct", PLAIN, FILLED, maker.unseen),
        maker.way("grader run, known transcript", "correct", PLAIN, KNOWN, maker.known),
        maker.way("grader run, empty cache", "correct", PLAIN, COLD, maker.empty),
        maker.way(
            "grader run, bank filled, wrong", "wrong", f"{PLAIN}, wrong", WRONG, maker.unseen
        ),
    ]


class _Maker:
    """Keeps one filled cache, and copies of it to run in."""

    def __init__(self, material: Material, scratch: Path) -> None:
        self._material = material
        self._scratch = scratch
        self._filled = scratch / "grader-filled"
        shutil.rmtree(self._filled, ignore_errors=True)  # of an earlier version, if any

    def way(
        self, name: str, submission: str, base: str, unequal: str, fill: Callable[[Path], None]
    ) -> Way:
        """One row; `fill` makes the cache that a run starts with."""
        folder = self._scratch / name.replace(" ", "-").replace(",", "")
        folder.mkdir(parents=True, exist_ok=True)
        cache = folder / "cache"
        report = folder / "report/report.json"
        return Way(
            name=name,
            folder=folder,
            command=self._command(submission),
            environment=self._environment(cache),
            restore=partial(self._restore, cache, report, fill),
            passed=lambda _: self._passed(cache, report),
            unequal=unequal,
            base=base,
        )

    def empty(self, cache: Path) -> None:
        """Nothing at all."""

    def unseen(self, cache: Path) -> None:
        """The bank, and no outcome."""
        self.known(cache)
        for path in cache.glob(OUTCOMES):
            path.unlink()

    def known(self, cache: Path) -> None:
        """The bank, and the outcomes of the correct submission."""
        self._fill()
        shutil.copytree(self._filled, cache)

    def _fill(self) -> None:
        if self._filled.exists():
            return
        done = subprocess.run(
            self._command("correct"),
            cwd=self._scratch,
            env=self._environment(self._filled),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"grader run fails: {done.stderr.strip()}")

    def _command(self, submission: str) -> list[str]:
        return [
            *(str(PROGRAMS / "grader"), "run", str(self._material.folders[submission])),
            *("--course", str(self._material.root), "--out", "report"),
        ]

    def _environment(self, cache: Path) -> dict[str, str]:
        environ = variables(PROGRAMS, self._material.root, self._scratch)
        del environ["PYTHONPATH"]  # an installed program needs none
        return environ | {"GRADER_CACHE": str(cache)}

    def _passed(self, cache: Path, report: Path) -> int | None:
        drawn = {path.name for path in (cache / "banks").glob("*")}
        before = {path.name for path in (self._filled / "banks").glob("*")}
        if before and drawn - before:
            raise SystemExit("The tool or the course changed while it was measured. Start again.")
        return _passed(report)

    def _restore(self, cache: Path, report: Path, fill: Callable[[Path], None]) -> None:
        shutil.rmtree(cache, ignore_errors=True)
        report.unlink(missing_ok=True)
        fill(cache)


def _passed(report: Path) -> int | None:
    if not report.exists():
        return None
    exercises: list[dict[str, list[dict[str, str]]]] = json.loads(report.read_text("utf-8"))[
        "exercises"
    ]
    return sum(c["status"] == "passed" for e in exercises for c in e["checks"])
