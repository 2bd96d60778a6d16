"""The things that grading is about, as frozen values; data only, no behaviour but sums."""

from dataclasses import dataclass, field
from enum import StrEnum

SCHEMA = 1  # of report.json; raised when a key changes its meaning or goes away


class Status(StrEnum):
    """How a check ended. Decided in `grader.checks.outcome` and nowhere else."""

    PASSED = "passed"
    FAILED = "failed"  # wrong answer
    ERROR = "error"  # the student's code raised
    TIMEOUT = "timeout"  # over the limit of CPU or wall time
    MEMORY = "memory"  # over the limit of memory
    CRASHED = "crashed"  # the worker died otherwise
    NOT_STARTED = "not_started"  # the function is missing or still a stub
    VOID = "void"  # the check fails on the reference too: our fault


class Isolation(StrEnum):
    """How student code was kept apart, best first."""

    ZYGOTE = "zygote"  # warm zygote in bwrap, namespaces for each worker
    BWRAP = "bwrap"  # one bwrap for each worker
    LANDLOCK = "landlock"  # landlock, seccomp and limits, no namespaces
    NONE = "none"  # a plain child process


class Suite(StrEnum):
    """Which checks to run."""

    PUBLIC = "public"
    HIDDEN = "hidden"
    ALL = "all"


class Feedback(StrEnum):
    """What a student may see of the hidden checks; of public ones they see everything."""

    FULL = "full"
    HINT = "hint"  # nothing that an expected value follows from
    SCORE = "score"  # nothing but status, title and points


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a submission, as text.

    Attributes:
        name: path below the submission, with "/" between its parts.
        sha256: of the very bytes that were read.
        cells: the code cells of a notebook; a .py file is one cell.
    """

    name: str
    sha256: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    Attributes:
        name: last part of the path it was read from.
        files: sorted by name.
        notes: what was left out and why, a sentence each, for the report.
    """

    name: str
    files: tuple[SourceFile, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call of a student's function may use; seconds, bytes, counts."""

    cpu_seconds: float = 2.0
    wall_seconds: float = 10.0
    memory_bytes: int = 1536 * 2**20
    callbacks: int = 10_000


@dataclass(frozen=True, slots=True)
class Check:
    """One test function that decides points.

    Attributes:
        functions: names of the student functions that it calls.
        suite: PUBLIC or HIDDEN.
    """

    name: str
    title: str
    hint: str
    points: float
    bonus: bool
    functions: tuple[str, ...]
    suite: Suite


@dataclass(frozen=True, slots=True)
class Exercise:
    """A stem of the syllabus with the functions that students write and the checks on them.

    Attributes:
        formulas: the LaTeX of what a function computes, line by line, by its name.
    """

    name: str
    title: str
    functions: tuple[str, ...]
    checks: tuple[Check, ...]
    formulas: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Comparing(StrEnum):
    """What kind of numbers a comparison holds, and so which picture fits."""

    ENTRIES = "entries"  # any quantity, entry by entry
    GRADIENT = "gradient"  # analytic against numeric
    SCALE = "scale"  # one number for each layer, the first layer first
    MASK = "mask"  # zeros and ones; chance made them, so there are none to expect


@dataclass(frozen=True, slots=True)
class Comparison:
    """A student's numbers and the right ones side by side, as a failed check saw them.

    Attributes:
        name: of the quantity, "dW1".
        shape: () for a plain number.
        yours: flat, in C order; the first of them where there are many.
        expected: likewise; reveals the right answer.
        worst: flat position of the entry that is furthest off, None where none is wrong.
        distance: ||yours - expected|| / (||yours|| + ||expected||) over all entries.
    """

    kind: Comparing
    name: str
    shape: tuple[int, ...]
    yours: tuple[float, ...]
    expected: tuple[float, ...]
    worst: int | None
    distance: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the answers themselves tell of the mistake behind them; evidence, or nothing.

    Attributes:
        mistakes: names of the known mistakes that, made together, give these very answers.
        tells: what the course says to a student who made it, for each of them.
        likeness: how the answers differ from the right ones, a sentence; empty where no simple
            rule does it.
        reveals: the right answers follow from the likeness.
    """

    mistakes: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    likeness: str = ""
    reveals: bool = False


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """A mistake that the course has a name for.

    Attributes:
        tells: what to tell a student who made it.
        fails: the checks that it fails, made alone.
    """

    name: str
    tells: str
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an examiner knows of a failed check beyond its message.

    Attributes:
        candidates: sets of known mistakes, each of which gives the answers that this check saw.
        likeness: as in `Diagnosis`, and `reveals` too.
    """

    candidates: tuple[tuple[KnownMistake, ...], ...] = ()
    likeness: str = ""
    reveals: bool = False
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check said of a submission; the contract for everything that shows a result."""

    name: str
    title: str
    functions: tuple[str, ...]
    points: float
    bonus: bool
    earned: float
    status: Status
    message: str  # for the student; empty when passed
    example: str | None  # code that shows the failure, where there is one
    hint: str
    suite: Suite
    mistake: str | None = None  # the first of the diagnosis
    diagnosis: Diagnosis | None = None
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """The checks of one exercise, in the order of its test file.

    Attributes:
        file: the submitted file that was graded, None where no file defines a function of it.
        notes: what the worker noticed while it loaded the file, a sentence each.
        formulas: as in `Exercise`.
    """

    name: str
    title: str
    file: str | None
    earned: float
    possible: float
    checks: tuple[CheckResult, ...]
    notes: tuple[str, ...] = ()
    formulas: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plane:
    """Points of two classes, and the rectangle around them.

    Attributes:
        x: the left and the right end.
        y: the lower and the upper end.
        points: x, y and the class, 0 or 1, of each.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    points: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Training:
    """What came of a training with the student's functions.

    Attributes:
        label: what sets it apart from the others of its panel.
        steps: from the first cost to the last.
        costs: at equal distances; none where the training came to no end.
        rows: the class that is answered for each cell of the plane, "0" or "1", the upper row
            first.
        sentence: what else there is to say, or why the training came to no end.
    """

    label: str
    steps: int
    costs: tuple[float, ...]
    rows: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Trainings side by side: one part of a worked run.

    Attributes:
        text: paragraphs on what there is to see.
    """

    title: str
    text: str
    plane: Plane | None
    trainings: tuple[Training, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote on a submission.

    Attributes:
        author: empty where nobody is named.
        exercise: that it is about, empty where it is about the whole.
    """

    text: str
    author: str = ""
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run; `report.json` is this record, key by key.

    Attributes:
        worked_run: None where nobody asked for it; it decides nothing.
        feedback: how much of the hidden checks is in it; FULL for who grades.
        comments: written by people, and decide nothing either.
    """

    schema: int
    submission: str
    course: str
    course_version: str
    suite: Suite
    files: dict[str, str]
    isolation: Isolation
    earned: float
    possible: float
    bonus_earned: float
    exercises: tuple[ExerciseResult, ...]
    notes: tuple[str, ...] = ()
    worked_run: tuple[Panel, ...] | None = None
    feedback: Feedback = Feedback.FULL
    comments: tuple[Comment, ...] = ()
