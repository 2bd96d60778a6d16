"""The third part of the proof: every mutant of the reference is caught, or known to be right."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.checks.trials import Trial
from grader.mistakes import Equivalent, apply
from grader.model import Status
from grader.verify.difference import difference
from grader.verify.functions import reaching
from grader.verify.material import Material
from grader.verify.mutants import Mutant
from grader.verify.proof import Counts, Lost, Shortcoming
from grader.verify.words import listed


@dataclass(frozen=True, slots=True)
class Suspect:
    """A mutant that is listed as equivalent, and the checks that could refute it."""

    equivalent: Equivalent
    mutant: Mutant
    checks: tuple[str, ...]


def trials(material: Material) -> Iterator[Trial]:
    """All mutants."""
    for mutant in material.mutants:
        yield Trial(_trial(mutant), material.name, mutant.source)


def judge(material: Material, lost: Mapping[str, Lost], counts: Counts) -> Iterator[Shortcoming]:
    """The mutants that nobody noticed, and entries that are wrong about one."""
    excused = _excused(material)
    counts.mutants = len(material.mutants)
    for mutant in material.mutants:
        caught = _caught(lost[_trial(mutant)])
        entry = excused.pop(_meaning(mutant.source), None)
        counts.killed += bool(caught)
        counts.equivalent += bool(entry and not caught)
        if entry and caught:
            yield _no_equivalent(material, entry, f"{caught[0]} catches it")
        elif not caught and not entry:
            counts.survived += 1
            yield _survivor(material, mutant)
    for entry in excused.values():
        yield _no_equivalent(material, entry, "no mutant is made by this change")


def suspects(material: Material, lost: Mapping[str, Lost]) -> list[Suspect]:
    """The listed mutants that nothing has refuted so far."""
    excused = _excused(material)
    return [
        Suspect(entry, mutant, tuple(_checks_of(material, mutant)))
        for mutant in material.mutants
        if (entry := excused.get(_meaning(mutant.source))) and not _caught(lost[_trial(mutant)])
    ]


def refuted(material: Material, suspect: Suspect, check: str, example: str) -> Shortcoming:
    """What a further example has found."""
    return Shortcoming(
        material.name,
        "equivalent",
        f"{material.file_of_mistakes}: {suspect.equivalent.name} is none: a further example of "
        f"{check} catches it ({example}). Let the check in {material.file_of_checks} draw such "
        "examples, and take the entry out.",
        suspect.mutant.old,
        suspect.mutant.new,
    )


def hardly_doubted(material: Material, suspect: Suspect, tried: int, wanted: int) -> Shortcoming:
    """What the checks have too few examples for."""
    return Shortcoming(
        material.name,
        "equivalent",
        f"{material.file_of_mistakes}: {suspect.equivalent.name} could be tried on only {tried} "
        f"further examples of {wanted}. Let its checks in {material.file_of_checks} draw more "
        "varied ones, or strengthen one and take the entry out.",
        suspect.mutant.old,
        suspect.mutant.new,
    )


def _caught(lost: Lost) -> list[str]:
    """The checks that tell a mutant from the reference, which they pass."""
    return sorted(check for check, status in lost.items() if status is not Status.VOID)


def _excused(material: Material) -> dict[str, Equivalent]:
    texts = ((apply(material.source, [entry]), entry) for entry in material.equivalents)
    return {_meaning(text): entry for text, entry in texts}


def _survivor(material: Material, mutant: Mutant) -> Shortcoming:
    checks = _checks_of(material, mutant)
    miss = "checks it, and misses" if len(checks) == 1 else "check it, and miss"
    whose = f"{listed(checks)} {miss} this" if checks else "no check calls it"
    return Shortcoming(
        material.name,
        "mutant",
        f"{material.file}, {mutant.function}, line {mutant.line} of it: {whose}. Strengthen one in "
        f"{material.file_of_checks}, or list the change as [[equivalent]] with a reason in "
        f"{material.file_of_mistakes}.",
        mutant.old,
        mutant.new,
    )


def _no_equivalent(material: Material, entry: Equivalent, why: str) -> Shortcoming:
    _, old, new = difference(material.source, apply(material.source, [entry]))
    return Shortcoming(
        material.name,
        "equivalent",
        f"{material.file_of_mistakes}: {entry.name} is none: {why}. Take the entry out.",
        "".join(old),
        "".join(new),
    )


def _checks_of(material: Material, mutant: Mutant) -> list[str]:
    """The checks that call the function, or one that needs it."""
    callers = reaching(material.source, mutant.function)
    return material.checks(lambda check: not callers.isdisjoint(check.functions))


def _meaning(source: str) -> str:
    return ast.dump(ast.parse(source))


def _trial(mutant: Mutant) -> str:
    return f"mutant {mutant.name}"
