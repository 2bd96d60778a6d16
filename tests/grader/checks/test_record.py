"""What a bank holds, and that checks which do more than a replay can still give right results."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.checks.bank import Bank, CheckBank, is_live, load_bank
from grader.checks.calls import arguments_of
from grader.checks.choices import Choices
from grader.checks.keys import bank_key
from grader.checks.record import Recorder, _Example
from grader.model import Suite
from tests.grader.miniature import reference, report, results, statuses, write_course

LAWS = """
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st


class Pair(NamedTuple):
    a: float
    b: float


class Scale:
    def __init__(self, factor):
        self.factor = factor


@st.composite
def pairs(draw):
    return Pair(draw(st.integers(0, 3)) * 1.0, draw(st.integers(0, 3)) * 1.0)


SCALES = st.integers(1, 3).map(Scale) | st.just(7).map(Scale)
ODD = st.integers(0, 9).map(lambda n: 2 * n + 1).filter(lambda n: n > 3)
"""

REFERENCE = reference(
    "def double(x):\n    return 2 * x",
    "def add(a, b):\n    return a + b",
    "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x ** 0.5",
    "def positive(x):\n    return abs(x) + 1",
    "def nothing(x):\n    return x",
    "def five(x):\n    return 6",
    "def mask(x):\n    return x > np.random.rand(*x.shape)",
    "def apply(f, x):\n    return 2 * f(x)",
    "def nonzero(x):\n    return 1.0",
)

CHECKS = '''
from typing import NamedTuple

from hypothesis import event, note, target

from grader.kit.verdicts import StudentError
from tests.hidden.laws import ODD, SCALES, Pair, pairs

EVEN = st.integers(0, 3).map(lambda n: 2 * n) | st.sampled_from([10, 20])


class Point(NamedTuple):
    x: float


@st.composite
def points(draw, low):
    return Point(draw(st.integers(low, 3)) / 2)


@pytest.fixture
def network():
    return np.ones(3)


@pytest.fixture
def doubling(submission):
    return lambda x: submission.double(x)


@given(st.data())
def test_interactive(submission, data):
    """Draws while it runs."""
    x = data.draw(st.integers(0, 9))
    expect.close(submission.double(x), 2 * x + 0 * data.draw(st.integers(x, 20)), "y")


@given(st.integers(0, 9))
def test_approx(submission, x):
    """Uses pytest.approx."""
    assert submission.double(x) == pytest.approx(2 * x)


def test_not_approx(submission):
    """Passes for an object that equals nothing."""
    assert submission.nonzero(1) != pytest.approx(0)


def test_raises(submission):
    """Uses pytest.raises."""
    with pytest.raises(StudentError):
        submission.root(-1.0)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_parametrized(submission, n):
    """Three items."""
    expect.close(submission.double(n), 2 * n, "y")


@pytest.mark.parametrize("n", [1, 2])
@settings(max_examples=5)
@given(x=st.integers(0, 9))
def test_parametrized_and_drawn(submission, n, x):
    """Both at once."""
    expect.close(submission.add(n, x), n + x, "y")


@pytest.mark.parametrize("values", [np.arange(3.0)])
def test_changes_its_parameter(submission, values):
    """A check may change what it was given."""
    expected = 2 * values
    y = submission.double(values)
    values += 100
    expect.close(y, expected, "y")


@given(some.matrices())
def test_changes_what_it_drew(submission, A):
    """The same with a drawn array."""
    y = submission.double(A)
    A += 100
    expect.close(y, 2 * (A - 100), "y")


def test_fixture(submission, network):
    """A fixture of the file."""
    expect.close(submission.double(network), 2 * network, "y")


@given(x=st.integers(0, 9))
def test_closure(submission, doubling, x):
    """A fixture that no bank can keep; double is what it calls: submission.double."""
    submission.add(1, 1)
    expect.close(doubling(x), 2 * x, "y")


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_assume(submission, a, b):
    """Rejects examples."""
    assume(a < b)
    expect.close(submission.add(a, b), a + b, "y")


@given(st.integers(-5, 5))
def test_assume_of_answers(submission, x):
    """Rejects examples by what is answered."""
    y = submission.positive(x)
    assume(y > 0)
    expect.close(y, abs(x) + 1, "y")


@given(st.integers(0, 5))
def test_notes(submission, x):
    """Tells Hypothesis things."""
    note("a note")
    event("an event")
    target(float(x))
    print("x" * 5000)
    expect.close(submission.double(x), 2 * x, "y")


@given(points(1), pairs(), SCALES, ODD, EVEN)
def test_classes(submission, point, pair, scale, odd, even):
    """Classes of this file and of one beside it; strategies made of others."""
    assert isinstance(point, Point) and isinstance(pair, Pair) and odd % 2 and not even % 2
    expect.close(submission.add(point.x, pair.a), point.x + pair.a, "y")
    expect.close(submission.double(pair.b * scale.factor), 2 * pair.b * scale.factor, "y")


def test_fails_in_a_branch(submission):
    """The reference never comes there."""
    if submission.nothing(1) is None:
        pytest.fail("nothing")


def test_skips_in_a_branch(submission):
    """The reference never comes there either."""
    if submission.five(1) == 5:
        pytest.skip("five")


@given(st.integers(1, 9))
def test_depends(submission, x):
    """The second call is made with the first answer, the third is not."""
    y = submission.double(x * 0.1)
    z = submission.double(y)
    expect.close(z, 0.4 * x, "z")
    expect.close(submission.add(x, 1), x + 1, "y")


@given(some.matrices())
def test_mask(submission, A):
    """The second call depends on an answer of booleans, which cannot be nudged."""
    kept = submission.mask(A)
    expect.close(submission.add(kept * 1.0, A), kept + A, "y")


@given(st.integers(1, 9))
def test_callback(submission, x):
    """A function of ours."""
    expect.close(submission.apply(callback(lambda t: t + 1, takes=[()]), float(x)), 2 * x + 2, "y")


@given(st.integers(1, 9))
def test_own(submission, x):
    """A function of theirs."""
    expect.close(submission.apply(submission.own("double"), x), 4 * x, "y")
'''

LIVE = {"interactive", "approx", "not_approx", "raises", "closure"}

RIGHT = """
import numpy as np

def double(x): return x + x
def add(a, b): return b + a
def root(x):
    assert x >= 0
    return np.sqrt(x)
def positive(x): return 1 + abs(x)
def nothing(x): return x
def five(x): return 6.0
def mask(x): return x > np.random.rand(*x.shape)
def apply(f, x): return f(x) + f(x)
def nonzero(x): return 2.0
"""

WRONG = """
def double(x): return 2 * x if np.size(x) == 1 and np.max(x) < 2 or np.max(x) > 50 else 3 * x
def add(a, b): return a + b + 1
def root(x): return 0.0
def positive(x): return -1
def nothing(x): return None
def five(x): return 5
def apply(f, x): return f(x)
def nonzero(x): return 0.0
import numpy as np
"""


def record(root: Path, exercise: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-P", "-m", "grader.checks.record", str(root), exercise, "hidden"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("odd")
    return write_course(root, {"odd": (REFERENCE, CHECKS)}, beside=LAWS)


@pytest.fixture(scope="module")
def bank(course: Path, cache: None) -> Bank:
    record(course, "odd")
    made = load_bank(bank_key(course, "odd", Suite.HIDDEN))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def of(bank: Bank, name: str) -> CheckBank:
    return next(check for check in bank.checks if check.check == "test_" + name)


def beforehand(check: CheckBank) -> list[set[bool]]:
    """Whether calls are known beforehand, by their place in an example."""
    places = max(map(len, check.calls))
    return [{calls[n].beforehand for calls in check.calls if n < len(calls)} for n in range(places)]


def test_what_a_replay_cannot_do_is_left_to_hypothesis(bank: Bank) -> None:
    names = {check.check.removeprefix("test_") for check in bank.checks}
    assert {name for name in names if is_live(bank, "test_" + name)} == LIVE
    assert len(names) == CHECKS.count("def test_")
    assert not is_live(None, "test_approx")


def test_calls_that_depend_on_answers_are_told_from_those_that_do_not(bank: Bank) -> None:
    assert beforehand(of(bank, "depends")) == [{True}, {False}, {True}]
    assert beforehand(of(bank, "callback")) == [{False}]
    assert beforehand(of(bank, "own")) == [{True}]
    assert beforehand(of(bank, "parametrized")) == [{True}]


def test_examples_are_kept_as_they_were_drawn(bank: Bank) -> None:
    values = pickle.loads(of(bank, "changes_its_parameter").values)[0]
    assert np.array_equal(values["values"], np.arange(3.0))
    drawn = of(bank, "changes_what_it_drew")
    for values, calls in zip(pickle.loads(drawn.values), drawn.calls, strict=True):
        assert list(values) == ["A"]
        (sent,), _ = arguments_of(calls[0])  # type: ignore[arg-type]
        assert np.array_equal(sent, values["A"])


def test_examples_are_marked_that_the_check_rejects(bank: Bank) -> None:
    assume = of(bank, "assume")
    values = pickle.loads(assume.values)
    assert assume.rejected == tuple(n for n, v in enumerate(values) if v["a"] >= v["b"])
    assert 0 < len(assume.rejected) < len(values) - 50
    assert of(bank, "assume_of_answers").rejected == ()


def test_simple_examples_are_kept_from_the_simplest_on(bank: Bank) -> None:
    check = of(bank, "changes_what_it_drew")
    sizes = [values["A"].size for values in pickle.loads(check.values)]
    simple = [values["A"] for values in pickle.loads(check.simple)]
    assert 20 < len(simple) <= len(sizes) / 2
    assert np.mean([A.size for A in simple]) < np.mean(sizes)
    assert sorted(check.order) == list(range(len(sizes) + len(simple)))
    by_simplicity = [(sizes + [A.size for A in simple])[n] for n in check.order]
    assert max(by_simplicity[:5]) <= 2
    assert by_simplicity[-1] > 4
    assert all(np.abs(A).max() < 50 for A in simple)  # as drawn, not as the check left them
    assert (of(bank, "parametrized").simple, of(bank, "parametrized").order) == (
        pickle.dumps([], protocol=5), ()
    )  # fmt: skip


def test_simple_examples_that_the_check_rejects_are_left_out(bank: Bank) -> None:
    assume = of(bank, "assume")
    both = pickle.loads(assume.values) + pickle.loads(assume.simple)
    assert len(pickle.loads(assume.simple)) > 5
    assert not set(assume.order) & set(assume.rejected)
    assert all(both[n]["a"] < both[n]["b"] for n in assume.order)


def test_simple_examples_that_fail_on_the_reference_are_left_out() -> None:
    def example(number: int, *, passed: bool) -> _Example:
        return _Example({"x": number}, [], Choices(number, (number,), (number,)), passed)

    examples = [example(5, passed=True), example(1, passed=False)]
    simple = [example(2, passed=False), example(3, passed=True), example(0, passed=True)]
    made = Recorder()._recorded(CheckBank("test_x", "test_x"), examples, simple)
    assert made.rejected == (1,)
    assert pickle.loads(made.simple) == [{"x": 3}, {"x": 0}]
    assert made.order == (3, 2, 0)


def test_items_of_a_parametrized_check_are_kept_apart(bank: Bank) -> None:
    items = [check.item for check in bank.checks if check.check == "test_parametrized"]
    assert items == [f"test_parametrized[{n}]" for n in (1, 2, 3)]


def test_right_and_wrong_answers_have_right_results_whatever_a_check_uses(
    bank: Bank, course: Path
) -> None:
    right, wrong = {"odd.py": RIGHT}, {"odd.py": WRONG}
    made = report(course, right)
    assert set(statuses(made).values()) == {"passed"}, statuses(made)
    assert report(course, right, live=True) == made

    made = report(course, wrong)
    expected = dict.fromkeys(results(made), "failed") | {"mask": "not_started"}
    assert statuses(made) == expected
    live = report(course, wrong, live=True)
    again = report(course, wrong)
    assert live == made == again


def test_a_check_that_the_reference_fails_has_no_bank_and_is_void(
    tmp_path: Path, cache: None
) -> None:
    checks = '''
@pytest.fixture
def answer(submission):
    return submission.double(1)


def test_wrong(submission):
    """Asks for too much."""
    expect.close(submission.double(1), 3, "y")


def test_fixture_that_calls(submission, answer):
    """A fixture may not call, or the reference's answer would be kept for everyone."""
    submission.double(2)
    expect.close(answer, 2, "y")


def test_callback_that_calls(submission):
    """Nor may a callback: the worker is busy."""
    f = callback(lambda x: float(submission.double(x)), takes=[()])
    expect.close(submission.apply(f, 1.0), 4, "y")
'''
    functions = "def double(x):\n    return 2 * x", "def apply(f, x):\n    return 2 * f(x)"
    root = write_course(tmp_path, {"odd": (reference(*functions), checks)})
    for live in (False, True):
        made = report(root, {"odd.py": RIGHT}, live=live)
        assert set(statuses(made).values()) == {"void"}
