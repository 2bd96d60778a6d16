"""A miniature course with mistakes, and submissions that are made of its text."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.calls import Answer, Call, Session
from grader.diagnosis.evidence import Seen
from grader.diagnosis.running import bounded, run
from grader.diagnosis.suspects import Suspects
from tests.grader.miniature import reference, write_course

MISTAKE = '[[mistake]]\nname = "{0}"\nfunction = "{1}"\nold = "{2}"\nnew = "{3}"\ntells = "{0}."\n'

Rows = Sequence[tuple[str, str, str, str, str]]


class Silent:
    """Answers nothing."""

    def call(self, _: Call) -> Answer:
        return Answer(None)


def write_mistakes(root: Path, exercise: str, rows: Rows) -> None:
    """Rows of name, function, old, new and the checks that fail, apart by spaces."""
    tables = (MISTAKE.format(*row) + f"fails = {row[4].split()}\n" for row in rows)
    (root / "reference/mistakes").mkdir(exist_ok=True)
    (root / f"reference/mistakes/{exercise}.toml").write_text("\n".join(tables))


Making = Callable[..., Suspects]


@pytest.fixture
def suspects(tmp_path: Path) -> Making:
    """Make the suspects of an exercise of these functions and mistakes."""

    def make(*functions: str, mistakes: Rows = ()) -> Suspects:
        root = write_course(tmp_path, {"mini": (reference(*functions), "")})
        write_mistakes(root, "mini", mistakes)
        return Suspects(root, "mini")

    return make


@pytest.fixture
def bound() -> Iterator[None]:
    """Calls can be made."""
    with bounded():
        yield


def calls(*wanted: tuple[str, tuple[Any, ...]]) -> list[Call]:
    """The calls of a check, ready to be made."""
    session = Session()
    session.begin_check("test_mini", Silent())
    for function, args in wanted:
        session.call(function, args, {})
    return [call for call, _ in session.trace]


def seen(source: str, made: Sequence[Call]) -> list[Seen]:
    """What a submission of this source answers."""
    functions: dict[str, Any] = {"np": np}
    exec(source, functions)  # ours
    given = [(call, run(functions, call)) for call in made]
    return [Seen(call, gave) for call, gave in given if gave is not None]
