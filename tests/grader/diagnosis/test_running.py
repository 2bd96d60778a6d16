"""Calls in a trusted process are made as in a worker, and come to an end."""

import random
import signal
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from grader.diagnosis import running
from grader.diagnosis.evidence import answer_in
from grader.diagnosis.running import bounded, run
from grader.kit.submission import callback, generator
from tests.grader.diagnosis.conftest import calls

pytestmark = pytest.mark.usefixtures("bound")


def gave(function: Any, *args: Any) -> Any:
    found = run({"f": function}, calls(("f", args))[0])
    return found and (found.raised or answer_in(found))


def test_a_function_gets_what_the_check_sent_and_changes_are_seen() -> None:
    def f(A: Any, k: Any) -> Any:
        A += k
        return A

    value, changed = gave(f, np.ones(2), 2)
    assert (value.tolist(), changed) == ([3, 3], {0})


def test_callbacks_and_generators_are_what_they_stand_for() -> None:
    assert gave(lambda f: f(3.0), callback(lambda t: t * t, takes=[()]))[0] == 9
    drawn = np.random.default_rng(5).random(2)
    assert gave(lambda rng: rng.random(2), generator(5))[0].tolist() == drawn.tolist()
    wrong = gave(lambda f: f("text"), callback(lambda t: t, takes=[()]))
    assert wrong == ("RuntimeError", "the function that was passed in failed")


def test_exceptions_are_told_by_class_and_message() -> None:
    assert gave(lambda: {}["dW1"]) == ("KeyError", "'dW1'")
    assert gave(lambda: exit(3)) == ("SystemExit", "3")


def test_what_is_unseeded_follows_the_seed_and_nothing_is_left_behind() -> None:
    def f() -> Any:
        return np.random.default_rng().random(), np.random.rand(), random.random()

    assert gave(f) == gave(f)
    with bounded():
        pass
    assert np.random.default_rng().random() != np.random.default_rng().random()


def test_what_comes_to_no_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SECONDS", 0.05)

    def f() -> Any:
        while True:
            with suppress(Exception):
                sum(range(100))

    assert gave(f) is None
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert gave(lambda: 1) == (1, frozenset())


def test_what_is_no_answer_is_none() -> None:
    assert gave(lambda: {1, 2}) is None
    assert gave(lambda: np.ones(2**45)) is None
    assert gave(lambda: (_ for _ in ()).throw(NotImplementedError)) is None
    assert run({}, calls(("f", ()))[0]) is None


def test_the_handler_of_before_is_restored() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with bounded():
        assert signal.getsignal(signal.SIGPROF) is not before
    assert signal.getsignal(signal.SIGPROF) is before
