"""Doubts that a mutant is equivalent: thousands of examples that no bank has seen.

Every check draws against the reference, as for the bank but from other seeds; each example that
the reference passes is tried on the mutants as well.
"""

import copy
import math
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

AT_A_TIME = 500  # examples from one seed; Hypothesis grows slow with many more
ROUNDS_AT_MOST = 60  # of a check that has few examples to offer


@dataclass
class _Suspect:
    """A mutant that is listed as equivalent.

    Attributes:
        each: how many examples each of its checks has to give.
        tried: how many the running one gave.
    """

    number: int
    checks: list[str]
    target: Target
    each: int
    tried: int = 0
    refuted: bool = False

    @property
    def wants_more(self) -> bool:
        """Whether the running check still owes it examples."""
        return self.tried < self.each and not self.refuted


class Doubts(CheckPlugin):
    """Runs each check on the reference, and each example on the suspects of that check."""

    def __init__(
        self, suspects: list[dict[str, Any]], examples: int, tell: Callable[..., None]
    ) -> None:
        super().__init__()
        self._tell = tell
        self._suspects = [
            _Suspect(
                number=number,
                checks=suspect["checks"],
                target=LocalTarget(_module(suspect["source"])),
                each=math.ceil(examples / max(1, len(suspect["checks"]))),
            )
            for number, suspect in enumerate(suspects)
        ]
        self._current: list[_Suspect] = []
        self._item = ""

    def run(self, item: pytest.Function) -> None:
        """Let one check draw until it has given each of its suspects what it owes them."""
        name = item.originalname or item.name
        self._current = [each for each in self._suspects if name in each.checks]
        for suspect in self._current:
            suspect.tried = 0
        _allow(item)
        for number in range(ROUNDS_AT_MOST):
            if not any(suspect.wants_more for suspect in self._current):
                break
            item.obj._hypothesis_internal_use_seed = number + 1
            self._item = f"{item.name} {number}"
            self.session.begin_check(self._item, self.reference(item))
            if hasattr(item.obj, "hypothesis"):
                body_of(item)()
            else:
                kwargs = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
                self.example(item.obj, (), kwargs)
        for suspect in self._current:
            self._tell(suspect=suspect.number, check=name, tried=suspect.tried)

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example on the reference, then on every suspect that wants it."""
        interactive = any(isinstance(value, DataObject) for value in kwargs.values())
        kept = {} if interactive else copy.deepcopy(_drawn(kwargs))
        self.session.begin_example()
        result = body(*args, **kwargs)
        for suspect in () if interactive else self._current:
            if suspect.wants_more:
                self._try(suspect, body, copy.deepcopy(kept))
        return result

    def _try(self, suspect: _Suspect, body: Callable[..., Any], values: dict[str, Any]) -> None:
        session = Session()
        session.begin_check(self._item, suspect.target)
        shown = repr(values)[:300]
        suspect.tried += 1
        try:
            body(submission=Submission(session), **values)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            suspect.refuted = True
            reason = str(error).strip().partition("\n")[0]
            check = self._item.rpartition(" ")[0]
            self._tell(suspect=suspect.number, check=check, refuted=f"{shown}: {reason}")


def _drawn(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "submission"}


def _allow(item: pytest.Function) -> None:
    """Let a check draw more than it asks for."""
    own = getattr(item.obj, "_hypothesis_internal_use_settings", None)
    item.obj._hypothesis_internal_use_settings = settings(own, max_examples=AT_A_TIME)


def _module(source: str) -> ModuleType:
    module = ModuleType("mutant")
    exec(compile(source, "mutant", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    return module
