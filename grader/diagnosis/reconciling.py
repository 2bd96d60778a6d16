"""One diagnosis for each failed check of an exercise, that fits all of its checks together."""

from collections.abc import Collection, Mapping, Sequence

from grader.model import Diagnosis, Explanation, KnownMistake, Status, Suite

Key = tuple[Suite, str]  # of a check: its name
Together = tuple[KnownMistake, ...]  # mistakes that are made together


def reconcile(found: Mapping[Key, tuple[Status, Explanation]]) -> dict[Key, Diagnosis]:
    """Choose for each failed check what explains most of the others too.

    A mistake that fails a check which passed was not made, whatever the answers to another one
    are like.

    Args:
        found: how the checks of an exercise ended, and what was found out about each.
    """
    passed = {name for (_, name), (status, _) in found.items() if status is Status.PASSED}
    possible = {
        key: _least_contradicted(explanation.candidates, passed)
        for key, (_, explanation) in found.items()
    }
    return {
        key: diagnosis
        for key, (_, explanation) in found.items()
        if (diagnosis := _diagnosis(_best(possible[key], possible.values()), explanation))
    }


def _least_contradicted(candidates: Sequence[Together], passed: set[str]) -> list[Together]:
    """Those of which the fewest would fail a check that passed: all but one, at most.

    One mistake may hide what another would fail.
    """
    counts = [
        sum(not passed.isdisjoint(mistake.fails) for mistake in together) for together in candidates
    ]
    least = min(counts, default=0)
    return [
        together
        for together, count in zip(candidates, counts, strict=True)
        if count == least < len(together)
    ]


def _best(candidates: Sequence[Together], others: Collection[Sequence[Together]]) -> Together:
    """What explains most checks; the first of several."""
    return max(candidates, key=lambda each: _explained(each, others), default=())


def _explained(together: Together, others: Collection[Sequence[Together]]) -> int:
    """How many checks have a candidate that is part of this one, or that this one is part of."""
    names = {mistake.name for mistake in together}
    sets = ([{mistake.name for mistake in each} for each in candidates] for candidates in others)
    return sum(any(names <= each or each <= names for each in named) for named in sets)


def _diagnosis(together: Together, explanation: Explanation) -> Diagnosis | None:
    if not together and not explanation.likeness:
        return None
    return Diagnosis(
        tuple(mistake.name for mistake in together),
        tuple(mistake.tells for mistake in together),
        explanation.likeness,
        explanation.reveals,
    )
