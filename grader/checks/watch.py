"""The command's side of examiners: starts them, gives them jobs, and watches that they go on.

An examiner that hangs or dies while it compares an answer costs the submission that check, and a
new one goes on with the rest.
"""

import contextlib
import os
import re
import selectors
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from grader.checks import messages
from grader.checks.findings import Findings
from grader.checks.messages import Decided, Event, Finished, Job, Setup, Started, Undecided, replace
from grader.checks.process import last_words, trusted_process
from grader.errors import SandboxError
from grader.model import Status

START_SECONDS = 120.0  # for imports and the first worker, on a machine under load
READ_AT_ONCE = 2**16
LEAST_SECONDS = 5.0  # for a check, however many have hung

T = TypeVar("T")
OnEvent = Callable[[Event], None]


@dataclass
class _Watch:
    """What an examiner is doing, as far as it has said.

    Attributes:
        running: the check that it is at.
        told: whether it has decided or left any.
        hung: how many checks of each exercise hung.
    """

    check_seconds: float
    running: Started | None = None
    told: bool = False
    hung: Counter[str] = field(default_factory=Counter)

    def note(self, event: Event) -> None:
        if isinstance(event, Started):
            self.running = event
        elif isinstance(event, Decided | Undecided):
            self.running, self.told = None, True

    def seconds(self) -> float:
        """How long it may be silent.

        Where checks of an exercise hung, each next one has half the time: functions that are
        slow on purpose, but within the limits of every call, would keep a class waiting.
        """
        if self.running is None:
            return START_SECONDS
        halved = self.check_seconds * 0.5 ** self.hung[self.running.exercise]
        return max(halved, min(self.check_seconds, LEAST_SECONDS))


class Examiner:
    """An examiner process, and a new one whenever the last had to be stopped.

    Start it in the main thread: it is killed when the thread that started it ends.

    Args:
        check_seconds: how long it may be silent during a check.

    Attributes:
        findings: on the current job, or the last one.
    """

    def __init__(self, setup: Setup, check_seconds: float) -> None:
        self.findings = Findings()
        self._setup = setup
        self._watch = _Watch(check_seconds)
        self._job: Job | None = None
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._heard = 0.0

    def __enter__(self) -> "Examiner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, unless it runs already."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = self._stack.enter_context(trusted_process("grader.checks.examiner"))
            os.set_blocking(self.fileno(), False)
            self._tell(self._setup)

    def close(self) -> None:
        """Kill the process."""
        self._stack.close()
        self._process, self._buffer = None, b""

    def fileno(self) -> int:
        """Where the events of the process come in."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def begin(self, job: Job) -> None:
        """Give it a job."""
        self.start()
        self._job = job
        self._watch = _Watch(self._watch.check_seconds)
        self.findings = Findings(struck=list(job.struck))
        self._go_on()

    @property
    def busy(self) -> bool:
        """Whether it is at a job."""
        return self._job is not None

    @property
    def patience(self) -> float:
        """Seconds until it must have said something."""
        return max(0.0, self._heard + self._watch.seconds() - time.monotonic())

    def listen(self, on_event: OnEvent) -> None:
        """Take in what it says, once there is something, or its patience is over.

        Raises:
            SandboxError: it cannot examine here.
        """
        try:
            chunk = os.read(self.fileno(), READ_AT_ONCE)
        except BlockingIOError:
            if self.patience == 0.0:
                self._replace(on_event, hung=True)
            return
        if not chunk:
            self._replace(on_event, hung=False)
            return
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        for line in lines:
            self._take(messages.decode_event(line), on_event)
        self._heard = time.monotonic()

    def _take(self, event: Event, on_event: OnEvent) -> None:
        for each in (self.findings.add, on_event, self._watch.note):
            each(event)
        if isinstance(event, Finished):
            self._job = None

    def _go_on(self) -> None:
        """Give the process what nothing is known of yet."""
        assert self._job is not None
        left = self.findings.left_of(self._job.work)
        if not left:
            self._job = None
            return
        self.start()
        self._watch = _Watch(self._watch.check_seconds, hung=self._watch.hung)
        self._heard = time.monotonic()
        self._tell(replace(self._job, work=left, struck=tuple(self.findings.struck)))

    def _tell(self, message: Setup | Job) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died at once; its last words say why
            self._process.stdin.write(messages.encode(message))
            self._process.stdin.flush()

    def _replace(self, on_event: OnEvent, *, hung: bool) -> None:
        """Note what an examiner that hangs or is dead was at; a new one does the rest."""
        assert self._process is not None
        running = self._watch.running
        if running is None and (hung or not self._watch.told):
            words = last_words(self._process)
            raise SandboxError(f"The examiner could not run the checks: {words}")
        why = (
            f"This check took longer than {self._watch.seconds():g} s, to call your functions and "
            "to compare what they answered."
            if hung
            else _broken_off(last_words(self._process))
        )
        self.close()
        if running is not None:
            self._watch.hung[running.exercise] += hung
            self._take(_stopped(running, hung, why), on_event)
        self._go_on()


def run_jobs(
    examiners: Sequence[Examiner], jobs: Iterable[tuple[T, Job]], on_event: OnEvent
) -> Iterator[tuple[T, Findings]]:
    """Examine jobs, each by the next examiner that is free; yield them as they are done.

    Raises:
        SandboxError: an examiner cannot examine here.
    """
    waiting = iter(jobs)
    at: dict[Examiner, T] = {}
    free = list(examiners)
    while True:
        while free and (next_one := next(waiting, None)) is not None:
            at[free[-1]] = next_one[0]
            free.pop().begin(next_one[1])
        if not at:
            return
        _listen([examiner for examiner in at if examiner.busy], on_event)
        for examiner in [examiner for examiner in at if not examiner.busy]:
            free.append(examiner)
            yield at.pop(examiner), examiner.findings


def _listen(examiners: Sequence[Examiner], on_event: OnEvent) -> None:
    """Wait until one of them says something, or should have."""
    if not examiners:
        return
    with selectors.DefaultSelector() as selector:
        for examiner in examiners:
            selector.register(examiner, selectors.EVENT_READ)
        heard = [key.fd for key, _ in selector.select(min(each.patience for each in examiners))]
    for examiner in examiners:
        if examiner.fileno() in heard or examiner.patience == 0.0:
            examiner.listen(on_event)


def _broken_off(words: str) -> str:
    """What to say where an examiner ended by itself: out of memory, or by a mistake of ours."""
    kind = re.search(r"It said: (?:\w+\.)*(\w+)(?::|$)", words)
    if kind and not kind[1].endswith("MemoryError"):  # numpy has one of its own
        return messages.broken_down(kind[1])
    return "Comparing your answers needed more memory than the grader allows."


def _stopped(running: Started, hung: bool, why: str) -> Decided:
    """The check that an examiner ended at has failed: no answer may buy itself off."""
    status = Status.TIMEOUT if hung else Status.FAILED
    return Decided(running.exercise, running.suite, running.check, status, why, None)
