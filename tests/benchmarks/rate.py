"""How fast a class is graded: `grader batch`, plain pytest under xargs, and nbgrader.

    .venv/bin/python -m tests.benchmarks.rate                                 # some hours
    .venv/bin/python -m tests.benchmarks.rate --count 8 --sample 2 --rounds 1 dropout
    .venv/bin/python -m tests.benchmarks.rate --only-grader --keep /tmp/rate

Distinct right submissions, none of them the reference and no answer of theirs the same to the bit
as anybody's before (classroom/ingredients.py); such whose answers repeat; and as many with a
mistake each. Every round runs each way once, every other round backwards; ratios are medians of
the ratios within the rounds. Plain pytest and nbgrader take a sample. Memory is measured in runs
of its own.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from grader.course import open_course
from grader.model import Suite
from tests.benchmarks.classroom.generate import of_one_kind, write_class
from tests.benchmarks.classroom.handed_in import HandedIn
from tests.benchmarks.compare import kept_folder, rounds, say
from tests.benchmarks.environments import NotInstalled
from tests.benchmarks.material import Check, Material
from tests.benchmarks.measuring import Cost
from tests.benchmarks.ways.classes import PLAIN, of_grader, of_nbgrader, of_plain, only
from tests.benchmarks.ways.way import Way

ROOT = Path(__file__).parents[2]
RIGHT, MISTAKEN = "grader batch", "grader batch, a mistake in each"
REPEATED = "grader batch, answers repeat"


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    with kept_folder(options.keep) as folder:
        before = os.getloadavg()
        material = _material(options, folder)
        ways = _ways(options, material, folder)
        timed = rounds(ways, options.rounds, memory=False)
        weighed = rounds(_weighed(ways), 1, memory=True) if options.memory else {}
    for line in _table(ways, timed, weighed):
        sys.stdout.write(line + "\n")
    load = [f"{each:.1f}" for each in (before[0], os.getloadavg()[0])]
    sys.stdout.write(f"\nLoad average {load[0]} before, {load[1]} after; {os.cpu_count()} cores.\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare how fast a class is graded.")
    parser.add_argument("exercises", nargs="*", help="only these; default: all")
    parser.add_argument("--count", type=int, default=200, metavar="N", help="default: 200")
    parser.add_argument(
        "--sample", type=int, default=6, metavar="N", help="for the other tools; default: 6"
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument("--only-grader", action="store_true", help="none of the other tools")
    parser.add_argument("--no-nbgrader", action="store_true", help="leave nbgrader out")
    parser.add_argument("--no-parts", action="store_true", help="leave a half and a quarter out")
    parser.add_argument("--memory", action="store_true", help="also weigh, in runs of their own")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep environments and classes")
    return parser.parse_args()


def _material(options: argparse.Namespace, folder: Path) -> Material:
    course = open_course(ROOT, Suite.HIDDEN).only(tuple(options.exercises))
    checks = tuple(
        Check(exercise.name, check.name, check.points)
        for exercise in course.exercises
        for check in exercise.checks
    )
    shutil.rmtree(folder / "classes", ignore_errors=True)
    return Material(ROOT, checks, {}, ())


def _ways(options: argparse.Namespace, material: Material, folder: Path) -> list[Way]:
    right = of_one_kind(ROOT, "right", options.count, names=options.exercises)
    ours = _classes(options, right, folder / "classes")
    _draw_examples(material, ours[RIGHT], folder)
    ways = [of_grader(name, material, submissions, folder) for name, submissions in ours.items()]
    if options.only_grader:
        return ways
    folders = {each.student: ours[RIGHT] / each.student for each in right if not each.zipped}
    some = dict(list(folders.items())[: options.sample])
    return [of_plain(material, some, folder), *ways, *_of_nbgrader(options, material, some, folder)]


def _classes(
    options: argparse.Namespace, right: Sequence[HandedIn], folder: Path
) -> dict[str, Path]:
    """The folders of submissions that `grader batch` gets, by the name of the row."""
    count, names = options.count, options.exercises
    parts = [] if options.no_parts else sorted({max(count // 4, 1), max(count // 2, 1)} - {count})
    made = {RIGHT: right} | {f"{RIGHT}, {part}": right[:part] for part in parts}
    made[MISTAKEN] = of_one_kind(ROOT, "mistaken", count, names=names)
    made[REPEATED] = of_one_kind(ROOT, "right", count, names=names, bits=False)
    return {
        name: write_class(each, folder / str(number))
        for number, (name, each) in enumerate(made.items())
    }


def _of_nbgrader(
    options: argparse.Namespace, material: Material, some: dict[str, Path], folder: Path
) -> list[Way]:
    if options.no_nbgrader:
        return []
    try:
        return [of_nbgrader(material, some, folder)]
    except NotInstalled as problem:
        say(f"{problem}. It is left out.")
        return []


def _draw_examples(material: Material, submissions: Path, folder: Path) -> None:
    """Where banks always are, from where each run has a copy."""
    first = min(submissions.iterdir())
    command = ("-P", "-m", "grader", "run", str(first), "--course", str(ROOT), "--out", "drawn")
    subprocess.run(
        [sys.executable, *command, *only(material)], cwd=folder, capture_output=True, check=False
    )


def _weighed(ways: Sequence[Way]) -> list[Way]:
    """The same class and parts of it: memory must not grow."""
    ours = [way for way in ways if way.name.startswith(RIGHT) and way.name != REPEATED]
    return sorted(ours, key=lambda way: way.submissions)


def _table(
    ways: Sequence[Way], timed: dict[str, list[Cost]], weighed: dict[str, list[Cost]]
) -> list[str]:
    base = PLAIN if PLAIN in timed else RIGHT
    lines = [
        f"| | submissions | wall | a minute | ratio to {base} | CPU each | cores busy | full marks "
        "| memory |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    per = {way.name: [cost.wall / way.submissions for cost in timed[way.name]] for way in ways}
    for way in ways:
        ratio = median(b / a for a, b in zip(per[way.name], per[base], strict=True))
        costs = timed[way.name]
        heavy = [f"{cost.memory / 2**20:.0f} MiB" for cost in weighed.get(way.name, ())]
        cells = (
            *(str(way.submissions), f"{median(cost.wall for cost in costs):.1f} s"),
            *(f"{60 / median(per[way.name]):.1f}", f"{ratio:.2f}"),
            f"{median(cost.cpu for cost in costs) / way.submissions:.2f} s",
            f"{median(cost.cpu / cost.wall for cost in costs):.2f}",
            *(str(way.passed(costs[-1].output)), *(heavy or [""])),
        )
        lines.append(f"| {way.name} | {' | '.join(cells)} |")
    unequal = dict.fromkeys(f"- {way.name.partition(',')[0]}: {way.unequal}." for way in ways)
    return [*lines, "", "What is not equal work:", "", *unequal]


if __name__ == "__main__":
    main()
