"""A student's functions as a target: each call goes to a worker when a check makes it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from grader.checks.calls import Answer, Call, Trace
from grader.checks.messages import Struck
from grader.checks.transcript import DIGEST, Asked, Kept, digest
from grader.checks.wire import (
    Conversation,
    Departed,
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

LOG_BYTES = 8 * 2**20  # of calls that are remembered, which may carry answers back
STRIKES = 3  # how often a function may run into a limit, confirmation included


def loading(exercise: str) -> str:
    """What a worker died of that never came to a call."""
    return f"Loading the file of {exercise}"


class Strikes:
    """Counts what workers died of: functions, and the loading of exercises.

    Args:
        before: deaths that earlier examiners have seen.
        tell: told of each new one.
        tries: how often something has to die at first before it counts.
    """

    def __init__(
        self,
        before: Iterable[Struck] = (),
        tell: Callable[[Struck], None] = lambda _: None,
        *,
        tries: int = 2,
    ) -> None:
        self.tries = tries
        self._deaths: dict[tuple[str, str], list[Status]] = {}
        self._tell = tell
        for struck in before:
            self._note(struck)

    def add(self, exercise: str, what: str, death: Status) -> None:
        """Count one more."""
        struck = Struck(exercise, what, death)
        self._note(struck)
        self._tell(struck)

    def of(self, exercise: str, what: str) -> list[Status]:
        """The deaths so far, in order."""
        return self._deaths.get((exercise, what), [])

    def _note(self, struck: Struck) -> None:
        self._deaths.setdefault((struck.exercise, struck.what), []).append(struck.status)


class RemoteTarget:
    """Calls functions in a worker, confirms deaths, and remembers what they were of.

    What exceeds a limit is tried once more, in a fresh worker, before it counts. A function that
    has done so `STRIKES` times is not called again: its checks end in the same way, at once.

    Attributes:
        loaded: what the worker said of the current exercise; None until a call was made.
        log: calls of the current check that were answered, in order; None once they are more
            than is worth keeping.
        strikes: what workers died of.
        decisive: how many of the answers came before a search; None while there was none.
    """

    def __init__(self, conversation: Conversation, strikes: Strikes | None = None) -> None:
        self.loaded: Loaded | None = None
        self.log: list[Asked] | None = []
        self.strikes = strikes or Strikes()
        self.decisive: int | None = None
        self._answers: list[bytes] = []
        self._logged = 0  # bytes
        self._conversation = conversation
        self._limits = conversation.limits
        self._exercise = ""
        self._functions: tuple[str, ...] = ()

    def begin(self, exercise: str, functions: tuple[str, ...]) -> None:
        """Use the functions of this exercise, freshly loaded when the first is called."""
        self._exercise, self._functions, self.loaded = exercise, functions, None
        self.log, self._logged, self._answers = [], 0, []
        self.decisive = None

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Load the functions afresh, and count deaths apart: what a check fails of is decided."""
        strikes, loaded = self.strikes, self.loaded
        self.strikes, self.loaded = Strikes(tries=1), None
        self.decisive = len(self._answers)
        try:
            yield
        finally:
            self.strikes, self.loaded = strikes, self.loaded or loaded

    def answers(self) -> bytes:
        """Digests of the answers in the log."""
        return b"".join(self._answers)

    def answers_again(self, kept: Kept) -> tuple[bool, Reply | None]:
        """Make the calls that led to an outcome, up to the first that is answered otherwise.

        Returns:
            Whether all were answered as they were then, and the reply at `kept.place`.

        Raises:
            WorkerGone: the worker died, as it will when the check makes this call.
            Leave: the exercise cannot be loaded.
        """
        reply = None
        for place, asked in enumerate(kept.asked):
            self._load()
            call = Call(asked.function, asked.arguments, (), asked.seed)
            try:
                left = deque(asked.dialogue)
                now = self._conversation.ask(call, again(left))
                before = kept.answers[place * DIGEST : (place + 1) * DIGEST]
                same = not left and digest(image(now)) == before
            except Departed:
                return False, None
            except WorkerGone as gone:
                self._conversation.close()
                if place < kept.decisive:
                    self.strikes.add(self._exercise, asked.function, gone.status)
                raise
            if not same:
                return False, None
            reply = now if place == kept.place else reply
        return True, reply

    def place_of(self, trace: Trace, function: str) -> int:
        """Where in the log the call is that ended this example with an exception."""
        calls = (call for call, answer in reversed(trace) if answer is None)
        call = next((call for call in calls if call.function == function), None)
        same = (
            place
            for place, asked in enumerate(self.log or ())
            if call is not None
            and (asked.function, asked.arguments, asked.seed)
            == (call.function, call.arguments, call.seed)
        )
        return max(same, default=0)

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

    def _attempt(self, call: Call) -> Answer:
        if not self._conversation.alive:
            self.loaded = self._conversation.load(self._exercise, self._functions)
        dialogue: list[tuple[bytes, bytes]] = []

        def respond(request: bytes) -> bytes:
            dialogue.append((request, respond_by(call.callbacks, request)))
            return dialogue[-1][1]

        reply = self._conversation.ask(call, respond)
        self._answers.append(digest(image(reply)))
        self._note(call, dialogue)
        return interpret(call.function, reply, self._limits)

    def _note(self, call: Call, dialogue: list[tuple[bytes, bytes]]) -> None:
        self._logged += len(call.arguments) + sum(len(a) + len(b) for a, b in dialogue)
        if self._logged > LOG_BYTES:
            self.log = None
        if self.log is not None:
            self.log.append(Asked(call.function, call.arguments, call.seed, tuple(dialogue)))

    def _load(self) -> None:
        if self.loaded is None:
            self.loaded = self._counted(
                loading(self._exercise),
                lambda: self._conversation.load(self._exercise, self._functions),
            )

    def _counted(self, what: str, attempt: Callable[[], T]) -> T:
        """Try, and try again as often as the strikes of this function allow."""
        deaths = self.strikes.of(self._exercise, what)
        tries = min(1 if deaths else self.strikes.tries, STRIKES - len(deaths))
        for _ in range(tries):
            try:
                return attempt()
            except WorkerGone as gone:
                self._conversation.close()
                self.strikes.add(self._exercise, what, gone.status)
        raise limit_reached(what, self.strikes.of(self._exercise, what)[-1], self._limits)
