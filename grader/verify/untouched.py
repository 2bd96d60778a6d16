"""The first part of the proof: the reference has full marks, and the stub has none."""

from collections.abc import Iterator, Mapping

from grader.checks.trials import Trial
from grader.model import Check, Status
from grader.stubs import derive_stub
from grader.verify.material import Material
from grader.verify.proof import Lost, Shortcoming
from grader.verify.words import ended


def trials(material: Material) -> Iterator[Trial]:
    """The reference and the stub."""
    yield Trial("reference", material.name, material.source)
    stub = derive_stub(material.name, material.source, material.mistakes)
    yield Trial("stub", material.name, stub)


def judge(material: Material, lost: Mapping[str, Lost]) -> Iterator[Shortcoming]:
    """What falls short of that."""
    for name in lost["reference"]:
        yield Shortcoming(
            material.name,
            "reference",
            f"{material.file} does not pass {name}. Mend the reference, or the "
            f"check in {material.file_of_checks}.",
        )
    given = {mistake.function for mistake in material.mistakes if mistake.planted}
    for check in material.exercise.checks:
        planted = given.issuperset(check.functions)
        yield from _of_stub(material, check, planted, lost["stub"].get(check.name, Status.PASSED))


def _of_stub(
    material: Material, check: Check, planted: bool, status: Status | None
) -> Iterator[Shortcoming]:
    name = material.name
    if planted and not check.bonus:
        yield Shortcoming(
            name,
            "stub",
            f"{material.file_of_checks}: {check.name} is about nothing but what the stub gives "
            "away, mistakes planted. Mark it with @pytest.mark.bonus.",
        )
    if status is Status.PASSED:
        yield Shortcoming(
            name,
            "stub",
            f"The stub of {name} passes {check.name} before anything is written. Let the check in "
            f"{material.file_of_checks} ask for an answer that only a solution can give.",
        )
    elif (status is Status.NOT_STARTED) == planted:
        expected = "fail for its planted mistakes" if planted else "be not started"
        yield Shortcoming(
            name,
            "stub",
            f"The stub of {name} should {expected} in {check.name}, but it ends as "
            f"{ended(status)}. Call a function that students write first in "
            f"{material.file_of_checks}.",
        )
