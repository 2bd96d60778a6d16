"""What a way to grade is, for the script that runs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Way:
    """One row of the table: a tool, a submission, and what is there already when it starts.

    Attributes:
        name: as `--only` takes it, with what tells it from others of the same tool.
        folder: where it runs.
        command: what is measured.
        restore: puts the folder back to how a run finds it; not measured.
        passed: how many checks passed, from the output; None if that cannot be told.
        unequal: what is not equal work, in a sentence.
        base: name of the way that ratios are taken of.
        submissions: how many it grades.
    """

    name: str
    folder: Path
    command: Sequence[str]
    environment: Mapping[str, str]
    restore: Callable[[], None]
    passed: Callable[[str], int | None]
    unequal: str
    base: str = "pytest + Hypothesis"
    submissions: int = 1
