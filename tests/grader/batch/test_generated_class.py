"""A generated class of this course, one submission of each kind; 300 are a benchmark.

python -m tests.benchmarks.whole_class
python -m tests.benchmarks.whole_class --count 60 --kills 20
"""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.classroom.generate import EACH, SHARES, generate, of_one_kind, write_class
from tests.benchmarks.classroom.handed_in import HandedIn
from tests.benchmarks.classroom.judging import judged, table
from tests.benchmarks.classroom.killing import differences
from tests.grader.conftest import ROOT, Command, Ran, fingerprint

EXERCISES = ("early_stopping", "vanishing_gradients")


@pytest.fixture(scope="module")
def submissions() -> list[HandedIn]:
    return generate(ROOT, 10, names=EXERCISES, each=1)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated") / "out"


@pytest.fixture(scope="module")
def ran(grader: Command, submissions: list[HandedIn], out: Path) -> Ran:
    folder = write_class(submissions, out.with_name("submissions"))
    before = fingerprint(folder)
    only = [word for name in EXERCISES for word in ("--only", name)]
    ran = grader("batch", folder, "--course", ROOT, "--out", out, *only)
    assert fingerprint(folder) == before
    return ran


def test_everyone_has_what_they_have_to(ran: Ran, submissions: list[HandedIn], out: Path) -> None:
    wrong = judged(submissions, out)
    assert not any(wrong.values()), "\n".join(table(submissions, wrong))
    assert {each.kind for each in submissions} == set(SHARES)
    assert ran.err == ""


def test_a_wrong_result_would_be_seen(ran: Ran, submissions: list[HandedIn], out: Path) -> None:
    expected = [replace(each, lost=frozenset({"early_stopping.test"})) for each in submissions]
    named = [each.student for each in submissions if not each.trouble]
    assert [name for name, words in judged(expected, out).items() if words] == named
    refused = [replace(each, trouble="It is damaged.") for each in submissions]
    assert all(judged(refused, out).values())
    assert list(judged(submissions[1:], out)[submissions[0].student])


def test_a_gradebook_that_is_not_the_same_would_be_seen(
    ran: Ran, submissions: list[HandedIn], out: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(out, tmp_path / "out"))
    assert list(differences(out, other)) == []
    student = next(each.student for each in submissions if each.kind == "right")
    (other / student / "report.html").unlink()
    with sqlite3.connect(other / "gradebook.sqlite3") as book:
        book.execute("UPDATE attempts SET earned = earned + 1 WHERE id = 1")
    told = list(differences(out, other))
    assert f"{student}/report.html differs" in told
    assert sum("the same: False" in line for line in told) == 1


def test_a_class_of_300_has_every_known_mistake() -> None:
    made = generate(ROOT, 300)
    mistakes = [name for each in made if each.kind == "mistaken" for name in each.what.split(", ")]
    assert len(made) == 300
    assert len(mistakes) == len(set(mistakes)) == len(
        [line for path in (ROOT / "reference/mistakes").glob("*.toml")
         for line in path.read_text().splitlines() if line == "[[mistake]]"]
    )  # fmt: skip
    assert len(mistakes) == EACH * SHARES["mistaken"]
    assert len({tuple(sorted(each.files.items())) for each in made if each.files}) > 295


def test_answers_that_nobody_gave_before_are_as_right(grader: Command, tmp_path: Path) -> None:
    """Roundings of their own, as the measurements of speed have them."""
    made = of_one_kind(ROOT, "right", 2, names=EXERCISES)
    folder = write_class(made, tmp_path / "class")
    only = [word for name in EXERCISES for word in ("--only", name)]
    ran = grader("batch", folder, "--course", ROOT, "--out", tmp_path / "out", *only)
    assert (ran.code, ran.err) == (0, "")
    assert not any(judged(made, tmp_path / "out").values())
