"""A class graded by the workers of a dask scheduler, each in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from types import SimpleNamespace

import pytest

from grader.batch.cluster import Cluster, _Turn
from grader.batch.entries import find_entries
from grader.batch.row import Row
from grader.batch.there import Exam, exam_of, examine_there
from grader.batch.whole import Class, grade_class
from grader.checks.messages import encode
from grader.checks.run import job_of
from grader.errors import SandboxError
from grader.model import Isolation, Suite
from grader.submission import read_submission
from tests.grader.batch.conftest import POINTS, kept, relu
from tests.grader.conftest import RIGHT, write

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(cache))


@pytest.fixture
def start(cache: Path) -> Iterator[Start]:
    """Starts `dask ...` beside the tests, and ends it with them."""
    started = []

    def run(*words: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "GRADER_CACHE": str(cache)},
        )
        started.append(process)
        return process

    yield run
    for process in reversed(started):
        process.kill()
        process.communicate()


@pytest.fixture
def scheduler(start: Start) -> str:
    return started_scheduler(start)[1]


def started_scheduler(start: Start) -> "tuple[subprocess.Popen[str], str]":
    process = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert process.stderr is not None
    found = (re.search(r"Scheduler at:\s+(tcp://\S+)", line) for line in process.stderr)
    return process, next(each[1] for each in found if each)


def worker(start: Start, scheduler: str) -> "subprocess.Popen[str]":
    return start("worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard")


def graded(what: Class, folder: Path, scheduler: str) -> Iterator[Row]:
    yield from grade_class(what, find_entries(folder), 1, lambda _: None, scheduler)


def test_a_class_is_graded_elsewhere_as_it_is_here_though_a_worker_dies(
    opened: Callable[..., Class], submissions: Path, start: Start, scheduler: str, tmp_path: Path
) -> None:
    workers = [worker(start, scheduler) for _ in range(3)]
    there = opened("there")
    rows = {}
    for row in graded(there, submissions, scheduler):
        rows[row.student] = row
        if len([each for each in rows.values() if each.earned is not None]) == 3:
            workers[0].send_signal(signal.SIGKILL)
    there.gradebook.close()
    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    assert {name: row.earned for name, row in rows.items() if row.earned is not None} == POINTS
    here = opened("here")
    assert len(list(grade_class(here, find_entries(submissions), 2, lambda _: None))) == len(rows)
    here.gradebook.close()
    assert kept(tmp_path / "there/gradebook.sqlite3") == kept(tmp_path / "here/gradebook.sqlite3")
    for name in POINTS:
        reports = [tmp_path / place / name / "report.json" for place in ("there", "here")]
        assert reports[0].read_bytes() == reports[1].read_bytes()


class Ended:
    """What was sent, once it has failed."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def result(self) -> None:
        raise self.error


def ended(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[tuple[str, object]]:
    """What a cluster says of a submission that was sent for the last time."""
    client = SimpleNamespace(
        status="running", nthreads=lambda: {"w": 1}, cancel=lambda _: None, close=lambda: None
    )
    monkeypatch.setattr("grader.batch.cluster._connected", lambda _: client)
    future = Ended(error)
    with closing(Cluster(Exam("", Suite.HIDDEN, "", "", Isolation.NONE), "tcp://x")) as cluster:
        cluster._at[future] = _Turn("al", b"", tries=2)
        told = list(cluster._take(future))
        wake = cluster._wake
    with TemporaryFile() as other:
        os.dup2(other.fileno(), wake)  # a number that is free is given to the next file
        cluster._finish(future)
        assert os.fstat(wake).st_size == 0
        os.close(wake)
    return told


def test_a_worker_that_lacks_something_is_not_taken_for_the_scheduler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ((what, found),) = ended(monkeypatch, ModuleNotFoundError("No module named 'grader'"))
    assert what == "al"
    assert "could not examine it (ModuleNotFoundError" in str(found)
    with pytest.raises(SandboxError, match="is gone"):
        ended(monkeypatch, CancelledError())


def test_no_scheduler_is_told(opened: Callable[..., Class], monkeypatch) -> None:
    monkeypatch.setattr("grader.batch.cluster.JOIN_SECONDS", 0.5)
    with pytest.raises(SandboxError, match="no dask scheduler at tcp:"):
        Cluster(_exam(opened()), "tcp://127.0.0.1:9")


def test_a_scheduler_without_workers_is_told(
    opened: Callable[..., Class], scheduler: str, monkeypatch
) -> None:
    monkeypatch.setattr("grader.batch.cluster.JOIN_SECONDS", 1.0)
    with pytest.raises(SandboxError, match="No worker has joined"):
        Cluster(_exam(opened()), scheduler)


def _exam(what: Class) -> Exam:
    what.gradebook.close()
    return exam_of(what.course, what.suite, what.lowest)


def test_a_machine_with_another_course_does_not_examine(
    opened: Callable[..., Class], tmp_path: Path
) -> None:
    what = opened()
    exam = _exam(what)
    job = encode(job_of(what.course, read_submission(write(tmp_path / "sub", dict(RIGHT)))))
    other = Exam(exam.root, exam.suite, "another", exam.tool, Isolation.LANDLOCK)
    assert "another version there" in json.loads(examine_there(other, job))["message"]
    gone = Exam(str(tmp_path), exam.suite, exam.version, exam.tool, exam.lowest)
    assert json.loads(examine_there(gone, job))["type"] == "Broken"


def test_a_scheduler_that_goes_away_loses_nothing_that_was_graded(
    opened: Callable[..., Class], start: Start, tmp_path: Path
) -> None:
    process, address = started_scheduler(start)
    worker(start, address)
    for name in "abcdef":
        write(tmp_path / "class" / name, relu(f"return np.maximum(Z, 0.0)  # {name}"))
    what, graded_first = opened(), []
    with pytest.raises(SandboxError, match="gone"), closing(what.gradebook):
        for row in graded(what, tmp_path / "class", address):
            graded_first.append(row.student)
            process.kill()
            process.wait()
    again = opened()
    with closing(again.gradebook):
        rows = list(grade_class(again, find_entries(tmp_path / "class"), 2, lambda _: None))
    assert graded_first
    assert {row.student for row in rows if not row.is_new} == set(graded_first)
    assert [row.earned for row in rows] == [4.0] * 6
