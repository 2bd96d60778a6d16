"""Decides how a check ended: the only place where an exception becomes a status."""

from collections.abc import Callable
from dataclasses import dataclass

from grader.checks.calls import Trace
from grader.checks.messages import Decided
from grader.kit.expect import describe
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError
from grader.model import Explanation, Status, Suite

FLAKY = (
    "The same call gave another answer the second time. A function may depend on nothing but its "
    "arguments and numpy's random generator."
)


class AnswersDiffer(Exception):
    """The calls that failed a check do not when they are made again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended, before points and titles are put to it.

    Attributes:
        raised: function, class and message of the student's exception that is the outcome.
        repeats: the same answers would lead to it again; not so for limits, for void, and for
            a function that is not there and so answers nothing.
    """

    status: Status
    message: str = ""
    example: str | None = None
    raised: tuple[str, str, str] | None = None
    repeats: bool = True
    explanation: Explanation = Explanation()


def decide(
    error: BaseException | None,
    trace: Trace,
    *,
    fails_on_reference: Callable[[], bool],
    example: Callable[[], str | None],
) -> Outcome:
    """Turn what a check's body raised into an outcome.

    Void needs proof: the check fails on the reference too, here and now. Everything else that
    goes wrong once student code is called is the submission's, or an answer could delete a check.

    Args:
        error: what the body raised, None when it ended.
        trace: calls of the last example.
        fails_on_reference: runs the check on the reference.
        example: renders the trace; asked only where an example is shown.
    """
    if error is None:
        return Outcome(Status.PASSED)
    if isinstance(error, Leave) and error.status == Status.NOT_STARTED:
        return Outcome(Status.NOT_STARTED, error.message, repeats=False)
    if fails_on_reference():
        return Outcome(
            Status.VOID,
            "This check could not run (a mistake in the grader, not in your code). "
            "A teacher has to look at it.",
            repeats=False,
        )
    if isinstance(error, Leave):
        return Outcome(Status(error.status), error.message, example(), repeats=False)
    if isinstance(error, StudentError):
        raised = (error.function, error.raised.kind, error.raised.message)
        message = raised_message(error.function, error.raised)
        return Outcome(Status.ERROR, message, example(), raised)
    if isinstance(error, AnswersDiffer):
        return Outcome(Status.FAILED, FLAKY, example(), repeats=False)
    explanation = Explanation(comparisons=getattr(error, "comparisons", ()))
    return Outcome(Status.FAILED, _failed_message(error, trace), example(), explanation=explanation)


def decided(key: tuple[str, Suite, str], outcome: Outcome) -> Decided:
    """The outcome of a check as an event; the key is exercise, suite and name."""
    return Decided(*key, outcome.status, outcome.message, outcome.example, outcome.explanation)


def raised_message(function: str, raised: Raised) -> str:
    """Say what the student's function raised, and where, in their own lines."""
    where = f" on line {raised.line} of {raised.file}" if raised.file and raised.line else ""
    text = f"{function} raised {raised.kind}{where}: {raised.message}".rstrip(": ")
    return f"{text}\n{_numbered(raised)}" if where and raised.code else text


def _numbered(raised: Raised) -> str:
    """The lines of code, with a mark at the one that raised where there are others."""
    code, line = (raised.code or "").split("\n"), raised.line or 0
    first = line - raised.above
    width = len(str(first + len(code) - 1))
    return "\n".join(
        f"  {'>' if number == line and len(code) > 1 else ' '} {number:{width}} | {text}".rstrip()
        for number, text in enumerate(code, first)
    )


def _failed_message(error: BaseException, trace: Trace) -> str:
    if isinstance(error, Mismatch):
        return str(error)
    answered = [(call, answer) for call, answer in trace if answer is not None]
    if not answered:
        return "This check could not use what your function did."
    call, answer = answered[-1]
    return f"{call.function} returned {describe(answer.value)}, which this check cannot use."
