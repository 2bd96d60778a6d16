"""The reference as a target: the same calls, with the same seeds, in this process.

Only for trusted code: bare pytest, and the question whether a check fails on the reference too.
"""

import functools
import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.calls import Answer, Call, answer_callback, arguments_of
from grader.checks.example import parameter_names
from grader.contents import is_kit, read_contents
from grader.kit.verdicts import Leave, Raised, StudentError
from grader.model import Status
from grader.worker import codec
from grader.worker.seeding import seed


@functools.cache
def reference_module(exercise: str) -> Any:
    """Import the reference of an exercise."""
    return importlib.import_module(f"reference.{exercise}")


def names_of_parameters(root: Path, exercise: str, function: str) -> tuple[str, ...]:
    """What the course calls the parameters of a function; a kit has a list of them."""
    if not is_kit(root):
        return parameter_names(reference_module(exercise), function)
    listed = (each.functions for each in read_contents(root).exercises if each.name == exercise)
    return next(listed, {}).get(function, ())


class LocalTarget:
    """Calls the functions of a module that we trust."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def call(self, call: Call) -> Answer:
        """Run one call on copies of its arguments, as the worker would."""
        function = self._function(call.function)
        args, kwargs = arguments_of(call, lambda value: self._resolve(value, call))
        before = _images(args, kwargs)
        seed(call.seed)
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            raised = Raised(type(error).__name__, str(error))
            raise StudentError(call.function, raised) from error
        after = _images(args, kwargs)
        changed = tuple(key for key in before if before[key] != after[key])
        return Answer(codec.decode(codec.encode(value)), changed)

    def _function(self, name: str) -> Callable[..., Any]:
        function = getattr(self._module, name, None)
        if function is None:
            raise Leave(Status.NOT_STARTED, f"{self._module.__name__} has no function {name}.")
        return function  # type: ignore[no-any-return]

    def _resolve(self, value: Any, call: Call) -> Any:
        if isinstance(value, codec.Handle):
            callback = call.callbacks[value.index]
            return lambda *args: answer_callback(callback, args)
        if isinstance(value, codec.OwnFunction):
            return self._function(value.name)
        if isinstance(value, codec.Generator):
            return np.random.default_rng(value.seed)
        return value


def _images(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int | str, bytes]:
    """Codec bytes of each argument that is data, to see what a call changed."""
    values: dict[int | str, Any] = dict(enumerate(args))
    values.update(kwargs)
    return {
        key: codec.encode(value)
        for key, value in values.items()
        if not callable(value) and not isinstance(value, np.random.Generator)
    }
