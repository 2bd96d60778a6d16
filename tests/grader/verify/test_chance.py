"""What is said of checks whose answers are a matter of chance."""

from pathlib import Path
from typing import Any

import pytest

from grader.course import open_course
from grader.kit import statistics
from grader.kit.verdicts import Mismatch
from grader.verify import chance
from grader.verify.demands import Demands
from grader.verify.material import read_material
from grader.verify.proof import Counts
from grader.verify.seeds import Comparisons
from tests.grader.verify.course import Made, write


def finding(**more: Any) -> dict[str, Any]:
    right = {"check": "test_spread", "rate": 1e-12, "tried": 5, "distinct": 5, "failures": []}
    return right | {"interactive": False} | more


def sentences(root: Path, *findings: dict[str, Any]) -> list[str]:
    course = open_course(write(root, {"steps": Made()}))
    material = read_material(course, course.exercises[0])
    counts = Counts()
    found = chance.judge(course, material, list(findings), Demands(seeds=5), counts)
    shortcomings = list(found)
    assert (counts.statistical, counts.seeds) == (1, findings[0]["tried"])
    return [each.sentence.removeprefix("tests/hidden/test_steps.py: ") for each in shortcomings]


def test_nothing_is_said_where_all_is_well(tmp_path: Path) -> None:
    assert sentences(tmp_path, finding()) == []
    other = finding(check="test_length", rate=0.0, distinct=1)  # no statistics: it may repeat
    assert sentences(tmp_path, finding(), other) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"failures": ["seed 3: off"]}, "fails on the reference for 1 of 5 seeds (seed 3: off)."),
        (
            {"rate": 3e-12},
            "states a false-failure rate of 1e-12, but its comparisons add up to 3e-",
        ),
        ({"tried": 0, "distinct": 0}, "but the reference gives the same ones for every seed."),
        ({"distinct": 4}, "gets only 4 different answers of the reference for 5 seeds."),
        ({"interactive": True}, "draws while it runs, so it cannot be tried with other seeds."),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, more: dict[str, Any], words: str) -> None:
    [said] = sentences(tmp_path, finding(**more))
    assert words in said


def test_sets_of_parameters_are_one_check(tmp_path: Path) -> None:
    [said] = sentences(tmp_path, finding(), finding())
    assert "add up to 2e-12" in said


def test_a_comparison_within_a_comparison_is_not_counted_twice() -> None:
    comparisons = Comparisons()
    inner = comparisons.counted(lambda: None)
    outer = comparisons.counted(lambda: inner())
    outer()
    inner()
    assert comparisons.made == 2

    def fails() -> None:
        raise Mismatch("off")

    with pytest.raises(Mismatch):
        comparisons.counted(fails)()
    outer()
    assert comparisons.made == 4
    assert statistics.RATE == 1e-12
