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
from hypothesis.errors import UnsatisfiedAssumption
from hypothesis.strategies import DataObject

from grader.checks.calls import Session, Target
from grader.checks.choices import Choices, draw_random
from grader.checks.local import LocalTarget
from grader.checks.plugin import CheckPlugin, fixtures_of, is_drawn
from grader.kit.submission import Submission
from grader.verify.answers import Answers

AT_FIRST = 20  # examples of each check
AT_A_TIME = 100  # after that


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
        tried: how many seeds it has drawn from.
        seconds: what that took, suspects included.
        dry: it has few examples to offer, and has offered them.
    """

    check: str
    item: str
    test: Any
    others: dict[str, Any]
    reference: Target
    tried: int = 0
    seconds: float = 0.0
    dry: bool = False

    @property
    def price(self) -> float:
        """Seconds that an example takes."""
        return self.seconds / max(self.tried, 1)


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
        name, others = item.originalname or item.name, fixtures_of(item)
        source = _Source(name, item.name, item.obj, others, self.reference(item))
        self._sources.append(source)
        if not self._of(source):
            return
        if is_drawn(item):
            self._draw(source, AT_FIRST)
        else:
            self._begin(source)
            self.example(item.obj, (), others)  # what draws nothing is one example
            source.dry = True

    def pytest_sessionfinish(self) -> None:
        """Draw until there are enough; the cheaper half of the checks get the same time each."""
        while lively := [each for each in self._sources if not each.dry and self._of(each)]:
            lively.sort(key=lambda each: each.price)
            cheap = lively[: (len(lively) + 1) // 2]
            self._draw(min(cheap, key=lambda each: each.seconds), AT_A_TIME)
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
        """Let a check draw so often; an example may come again later, from other seeds."""
        self._begin(source)
        start, seen = time.perf_counter(), set[Choices | None]()
        for seed in range(source.tried, source.tried + asked):
            error = draw_random(source.test, source.others, seed, seen)
            if error is not None and not isinstance(error, UnsatisfiedAssumption):
                raise error
        source.tried += asked
        source.seconds += time.perf_counter() - start
        source.dry = self._given <= asked // 10

    def _begin(self, source: _Source) -> None:
        self._source, self._current, self._given = source, self._of(source), 0
        self.session.begin_check(_salted(source), source.reference)

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
        session.begin_check(_salted(self._source), LocalTarget(suspect.module))
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


def _salted(source: _Source) -> str:
    """The name that the seeds of calls are made from, another one each time it draws."""
    return f"{source.item} {source.tried}"


def _module(source: str) -> ModuleType:
    module = ModuleType("mutant")
    exec(compile(source, "mutant", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    return module
