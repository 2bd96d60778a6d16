"""What the command and an examiner tell each other: a setup, jobs, and events of each."""

from enum import StrEnum

import msgspec
import msgspec.structs

from grader.model import Explanation, Isolation, Limits, Panel, SourceFile, Status, Suite, Training


class Way(StrEnum):
    """What an examiner does with a submission."""

    REPLAY = "replay"  # the bank's examples, without Hypothesis
    SEARCH = "search"  # every check under Hypothesis
    WORKED_RUN = "worked_run"  # no check: the submission at work, for its author to look at


class Work(msgspec.Struct, frozen=True):
    """One exercise to examine.

    Attributes:
        checks: names of the checks to run, of each suite; those already decided are left out.
    """

    exercise: str
    functions: tuple[str, ...]
    checks: tuple[tuple[Suite, str], ...]


class Undecided(msgspec.Struct, frozen=True, tag=True):
    """A check cannot be replayed, so it needs Hypothesis; or it failed, and no more was asked.

    Attributes:
        item: one set of parameters of the check, as pytest calls it.
    """

    exercise: str
    suite: Suite
    check: str
    item: str
    failed: bool = False


class Setup(msgspec.Struct, frozen=True):
    """What an examiner is started with; it holds for all of its jobs.

    Attributes:
        root: of the course.
        lowest: the weakest isolation that will do.
        only: exactly this isolation, for tests.
    """

    root: str
    packages: tuple[str, ...]
    limits: Limits
    lowest: Isolation
    only: Isolation | None = None
    way: Way = Way.REPLAY


class Job(msgspec.Struct, frozen=True):
    """One submission, and what to examine of it; an examiner reads nothing else of it.

    Attributes:
        helpers: source of the course's helper modules, by name.
        until_first: a replay ends at the first check that does not pass; the first examples of
            every check come before all others.
        explain: how a failed check failed is wanted too, with a small example; where it is not,
            outcomes are neither kept nor looked for.
        struck: what examiners before this one have seen run into a limit.
    """

    work: tuple[Work, ...]
    files: tuple[SourceFile, ...]
    helpers: dict[str, str]
    until_first: bool = False
    explain: bool = True
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
    explanation: Explanation = Explanation()


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


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A panel of the worked run begins; its trainings follow, one by one."""

    panel: Panel


class Trained(msgspec.Struct, frozen=True, tag=True):
    """A training of the panel that was begun last."""

    training: Training


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The job is done: the next one may come."""


class Broken(msgspec.Struct, frozen=True, tag=True):
    """The examiner cannot go on: our fault, or the machine's."""

    message: str


Event = (
    Ready
    | Opened
    | Started
    | Decided
    | Undecided
    | Struck
    | Drawing
    | Drawn
    | Trained
    | Noticed
    | Finished
    | Broken
)

replace = msgspec.structs.replace

_event_decoder: "msgspec.json.Decoder[Event]" = msgspec.json.Decoder(Event)
_setup_decoder = msgspec.json.Decoder(Setup)
_job_decoder = msgspec.json.Decoder(Job)


def broken_down(kind: str) -> str:
    """What to say of a check at which an examiner failed with an exception of this class.

    It counts as failed: answers that nobody foresaw must not take a check out of a grade.
    """
    return (
        f"The grader broke down while it compared your answers ({kind}). "
        "That is a mistake of the grader's; show this to your instructor."
    )


def encode(message: Setup | Job | Event) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(message) + b"\n"


def decode_setup(line: bytes) -> Setup:
    """Read what `encode` wrote."""
    return _setup_decoder.decode(line)


def decode_job(line: bytes) -> Job:
    """Read what `encode` wrote."""
    return _job_decoder.decode(line)


def decode_event(line: bytes) -> Event:
    """Read what `encode` wrote."""
    return _event_decoder.decode(line)
