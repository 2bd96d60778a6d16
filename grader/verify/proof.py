"""What a proof comes to: counts for each exercise, and a sentence for each shortcoming."""

from dataclasses import dataclass, field

from grader.model import Status

Lost = dict[str, Status | None]  # checks that a variant did not pass; None: failed in replay


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """One thing that falls short.

    Attributes:
        exercise: that it belongs to; empty for what concerns the whole course.
        kind: "files", "reference", "stub", "mistake", "check", "mutant", "equivalent",
            "alternative", "seed" or "count".
        sentence: names the file, what is wrong and the way out.
        old: the lines of a mutant that change, and
        new: what stands there instead; both empty where it is about no mutant.
    """

    exercise: str
    kind: str
    sentence: str
    old: str = ""
    new: str = ""


@dataclass(slots=True)
class Counts:
    """How much of an exercise was tried, and with what result."""

    checks: int = 0
    mistakes: int = 0
    caught: int = 0  # of the mistakes, by exactly the checks that they list
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survived: int = 0
    alternatives: int = 0
    inner_seeds: int = 0
    statistical: int = 0  # checks that judge random answers
    seeds: int = 0  # that each of them was tried with
    further_examples: int = 0  # the fewest that any equivalent was tried on


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole of it.

    Attributes:
        counts: by exercise, in the order of the syllabus.
    """

    course: str
    counts: dict[str, Counts]
    shortcomings: list[Shortcoming] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing falls short."""
        return not self.shortcomings
