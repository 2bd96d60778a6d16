"""How many of the course's known mistakes a report names, alone and two together.

    .venv/bin/python -m tests.benchmarks.naming
    .venv/bin/python -m tests.benchmarks.naming --pairs 40 dropout regularization
    .venv/bin/python -m tests.benchmarks.naming --alternatives

Each is graded as a submission, the whole way but for the report's files. A pair counts where both
changes can be made and a check sees it answer otherwise than either mistake alone.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from grader.course import open_course
from grader.errors import CourseError
from grader.mistakes import Mistake, apply, read_mistakes
from grader.model import CheckResult, Status
from tests.grader.diagnosis.variants import Variant, graded

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Grade them all, and print what was not named as it should be."""
    options = _options()
    course = open_course(ROOT)
    names = options.exercises or [each.name for each in course.exercises]
    variants = [each for name in names for each in _variants(name, options)]
    counts: Counter[str] = Counter()
    for variant, checks in graded(course, variants):
        counts.update(_judged(variant, checks))
        for check in checks if options.likeness else ():
            if check.diagnosis and check.diagnosis.likeness:
                _say(f"  {[each.name for each in variant.made]} {check.diagnosis.likeness}")
    for word, count in sorted(counts.items()):
        _say(f"{word:28} {count:5}  {count / len(variants):.1%}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--pairs", type=int, help="so many pairs of each exercise, by chance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--likeness", action="store_true", help="print what is said of values")
    parser.add_argument("--alternatives", action="store_true", help="right solutions instead")
    return parser.parse_args()


def _variants(exercise: str, options: argparse.Namespace) -> Iterator[Variant]:
    if options.alternatives:
        for path in sorted((ROOT / "tests/alternatives" / exercise).glob("*.py")):
            yield Variant(exercise, (), path.read_text("utf-8"))
        return
    source = (ROOT / f"reference/{exercise}.py").read_text("utf-8")
    mistakes = read_mistakes(ROOT, exercise)
    chosen: list[tuple[Mistake, ...]] = [(each,) for each in mistakes]
    if options.pairs:
        chosen = list(combinations(mistakes, 2))
        random.Random(options.seed).shuffle(chosen)
    for made in chosen[: options.pairs]:
        try:
            yield Variant(exercise, made, apply(source, made))
        except CourseError:
            continue


def _judged(variant: Variant, checks: Sequence[CheckResult]) -> Iterator[str]:
    """What counts for one of them; what is not as it should be is printed."""
    wanted = {each.name for each in variant.made}
    failed = [each for each in checks if each.status is not Status.PASSED]
    named = [set(each.diagnosis.mistakes) if each.diagnosis else set() for each in failed]
    label = f"{variant.exercise}: {' + '.join(sorted(wanted))}"
    found = set[str]().union(*named)
    if wanted <= found:
        yield "named"
    else:
        yield "not named"
        _say(f"not named  {label}: {[each.name for each in failed]}")
    if others := found - wanted:
        yield "named otherwise too"
        _say(f"otherwise  {label}: {sorted(others)}")
    yield "in every failed check" if all(named) else "not in every failed check"
    for check, names in zip(failed, named, strict=True):
        if not names:
            _say(f"  silent   {label}: {check.name}")
        elif not names <= wanted:
            _say(f"  wrong    {label}: {check.name}: {sorted(names)}")


if __name__ == "__main__":
    main()
