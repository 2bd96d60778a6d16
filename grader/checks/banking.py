"""Sees to it that every bank exists that some work needs, before an examiner asks for it."""

import selectors
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from grader.checks.bank import is_there
from grader.checks.keys import Keys
from grader.checks.messages import Drawing, Event, Noticed, Setup, Work
from grader.checks.process import last_words, trusted_process
from grader.model import Suite

AT_ONCE = 2

What = tuple[str, Suite]


def build_banks(setup: Setup, work: tuple[Work, ...], on_event: Callable[[Event], None]) -> None:
    """Record the banks that are missing; a check that cannot be recorded runs live."""
    missing = iter(list(_missing(setup.root, work)))
    with ExitStack() as stack, selectors.DefaultSelector() as running:

        def start_next() -> None:
            for exercise, suite in missing:
                process = stack.enter_context(
                    trusted_process("grader.checks.record", setup.root, exercise, suite)
                )
                assert process.stdout is not None
                running.register(process.stdout, selectors.EVENT_READ, (exercise, process))
                on_event(Drawing(exercise))
                return

        for _ in range(AT_ONCE):
            start_next()
        while running.get_map():
            for key, _ in running.select():
                running.unregister(key.fileobj)
                exercise, process = key.data
                if (trouble := _end(process)) is not None:
                    on_event(Noticed(f"The examples of {exercise} could not be drawn: {trouble}"))
                start_next()


def _missing(root: str, work: tuple[Work, ...]) -> Iterator[What]:
    keys = Keys(Path(root))
    for each in work:
        for suite in dict.fromkeys(suite for suite, _ in each.checks):
            if not is_there(keys.of(each.exercise, suite)):
                yield each.exercise, suite


def _end(process: "subprocess.Popen[bytes]") -> str | None:
    """Wait for a recorder that closed its output; returns what went wrong."""
    return None if process.wait() == 0 else last_words(process)
