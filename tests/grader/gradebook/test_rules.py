"""The policy of a course, from its settings and from a file of deadlines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.gradebook.policy import Counts, Own, Policy
from grader.gradebook.rules import read_policy
from grader.settings import Settings, read_settings
from tests.grader.conftest import write

DUE = "due = 2026-11-20T23:59:00+01:00\n"
AT = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


def policy(root: Path, late: str = "", *, grades: str = "", **files: str) -> Policy:
    tables = [("grades", grades), ("late", late)]
    text = "".join(f"[tool.grader.{name}]\n{keys}\n" for name, keys in tables if keys)
    write(root, {"pyproject.toml": text})
    write(root, {f"{name}.csv": content for name, content in files.items()})
    return read_policy(root)


def own(root: Path, text: str, late: str = DUE) -> dict[str, Own]:
    return dict(policy(root, f'{late}deadlines = "own.csv"', own=text).own)


def test_a_course_that_says_nothing_has_no_deadline(tmp_path: Path) -> None:
    assert read_policy(tmp_path) == policy(tmp_path) == Policy()


def test_all_keys(tmp_path: Path) -> None:
    late = f'{DUE}grace_minutes = 15\npercent_per_day = 2.5\ncut_off_days = 7\ndeadlines = "d.csv"'
    own = "student,due\nal,2026-12-01T00:00\n"
    found = policy(tmp_path, late, grades='counts = "best"\nbonus = true', d=own)
    assert found == Policy(
        Counts.BEST,
        True,
        AT,
        timedelta(minutes=15),
        2.5,
        timedelta(days=7),
        {"al": Own(datetime(2026, 11, 30, 23, tzinfo=UTC))},
    )
    assert read_settings(tmp_path) == Settings()  # none of it decides what is graded


@pytest.mark.parametrize(
    ("late", "grades", "words"),
    [
        ("due = 2026-11-20T23:59:00", "", "a time with its zone"),
        ("due = 2026-11-20", "", "a time with its zone"),
        ('due = "2026-11-20T23:59:00+01:00"', "", "without quotes"),
        (f"{DUE}percent = 5", "", "'percent', which grader does not know"),
        (f"{DUE}percent_per_day = 101", "", "from 0 to 100"),
        (f"{DUE}grace_minutes = -1", "", "not negative"),
        (f"{DUE}cut_off_days = inf", "", "not negative"),
        (f"{DUE}cut_off_days = true", "", "not negative"),
        (f"{DUE}deadlines = 5", "", "name of a CSV file"),
        (f'{DUE}deadlines = "gone.csv"', "", r"gone.csv cannot be read"),
        ("percent_per_day = 10", "", "not when work is due"),
        ("", 'counts = "first"', '"latest" or "best"'),
        ("", "counts = 1", '"latest" or "best"'),
        ("", "bonus = 1", "true or false"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    tmp_path: Path, late: str, grades: str, words: str
) -> None:
    with pytest.raises(CourseError, match=words) as raised:
        policy(tmp_path, late, grades=grades)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("student,extension\nal,2\nbo,36h\ncy,90m\ndi,1.5 days\ned,\n", [48, 36, 1.5, 36, 0]),
        ("\ufeffstudent;extension\r\nal;1\r\n", [24]),
        ("student\textension\nal\t1\n\t\n", [24]),
        ("student,extension\nal,2 weeks\nbo,30 min\ncy,3 Hours\n", [336, 0.5, 3]),
        ('name,student,extension,why\n"x, y","al",3,ill\n', [72]),
    ],
)
def test_extensions(tmp_path: Path, text: str, expected: list[float]) -> None:
    found = own(tmp_path, text)
    assert [each.extension / timedelta(hours=1) for each in found.values()] == expected
    assert all(each.due is None for each in found.values())


def test_times_have_the_zone_of_the_course_where_they_have_none(tmp_path: Path) -> None:
    found = own(tmp_path, "student,due,handed_in\nal,2026-11-21 12:00,\nbo,,2026-11-21T12:00:00Z\n")
    noon = datetime(2026, 11, 21, 11, tzinfo=UTC)
    assert found == {"al": Own(noon), "bo": Own(handed_in=noon + timedelta(hours=1))}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs a first line"),
        ("student,reason\nal,ill\n", "needs a first line"),
        ("who,due\nal,2026-11-21\n", "needs a first line"),
        ("student,due\nal,2026-11-21 9:00\n", "line 2: '2026-11-21 9:00' is no time"),
        ("student,extension\nal,1\nal,2\n", "line 3: al is there twice"),
        ("student,due\nal,2026-11-21\n", "no time of day. Write it as 2026-11-21T23:59"),
        ("student,handed_in\nal,20261121\n", "line 2: 20261121 has no time of day"),
        ("student,due\nal,tomorrow\n", "line 2: 'tomorrow' is no time"),
        ("student,extension\nal,a week\n", "'a week' is no extension"),
        ("student,extension\nal,1 month\n", "'1 month' is no extension"),
        ("student,extension\nal,-1\n", "'-1' is no extension"),
        ("student,extension\nal,\0\n", "is no extension"),
    ],
)
def test_a_file_that_cannot_be_understood(tmp_path: Path, text: str, words: str) -> None:
    if not text:
        text = "student"
    with pytest.raises(CourseError, match=words):
        own(tmp_path, text + "\nx" if text == "student" else text)


def test_without_a_deadline_of_the_course_each_needs_its_own(tmp_path: Path) -> None:
    for text in ("student,due\nal,2026-11-21T00:00\n", "student,extension\nal,2\n"):
        with pytest.raises(CourseError, match="line 2"):
            own(tmp_path, text, late="")
    assert own(tmp_path, "student,due\nal,2026-11-21T00:00Z\n", late="")["al"].due is not None
