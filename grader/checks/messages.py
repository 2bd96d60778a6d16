"""What the command and the examiner tell each other: one job, then a stream of events."""

import msgspec
import msgspec.structs

from grader.model import Isolation, Limits, SourceFile, Status, Suite


class Work(msgspec.Struct, frozen=True):
    """One exercise to examine.

    Attributes:
        checks: names of the checks to run, of each suite; those already decided are left out.
    """

    exercise: str
    functions: tuple[str, ...]
    checks: tuple[tuple[Suite, str], ...]


class Undecided(msgspec.Struct, frozen=True, tag=True):
    """A check needs Hypothesis: it failed in replay, or it cannot be replayed.

    Attributes:
        item: one set of parameters of the check, as pytest calls it.
        failed: it failed in replay; then it must not pass now.
        transcript: digest of the answers to the calls of the bank, in hexadecimal.
    """

    exercise: str
    suite: Suite
    check: str
    item: str
    failed: bool = False
    transcript: str | None = None


class Job(msgspec.Struct, frozen=True):
    """Everything that an examiner needs; it reads nothing else of the submission.

    Attributes:
        live: run every check under Hypothesis; otherwise replay the bank.
        failed: what a replay left, in a live job.
        struck: what examiners before this one have seen run into a limit.
    """

    root: str
    work: tuple[Work, ...]
    files: tuple[SourceFile, ...]
    helpers: dict[str, str]
    packages: tuple[str, ...]
    limits: Limits
    lowest: Isolation
    only: Isolation | None = None
    live: bool = False
    failed: tuple[Undecided, ...] = ()
    struck: tuple["Struck", ...] = ()


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The sandbox is up."""

    isolation: Isolation


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The worker loaded an exercise from this file, None where no file has it."""

    exercise: str
    file: str | None
    notes: tuple[str, ...]


class Started(msgspec.Struct, frozen=True, tag=True):
    """A check begins: from now on its time counts."""

    exercise: str
    suite: Suite
    check: str


class Decided(msgspec.Struct, frozen=True, tag=True):
    """A check ended."""

    exercise: str
    suite: Suite
    check: str
    status: Status
    message: str
    example: str | None


class Struck(msgspec.Struct, frozen=True, tag=True):
    """A worker died of a function, or of loading an exercise."""

    exercise: str
    what: str
    status: Status


class Noticed(msgspec.Struct, frozen=True, tag=True):
    """Something is wrong with the course; for the person who grades, never for a report."""

    message: str


class Drawing(msgspec.Struct, frozen=True, tag=True):
    """The bank of an exercise is being built; it happens once for each version of a course."""

    exercise: str


class Broken(msgspec.Struct, frozen=True, tag=True):
    """The examiner cannot go on: our fault, or the machine's."""

    message: str


Event = Ready | Opened | Started | Decided | Undecided | Struck | Drawing | Noticed | Broken

replace = msgspec.structs.replace

_event_decoder: "msgspec.json.Decoder[Event]" = msgspec.json.Decoder(Event)
_job_decoder = msgspec.json.Decoder(Job)


def encode(message: Job | Event) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(message) + b"\n"


def decode_job(data: bytes) -> Job:
    """Read what `encode` wrote."""
    return _job_decoder.decode(data)


def decode_event(line: bytes) -> Event:
    """Read what `encode` wrote."""
    return _event_decoder.decode(line)
