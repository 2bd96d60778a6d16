"""A conversation with one worker at a time, in frames.

Whatever a worker says is a claim: ids, lengths and types are checked, and a frame that is not
what the protocol allows ends the worker, never the examiner.
"""

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.checks.bank import Recorded
from grader.checks.calls import Answer, Call, answer_callback
from grader.kit.submission import Callback
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError
from grader.model import Limits, SourceFile, Status
from grader.sandbox import Deadline, Sandbox, WorkerGone, WorkerProcess
from grader.worker import codec
from grader.worker.frames import HEADER, Kind
from grader.worker.layout import LIMIT

AHEAD_BYTES = 2**15  # of requests on their way; they fit in the pipe, so sending never waits
AHEAD_CALLS = 64
LONGEST = 1_000  # characters of a text; the worker keeps to less, but that too is a claim
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """The last frame that answers a call, as it came."""

    kind: Kind
    payload: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a worker says of an exercise that it loaded.

    Attributes:
        missing: why a function is not there, by name.
    """

    file: str | None
    missing: dict[str, str]
    notes: tuple[str, ...]


class Departed(Exception):
    """A function calls back otherwise than it did before; its worker is ended."""


Respond = Callable[[bytes], bytes]


def _no_callbacks(_request: bytes) -> bytes:
    raise WorkerGone(Status.CRASHED)


def respond_by(callbacks: tuple[Callback, ...], request: bytes) -> bytes:
    """Run the callback that a worker asks for.

    Raises:
        WorkerGone: it is no request for one of them.
    """
    match decoded(request):
        case {"handle": int(index), "args": tuple(args)} if 0 <= index < len(callbacks):
            try:
                return codec.encode({"value": answer_callback(callbacks[index], args)})
            except Exception:
                return codec.encode({"error": True})  # no text of ours may reach student code
    raise WorkerGone(Status.CRASHED)


def again(left: deque[tuple[bytes, bytes]]) -> Respond:
    """Respond as was done before, as long as the same is asked; raises Departed when not.

    Args:
        left: what was said then; what is said again is taken from it.
    """

    def respond(request: bytes) -> bytes:
        if not left or left[0][0] != request:
            raise Departed
        return left.popleft()[1]

    return respond


class Conversation:
    """Speaks with a worker, and with a new one once the last has died.

    Args:
        files: the submission.
        helpers: source of the course's helper modules, by name.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        files: Sequence[SourceFile],
        helpers: dict[str, str],
        limits: Limits,
        packages: Sequence[str] = ("numpy",),
    ) -> None:
        self.limits = limits
        self._sandbox = sandbox
        self._sources = codec.encode(
            {
                "files": [{"name": file.name, "cells": list(file.cells)} for file in files],
                "helpers": helpers,
                "packages": list(packages),
                "callbacks": limits.callbacks,
            }
        )
        self._names = {file.name for file in files}
        self._worker: WorkerProcess | None = None
        self._exercise = ""

    @property
    def alive(self) -> bool:
        """Whether there is a worker that has not died yet, as far as is known."""
        return self._worker is not None

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def load(self, exercise: str, functions: Sequence[str]) -> Loaded:
        """Load an exercise afresh: the state that earlier calls left behind is gone.

        Another exercise has another worker: what is done to numpy in one harms no other, so that
        it does not matter which ones are graded together.

        Raises:
            WorkerGone: it died of loading.
        """
        if exercise != self._exercise:
            self.close()
        if self._worker is None:
            self._worker, self._exercise = self._sandbox.worker(), exercise
            self._request(Kind.SOURCES, self._sources)
        reply = self._request(
            Kind.OPEN, codec.encode({"exercise": exercise, "functions": list(functions)})
        )
        match reply.kind, decoded(reply.payload):
            case Kind.READY, {
                "file": str() | None as file,
                "missing": dict(missing),
                "notes": list(notes),
            } if _texts(missing.values()) and _texts(notes) and file in {None, *self._names}:
                return Loaded(
                    file,
                    {name: missing[name][:LONGEST] for name in functions if name in missing},
                    tuple(note[:LONGEST] for note in notes[:MOST_NOTES]),
                )
        raise self._protest()

    def ask(self, call: Call, respond: Respond | None = None) -> Reply:
        """Make one call and wait for its answer.

        Args:
            respond: answers the worker's callbacks; by default with the callbacks of the call.

        Raises:
            WorkerGone: it died of the call, or was ended at a limit.
        """
        respond = respond or (lambda request: respond_by(call.callbacks, request))
        return self._request(Kind.CALL, payload_of(call), respond)

    def ask_all(self, calls: Sequence[Call]) -> Iterator[Reply]:
        """Make calls that are known beforehand, sending some ahead of the answers.

        The worker reads a call only when the one before is answered, so each has limits of its
        own, and a death costs the call that caused it.
        """
        waiting: deque[tuple[int, int]] = deque()  # id and size of what is on its way
        position = ahead = 0
        for _ in calls:
            frames = []
            while position < len(calls) and len(waiting) < AHEAD_CALLS:
                payload = payload_of(calls[position])
                if waiting and ahead + len(payload) > AHEAD_BYTES:
                    break
                identity = secrets.randbits(64)
                frames += [HEADER.pack(len(payload), identity, Kind.CALL), payload]
                waiting.append((identity, len(payload)))
                ahead += len(payload)
                position += 1
            if frames:
                self._send(b"".join(frames), self._deadline())
            identity, size = waiting.popleft()
            ahead -= size
            yield self._final(identity, self._deadline(), _no_callbacks)

    def _request(self, kind: Kind, payload: bytes, respond: Respond = _no_callbacks) -> Reply:
        deadline = self._deadline()
        identity = secrets.randbits(64)
        self._send(HEADER.pack(len(payload), identity, kind) + payload, deadline)
        return self._final(identity, deadline, respond)

    def _final(self, identity: int, deadline: Deadline, respond: Respond) -> Reply:
        """Answer callbacks until the reply itself comes."""
        asked = 0  # bytes of all requests, which are kept until the call is over
        for _ in range(self.limits.callbacks + 1):
            reply = self._receive(identity, deadline)
            if reply.kind is not Kind.CALLBACK:
                return reply
            asked += len(reply.payload)
            if asked > LIMIT:
                raise self._protest()
            try:
                result = respond(reply.payload)
            except WorkerGone:
                raise self._protest() from None
            except Departed:
                self.close()
                raise
            self._send(HEADER.pack(len(result), identity, Kind.RESULT) + result, deadline)
        raise self._protest()

    def _deadline(self) -> Deadline:
        return Deadline(self.limits.cpu_seconds, self.limits.wall_seconds)

    def _send(self, data: bytes, deadline: Deadline) -> None:
        if self._worker is None:
            raise WorkerGone(Status.CRASHED)
        try:
            self._worker.send(data, deadline)
        except WorkerGone:
            self.close()
            raise

    def _receive(self, identity: int, deadline: Deadline) -> Reply:
        if self._worker is None:
            raise WorkerGone(Status.CRASHED)
        try:
            length, answered, kind = HEADER.unpack(self._worker.receive(HEADER.size, deadline))
            if answered != identity or length > LIMIT or kind not in _REPLIES:
                raise self._protest()
            return Reply(_REPLIES[kind], bytes(self._worker.receive(length, deadline)))
        except WorkerGone:
            self.close()
            raise

    def _protest(self) -> WorkerGone:
        """End a worker that does not keep to the protocol."""
        self.close()
        return WorkerGone(Status.CRASHED)


_REPLIES = {
    int(kind): kind for kind in (Kind.READY, Kind.ANSWER, Kind.RAISED, Kind.REFUSED, Kind.CALLBACK)
}


def image(reply: Reply) -> bytes:
    """What of a reply decides an outcome: of an exception, class and message, never the place.

    Raises:
        WorkerGone: it is no reply to a call.
    """
    if reply.kind is not Kind.RAISED:
        return bytes([reply.kind]) + reply.payload
    fields = _raised_fields(reply)
    return codec.encode([fields[key] for key in ("type", "message", "blank", "memory")])


def interpret(function: str, reply: Reply, limits: Limits) -> Answer:
    """Turn a reply into an answer, or into what the check has to see instead.

    Raises:
        StudentError: the function raised.
        Mismatch: the answer is not plain data.
        Leave: the function is not written yet, or it is out of memory.
        WorkerGone: it is no reply to a call.
    """
    if reply.kind is Kind.RAISED:
        raise _raised(function, _raised_fields(reply), limits)
    match reply.kind, _fields(reply):
        case Kind.ANSWER, {"value": value, "changed": list(changed)}:
            return Answer(value, tuple(changed))
        case Kind.REFUSED, {"message": str(message)}:
            raise Mismatch(f"{function}: {message[:LONGEST]}")
    raise WorkerGone(Status.CRASHED)


def limit_reached(function: str, status: Status, limits: Limits) -> Leave:
    """Say which limit a function ran into."""
    sentence = {
        Status.TIMEOUT: f"{function} takes longer than {limits.cpu_seconds:g} s of CPU or "
        f"{limits.wall_seconds:g} s in all. Is there a loop that does not end?",
        Status.MEMORY: f"{function} needs more than {limits.memory_bytes // 2**20} MiB of memory.",
        Status.CRASHED: f"{function} ends the Python process instead of returning an answer.",
    }[status]
    return Leave(status, sentence)


def _raised(function: str, fields: dict[str, Any], limits: Limits) -> BaseException:
    if fields["blank"]:
        return Leave(Status.NOT_STARTED, fields["message"] or f"{function} is not written yet.")
    if fields["memory"]:
        return limit_reached(function, Status.MEMORY, limits)
    place = (fields[key] for key in ("file", "line", "code", "above"))
    return StudentError(function, Raised(fields["type"], fields["message"], *place))


def raised_of(reply: Reply) -> tuple[str, str]:
    """Class and message of the exception that a function raised."""
    fields = _raised_fields(reply)
    return fields["type"], fields["message"]


def _raised_fields(reply: Reply) -> dict[str, Any]:
    match _fields(reply):
        case {"type": str(kind), "message": str(message)} as fields:
            texts = {key: fields.get(key) for key in ("file", "code")}
            line, above = fields.get("line"), fields.get("above")
            return {
                "type": kind[:LONGEST],
                "message": message[:LONGEST],
                **{key: t[:LONGEST] if isinstance(t, str) else None for key, t in texts.items()},
                "line": line if type(line) is int else None,
                "above": above if type(above) is int else 0,
                "blank": fields.get("blank") is True,
                "memory": fields.get("memory") is True,
            }
    raise WorkerGone(Status.CRASHED)


def decoded(payload: bytes) -> Any:
    """What a worker sent, as data.

    Raises:
        WorkerGone: it is none.
    """
    try:
        return codec.decode(payload)
    except codec.Malformed:
        raise WorkerGone(Status.CRASHED) from None


def _fields(reply: Reply) -> dict[str, Any]:
    fields = decoded(reply.payload)
    if not isinstance(fields, dict):
        raise WorkerGone(Status.CRASHED)
    return fields


def call_of(recorded: Recorded) -> Call:
    """A call that was recorded, as it was made then, without callbacks."""
    return Call(recorded.function, recorded.arguments, (), recorded.seed)


def payload_of(call: Call) -> bytes:
    """What asks a worker for a call."""
    return codec.encode_mapping(
        {
            "function": codec.encode(call.function),
            "seed": codec.encode(call.seed),
            "arguments": call.arguments,
        }
    )


def _texts(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
