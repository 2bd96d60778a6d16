"""A comment is written once, and stands in the report of everyone who answers so, now and later."""

import json
import shutil
from pathlib import Path

import pytest

from tests.grader.conftest import RIGHT, WRONG, Command, write

COPIED = WRONG | {"relu.py": WRONG["relu.py"].replace("Z", "values") + "\n# my own work\n"}
OTHER = RIGHT | {"relu.py": RIGHT["relu.py"].replace("maximum(0.0, Z)", "maximum(0.25, Z)")}
TEXT = "Compare minimum with maximum."


@pytest.fixture(scope="module")
def graded(
    grader: Command, small_course: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """A class that was graded: the folder of its submissions, and that of its reports."""
    folder = tmp_path_factory.mktemp("class")
    for name, files in {"al": RIGHT, "bo": WRONG, "cy": COPIED, "di": OTHER}.items():
        write(folder / "submissions" / name, files)
    write(folder / "submissions" / "eve", {"notes.txt": "later"})
    batch(grader, small_course, folder)
    return folder / "submissions", folder / "out"


@pytest.fixture
def own(graded: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of both to change."""
    return Path(shutil.copytree(graded[0].parent, tmp_path / "class"))


def batch(grader: Command, course: Path, folder: Path) -> None:
    ran = grader("batch", folder / "submissions", "--course", course, "--out", folder / "out")
    assert ran.code == 2, ran.err  # eve has no grade


def key_of(folder: Path, member: str) -> str:
    page = (folder / "out/class.html").read_text("utf-8")
    card = next(c for c in page.split("<article")[1:] if f">{member}</a>" in c)
    return card.partition("<code>grader comment ")[2][:10]


def comments(folder: Path) -> dict[str, list[str]]:
    found = {}
    for path in sorted(folder.glob("out/*/report.json")):
        texts = [each["text"] for each in json.loads(path.read_bytes())["comments"]]
        page = path.with_name("report.html").read_text("utf-8")
        assert all(text in page for text in texts)
        assert texts or "for you</h2>" not in page
        found[path.parent.name] = texts
    return found


def test_copies_are_a_group_and_reports_are_as_ever(
    graded: tuple[Path, Path], grader: Command, small_course: Path
) -> None:
    submissions, out = graded
    page = (out / "class.html").read_text("utf-8")
    assert page.count("<article") == 1
    assert page.index("<p>eve</p>") < page.index("no .py or .ipynb file")
    ran = grader("run", submissions / "bo", "--course", small_course, "--out", out / "x", "--json")
    assert ran.out.encode() == (out / "bo/report.json").read_bytes()
    shutil.rmtree(out / "x")


def test_it_reaches_members_at_once_and_later(
    own: Path, grader: Command, small_course: Path
) -> None:
    said = grader("comment", key_of(own, "bo"), TEXT, "--author", "Ms Li", "--out", own / "out")
    assert (said.code, said.err) == (0, "")
    assert said.out == "For 2: bo, cy.\nWritten anew: 2 of 4 reports, and class.html.\n"
    assert comments(own) == {"al": [], "bo": [TEXT], "cy": [TEXT], "di": []}
    assert TEXT in (own / "out/class.html").read_text("utf-8")
    page = (own / "out/bo/report.html").read_text("utf-8")
    assert 'Ms Li, on <a href="#relu">' in page

    write(own / "submissions" / "fay", COPIED)
    write(own / "submissions" / "cy", RIGHT)
    batch(grader, small_course, own)
    assert comments(own) == {"al": [], "bo": [TEXT], "cy": [], "di": [], "fay": [TEXT]}
    assert "eve" in (own / "out/class.html").read_text("utf-8")

    listed = grader("comment", "--list", "--out", own / "out")
    assert listed.out.endswith(f": {TEXT}\n")
    assert grader("comment", "--remove", "1", "--out", own / "out").code == 0
    assert set(map(tuple, comments(own).values())) == {()}


def test_a_class_page_that_is_gone_is_written_again(own: Path, grader: Command) -> None:
    page = own / "out/class.html"
    before = page.read_bytes()
    page.unlink()
    assert grader("comment", "--student", "di", "Hm.", cwd=own / "out").code == 0
    assert page.read_bytes() == before


def test_one_student_can_have_a_comment_alone(own: Path, grader: Command) -> None:
    folder = own / "out"
    assert grader("comment", "--student", "di", "<b>So near.</b>", cwd=folder).code == 0
    texts = [
        json.loads((folder / n / "report.json").read_bytes())["comments"] for n in ("di", "bo")
    ]
    assert texts == [[{"text": "<b>So near.</b>", "author": "", "exercise": ""}], []]
    page = (folder / "di/report.html").read_text("utf-8")
    assert "&lt;b&gt;So near.&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["0123456789", "Well."], "There is no group 0123456789; class.html shows the key of each"),
        ([], "Name the group and write the text"),
        (["KEY"], "The text is missing: give it behind the group, in quotes."),
        (["KEY", " "], "The text is missing"),
        (["--student", "eve", "Well."], "eve has no report here; class.html names all"),
        (["--remove", "7"], "There is no comment 7; `grader comment --list` shows all."),
        (["KEY", "Well.", "--gradebook", "none.sqlite3"], "There is no gradebook none.sqlite3"),
        (["KEY", "Well.", "--out", "nowhere"], "nowhere has no grades.csv; name the folder that"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    graded: tuple[Path, Path], grader: Command, arguments: list[str], said: str
) -> None:
    key = key_of(graded[1].parent, "bo")
    ran = grader("comment", *(key if each == "KEY" else each for each in arguments), cwd=graded[1])
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_where_there_is_no_class_that_is_told(tmp_path: Path, grader: Command) -> None:
    ran = grader("comment", "0123456789", "Well.", cwd=tmp_path)
    assert (ran.code, ran.err) == (
        2,
        "grader: There is no class in grader-report/ here; name its folder with --out.\n",
    )
