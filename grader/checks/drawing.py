"""The command's side of a worked run: has an examiner draw it, and takes down what comes."""

import contextlib
import os
import selectors
import subprocess
from collections.abc import Iterator
from dataclasses import replace

from grader.checks import messages
from grader.checks.messages import (
    Broken,
    Drawn,
    Event,
    Finished,
    Job,
    Noticed,
    Trained,
    Way,
    Work,
)
from grader.checks.process import trusted_process
from grader.checks.run import setup_of
from grader.checks.watch import READ_AT_ONCE, START_SECONDS, OnEvent
from grader.course import Course
from grader.model import Isolation, Panel, Submission

_UNDRAWN = Panel(
    "Not drawn", "What belongs here is missing (a mistake in the grader, not in your code).", None
)


def draw(
    course: Course, submission: Submission, *, lowest: Isolation, on_event: OnEvent
) -> tuple[Panel, ...]:
    """Draw the worked run of the course with the functions of the submission.

    Whatever goes wrong, there are panels in the end: a worked run decides nothing.

    Args:
        lowest: the weakest isolation that will do.
        on_event: told of everything as it happens, for progress.
    """
    setup = messages.replace(setup_of(course, lowest), way=Way.WORKED_RUN)
    work = tuple(Work(each.name, each.functions, ()) for each in course.exercises)
    job = Job(work, submission.files, course.helpers)
    # A call may be waited for twice before it counts as one that takes too long.
    patience = START_SECONDS + 2 * setup.limits.wall_seconds
    panels: list[Panel] = []
    with trusted_process("grader.checks.examiner") as process:
        _ask(process, messages.encode(setup) + messages.encode(job))
        for event in _events(process, patience):
            on_event(Noticed(event.message) if isinstance(event, Broken) else event)
            match event:
                case Drawn(panel):
                    panels.append(panel)
                case Trained(training):
                    panels[-1] = replace(panels[-1], trainings=(*panels[-1].trainings, training))
                case Finished():
                    return tuple(panels) or (_UNDRAWN,)
    on_event(Noticed("The worked run came to no end."))
    return (*panels, _UNDRAWN)


def _ask(process: "subprocess.Popen[bytes]", request: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it died at once, and will say nothing
        process.stdin.write(request)
        process.stdin.flush()


def _events(process: "subprocess.Popen[bytes]", patience: float) -> Iterator[Event]:
    """What it says, until it ends or is silent for too long."""
    assert process.stdout is not None
    buffer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(patience) and (
            chunk := os.read(process.stdout.fileno(), READ_AT_ONCE)
        ):
            *lines, buffer = (buffer + chunk).split(b"\n")
            yield from map(messages.decode_event, lines)
