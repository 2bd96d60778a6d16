"""Loads checks without pytest and Hypothesis, for replay: their examples are drawn already.

Importing both costs more than replaying a whole exam. In a process that only replays, their
decorators leave a check as it is and their strategies are inert; whatever else a check may want
of them raises NeedsHypothesis, and the check runs live.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

REPLACED = ("hypothesis", "pytest")


class Rejected(Exception):
    """The check assumes something that does not hold for this example."""


class NeedsHypothesis(BaseException):
    """The check does more than a replay can: it has to run live. No check may catch it."""


_loading = False  # stand-ins do for the definition of a check, not for what it does


def _require_loading() -> None:
    if not _loading:
        raise NeedsHypothesis


class _Inert:
    """Stands for strategies and settings: whatever is made of it is inert too."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        _require_loading()
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        _require_loading()
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __or__

    def _needed(self, *_args: object) -> Any:
        raise NeedsHypothesis

    # pytest.approx in a comparison, pytest.raises in a with statement
    __bool__ = __iter__ = __len__ = __contains__ = __enter__ = __exit__ = _needed
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _needed
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _needed
    __hash__ = object.__hash__
    __array_ufunc__ = None  # numpy leaves comparisons to us


class _Decorator(_Inert):
    """Leaves what it decorates as it is, with arguments or without: `@mark`, `@mark(2)`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        _require_loading()
        alone = len(args) == 1 and not kwargs
        return args[0] if alone and isinstance(args[0], FunctionType | type) else self


def _decorates(*_args: Any, **_kwargs: Any) -> _Decorator:
    """Makes a decorator of its arguments, of which functions may be some: `@given(f)`."""
    _require_loading()
    return _Decorator()


def _assume(condition: object) -> bool:
    if not condition:
        raise Rejected
    return True


def _ignored(*args: Any, **kwargs: Any) -> None:
    """note, event and target say something about a draw, and nothing is drawn."""


_REAL: dict[str, Any] = {
    "given": _decorates,
    "settings": _decorates,
    "example": _decorates,
    "seed": _decorates,
    "mark": _Decorator(),
    "fixture": _Decorator(),
    "assume": _assume,
    "note": _ignored,
    "event": _ignored,
    "target": _ignored,
}


class _StandIn(ModuleType):
    """A module of pytest's or Hypothesis's with nothing behind it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in _REAL:
            _require_loading()
        return _REAL.get(name, _Inert())


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] not in REPLACED:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def replace_libraries() -> None:
    """Put the stand-ins in place, for the rest of the life of this process."""
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    assert not any(name in sys.modules for name in REPLACED), "only in a process of its own"
    sys.meta_path.insert(0, _Finder())


def load_checks(root: Path, file: Path) -> ModuleType:
    """Import a file of checks under the name that pytest gives it (importlib mode).

    Values in the bank may be of classes that the file defines, so the names must agree.
    """
    global _loading
    relative = file.resolve().relative_to(root.resolve()).with_suffix("")
    _loading = True
    try:
        return importlib.import_module(".".join(relative.parts))
    finally:
        _loading = False
