"""What an import means in student code.

The standard library and numpy are real and never shadowed; then come the course's helper
modules, then other .py files of the submission, of which only what defines something runs.
Everything else is a stand-in that does nothing, except where the code is prepared for the
import to fail: then it fails.
"""

import builtins
import sys
from collections.abc import Callable, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import Any, Protocol

from . import seeding
from .files import File
from .standins import StandIn

_LIBRARY = frozenset(sys.stdlib_module_names)
# Modules that do not use `random` and do not lead to it; numpy imports its own as it goes.
_FAR_FROM_RANDOM = {
    *("numpy", "math", "cmath", "copy", "itertools", "functools", "operator", "collections"),
    *("typing", "numbers", "time", "__future__"),
}


class Shelf(Protocol):
    """Where the importer finds source text."""

    packages: frozenset[str]

    def helper(self, name: str) -> CodeType | None:
        """The course's helper module of that name."""

    def sibling(self, path: str, folder: str) -> File | None:
        """The submitted file that a dotted path means, seen from a folder."""

    def is_guarded(self, label: str, line: int) -> bool:
        """Whether the code is prepared for the import in that line to fail."""


class Importer:
    """The modules of one OPEN, made when they are first imported.

    Args:
        run_file: runs what may run of a submitted file, in that module.
    """

    def __init__(self, shelf: Shelf, run_file: Callable[[File, ModuleType], object]) -> None:
        self._shelf = shelf
        self._run_file = run_file
        self._modules: dict[str, ModuleType] = {}

    def module(self, name: str, folder: str = "") -> ModuleType:
        """An empty module whose imports come here."""
        module = ModuleType(name)
        vars(module)["__builtins__"] = vars(builtins) | {
            "__import__": partial(self._import, folder),
            "get_ipython": StandIn("IPython.get_ipython"),
            "display": StandIn("IPython.display.display"),
        }
        return module

    def _import(
        self,
        folder: str,
        name: str,
        scope: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        parts = fromlist or ()
        top = name.partition(".")[0]
        if not level and (top in _LIBRARY or top in self._shelf.packages):
            return self._real(name, scope, local, parts)
        if not name:  # from . import a, b
            return self._package("", parts, folder)
        if parts and self._shelf.sibling(f"{name}.{parts[0]}", folder):  # from folder import a
            return self._package(f"{name}.", parts, folder)
        found = self._find(name, folder)
        return found if parts or "." not in name else _trunk(name, found)

    def _real(
        self,
        name: str,
        scope: Mapping[str, object] | None,
        local: Mapping[str, object] | None,
        parts: tuple[str, ...],
    ) -> Any:
        if name.partition(".")[0] not in _FAR_FROM_RANDOM:
            seeding.reach_random()
        try:
            return builtins.__import__(name, scope, local, parts, 0)
        except ImportError:
            if name.partition(".")[0] not in _LIBRARY or self._shelf.is_guarded(*_caller()):
                raise
            return StandIn(name)  # tkinter, msvcrt: in the library, and yet not here

    def _package(self, prefix: str, parts: tuple[str, ...], folder: str) -> ModuleType:
        package = ModuleType("package")
        for part in parts:
            setattr(package, part, self._find(prefix + part, folder))
        return package

    def _find(self, name: str, folder: str) -> Any:
        if name in self._modules:
            return self._modules[name]
        code = self._shelf.helper(name)
        file = None if code else self._shelf.sibling(name, folder)
        if code is None and file is None:
            if self._shelf.is_guarded(*_caller()):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return StandIn(name)
        module = self._modules[name] = self.module(name, file.folder if file else folder)
        if code is not None:
            exec(code, vars(module))  # noqa: S102 - the course's own text
        elif file is not None:
            self._run_file(file, module)
        return module


def _trunk(name: str, leaf: Any) -> Any:
    """`import a.b` gives a, with b in it."""
    if type(leaf) is StandIn:
        return StandIn(name.partition(".")[0])
    for part in reversed(name.split(".")[1:]):
        parent = ModuleType("package")
        setattr(parent, part, leaf)
        leaf = parent
    return leaf


def _caller() -> tuple[str, int]:
    """File and line of the import statement: the innermost code that is not this module's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == _caller.__code__.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
