"""Builds the bank of one exercise: `python -P -m grader.checks.record ROOT EXERCISE SUITE`.

Every check runs once under Hypothesis against the reference; `rehearse` then tries its examples
out without Hypothesis.
"""

import copy
import inspect
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis.errors import UnsatisfiedAssumption
from hypothesis.strategies import DataObject

from grader.checks import fixtures
from grader.checks.bank import (
    Bank,
    CheckBank,
    Recorded,
    Values,
    bank_bytes,
    bank_from,
    save_bank,
)
from grader.checks.calls import Trace
from grader.checks.examination import pytest_arguments
from grader.checks.keys import bank_key
from grader.checks.plugin import CheckPlugin, body_of
from grader.checks.process import die_with_parent, last_words, take_stdout, trusted_process
from grader.course import file_of_checks
from grader.model import Suite


def main() -> None:
    """Record one suite of one exercise and keep its bank."""
    root, exercise, suite = Path(sys.argv[1]), sys.argv[2], Suite(sys.argv[3])
    die_with_parent()
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
    """Have it tried out in a process that has no Hypothesis."""
    with trusted_process("grader.checks.rehearse", *what) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(bank_bytes(bank))
        process.stdin.close()
        answer = process.stdout.read()
        if process.wait():
            sys.exit(f"the bank could not be rehearsed: {last_words(process)}")
        return bank_from(answer)


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
        self.checks.append(self._recorded(CheckBank(item.originalname or item.name, item.name)))

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

    def _recorded(self, check: CheckBank) -> CheckBank:
        """The check with its examples, unless they cannot be kept."""
        if self._interactive:
            return check.left_to_hypothesis()
        try:
            values = pickle.dumps([values for values, _ in self._examples], protocol=5)
        except Exception:
            return check.left_to_hypothesis()
        calls = tuple(
            tuple(Recorded(call.function, call.arguments, call.seed, False) for call, _ in trace)
            for _, trace in self._examples
        )
        return CheckBank(check.check, check.item, values, calls, rejected=tuple(self._rejected))


if __name__ == "__main__":
    main()
