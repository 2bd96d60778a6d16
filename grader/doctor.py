"""What `grader doctor` says of this machine, as rows of text."""

from collections.abc import Iterable
from typing import Protocol

from .model import Isolation


class Found(Protocol):
    """What was found of one way of isolation; `grader.sandbox.probe` gives four."""

    @property
    def isolation(self) -> Isolation:
        """The way."""

    @property
    def reached(self) -> bool:
        """Whether it works here."""

    @property
    def sentence(self) -> str:
        """What it is, or why it does not work."""

    @property
    def remedy(self) -> str:
        """What to do; empty where it works."""


Row = tuple[str, str, str]


def rows(probes: Iterable[Found]) -> list[Row]:
    """Return a row for each way: its name, "works" or "does not work", and what was found."""
    return [
        (str(found.isolation), "works" if found.reached else "does not work", found.sentence)
        for found in probes
    ]


def verdict(probes: Iterable[Found]) -> str:
    """Say in a sentence or two what grading here is worth, and how to make it better."""
    ordered = list(probes)
    best = next((found for found in ordered if found.reached), None)
    remedy = "" if best is ordered[0] else _first_remedy(ordered)
    if best is None:
        return f"No student code can be run here. {remedy}".strip()
    if best.isolation is Isolation.NONE:
        return f"Nothing keeps student code apart here: only your own can be run. {remedy}".strip()
    return f"Student code is kept apart by {best.isolation}. {remedy}".strip()


def _first_remedy(probes: Iterable[Found]) -> str:
    return next((found.remedy for found in probes if found.remedy), "")
