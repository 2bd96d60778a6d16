"""What a submission answered, call by call, as far as a check has seen it."""

import contextlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from grader.checks.bank import CheckBank
from grader.checks.calls import Call, Trace
from grader.checks.prefetch import Fetched
from grader.checks.smallest import Ran
from grader.checks.wire import Reply, call_of, raised_of
from grader.diagnosis.running import Gave
from grader.kit.verdicts import StudentError
from grader.sandbox import WorkerGone
from grader.worker import codec
from grader.worker.frames import Kind


class Seen:
    """One call, and what came of it.

    Attributes:
        gave: neither an answer nor an exception where the answer was no plain data.
    """

    def __init__(self, call: Call, gave: Gave) -> None:
        self.call = call
        self.gave = gave

    @cached_property
    def answer(self) -> tuple[Any, frozenset[int | str]]:
        """The value and the places of changed arguments, where there is an answer."""
        return answer_in(self.gave)


def answer_in(gave: Gave) -> tuple[Any, frozenset[int | str]]:
    """The value and the places of changed arguments.

    Raises:
        Malformed: a worker sent something else.
    """
    assert gave.image is not None
    match codec.decode(gave.image):
        case {"value": value, "changed": list(changed)}:
            return value, frozenset(each for each in changed if isinstance(each, int | str))
    raise codec.Malformed("no answer")


def evidence(bank: CheckBank, fetched: Fetched, ran: Iterable[Ran]) -> list[Seen]:
    """Every call that is known, each once; those of the examples that were run come first.

    Args:
        bank: the calls that are made whatever is answered.
        fetched: the answers to them.
        ran: examples that ran because the check failed, the one that explains it last but for
            those that were run to learn more.
    """
    seen: dict[tuple[str, bytes, int], Seen] = {}
    for each in (*_of_examples(ran), *_of_bank(bank, fetched)):
        seen.setdefault((each.call.function, each.call.arguments, each.call.seed), each)
    return list(seen.values())


def _of_examples(ran: Iterable[Ran]) -> Iterator[Seen]:
    for trace, error in ran:
        yield from _of_trace(trace, error)


def _of_trace(trace: Trace, error: BaseException | None) -> Iterator[Seen]:
    for call, answer in trace:
        if answer is not None:
            yield Seen(call, Gave(_image(answer.value, answer.changed)))
        elif isinstance(error, StudentError):
            yield Seen(call, Gave(None, (error.raised.kind, error.raised.message)))


def _image(value: Any, changed: Iterable[int | str]) -> bytes | None:
    try:
        return bytes(codec.encode_answer(value, list(changed)))
    except codec.Refused:  # the check wrote something else into it
        return None


def _of_bank(bank: CheckBank, fetched: Fetched) -> Iterator[Seen]:
    for recorded, replies in zip(bank.calls, fetched.replies, strict=True):
        for each, reply in zip(recorded, replies, strict=True):
            if reply is not None:
                yield Seen(call_of(each), _given(reply))


def _given(reply: Reply) -> Gave:
    if reply.kind is Kind.ANSWER:
        return Gave(reply.payload)
    with contextlib.suppress(WorkerGone):  # it sent something else
        return Gave(None, raised_of(reply) if reply.kind is Kind.RAISED else None)
    return Gave(None)
