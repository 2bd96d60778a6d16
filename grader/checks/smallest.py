"""Finds a small example for a check that failed: simple examples are tried until one fails.

They were drawn beforehand, and are known to pass on the reference. Trying the simplest first needs
no shrinking, so no Hypothesis, and mostly ends after a few calls.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from grader.checks.calls import Call, Session, Target, Trace
from grader.checks.example import shown_of
from grader.checks.outcome import AnswersDiffer
from grader.checks.plain import NeedsHypothesis
from grader.kit.verdicts import Leave, Mismatch, StudentError
from grader.worker import codec

BUDGET = 300  # calls, after which the smallest example is the one that is known

LEARNING = 10  # examples that are run to learn more of a failure
LEARNING_CALLS = 60  # in those, about
_SEED_BITS = (1, 2, 4)  # a small mask is often the same by chance

Ran = tuple[Trace, BaseException | None]  # the calls of an example, and what ended it

# Runs one example, which leaves its calls in the session, and returns what ended it.
Attempt = Callable[[], BaseException | None]


@dataclass(frozen=True, slots=True)
class Found:
    """How a check ended.

    Attributes:
        error: None where it passed.
        trace: calls of the example that decided it.
        repeats: the same answers would lead to it again; not so where a limit was in the way.
        ran: the examples that tell most of a failure.
        drawn: the calls of the trace whose answers depend on their seeds, as far as they are shown.
    """

    error: BaseException | None
    trace: Trace
    repeats: bool = True
    ran: tuple[Ran, ...] = ()
    drawn: tuple[Call, ...] = ()


def find_smallest(
    session: Session, first: Found, start: Attempt, simpler: Iterable[Attempt]
) -> Found:
    """Look for a simpler example that fails as one did.

    A limit ends the search, and not the failure. Examples that fail in another way would tell of
    something else.

    Args:
        session: holds the calls of the example that ran last.
        first: the failure of one example.
        start: tries this example again, which must fail in the same way.
        simpler: other examples, from the simplest on.
    """
    again = start()
    if _leaves(again):
        return replace(first, repeats=False)
    if _kind(again) != _kind(first.error):
        return Found(AnswersDiffer(), first.trace, repeats=False)
    calls = 0
    for attempt in simpler:
        error = attempt()
        if _leaves(error):
            return replace(first, repeats=False)
        if _kind(error) == _kind(first.error):
            return Found(error, session.trace)
        calls += len(session.trace)
        if calls >= BUDGET:
            break
    return first


def learn_more(
    session: Session, target: Target, first: Found, smallest: Found, others: Iterable[Attempt]
) -> Found:
    """Add what the answers to a failed check can be judged by.

    Args:
        first: the example that failed.
        smallest: the one that explains it.
        others: tries examples whose calls depend on answers, so that nobody knows them yet.
    """
    try:
        drawn = _drawn(target, smallest)
    except Leave:
        return replace(smallest, repeats=False)
    ran = [(smallest.trace, smallest.error), (first.trace, first.error)]
    calls = 0
    for attempt in islice(others, LEARNING):
        error = attempt()
        if _leaves(error):
            return replace(smallest, repeats=False)
        ran.append((session.trace, error))
        calls += len(session.trace)
        if calls >= LEARNING_CALLS:
            break
    return replace(smallest, ran=tuple(ran), drawn=drawn)


def _drawn(target: Target, found: Found) -> tuple[Call, ...]:
    """The calls that are shown of functions that draw; the first call of a function tells."""
    shown = shown_of(found.trace)
    firsts = {call.function: call for call in reversed(shown)}
    drawing = {name for name, call in firsts.items() if _draws(target, call, found)}
    return tuple(call for call in shown if call.function in drawing)


def _draws(target: Target, call: Call, found: Found) -> bool:
    """Whether another seed makes another answer."""
    answer = next(answer for each, answer in found.trace if each is call)
    if answer is None:
        return False
    try:
        image = codec.encode(answer.value)  # Refused: deeper than our own codec lets it be
        others = (target.call(replace(call, seed=call.seed ^ bit)).value for bit in _SEED_BITS)
        return any(codec.encode(other) != image for other in others)
    except (StudentError, Mismatch, codec.Refused):
        return True


def _leaves(error: BaseException | None) -> bool:
    """Whether an example ended at a limit; what pytest fails with is a failure like any other."""
    if isinstance(error, KeyboardInterrupt | NeedsHypothesis):
        raise error
    return isinstance(error, Leave)


def _kind(error: BaseException | None) -> tuple[type, str]:
    return type(error), error.raised.kind if isinstance(error, StudentError) else ""
