"""The command's side of the laboratory: starts experiments and hears of them.

They run beside the trials, which leave a core idle now and then, and by themselves after those.
"""

import json
import os
import selectors
import subprocess
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
        self._selector = self._stack.enter_context(selectors.DefaultSelector())

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
            running = self._stack.enter_context(trusted_process("grader.verify.laboratory"))
            assert running.stdin is not None
            assert running.stdout is not None
            running.stdin.write(task.line())
            running.stdin.close()
            self._selector.register(
                running.stdout, selectors.EVENT_READ, _Running(task, running, self._heard)
            )

    def _listen(self, seconds: float | None) -> None:
        for key, _ in self._selector.select(seconds):
            if not key.data.goes_on():
                self._selector.unregister(key.fileobj)


class _Running:
    """An experiment that was started."""

    def __init__(
        self,
        task: Task,
        process: "subprocess.Popen[bytes]",
        heard: Callable[[Task, Finding | None], None],
    ) -> None:
        self._task = task
        self._process = process
        self._heard = heard
        self._rest = b""

    def goes_on(self) -> bool:
        """Pass on what it said since it was heard last; whether more is to come."""
        assert self._process.stdout is not None
        chunk = os.read(self._process.stdout.fileno(), 2**16)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._heard(self._task, json.loads(line))
        if chunk:
            return True
        if self._process.wait():
            words = last_words(self._process)
            raise GraderError(f"The reference of {self._task.exercise} could not be tried: {words}")
        self._heard(self._task, None)
        return False
