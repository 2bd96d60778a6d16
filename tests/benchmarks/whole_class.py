"""Grades a generated class for real, and checks what came of everyone.

    .venv/bin/python -m tests.benchmarks.whole_class                       # 300, 20 minutes
    .venv/bin/python -m tests.benchmarks.whole_class --count 30 dropout    # one exercise
    .venv/bin/python -m tests.benchmarks.whole_class --count 60 --kills 20

Right ones have full marks, a mistake loses exactly the checks that it lists, what cannot be read
has no grade and the reason, and what attacks loses its own checks and nobody else's. With --kills
the run is killed by SIGKILL so often, at moments of chance, then resumed to the end, and compared
with an undisturbed one. Exit status: 0 all is as it has to be, 1 something is not.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.checks.bank import cache_folder
from grader.checks.run import cores
from tests.benchmarks.classroom.generate import EACH, generate, write_class
from tests.benchmarks.classroom.judging import judged, table
from tests.benchmarks.classroom.killing import differences, kill_again_and_again, run

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Generate, grade, judge."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="grader-class-") as name:
        folder = options.keep or Path(name)
        complaints = list(_complaints(options, folder))
    for line in complaints:
        _say(line)
    sys.exit(1 if complaints else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Grade a generated class, and check the result.")
    parser.add_argument("exercises", nargs="*", help="only these; default: all")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="default: 300")
    parser.add_argument(
        "--each", type=int, default=EACH, metavar="N", help=f"mistakes in one; default: {EACH}"
    )
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="default: none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="default: cores")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new folder to keep all in")
    return parser.parse_args()


def _complaints(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    submissions = generate(
        ROOT, options.count, names=options.exercises, seed=options.seed, each=options.each
    )
    where = write_class(submissions, folder / "submissions")
    before = _state(where)
    _draw_examples(options, folder)
    undisturbed = folder / "undisturbed"
    seconds = run(_command(options, where, undisturbed), _environment(folder, "undisturbed"))
    _say(f"{len(submissions)} submissions in {seconds:.0f} s, {options.jobs} at once")
    wrong = judged(submissions, undisturbed)
    for line in table(submissions, wrong):
        _say(line)
    yield from (f"{name} is not as it has to be" for name, words in wrong.items() if words)
    if options.kills:
        yield from _killed(options, folder, seconds)
    if _state(where) != before:
        yield "Something was written among the submissions."


def _killed(options: argparse.Namespace, folder: Path, seconds: float) -> Iterator[str]:
    """The same class again, with a cache that knows no outcome either."""
    where, out = folder / "submissions", folder / "killed"
    command, environment = _command(options, where, out), _environment(folder, "killed")

    def start() -> "subprocess.Popen[bytes]":
        nothing = subprocess.DEVNULL
        return subprocess.Popen(
            command, env=environment, stdout=nothing, stderr=nothing, start_new_session=True
        )

    count = sum(1 for _ in where.iterdir())
    killed = kill_again_and_again(
        start,
        out,
        kills=options.kills,
        each=seconds / count,
        count=count,
        chance=random.Random(options.seed),
    )
    _say(f"{killed.landed} of {options.kills} kills came before the end; graded: {killed.graded}")
    run(command, environment)
    found = list(differences(folder / "undisturbed", out))
    _say(f"gradebook and reports beside an undisturbed run: {len(found)} differences")
    yield from killed.left
    if killed.landed < options.kills:
        yield "The run was over before the last kill: grade more submissions, or kill less."
    yield from found


def _command(options: argparse.Namespace, where: Path, out: Path) -> list[str]:
    only = [word for name in options.exercises for word in ("--only", name)]
    return [
        *(sys.executable, "-P", "-m", "grader", "batch", str(where), "--course", str(ROOT)),
        *("--out", str(out), "--jobs", str(options.jobs), *only),
    ]


def _draw_examples(options: argparse.Namespace, folder: Path) -> None:
    """Fill the bank, which is kept where it always is: it says nothing of a submission."""
    start = time.monotonic()
    (folder / "nobody" / "alone").mkdir(parents=True)
    (folder / "nobody" / "alone" / "nothing.py").write_text("")
    run(_command(options, folder / "nobody", folder / "drawn"), os.environ)
    _say(f"examples drawn in {time.monotonic() - start:.0f} s")


def _environment(folder: Path, name: str) -> dict[str, str]:
    """A cache that has the bank, and no outcome."""
    cache = folder / f"cache of {name}"
    shutil.copytree(cache_folder() / "banks", cache / "banks")
    return os.environ | {"GRADER_CACHE": str(cache)}


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """What writing among the submissions would change."""
    found = ((path, path.lstat()) for path in sorted(folder.rglob("*")))
    return [(str(path), status.st_mtime_ns, status.st_size) for path, status in found]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
