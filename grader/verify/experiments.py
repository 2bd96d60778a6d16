"""The command's side of the laboratory: starts experiments, two at a time, and hears of them."""

import json
import os
import selectors
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.checks.process import last_words, trusted_process
from grader.errors import GraderError

AT_ONCE = 2

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


def experiment(tasks: Sequence[Task]) -> Iterator[tuple[Task, Finding | None]]:
    """Do them all; yields what each finds as it finds it, and None when it has ended.

    Raises:
        GraderError: an experiment ended before its time.
    """
    waiting = iter(tasks)
    with ExitStack() as stack, selectors.DefaultSelector() as selector:

        def start_next() -> None:
            for task in waiting:
                running = stack.enter_context(trusted_process("grader.verify.laboratory"))
                assert running.stdin is not None
                assert running.stdout is not None
                running.stdin.write(task.line())
                running.stdin.close()
                selector.register(running.stdout, selectors.EVENT_READ, _Running(task, running))
                return

        for _ in range(AT_ONCE):
            start_next()
        while selector.get_map():
            for key, _ in selector.select():
                ended = False
                for finding in key.data.findings():
                    ended |= finding is None
                    yield key.data.task, finding
                if ended:
                    selector.unregister(key.fileobj)
                    start_next()


class _Running:
    """An experiment that was started."""

    def __init__(self, task: Task, process: "subprocess.Popen[bytes]") -> None:
        self.task = task
        self._process = process
        self._rest = b""

    def findings(self) -> Iterator[Finding | None]:
        """What it said since it was heard last; None once it has ended well."""
        assert self._process.stdout is not None
        chunk = os.read(self._process.stdout.fileno(), 2**16)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        yield from map(json.loads, lines)
        if not chunk:
            if self._process.wait():
                words = last_words(self._process)
                raise GraderError(
                    f"The reference of {self.task.exercise} could not be tried: {words}"
                )
            yield None
