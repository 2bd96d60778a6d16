"""What examiners say of a submission, gathered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from grader.checks.messages import (
    Broken,
    Decided,
    Event,
    Opened,
    Ready,
    Struck,
    Undecided,
    Work,
)
from grader.errors import SandboxError
from grader.model import Isolation, Status, Suite

Key = tuple[str, Suite, str]


@dataclass
class Findings:
    """What examiners have said so far.

    Attributes:
        decided: by exercise, suite and name of the check.
        opened: which file was graded, by exercise.
        undecided: what a replay left to Hypothesis.
        struck: what ran into a limit, a death each.
    """

    isolation: Isolation | None = None
    decided: dict[Key, Decided] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take one event in; of a parametrized check the first failure stays."""
        match event:
            case Ready(isolation):
                self.isolation = isolation
            case Opened(exercise):
                self.opened.setdefault(exercise, event)
            case Decided(exercise, suite, check):
                before = self.decided.get((exercise, suite, check))
                if before is None or before.status is Status.PASSED:
                    self.decided[exercise, suite, check] = event
            case Undecided():
                self.undecided.append(event)
            case Struck():
                self.struck.append(event)
            case Broken(message):
                raise SandboxError(message)

    @property
    def open(self) -> set[Key]:
        """The checks of which something is left to Hypothesis."""
        return {(each.exercise, each.suite, each.check) for each in self.undecided}

    def left_of(self, work: tuple[Work, ...]) -> tuple[Work, ...]:
        """The checks of which nothing is known yet."""
        said = self.decided.keys() | self.open
        return narrowed(work, lambda key: key not in said)

    def then(self, *later: "Findings") -> "Findings":
        """These findings with what was found later about the open checks."""
        settled = {key: each for key, each in self.decided.items() if key not in self.open}
        both = Findings(self.isolation, settled, dict(self.opened))
        for each in later:
            both.isolation = each.isolation or both.isolation
            both.decided |= each.decided
            both.opened = each.opened | both.opened
        return both


def together(parts: Iterable[Findings]) -> Findings:
    """What was found of exercises that were examined apart."""
    whole = Findings()
    for part in parts:
        whole.isolation = part.isolation or whole.isolation
        whole.decided |= part.decided
        whole.opened |= part.opened
        whole.undecided += part.undecided
        whole.struck += part.struck
    return whole


def narrowed(work: tuple[Work, ...], wanted: Callable[[Key], bool]) -> tuple[Work, ...]:
    """The work that concerns the wanted checks."""
    left = (
        Work(
            each.exercise,
            each.functions,
            tuple(
                (suite, name) for suite, name in each.checks if wanted((each.exercise, suite, name))
            ),
        )
        for each in work
    )
    return tuple(each for each in left if each.checks)
