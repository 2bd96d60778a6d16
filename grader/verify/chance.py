"""The fourth part of the proof, on checks of random answers: they hold for every seed."""

import ast
import re
from collections.abc import Iterator, Mapping

from grader.course import Course, file_of_checks
from grader.model import Suite
from grader.reading import parse
from grader.verify.demands import Demands
from grader.verify.experiments import Finding
from grader.verify.material import Material
from grader.verify.proof import Counts, Shortcoming

ALLOWED_RATE = 1e-9
_STATED = re.compile(r"False-failure rate: (?:at most )?([0-9.]+(?:e-?[0-9]+)?)[,:;] \w")
_WRITE = (
    'Write a paragraph "False-failure rate: 2e-12, two comparisons of 1e-12 each." into its '
    "docstring, below the hint"
)


def judge(
    course: Course,
    material: Material,
    findings: list[Finding],
    demands: Demands,
    counts: Counts,
) -> Iterator[Shortcoming]:
    """What chance has failed, and what is not said of chance."""
    stated = stated_rates(course, material)
    for finding in _by_check(findings):
        counts.statistical += finding["rate"] > 0
        counts.seeds = max(counts.seeds, min(finding["tried"], demands.seeds))
        where = f"{material.file_of_checks}: {finding['check']}"
        for sentence in (*_failing(finding), *_rates(finding, stated), *_repeating(finding)):
            yield Shortcoming(material.name, "seed", f"{where} {sentence}")


def _by_check(findings: list[Finding]) -> list[Finding]:
    """One finding for each check, also where it runs with several sets of parameters."""
    found: dict[str, Finding] = {}
    for each in findings:
        before = found.get(each["check"])
        if before is None:
            found[each["check"]] = each
        else:
            found[each["check"]] = {
                key: before[key] if key == "check" else before[key] + each[key] for key in each
            }
    return list(found.values())


def _failing(finding: Finding) -> Iterator[str]:
    if finding["failures"]:
        yield (
            f"fails on the reference for {len(finding['failures'])} of {finding['tried']} seeds "
            f"({finding['failures'][0]}). Allow for more chance, or ask for more values."
        )


def _rates(finding: Finding, stated: Mapping[str, float | None]) -> Iterator[str]:
    rate, said = finding["rate"], stated.get(finding["check"])
    if not rate:
        return
    if said is None:
        yield f"judges random answers and does not state how often a right one fails. {_WRITE}."
    elif said < rate * (1 - 1e-9):
        yield (
            f"states a false-failure rate of {said:.2g}, but its comparisons add up to "
            f"{rate:.2g}. Correct its docstring, or let it draw fewer examples."
        )
    elif said > ALLOWED_RATE:
        yield (
            f"states a false-failure rate of {said:.2g}; at most {ALLOWED_RATE:.0e} is allowed. "
            "Let it draw fewer examples."
        )


def _repeating(finding: Finding) -> Iterator[str]:
    if finding["rate"] and finding["interactive"]:
        yield (
            "judges random answers and draws while it runs, so it cannot be tried with other "
            "seeds. Let @given draw all that it needs."
        )
    elif finding["rate"] and not finding["tried"]:
        yield (
            "judges random answers, but the reference gives the same ones for every seed. Take "
            "the seed out of the reference."
        )
    elif finding["distinct"] < finding["tried"] - len(finding["failures"]) and finding["rate"]:
        yield (
            f"gets only {finding['distinct']} different answers of the reference for "
            f"{finding['tried']} seeds. Let it ask for more values, or let the reference follow "
            "the seed."
        )


def stated_rates(course: Course, material: Material) -> dict[str, float | None]:
    """What the docstring of each check says."""
    tree = parse(file_of_checks(course.root, material.name, Suite.HIDDEN), "Write it.")
    texts = {
        node.name: " ".join((ast.get_docstring(node) or "").split())
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    found = {name: _STATED.search(text) for name, text in texts.items()}
    return {name: float(match[1]) if match else None for name, match in found.items()}
