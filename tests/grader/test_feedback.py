"""`[tool.grader] feedback`: everything that is written for a student is filtered, and graded once.

The submissions raise what they were called with, and answer what is wrong: the two ways in which
a report could carry a hidden check's inputs and expected values.
"""

import json
import re
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from grader.model import CheckResult, Feedback
from grader.report.html import to_html
from grader.report.json_report import from_json, to_json
from grader.report.policy import seen
from tests.benchmarks.material import gather
from tests.grader.conftest import ROOT, Command, Ran, write
from tests.grader.miniature import reference, write_course

LECTURE = ("regularization", "dropout", "initialization", "gradient_checking")
RELU = "def relu(Z):\n    return np.maximum(0.0, Z)\n"
CHECKS = '''
def test_it_is_the_positive_part(submission):
    """It is the positive part.

    Draw it.
    """
    expect.close(submission.relu(np.array([2.7182, -1.0])), np.array([2.7182, 0.0]), "A")


def test_the_slope(submission):
    """The slope is known."""
    answer = submission.slope(np.array([31.4159]))
    expect.close(answer, np.array([57.7215]), "dA")


def test_a_name_that_tells(submission):
    """A name can tell."""
    expect.close(submission.slope(np.array([31.4159])), np.array([57.7215]), "57.7215")
'''
SLOPE = "def slope(Z):\n    return Z * 0 + 57.7215\n"
WRONG = {
    "relu.py": "import numpy as np\n\n\n"
    "def relu(Z):\n    raise ValueError(repr(Z))\n\n\n"
    "def slope(Z):\n    return Z + 0.5\n"
}
WRITTEN = ("report.html", "report.json", "junit.xml", "results.json", "printed.txt")
INPUTS, VALUES = ("2.7182", "31.4159"), ("57.7215", "57.72", "31.9159", "31.92")


@pytest.fixture(scope="session")
def told(grader: Command, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each policy in which all commands ran for one wrong submission."""
    made = {}
    for feedback in ("hint", "score"):
        place = tmp_path_factory.mktemp(feedback)
        limits = "cpu_seconds = 20\nwall_seconds = 60\n"
        exercises = {"relu": (reference(RELU, SLOPE), CHECKS)}
        root = write_course(
            place / "course", exercises, settings=f'{limits}feedback = "{feedback}"\n'
        )
        write(place / "in" / "bob", WRONG)
        grade = ("--course", root, "--out")
        own = place / "own"
        others = ("--junit", own / "junit.xml", "--gradescope", own / "results.json", "--github")
        as_json = ("--json",) if feedback == "score" else ()
        ran = grader("run", place / "in" / "bob", *grade, own, *others, *as_json)
        (place / "own" / "printed.txt").write_text(ran.out + ran.err)
        ran = grader("batch", place / "in", *grade, place / "class")
        (place / "class.txt").write_text(ran.out + ran.err)
        view = ("--view", "instructor")
        grader("run", place / "in" / "bob", *grade, place / "instructor", *view)
        made[feedback] = place
    return made


def written(place: Path) -> dict[str, str]:
    """Everything of it that a student could be given, by its path."""
    files = [path for path in place.rglob("*") if path.is_file()]
    ours = [path for path in files if not {"course", "in", "instructor"} & set(path.parts)]
    texts = [path for path in ours if "sqlite3" not in path.name]
    return {str(path.relative_to(place)): path.read_text("utf-8") for path in texts}


def test_what_is_written_for_students(told: dict[str, Path]) -> None:
    for feedback, hidden in (("hint", VALUES), ("score", VALUES + INPUTS)):
        texts = written(told[feedback])
        own = {
            f"own/{name}" for name in ("report.html", "report.json", "junit.xml", "results.json")
        }
        assert own | {"class/bob/report.html"} <= set(texts)
        for path, text in texts.items():
            assert [value for value in hidden if value in text] == [], path


def test_a_hint_helps(told: dict[str, Path]) -> None:
    text = (told["hint"] / "own" / "report.html").read_text("utf-8")
    assert "relu raised ValueError on line 5 of relu.py: array([ 2.7182, -1.    ])" in text
    assert "Draw it." in text
    assert "dA is not right; the worst element is dA[0]." in text
    assert "slope(Z)" in text


def test_an_instructor_sees_the_same_grading_whole(told: dict[str, Path]) -> None:
    for place in told.values():
        whole = json.loads((place / "instructor" / "report.json").read_text("utf-8"))
        check = whole["exercises"][0]["checks"][1]
        assert check["comparisons"][0]["expected"] == [57.7215]
        assert "57.72" in (place / "instructor" / "report.html").read_text("utf-8")
        seen = json.loads((place / "own" / "report.json").read_text("utf-8"))
        assert (seen["earned"], seen["possible"]) == (whole["earned"], whole["possible"])
        assert seen["course_version"] == whole["course_version"]


def test_the_gradebook_keeps_all_and_the_files_are_those_of_a_run(told: dict[str, Path]) -> None:
    for place in told.values():
        own, ours = ((place / name / "report.json").read_bytes() for name in ("own", "class/bob"))
        assert own == ours
        whole = (place / "instructor" / "report.json").read_bytes()
        with sqlite3.connect(place / "class" / "gradebook.sqlite3") as book:
            ((kept,),) = book.execute("select report from attempts")
        assert zlib.decompress(kept) == whole


def figures(check: CheckResult) -> set[str]:
    """The expected and the own values of a check as a report writes them, if they are telling."""
    values = [v for each in check.comparisons for v in (*each.expected, *each.yours)]
    written = {form for value in values for form in (f"{value:.4g}", f"{value:.3g}", repr(value))}
    known = f"{check.example} {check.hint} {check.title}"
    return {each for each in written if len(re.sub(r"\D", "", each).strip("0")) > 2} - {
        each for each in written if each in known
    }


def test_hints_on_the_course_s_own_mistakes_hold_no_expected_value(
    grader: Command, tmp_path: Path
) -> None:
    material = gather(ROOT, tmp_path)
    only = [part for name in LECTURE for part in ("--only", name)]
    ran = grader("run", material.folders["wrong"], "--course", ROOT, "--out", tmp_path, *only)
    assert ran.code == 1, ran.err
    whole = from_json((tmp_path / "report.json").read_bytes())
    hints = seen(whole, Feedback.HINT)
    looked_for = 0
    for exercise, hinted in zip(whole.exercises, hints.exercises, strict=True):
        for check, kept in zip(exercise.checks, hinted.checks, strict=True):
            alone = replace(hints, exercises=(replace(hinted, checks=(kept,), formulas={}),))
            text = to_html(alone).split("</style>")[1] + to_json(alone).decode()
            found = figures(check)
            looked_for += len(found)
            assert [value for value in found if value in text] == [], check.name
    assert looked_for > 50


def test_another_policy_changes_the_reports_and_no_grade(
    grader: Command, told: dict[str, Path], tmp_path: Path
) -> None:
    place = told["score"]
    settings = place / "course" / "pyproject.toml"
    before = settings.read_text("utf-8")
    settings.write_text(before.replace('"score"', '"full"'), "utf-8")
    try:
        ran: Ran = grader(
            "batch", place / "in", "--course", place / "course", "--out", place / "class"
        )
    finally:
        settings.write_text(before, "utf-8")
    assert "0 now, 1 before and unchanged since" in ran.out
    assert "57.72" in (place / "class" / "bob" / "report.html").read_text("utf-8")
