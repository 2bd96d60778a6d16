"""The submission that a check sees: every name is a call, and nothing else is there."""

from typing import Any

import pytest

from grader.kit import Submission, callback, generator
from grader.kit.submission import Own


class Recorder:
    """Remembers calls and answers with their number."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def call(self, *call: Any) -> tuple[Any, tuple[int | str, ...]]:
        self.calls.append(call)
        return len(self.calls), (len(self.calls) - 1,)


def test_a_name_becomes_a_call() -> None:
    recorder = Recorder()
    assert Submission(recorder).relu(1.5, [2], keep_prob=0.5) == 1
    assert recorder.calls == [("relu", (1.5, [2]), {"keep_prob": 0.5})]


def test_the_changed_arguments_are_those_of_the_last_call() -> None:
    submission = Submission(Recorder())
    assert submission.changed == ()
    submission.f(1)
    assert submission.changed == (0,)
    submission.g(1, 2)
    assert submission.changed == (1,)


@pytest.mark.parametrize("name", ["relu", "hypothesis_of_mine", "call", "f1"])
def test_any_public_name_can_be_called(name: str) -> None:
    recorder = Recorder()
    getattr(Submission(recorder), name)()
    assert recorder.calls[0][0] == name


# Hypothesis asks its first argument for the second group, copy and pickle for the first.
@pytest.mark.parametrize(
    "name",
    ["__wrapped__", "__deepcopy__", "_hidden", "hypothesis", "setup_example", "execute_example"],
)
def test_names_that_libraries_ask_for_are_no_functions(name: str) -> None:
    recorder = Recorder()
    assert not hasattr(Submission(recorder), name)
    assert recorder.calls == []


def test_it_is_shown_by_one_word() -> None:
    assert repr(Submission(Recorder())) == "submission"
    assert Submission(Recorder()).relu.__name__ == "relu"


def test_what_travels_in_place_of_callables() -> None:
    passed = callback(abs, takes=[(), (2, 1)])
    assert passed.function is abs
    assert passed.takes == ((), (2, 1))
    assert generator(7).seed == 7
    assert Submission(Recorder()).own("relu") == Own("relu")
