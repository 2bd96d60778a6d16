"""Explains failed checks: what an examiner knows of one becomes an explanation."""

import functools
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from grader.checks.bank import CheckBank
from grader.checks.messages import Noticed
from grader.checks.prefetch import Fetched
from grader.checks.smallest import Ran
from grader.diagnosis.evidence import evidence
from grader.diagnosis.naming import candidates
from grader.diagnosis.running import bounded
from grader.diagnosis.suspects import Suspects
from grader.model import Explanation, KnownMistake


def explain(
    root: Path,
    exercise: str,
    bank: CheckBank,
    fetched: Fetched,
    ran: Sequence[Ran],
    notice: Callable[[Noticed], None],
) -> Explanation:
    """Name the known mistakes that the answers to a failed check fit.

    Whatever goes wrong here, the check has failed all the same.

    Args:
        root: of the course.
        bank: the check, and the calls that it makes whatever is answered.
        fetched: the answers to those.
        ran: examples that ran because the check failed.
        notice: told where this goes wrong.
    """
    try:
        with bounded(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = candidates(_suspects(root, exercise), bank.check, evidence(bank, fetched, ran))
    except Exception as error:
        notice(Noticed(f"The failure of {bank.item} could not be explained: {error!r}"))
        return Explanation()
    return Explanation(
        tuple(
            tuple(KnownMistake(each.name, each.tells, each.fails) for each in made)
            for made in found
        )
    )


@functools.cache
def _suspects(root: Path, exercise: str) -> Suspects:
    """Made ready once for all checks of an exercise."""
    return Suspects(root, exercise)
