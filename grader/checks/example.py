"""Writes calls down as numpy code that a student can paste into a notebook."""

import inspect
import math
import re
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from grader.checks.calls import Call, Trace, arguments_of
from grader.kit.submission import Callback
from grader.worker import codec

LONGEST = 2_000  # characters; a longer example teaches nothing
_MOST_BYTES = 100_000  # of arguments, which are not even written down
_CALLS = 3  # of one function
_POINTS = 40  # at which a function is given
_UNIFORM = 8  # elements from which on equal ones are written once

Signature = Callable[[str], tuple[str, ...]]


def parameter_names(module: object, function: str) -> tuple[str, ...]:
    """Names of the positional parameters in the reference, for the code to read well."""
    try:
        return tuple(inspect.signature(getattr(module, function)).parameters)
    except (AttributeError, TypeError, ValueError):
        return ()


def render(trace: Trace, names: Signature, drawn: Collection[Call] = ()) -> str | None:
    """Show the first call of each function in the failing example, in order.

    Where there is only one function, its first calls: what is wrong may be how they differ.

    Args:
        trace: the calls of one example.
        names: parameter names of a function.
        drawn: the calls whose answers are a matter of chance; they are given their seed.

    Returns:
        Python code, or None where there is nothing to show or too much.
    """
    shown = shown_of(trace)
    if sum(len(call.arguments) for call in shown) > _MOST_BYTES:
        return None
    bound: dict[str, str] = {}
    lines: list[str] = []
    for call in shown:
        *needed, last = _code(call, names(call.function), bound)
        seed = [f"np.random.seed({call.seed})"] if call in drawn else []
        lines += [*needed, *seed, last]
    text = "\n".join(lines)
    return text if text and len(text) <= LONGEST else None


def shown_of(trace: Trace) -> list[Call]:
    """The calls that an example shows."""
    calls = [call for call, _ in trace]
    first: dict[str, Call] = {}
    for call in calls:
        first.setdefault(call.function, call)
    return list(first.values()) if len(first) > 1 else calls[:_CALLS]


def _code(call: Call, names: tuple[str, ...], bound: dict[str, str]) -> list[str]:
    """The call, behind the assignments that it needs; `bound` is what the lines above assign."""
    args, kwargs = arguments_of(call)
    lines, shown = [], []
    for position, value in enumerate(args):
        name = names[position] if position < len(names) else ""
        if isinstance(value, codec.Handle):
            name = name or "f"
            callback = call.callbacks[value.index]
            lines += [_points(name, callback)] if callback.asked else []
            shown.append(name)
        elif name and isinstance(value, np.ndarray | dict | list | tuple):
            start = f"{name} = "
            below = len(start) if isinstance(value, np.ndarray) else 0
            line = start + _hang(literal(value), below)
            if bound.get(name) != line:
                lines.append(line)
            bound[name] = line
            shown.append(name)
        else:
            shown.append(literal(value))
    shown += [f"{key}={literal(value)}" for key, value in kwargs.items()]
    return [*lines, f"{call.function}({', '.join(shown)})"]


def _points(name: str, callback: Callback) -> str:
    """A function of the check's, at the points that it was asked for, where they are few."""
    points = {tuple(_flat(args)): literal(result) for args, result in callback.asked}
    if len(points) > _POINTS:
        return f"# {name} is a function of this check's; yours asks for {len(points)} of its values"
    alone = callback.takes == ((),)
    table = ", ".join(
        f"{literal(point[0]) if alone else literal(point)}: {text}"
        for point, text in points.items()
    )
    key = "float(x)" if alone else "tuple(np.hstack([np.ravel(part) for part in x]).tolist())"
    return (
        f"def {name}({'x' if alone else '*x'}):  # at the points that your function asks for\n"
        f"    return {{{table}}}[{key}]"
    )


def _flat(args: tuple[Any, ...]) -> list[float]:
    flat: list[float] = np.hstack([np.ravel(each) for each in args]).tolist()
    return flat


def literal(value: Any) -> str:
    """Write a value as Python code that rebuilds it; arrays need `import numpy as np`."""
    match value:
        case np.ndarray():
            return _array(value)
        case np.generic():
            return literal(value.item())
        case float():
            return repr(value) if math.isfinite(value) else _not_finite(repr(value))
        case complex() if not (math.isfinite(value.real) and math.isfinite(value.imag)):
            return f"complex({literal(value.real)}, {literal(value.imag)})"
        case dict():
            return _container("{", [(f"{key!r}: ", item) for key, item in value.items()], "}")
        case list():
            return _container("[", [("", item) for item in value], "]")
        case tuple():
            return _container("(", [("", item) for item in value], ",)" if len(value) == 1 else ")")
        case codec.OwnFunction(name):
            return name
        case codec.Generator(seed):
            return f"np.random.default_rng({seed})"
        case codec.Handle():
            return "f"  # a function of the check's; the message says what it is
    return repr(value)


def _array(value: np.ndarray[Any, Any]) -> str:
    own = value.dtype in (np.float64, np.int64, np.bool_, np.complex128)
    dtype = "" if own and value.size else f", dtype=np.{value.dtype.type.__name__}"
    if value.size == 0:
        return f"np.zeros({value.shape}{dtype})"
    if value.size > _UNIFORM and len({item.tobytes() for item in value.flat}) == 1:
        return f"np.full({value.shape}, {literal(value.flat[0])}{dtype})"
    text = np.array2string(
        value,
        separator=", ",
        threshold=value.size,
        floatmode="unique",
        max_line_width=88,
        formatter={"complexfloat": literal},
    )
    if value.dtype.kind == "f":
        text = _not_finite(text)
    return f"np.array({_hang(text, len('np.array('))}{dtype})"


def _not_finite(text: str) -> str:
    return re.sub(r"nan|inf", lambda word: f"np.{word[0]}", text)


def _container(opening: str, items: list[tuple[str, Any]], closing: str) -> str:
    """On one line, or an item a line where one is an array or takes several lines."""
    written = [(start, literal(item)) for start, item in items]
    long = any("\n" in text for _, text in written)
    if not long and not any(isinstance(item, np.ndarray) for _, item in items):
        return opening + ", ".join(start + text for start, text in written) + closing
    lines = [f"    {start}{_hang(text, 4 + len(start))}," for start, text in written]
    return "\n".join([opening, *lines, closing.lstrip(",")])


def _hang(text: str, columns: int) -> str:
    return text.replace("\n", "\n" + " " * columns)
