"""Small pieces of sentences."""

from collections.abc import Iterable

from grader.model import Status

FEW = 4  # names that a sentence can hold


def ended(status: Status | None) -> str:
    """How a check ended, in a few words; a replay that is wrong can only be failed."""
    if status is Status.VOID:
        return "fails on the reference too"
    return str(status or Status.FAILED).replace("_", " ")


def listed(names: Iterable[str]) -> str:
    """Names as people write them, a few of them: "a, b and c"."""
    *head, last = _few(list(names)) or ["none"]
    return f"{', '.join(head)} and {last}" if head else last


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= FEW else [*names[: FEW - 1], f"{len(names) - FEW + 1} more"]
