"""Whether a mutant answers as the reference did, without the check having to look."""

from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.calls import Call, Trace, arguments_of
from grader.worker import codec
from grader.worker.seeding import seed


class Answers:
    """What the reference answered to the calls of one example."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        # A callback may remember what it was asked, so such calls are made by the check alone.
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
    arguments, kwargs = arguments_of(call)
    seed(call.seed)
    try:
        value = getattr(module, call.function)(
            *map(_given, arguments), **{key: _given(each) for key, each in kwargs.items()}
        )
        unchanged = codec.encode((arguments, kwargs)) == call.arguments
        return unchanged and codec.encode(value) == image
    except Exception:
        return False


def _given(value: Any) -> Any:
    """What a function gets: of a generator it draws from, a check sees no more than the seed."""
    return np.random.default_rng(value.seed) if isinstance(value, codec.Generator) else value


def _is_plain(arguments: tuple[Any, dict[str, Any]]) -> bool:
    special = codec.Handle, codec.OwnFunction
    return not any(isinstance(v, special) for v in (*arguments[0], *arguments[1].values()))
