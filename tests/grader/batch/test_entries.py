"""Whose submission is what, in the layouts of the systems that collect them."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.batch.entries import Entry, find_entries
from grader.errors import SubmissionError
from tests.grader.batch.conftest import packed
from tests.grader.conftest import RIGHT, write


def names(entry: Entry) -> list[str]:
    return [file.name for file in entry.read().files]


def found(folder: Path, *paths: str) -> dict[str, Entry]:
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        content = packed(RIGHT) if path.endswith(".zip") else path.encode().join([b"# ", b"\n"])
        place.write_bytes(content)
    entries = find_entries(folder)
    assert len({entry.student for entry in entries}) == len(entries)
    return {entry.student: entry for entry in entries}


def test_folders_and_files(tmp_path: Path) -> None:
    entries = found(tmp_path, "bob/a.py", "al.py", "cy.zip", "di.ipynb", "ed.v2/a.py", "fay.pdf")
    assert list(entries) == ["al", "bob", "cy", "di", "ed.v2", "fay.pdf"]
    assert names(entries["bob"]) == ["a.py"]
    assert names(entries["cy"]) == ["relu.py", "softmax.py"]
    assert entries["al"].read().name == "al.py"


def test_what_tools_leave_behind_is_nobodys(tmp_path: Path) -> None:
    assert list(found(tmp_path, "al.py", ".DS_Store", "__MACOSX/al.py", ".git/a.py")) == ["al"]


def test_names_that_would_be_the_same_are_told_apart(tmp_path: Path) -> None:
    paths = ("al.py", "al.zip", "al/a.py", "AL.ipynb", "gradebook.sqlite3/a.py", "grades.csv")
    paths += ("gradebook.sqlite3-journal.py",)  # SQLite would find it in the way
    entries = found(tmp_path, *paths)
    assert {student: entry.whole for student, entry in entries.items()} == {
        "al.py": tmp_path / "al.py",
        "al.zip": tmp_path / "al.zip",
        "al": tmp_path / "al",
        "AL.ipynb": tmp_path / "AL.ipynb",
        "gradebook.sqlite3_": tmp_path / "gradebook.sqlite3",
        "gradebook.sqlite3-journal.py": tmp_path / "gradebook.sqlite3-journal.py",
        "grades.csv_": tmp_path / "grades.csv",
    }


def test_nbgrader(tmp_path: Path) -> None:
    paths = ("submitted/al/ps1/relu.ipynb", "submitted/bo/ps1/relu.py", "submitted/bo/ps2/a.py")
    (tmp_path / "nbgrader_config.py").touch()
    entries = found(tmp_path, *paths)
    assert list(entries) == ["al", "bo"]
    assert names(entries["bo"]) == ["ps1/relu.py", "ps2/a.py"]
    assert [each.student for each in find_entries(tmp_path / "submitted")] == ["al", "bo"]


def test_a_student_called_submitted_is_a_student(tmp_path: Path) -> None:
    assert list(found(tmp_path, "submitted/relu.py", "al/relu.py")) == ["al", "submitted"]


def test_moodle_with_folders(tmp_path: Path) -> None:
    entries = found(
        tmp_path,
        "Ana B. Li_1234_assignsubmission_file_/relu.py",
        "Ana B. Li_1235_assignsubmission_file_/relu.py",
        "Bo Ek_77_assignsubmission_file/relu.py",
        "Cy Ho_78_assignsubmission_file_/relu.py",
        "Cy Ho_78_assignsubmission_onlinetext_/onlinetext.html",
    )
    assert list(entries) == ["Ana B. Li_1234", "Ana B. Li_1235", "Bo Ek_77", "Cy Ho_78"]
    assert names(entries["Ana B. Li_1234"]) == ["relu.py"]
    assert names(entries["Cy Ho_78"]) == ["Cy Ho_78_assignsubmission_file_/relu.py"]


def test_moodle_without_folders(tmp_path: Path) -> None:
    entries = found(
        tmp_path,
        "Ana Li_1234_assignsubmission_file_relu.py",
        "Ana Li_1234_assignsubmission_file_softmax.py",
        "Bo Ek_77_assignsubmission_file_my_work.zip",
    )
    assert list(entries) == ["Ana Li_1234", "Bo Ek_77"]
    assert names(entries["Ana Li_1234"]) == ["relu.py", "softmax.py"]
    assert names(entries["Bo Ek_77"]) == ["relu.py", "softmax.py"]


def test_canvas(tmp_path: Path) -> None:
    entries = found(
        tmp_path,
        "liana_123_9001_relu-1.py",
        "liana_123_9002_softmax.py",
        "ekbo_LATE_124_9003_my_1_2_relu.py",
        "LATE_anon_x7Yz1_9004_relu.py",
        "anon_q2Wr5_9005_relu.py",
        "anon_q2Wr5_9008_1_softmax.py",
        "hocy_125_text.html",
        "joedi_126_9006_relu.py",
        "joedi_126_9007_relu-1.py",
    )
    assert list(entries) == [
        "anon_q2Wr5",
        "anon_x7Yz1",
        "ekbo_124",
        "hocy_125",
        "joedi_126",
        "liana_123",
    ]
    assert names(entries["liana_123"]) == ["relu.py", "softmax.py"]
    assert names(entries["ekbo_124"]) == ["my_1_2_relu.py"]
    assert names(entries["anon_q2Wr5"]) == ["1_softmax.py", "relu.py"]
    assert names(entries["joedi_126"]) == ["relu-1.py", "relu.py"]
    with pytest.raises(SubmissionError, match="files like it are not read"):
        entries["hocy_125"].read()


def test_gradescope(tmp_path: Path) -> None:
    paths = ("submission_1/relu.py", "submission_2/relu.py", "submission_metadata.yml")
    assert list(found(tmp_path, *paths)) == ["submission_1", "submission_2"]


def test_files_that_lie_apart_are_one_submission_and_what_is_wrong_is_noted(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"li_1_2_relu.py": "", "li_1_3_old.zip": b"PK", "li_1_4_plan.txt": "x"})
    (entry,) = find_entries(tmp_path)
    submission = entry.read()
    assert (submission.name, [file.name for file in submission.files]) == ("li_1", ["relu.py"])
    assert len(submission.notes) == 2
    assert "old.zip" in submission.notes[0]
    assert str(tmp_path) not in "".join(submission.notes)


def test_a_link_leads_to_nobodys_answers(tmp_path: Path) -> None:
    write(tmp_path / "al", RIGHT)
    (tmp_path / "bo").symlink_to(tmp_path / "al")
    (tmp_path / "cy_1_2_relu.py").symlink_to(tmp_path / "al" / "relu.py")
    for entry in find_entries(tmp_path)[1:]:
        with pytest.raises(SubmissionError, match="is a link"):
            entry.read()


def test_names_of_any_kind(tmp_path: Path) -> None:
    write(tmp_path / "Zoë\n\x1b[31m", RIGHT)
    (entry,) = find_entries(tmp_path)
    assert entry.student == "Zoë\\n\\x1b[31m"
    assert names(entry) == ["relu.py", "softmax.py"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("", "holds no submission"), ("gone", "cannot be read"), ("a.zip", "is one file")],
)
def test_what_holds_no_class(tmp_path: Path, path: str, words: str) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    if path == "a.zip":
        (folder / path).touch()
    with pytest.raises(SubmissionError, match=words):
        find_entries(folder / path)


def test_files_that_are_called_like_their_student_stay_apart_without_the_name(
    tmp_path: Path,
) -> None:
    al = found(tmp_path, "al/ps1/al.py", "al/ps2/al.py", "al/al.py")["al"]
    coded = replace(al, code="student-x").read()
    assert [file.name for file in coded.files] == [
        "student-x.py",
        "ps1/student-x.py",
        "ps2/student-x.py",
    ]


# when it was handed in

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def touch(path: Path, hours: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, ((NOON + timedelta(hours=hours)).timestamp(),) * 2)


def times(folder: Path) -> dict[str, float | None]:
    """Hours after noon."""
    return {
        entry.student: entry.handed_in and (entry.handed_in - NOON) / timedelta(hours=1)
        for entry in find_entries(folder)
    }


def test_the_newest_file_says_when_but_neither_links_nor_what_tools_write(tmp_path: Path) -> None:
    touch(tmp_path / "al/relu.py", 1)
    touch(tmp_path / "al/deep/softmax.py", 2)
    touch(tmp_path / "al/.git/index", 9)
    touch(tmp_path / "al/.DS_Store", 9)
    touch(tmp_path / "bo.zip", 3)
    touch(tmp_path.with_name("later.py"), 9)
    (tmp_path / "al" / "link.py").symlink_to(tmp_path.with_name("later.py"))
    (tmp_path / "cy").mkdir()
    assert times(tmp_path) == {"al": 2, "bo": 3, "cy": None}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-11-20 13:00:00.123456 UTC", 1),
        ("2026-11-20 13:00:00 Europe/Berlin\n", 0),
        ("2026-11-20 13:00:00.5 +0100", 0),
        ("2026-11-20 13:00:00", 1),
        ("yesterday", 5),
        ("2026-11-20 13:00:00 Nowhere/Atall", 5),
        ("2026-11-20 13:00:00 ../../etc/passwd", 5),
    ],
)
def test_nbgrader_notes_when(tmp_path: Path, text: str, hours: float) -> None:
    (tmp_path / "gradebook.db").touch()
    noted(tmp_path / "submitted/al", text)
    for folder in (tmp_path, tmp_path / "submitted"):
        (found,) = times(folder).values()
        assert found == pytest.approx(hours, abs=0.001)


def noted(student: Path, text: str) -> None:
    for ps in ("ps1", "ps2"):
        (student / ps).mkdir(parents=True)
        (student / ps / "timestamp.txt").write_text(text)
        os.utime(student / ps / "timestamp.txt", (0, 0))
    touch(student / "ps1/relu.ipynb", 5)


def test_a_note_that_a_student_hands_in_says_nothing(tmp_path: Path) -> None:
    noted(tmp_path / "submitted/al", "2020-01-01 00:00:00 UTC")
    assert times(tmp_path / "submitted") == {"al": 5}


METADATA = """---
submission_1:
  :submitters:
  - :name: Al
    :sid: '17'
  :history:
  - :id: 5
    :created_at: 2026-11-20 18:00:00.938837000 Z
  :created_at: 2026-11-20 13:00:00.938837000 Z
  :score: 3.0
submission_2:
  :created_at: 2026-11-20T11:00:00.000+01:00
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    :created_at: 1
submission_3:
  :created_at: soon
"""


def test_gradescope_tells_when(tmp_path: Path) -> None:
    for number in (1, 2, 3, 4):
        touch(tmp_path / f"submission_{number}/relu.py", 7)
    (tmp_path / "submission_metadata.yml").write_text(METADATA)
    expected = {"submission_1": 1, "submission_2": -2, "submission_3": 7, "submission_4": 7}
    assert times(tmp_path) == pytest.approx(expected, abs=0.001)


def test_canvas_tells_only_that_it_was_late(tmp_path: Path) -> None:
    names = (
        "li_1_2_a.py",
        "li_1_3_b.py",
        "bo_LATE_2_4_a.py",
        "anon_x_5_a.py",
        "LATE_anon_y_6_a.py",
    )
    for name in names:
        touch(tmp_path / name, 1)
    found = {e.student: (e.handed_in, e.marked_late) for e in find_entries(tmp_path)}
    assert found == {
        "anon_x": (None, False),
        "anon_y": (None, True),
        "bo_2": (None, True),
        "li_1": (None, False),
    }
