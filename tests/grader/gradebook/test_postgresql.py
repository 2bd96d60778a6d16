"""A class that is graded into PostgreSQL, killed, and graded to its end."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sql

from grader.gradebook.store import Attempt, Gradebook
from tests.grader.conftest import RIGHT, WRONG, Command, environment_of, write
from tests.grader.gradebook.conftest import empty

Opened = Callable[[str], Gradebook]

HALF = {"relu.py": RIGHT["relu.py"]}
CLASS = {"al": RIGHT, "bo": WRONG, "cy": HALF, "di": {"notes.txt": "later"}, "ed": RIGHT}
POINTS = {"al": 4.0, "bo": 2.0, "cy": 3.0, "di": None, "ed": 4.0}


def count(book: Gradebook) -> int:
    with book.transaction() as connection:
        return int(connection.execute(sql.text("SELECT count(earned) FROM attempts")).scalar_one())


def attempts(book: Gradebook) -> dict[str, list[Attempt]]:
    return {name: book.attempts(name) for name in book.students()}


def test_killed_at_any_moment_it_loses_nothing_and_goes_on(
    server: str, opened: Opened, grader: Command, small_course: Path, cache: Path, tmp_path: Path
) -> None:
    for name, files in CLASS.items():
        write(tmp_path / "class" / name, {**files})
    book = opened(empty(server))
    arguments = ("class", "--course", str(small_course), "--gradebook", server, "--jobs", "1")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "batch", *arguments],
        cwd=tmp_path,
        env=environment_of(cache),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while count(book) < 1 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = attempts(book)
    graded = sum(each[0].earned is not None for each in before.values())
    assert graded >= 1
    ran = grader("batch", *arguments, cwd=tmp_path)
    assert (ran.code, ran.err) == (2, "")  # there is nothing of di to grade
    assert f"{4 - graded} now, {graded} before" in ran.out
    after = attempts(book)
    assert {name: each[0].earned for name, each in after.items()} == POINTS
    assert all(after[name] == each for name, each in before.items())
    assert "0 now, 4 before" in grader("batch", *arguments, cwd=tmp_path).out
    assert attempts(book) == after


def test_other_commands_find_it_by_its_url(
    server: str, opened: Opened, grader: Command, small_course: Path
) -> None:
    book = opened(empty(server))
    book.add(Attempt("al", "c1", "e1", "v1", "hidden", earned=1.0, possible=4.0))
    decided = grader("override", "al", "--points", "3.5", "--reason", "oral", "--gradebook", server)
    assert (decided.code, decided.err) == (0, "")
    ran = grader("export", "csv", "--gradebook", server, "--course", small_course)
    assert ran.out.splitlines()[1].startswith("al,3.5,4,1,")
