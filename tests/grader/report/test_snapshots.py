"""The words and the pages that students get, frozen: the files in snapshots/, to the letter.

After a change that is meant, write them anew, and read the difference before it is committed:

    GRADER_SNAPSHOTS=write pytest tests/grader/report/test_snapshots.py
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.outcome import FLAKY, raised_message
from grader.checks.wire import limit_reached
from grader.kit import Mismatch, expect, gradient, statistics
from grader.kit.verdicts import Raised
from grader.model import (
    Comparing,
    Comparison,
    Diagnosis,
    Feedback,
    Isolation,
    Limits,
    Report,
    Status,
)
from grader.report import words
from grader.report.html import to_html
from grader.report.policy import seen
from tests.grader.miniature import reference, report, write_course
from tests.grader.report.conftest import make_check, make_exercise, make_report
from tests.grader.report.test_terminal import shown

FOLDER = Path(__file__).parent / "snapshots"
RENEWS = os.environ.get("GRADER_SNAPSHOTS") == "write"

SCALED = "def scaled(Z):\n    return 2 * Z\n"
SLOPE = "def slope(Z):\n    return 4 * Z\n"
KEPT = "def kept(Z):\n    return Z > 0\n"
CHECKS = '''
Z = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


@pytest.mark.points(2)
def test_everything_is_doubled(submission):
    """Everything is doubled.

    Multiply by `2`, element by element.
    """
    expect.close(submission.scaled(Z), 2 * Z, "scaled")


def test_the_input_stays(submission):
    """The input stays as it was."""
    submission.scaled(Z)
    expect.unchanged(submission)


def test_the_slope_is_the_gradient(submission):
    """The slope is the gradient of the sum of squares, doubled."""
    cost = lambda at: 2 * float(np.sum(at**2))
    parts = {"dZ": Z, "dz": Z[0]}
    gradient.check_each((submission.slope(at), cost, at, name) for name, at in parts.items())


@pytest.mark.bonus
def test_what_is_positive_is_kept(submission):
    """What is positive is kept."""
    with figures.shown(lambda: figures.mask(Z > 0, "D")):
        expect.close(submission.kept(Z).sum(), 4, "number of kept ones")
'''
HEAD = "import numpy as np\n\n\n"
SUBMISSIONS = {
    "right": {"scaling.py": f"{HEAD}{SCALED}\n\n{SLOPE}\n\n{KEPT}"},
    "wrong": {
        "scaling.py": f"{HEAD}def scaled(Z):\n    Z *= 2.5\n    return Z\n\n\n"
        "def slope(Z):\n    return 2 * Z\n\n\ndef kept(Z):\n    return Z >= 1\n"
    },
    "raises": {
        "scaling.py": f"{HEAD}def scaled(Z):\n    factor = 2\n    names = {{}}\n"
        "    return names['factor'] * Z\n\n\ndef slope(Z):\n    return None\n"
    },
    "untouched": {"scaling.py": f"{HEAD}def scaled(Z):\n    raise NotImplementedError\n"},
    "broken": {"scaling.py": "def scaled(Z):\n    return 2 *\n"},
}


def compare(name: str, text: str) -> None:
    path = FOLDER / name
    if RENEWS:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), f"{name} is missing: see the docstring of this file"
    assert text == path.read_text("utf-8")


def mismatch(check: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    with pytest.raises(Mismatch) as caught:
        check(*arguments, **named)
    return str(caught.value)


def square(at: Any) -> float:
    return float(np.sum(at**2))


def wrong_answers() -> Iterator[tuple[str, str]]:
    """What is said of an answer, kind by kind."""
    shape, Z = (2, 3), np.arange(6.0).reshape(2, 3)
    yield "nothing came", mismatch(expect.array, None, shape, "A")
    yield "a list came", mismatch(expect.array, [1.0], shape, "A")
    yield "text came", mismatch(expect.array, np.array(["a"]), (1,), "A")
    yield "another shape", mismatch(expect.array, Z.T, shape, "A")
    yield "no number at all", mismatch(expect.number, "x", "the cost")
    yield "not finite", mismatch(expect.array, np.where(Z == 4, np.nan, Z), shape, "A")
    yield "one element", mismatch(expect.close, Z + (Z == 4), Z, "A")
    yield "a phrase", mismatch(expect.close, Z + (Z == 4), Z, "A where D is 1")
    yield "a number", mismatch(expect.close, 2.0, 1.0, "the cost")
    yield "a small difference", mismatch(expect.close, 1.00001, 1.0, "the cost")
    yield "a mask", mismatch(expect.mask, Z, shape, "D1")
    yield "no dictionary", mismatch(expect.mapping, Z, ["W1"], "parameters")
    yield "an entry is missing", mismatch(expect.mapping, {}, ["W1", "b1"], "parameters")
    yield "no tuple", mismatch(expect.sequence, Z, 2, "the answer (A3, cache)")
    yield "too few values", mismatch(expect.sequence, (1,), 2, "the answer (A3, cache)")
    yield "a law", mismatch(expect.holds, False, "D1 and D2 are the same mask.")
    yield "a gradient", mismatch(gradient.check, 4 * Z, square, Z, "dW1")
    yield "a share", mismatch(statistics.proportion, 900, 4000, 0.5, "units kept in D1")
    sample = np.linspace(-1, 1, 4000)
    yield "a mean", mismatch(statistics.mean, sample + 9, 0.0, 1.0, "W1")
    yield "a variance", mismatch(statistics.variance, sample * 9, 1.0, "W1")


def other_endings() -> Iterator[tuple[str, str]]:
    """What is said where there is no answer to look at."""
    code = "def relu(Z):\n    A = Z.T\n    return A @ Z"
    raised = Raised("ValueError", "no such axis", "relu.py", 12, code, 2)
    yield "an exception", raised_message("relu", raised)
    yield "an exception from elsewhere", raised_message("relu", Raised("KeyError", "'W1'"))
    for status in (Status.TIMEOUT, Status.MEMORY, Status.CRASHED):
        yield str(status), limit_reached("relu", status, Limits()).message
    yield "another answer", FLAKY
    for silent, sentence in words.SILENT.items():
        yield f"{silent}, no more said", sentence
    yield "void", words.VOID
    for feedback, sentence in words.FEEDBACK.items():
        yield f"feedback {feedback}", sentence


def diagnoses() -> Iterator[tuple[str, str]]:
    """What is said of a cause, and what is left of it in a hint."""
    likeness = "Every element of dW is 2 times the expected one."
    for names in ((), ("forgets_m",), ("forgets_m", "adds_twice")):
        known = Diagnosis(names, tuple(f"About {name}." for name in names), likeness, True)
        yield f"{len(names)} mistakes", "\n".join([*words.told(known), words.named(known)])
    for name, shape in (("dW", (2, 2)), ("cost", ()), ("a phrase", (2,))):
        numbers = Comparison(Comparing.ENTRIES, name, shape, (1.0,) * 4, (2.0,) * 4, 1, 0.5)
        failed = make_check("A", status=Status.FAILED, message="Told.", comparisons=(numbers,))
        hint = seen(make_report(make_exercise("e", "E", failed)), Feedback.HINT)
        yield f"a hint on {name}", words.sentence(hint.exercises[0].checks[0])


def test_every_kind_of_message() -> None:
    told = [*wrong_answers(), *other_endings(), *diagnoses()]
    compare("messages.txt", "\n".join(f"-- {kind}\n{text}\n" for kind, text in told))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The submissions, graded for real; without what differs between machines."""
    head = "from grader.kit import figures, gradient\n"
    exercises = {"scaling": (reference(SCALED, SLOPE, KEPT), head + CHECKS)}
    root = write_course(tmp_path_factory.mktemp("snapshots") / "course", exercises)
    return {
        name: replace(report(root, files), course_version="0123", isolation=Isolation.ZYGOTE)
        for name, files in SUBMISSIONS.items()
    }


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_submissions(graded: dict[str, Report], name: str) -> None:
    views = (Feedback.FULL, Feedback.HINT, Feedback.SCORE) if name == "wrong" else (Feedback.FULL,)
    for feedback in views:
        made = seen(graded[name], feedback)
        called = name if feedback is Feedback.FULL else f"{name}-{feedback}"
        style = re.compile("<style>.*?</style>", re.DOTALL)
        compare(f"{called}.html", style.sub("<style></style>", to_html(made)))
        lines = shown(made).splitlines()
        compare(f"{called}.txt", "\n".join(map(str.rstrip, lines)) + "\n")
