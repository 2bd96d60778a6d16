"""Bounds the search for the smallest failing example by calls, which repeat, not by seconds.

Hypothesis has no such setting, but what is no `Exception` leaves it at once. It tries smaller and
smaller examples, so the one that failed last is the smallest it has found.
"""

from collections.abc import Callable
from typing import Any

from hypothesis.errors import UnsatisfiedAssumption

from grader.checks.calls import Session, Trace
from grader.kit.verdicts import Leave, StudentError

BUDGET = 300  # calls after the first failure


class Enough(BaseException):
    """The search is over: Hypothesis ends, with this or with a complaint about the interruption."""


class Shrinking:
    """The search for the smallest failing example of one check.

    Args:
        begins: called at the first failure.

    Attributes:
        found: the failure of the smallest example so far, and its calls.
        limited: a smaller example ran into a limit, which ended the search.
        over: the search was ended; `found` is what it found, whatever Hypothesis says.
    """

    def __init__(self, begins: Callable[[], None] = lambda: None) -> None:
        self.found: tuple[Exception, Trace] | None = None
        self.limited = False
        self.over = False
        self._begins = begins
        self._calls = 0

    def run(self, session: Session, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example within the budget."""
        session.begin_example()
        self.over = self.over or self._calls >= BUDGET
        if self.over:
            raise Enough
        try:
            return body(*args, **kwargs)
        except UnsatisfiedAssumption:
            raise
        except Exception as error:
            self._note(error, session.trace)
            raise
        except Leave:
            if self.found is None:
                raise
            self.limited = self.over = True
            raise Enough from None
        finally:
            if self.found:
                self._calls += len(session.trace)

    def _note(self, error: Exception, trace: Trace) -> None:
        """Keep a failure; one of another kind than the first would tell of something else."""
        if self.found is None:
            self._begins()
        if self.found is None or _kind(error) == _kind(self.found[0]):
            self.found = error, trace


def _kind(error: Exception) -> tuple[type, str]:
    return type(error), error.raised.kind if isinstance(error, StudentError) else ""
