"""Tries a bank out on the reference: `python -P -m grader.checks.rehearse ROOT EXERCISE SUITE`.

The bank comes on stdin, the items that replay well go to stdout, a line each. A check that uses
more of pytest or Hypothesis than a replay has is found here, once, and runs live from then on.
"""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

from grader.checks.bank import CheckBank, Values, bank_from
from grader.checks.calls import Session
from grader.checks.local import LocalTarget, reference_module
from grader.checks.plain import NeedsHypothesis, Rejected, load_checks, replace_libraries
from grader.checks.process import take_stdout
from grader.course import file_of_checks
from grader.kit.submission import Submission
from grader.model import Suite


def main() -> None:
    """Replay every check of a bank on the reference."""
    root, exercise, suite = Path(sys.argv[1]), sys.argv[2], Suite(sys.argv[3])
    answers = take_stdout()
    os.chdir("/")
    sys.path.insert(0, str(root))
    replace_libraries()
    bank = bank_from(sys.stdin.buffer.read())
    file = file_of_checks(root, exercise, suite)
    for check in bank.checks:
        if not check.live and _replays(root, file, exercise, check):
            os.write(answers, check.item.encode() + b"\n")


def _replays(root: Path, file: Path, exercise: str, check: CheckBank) -> bool:
    session = Session()
    session.begin_check(check.item, LocalTarget(reference_module(exercise)))
    try:
        body = getattr(load_checks(root, file), check.check)
        examples = pickle.loads(check.values)  # noqa: S301  # the recorder wrote it
        return all(
            _rejects(session, body, values) == (number in check.rejected)
            for number, values in enumerate(examples)
        )
    except (Exception, NeedsHypothesis):
        return False


def _rejects(session: Session, body: Callable[..., object], values: Values) -> bool:
    session.begin_example()
    try:
        body(submission=Submission(session), **values)
    except Rejected:
        return True
    return False


if __name__ == "__main__":
    main()
