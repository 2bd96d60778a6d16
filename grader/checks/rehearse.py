"""Tries a bank out on the reference: `python -P -m grader.checks.rehearse ROOT EXERCISE SUITE`.

The bank comes on stdin and goes to stdout. A check that uses more of pytest or Hypothesis than a
replay has is found here, once, and runs live from then on. The examples run again on answers that
differ from the first ones in the last bits: a call that comes out the same does not depend on
answers, so it can be made before they are known. What the reference answered is kept as a digest:
an example with the very same answers has passed already.
"""

import contextlib
import copy
import os
import pickle
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.bank import Bank, CheckBank, Recorded, Values, bank_bytes, bank_from, replace
from grader.checks.calls import Answer, Call, Session, Target, Trace, fingerprint
from grader.checks.local import LocalTarget, reference_module
from grader.checks.plain import NeedsHypothesis, Rejected, load_checks, replace_libraries
from grader.checks.process import die_with_parent, take_stdout
from grader.checks.transcript import digest, transcript
from grader.checks.wire import Reply, image
from grader.course import file_of_checks
from grader.kit.submission import Callback, Submission
from grader.model import Suite
from grader.worker import codec
from grader.worker.frames import Kind

_NUDGE = 1 + 2.0**-44  # far below every tolerance, far above rounding


def main() -> None:
    """Replay every check of a bank on the reference."""
    root, exercise, suite = Path(sys.argv[1]), sys.argv[2], Suite(sys.argv[3])
    die_with_parent()
    answer = take_stdout()
    os.chdir("/")
    sys.path.insert(0, str(root))
    replace_libraries()
    bank = bank_from(sys.stdin.buffer.read())
    file = file_of_checks(root, exercise, suite)
    checks = [each if each.live else _rehearsed(root, file, exercise, each) for each in bank.checks]
    with os.fdopen(answer, "wb") as stdout:
        stdout.write(bank_bytes(Bank(tuple(checks))))


def _rehearsed(root: Path, file: Path, exercise: str, check: CheckBank) -> CheckBank:
    """The check with what is known of its calls, or left to Hypothesis."""
    try:
        target = LocalTarget(reference_module(exercise))
        body = getattr(load_checks(root, file), check.check)
        calls, answers = [], []
        examples = pickle.loads(check.values)  # noqa: S301  # the recorder wrote it
        for number, values in enumerate(examples):
            nudged = nudged_calls(check.item, target, partial(body, **copy.deepcopy(values)))
            rejected, session = _run(check, target, body, values)
            trace = session.trace
            if rejected != (number in check.rejected) or len(trace) != len(check.calls[number]):
                return check.left_to_hypothesis()
            known = recorded_calls(session.trace, nudged)
            calls.append(_marked(known, session.fingerprints))
            answers.append(_answers(trace) if all(c.beforehand for c in calls[-1]) else b"")
        return replace(check, calls=tuple(calls), answers=tuple(answers))
    except (Exception, NeedsHypothesis):
        return check.left_to_hypothesis()


class _Session(Session):
    """Keeps the fingerprints of its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.fingerprints: list[bytes] = []

    def _ready(self, function: str, data: Any, callbacks: tuple[Callback, ...]) -> Call:
        self.fingerprints.append(fingerprint(data))
        return super()._ready(function, data, callbacks)


def _run(
    check: CheckBank, target: Target, body: Callable[..., object], values: Values
) -> tuple[bool, _Session]:
    """Run one example; whether the check rejects it, and its calls."""
    session = _Session()
    session.begin_check(check.item, target)
    try:
        body(submission=Submission(session), **values)
    except Rejected:
        return True, session
    return False, session


def _answers(trace: Trace) -> bytes:
    """The digest of the answers of an example, as if a worker had given them."""
    digests = []
    for _, answer in trace:
        if answer is None:
            return b""
        payload = bytes(codec.encode_answer(answer.value, [*answer.changed]))
        digests.append(digest(image(Reply(Kind.ANSWER, payload))))
    return transcript(digests)


def nudged_calls(item: str, target: Target, example: Callable[..., object]) -> list[Call]:
    """The calls of one example on answers that are a little off.

    The check may well notice; what it called before that is known all the same.
    """
    session = Session()
    session.begin_check(item, _Nudged(target))
    with contextlib.suppress(Exception, NeedsHypothesis):
        example(submission=Submission(session))
    return [call for call, _ in session.trace]


def recorded_calls(trace: Trace, nudged: list[Call]) -> tuple[Recorded, ...]:
    """The calls of an example; those that come out the same on other answers are known."""
    recorded = []
    for place, (call, _) in enumerate(trace):
        same = place < len(nudged) and call == nudged[place] and not call.callbacks
        recorded.append(Recorded(call.function, call.arguments, call.seed, same))
    return tuple(recorded)


def _marked(calls: tuple[Recorded, ...], fingerprints: list[bytes]) -> tuple[Recorded, ...]:
    return tuple(
        replace(call, fingerprint=mark) if call.beforehand else call
        for call, mark in zip(calls, fingerprints, strict=True)
    )


class _Nudged:
    """The reference with answers that are off in the last bits."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def call(self, call: Call) -> Answer:
        answer = self._target.call(call)
        return Answer(_nudge(answer.value), answer.changed)


def _nudge(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value * _NUDGE
    if isinstance(value, float | complex | np.floating):
        return value * _NUDGE
    if isinstance(value, list | tuple):
        return type(value)(map(_nudge, value))
    if isinstance(value, dict):
        return {key: _nudge(item) for key, item in value.items()}
    return value


if __name__ == "__main__":
    main()
