"""Bounds the search for the smallest failing example by calls, which repeat, not by seconds.

Hypothesis has no such setting. Once the budget is spent, an example that was seen to fail fails
again from memory, and any other passes unseen: so Hypothesis stops at the smallest it has found,
and what it reports does not depend on the speed of the machine.
"""

import pickle
from collections.abc import Callable
from typing import Any

from grader.checks.calls import Session, Trace
from grader.kit.submission import Submission

BUDGET = 300  # calls after the first failure


class Shrinking:
    """What is known of the failing examples of one check."""

    def __init__(self) -> None:
        self._calls = 0
        self._known: dict[bytes, tuple[Exception, Trace]] = {}

    def run(self, session: Session, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example within the budget."""
        session.begin_example()
        if self._known and self._calls >= BUDGET:
            return self._remember(session, args, kwargs)
        try:
            result = body(*args, **kwargs)
        except Exception as error:
            self._known[_image(args, kwargs)] = error, session.trace
            raise
        finally:
            if self._known:
                self._calls += len(session.trace)
        return result

    def _remember(self, session: Session, args: Any, kwargs: Any) -> None:
        known = self._known.get(_image(args, kwargs))
        if known is not None:
            error, session.trace = known
            raise error


def _image(args: Any, kwargs: Any) -> bytes:
    """Tell examples apart; an example that cannot be pickled is like no other."""
    values = [v for v in (*args, *kwargs.values()) if not isinstance(v, Submission)]
    try:
        return pickle.dumps(values, protocol=5)
    except Exception:
        return repr(values).encode()
