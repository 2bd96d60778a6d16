"""Says how wrong numbers are related to the right ones, where a simple rule holds in every call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.diagnosis import shapes, terms, values
from grader.diagnosis.quantity import Pair, Quantity

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
    values.one_off,
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
    values.except_where,
)
REVEALING: tuple[Rule, ...] = (values.times_a_number, values.plus_a_number)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How wrong numbers are related to the right ones.

    Attributes:
        reveals: a figure in the sentence gives the right ones away.
    """

    sentence: str = ""
    reveals: bool = False


def likeness(quantity: Quantity) -> Likeness:
    """The first rule that holds wherever the quantity was seen."""
    wrong = [pair for pair in quantity.pairs if pair.differs]
    numbers = sum(max(np.count_nonzero(pair.right), np.count_nonzero(pair.yours)) for pair in wrong)
    if len(wrong) < _CALLS or numbers < _NUMBERS:
        return Likeness()
    same_shape = all(pair.yours.shape == pair.right.shape for pair in quantity.pairs)
    for rule in OF_VALUES if same_shape else OF_SHAPE:
        if said := rule(quantity.pairs):
            return Likeness(_sentence(quantity.name, said))
    for rule in REVEALING if same_shape else ():
        if said := rule(quantity.pairs):
            return Likeness(_sentence(quantity.name, said), reveals=True)
    return Likeness()


def _sentence(name: str, said: str) -> str:
    subject = f"Your {name}" if name.isidentifier() else f"{name[:1].upper()}{name[1:]}"
    return f"{subject} {said}."
