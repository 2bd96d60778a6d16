"""Doubts that a mutant is equivalent: thousands of examples that no bank has seen.

Every check draws against the reference, as for the bank but from other seeds; each example that
the reference passes is tried on the mutants as well. Where a mutant answers the calls of an example
as the reference does, bit for bit, the check cannot tell them apart and need not be asked.
"""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.strategies import DataObject

from grader.checks.calls import Session, Target
from grader.checks.local import LocalTarget
from grader.checks.plugin import CheckPlugin, body_of
from grader.kit.submission import Submission
from grader.verify.answers import Answers

AT_FIRST = 50  # examples of each check
AT_A_TIME = 250  # from one seed after that


@dataclass
class _Suspect:
    """A mutant that is listed as equivalent.

    Attributes:
        tried: how many examples its checks gave so far.
    """

    number: int
    checks: list[str]
    module: ModuleType
    tried: int = 0
    refuted: bool = False


@dataclass
class _Source:
    """A check, as a source of examples.

    Attributes:
        rounds: how often it has drawn, each time from another seed.
        seconds: what that took, suspects included.
        dry: it has few examples to offer, and has offered them.
    """

    check: str
    item: str
    test: Any
    body: Callable[[], object]
    reference: Target
    rounds: int = 0
    seconds: float = 0.0
    dry: bool = False


class Doubts(CheckPlugin):
    """Runs each check on the reference, and each example on the suspects of that check."""

    def __init__(
        self, suspects: list[dict[str, Any]], examples: int, tell: Callable[..., None]
    ) -> None:
        super().__init__()
        self._tell = tell
        self._examples = examples
        self._suspects = [
            _Suspect(number, suspect["checks"], _module(suspect["source"]))
            for number, suspect in enumerate(suspects)
        ]
        self._sources: list[_Source] = []
        self._current: list[_Suspect] = []
        self._source: _Source | None = None
        self._given = 0  # examples of the running round

    def run(self, item: pytest.Function) -> None:
        """Let one check draw a few examples, and remember it for more."""
        name = item.originalname or item.name
        body = body_of(item) if hasattr(item.obj, "hypothesis") else self._once(item)
        source = _Source(name, item.name, item.obj, body, self.reference(item))
        self._sources.append(source)
        if self._of(source):
            self._draw(source, AT_FIRST)

    def pytest_sessionfinish(self) -> None:
        """Draw until there are enough; all checks get the same time, so cheap ones give more."""
        while lively := [each for each in self._sources if not each.dry and self._of(each)]:
            self._draw(min(lively, key=lambda each: each.seconds), AT_A_TIME)
        for suspect in self._suspects:
            self._tell(suspect=suspect.number, tried=suspect.tried)

    def _of(self, source: _Source) -> list[_Suspect]:
        """The suspects that want more of a check."""
        return [
            suspect
            for suspect in self._suspects
            if source.check in suspect.checks and self._wants(suspect)
        ]

    def _wants(self, suspect: _Suspect) -> bool:
        return suspect.tried < self._examples and not suspect.refuted

    def _draw(self, source: _Source, asked: int) -> None:
        """Let a check draw once, from a seed of its own."""
        self._source, self._current, self._given = source, self._of(source), 0
        source.rounds += 1
        self._allow(source, asked)
        self.session.begin_check(f"{source.item} {source.rounds}", source.reference)
        start = time.perf_counter()
        source.body()
        source.seconds += time.perf_counter() - start
        source.dry = self._given <= asked // 2

    def _allow(self, source: _Source, examples: int) -> None:
        """Let a check draw as many, whatever it asks for, and from another seed."""
        own = getattr(source.test, "_hypothesis_internal_use_settings", None)
        allowed = settings(own, max_examples=examples)
        source.test._hypothesis_internal_use_settings = allowed
        source.test._hypothesis_internal_use_seed = source.rounds

    def _once(self, item: pytest.Function) -> Callable[[], object]:
        """A check that draws nothing is one example."""
        kwargs = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
        return lambda: self.example(item.obj, (), kwargs)

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example on the reference, then on every suspect that wants it."""
        interactive = any(isinstance(value, DataObject) for value in kwargs.values())
        kept = {} if interactive else copy.deepcopy(_drawn(kwargs))
        self.session.begin_example()
        result = body(*args, **kwargs)
        if not interactive:
            self._given += 1
            answers = Answers(self.session.trace)
            for suspect in self._current:
                if self._wants(suspect):
                    suspect.tried += 1
                    if not answers.are_those_of(suspect.module):
                        self._try(suspect, body, kept)
        return result

    def _try(self, suspect: _Suspect, body: Callable[..., Any], values: dict[str, Any]) -> None:
        assert self._source is not None
        session = Session()
        item = f"{self._source.item} {self._source.rounds}"
        session.begin_check(item, LocalTarget(suspect.module))
        try:
            body(submission=Submission(session), **copy.deepcopy(values))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            suspect.refuted = True
            reason = str(error).strip().partition("\n")[0]
            shown = f"{repr(values)[:300]}: {reason}"
            self._tell(suspect=suspect.number, check=self._source.check, refuted=shown)


def _drawn(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "submission"}


def _allow(item: pytest.Function, examples: int) -> None:
    """Let a check draw as many, whatever it asks for."""
    own = getattr(item.obj, "_hypothesis_internal_use_settings", None)
    item.obj._hypothesis_internal_use_settings = settings(own, max_examples=examples)


def _module(source: str) -> ModuleType:
    module = ModuleType("mutant")
    exec(compile(source, "mutant", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    return module
