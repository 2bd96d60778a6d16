"""Grades of a class as Canvas, Moodle and nbgrader take them, by their documented columns.

nbgrader is too large to be installed for this. By hand, its own CsvExportPlugin (0.9.6) exported a
gradebook with two of these students, due date and times: the same header, and the same cells but
for "6.5,0.0" where ours has "6.5,0".
"""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import OutputError
from grader.exports.cells import number, text
from grader.exports.whole import Wanted, exported
from grader.gradebook.grade import Grade
from grader.gradebook.policy import Own, Policy
from tests.grader.exports.conftest import POLICY, lines, made, written

CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE = [
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
    "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
    "Feedback comments",
]  # fmt: skip
NBGRADER = (
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
    "raw_score,late_submission_penalty,score,max_score"
)


def export(
    form: str, grades: list[Grade], roster: Path | None = None, **more: object
) -> tuple[list[list[str]], list[str]]:
    comments = more.pop("comments", {})
    wanted = Wanted(form, roster, **{"name": "Week 1 (4711)", **more})
    made, remarks = exported(wanted, grades, comments, POLICY, "Title")
    return lines(made), remarks


# what holds for all


@pytest.mark.parametrize("form", ["canvas", "moodle", "nbgrader", "csv"])
def test_who_has_no_grade_has_a_blank_and_no_name_is_a_formula(
    form: str, grades: list[Grade]
) -> None:
    table, _ = export(form, grades)
    (line,) = [line for line in table if any("cmd" in cell for cell in line)]
    assert "'=cmd" in " ".join(line)
    assert "0" not in line[1:] or form == "csv"  # there a penalty of 0 is told
    assert len({len(each) for each in table}) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_text_and_numbers_are_numbers(start: str) -> None:
    assert text(f"{start}1+1").startswith("'")
    assert text(f"a{start}1")[0] == "a"
    assert (text("-"), text("--"), text("- ")) == ("-", "'--", "'- ")
    assert (number(-1.5), number(0.0), number(None)) == ("-1.5", "0", "")


def test_names_are_written_as_people_write_them() -> None:
    for name in ("山田\u3000太郎", "Ana\u00a0Li", "O'Neil, Pat", "cafe\u0301"):
        assert text(name) == name


def test_nobody_graded_is_said() -> None:
    with pytest.raises(OutputError, match="Nobody"):
        export("csv", [])


def test_points_of_another_exam_are_told(grades: list[Grade]) -> None:
    other = made("old")
    assert other.attempt
    other = replace(other, attempt=replace(other.attempt, possible=8.0))
    table, (remark,) = export("canvas", [*grades, other])
    assert table[1][-1] == "10"
    assert "those of old are not" in remark


def test_a_deadline_of_nobody_is_told(grades: list[Grade]) -> None:
    policy = replace(POLICY, own={"di": Own(), "dy": Own()})
    _, remarks = exported(Wanted("csv"), grades, {}, policy, "Title")
    assert [remark for remark in remarks if "names dy, whom" in remark] == remarks != []


# Canvas


def test_canvas_without_its_file_has_the_numbers_of_its_archive(grades: list[Grade]) -> None:
    table, remarks = export("canvas", grades)
    assert remarks == []
    assert table == [
        [*CANVAS, "Week 1 (4711)"],
        ["Points Possible", "", "", "", "", "10"],
        ["Ana Li", "1234", "", "", "", "6.5"],
        ["Bo Ek", "77", "", "", "", "5.85"],
        ["'=cmd", "78", "", "", "", ""],
        ["Cy Ho", "79", "", "", "", "9"],
        ["di", "", "", "di", "", "8.5"],
    ]


CANVAS_FILE = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,"Week 0 (1)",Current Score
    Points Possible,,,,,5,(read only)
"Li, Ana",1234,s1,ana@x.edu,-A,3,
"Ek, Bo",12,77,bo@x.edu,A,,
"Ho, Cy",13,s3,di,A,,
"Mu, Di",14,di,dimu,A,,
"Student, Test",,,,,,
"""


def test_canvas_with_its_file_has_its_students_and_what_is_not_clear_is_told(
    grades: list[Grade], tmp_path: Path
) -> None:
    table, (remark,) = export("canvas", grades, written(tmp_path / "c.csv", CANVAS_FILE))
    assert table[0] == [*CANVAS, "Week 1 (4711)"]
    assert table[2:] == [
        ["Li, Ana", "1234", "s1", "ana@x.edu", "'-A", "6.5"],
        ["Ek, Bo", "12", "77", "bo@x.edu", "A", ""],
        ["Ho, Cy", "13", "s3", "di", "A", "8.5"],  # a login goes before other numbers
        ["Mu, Di", "14", "di", "dimu", "A", ""],
    ]
    assert "Bo Ek_77, =cmd_78, Cy Ho_79" in remark


def test_of_two_who_would_be_one_person_neither_is_placed(tmp_path: Path) -> None:
    twice = [made("Ana Li_1234"), made("ana@x.edu"), made("dimu")]
    table, (remark,) = export("canvas", twice, written(tmp_path / "c.csv", CANVAS_FILE))
    assert [line[-1] for line in table[2:]] == ["", "", "", "6.5"]
    assert "Ana Li_1234, ana@x.edu" in remark


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("canvas", f"{','.join(CANVAS)}\nBo,2024,,bo,A\nAl,77,,al_2024,A\n"),
        ("moodle", "Identifier,Username,Grade\nParticipant 2024,bo,\nParticipant 7,al_2024,\n"),
    ],
)
def test_a_login_that_ends_in_a_number_is_not_that_of_another(
    tmp_path: Path, form: str, content: str
) -> None:
    table, remarks = export(form, [made("al_2024")], written(tmp_path / "all.csv", content))
    assert [any("6.5" in cell for cell in line) for line in table[-2:]] == [False, True]
    assert remarks == []


# Moodle


def test_moodle_without_a_worksheet_has_the_participants_of_its_archive(
    grades: list[Grade],
) -> None:
    comments = {"Ana Li_1234": ["<b> &.\nSee page 3.", "=1"], "di": ["lost"]}
    table, (remark,) = export("moodle", grades, comments=comments)
    assert table[0] == MOODLE
    assert [[line[0], line[1], line[4], line[5], line[-1]] for line in table[1:]] == [
        ["Participant 1234", "Ana Li", "6.5", "10", "&lt;b&gt; &amp;.<br>See page 3.<br>=1"],
        ["Participant 77", "Bo Ek", "5.85", "10", "Handed in late: 0.65 points lost."],
        ["Participant 78", "'=cmd", "", "10", ""],
        ["Participant 79", "Cy Ho", "9", "10", ""],
    ]  # fmt: skip
    assert "It is not clear who di would be" in remark


WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Text,When,Feedback comments
"Participant 1234","Ana Li",ana@x.edu,"Submitted for grading - ",3.00,100.00,"two
lines","Friday, 20 November 2026, 1:00 PM",kept
"Participant 99","Bo Ek",bo@x.edu,-,,100.00,,-,
"Participant 98","Di Mu",di@x.edu,-,,100.00,,-,
"Participant 78","Bo Ek",other@x.edu,-,4.00,100.00,,-,old
"""


def test_a_worksheet_that_is_filled_in_keeps_everything_else(
    grades: list[Grade], tmp_path: Path
) -> None:
    sheet = written(tmp_path / "w.csv", WORKSHEET)
    table, remarks = export("moodle", grades, sheet)
    assert table[0] == lines(WORKSHEET)[0]
    assert [[line[0], line[4], line[-1]] for line in table[1:]] == [
        ["Participant 1234", "6.5", "kept"],
        ["Participant 99", "", ""],  # two are called Bo Ek
        ["Participant 98", "8.5", ""],
        ["Participant 78", "4.00", "old"],
    ]
    assert table[1][6] == "two\\nlines"
    assert "Bo Ek_77, Cy Ho_79" in remarks[0]
    assert "maximum grade is 100, and there are 10 points" in remarks[1]
    table, remarks = export("moodle", grades, sheet, out_of=100.0)
    assert [line[4] for line in table[1:]] == ["65", "", "85", "4.00"]
    assert len(remarks) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "no line"), ("a,b\n1,2\n", "no column 'Identifier'"), ("\0", "no line|cannot be read")],
)
def test_a_file_that_is_not_the_platforms(
    grades: list[Grade], tmp_path: Path, content: str, words: str
) -> None:
    with pytest.raises(OutputError, match=words):
        export("moodle", grades, written(tmp_path / "w.csv", content))
    with pytest.raises(OutputError, match="cannot be read"):
        export("canvas", grades, tmp_path / "gone.csv")


# nbgrader


def test_nbgrader(grades: list[Grade]) -> None:
    table, _ = export("nbgrader", grades, name="ps1")
    assert ",".join(table[0]) == NBGRADER
    due, came = "2026-11-20 22:59:00", "2026-11-20 20:59:00"
    late = "2026-11-21 10:59:00"
    assert table[1:4] == [
        ["ps1", due, came, "Ana Li_1234", "", "", "", "6.5", "0", "6.5", "10"],
        ["ps1", due, late, "Bo Ek_77", "", "", "", "6.5", "0.65", "5.85", "10"],
        ["ps1", due, came, "'=cmd_78", "", "", "", "", "", "", "10"],
    ]
    assert table[4][-4:] == ["6.5", "0.65", "9", "10"]
    assert table[5][-4:] == ["8.5", "0", "8.5", "10"]


def test_everything(grades: list[Grade]) -> None:
    table, _ = export("csv", grades)
    assert table[0] == [
        "student", "final", "possible", "earned", "penalty", "bonus", "relu", "softmax",
        "handed in", "hours late", "by hand", "look at it because",
    ]  # fmt: skip
    came = "2026-11-20 20:59:00+00:00"
    assert table[5] == ["di", "8.5", "10", "6.5", "0", "1", "4.5", "4", came, "",
                        "softmax: 4 (Prof: He asked.)", ""]  # fmt: skip
    assert table[4][1:5] == ["9", "10", "6.5", "0.65"]
    assert table[4][-3:] == ["12", "9 (Prof: He asked.)", ""]
    assert table[3][-1] == "It is damaged."


def test_scaled_points_keep_their_share() -> None:
    table, _ = export("nbgrader", [made("al", late=0.5, softmax=4.0)], out_of=20.0)
    assert table[1][-4:] == ["17", "1.7", "15.3", "20"]


def test_without_a_deadline_no_time_is_made_up() -> None:
    made_one = made("al")
    assert made_one.attempt
    never = replace(made_one, attempt=replace(made_one.attempt, handed_in=None))
    text, _ = exported(Wanted("nbgrader"), [never], {}, Policy(), "Title")
    assert lines(text)[1][:4] == ["Title", "", "", "al"]
