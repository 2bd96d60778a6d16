"""Writes calls down as numpy code that a student can paste into a notebook."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.calls import Call, Trace, arguments_of
from grader.worker import codec

LONGEST = 2_000  # characters; a longer example teaches nothing

Signature = Callable[[str], tuple[str, ...]]


def parameter_names(module: object, function: str) -> tuple[str, ...]:
    """Names of the positional parameters in the reference, for the code to read well."""
    try:
        return tuple(inspect.signature(getattr(module, function)).parameters)
    except (AttributeError, TypeError, ValueError):
        return ()


def render(trace: Trace, names: Signature) -> str | None:
    """Show the first call of each function in the failing example, in order.

    Args:
        trace: the calls of one example.
        names: parameter names of a function.

    Returns:
        Python code, or None where there is nothing to show or too much.
    """
    first: dict[str, Call] = {}
    for call, _ in trace:
        first.setdefault(call.function, call)
    lines = [line for call in first.values() for line in _code(call, names(call.function))]
    text = "\n".join(lines)
    return text if text and len(text) <= LONGEST else None


def _code(call: Call, names: tuple[str, ...]) -> list[str]:
    args, kwargs = arguments_of(call)
    lines, shown = [], []
    for position, value in enumerate(args):
        if isinstance(value, np.ndarray | dict | list | tuple) and position < len(names):
            lines.append(f"{names[position]} = {literal(value)}")
            shown.append(names[position])
        else:
            shown.append(literal(value))
    shown += [f"{key}={literal(value)}" for key, value in kwargs.items()]
    return [*lines, f"{call.function}({', '.join(shown)})"]


def literal(value: Any) -> str:
    """Write a value as Python code; arrays need `import numpy as np`."""
    if isinstance(value, np.ndarray):
        text = np.array2string(
            value, separator=", ", threshold=400, floatmode="unique", max_line_width=88
        )
        dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype={value.dtype}"
        return f"np.array({text}{dtype})".replace("\n", "\n" + " " * 9)
    if isinstance(value, dict):
        items = ",\n    ".join(f"{key!r}: {literal(item)}" for key, item in value.items())
        return f"{{\n    {items},\n}}" if items else "{}"
    if isinstance(value, list | tuple):
        inner = ", ".join(map(literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, codec.OwnFunction):
        return value.name
    if isinstance(value, codec.Generator):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, codec.Handle):
        return "f"
    return repr(value.item() if isinstance(value, np.generic) else value)
