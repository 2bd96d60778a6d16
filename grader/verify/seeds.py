"""Checks of random answers, on a thousand seeds: none may fail by chance.

Seeds are derived from the check and the call, so a check's examples have one seed each. Here the
name of the check is salted, which gives the same examples other seeds, and so are the generators
that a check hands over.
"""

import copy
import functools
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis.errors import UnsatisfiedAssumption
from hypothesis.strategies import DataObject

from grader.checks.calls import Call, Trace
from grader.checks.local import LocalTarget, reference_module
from grader.checks.plugin import CheckPlugin, body_of, exercise_of
from grader.kit import statistics
from grader.kit.submission import Submission
from grader.worker import codec


@dataclass
class _Example:
    """An example that a check drew.

    Attributes:
        answers: digest of those that it got; empty where it was rejected.
    """

    body: Callable[..., Any]
    values: dict[str, Any]
    answers: bytes = b""


class Comparisons:
    """Counts the statements that checks make about random answers."""

    def __init__(self) -> None:
        self.made = 0
        self._within = False

    def counted(self, function: Callable[..., None]) -> Callable[..., None]:
        """The same function; what it calls itself is no comparison of its own."""

        @functools.wraps(function)
        def comparing(*args: Any, **kwargs: Any) -> None:
            outermost, self._within = not self._within, True
            self.made += outermost
            try:
                function(*args, **kwargs)
            finally:
                self._within = not outermost

        return comparing


class _Salted(LocalTarget):
    """The reference, with other generators for each salt."""

    salt = 0

    def _resolve(self, value: Any, call: Call) -> Any:
        if isinstance(value, codec.Generator):
            return np.random.default_rng((value.seed, self.salt))
        return super()._resolve(value, call)


class Seeds(CheckPlugin):
    """Runs each check on the reference as for the bank, then its examples with other seeds."""

    def __init__(self, seeds: int, comparisons: Comparisons, tell: Callable[..., None]) -> None:
        super().__init__()
        self._seeds = seeds
        self._comparisons = comparisons
        self._tell = tell
        self._examples: list[_Example] = []
        self._interactive = False

    def run(self, item: pytest.Function) -> None:
        """Try one check."""
        self._examples, self._interactive = [], False
        before = self._comparisons.made
        self.session.begin_check(item.name, self.reference(item))
        if hasattr(item.obj, "hypothesis"):
            body_of(item)()
        else:
            names = item._fixtureinfo.argnames
            self.example(item.obj, (), {name: item.funcargs[name] for name in names})
        compared = self._comparisons.made - before
        target = _Salted(reference_module(exercise_of(item)))
        drawing = [each for each in self._examples if self._draws(item, target, each)]
        distinct, failures = self._try(item, target, drawing)
        self._tell(
            check=item.originalname or item.name,
            rate=compared * statistics.RATE,
            tried=self._seeds if drawing else 0,
            distinct=distinct,
            failures=failures,
            interactive=self._interactive,
        )

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Keep one example that the check draws, and run it."""
        values = {k: v for k, v in kwargs.items() if k != "submission"}
        if any(isinstance(value, DataObject) for value in values.values()):
            self._interactive = True
        else:
            self._examples.append(_Example(body, copy.deepcopy(values)))
        self.session.begin_example()
        result = body(*args, **kwargs)
        if not self._interactive:
            self._examples[-1].answers = _digest(self.session.trace)
        return result

    def _try(
        self, item: pytest.Function, target: _Salted, examples: list[_Example]
    ) -> tuple[int, list[str]]:
        """Run these examples in turn, each time with another seed."""
        answers, failures = set(), []
        for salt in range(self._seeds if examples else 0):
            try:
                answers.add(self._answers(item, target, examples[salt % len(examples)], salt))
            except Exception as error:
                failures.append(f"seed {salt}: {str(error).strip().partition(chr(10))[0]}")
        return len(answers), failures

    def _draws(self, item: pytest.Function, target: _Salted, example: _Example) -> bool:
        """Whether the answers to an example are a matter of chance."""
        try:
            return self._answers(item, target, example, 1) != example.answers
        except Exception:
            return True

    def _answers(
        self, item: pytest.Function, target: _Salted, example: _Example, salt: int
    ) -> bytes:
        """Digest of the answers that one example gets; raises what the check does."""
        target.salt = salt
        self.session.begin_check(f"{item.name} {salt}", target)
        try:
            example.body(submission=Submission(self.session), **copy.deepcopy(example.values))
        except UnsatisfiedAssumption:
            return b""
        return _digest(self.session.trace)


def _digest(trace: Trace) -> bytes:
    """What stands for the answers."""
    digest = hashlib.sha256()
    for _, answer in trace:
        digest.update(codec.encode(answer.value) if answer else b"\0")
    return digest.digest()


def count_comparisons() -> Comparisons:
    """Have the kit's statistics counted; before any check is imported."""
    comparisons = Comparisons()
    for name, function in inspect.getmembers(statistics, inspect.isfunction):
        if function.__module__ == statistics.__name__ and not name.startswith("_"):
            setattr(statistics, name, comparisons.counted(function))
    return comparisons
