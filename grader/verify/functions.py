"""Which functions of a reference need which."""

import ast
from functools import cache


def written_functions(source: str, functions: tuple[str, ...]) -> set[str]:
    """The functions with those private ones that they name, which a stub does not give away."""
    named = _named(source)
    wanted: set[str] = set()
    todo = set(functions) & named.keys()
    while todo:
        wanted |= todo
        todo = {n for name in todo for n in named[name] if n.startswith("_")} - wanted
    return wanted


def reaching(source: str, function: str) -> set[str]:
    """The function, and every function that calls it or one that does."""
    named = _named(source)
    found, more = set(), {function}
    while more:
        found |= more
        more = {name for name, others in named.items() if others & found} - found
    return found


@cache
def _named(source: str) -> dict[str, set[str]]:
    """Which functions of the file each function of it names."""
    bodies = {n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    return {
        name: {n.id for n in ast.walk(body) if isinstance(n, ast.Name)} & bodies.keys() - {name}
        for name, body in bodies.items()
    }
