"""Explains failed checks: what an examiner knows of one becomes an explanation."""

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from grader.checks.bank import CheckBank
from grader.checks.messages import Noticed
from grader.checks.prefetch import Fetched
from grader.checks.smallest import Ran
from grader.diagnosis.evidence import Seen, evidence
from grader.diagnosis.likeness import Likeness, likeness
from grader.diagnosis.naming import candidates
from grader.diagnosis.quantity import quantity
from grader.diagnosis.running import bounded
from grader.diagnosis.suspects import Suspects
from grader.model import Comparison, Explanation, KnownMistake


def explain(
    root: Path,
    exercise: str,
    bank: CheckBank,
    fetched: Fetched,
    ran: Sequence[Ran],
    comparisons: tuple[Comparison, ...],
    notice: Callable[[Noticed], None],
) -> Explanation:
    """Name the known mistakes that the answers to a failed check fit.

    Whatever goes wrong here, the check has failed all the same.

    Args:
        root: of the course.
        bank: the check, and the calls that it makes whatever is answered.
        fetched: the answers to those.
        ran: examples that ran because the check failed.
        comparisons: what it compared.
        notice: told where this goes wrong.
    """
    try:
        with bounded(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            suspects, seen = _suspects(root, exercise), evidence(bank, fetched, ran)
            found = candidates(suspects, bank.check, seen)
            like = _likeness(comparisons, seen, ran, suspects)
    except Exception as error:
        notice(Noticed(f"The failure of {bank.item} could not be explained: {error!r}"))
        return Explanation(comparisons=comparisons)
    return Explanation(
        tuple(
            tuple(KnownMistake(each.name, each.tells, each.fails) for each in made)
            for made in found
        ),
        like.sentence,
        like.reveals,
        comparisons,
    )


def _likeness(
    comparisons: tuple[Comparison, ...],
    seen: Sequence[Seen],
    ran: Sequence[Ran],
    suspects: Suspects,
) -> Likeness:
    reference = suspects.functions(())
    assert reference is not None

    def names(function: str) -> tuple[str, ...]:
        return tuple(inspect.signature(reference[function]).parameters)

    return likeness(lambda most: quantity(comparisons, seen, ran, reference, names, most))


@functools.cache
def _suspects(root: Path, exercise: str) -> Suspects:
    """Made ready once for all checks of an exercise."""
    return Suspects(root, exercise)
