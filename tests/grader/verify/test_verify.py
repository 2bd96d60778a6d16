"""The proof, on a course that holds and on others that fall short in every way."""

import dataclasses
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course import open_course
from grader.errors import CourseError
from grader.verify import read_demands, to_json, verdict, verify
from grader.verify.proof import Counts, Proof, Shortcoming
from grader.verify.whole import Steps
from tests.grader.conftest import Command, environment_of
from tests.grader.test_terminal import family, until
from tests.grader.verify.course import DEMANDS, Made, write

RIGHT = Made()


@pytest.fixture(scope="module", autouse=True)
def same_cache(cache: Path) -> Iterator[None]:
    """The commands have it too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_CACHE", str(cache))
        yield


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that holds."""
    return write(tmp_path_factory.mktemp("right"), {"steps": RIGHT})


def prove(root: Path, *names: str, **demands: int) -> Proof:
    course = open_course(root).only(names)
    demanded = dataclasses.replace(read_demands(root), **demands)
    return verify(course, demanded, steps=Steps(), whole=not names)


def emptied(check: str) -> Made:
    """The exercise with one check that calls, and asks for nothing."""
    head, _, rest = RIGHT.checks.partition(f"def {check}")
    body = re.sub(r"\n    (expect|statistics)\.\w+\(.*", _call, rest, count=1)
    return dataclasses.replace(RIGHT, checks=f"{head}def {check}{body}")


def _call(found: "re.Match[str]") -> str:
    call = re.search(r"submission\.\w+\(\w\)", found[0])
    assert call
    return f"\n    {call[0]}"


def test_a_course_that_holds(right: Path) -> None:
    proof = prove(right)
    assert proof.shortcomings == []
    assert proof.holds
    counts = proof.counts["steps"]
    assert (counts.checks, counts.mistakes, counts.caught) == (3, 3, 3)
    assert counts.killed == counts.mutants >= 8
    assert (counts.alternatives, counts.inner_seeds) == (1, 3)
    assert (counts.statistical, counts.seeds) == (1, 100)


CHECKS = ("test_double", "test_spread", "test_length")


@pytest.fixture(scope="module")
def hollow(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    exercises = {check.replace("test", "without"): emptied(check) for check in CHECKS}
    return prove(write(tmp_path_factory.mktemp("hollow"), exercises))


@pytest.mark.parametrize("check", CHECKS)
def test_an_emptied_check_is_named(hollow: Proof, check: str) -> None:
    exercise = check.replace("test", "without")
    found = [each for each in hollow.shortcomings if each.exercise == exercise]
    kinds = {each.kind for each in found if check in each.sentence}
    assert {"mistake", "check"} <= kinds
    for each in found:
        others = set(CHECKS) - {check}
        assert each.kind == "mutant" or not any(other in each.sentence for other in others)


def test_an_emptied_check_lets_mutants_live(hollow: Proof) -> None:
    found = [each for each in hollow.shortcomings if each.kind == "mutant"]
    assert {each.exercise for each in found} == {"without_double", "without_spread"}
    assert hollow.counts["without_double"].survived > 0
    double = [each for each in found if "test_double checks it, and misses this" in each.sentence]
    assert ("    return 2 * x\n", "    return 3 * x\n") in {(e.old, e.new) for e in double}


EQUIVALENT = """
[[equivalent]]
function = "double"
old = "2 * x"
new = "{}"
reason = "Hardly anything else."
"""
MISTAKEN = (
    RIGHT.with_("mistakes", '"3 * x"', '"x + x"')
    .with_("mistakes", '"test_spread", "test_length"', '"test_length"')
    .with_("mistakes", '["test_spread"]', '["test_spreads"]')
    .with_("alternative", "y + y", "y + y + 1e-3")
)
FALLS_SHORT = {
    "wrong": (
        RIGHT.with_("checks", "2 * x", "2 * x + (x == 7)"),
        ("reference/wrong.py does not pass test_double",),
    ),
    "generous": (
        RIGHT.with_("mistakes", 'name = "thrice"', 'name = "thrice"\nplanted = true')
        .with_("mistakes", '"3 * x"', '"x + x"')
        .with_("checks", "False-failure rate: 1e-12", "Seldom wrong: 1e-12")
        .with_("mistakes", 'function = "noise"\nold = "3', 'function = "hum"\nold = "3'),
        (
            "The stub of generous passes test_double before anything is written",
            "test_double is about nothing but what the stub gives away, mistakes planted. Mark it",
            "test_spread judges random answers and does not state how often a right one fails",
            "generous.toml, too_wide: hum is no function that students write",
        ),
    ),
    "mistaken": (
        dataclasses.replace(
            MISTAKEN,
            mistakes=MISTAKEN.mistakes + EQUIVALENT.format("2 / x") + EQUIVALENT.format("x + x"),
        ),
        (
            "mistaken.toml, thrice: test_double does not catch it",
            "mistaken.toml, too_long: test_spread catch it too",
            "mistaken.toml, too_wide: there is no check test_spreads",
            "mistaken.toml: the equivalent of double is none: test_double catches it",
            "equivalent of double is none: no mutant of double makes this change",
            "tests/alternatives/mistaken/other.py is right, but does not pass test_double (failed)",
        ),
    ),
    "seeded": (
        dataclasses.replace(
            RIGHT.with_("reference", "    return 3", "    np.random.seed(1)\n    return 3"),
            mistakes=RIGHT.mistakes.rpartition("[[mistake]]")[0],
        ),
        (
            "test_seeded.py: test_spread judges random answers, but the reference gives the same",
            "seeded.toml has 2 mistakes, but at least 3 are wanted",
        ),
    ),
    "boastful": (
        RIGHT.with_("checks", "rate: 1e-12", "rate: 1e-14"),
        ("test_spread states a false-failure rate of 1e-14, but its comparisons add up to 1e-12",),
    ),
    "by_luck": (
        RIGHT.with_("checks", "rate: 1e-12", "rate: 1e-6").with_(
            "checks", '9.0, "noise")', '9.0, "noise")\n    assert submission.noise(1) < 5'
        ),
        (
            "test_spread states a false-failure rate of 1e-06; at most 1e-09 is allowed",
            "test_by_luck.py: test_spread fails on the reference for",
            "tests/alternatives/by_luck/ has 0 right solutions of another kind, but at least 1",
        ),
    ),
}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    exercises = {name: made for name, (made, _) in FALLS_SHORT.items()}
    root = write(tmp_path_factory.mktemp("short"), exercises)
    shutil.rmtree(root / "tests/alternatives/by_luck")
    for file in ("reference/left_over.py", "reference/mistakes/gone.toml"):
        (root / file).write_text("")
    (root / "tests/alternatives/gone").mkdir()
    (root / "tests/public").mkdir()
    return prove(root)


@pytest.mark.parametrize("name", FALLS_SHORT)
def test_what_falls_short_is_named(short: Proof, name: str) -> None:
    sentences = [each.sentence for each in short.shortcomings if each.exercise == name]
    for expected in FALLS_SHORT[name][1]:
        assert any(expected in sentence for sentence in sentences), (expected, sentences)


def test_files_of_no_exercise_and_missing_ones_are_named(short: Proof) -> None:
    sentences = [each.sentence for each in short.shortcomings if each.kind == "files"]
    for file in (
        "reference/left_over.py",
        "reference/mistakes/gone.toml",
        "tests/alternatives/gone",
    ):
        assert any(s.startswith(f"{file} belongs to no exercise. Take it") for s in sentences)
    assert any(s.startswith("tests/public/test_wrong.py is missing") for s in sentences)


def test_every_sentence_ends_with_a_way_out(short: Proof, hollow: Proof) -> None:
    for each in (*short.shortcomings, *hollow.shortcomings):
        assert re.search(
            r"[.] (Mend|Let|Add|Take|Correct|Strengthen|Write|Make|Allow|Mark|Call) [^.]*[.]",
            each.sentence,
        ), each.sentence


def test_an_equivalent_is_doubted_with_examples_that_no_bank_has(tmp_path: Path) -> None:
    rare = (
        RIGHT.with_("reference", "2 * x", "2 * x if x < 3000 else 2 * x")
        .with_("mistakes", '"2 * x"', '"2 * x if"')
        .with_("mistakes", '"3 * x"', '"3 * x if"')
        .with_(
            "checks",
            "st.integers(1, 9))\ndef test_double",
            "st.integers(0, 4000))\ndef test_double",
        )
        .with_("checks", "@settings(max_examples=10)", "@settings(max_examples=3)")
    )
    entry = """
[[equivalent]]
function = "double"
old = "x < 3000 else 2 * x"
new = "x < 3000 else 2 / x"
reason = "Nobody goes that far."
"""
    demands = "[tool.grader.verify]\nmistakes_each = 0\nalternatives_each = 0\ninner_seeds = 0\n"
    made = dataclasses.replace(rare, mistakes=rare.mistakes + entry)
    proof = prove(write(tmp_path, {"steps": made}, f"{demands}seeds = 2\nexamples = 1000\n"))
    [found] = [each for each in proof.shortcomings if each.kind == "equivalent"]
    assert "is none: a further example of test_double catches it ({'x': " in found.sentence
    assert found.new.strip() == "return 2 * x if x < 3000 else (2 / x)"


def test_what_is_wanted_of_all_together(right: Path) -> None:
    wanted = {"mistakes": 4, "mutants": 1000, "seeds": 2, "inner_seeds": 0}
    found = [each.sentence for each in prove(right, **wanted).shortcomings]
    assert len(found) == 2
    assert "The course has 3 mistakes" in found[0]
    assert "asks for at least 1000" in found[1]
    assert prove(right, "steps", **wanted).holds  # of one exercise, less is wanted


def test_the_command(grader: Command, right: Path, tmp_path: Path) -> None:
    ran = grader("verify", "--course", right)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"steps +│ +3 │ +3 / 3", ran.out)
    assert ran.out.endswith(
        "The exam is proven: what is right passes, and every mistake is caught.\n"
    )

    wrong = write(tmp_path / "wrong", {"steps": emptied("test_double")})
    ran = grader("verify", "--course", wrong, "--json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.report["holds"] is False
    assert any(each["old"] == "    return 2 * x\n" for each in ran.report["shortcomings"])


def test_what_cannot_run_is_one_sentence(tmp_path: Path) -> None:
    def fails(name: str, made: Made, demands: str = "") -> str:
        with pytest.raises(CourseError) as caught:
            prove(write(tmp_path / name, {"steps": made}, demands))
        return str(caught.value)

    said = fails("never", RIGHT.with_("mistakes", '"2 * x"', '"5 * x"'))
    assert "reference/mistakes/steps.toml: the old text of thrice does not occur" in said
    said = fails("twice", RIGHT.with_("reference", '"""Twice x."""', '"""2 * x."""'))
    assert "the old text of thrice occurs more than once in reference/steps.py. Copy a" in said
    said = fails("silent", RIGHT.with_("checks", '"""As many as wanted."""', "..."))
    assert "test_length has no docstring. Write one" in said
    said = fails("unknown", RIGHT, "[tool.grader.verify]\nmutant = 3\n")
    assert "[tool.grader.verify] has the key 'mutant', which grader does not know" in said
    said = fails("number", RIGHT, '[tool.grader.verify]\nmutants = "all"\n')
    assert "mutants = 'all' must be a whole number" in said


def test_what_cannot_run_leaves_with_exit_2(grader: Command, tmp_path: Path) -> None:
    root = write(tmp_path / "gone", {"steps": RIGHT})
    (root / "reference/steps.py").unlink()
    ran = grader("verify", "--course", root)
    assert (ran.code, ran.out) == (2, "")
    assert 'lists "steps": write the file, or take the name out of __all__' in ran.err


def test_a_proof_as_json_and_in_words() -> None:
    proof = Proof("It", {"steps": Counts(checks=2)}, [Shortcoming("steps", "stub", "Mend it.")])
    table = json.loads(to_json(proof))
    assert table["exercises"][0]["name"] == "steps"
    assert table["exercises"][0]["checks"] == 2
    assert table["shortcomings"][0]["sentence"] == "Mend it."
    assert verdict(proof) == "The exam is not proven: 1 shortcoming."


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("phase", ["worker.zygote", "grader.verify.laboratory"])
def test_an_interrupted_proof_leaves_nothing_behind(tmp_path: Path, phase: str) -> None:
    root = write(tmp_path / "course", {"steps": RIGHT}, DEMANDS.replace("100", "1000000"))
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "verify", "--course", str(root)],
        env=environment_of(tmp_path / "cache"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    until(lambda: any(phase in line for line in family(process.pid).values()))
    started = family(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, b"")
    assert err.strip() == b"grader: interrupted. Nothing was written."
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), seconds=10)
