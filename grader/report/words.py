"""The words of a report, so that the page and the terminal say the same."""

from collections.abc import Sequence
from textwrap import dedent

from grader.model import CheckResult, Comparison, Diagnosis, Feedback, Isolation, Status, Suite

STATUS = {
    Status.PASSED: "Passed",
    Status.FAILED: "Wrong answer",
    Status.ERROR: "Raised an error",
    Status.TIMEOUT: "Took too long",
    Status.MEMORY: "Too much memory",
    Status.CRASHED: "Crashed",
    Status.NOT_STARTED: "Not started",
    Status.VOID: "Not counted",
}

MARK = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.ERROR: "!",
    Status.TIMEOUT: "◷",
    Status.MEMORY: "■",
    Status.CRASHED: "▲",
    Status.NOT_STARTED: "○",
    Status.VOID: "◇",
}

# Said where a check that did not pass brought no message of its own.
SILENT = {
    Status.PASSED: "",
    Status.FAILED: "This does not hold for what your function answers.",
    Status.ERROR: "Your code raised an exception.",
    Status.TIMEOUT: "The call did not end within the limit of time.",
    Status.MEMORY: "The call needed more memory than a call may use.",
    Status.CRASHED: "The Python process that ran your code died during the call.",
    Status.NOT_STARTED: "The function is missing or still a stub.",
    Status.VOID: "The check could not run.",
}

VOID = (
    "This is a mistake in the grader, not in your code; it is not counted against you. "
    "The points stay in the total until your instructor settles them."
)

ISOLATION = {
    Isolation.ZYGOTE: "full: a sandbox with namespaces of its own for each submission",
    Isolation.BWRAP: "full: one sandbox for each submission",
    Isolation.LANDLOCK: "reduced: system calls and files were limited, without namespaces",
    Isolation.NONE: "none: the code ran in a plain process, so this result proves nothing",
}

FEEDBACK = {
    Feedback.FULL: "",
    Feedback.HINT: "Your course shows hints for these checks, and no expected values.",
    Feedback.SCORE: "Your course shows only points for these checks.",
}

SUITE = {
    Suite.PUBLIC: "the public checks; those that decide a grade did not run",
    Suite.HIDDEN: "the checks that decide the grade",
    Suite.ALL: "the public checks and those that decide the grade",
}


def amount(points: float) -> str:
    """Return 3 for 3.0 and 2.5 for 2.5."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def count(number: float, noun: str) -> str:
    """Return "1 point" or "2.5 points"."""
    return f"{amount(number)} {noun}{'' if number == 1 else 's'}"


def joined(names: tuple[str, ...]) -> str:
    """Return `f`, `g` and `h`."""
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def title(check: CheckResult) -> str:
    """Return the title of a check, made from its name where the author gave none."""
    return check.title or check.name.removeprefix("test_").replace("_", " ").capitalize()


def cause(diagnosis: Diagnosis) -> str:
    """Return the heading of a diagnosis."""
    if not diagnosis.mistakes:
        return "What the numbers say"
    return "The mistake behind it" if len(diagnosis.mistakes) == 1 else "Several mistakes at once"


def named(diagnosis: Diagnosis) -> str:
    """Return what is known of a mistake, with the evidence; empty where none is known."""
    names = [f"“{name.replace('_', ' ')}”" for name in diagnosis.mistakes]
    if not names:
        return ""
    if len(names) == 1:
        return f"Known mistake: {names[0]}. Your answers are the very ones that it gives."
    together = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Known mistakes: {together}. Your answers are the very ones that they give together."


def told(diagnosis: Diagnosis | None) -> list[str]:
    """Return a diagnosis in lines, for where there is no room for headings."""
    if diagnosis is None:
        return []
    tells = [f"{cause(diagnosis)}: {' '.join(diagnosis.tells)}"] if diagnosis.tells else []
    return [*tells, *([diagnosis.likeness] if diagnosis.likeness else [])]


def sentence(check: CheckResult) -> str:
    """Return the first line of what is said of a check."""
    return check.message.partition("\n")[0].strip() or SILENT[check.status]


def details(check: CheckResult) -> str:
    """Return the lines below the first, their layout kept but for an indent common to all."""
    return dedent(check.message.partition("\n")[2]).strip("\n")


def place(comparison: Comparison) -> str:
    """Name the worst element: "dW2[1, 2]", or "A1 where D1 is 1, at [0, 2]"."""
    index = _index(comparison.worst or 0, comparison.shape)
    if not index:
        return comparison.name
    text = "[" + ", ".join(map(str, index)) + "]"
    return comparison.name + (text if comparison.name.isidentifier() else f", at {text}")


def _index(flat: int, shape: Sequence[int]) -> list[int]:
    index: list[int] = []
    for length in reversed(shape):
        flat, at = divmod(flat, max(length, 1))
        index.insert(0, at)
    return index


def apart(a: float, b: float) -> tuple[str, str]:
    """Return both numbers to four digits, or to as many as tell them apart."""
    for digits in range(4, 18):
        first, second = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if first != second:
            break
    return first, second
