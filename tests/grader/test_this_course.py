"""The course of this repository: references, stubs, checks and known mistakes belong together."""

import shutil
from pathlib import Path

import pytest

from grader.checks.trials import Trial, run_trials
from grader.course import open_course
from grader.mistakes import Mistake, apply, read_mistakes
from grader.model import Status
from tests.grader.conftest import ROOT, Command, Ran

COURSE = open_course(ROOT)
MISTAKES = {e.name: read_mistakes(ROOT, e.name) for e in COURSE.exercises}
# Statistics on thousands of images: no example of theirs is short enough to be shown.
TOO_LARGE = {
    "data_augmentation.all_shifts_are_equally_likely",
    "data_augmentation.half_of_the_images_are_flipped",
}
EVERY_MISTAKE = [mistake for mistakes in MISTAKES.values() for mistake in mistakes]
A_THIRD = EVERY_MISTAKE[::3]  # `grader verify` tries all of them
HIDDEN = {f"{e.name}.{c.name.removeprefix('test_')}": c for e in COURSE.exercises for c in e.checks}


@pytest.fixture(scope="session")
def reference(grader: Command, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out = tmp_path_factory.mktemp("reference")
    return grader("run", ROOT / "reference", "--course", ROOT, "--out", out, "--json")


@pytest.fixture(scope="session")
def stubs(grader: Command, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out = tmp_path_factory.mktemp("stubs")
    return grader("run", ROOT / "exercises", "--course", ROOT, "--out", out, "--json")


def test_the_references_have_full_marks(reference: Ran) -> None:
    assert set(reference.statuses.values()) == {"passed"}
    assert (reference.code, reference.err) == (0, "")
    assert list(reference.statuses) == list(HIDDEN)
    assert reference.report["earned"] == reference.report["possible"]
    assert reference.report["notes"] == []


def test_the_references_pass_the_public_checks(grader: Command, tmp_path: Path) -> None:
    arguments = ("--course", ROOT, "--suite", "public", "--out", tmp_path, "--json")
    ran = grader("run", ROOT / "reference", *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert {e["name"] for e in ran.report["exercises"] if e["checks"]} == set(MISTAKES)


def test_the_stubs_earn_nothing(stubs: Ran) -> None:
    assert (stubs.code, stubs.err) == (1, "")
    given = {mistake.function for mistake in EVERY_MISTAKE if mistake.planted}
    assert stubs.statuses == {
        name: "failed" if given.issuperset(check.functions) else "not_started"
        for name, check in HIDDEN.items()
    }
    assert all(HIDDEN[name].bonus for name, status in stubs.statuses.items() if status == "failed")
    assert (stubs.report["earned"], stubs.report["bonus_earned"]) == (0.0, 0.0)


def test_what_is_planted_costs_bonus_points_only() -> None:
    planted = {
        f"{mistake.exercise}.{check.removeprefix('test_')}"
        for mistake in EVERY_MISTAKE
        if mistake.planted
        for check in mistake.fails
    }
    assert planted
    assert planted <= {name for name, check in HIDDEN.items() if check.bonus}


def test_there_are_checks_enough_and_each_explains_itself() -> None:
    assert len(HIDDEN) >= 30
    for name, check in HIDDEN.items():
        assert check.title, name
        assert check.hint, name
        assert check.functions, name


def test_every_function_is_checked_and_has_a_known_mistake() -> None:
    for exercise in COURSE.exercises:
        checked = {function for check in exercise.checks for function in check.functions}
        mistaken = {mistake.function for mistake in MISTAKES[exercise.name]}
        assert checked == mistaken == set(exercise.functions), exercise.name


def test_the_stubs_are_those_of_the_references(grader: Command) -> None:
    assert grader("stubs", "--check", cwd=ROOT) == Ran(0, "", "")


def test_stubs_that_drifted_are_named(grader: Command, tmp_path: Path) -> None:
    for room in ("reference", "exercises", "tests/hidden", "tests/public"):
        shutil.copytree(ROOT / room, tmp_path / room)
    stub = tmp_path / "exercises/dropout.py"
    stub.write_text(stub.read_text().replace("np.", "numpy.", 1))
    ran = grader("stubs", "--check", cwd=tmp_path)
    assert ran == Ran(1, f"{stub} is out of date. Run `grader stubs`.\n", "")


# known mistakes


def text_of(mistake: Mistake) -> str:
    """The reference with one mistake."""
    return apply((ROOT / f"reference/{mistake.exercise}.py").read_text("utf-8"), [mistake])


Lost = dict[tuple[str, str], dict[str, Status | None]]


@pytest.fixture(scope="session")
def lost(reference: Ran, cache: Path) -> Lost:
    """The checks that each mistake loses; the banks are there once the reference was graded."""
    trials = [Trial(each.name, each.exercise, text_of(each)) for each in A_THIRD]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", str(cache))
        tried = run_trials(COURSE, trials)
        return {(each.trial.exercise, each.trial.name): each.lost for each in tried}


@pytest.mark.parametrize(
    "mistake", A_THIRD, ids=[f"{each.exercise}-{each.name}" for each in A_THIRD]
)
def test_a_mistake_loses_exactly_the_checks_that_state_its_law(
    lost: Lost, mistake: Mistake
) -> None:
    found = lost[mistake.exercise, mistake.name]
    assert sorted(found) == sorted(mistake.fails)
    assert set(found.values()) <= {None, Status.FAILED, Status.ERROR}


def test_mistakes_together_lose_points_and_nothing_is_void(grader: Command, tmp_path: Path) -> None:
    """The whole way, examples and all, for the first mistake of each exercise."""
    mistakes = [each[0] for each in MISTAKES.values()]
    for mistake in mistakes:
        (tmp_path / f"{mistake.exercise}.py").write_text(text_of(mistake))
    out = tmp_path.with_name("out")
    ran = grader("run", tmp_path, "--course", ROOT, "--out", out, "--json")
    assert (ran.code, ran.err) == (1, "")
    wrong = {name for name, status in ran.statuses.items() if status != "passed"}
    assert wrong == {
        f"{mistake.exercise}.{check.removeprefix('test_')}"
        for mistake in mistakes
        for check in mistake.fails
    }
    for name in wrong:
        check = ran.checks[name]
        assert (check["status"], check["earned"]) == ("failed", 0.0)
        assert check["message"], name
        assert check["example"] or name in TOO_LARGE, name
