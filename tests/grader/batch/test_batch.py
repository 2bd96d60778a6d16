"""A whole class, graded as a person does it: the command, its files, and being stopped."""

import csv
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.grader.batch.conftest import FILES, FOLDERS, NO_GRADE, POINTS, kept, make_class
from tests.grader.conftest import RIGHT, WRONG, Command, Ran, environment_of, fingerprint, write


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graded") / "out"


@pytest.fixture(scope="module")
def whole(grader: Command, course: Path, submissions: Path, out: Path) -> Ran:
    """The class, graded in one undisturbed run."""
    before = fingerprint(submissions)
    ran = grader("batch", submissions, "--course", course, "--out", out, "--jobs", 3)
    assert fingerprint(submissions) == before
    return ran


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def small(folder: Path, **submissions: dict[str, str]) -> Path:
    for name, files in submissions.items():
        write(folder / name, dict(files))
    return folder


def test_everyone_has_the_right_grade_or_none(whole: Ran, out: Path) -> None:
    assert (whole.code, whole.err) == (2, "")
    table = rows(out)
    assert {name: row["earned"] for name, row in table.items()} == {
        **{name: str(points) for name, points in POINTS.items()},
        **dict.fromkeys(NO_GRADE, ""),
    }
    assert all(row["final"] == row["earned"] for row in table.values())
    assert all(row["possible"] == "4" for name, row in table.items() if name in POINTS)
    assert table["quin"]["relu"] == "3"
    assert table["quin"]["softmax"] == "0"


def test_who_has_no_grade_is_told_with_the_reason(whole: Ran, out: Path) -> None:
    table = rows(out)
    printed = " ".join(whole.out.split())
    for name in NO_GRADE:
        assert set(table[name].values()) == {name, "", table[name]["look at it because"]}
        assert table[name]["look at it because"]
        assert f"{name}: " in printed
    assert "it is damaged or is no zip file" in table["olaf"]["look at it because"]
    assert "16 now, 0 before" in printed
    assert "5 submissions, for a person to look at" in printed


def test_everyone_with_a_grade_has_a_report(whole: Ran, out: Path) -> None:
    folders = {path.name for path in out.iterdir() if path.is_dir()}
    assert folders == set(POINTS)
    for name in folders:
        assert sorted(path.name for path in (out / name).iterdir()) == [
            "report.html",
            "report.json",
        ]
        report = json.loads((out / name / "report.json").read_text())
        assert report["earned"] == POINTS[name]


def test_the_gradebook_holds_all_of_it(whole: Ran, out: Path, course: Path) -> None:
    book = kept(out / "gradebook.sqlite3")
    assert set(book) == set(POINTS) | NO_GRADE
    for name, (attempt,) in book.items():
        assert attempt.earned == POINTS.get(name)
        assert bool(attempt.trouble) == (name in NO_GRADE)
        if name in POINTS:
            assert attempt.report == (out / name / "report.json").read_bytes()
            assert attempt.isolation == json.loads(attempt.report)["isolation"]


SAMPLE = ["alice", "bob", "dora hangs", "emil forges", "erna poisons", "jan is broken", "nina"]


@pytest.mark.parametrize("name", [*SAMPLE, "paul"])
def test_a_report_is_the_same_to_the_byte_as_of_a_run_alone(
    whole: Ran, out: Path, cache: Path, course: Path, submissions: Path, tmp_path: Path, name: str
) -> None:
    alone = shutil.copytree(
        cache, tmp_path / "cache", ignore=shutil.ignore_patterns("outcomes.sqlite3*")
    )
    path = next(submissions / each for each in (*FOLDERS, *FILES) if each.startswith(name))
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "grader", "run", str(path), "--course", str(course), "--json"],
        cwd=tmp_path,
        env=environment_of(Path(alone)),
        capture_output=True,
        check=False,
    )
    assert ended.stdout == (out / name / "report.json").read_bytes()


# again


def test_a_second_run_grades_nothing_and_says_so(
    whole: Ran, grader: Command, course: Path, submissions: Path, out: Path
) -> None:
    before, files = kept(out / "gradebook.sqlite3"), contents(out)
    ran = grader("batch", submissions, "--course", course, "--out", out)
    assert ran.code == 2
    assert "0 now, 16 before and unchanged since" in " ".join(ran.out.split())
    assert kept(out / "gradebook.sqlite3") == before
    assert contents(out) == files


def contents(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.suffix != ".sqlite3"
    }


def test_what_is_new_or_changed_is_graded_and_nothing_else(
    grader: Command, own_course: Path, tmp_path: Path
) -> None:
    folder = small(tmp_path / "class", al=RIGHT, bo=WRONG)
    command = ("batch", folder, "--course", own_course, "--out", tmp_path / "out")
    first = grader(*command)
    assert (first.code, first.err) == (0, "")  # points may be missing
    assert "2 now, 0 before" in first.out
    small(folder, bo=RIGHT, cy=WRONG)
    assert "2 now, 1 before" in grader(*command).out
    shutil.rmtree(folder / "al")
    write(folder / "al", {"notes.txt": "lost"})
    third = grader(*command)
    assert (third.code, rows(tmp_path / "out")["al"]["earned"]) == (2, "")
    assert "0 now, 2 before" in third.out
    assert not (tmp_path / "out/al/report.html").exists()
    small(folder, al=RIGHT)
    (tmp_path / "out/bo/report.json").write_text("{}")
    assert "0 now, 3 before" in grader(*command).out
    assert json.loads((tmp_path / "out/bo/report.json").read_text())["earned"] == 4
    assert (tmp_path / "out/al/report.html").exists()
    book = kept(tmp_path / "out/gradebook.sqlite3")
    earned = {name: [attempt.earned for attempt in attempts] for name, attempts in book.items()}
    assert earned == {"al": [4.0, None, 4.0], "bo": [4.0, 2.0], "cy": [2.0]}


def test_a_changed_exam_is_graded_anew_and_the_old_grades_are_kept(
    grader: Command, own_course: Path, tmp_path: Path
) -> None:
    folder = small(tmp_path / "class", al=RIGHT)
    book = tmp_path / "elsewhere.sqlite3"
    command = (
        "batch",
        folder,
        "--course",
        own_course,
        "--out",
        tmp_path / "o",
        "--gradebook",
        book,
    )
    assert "1 now, 0 before" in grader(*command).out
    checks = own_course / "tests/hidden/test_relu.py"
    checks.write_text(checks.read_text().replace("points(2)", "points(5)"))
    assert "1 now, 0 before" in grader(*command).out
    assert [attempt.earned for attempt in kept(book)["al"]] == [7.0, 4.0]
    assert "1 now, 0 before" in grader(*command, "--only", "softmax").out
    assert not (tmp_path / "o/gradebook.sqlite3").exists()


def test_a_void_check_is_no_grade(grader: Command, own_course: Path, tmp_path: Path) -> None:
    checks = own_course / "tests/hidden/test_softmax.py"
    checks.write_text(checks.read_text().replace("1.0", "2.0"))
    folder = small(tmp_path / "class", al=RIGHT)
    ran = grader("batch", folder, "--course", own_course, "--out", tmp_path / "out")
    assert ran.code == 2
    assert rows(tmp_path / "out")["al"] | {"student": ""} == {
        **dict.fromkeys(rows(tmp_path / "out")["al"], ""),
        "look at it because": "1 check is void, by a mistake of ours; the report names what is.",
    }
    assert (tmp_path / "out/al/report.html").exists()


# stopped


def start(cache: Path, course: Path, submissions: Path, out: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "grader",
            "batch",
            str(submissions),
            "--course",
            str(course),
            "--out",
            str(out),
            "--jobs",
            "2",
        ],
        cwd=out.parent,
        env=environment_of(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def count(out: Path) -> int:
    """How many graded attempts a gradebook holds that somebody else is writing."""
    try:
        with sqlite3.connect(f"file:{out}/gradebook.sqlite3?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(earned) FROM attempts").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def stop_at(process: "subprocess.Popen[bytes]", out: Path, attempts: int, how: int) -> bytes:
    while count(out) < attempts and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(how)
    return process.communicate()[1]


@pytest.mark.parametrize("attempts", [0, 3, 9])
def test_killed_and_run_again_ends_in_the_same_gradebook(
    whole: Ran, out: Path, cache: Path, course: Path, tmp_path: Path, attempts: int
) -> None:
    folder, second = make_class(tmp_path / "submissions"), tmp_path / "out"
    process = start(cache, course, folder, second)
    stop_at(process, second, attempts, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    graded = kept(second / "gradebook.sqlite3") if attempts else {}
    assert sum(each[0].earned is not None for each in graded.values()) >= attempts
    again = start(cache, course, folder, second)
    told = again.communicate()[0].decode()
    before = sum(each[0].earned is not None for each in graded.values())
    assert f"{16 - before} now, {before} before" in told
    book = kept(second / "gradebook.sqlite3")
    assert book == kept(out / "gradebook.sqlite3")
    assert contents(second) == contents(out)
    assert all(book[name] == each for name, each in graded.items())
    assert {name: book[name][0].earned for name in POINTS} == POINTS


def test_interrupted_keeps_what_was_graded_and_leaves_nobody_out(
    whole: Ran, cache: Path, course: Path, submissions: Path, tmp_path: Path
) -> None:
    process = start(cache, course, submissions, tmp_path / "out")
    said = stop_at(process, tmp_path / "out", 4, signal.SIGINT)
    assert process.returncode == 2
    assert said == b"grader: interrupted. What was graded is kept.\n"
    table = rows(tmp_path / "out")
    assert set(table) == set(POINTS) | NO_GRADE
    graded = {name for name, row in table.items() if row["earned"]}
    assert 0 < len(graded) < len(POINTS)
    assert all("run ended" in table[name]["look at it because"] for name in {"zoe"} - graded)
    assert {name: int(table[name]["earned"]) for name in graded} == {n: POINTS[n] for n in graded}
    page = (tmp_path / "out/class.html").read_text("utf-8")
    assert {name for name in POINTS if f">{name}</a>" in page} == graded


# what cannot even begin


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["batch", "gone"], "gone cannot be read"),
        (["batch", "class/al/relu.py"], "is one file"),
        (["batch", "class/al", "--only", "sums"], 'has no exercise "sums"'),
        (["batch", "class", "--out", "class/out"], "into which nothing is written"),
        (["batch", "class", "--gradebook", "nosuch://x"], "cannot be used"),
        (["batch", "class", "--jobs", "0"], "--jobs"),
    ],
)
def test_what_cannot_begin_says_why(
    grader: Command, small_course: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    small(tmp_path / "class", al=RIGHT)
    ran = grader(*arguments, "--course", small_course, cwd=tmp_path)
    assert ran.code == 2
    assert words in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


def test_a_kit_grades_a_class_with_its_public_checks(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    assert grader("kit", tmp_path / "kit", "--course", small_course).code == 0
    folder = small(tmp_path / "class", al=RIGHT, bo=WRONG)
    ran = grader("batch", folder, "--course", tmp_path / "kit", "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert {name: row["earned"] for name, row in rows(tmp_path / "out").items()} == {
        "al": "1",
        "bo": "1",
    }


def test_names_are_no_formulas_in_a_spreadsheet(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = small(tmp_path / "class", **{"=1+1": RIGHT, "@sum": WRONG, "[red]x[": WRONG})
    ran = grader("batch", folder, "--course", small_course, "--out", tmp_path / "out")
    assert ran.code == 0
    assert set(rows(tmp_path / "out")) == {"'=1+1", "'@sum", "[red]x["}


def test_grading_one_submission_needs_no_database(
    cache: Path, small_course: Path, right: Path, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-P",
            "-m",
            "grader",
            "run",
            str(right),
            "--course",
            str(small_course),
            "--out",
            str(tmp_path),
        ],
        cwd=tmp_path,
        env=environment_of(cache),
        capture_output=True,
        check=True,
    )
    assert b"grader.report" in ended.stderr
    assert b"sqlalchemy" not in ended.stderr
