"""The calls that a submission gets in a replay, recorded in one process that trusts it."""

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.bank import load_bank
from grader.checks.calls import Answer, Call, answer_callback, arguments_of
from grader.checks.keys import bank_key
from grader.checks.local import LocalTarget
from grader.checks.messages import Job, Setup
from grader.checks.prefetch import Fetched
from grader.checks.replay import Replayer
from grader.course import file_of_checks
from grader.model import Suite
from grader.worker import codec

Prepared = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Recorder:
    """Answers calls in this process and keeps both; or, once `canned`, gives the answers again."""

    def __init__(self, folder: Path) -> None:
        self.canned = False
        self.calls: list[Call] = []
        self.functions: dict[str, Callable[..., Any]] = {}
        self._answers: list[Answer | BaseException] = []
        self._place = 0
        self._targets: dict[str, LocalTarget] = {}
        for path in sorted(folder.glob("*.py")):
            module = _module(path)
            self._targets |= dict.fromkeys(vars(module), LocalTarget(module))
            self.functions |= {k: v for k, v in vars(module).items() if callable(v)}

    def begin(self) -> None:
        """From the first call on."""
        self._place = 0

    def call(self, call: Call) -> Answer:
        """Run one call, or remember it."""
        if not self.canned:
            self.calls.append(call)
            self._answers.append(self._run(call))
        answer = self._answers[self._place]
        self._place += 1
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _run(self, call: Call) -> Answer | BaseException:
        try:
            with np.errstate(all="ignore"):
                return self._targets[call.function].call(call)
        except Exception as error:
            return error


def run_bodies(setup: Setup, job: Job, recorder: Recorder) -> Sequence[Call]:
    """Run every check that can be replayed, on the recorder; returns its calls in order."""
    recorder.begin()
    replayer = Replayer(recorder, setup.limits)  # type: ignore[arg-type]
    root = Path(setup.root)
    for work in job.work:
        file = file_of_checks(root, work.exercise, Suite.HIDDEN)
        bank = load_bank(bank_key(root, work.exercise, Suite.HIDDEN))
        for check in bank.checks if bank else ():
            if not check.live:
                nothing = Fetched(None, tuple((None,) * len(c) for c in check.calls), None)
                replayer.run(file, root, check, nothing)
    return recorder.calls


def prepared(recorder: Recorder, calls: Sequence[Call]) -> Iterator[Prepared]:
    """Each call with fresh copies of its arguments, ready to be made."""
    for call in calls:
        args, kwargs = arguments_of(call, lambda value, call=call: _resolved(recorder, value, call))  # type: ignore[misc]
        yield recorder.functions[call.function], args, kwargs


def _resolved(recorder: Recorder, value: Any, call: Call) -> Any:
    if isinstance(value, codec.Handle):
        callback = call.callbacks[value.index]
        return lambda *args: answer_callback(callback, args)
    if isinstance(value, codec.OwnFunction):
        return recorder.functions[value.name]
    return np.random.default_rng(value.seed) if isinstance(value, codec.Generator) else value


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"submitted_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
