"""What further examples say of the mutants that are listed as equivalent."""

from collections.abc import Iterator, Mapping, Sequence

from grader.verify.demands import Demands
from grader.verify.experiments import Finding
from grader.verify.material import Material
from grader.verify.mutation import Suspect, caught_by
from grader.verify.proof import Counts, Lost, Shortcoming


def judge(
    material: Material,
    suspects: Sequence[Suspect],
    findings: Sequence[Finding],
    lost: Mapping[str, Lost],
    demands: Demands,
    counts: Counts,
) -> Iterator[Shortcoming]:
    """What was refuted, or tried on too few examples; what a check catches is settled already."""
    tried, refuted = [0] * len(suspects), dict[int, Finding]()
    for finding in findings:
        if "tried" in finding:
            tried[finding["suspect"]] = finding["tried"]
        else:
            refuted[finding["suspect"]] = finding
    alive = [n for n, suspect in enumerate(suspects) if not caught_by(suspect.mutant, lost)]
    counts.further_examples = min((tried[number] for number in alive), default=0)
    for number in alive:
        suspect = suspects[number]
        if number in refuted:
            yield _refuted(material, suspect, refuted[number]["check"], refuted[number]["refuted"])
        elif tried[number] < demands.examples:
            yield _hardly_doubted(material, suspect, tried[number], demands.examples)


def _refuted(material: Material, suspect: Suspect, check: str, example: str) -> Shortcoming:
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


def _hardly_doubted(material: Material, suspect: Suspect, tried: int, wanted: int) -> Shortcoming:
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
