"""The second part of the proof: each known mistake is caught, by the checks that it lists."""

from collections.abc import Iterator, Mapping

from grader.checks.trials import Trial
from grader.mistakes import Mistake, apply
from grader.model import Status
from grader.verify.demands import Demands
from grader.verify.material import Material
from grader.verify.proof import Counts, Lost, Shortcoming
from grader.verify.words import ended, listed

_CAUGHT = (None, Status.FAILED, Status.ERROR)


def trials(material: Material) -> Iterator[Trial]:
    """The reference with each mistake, one at a time."""
    for mistake in material.mistakes:
        text = apply(material.source, [mistake])
        yield Trial(_trial(mistake), material.name, text)


def judge(
    material: Material, lost: Mapping[str, Lost], demands: Demands, counts: Counts
) -> Iterator[Shortcoming]:
    """Which mistakes are not caught as they say, and which checks catch none."""
    known = set(material.checks())
    counts.mistakes = len(material.mistakes)
    for mistake in material.mistakes:
        found = list(_of_mistake(material, mistake, lost[_trial(mistake)], known))
        counts.caught += not found
        yield from found
    yield from _idle_checks(material, lost)
    if counts.mistakes < demands.mistakes_each:
        yield Shortcoming(
            material.name,
            "count",
            f"{material.file_of_mistakes} has {counts.mistakes} mistakes, but at least "
            f"{demands.mistakes_each} are wanted. Add what students get wrong.",
        )


def _of_mistake(
    material: Material, mistake: Mistake, lost: Lost, known: set[str]
) -> Iterator[Shortcoming]:
    file = material.file_of_mistakes

    def because(sentence: str) -> Shortcoming:
        return Shortcoming(material.name, "mistake", f"{file}, {mistake.name}: {sentence}")

    if mistake.function not in material.exercise.functions:
        yield because(
            f"{mistake.function} is no function that students write. Correct its function."
        )
    for check in mistake.fails:
        if check not in known:
            yield because(f"there is no check {check}. Correct its fails.")
        elif check not in lost:
            yield because(
                f"{check} does not catch it. Let the check in {material.file_of_checks} ask for "
                "more, or take it out of fails."
            )
        elif lost[check] not in _CAUGHT:
            yield because(
                f"{check} ends as {ended(lost[check])}, not as failed. Make the mistake one that "
                "gives a wrong answer."
            )
    if others := sorted(lost.keys() - set(mistake.fails)):
        yield because(f"{listed(others)} catch it too. Add what is missing to its fails.")


def _idle_checks(material: Material, lost: Mapping[str, Lost]) -> Iterator[Shortcoming]:
    """Checks that no mistake has ever failed; one that is a bonus has its planted ones."""
    busy = {check for mistake in material.mistakes for check in lost[_trial(mistake)]}
    for check in material.checks(lambda check: not check.bonus):
        if check not in busy:
            yield Shortcoming(
                material.name,
                "check",
                f"{material.file_of_checks}: {check} catches no known mistake. Add one that it "
                f"must catch to {material.file_of_mistakes}, or take the check out.",
            )


def _trial(mistake: Mistake) -> str:
    return f"mistake {mistake.name}"
