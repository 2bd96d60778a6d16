"""Whether a mutant answers as the reference did, without the check having to look."""

from types import ModuleType
from typing import Any

from grader.checks.calls import Call, Trace, arguments_of
from grader.worker import codec
from grader.worker.seeding import seed


class Answers:
    """What the reference answered to the calls of one example."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        # Of what does not change, like a generator, the bytes before and after say nothing; and a
        # callback may remember what it was asked. Such calls are made by the check alone.
        self._plain = all(
            answer and not answer.changed and _is_plain(arguments_of(call))
            for call, answer in trace
        )
        self._images = [codec.encode(answer.value) for _, answer in trace if answer]

    def are_those_of(self, module: ModuleType) -> bool:
        """Whether the functions of this module give the same ones, bit for bit."""
        return self._plain and all(
            _gives(module, call, image)
            for (call, _), image in zip(self._trace, self._images, strict=True)
        )


def _gives(module: ModuleType, call: Call, image: bytes) -> bool:
    arguments = arguments_of(call)
    seed(call.seed)
    try:
        value = getattr(module, call.function)(*arguments[0], **arguments[1])
        return codec.encode(value) == image and codec.encode(arguments) == call.arguments
    except Exception:
        return False


def _is_plain(arguments: tuple[Any, dict[str, Any]]) -> bool:
    special = codec.Handle, codec.OwnFunction, codec.Generator
    return not any(isinstance(v, special) for v in (*arguments[0], *arguments[1].values()))
