"""Builds the bank of one exercise: `python -P -m grader.checks.record ROOT EXERCISE SUITE`.

Every check runs once under Hypothesis against the reference. Then its examples run again without
Hypothesis, on answers that differ from the first ones in the last bits: a call that comes out the
same does not depend on answers, so it can be made before they are known.
"""

import contextlib
import copy
import inspect
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis.errors import UnsatisfiedAssumption
from hypothesis.strategies import DataObject

from grader.checks import fixtures
from grader.checks.bank import Bank, CheckBank, Recorded, Values, bank_bytes, bank_key, save_bank
from grader.checks.calls import Answer, Call, Session, Target, Trace
from grader.checks.examination import pytest_arguments
from grader.checks.plugin import CheckPlugin, body_of
from grader.checks.process import take_stdout, trusted_process
from grader.course import file_of_checks
from grader.kit import Submission
from grader.model import Suite

_NUDGE = 1 + 2.0**-44  # far below every tolerance, far above rounding


def main() -> None:
    """Record one suite of one exercise and keep its bank."""
    root, exercise, suite = Path(sys.argv[1]), sys.argv[2], Suite(sys.argv[3])
    take_stdout()
    os.chdir("/")
    sys.path.insert(0, str(root))
    recorder = Recorder()
    arguments = pytest_arguments(root, [file_of_checks(root, exercise, suite)])
    code = pytest.main(arguments, plugins=[fixtures, recorder])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(f"pytest could not collect the checks (exit code {int(code)})")
    bank = Bank(tuple(recorder.checks))
    save_bank(bank_key(root, exercise, suite), _rehearsed(bank, str(root), exercise, suite))


def _rehearsed(bank: Bank, *what: str) -> Bank:
    """Leave to Hypothesis what does not replay."""
    with trusted_process("grader.checks.rehearse", *what) as process:
        output, trouble = process.communicate(bank_bytes(bank))
        if process.returncode:
            sys.exit(trouble.decode("utf-8", "replace"))
        well = set(output.decode().splitlines())
    return Bank(
        tuple(
            check if check.item in well else CheckBank(check.check, check.item, live=True)
            for check in bank.checks
        )
    )


class Recorder(CheckPlugin):
    """Runs each check on the reference and keeps what it drew and called."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: list[CheckBank] = []
        self._examples: list[tuple[Values, Trace]] = []
        self._rejected: list[int] = []
        self._interactive = False

    def run(self, item: pytest.Function) -> None:
        """Record one check; one that fails on the reference gets no bank, and so runs live."""
        self._examples, self._rejected, self._interactive = [], [], False
        self.session.begin_check(item.name, self.reference(item))
        if not hasattr(item.obj, "hypothesis"):
            names = inspect.signature(item.obj).parameters
            self._keep(item.obj, (), {name: item.funcargs[name] for name in names})
        body_of(item)()
        live = CheckBank(item.originalname or item.name, item.name, live=True)
        recorded = None if self._interactive else self._recorded(item, live)
        self.checks.append(recorded or live)

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example and keep its values, as they were before the check could change them."""
        self.session.begin_example()
        self._keep(body, args, kwargs)
        try:
            return body(*args, **kwargs)
        except UnsatisfiedAssumption:
            self._rejected.append(len(self._examples) - 1)
            raise

    def _keep(self, body: Callable[..., Any], args: Any, kwargs: Any) -> None:
        values = inspect.signature(body).bind(*args, **kwargs).arguments
        drawn = {name: value for name, value in values.items() if name != "submission"}
        try:
            interactive = any(isinstance(value, DataObject) for value in drawn.values())
            kept = {} if interactive else copy.deepcopy(drawn)
        except Exception:
            interactive, kept = True, {}
        self._interactive |= interactive
        self._examples.append((kept, self.session.trace))

    def _recorded(self, item: pytest.Function, live: CheckBank) -> CheckBank | None:
        """The bank of a check; None where its examples cannot be kept or run by themselves."""
        target = self.reference(item)
        try:
            values = pickle.dumps([values for values, _ in self._examples], protocol=5)
            again = [_calls_when_nudged(item, values, target) for values, _ in self._examples]
        except Exception:
            return None
        calls = tuple(
            _recorded(trace, nudged)
            for (_, trace), nudged in zip(self._examples, again, strict=True)
        )
        return CheckBank(live.check, live.item, values, calls, rejected=tuple(self._rejected))


def _calls_when_nudged(item: pytest.Function, values: Values, target: Target) -> list[Call]:
    session = Session()
    session.begin_check(item.name, _Nudged(target))
    handle = getattr(item.obj, "hypothesis", None)
    body = handle.inner_test.__wrapped__ if handle else item.obj
    # A check may well notice that it was nudged; what it called before that is known all the same.
    with contextlib.suppress(AssertionError, UnsatisfiedAssumption, pytest.fail.Exception):
        body(submission=Submission(session), **copy.deepcopy(values))
    return [call for call, _ in session.trace]


def _recorded(trace: Trace, nudged: list[Call]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            call.function,
            call.arguments,
            call.seed,
            place < len(nudged) and call == nudged[place] and not call.callbacks,
        )
        for place, (call, _) in enumerate(trace)
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
