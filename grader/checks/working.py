"""The half of an examiner that draws a worked run: a submission at work, for its author to see.

The plan is tests/public/worked_run.py of the course (see `grader.kit.pictures`). As in a check,
the functions run in workers, with seeds and limits, and nothing but data comes back.
"""

import importlib.util
import inspect
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checks.calls import Session
from grader.checks.messages import Drawn, Event, Job, Noticed, Ready, Setup, Trained, Work
from grader.checks.outcome import raised_message
from grader.checks.remote import RemoteTarget, Strikes
from grader.checks.wire import Conversation
from grader.course import worked_run_file
from grader.errors import CourseError, GraderError
from grader.kit import expect
from grader.kit.pictures import CELLS, Comparison, Learned, ends
from grader.kit.submission import Submission
from grader.kit.verdicts import Leave, Mismatch, StudentError
from grader.model import Panel, Plane, Status, Training
from grader.sandbox import Sandbox

# For all calls together: a few seconds are enough, even where other work keeps the machine busy.
TRAINING_SECONDS = 60.0
RUN_SECONDS = 300.0

OURS = "This could not be drawn (a mistake in the grader, not in your code)."

Send = Callable[[Event], None]


def show(setup: Setup, job: Job, sandbox: Sandbox, send: Send) -> None:
    """Draw every panel of the course's worked run with the functions of the submission."""
    functions = _Functions(setup, job, sandbox)
    try:
        send(Ready(sandbox.isolation))
        module = _module(Path(setup.root))
        for name in module.__all__:
            _draw(getattr(module, name), functions, send)
    except Exception as error:
        send(Noticed(f"The worked run of {setup.root} cannot be drawn: {error!r}"))
    finally:
        functions.close()


class _Functions:
    """All functions of a submission, each exercise in a worker of its own; the kit's `Caller`.

    Attributes:
        calls: names of the functions that were called in the current training.
    """

    def __init__(self, setup: Setup, job: Job, sandbox: Sandbox) -> None:
        self.calls: list[str] = []
        self._setup, self._job, self._sandbox = setup, job, sandbox
        self._session = Session()
        self._strikes = Strikes()
        self._work = {name: work for work in reversed(job.work) for name in work.functions}
        self._conversations: dict[str, Conversation] = {}
        self._targets: dict[str, RemoteTarget] = {}
        self._panel = ""
        self._end = time.monotonic() + RUN_SECONDS
        self._until = self._end

    def begin(self, panel: str) -> None:
        """Begin a training, with functions that are freshly loaded."""
        self.calls, self._targets, self._panel = [], {}, panel
        self._until = min(time.monotonic() + TRAINING_SECONDS, self._end)

    def close(self) -> None:
        """End the workers."""
        for conversation in self._conversations.values():
            conversation.close()

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, tuple[int | str, ...]]:
        """Call a function, as an example of its own: nothing of the calls before is kept.

        Its seed has nothing to do with the label of the training, so that trainings can begin
        with the same weights.
        """
        if time.monotonic() > self._until:
            raise Leave(Status.TIMEOUT, "The functions are too slow to come to an end here.")
        self._session.begin_check(f"{self._panel} {len(self.calls)}", self._target(function))
        self.calls.append(function)
        return self._session.call(function, args, kwargs)

    def _target(self, function: str) -> RemoteTarget:
        if function not in self._work:
            raise CourseError(f"No exercise of the course has a function {function}.")
        work = self._work[function]
        if work.exercise not in self._targets:
            target = RemoteTarget(self._conversation(work), self._strikes)
            target.begin(work.exercise, work.functions)
            self._targets[work.exercise] = target
        return self._targets[work.exercise]

    def _conversation(self, work: Work) -> Conversation:
        if work.exercise not in self._conversations:
            setup, job = self._setup, self._job
            self._conversations[work.exercise] = Conversation(
                self._sandbox, job.files, job.helpers, setup.limits, setup.packages
            )
        return self._conversations[work.exercise]


def _module(root: Path) -> ModuleType:
    """The plan of the course, wherever it lies: a kit has no package that it could belong to."""
    spec = importlib.util.spec_from_file_location("worked_run", worked_run_file(root))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _draw(function: Callable[[Submission], Comparison], functions: _Functions, send: Send) -> None:
    title, _, text = (inspect.getdoc(function) or function.__name__).partition("\n")
    try:
        comparison = function(Submission(functions))
        send(Drawn(Panel(title, text.strip(), _plane(comparison))))
    except (Exception, Leave) as error:
        send(Noticed(f"The panel {title!r} of the worked run cannot be drawn: {error!r}"))
        send(Drawn(Panel(title, OURS, None)))
        return
    for label, training in comparison.trainings.items():
        functions.begin(function.__name__)
        for event in _trained(label, training, functions):
            send(event)


def _trained(label: str, training: Callable[[], Learned], functions: _Functions) -> Iterator[Event]:
    """Train; whatever goes wrong becomes a sentence, as in a check."""
    try:
        yield Trained(_learned(label, training()))
    except (Exception, Leave) as error:
        ours = not functions.calls or isinstance(error, GraderError)
        if ours and not isinstance(error, Leave):
            yield Noticed(f"The training {label!r} of the worked run cannot be drawn: {error!r}")
            sentence = OURS
        else:
            sentence = _sentence(error, functions.calls)
        yield Trained(Training(label, 0, (), (), sentence))


def _sentence(error: BaseException, calls: list[str]) -> str:
    """Why a training came to no end."""
    if isinstance(error, Leave):
        return error.message
    function = calls[-1]
    if isinstance(error, StudentError):
        text = raised_message(error.function, error.raised)
    elif isinstance(error, Mismatch):
        text = str(error).removeprefix(f"{function}: ")
        text = f"{function}: {text}"
    else:
        text = f"{function} returned something that this training cannot use."
    return text.partition("\n")[0]


def _learned(label: str, learned: Learned) -> Training:
    cells = np.asarray(learned.classes).reshape(CELLS, CELLS)
    return Training(
        label,
        learned.steps,
        tuple(_number(expect.number(cost, "the cost")) for cost in learned.costs),
        tuple("".join("1" if cell else "0" for cell in row) for row in cells),
        learned.sentence,
    )


def _plane(comparison: Comparison) -> Plane:
    columns = zip(*comparison.points, comparison.classes.ravel(), strict=True)
    points = tuple((_number(x), _number(y), int(label)) for x, y, label in columns)
    (left, right), (low, high) = (map(_number, ends(row)) for row in comparison.points)
    return Plane((left, right), (low, high), points)


def _number(value: float) -> float:
    """Four digits: more than a picture shows."""
    rounded = float(f"{value:.4g}")
    return rounded if math.isfinite(rounded) else value  # the largest numbers round to infinity
