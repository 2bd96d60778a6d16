"""What a person does with a gradebook: decide, compare, erase, and grade without names."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from grader.gradebook.comments import comment_on_student
from grader.gradebook.store import Gradebook
from tests.grader.conftest import RIGHT, WRONG, Command, Ran, write
from tests.grader.exports.conftest import lines

Opened = Callable[[str], Gradebook]
CLASS = {"Ana Li": RIGHT, "bo": WRONG, "cyd": {"notes.txt": "later"}}


MORE = '''

def test_more(submission):
    """It answers."""
    submission.relu(np.eye(2))
'''


def make_class(folder: Path) -> Path:
    for name, files in CLASS.items():
        write(folder / name, {**files})
    write(folder, {"di.py": RIGHT["relu.py"]})
    return folder


def batch(grader: Command, place: Path, course: Path, *more: str | Path) -> Ran:
    return grader("batch", "class", "--course", course, "--out", "out", *more, cwd=place)


@pytest.fixture(scope="module")
def graded(grader: Command, small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class and what it was graded to; for reading only."""
    place = tmp_path_factory.mktemp("place")
    make_class(place / "class")
    assert batch(grader, place, small_course).code == 2
    return place


@pytest.fixture(scope="module")
def changed_course(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course with more points, and one check more."""
    root = Path(shutil.copytree(small_course, tmp_path_factory.mktemp("changed") / "course"))
    checks = root / "tests/hidden/test_relu.py"
    checks.write_text(checks.read_text().replace("points(2)", "points(5)") + MORE)
    return root


@pytest.fixture
def place(graded: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(graded, tmp_path / "place"))


def table(place: Path) -> dict[str, dict[str, str]]:
    head, *rows = lines((place / "out/grades.csv").read_text())
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def exported(grader: Command, place: Path, course: Path) -> dict[str, dict[str, str]]:
    ran = grader(
        "export", "csv", "--gradebook", "out/gradebook.sqlite3", "--course", course, cwd=place
    )
    head, *rows = lines(ran.out)
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def on(place: Path) -> tuple[str, str]:
    return "--gradebook", str(place / "out/gradebook.sqlite3")


# overrides


def test_points_by_hand_are_in_every_table_and_survive_grading_again(
    grader: Command, place: Path, changed_course: Path
) -> None:
    decided = [
        ("bo", "--exercise", "relu", "--points", "2.5", "--reason", "right, with floats"),
        ("cyd", "--points", "1", "--reason", "on paper", "--author", "Prof"),
    ]
    for each in decided:
        ran = grader("override", *each, *on(place))
        assert (ran.code, ran.err) == (0, "")
    assert exported(grader, place, changed_course)["bo"]["final"] == "3.5"
    ran = batch(grader, place, changed_course)
    assert "3 now, 0 before" in ran.out
    assert (ran.code, ran.err) == (0, "")  # cyd has a grade now
    assert "2 grades, decided by a person" in ran.out
    rows = table(place)
    assert (rows["bo"]["final"], rows["bo"]["earned"], rows["bo"]["possible"]) == ("3.5", "3", "8")
    assert "right, with floats" in rows["bo"]["by hand"]
    assert (rows["cyd"]["final"], rows["cyd"]["earned"]) == ("1", "")
    assert rows["cyd"]["by hand"] == "1 (Prof: on paper)"
    ran = grader("override", "bo", "--exercise", "relu", "--remove", "--reason", "no", *on(place))
    assert "is as it was graded" in ran.out
    assert exported(grader, place, changed_course)["bo"]["final"] == "3"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("an li", "--points", "1", "--reason", "x"), "Did you mean Ana Li?"),
        (("nobody at all", "--points", "1", "--reason", "x"), "`grader export csv` lists them"),
        (("bo", "--points", "1", "--reason", " "), "Give a --reason"),
        (("bo", "--points", "-1", "--reason", "x"), "--points"),
        (("bo", "--points", "nan", "--reason", "x"), "--points"),
        (("bo", "--reason", "x"), "either --points N or --remove"),
        (("bo", "--points", "1", "--remove", "--reason", "x"), "either --points N or --remove"),
        (("bo", "--points", "1", "--exercise", "sums", "--reason", "x"), "relu, softmax"),
    ],
)
def test_what_cannot_be_decided_is_said(
    graded: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["grader", "override", *arguments, *on(graded)])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert words in " ".join(said.err.split())


def test_a_gradebook_is_found_or_asked_for_and_never_made(
    grader: Command, graded: Path, small_course: Path, tmp_path: Path
) -> None:
    export = ("export", "csv", "--course", small_course)
    for name in ("one", "two"):
        assert grader(*export, cwd=tmp_path).code == (2 if name == "one" else 0)
        shutil.copytree(graded / "out", tmp_path / "grader-report" / name)
    ran = grader(*export, cwd=tmp_path)
    assert ran.code == 2
    assert "grader-report/one/gradebook.sqlite3, grader-report/two/gradebook.sqlite3" in ran.err
    ran = grader(*export, "--gradebook", "gone.sqlite3", cwd=tmp_path)
    assert (ran.code, ran.err.count("There is no gradebook gone.sqlite3")) == (2, 1)
    assert not (tmp_path / "gone.sqlite3").exists()


def test_who_is_in_no_export_is_told(
    grader: Command, graded: Path, small_course: Path, tmp_path: Path
) -> None:
    export = ("--course", small_course, *on(graded), "--out", tmp_path / "out.csv")
    ran = grader("export", "moodle", *export)
    assert (ran.code, ran.out) == (1, "")
    assert "It is not clear who Ana Li, bo, cyd, di would be" in ran.err
    assert grader("export", "canvas", *export).code == 0
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 6
    ran = grader("export", "csv", *export[:-1], "/proc/no.csv")
    assert (ran.code, "cannot be written" in ran.err) == (2, True)


def test_the_best_attempt_counts_and_a_latest_that_cannot_be_read_is_told(
    grader: Command, place: Path, small_course: Path, tmp_path: Path
) -> None:
    best = Path(shutil.copytree(small_course, tmp_path / "course"))
    settings = best / "pyproject.toml"
    settings.write_text(f'{settings.read_text()}\n[tool.grader.grades]\ncounts = "best"\n')
    shutil.rmtree(place / "class" / "Ana Li")
    write(place / "class" / "Ana Li", {**WRONG})
    shutil.rmtree(place / "class" / "bo")
    write(place / "class" / "bo", {"notes.txt": "x"})
    ran = batch(grader, place, best)
    said = " ".join(ran.out.split())
    assert "1 now, 1 before" in said
    assert "Earlier one 1 submission counts, because the latest has no grade: bo: " in said
    rows = table(place)
    assert (rows["Ana Li"]["final"], rows["bo"]["final"]) == ("4", "2")
    assert rows["bo"]["look at it because"]
    assert json.loads((place / "out/Ana Li/report.json").read_text())["earned"] == 2
    assert "1 submission, for a person to look at: cyd" in said


# lateness


def test_what_lateness_costs_needs_no_grading(
    grader: Command, place: Path, own_course: Path
) -> None:
    settings = own_course / "pyproject.toml"
    late = "[tool.grader.late]\ndue = 2020-01-01T00:00:00Z\npercent_per_day = 10\n"
    settings.write_text(f"{settings.read_text()}\n{late}")
    write(place, {"own.csv": "student,handed_in\nbo,2020-01-02T12:00Z\nzoe,2020-01-02T12:00Z\n"})
    ran = batch(grader, place, own_course, "--deadlines", "own.csv")
    assert "0 now, 3 before" in ran.out
    assert "3 submissions, which lost points by it" in ran.out
    rows = table(place)
    assert {name: (row["final"], row["penalty"]) for name, row in rows.items()} == {
        "Ana Li": ("0", "4"),
        "bo": ("1.6", "0.4"),
        "cyd": ("", ""),
        "di": ("0", "3"),
    }


# comparing


def test_nobody_is_changed_by_an_exam_that_is_the_same(
    grader: Command, graded: Path, small_course: Path
) -> None:
    ran = grader("diff", graded / "class", "--course", small_course, *on(graded))
    assert (ran.code, ran.err) == (0, "")
    assert "None of 4 grades would change." in " ".join(ran.out.split())


def test_who_is_changed_by_another_exam_is_told_before_it_counts(
    grader: Command, place: Path, changed_course: Path
) -> None:
    write(place / "class" / "eve", {**RIGHT})
    grader("override", "di", "--points", "3", "--reason", "oral", *on(place))
    before = (place / "out/gradebook.sqlite3").read_bytes()
    ran = grader("diff", place / "class", "--course", changed_course, *on(place), COLUMNS="120")
    assert (place / "out/gradebook.sqlite3").read_bytes() == before
    said = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (1, ""), ran.out
    assert "2 of 4 grades would change: 2 up, 0 down." in said  # that of di was given by hand
    assert "There would be 8 points, not 4." in said
    assert "1 submission is not in the gradebook yet" in said
    rows = [line.split() for line in ran.out.splitlines() if "│" in line]
    assert ["│", "bo", "│", "2", "│", "3", "│"] in [row[:7] for row in rows]
    assert "relu.test_negatives_vanish: passed → passed (+3)" in said
    assert "relu.test_more: new, passed (1 of 1)" in said


# erasing


def test_nothing_of_who_is_erased_is_left(
    grader: Command, place: Path, small_course: Path, opened: Opened
) -> None:
    book = opened(str(place / "out/gradebook.sqlite3"))
    comment_on_student(book, "Ana Li", "Ana Li knows it all.", "Prof")
    book.close()
    grader("override", "Ana Li", "--points", "3", "--reason", "Ana Li asked", *on(place))
    ran = grader("erase", "Ana Li", "--yes", *on(place))
    assert (ran.code, ran.err) == (0, "")
    assert "Ana Li is erased: 1 attempt, 1 decision, 1 comment, " in ran.out
    files = [path for path in (place / "out").rglob("*") if path.is_file()]
    assert not any(b"Ana Li" in path.read_bytes() for path in files)
    assert {path.parent.name for path in files} == {"out", "bo", "di"}
    assert set(table(place)) == set(exported(grader, place, small_course)) == {"bo", "cyd", "di"}
    assert (place / "class" / "Ana Li").exists()
    assert grader("erase", "Ana Li", "--yes", *on(place)).code == 2
    ran = grader("erase", "bo", "--yes", "--reports", place / "class", *on(place))
    assert f"There is no report of theirs in {place / 'class'}; name another" in ran.out


def test_who_does_not_say_yes_erases_nothing(grader: Command, graded: Path) -> None:
    before = (graded / "out/gradebook.sqlite3").read_bytes()
    ran = grader("erase", "bo", *on(graded))
    assert ran.code == 2
    assert "interrupted" in ran.err  # there is nobody to ask
    assert f"Erase bo from {graded}/out/gradebook.sqlite3 and {graded}/out/bo for good?" in ran.out
    assert (graded / "out/gradebook.sqlite3").read_bytes() == before
    assert (graded / "out/bo/report.html").exists()


# without names


def test_a_class_graded_without_names_shows_none(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    make_class(tmp_path / "class")
    write(tmp_path / "class", {"olaf.zip": b"PK\x03\x04 this is no zip"})
    ran = batch(grader, tmp_path, small_course, "--anonymous")
    names = [*CLASS, "di", "olaf"]
    out = tmp_path / "out"
    files = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".sqlite3"]
    texts = [ran.out, ran.err, *(path.read_text() for path in files), *map(str, files)]
    assert len(files) == 3 * 2 + 2
    for name in names:
        assert [found for text in texts for found in re.findall(rf".*\b{name}\b.*", text)] == []
    rows = table(tmp_path)
    assert all(name.startswith("student-") for name in rows)
    assert sorted(row["final"] for row in rows.values()) == ["", "", "2", "3", "4"]
    assert {row["final"] for row in exported(grader, tmp_path, small_course).values()} == {
        "", "2", "3", "4",
    }  # fmt: skip
    assert set(exported(grader, tmp_path, small_course)) == set(names)
    report = next(json.loads(path.read_text()) for path in files if path.name == "report.json")
    assert report["submission"].startswith("student-")
    again = batch(grader, tmp_path, small_course, "--anonymous")
    assert "0 now, 3 before" in again.out
    assert table(tmp_path) == rows
    ran = grader("diff", tmp_path / "class", "--anonymous", "--course", small_course, *on(tmp_path))
    assert "None of 5 grades" in " ".join(ran.out.split())
    code = next(name for name, row in rows.items() if row["final"] == "2")
    ran = grader("override", code, "--points", "2.5", "--reason", "right", *on(tmp_path))
    assert ran.out.startswith(f"The grade of {code} has 2.5 points by hand.")
    assert exported(grader, tmp_path, small_course)["bo"]["final"] == "2.5"
    assert grader("erase", "bo", "--yes", *on(tmp_path)).code == 0
    assert not (out / code).exists()
    assert code not in table(tmp_path)
