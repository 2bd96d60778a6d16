"""Mistakes are made as the whole file would have them, and only what they change is compiled."""

import pytest

from grader.diagnosis.suspects import Suspects
from tests.grader.diagnosis.conftest import Making

FUNCTIONS = (
    "def half(x):\n    return x / 2",
    "def quarter(x):\n    return half(half(x))",
    "def alone(x):\n    # a comment\n    return x + 1",
)
ROWS = (
    ("thirds", "half", "x / 2", "x / 3", "test_a"),
    ("once", "quarter", "half(half(x))", "half(x)", "test_b"),
    ("adds_two", "alone", "x + 1", "x + 2", "test_c"),
    ("adds_three", "alone", "x + 1", "x + 3", "test_c"),
    ("comments", "alone", "# a comment", "x = -x", "test_c"),
)


@pytest.fixture
def mini(suspects: Making) -> Suspects:
    return suspects(*FUNCTIONS, mistakes=ROWS)


def test_a_mistake_shows_in_whoever_calls_the_function(mini: Suspects) -> None:
    functions = mini.functions(mini.mistakes[:1])
    assert functions is not None
    assert (functions["half"](9), functions["quarter"](9), functions["alone"](1)) == (3, 1, 2)
    right = mini.functions(())
    assert right is not None
    assert (right["half"](8), right["quarter"](8)) == (4, 2)


def test_two_are_made_together_in_one_function_or_two(mini: Suspects) -> None:
    thirds, once, adds_two, adds_three, comments = mini.mistakes
    functions = mini.functions((thirds, once))
    assert functions is not None
    assert functions["quarter"](9) == 3
    functions = mini.functions((adds_two, comments))
    assert functions is not None
    assert functions["alone"](5) == -3
    assert mini.functions((adds_two, adds_three)) is None  # both change the same text


def test_only_what_is_called_can_be_guilty(mini: Suspects) -> None:
    def names(*functions: str) -> list[str]:
        return [each.name for each in mini.that_reach(functions)]

    assert names("quarter") == ["thirds", "once"]
    assert names("half") == ["thirds"]
    assert names("alone", "half") == ["thirds", "adds_two", "adds_three", "comments"]
    assert names("no_such") == []


def test_what_is_no_python_is_nobody(suspects: Making) -> None:
    rows = (
        ("broken", "half", "x / 2", "x /", "test_a"),
        ("raises", "half", "return x / 2", "return x / 2\\nraise ValueError", "test_a"),
    )
    mini = suspects(*FUNCTIONS, mistakes=rows)
    assert [mini.functions((each,)) for each in mini.mistakes] == [None, None]
    assert [each.name for each in mini.that_reach(["half"])] == ["raises"]


def test_a_file_of_mistakes_that_cannot_be_read_names_nobody(suspects: Making) -> None:
    assert suspects(*FUNCTIONS, mistakes=(("twice", "", "", "", ""),)).mistakes == ()
