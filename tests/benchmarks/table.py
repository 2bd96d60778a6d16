"""The measurements as Markdown, ready for the README."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.material import Material
from tests.benchmarks.measuring import Cost
from tests.benchmarks.ways.way import Way

# What issue 3 asks for; the base is plain pytest on the same submission.
TARGETS = {
    "grader run, bank filled": "wall <= 0.05, memory <= 1.5",
    "grader run, empty cache": "wall <= 1.2, memory <= 1.5",
    "grader run, bank filled, wrong": "wall <= 0.25, memory <= 1.5",
    "grader run, known transcript": "reported apart",
}

Load = tuple[float, float, float]


@dataclass(frozen=True)
class Part:
    """One figure of the second table.

    Attributes:
        target: what issue 3 asks for, if anything.
        meaning: how it is measured.
    """

    figure: str
    target: str
    meaning: str


@dataclass(frozen=True)
class Result:
    """All that was measured.

    Attributes:
        before: load averages of the machine when it began.
        after: and when it ended.
    """

    ways: Sequence[Way]
    timed: dict[str, list[Cost]]
    weighed: dict[str, list[Cost]]
    parts: dict[str, Part]
    material: Material
    before: Load
    after: Load


def markdown(result: Result) -> str:
    """Both tables, what is not equal work, and where it was measured."""
    return "\n".join([*_head(result), "", *_rows(result), "", *_unequal(result), *_parts(result)])


def _head(result: Result) -> list[str]:
    rounds = len(next(iter(result.timed.values())))
    load = f"load average {result.before[0]:.1f} before, {result.after[0]:.1f} after"
    return [
        f"{len(result.material.checks)} hidden checks, one submission; medians of {rounds} paired "
        f"rounds. Ratios are medians of the ratios within each round, to plain pytest on the "
        f"same submission.",
        f"{_processor()}, {os.cpu_count()} cores, {load}; Python {platform.python_version()}.",
    ]


def _rows(result: Result) -> list[str]:
    lines = [
        "| | wall | ratio | CPU | ratio | peak memory | ratio | passed | target |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for way in result.ways:
        timed, weighed = result.timed, result.weighed
        figures = [
            *_figures(timed, way, lambda cost: cost.wall, "{:.2f} s"),
            *_figures(timed, way, lambda cost: cost.cpu, "{:.2f} s"),
            *_figures(weighed, way, lambda cost: cost.memory / 2**20, "{:.0f} MiB"),
            str(way.passed(timed[way.name][-1].output)),
            TARGETS.get(way.name, ""),
        ]
        lines.append(f"| {way.name} | {' | '.join(figures)} |")
    return lines


def _figures(
    costs: dict[str, list[Cost]], way: Way, value: Callable[[Cost], float], form: str
) -> tuple[str, str]:
    mine, base = costs[way.name], costs[way.base]
    ratio = median(value(a) / value(b) for a, b in zip(mine, base, strict=True))
    return form.format(median(map(value, mine))), f"{ratio:.3f}" if ratio < 1 else f"{ratio:.2f}"


def _unequal(result: Result) -> list[str]:
    lines = ["What is not equal work:", ""]
    return lines + [f"- {way.name}: {way.unequal}." for way in result.ways] + [""]


def _parts(result: Result) -> list[str]:
    if not result.parts:
        return []
    lines = ["| part | figure | target | how it is measured |", "|---|--:|---|---|"]
    lines += [f"| {n} | {p.figure} | {p.target} | {p.meaning} |" for n, p in result.parts.items()]
    return [*lines, ""]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
