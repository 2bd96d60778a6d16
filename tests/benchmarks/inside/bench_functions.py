"""A submission in the process of its checks: what every tool but this project's does.

Runs in the environments of the tools. It knows the checks' interface and nothing of sandboxes,
workers, banks or reports.
"""

import functools
import importlib
import importlib.util
import pickle
import random
import sys
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.profile import load_profile
from grader.kit.submission import Callback, SeededGenerator

load_profile()  # before any check is imported


class Functions:
    """What a check gets as `submission`: calls go straight to the functions.

    Attributes:
        changed: positions and keywords of the arguments that the last call changed in place.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.changed: tuple[int | str, ...] = ()
        self._names = names
        self._check = ""
        self._place = 0

    def begin_check(self, check: str) -> None:
        """The check's name is part of every seed."""
        self._check = check
        self.begin_example()

    def begin_example(self) -> None:
        """Count calls anew, so that an example that runs again has the same seeds."""
        self._place = 0

    def own(self, name: str) -> Any:
        """A function of the submission, as an argument for another."""
        return self._names[name]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._names:
            raise AttributeError(name)
        return functools.partial(self._call, name)

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        sent: dict[int | str, Any] = dict(enumerate(args)) | kwargs
        before = {place: _image(value) for place, value in sent.items()}
        # Copies: a function may change what it gets, and a check compares with what it sent.
        given = [_resolved(value, before[place]) for place, value in enumerate(args)]
        named = {key: _resolved(value, before[key]) for key, value in kwargs.items()}
        self._seed(name, before)
        answer = self._names[name](*given, **named)
        after: dict[int | str, Any] = dict(enumerate(given)) | named
        self.changed = tuple(k for k, value in after.items() if _image(value) != before[k])
        return answer

    def _seed(self, name: str, images: Mapping[int | str, bytes]) -> None:
        place = f"{self._check}\0{self._place}\0{name}\0".encode()
        self._place += 1
        digest = blake2b(place + b"".join(images.values()), digest_size=4).digest()
        seed = int.from_bytes(digest, "little")
        np.random.seed(seed)
        random.seed(seed)


def functions_of(folder: Path) -> Functions:
    """Import all files of a submission."""
    names: dict[str, Any] = {}
    for path in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"submitted_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        names |= vars(module)
    return Functions(names)


def public(name: str, source: str) -> dict[str, Any]:
    """The functions of one file, which keeps its other names to itself."""
    names: dict[str, Any] = {"__name__": name}
    exec(compile(source, f"{name}.py", "exec"), names)
    return {key: value for key, value in names.items() if callable(value) and key[0] != "_"}


def run_check(exercise: str, check: str, submission: Functions) -> None:
    """Run one hidden check; what it raises is the verdict."""
    body = getattr(importlib.import_module(f"tests.hidden.test_{exercise}"), check)
    mark_examples(body, submission)
    submission.begin_check(check)
    body(submission=submission)


def mark_examples(check: Any, submission: Functions) -> None:
    """Let the submission know where an example of Hypothesis begins."""
    handle = getattr(check, "hypothesis", None)
    if handle is None or hasattr(handle.inner_test, "marked"):
        return
    body = handle.inner_test

    @functools.wraps(body)
    def example(*args: Any, **kwargs: Any) -> Any:
        submission.begin_example()
        return body(*args, **kwargs)

    example.marked = True  # type: ignore[attr-defined]
    handle.inner_test = example


def _resolved(value: Any, image: bytes) -> Any:
    if isinstance(value, Callback):
        return value.function
    if isinstance(value, SeededGenerator):
        return np.random.default_rng(value.seed)
    return pickle.loads(image) if image else value


def _image(value: Any) -> bytes:
    if callable(value) or isinstance(value, Callback | SeededGenerator | np.random.Generator):
        return b""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
