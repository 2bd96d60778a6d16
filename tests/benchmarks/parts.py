"""What the parts of a run cost: start-up, sandbox, worker, call, and work in a warm process."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.environments import variables
from tests.benchmarks.material import Material
from tests.benchmarks.table import Part

PROGRAMS = Path(sys.executable).parent
STARTS = 21
WARM = "tests.benchmarks.warm"


def measure(material: Material, folder: Path, say: Callable[[str], None]) -> dict[str, Part]:
    """Measure all parts; a part that cannot be measured is told and left out."""
    parts = {"`grader --version`": _version(folder)}
    say("parts: start-up done")
    environ = variables(PROGRAMS, material.root, folder)
    environ["GRADER_CACHE"] = str(folder / "parts-cache")
    done = subprocess.run(
        [sys.executable, "-m", WARM, material.root, material.folders["correct"]],
        env=environ,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"parts: the warm process fails: {done.stderr.strip().splitlines()[-1]}")
        return parts
    found = json.loads(done.stdout.splitlines()[-1])
    return parts | {name: Part(**facts) for name, facts in found.items()}


def _version(folder: Path) -> Part:
    """Pairs of starts: ours, and that of Python alone."""
    ours = [str(PROGRAMS / "grader"), "--version"]
    alone = [str(PROGRAMS / "python"), "-c", "pass"]
    pairs = [(_seconds(ours, folder), _seconds(alone, folder)) for _ in range(STARTS)]
    ratio = median(a / b for a, b in pairs)
    own, python = (median(times) * 1000 for times in zip(*pairs, strict=True))
    return Part(
        f"{ratio:.2f} times ({own:.0f} ms)",
        "3 times `python -c pass`",
        f"median of {STARTS} pairs; Python alone takes {python:.0f} ms",
    )


def _seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return time.perf_counter() - start
