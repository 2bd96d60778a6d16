"""Builds the bank of one exercise: `python -P -m grader.checks.record ROOT EXERCISE SUITE`.

Every check runs once under Hypothesis against the reference, and on simple examples that are kept
to explain failures; `rehearse` then tries its examples out without Hypothesis.
"""

import copy
import inspect
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis.strategies import DataObject

from grader.checks import fixtures
from grader.checks.bank import (
    Bank,
    CheckBank,
    Recorded,
    Values,
    bank_bytes,
    bank_from,
    replace,
    save_bank,
)
from grader.checks.calls import Trace
from grader.checks.choices import Choices, choices_made, draw_simple
from grader.checks.examination import pytest_arguments
from grader.checks.keys import bank_key
from grader.checks.plugin import CheckPlugin, body_of, fixtures_of, is_drawn
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


@dataclass(slots=True)
class _Example:
    """An example that ran on the reference.

    Attributes:
        values: its arguments, as they were before the check could change them.
        choices: None where the author of the check wrote it.
        passed: whether the check came to its end, and did not reject it.
    """

    values: Values
    trace: Trace
    choices: Choices | None = None
    passed: bool = False


class Recorder(CheckPlugin):
    """Runs each check on the reference and keeps what it drew and called."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: list[CheckBank] = []
        self._examples: list[_Example] = []
        self._interactive = False

    def run(self, item: pytest.Function) -> None:
        """Record one check; one that fails on the reference gets no bank, and so runs live."""
        self._examples, self._interactive = [], False
        self.session.begin_check(item.name, self.reference(item))
        if not is_drawn(item):
            self._keep(item.obj, (), fixtures_of(item)).passed = True  # or nothing is recorded
        body_of(item)()
        examples, self._examples = self._examples, []
        if is_drawn(item) and not self._interactive:
            known = [each.choices for each in examples if each.passed and each.choices]
            draw_simple(item.obj, fixtures_of(item), len(examples), known)
        check = CheckBank(item.originalname or item.name, item.name)
        self.checks.append(self._recorded(check, examples, self._examples))

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example and keep its values."""
        self.session.begin_example()
        example = self._keep(body, args, kwargs)
        example.choices = choices_made()
        result = body(*args, **kwargs)
        example.passed = True
        return result

    def _keep(self, body: Callable[..., Any], args: Any, kwargs: Any) -> _Example:
        values = inspect.signature(body).bind(*args, **kwargs).arguments
        given = {name: value for name, value in values.items() if name != "submission"}
        try:
            interactive = any(isinstance(value, DataObject) for value in given.values())
            kept = {} if interactive else copy.deepcopy(given)
        except Exception:
            interactive, kept = True, {}
        self._interactive |= interactive
        self._examples.append(_Example(kept, self.session.trace))
        return self._examples[-1]

    def _recorded(
        self, check: CheckBank, examples: list[_Example], simple: list[_Example]
    ) -> CheckBank:
        """The check with its examples, unless they cannot be kept."""
        if self._interactive:
            return check.left_to_hypothesis()
        simple = [each for each in simple if each.passed]
        try:
            values, further = (
                pickle.dumps([each.values for each in some], protocol=5)
                for some in (examples, simple)
            )
        except Exception:
            return check.left_to_hypothesis()
        return replace(
            check,
            values=values,
            calls=tuple(map(_calls, examples)),
            rejected=tuple(n for n, e in enumerate(examples) if not e.passed),
            simple=further,
            order=_from_simplest(examples + simple),
        )


def _from_simplest(examples: list[_Example]) -> tuple[int, ...]:
    places = ((e.choices, n) for n, e in enumerate(examples) if e.passed and e.choices is not None)
    return tuple(place for _, place in sorted(places))


def _calls(example: _Example) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(call.function, call.arguments, call.seed, False) for call, _ in example.trace
    )


if __name__ == "__main__":
    main()
