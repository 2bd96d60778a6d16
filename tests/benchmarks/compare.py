"""Grades the same submission with the same hidden checks by several tools, and compares the cost.

    .venv/bin/python -m tests.benchmarks.compare --rounds 5
    .venv/bin/python -m tests.benchmarks.compare --only this --keep /tmp/benchmarks --json out.json

Every round runs every way once, in turn, every other round backwards; a ratio is the median of the
ratios within the rounds. Peak memory is measured in rounds of its own (see measuring.py). Scratch
environments come from the package registry that pip is set up for.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import parts, table
from tests.benchmarks.environments import NotInstalled
from tests.benchmarks.material import Material, gather
from tests.benchmarks.measuring import Cost, run
from tests.benchmarks.ways.way import Way

ROOT = Path(__file__).parents[2]
TOOLS = ("plain", "this", "gradescope", "otter", "nbgrader")

Costs = dict[str, list[Cost]]


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    with kept_folder(options.keep) as folder:
        before = os.getloadavg()
        material = gather(ROOT, folder)
        for function in material.untouched:
            say(f"{function} has no known mistake: it stays correct in the wrong submission.")
        ways = _ways(options.only, material, folder)
        timed = rounds(ways, options.rounds, memory=False)
        weighed = rounds(ways, options.memory_rounds, memory=True)
        inner = {} if options.no_parts else parts.measure(material, folder, say)
    result = table.Result(ways, timed, weighed, inner, material, before, os.getloadavg())
    sys.stdout.write(table.markdown(result))
    if options.json:
        options.json.write_text(json.dumps(_raw(result), indent=1) + "\n", "utf-8")


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Compare what tools cost on the same checks.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="default: 5")
    parser.add_argument(
        "--memory-rounds", type=int, default=1, metavar="N", help="of their own; default: 1"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=TOOLS,
        help="only this tool, repeatable; plain is always among them",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep environments and work folders here, and use those that are there",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single run there")
    parser.add_argument("--no-parts", action="store_true", help="leave out the second table")
    options = parser.parse_args()
    if options.rounds < 1 or options.memory_rounds < 1:
        parser.error("rounds must be at least 1")
    return options


@contextmanager
def kept_folder(keep: Path | None) -> Iterator[Path]:
    """The folder that was asked for, or one that goes away."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="grader-benchmarks-") as name:
        yield Path(name)


def _ways(only: Sequence[str] | None, material: Material, folder: Path) -> list[Way]:
    ways: list[Way] = []
    for tool in TOOLS:
        if only and tool not in (*only, "plain"):
            continue
        say(f"preparing {tool}")
        try:
            module = importlib.import_module(f"tests.benchmarks.ways.{tool}")
            ways += module.ways(material, folder, folder)
        except NotInstalled as problem:
            if tool == "plain":
                raise SystemExit(f"{problem}. Every ratio needs it.") from None
            say(f"{problem}. It is left out.")
    return _neighbours(ways)


def _neighbours(ways: list[Way]) -> list[Way]:
    """Each base beside what is compared with it, so that a busy machine is busy for both."""
    bases = list(dict.fromkeys(way.base for way in ways))
    return sorted(ways, key=lambda way: (bases.index(way.base), way.base != way.name))


def rounds(ways: Sequence[Way], count: int, *, memory: bool) -> Costs:
    """Run each way once in every round, every other round backwards."""
    costs: Costs = {way.name: [] for way in ways}
    for number in range(count):
        for way in ways if number % 2 == 0 else reversed(ways):
            way.restore()
            cost = run(way.command, way.folder, way.environment, memory=memory)
            costs[way.name].append(cost)
            say(_line(way, cost, f"{'memory' if memory else 'time'} {number + 1}/{count}"))
    return costs


def _line(way: Way, cost: Cost, round_: str) -> str:
    passed = way.passed(cost.output)
    facts = f"{cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU"
    if cost.memory:
        facts += f", {cost.memory / 2**20:.0f} MiB"
    if cost.resident:
        facts += f" ({cost.resident} processes by RSS: their PSS may not be read)"
    return f"[{round_}] {way.name}: {facts}; {passed} checks passed, exit code {cost.code}"


def _raw(result: table.Result) -> dict[str, Any]:
    """Every run, without what the tools printed."""
    return {
        "load": {"before": result.before, "after": result.after},
        "time": _runs(result.timed),
        "memory": _runs(result.weighed),
        "parts": {name: asdict(part) for name, part in result.parts.items()},
    }


def _runs(costs: Costs) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{k: v for k, v in asdict(run).items() if k != "output"} for run in runs]
        for name, runs in costs.items()
    }


def say(text: str) -> None:
    """Tell how it goes, beside what is printed."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
