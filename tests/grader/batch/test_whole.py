"""One submission can neither harm another nor stop the run, whatever happens to its examiners."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch import ahead
from grader.batch.entries import Entry, find_entries
from grader.batch.row import Row
from grader.batch.whole import Class, grade_class
from grader.checks.messages import Job
from grader.checks.watch import Examiner
from grader.errors import SandboxError
from tests.grader.batch.conftest import relu
from tests.grader.conftest import RIGHT, WRONG, write

Opened = Callable[..., Class]


@pytest.fixture(autouse=True)
def own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(cache))


def graded(what: Class, entries: list[Entry], at_once: int = 1) -> dict[str, Row]:
    try:
        return {row.student: row for row in grade_class(what, entries, at_once, lambda _: None)}
    finally:
        what.gradebook.close()


def class_of(folder: Path, **submissions: dict[str, str | bytes]) -> list[Entry]:
    for name, files in submissions.items():
        write(folder / name, files)
    return find_entries(folder)


def failing(monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, only: str) -> list[str]:
    """Break a method of examiners for jobs that hold this text; returns who was tried."""
    real, tried = getattr(Examiner, method), []

    def broken(self: Examiner, argument: object) -> None:
        job = argument if isinstance(argument, Job) else self._job
        assert isinstance(job, Job)
        if any(only in cell for file in job.files for cell in file.cells):
            tried.append(method)
            raise error
        real(self, argument)

    monkeypatch.setattr(Examiner, method, broken)
    return tried


def test_order_and_neighbours_change_nothing(
    opened: Opened, course: Path, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"alice", "carol", "erna poisons", "emil forges", "mia swaps", "gina has an error"}
    entries = [entry for entry in find_entries(submissions) if entry.student in names]
    reports = []
    for number, order in enumerate([entries, entries[::-1]]):
        monkeypatch.setenv("GRADER_CACHE", str(tmp_path / f"cache{number}"))
        what = opened(f"out{number}")
        graded(what, order)
        reports.append({n: (what.out / n / "report.json").read_bytes() for n in sorted(names)})
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("begin", OSError("no more processes")),
        ("listen", SandboxError("The examiner could not run the checks.")),
        ("listen", OSError("no more files")),
    ],
)
def test_an_examiner_that_cannot_go_on_costs_one_submission(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception
) -> None:
    tried = failing(monkeypatch, method, error, "poison")
    entries = class_of(tmp_path / "c", al=dict(RIGHT), bo=relu("return 'poison'"), cy=dict(WRONG))
    rows = graded(opened(), entries, at_once=2)
    assert tried == [method] * 2
    assert {name: row.earned for name, row in rows.items()} == {"al": 4.0, "bo": None, "cy": 2.0}
    assert str(error) in rows["bo"].trouble
    (attempt,) = opened().gradebook.attempts("bo")
    assert (attempt.earned, attempt.trouble) == (None, rows["bo"].trouble)
    assert attempt.content is not None


def test_a_submission_that_had_no_grade_is_tried_again(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = class_of(tmp_path / "c", al=dict(RIGHT))
    with monkeypatch.context() as broken:
        failing(broken, "begin", OSError("full"), "")
        assert graded(opened(), entries)["al"].earned is None
    rows = [graded(opened(), entries)["al"] for _ in range(2)]
    assert [(row.earned, row.is_new) for row in rows] == [(4.0, True), (4.0, False)]


def test_where_nothing_can_be_graded_the_run_ends(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "listen", SandboxError("There is no sandbox."), "")
    entries = class_of(tmp_path / "c", **{name: dict(RIGHT) for name in "abcde"})
    with pytest.raises(SandboxError, match="no sandbox"):
        graded(opened(), entries)
    kept = [len(opened().gradebook.attempts(name)) for name in "abcde"]
    assert sorted(kept) == [0, 0, 0, 1, 1]  # entries are read in any order


def test_a_mistake_of_ours_while_reading_is_that_submissions_alone(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Entry.read

    def read(entry: Entry) -> object:
        if entry.student == "bo":
            raise RecursionError("too deep")
        return real(entry)

    monkeypatch.setattr(ahead.Entry, "read", read)
    rows = graded(opened(), class_of(tmp_path / "c", al=dict(RIGHT), bo=dict(RIGHT)))
    assert rows["al"].earned == 4.0
    assert rows["bo"].earned is None
    assert "mistake of grader itself: RecursionError" in rows["bo"].trouble


def test_a_report_that_cannot_be_written_is_told(opened: Opened, tmp_path: Path) -> None:
    what = opened()
    (what.out / "bo").write_text("in the way")
    rows = graded(what, class_of(tmp_path / "c", al=dict(RIGHT), bo=dict(RIGHT)))
    assert (rows["al"].earned, rows["bo"].earned) == (4.0, None)
    assert "cannot be written" in rows["bo"].trouble


def test_examiners_are_not_kept_for_ever(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.crew.LIFETIME", 2)
    started = []
    real = Examiner._tell
    monkeypatch.setattr(
        Examiner,
        "_tell",
        lambda self, message: (started.append(type(message)), real(self, message)),
    )
    rows = graded(opened(), class_of(tmp_path / "c", **{name: dict(RIGHT) for name in "abcde"}))
    assert [row.earned for row in rows.values()] == [4.0] * 5
    assert len([each for each in started if each is not Job]) == 3
