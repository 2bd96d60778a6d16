"""The command's side of the laboratory: starts experiments and hears of them.

They run beside the trials, which leave a core idle now and then, and by themselves after those.
"""

import contextlib
import json
import os
import selectors
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.checks.process import last_words, trusted_process
from grader.errors import GraderError

AT_ONCE = 2
BESIDE = 1  # at once while there are trials

Finding = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One experiment.

    Attributes:
        suspects: mutants to doubt, each with its source and its checks; if there are none, the
            checks of random answers are tried with other seeds.
    """

    root: Path
    exercise: str
    suspects: Sequence[dict[str, Any]] = ()
    examples: int = 0
    seeds: int = 0

    def line(self) -> bytes:
        """As the laboratory reads it."""
        words = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(words | {"root": str(self.root)}).encode() + b"\n"


class Experiments:
    """Does tasks in their order, a few at once; leaving the block ends those that run.

    Args:
        heard: told what each finds as it finds it, and None when it has ended.
    """

    def __init__(
        self, tasks: Sequence[Task], heard: Callable[[Task, Finding | None], None]
    ) -> None:
        self._waiting = iter(tasks)
        self._heard = heard
        self._stack = ExitStack()
        self._selector = self._stack.enter_context(selectors.DefaultSelector())  # of the busy ones
        self._free: list[_Laboratory] = []

    def __enter__(self) -> "Experiments":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def go_on(self) -> None:
        """Take in what was found meanwhile, without waiting, and see to it that some run.

        Raises:
            GraderError: an experiment ended before its time.
        """
        self._start(BESIDE)
        self._listen(0)

    def finish(self) -> None:
        """Do the rest; raises what `go_on` does."""
        self._start(AT_ONCE)
        while self._selector.get_map():
            self._listen(None)
            self._start(AT_ONCE)

    def _start(self, at_once: int) -> None:
        while len(self._selector.get_map()) < at_once:
            task = next(self._waiting, None)
            if task is None:
                return
            laboratory = self._free.pop() if self._free else _Laboratory(self._stack, self._heard)
            laboratory.begin(task)
            self._selector.register(laboratory, selectors.EVENT_READ)

    def _listen(self, seconds: float | None) -> None:
        for key, _ in self._selector.select(seconds):
            laboratory = key.fileobj
            assert isinstance(laboratory, _Laboratory)
            if not laboratory.listen():
                self._selector.unregister(laboratory)
                self._free.append(laboratory)


class _Laboratory:
    """The process that does one task after another; it is started at once."""

    def __init__(self, stack: ExitStack, heard: Callable[[Task, Finding | None], None]) -> None:
        self._process = stack.enter_context(trusted_process("grader.verify.laboratory"))
        self._heard = heard
        self._rest = b""

    def fileno(self) -> int:
        """Where its findings come in."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def begin(self, task: Task) -> None:
        """Give it a task."""
        assert self._process.stdin is not None
        self._task = task
        with contextlib.suppress(BrokenPipeError):  # it is dead; its last words say why
            self._process.stdin.write(task.line())
            self._process.stdin.flush()

    def listen(self) -> bool:
        """Pass on what it said since it was heard last; whether more is to come of this task."""
        chunk = os.read(self.fileno(), 2**16)
        if not chunk:
            self._process.wait()
            words = last_words(self._process)
            raise GraderError(f"The reference of {self._task.exercise} could not be tried: {words}")
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        findings = [json.loads(line) for line in lines]
        for finding in findings:
            self._heard(self._task, finding)
        return None not in findings
