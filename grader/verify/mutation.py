"""The third part of the proof: every mutant of the reference is caught, or known to be right."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
        yield Trial(_trial(mutant), material.name, mutant.source, _likely(material, mutant))


def suspects(material: Material) -> list[Suspect]:
    """The mutants that are listed as equivalent."""
    texts = ((entry, apply(material.source, [entry])) for entry in material.equivalents)
    listed = {_meaning(text): entry for entry, text in texts}
    functions = {entry.function for entry in listed.values()}
    return [
        Suspect(entry, mutant, tuple(material.checks_of(mutant.function)))
        for mutant in material.mutants
        if mutant.function in functions and (entry := listed.get(_meaning(mutant.source)))
    ]


def judge(
    material: Material, suspects: Sequence[Suspect], lost: Mapping[str, Lost], counts: Counts
) -> Iterator[Shortcoming]:
    """The mutants that nobody noticed, and entries that are wrong about one."""
    excused = {suspect.mutant.name: suspect.equivalent for suspect in suspects}
    counts.mutants = len(material.mutants)
    for mutant in material.mutants:
        caught, entry = caught_by(mutant, lost), excused.get(mutant.name)
        counts.killed += bool(caught)
        counts.equivalent += bool(entry and not caught)
        if entry and caught:
            yield _no_equivalent(material, entry, f"{caught[0]} catches it")
        elif not caught and not entry:
            counts.survived += 1
            yield _survivor(material, mutant)
    for entry in material.equivalents:
        if entry not in excused.values():
            yield _no_equivalent(
                material, entry, f"no mutant of {entry.function} makes this change"
            )


def caught_by(mutant: Mutant, lost: Mapping[str, Lost]) -> list[str]:
    """The checks that tell a mutant from the reference, which they pass."""
    found = lost[_trial(mutant)]
    return sorted(check for check, status in found.items() if status is not Status.VOID)


def _survivor(material: Material, mutant: Mutant) -> Shortcoming:
    checks = material.checks_of(mutant.function)
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


def _likely(material: Material, mutant: Mutant) -> tuple[str, ...]:
    """The checks that may catch it, first those that catch most known mistakes of its function."""
    callers = reaching(material.source, mutant.function)
    caught = Counter(
        check
        for mistake in material.mistakes
        if mistake.function in callers
        for check in mistake.fails
    )
    return tuple(sorted(material.checks_of(mutant.function), key=lambda check: -caught[check]))


def _meaning(source: str) -> str:
    return ast.dump(ast.parse(source))


def _trial(mutant: Mutant) -> str:
    return f"mutant {mutant.name}"
