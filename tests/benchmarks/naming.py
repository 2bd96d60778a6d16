"""How many of the course's known mistakes a report names, alone and two together.

    .venv/bin/python tests/benchmarks/naming.py
    .venv/bin/python tests/benchmarks/naming.py --pairs 40 dropout regularization
    .venv/bin/python tests/benchmarks/naming.py --alternatives

Each is graded as a submission, the whole way but for the report's files. A pair counts where both
changes can be made and a check sees it answer otherwise than either mistake alone.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

from grader.checks.banking import build_banks
from grader.checks.messages import Job, Way, replace
from grader.checks.run import job_of, left_by, setup_of
from grader.checks.watch import Examiner, run_jobs
from grader.course import Course, open_course
from grader.errors import CourseError
from grader.grade import make_report
from grader.mistakes import Mistake, apply, read_mistakes
from grader.model import CheckResult, Isolation, SourceFile, Status, Submission, Suite

ROOT = Path(__file__).parents[2]

Variant = tuple[str, tuple[Mistake, ...], str]  # exercise, what is wrong, source


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
                _say(f"  {[each.name for each in variant[1]]} {check.diagnosis.likeness}")
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
            yield exercise, (), path.read_text("utf-8")
        return
    source = (ROOT / f"reference/{exercise}.py").read_text("utf-8")
    mistakes = read_mistakes(ROOT, exercise)
    chosen: list[tuple[Mistake, ...]] = [(each,) for each in mistakes]
    if options.pairs:
        chosen = list(combinations(mistakes, 2))
        random.Random(options.seed).shuffle(chosen)
    for made in chosen[: options.pairs]:
        try:
            yield exercise, made, apply(source, made)
        except CourseError:
            continue


def graded(
    course: Course, variants: Iterable[Variant]
) -> Iterator[tuple[Variant, Sequence[CheckResult]]]:
    """Grade variants of one file each by examiners that stay warm."""
    setup = setup_of(course, Isolation.LANDLOCK)
    build_banks(setup, job_of(course, Submission("", ())).work, lambda _: None)
    with ExitStack() as stack:
        examiners = [
            [stack.enter_context(Examiner(replace(setup, way=way), 120.0)) for _ in range(2)]
            for way in (Way.REPLAY, Way.SEARCH)
        ]
        courses = {each.name: course.only((each.name,)) for each in course.exercises}
        jobs = [(each, _job(courses[each[0]], each)) for each in variants]
        left = []
        for variant, found in run_jobs(examiners[0], jobs, lambda _: None):
            job = _job(courses[variant[0]], variant)
            left.append(((variant, found), left_by(found, job)))
        live = [each for each in left if each[1].work]
        searched = {
            id(key[0]): found for key, found in run_jobs(examiners[1], live, lambda _: None)
        }
        for (variant, found), _ in left:
            both = found.then(*([searched[id(variant)]] if id(variant) in searched else []))
            report = make_report(courses[variant[0]], Submission("", ()), Suite.HIDDEN, both)
            yield variant, report.exercises[0].checks


def _job(course: Course, variant: Variant) -> Job:
    exercise, _, source = variant
    return job_of(course, Submission("", (SourceFile(f"{exercise}.py", "0" * 64, (source,)),)))


def _judged(variant: Variant, checks: Sequence[CheckResult]) -> Iterator[str]:
    """What counts for one of them; what is not as it should be is printed."""
    exercise, made, _ = variant
    wanted = {each.name for each in made}
    failed = [each for each in checks if each.status is not Status.PASSED]
    named = [set(each.diagnosis.mistakes) if each.diagnosis else set() for each in failed]
    label = f"{exercise}: {' + '.join(sorted(wanted))}"
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
