"""A student's functions as a target: each call goes to a worker when a check makes it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from grader.checks.calls import Answer, Call
from grader.checks.transcript import Asked, digest
from grader.checks.wire import (
    Conversation,
    Loaded,
    Reply,
    again,
    image,
    interpret,
    limit_reached,
    respond_by,
)
from grader.kit.verdicts import Leave
from grader.model import Status
from grader.sandbox import WorkerGone

T = TypeVar("T")

STRIKES = 3  # how often a function may run into a limit, confirmation included


class RemoteTarget:
    """Calls functions in a worker, confirms deaths, and remembers what they were of.

    What exceeds a limit is tried once more, in a fresh worker, before it counts. A function that
    has done so `STRIKES` times is not called again: its checks end in the same way, at once.

    Attributes:
        loaded: what the worker said of the current exercise; None until a call was made.
        log: calls of the current check that were answered, in order.
    """

    def __init__(self, conversation: Conversation) -> None:
        self.loaded: Loaded | None = None
        self.log: list[Asked] = []
        self._images: list[bytes] = []
        self._conversation = conversation
        self._limits = conversation.limits
        self._exercise = ""
        self._functions: tuple[str, ...] = ()
        self._strikes: Counter[str] = Counter()
        self._last_death: dict[str, Status] = {}

    def begin(self, exercise: str, functions: tuple[str, ...]) -> None:
        """Use the functions of this exercise, freshly loaded when the first is called."""
        self._exercise, self._functions, self.loaded = exercise, functions, None
        self.log, self._images = [], []

    def answers(self) -> bytes:
        """Digest of the answers in the log."""
        return digest(self._images)

    def answers_again(self, asked: Sequence[Asked]) -> tuple[bytes, Reply | None]:
        """Make the calls of an earlier log.

        Returns:
            Digest of the answers, and the last of them.

        Raises:
            WorkerGone: the worker died, or it called back otherwise than the log says.
            Leave: the exercise cannot be loaded.
        """
        self._load()
        images, reply = [], None
        for call in asked:
            reply = self._conversation.ask(
                Call(call.function, call.arguments, (), call.seed), again(call.dialogue)
            )
            images.append(image(reply))
        return digest(images), reply

    def call(self, call: Call) -> Answer:
        """Run one call in the worker.

        Raises:
            StudentError: the function raised.
            Mismatch: the answer is not plain data.
            Leave: the function is missing, or ran into a limit twice.
        """
        self._load()
        assert self.loaded is not None
        if call.function in self.loaded.missing:
            raise Leave(Status.NOT_STARTED, self.loaded.missing[call.function])
        return self._counted(call.function, lambda: self._attempt(call))

    def confirm(self, call: Call, death: Status) -> Answer:
        """Run a call of which a worker has died before."""
        self._strike(call.function, death)
        return self.call(call)

    def _attempt(self, call: Call) -> Answer:
        if not self._conversation.alive:
            self.loaded = self._conversation.load(self._exercise, self._functions)
        dialogue: list[tuple[bytes, bytes]] = []

        def respond(request: bytes) -> bytes:
            dialogue.append((request, respond_by(call.callbacks, request)))
            return dialogue[-1][1]

        reply = self._conversation.ask(call, respond)
        self._images.append(image(reply))
        self.log.append(Asked(call.function, call.arguments, call.seed, tuple(dialogue)))
        return interpret(call.function, reply, self._limits)

    def _load(self) -> None:
        if self.loaded is None:
            self.loaded = self._counted(
                f"Loading the file of {self._exercise}",
                lambda: self._conversation.load(self._exercise, self._functions),
            )

    def _counted(self, what: str, attempt: Callable[[], T]) -> T:
        """Try, and try again as often as the strikes of this function allow."""
        tries = 2 if self._strikes[what] == 0 else 1
        for _ in range(min(tries, STRIKES - self._strikes[what])):
            try:
                return attempt()
            except WorkerGone as gone:
                self._conversation.close()
                self._strike(what, gone.status)
        raise limit_reached(what, self._last_death[what], self._limits)

    def _strike(self, what: str, death: Status) -> None:
        self._strikes[what] += 1
        self._last_death[what] = death
