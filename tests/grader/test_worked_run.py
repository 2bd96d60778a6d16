"""Worked runs: a submission at work, drawn for its author to look at; they decide nothing."""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from grader.checks import working
from grader.checks.drawing import draw
from grader.checks.messages import Event, Job, Noticed, Trained, decode_event, encode
from grader.checks.run import setup_of
from grader.course import open_course
from grader.handout import write_kit
from grader.kit.pictures import CELLS, Learned, grid
from grader.kit.verdicts import Mismatch
from grader.model import Isolation, Panel, Training
from grader.submission import read_submission
from tests.grader.conftest import RIGHT, ROOT, Command, write
from tests.grader.miniature import reference, submitted, write_course

BEGIN = "def begin(n):\n    return np.random.randn(n)"
STEP = "def step(w, rate):\n    return w - rate * w"
COST = "def cost(w):\n    return float(np.sum(w ** 2))"
GIVEN = {
    "start.py": f"import numpy as np\n{BEGIN}\n",
    "go.py": f"{STEP}\nimport numpy as np\n{COST}",
}

HEAD = """
import os
import numpy as np
from grader.kit import expect
from grader.kit.pictures import CELLS, Comparison, Learned, grid

POINTS, CLASSES = np.array([[0.0, 1.0, 2.0], [5.0, 6.0, 7.0]]), np.array([[0.0, 1.0, 1.0]])

"""
PLAN = (
    HEAD
    + '''
__all__ = ["rates"]


def rates(submission):
    """Two rates

    The larger one is faster.

    `step` is yours.
    """
    def learn(rate):
        w = expect.array(submission.begin(3), (3,), "w")
        costs = [expect.number(submission.cost(w), "the cost")]
        for _ in range(4):
            w = expect.array(submission.step(w, rate), (3,), "the new w")
            costs.append(expect.number(submission.cost(w), "the cost"))
        return Learned(4, costs, (grid(POINTS)[0] > 1.0).astype(float), f"With {rate}.")

    def look():
        return Learned(0, [1.0], np.zeros(CELLS * CELLS), f"{submission.begin(1).shape}")

    return Comparison(POINTS, CLASSES, {
        "fast": lambda: learn(0.5),
        "slow": lambda: learn(0.1),
        "no step": look,
    })
'''
)


def planned(course: Path, plan: str = PLAN) -> Path:
    """The course with this plan of a worked run."""
    write(course / "tests/public", {"worked_run.py": plan})
    return course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    exercises = {"start": (reference(BEGIN), ""), "go": (reference(STEP, COST), "")}
    root = write_course(tmp_path / "course", exercises, settings="cpu_seconds = 0.5\n")
    for name, (function, arguments) in {"start": ("begin", "1"), "go": ("step", "1, 1")}.items():
        check = f'def test_it(submission):\n    """It."""\n    submission.{function}({arguments})\n'
        (root / f"tests/hidden/test_{name}.py").write_text(check)
    return planned(root)


def drawn(
    root: Path, files: dict[str, str], events: list[Event] | None = None
) -> tuple[Panel, ...]:
    noted: list[Event] = [] if events is None else events
    return draw(open_course(root), submitted(files), lowest=Isolation.NONE, on_event=noted.append)


def trainings(root: Path, files: dict[str, str]) -> dict[str, Training]:
    (panel,) = drawn(root, files)
    return {each.label: each for each in panel.trainings}


def notices(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Noticed)]


# a worked run


def test_what_it_shows(course: Path) -> None:
    events: list[Event] = []
    (panel,) = drawn(course, GIVEN, events)
    assert panel.title == "Two rates"
    assert panel.text == "The larger one is faster.\n\n`step` is yours."
    assert panel.plane is not None
    assert (panel.plane.x, panel.plane.y) == ((-0.16, 2.16), (4.84, 7.16))
    assert panel.plane.points == ((0.0, 5.0, 0), (1.0, 6.0, 1), (2.0, 7.0, 1))
    fast, slow, look = panel.trainings
    assert (fast.label, fast.steps, fast.sentence) == ("fast", 4, "With 0.5.")
    assert [b / a for a, b in pairwise(fast.costs)] == pytest.approx([0.25] * 4, rel=1e-3)
    assert slow.costs[-1] > fast.costs[-1]
    assert fast.rows == ("0" * (CELLS // 2) + "1" * (CELLS // 2),) * CELLS
    assert look.sentence == "(1,)"
    assert notices(events) == []


def test_trainings_of_a_panel_begin_alike_and_again_alike(course: Path) -> None:
    first = drawn(course, GIVEN)
    assert first[0].trainings[0].costs[0] == first[0].trainings[1].costs[0]
    assert drawn(course, GIVEN) == first


def test_each_training_has_freshly_loaded_functions(course: Path) -> None:
    counting = (
        "calls = []\ndef step(w, rate):\n    calls.append(1)\n    return w - len(calls) * w / 8\n"
    )
    found = trainings(course, GIVEN | {"go.py": f"{counting}\nimport numpy as np\n{COST}"})
    assert found["fast"].costs == found["slow"].costs


def test_cells_go_row_by_row_from_above() -> None:
    at = grid(np.array([[0.0, 1.0], [0.0, 1.0]]))
    assert at.shape == (2, CELLS * CELLS)
    assert at[0, 0] == at[0].min()
    assert at[1, 0] == at[1].max()
    assert at[0, 1] > at[0, 0]
    assert at[1, 1] == at[1, 0]


# wrong functions

WRONG = {
    "": "No file defines a function step.",
    "def step(w, rate):\n    raise NotImplementedError": "step is not written yet.",
    "def step(w, rate):\n    raise KeyError(rate)": "step raised KeyError on line 2 of go.py: 0.5",
    "def step(w, rate):\n    return w[:2]": (
        "step: the new w must have shape (3,), but it has shape (2,)."
    ),
    "def step(w, rate):\n    return w / 0 * 0": (
        "step: the new w, at [0] is nan, not a finite number."
    ),
    "def step(w, rate):\n    return None": (
        "step: the new w must be an array of shape (3,), but it is None (is a return missing?)."
    ),
    "def step(w, rate):\n    return print": "step: ",
    "def step(w, rate):\n    while True: pass": "step takes longer than 0.5 s of CPU",
    "def step(w, rate):\n    import os; os._exit(0)": "step ends the Python process instead of",
    "def step(w, rate):\n    return np.ones((100000, 100000))": "step needs more than 1536 MiB",
}


@pytest.mark.parametrize(("source", "sentence"), WRONG.items(), ids=list(WRONG.values()))
def test_a_wrong_function_costs_only_its_own_trainings(
    course: Path, source: str, sentence: str
) -> None:
    go = f"import numpy as np\n{COST}\nimport warnings\nwarnings.simplefilter('ignore')\n"
    events: list[Event] = []
    (panel,) = drawn(course, {"start.py": GIVEN["start.py"], "go.py": f"{source}\n{go}"}, events)
    fast, slow, look = panel.trainings
    assert fast.sentence.startswith(sentence)
    assert (fast.costs, fast.rows, slow.costs) == ((), (), ())
    assert look.sentence == "(1,)"
    assert notices(events) == []


def test_costs_are_numbers_that_can_be_sent() -> None:
    largest = sys.float_info.max  # and with four digits infinity
    classes = np.zeros(CELLS * CELLS)
    made = working._learned("", Learned(1, [largest, 0.12345], classes))
    assert made.costs == (largest, 0.1235)
    assert decode_event(encode(Trained(made))) == Trained(made)
    for cost in (np.nan, np.inf, None):
        with pytest.raises(Mismatch, match="the cost"):
            working._learned("", Learned(1, [cost], classes))


def test_an_answer_that_a_plan_does_not_look_at_is_no_mistake_of_ours(course: Path) -> None:
    events: list[Event] = []
    files = GIVEN | {"start.py": "def begin(n):\n    return None if n == 1 else [0.0] * n\n"}
    (panel,) = drawn(course, files, events)
    assert panel.trainings[2].sentence == "begin returned something that this training cannot use."
    assert panel.trainings[0].sentence.startswith("begin: w must be an array of shape (3,)")
    assert notices(events) == []


def test_an_empty_submission_is_told_of_every_function(course: Path) -> None:
    found = trainings(course, {})
    assert {each.sentence for each in found.values()} == {"No file defines a function begin."}


def test_slow_functions_end_a_training(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "TRAINING_SECONDS", -1.0)
    sent: list[Event] = []
    setup, job = setup_of(open_course(course), Isolation.NONE), Job((), (), {})
    working.show(setup, job, _NoSandbox(), sent.append)  # type: ignore[arg-type]
    sentences = [event.training.sentence for event in sent if isinstance(event, Trained)]
    assert sentences == ["The functions are too slow to come to an end here."] * 3
    assert notices(sent) == []


class _NoSandbox:
    isolation = Isolation.NONE


# wrong plans

OURS = "(a mistake in the grader, not in your code)."


@pytest.mark.parametrize(
    ("plan", "title", "noticed"),
    [
        ("x = 1 / 0", "Not drawn", "ZeroDivisionError"),
        ("x = 1", "Not drawn", "has no attribute '__all__'"),
        ('__all__ = ["f"]\ndef f(submission):\n    """F"""\n    1 / 0', "F", "ZeroDivisionError"),
        ("import os; os._exit(3)", "Not drawn", "came to no end"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_our_fault(
    course: Path, plan: str, title: str, noticed: str
) -> None:
    events: list[Event] = []
    (panel,) = drawn(planned(course, plan), GIVEN, events)
    assert (panel.title, panel.trainings) == (title, ())
    assert panel.text.endswith(OURS)
    assert noticed in " ".join(notices(events))


@pytest.mark.parametrize(
    "line", ["1 / 0", "submission.nobody()", "submission.begin(1), submission.nobody()"]
)
def test_a_training_that_cannot_be_drawn_is_our_fault(course: Path, line: str) -> None:
    events: list[Event] = []
    plan = PLAN.replace("def look():\n", f"def look():\n        {line}\n")
    (panel,) = drawn(planned(course, plan), GIVEN, events)
    assert panel.trainings[2].sentence.endswith(OURS)
    assert len(panel.trainings[0].costs) == 5
    assert "The training 'no step'" in " ".join(notices(events))


def test_an_examiner_that_dies_keeps_what_was_drawn(course: Path) -> None:
    events: list[Event] = []
    plan = PLAN.replace("def look():\n", "def look():\n        os._exit(1)\n")
    panel, rest = drawn(planned(course, plan), GIVEN, events)
    assert [each.label for each in panel.trainings] == ["fast", "slow"]
    assert rest.title == "Not drawn"
    assert notices(events) == ["The worked run came to no end."]


# the command


def test_it_changes_nothing_but_what_it_adds(
    grader: Command, own_course: Path, right: Path, wrong: Path
) -> None:
    plan = (
        HEAD
        + '''
__all__ = ["one"]
def one(submission):
    """One"""
    def look():
        made = expect.array(submission.softmax(np.zeros(3)), (3,), "shares")
        return Learned(0, made.tolist(), np.zeros(CELLS * CELLS), "Looked <b>at</b>.")
    return Comparison(POINTS, CLASSES, {"look": look})
'''
    )
    planned(own_course, plan)
    for submission, code in ((right, 0), (wrong, 1)):
        run = ("run", submission, "--course", own_course, "--json", "--out")
        out = submission.parent / "out"
        without, works = grader(*run, out), grader(*run, out, "--worked-run")
        assert (without.code, works.code, works.err) == (code, code, "")
        assert without.report["worked_run"] is None
        ((training,),) = (panel["trainings"] for panel in works.report["worked_run"])
        assert training["costs"] == [0.3333] * 3
        assert works.report | {"worked_run": None} == without.report
        assert json.loads((out / "report.json").read_text()) == works.report
        page = (out / "report.html").read_bytes()
        assert b"Looked &lt;b&gt;at&lt;/b&gt;." in page
        assert grader(*run, out, "--worked-run") == works
        assert (out / "report.html").read_bytes() == page


def test_one_exercise_alone_works_with_all_functions(
    grader: Command, own_course: Path, right: Path, tmp_path: Path
) -> None:
    plan = (
        HEAD
        + '''
__all__ = ["one"]
def one(submission):
    """One"""
    def look():
        submission.softmax(np.zeros(3))
        return Learned(0, [1.0], np.zeros(CELLS * CELLS))
    return Comparison(POINTS, CLASSES, {"look": look})
'''
    )
    planned(own_course, plan)
    options = ("--course", own_course, "--only", "relu", "--worked-run", "--out", tmp_path / "out")
    ran = grader("run", right, "--json", *options)
    assert [each["name"] for each in ran.report["exercises"]] == ["relu"]
    assert ran.report["worked_run"][0]["trainings"][0]["costs"] == [1.0]


def test_a_course_without_a_plan_is_told_before_it_grades(
    grader: Command, small_course: Path, right: Path, tmp_path: Path
) -> None:
    ran = grader("run", right, "--course", small_course, "--worked-run", "--out", tmp_path / "out")
    path = small_course / "tests/public/worked_run.py"
    said = f"grader: {path} is missing. Write it, or leave out --worked-run.\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)
    assert not (tmp_path / "out").exists()


def test_it_works_in_a_kit(grader: Command, own_course: Path, tmp_path: Path) -> None:
    plan = (
        HEAD
        + '''
__all__ = ["one"]
def one(submission):
    """One"""
    def look():
        return Learned(0, [float(submission.relu(2.0))], np.zeros(CELLS * CELLS))
    return Comparison(POINTS, CLASSES, {"look": look})
'''
    )
    kit = tmp_path / "kit"
    write_kit(planned(own_course, plan), kit)
    (kit / "exercises/relu.py").write_text(RIGHT["relu.py"])
    ran = grader("run", ".", "--worked-run", "--json", cwd=kit)
    assert (ran.code, ran.err) == (0, "")
    assert ran.report["worked_run"][0]["trainings"][0]["costs"] == [2.0]


# the course of this repository


def of_this_course(submission: Path) -> dict[str, dict[str, Training]]:
    """The trainings by panel and label."""
    events: list[Event] = []
    panels = draw(
        open_course(ROOT),
        read_submission(submission),
        lowest=Isolation.NONE,
        on_event=events.append,
    )
    assert notices(events) == []
    return {panel.title: {each.label: each for each in panel.trainings} for panel in panels}


@pytest.fixture(scope="module")
def of_the_references() -> dict[str, dict[str, Training]]:
    return of_this_course(ROOT / "reference")


def test_the_references_show_what_the_text_says(
    of_the_references: dict[str, dict[str, Training]],
) -> None:
    shown = [panel.values() for panel in of_the_references.values()]
    assert all(each.costs and each.rows for panel in shown for each in panel)
    regularized, normalized, begun = of_the_references.values()
    assert set(begun["zeros"].costs) == {0.6931}
    assert len(set(begun["zeros"].rows)) == 1
    assert begun["random"].costs[0] > 5
    assert begun["he"].costs[-1] < min(begun["random"].costs[-1], begun["glorot"].costs[-1])
    gradient, decay = regularized["L2, gradient"], regularized["L2, weight decay"]
    assert (gradient.costs, gradient.rows) == (decay.costs, decay.rows)
    assert regularized["no regularization"].costs[-1] < gradient.costs[-1]
    rough = regularized["dropout"].costs
    assert any(later > earlier for earlier, later in pairwise(rough))
    *raw, scaled = normalized.values()
    assert all(each.costs[-1] > 3 * scaled.costs[-1] for each in raw)


def test_a_regularized_network_is_right_about_more_new_points(
    of_the_references: dict[str, dict[str, Training]],
) -> None:
    shares = {
        label: int(each.sentence.rpartition(" and ")[2].partition("%")[0])
        for label, each in of_the_references["With and without regularization"].items()
    }
    assert shares["no regularization"] < min(shares["L2, gradient"], shares["dropout"])


def test_a_stub_is_told_what_to_write() -> None:
    shown = of_this_course(ROOT / "exercises")
    for panel in shown.values():
        for each in panel.values():
            assert each.costs == ()
            assert each.sentence.startswith("Write ")


def test_notebooks_as_they_are_have_a_network_too() -> None:
    shown = of_this_course(ROOT / "tests/grader/samples/halfway")
    assert sum(bool(each.costs) for panel in shown.values() for each in panel.values()) >= 10
