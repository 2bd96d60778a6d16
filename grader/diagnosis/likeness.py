"""Says how wrong numbers are related to the right ones, where a simple rule holds in every call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.diagnosis import shapes, terms, values
from grader.diagnosis.quantity import Pair, Quantity

FEW_CALLS, MOST_CALLS = 5, 60  # that are looked at, those of the simplest examples first

# Fewer wrong numbers, in fewer calls, could be like anything.
_CALLS, _NUMBERS = 2, 4

# A rule says how a quantity relates to the right one ("is the right one transposed"), or nothing.
Rule = Callable[[Sequence[Pair]], "str | None"]

OF_SHAPE: tuple[Rule, ...] = (
    shapes.transposed,
    shapes.reshaped,
    shapes.along_the_wrong_axis,
    shapes.not_summed,
    shapes.not_averaged,
    shapes.summed_too_far,
)
OF_VALUES: tuple[Rule, ...] = (
    shapes.transposed,
    values.zero,
    values.negated,
    terms.times_an_argument,
    terms.sum_for_mean,
    values.squared,
    values.rooted,
    values.inverted,
    values.complement,
    values.without_sign,
    values.rounded,
    values.one_place_off,
    values.reordered,
    shapes.along_the_wrong_axis,
    terms.off_by_a_term,
)
REVEALING: tuple[Rule, ...] = (values.one_off, values.times_a_number, values.plus_a_number)
LAST: tuple[Rule, ...] = (values.except_where,)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How wrong numbers are related to the right ones.

    Attributes:
        reveals: a figure in the sentence gives the right ones away, or may stand in what the
            check calls them.
    """

    sentence: str = ""
    reveals: bool = False


def likeness(look: Callable[[int], Quantity | None]) -> Likeness:
    """The first rule that holds wherever the quantity was seen.

    Args:
        look: gives the quantity in so many calls; a few of them rule most rules out.
    """
    rules: Sequence[Rule] = (*OF_SHAPE, *OF_VALUES, *REVEALING, *LAST)
    for most in (FEW_CALLS, MOST_CALLS):
        found = look(most)
        if found is None:
            return Likeness()
        if _tells(found.pairs):
            rules = [rule for rule in rules if _fits(rule, found.pairs)]
        elif most == MOST_CALLS:
            return Likeness()
        if not rules:
            return Likeness()
    assert found is not None
    said = rules[0](found.pairs) or ""
    reveals = rules[0] in REVEALING or not found.name.isidentifier()
    return Likeness(_sentence(found.name, said), reveals)


def _tells(pairs: Sequence[Pair]) -> bool:
    """Whether there is enough to tell a rule from chance."""
    wrong = [pair for pair in pairs if pair.differs]
    numbers = sum(max(np.count_nonzero(pair.right), np.count_nonzero(pair.yours)) for pair in wrong)
    return len(wrong) >= _CALLS and bool(numbers >= _NUMBERS)


def _fits(rule: Rule, pairs: Sequence[Pair]) -> bool:
    same_shape = all(pair.yours.shape == pair.right.shape for pair in pairs)
    if rule in OF_SHAPE and rule not in OF_VALUES and same_shape:
        return False
    if rule not in OF_SHAPE and not (same_shape and _distinct(pairs)):
        return False
    return rule(pairs) is not None


def _distinct(pairs: Sequence[Pair]) -> bool:
    """Whether the right numbers are several: of one alone, anything is a simple function."""
    return len({f"{each:.6g}" for pair in pairs for each in pair.right.flat}) >= _NUMBERS


def _sentence(name: str, said: str) -> str:
    alone = name.isidentifier() and not name.endswith("s")
    return f"{f'Your {name}' if alone else f'What you have for {name}'} {said}."
