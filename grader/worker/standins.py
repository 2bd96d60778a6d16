"""What stands in for a library that is not here: it takes everything and does nothing."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

_OPERATORS = (
    "add sub mul matmul truediv floordiv mod pow and or xor lshift rshift radd rsub rmul rmatmul "
    "rtruediv rfloordiv rmod rpow rand ror rxor neg pos invert abs lt le gt ge getitem"
)


class StandIn:
    """Any attribute of it, call of it or sum with it is another one.

    Called with one function, or with one class, it gives that back: most decorators keep what
    they are put on. `tqdm(x)` is x, so that a loop with a progress bar stays a loop.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # protocols that numpy and copy look for
        return StandIn(f"{self._path}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - the class says it
        if self._path.startswith("tqdm") and args:
            return range(*args) if self._path.endswith("trange") else args[0]
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]
        return self

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return False  # and no __len__: numpy would make an empty array of it, which is an answer

    def __setitem__(self, _key: Any, _value: Any) -> None: ...

    def __delitem__(self, _key: Any) -> None: ...

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_details: object) -> None: ...

    def why(self) -> str:
        """The end of a sentence: why nothing can be made of it."""
        return f"needs {self._path}, which is not installed here"

    def __repr__(self) -> str:
        return f"<{self._path}, not installed here>"


def _same(self: StandIn, *_others: Any) -> StandIn:
    return self


for _name in _OPERATORS.split():
    setattr(StandIn, f"__{_name}__", _same)
