"""A student's functions as a target: calls travel as frames to a worker in the sandbox.

Whatever the worker says is a claim: ids, lengths and types are checked, and a frame that is not
what the protocol allows ends the worker, never the examiner.
"""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from grader.checks.calls import Answer, Call, answer_callback
from grader.checks.messages import Opened
from grader.kit.verdicts import Leave, Mismatch, Raised, StudentError
from grader.model import Limits, SourceFile, Status
from grader.sandbox import Deadline, Sandbox, WorkerGone, WorkerProcess
from grader.worker import codec
from grader.worker.frames import HEADER, Kind
from grader.worker.layout import LIMIT

T = TypeVar("T")

_LIMIT_SENTENCES = {
    Status.TIMEOUT: "{0} takes longer than {1.cpu_seconds:g} s of CPU or {1.wall_seconds:g} s "
    "in all, twice in a row. Is there a loop that does not end?",
    Status.MEMORY: "{0} needs more than {2} MiB of memory.",
    Status.CRASHED: "{0} ends the Python process instead of returning an answer.",
}


class RemoteTarget:
    """Keeps one worker alive for one submission, and makes a new one when it dies.

    Args:
        files: the submission.
        helpers: source of the course's helper modules, by name.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        files: tuple[SourceFile, ...],
        helpers: dict[str, str],
        limits: Limits,
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._sources = {
            "files": [{"name": file.name, "cells": list(file.cells)} for file in files],
            "helpers": helpers,
            "callbacks": limits.callbacks,
        }
        self._worker: WorkerProcess | None = None
        self._exercise: dict[str, Any] = {}
        self._missing: dict[str, str] = {}
        self._unloadable: dict[str, Leave] = {}

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def open(self, exercise: str, functions: tuple[str, ...]) -> Opened:
        """Load the exercise afresh: the state that earlier checks left behind is gone.

        A submission that cannot be loaded is remembered, so that it costs its limits once.
        """
        self._exercise = {"exercise": exercise, "functions": list(functions)}
        self._missing = {}
        if exercise in self._unloadable:
            return Opened(exercise, None, (self._unloadable[exercise].message,))
        try:
            loaded = self._twice(self._load)
        except WorkerGone as gone:
            leave = self._leave(gone, f"Loading the file of {exercise}")
            self._unloadable[exercise] = leave
            return Opened(exercise, None, (leave.message,))
        return Opened(exercise, loaded["file"], tuple(loaded["notes"]))

    def call(self, call: Call) -> Answer:
        """Run one call in the worker.

        Raises:
            StudentError: the function raised.
            Mismatch: the answer is not plain data.
            Leave: the function is missing, or it ran into a limit twice, the second time alone.
        """
        exercise = self._exercise["exercise"]
        if exercise in self._unloadable:
            raise self._unloadable[exercise]
        if call.function in self._missing:
            raise Leave(Status.NOT_STARTED, self._missing[call.function])
        try:
            return self._twice(lambda: self._attempt(call))
        except WorkerGone as gone:
            raise self._leave(gone, call.function) from None

    def _twice(self, attempt: Callable[[], T]) -> T:
        """Confirm a death once, in a fresh worker, before it counts."""
        try:
            return attempt()
        except WorkerGone:
            self.close()
        try:
            return attempt()
        except WorkerGone:
            self.close()
            raise

    def _leave(self, gone: WorkerGone, what: str) -> Leave:
        sentence = _LIMIT_SENTENCES[gone.status].format(
            what, self._limits, self._limits.memory_bytes // 2**20
        )
        return Leave(gone.status, sentence)

    def _attempt(self, call: Call) -> Answer:
        if self._worker is None:
            self._load()
        kind, reply = self._exchange(Kind.CALL, _payload(call), call)
        match kind, reply:
            case Kind.ANSWER, {"value": value, "changed": list(changed)}:
                return Answer(value, tuple(changed))
            case Kind.RAISED, {"blank": True, "message": str(message)}:
                text = message or f"{call.function} is not written yet."
                raise Leave(Status.NOT_STARTED, text)
            case Kind.RAISED, {"memory": True}:
                raise self._leave(WorkerGone(Status.MEMORY), call.function)
            case Kind.RAISED, {"type": str(type_), "message": str(message)}:
                raise StudentError(call.function, _raised(type_, message, reply))
            case Kind.REFUSED, {"message": str(message)}:
                raise Mismatch(f"{call.function}: {message}")
        raise self._protest()

    def _load(self) -> dict[str, Any]:
        """Load the current exercise, in a new worker if there is none."""
        if self._worker is None:
            self._worker = self._sandbox.worker()
            self._exchange(Kind.SOURCES, codec.encode(self._sources))
        kind, reply = self._exchange(Kind.OPEN, codec.encode(self._exercise))
        match kind, reply:
            case Kind.READY, {
                "file": str() | None,
                "missing": dict(missing),
                "notes": list(notes),
            } if _texts(missing.values()) and _texts(notes):
                self._missing = missing
                return reply  # type: ignore[no-any-return]
        raise self._protest()

    def _exchange(self, kind: Kind, payload: bytes, call: Call | None = None) -> tuple[int, Any]:
        """Send one request and return its reply; callbacks in between are answered."""
        assert self._worker is not None
        deadline = Deadline(self._limits.cpu_seconds, self._limits.wall_seconds)
        identity = secrets.randbits(64)
        self._worker.send(_frame(kind, identity, payload), deadline)
        for _ in range(self._limits.callbacks + 2):
            answered, reply = self._receive(identity, deadline)
            if answered != Kind.CALLBACK or call is None:
                return answered, reply
            result = codec.encode(self._callback(call, reply))
            self._worker.send(_frame(Kind.RESULT, identity, result), deadline)
        raise self._protest()

    def _receive(self, identity: int, deadline: Deadline) -> tuple[int, Any]:
        assert self._worker is not None
        length, answered, kind = HEADER.unpack(self._worker.receive(HEADER.size, deadline))
        if answered != identity or length > LIMIT:
            raise self._protest()
        try:
            return kind, codec.decode(self._worker.receive(length, deadline))
        except codec.Malformed:
            raise self._protest() from None

    def _callback(self, call: Call, request: Any) -> dict[str, Any]:
        match request:
            case {"handle": int(index), "args": tuple(args)} if 0 <= index < len(call.callbacks):
                try:
                    return {"value": answer_callback(call.callbacks[index], args)}
                except Exception:
                    return {"error": True}  # no text of ours may reach student code
        raise self._protest()

    def _protest(self) -> WorkerGone:
        """End a worker that does not keep to the protocol."""
        self.close()
        return WorkerGone(Status.CRASHED)


def _frame(kind: Kind, identity: int, payload: bytes) -> bytes:
    return HEADER.pack(len(payload), identity, kind) + payload


def _payload(call: Call) -> bytes:
    args, kwargs = codec.decode(call.arguments, to_worker=True)
    return codec.encode(
        {"function": call.function, "seed": call.seed, "args": args, "kwargs": kwargs}
    )


def _raised(kind: str, message: str, reply: dict[str, Any]) -> Raised:
    file, line, code = reply.get("file"), reply.get("line"), reply.get("code")
    return Raised(
        kind,
        message,
        file if isinstance(file, str) else None,
        line if type(line) is int else None,
        code if isinstance(code, str) else None,
    )


def _texts(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
