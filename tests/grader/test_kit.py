"""Kits: all that students need, nothing that is not theirs, and checks that run inside."""

import ast
import json
import shutil
from pathlib import Path

import pytest

from grader.contents import is_kit, read_contents
from grader.course import HELPERS, open_course
from grader.errors import CourseError, OutputError
from grader.handout import kit_files, write_kit
from grader.mistakes import read_mistakes
from grader.model import Exercise
from tests.grader.conftest import RIGHT, ROOT, Command, fingerprint, write
from tests.grader.miniature import HEAD

NAMES = {
    "README.md",
    "syllabus.json",
    "exercises/relu.py",
    "exercises/relu.ipynb",
    "exercises/softmax.py",
    "exercises/softmax.ipynb",
    "tests/public/test_relu.py",
}


@pytest.fixture
def kit(small_course: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "week 1"
    write_kit(small_course, folder)
    return folder


def fill_in(kit: Path, name: str, old: str, new: str) -> None:
    """Answer in a module or a notebook of a kit, as an editor would."""
    path = kit / "exercises" / name
    text = path.read_text()
    if name.endswith(".ipynb"):
        old, new = (json.dumps(each)[1:-1] for each in (old, new))
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


BLANK = 'raise NotImplementedError("Write relu here.")'
NEGATIVE = "return np.minimum(0.0, Z) - 1.0"


# what is in it


def test_a_kit_is_the_same_however_the_files_of_the_course_look(own_course: Path) -> None:
    (own_course / "exercises").mkdir()
    (own_course / "exercises/relu.py").write_text("stale")
    write(own_course / "exercises/helpers", {"relu_utils.py": "A = 1\n"})
    write(own_course / "tests/public", {"test_unlisted.py": "", "tools.py": "", ".x.py": ""})
    write(own_course / "tests/public/__pycache__", {"a.pyc": ""})
    files = kit_files(own_course)
    assert files.keys() == NAMES | {"exercises/relu_utils.py", "tests/public/tools.py"}
    assert b"Write relu here." in files["exercises/relu.py"]
    assert (
        files["tests/public/test_relu.py"]
        == (own_course / "tests/public/test_relu.py").read_bytes()
    )


def test_what_it_knows_of_the_course(kit: Path, small_course: Path) -> None:
    course, opened = open_course(small_course), open_course(kit)
    assert is_kit(kit)
    assert not is_kit(small_course)
    assert (opened.title, opened.settings, opened.is_kit) == (course.title, course.settings, True)
    listed = [(e.name, e.title, e.functions) for e in opened.exercises]
    assert listed == [(e.name, e.title, e.functions) for e in course.exercises]
    assert [check.name for e in opened.exercises for check in e.checks] == ["test_zero"]
    assert read_contents(kit).exercises[0].functions == {"relu": ("Z",), "slope": ("Z",)}


def test_helper_modules_and_checks_are_in_its_version(own_course: Path, tmp_path: Path) -> None:
    write(own_course / "exercises/helpers", {"relu_utils.py": "A = 1\n"})
    write_kit(own_course, tmp_path / "kit")
    assert open_course(tmp_path / "kit").helpers == {"relu_utils": "A = 1\n"}
    versions = set()
    for name in ("README.md", "exercises/relu_utils.py", "tests/public/test_relu.py"):
        with (tmp_path / "kit" / name).open("a") as file:
            file.write("# more\n")
        versions.add(open_course(tmp_path / "kit").version)
    assert len(versions) == 3


def test_every_kind_of_parameter_is_named(own_course: Path) -> None:
    path = own_course / "reference/relu.py"
    path.write_text(path.read_text().replace("def relu(Z)", "def relu(Z, /, a, *b, c=1, **d)"))
    contents = json.loads(kit_files(own_course)["syllabus.json"])
    assert contents["exercises"][0]["functions"]["relu"] == ["Z", "a", "b", "c", "d"]


def test_the_readme_fits_the_course(kit: Path) -> None:
    text = (kit / "README.md").read_text()
    assert text.startswith("# Miniature\n")
    assert "| Doubling | `exercises/relu.ipynb` | 2 |" in text
    assert "more than 20 s of computing, or 60 s in all" in text
    assert "grader run . --only relu" in text
    assert "$" not in text


def functions_of(exercise: Exercise) -> tuple[list[ast.FunctionDef], list[ast.FunctionDef]]:
    """The functions of a reference that students have to write, and those that they are given."""
    tree = ast.parse((ROOT / f"reference/{exercise.name}.py").read_text())
    planted = {m.function for m in read_mistakes(ROOT, exercise.name) if m.planted}
    written = set(exercise.functions) - planted
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [n for n in nodes if n.name in written], [n for n in nodes if n.name not in written]


def lines_of(node: ast.FunctionDef) -> set[str]:
    """The lines of its body, without the docstring."""
    return {line.strip() for each in node.body[1:] for line in ast.unparse(each).split("\n")}


def secrets() -> set[str]:
    """Lines that students have to find, and what the hidden checks tell."""
    helpers = [ast.unparse(ast.parse(p.read_text())) for p in (ROOT / HELPERS).glob("*.py")]
    given = {line.strip() for text in helpers for line in text.split("\n")}
    secret: set[str] = set()
    for exercise in open_course(ROOT).exercises:
        to_write, whole = functions_of(exercise)
        secret.update(*map(lines_of, to_write))
        given.update(*map(lines_of, whole))
        shown = [ast.get_docstring(node) or "" for node in (*to_write, *whole)]
        given |= {line.strip() for text in shown for line in text.split("\n")}
        secret |= {text for check in exercise.checks for text in (check.title, check.hint)}
    return {line for line in secret - given if len(line) > 20}


def test_nothing_of_references_and_hidden_checks_is_in_the_kit_of_this_course() -> None:
    files = kit_files(ROOT)
    assert len(files) > 50
    assert not [name for name in files if "hidden" in name or "reference" in name]
    assert not [name for name in files if "mistake" in name]
    lines = secrets()
    assert len(lines) > 600
    for name, content in files.items():
        text = content.decode()
        if name.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        assert not [line for line in lines if line in text], name
    for path in (ROOT / "reference").rglob("*.*"):
        assert path.read_bytes() not in files.values() or not path.read_bytes()


def test_a_kit_that_would_give_something_away_is_not_made(own_course: Path) -> None:
    path = own_course / "tests/public/test_relu.py"
    for line in (
        "from reference.relu import relu",
        "import reference",
        "from tests.hidden.laws import x",
        "from tests import hidden",
    ):
        text = path.read_text()
        path.write_text(f"{line}\n{text}")
        with pytest.raises(CourseError, match=r"test_relu\.py, line 1, imports (reference|tests)"):
            kit_files(own_course)
        path.write_text(text)
    write(own_course / "exercises/helpers", {"relu.py": "A = 1\n"})
    with pytest.raises(CourseError, match=r"helpers/relu\.py has the name of an exercise"):
        kit_files(own_course)


# writing it


def test_written_again_nothing_changes(kit: Path, small_course: Path) -> None:
    before = fingerprint(kit)
    assert write_kit(small_course, kit) == []
    assert fingerprint(kit) == before
    (kit / "exercises/relu.py").unlink()
    assert write_kit(small_course, kit) == [kit / "exercises/relu.py"]


def test_work_is_never_lost(kit: Path, small_course: Path) -> None:
    (kit / "README.md").unlink()
    (kit / "exercises/softmax.py").write_text("my work")
    before = fingerprint(kit)
    with pytest.raises(OutputError) as caught:
        write_kit(small_course, kit)
    assert str(caught.value) == (
        f"Nothing was written, so that no work is lost: {kit / 'exercises/softmax.py'} would be "
        "overwritten. Name another folder, or move it away."
    )
    (kit / "syllabus.json").write_text("mine too")
    with pytest.raises(OutputError, match=r"syllabus\.json and 1 more would be .* move them away"):
        write_kit(small_course, kit)
    (kit / "syllabus.json").unlink()
    (kit / "syllabus.json").mkdir()
    with pytest.raises(OutputError, match="Nothing was written"):
        write_kit(small_course, kit)
    assert not (kit / "README.md").exists()
    assert before.keys() == fingerprint(kit).keys()


def test_places_where_no_kit_can_be(own_course: Path, tmp_path: Path) -> None:
    for folder in (own_course, own_course / "tests", own_course / "exercises/new"):
        with pytest.raises(OutputError, match=r"(is a|in a room of the) course\. Name another"):
            write_kit(own_course, folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file is no folder\. Name another"):
        write_kit(own_course, tmp_path / "file")
    with pytest.raises(OutputError, match=r"file/a/.* cannot be written"):
        write_kit(own_course, tmp_path / "file" / "a")
    assert not (own_course / "exercises").exists()
    assert len(write_kit(own_course, own_course / "kits" / "alice")) == len(NAMES)


def test_the_command(grader: Command, own_course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "kit"
    ran = grader("kit", folder, cwd=own_course)
    said = f"{folder}: wrote {len(NAMES)} files. Students start with README.md.\n"
    assert (ran.code, ran.out, ran.err) == (0, said, "")
    (folder / "README.md").write_text("mine")
    ran = grader("kit", folder, cwd=own_course)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: Nothing was written, so that no work is lost: ")
    assert ran.err.count("\n") == 1


# working in it


@pytest.mark.parametrize("name", ["relu.py", "relu.ipynb"])
def test_what_is_filled_in_is_graded_whichever_file_it_is(
    grader: Command, kit: Path, name: str
) -> None:
    blank = grader("run", ".", "--json", cwd=kit)
    assert (blank.code, blank.err, blank.statuses) == (1, "", {"relu.zero": "not_started"})
    assert blank.report["suite"] == "public"
    fill_in(kit, name, BLANK, "return np.maximum(0.0, Z)")
    before = fingerprint(kit)
    ran = grader("run", ".", "--json", cwd=kit)
    assert (ran.code, ran.err, ran.statuses) == (0, "", {"relu.zero": "passed"})
    assert ran.report["exercises"][0]["file"] == f"exercises/{name}"
    assert fingerprint(kit) == before
    assert (kit.parent / "grader-report/week 1/report.html").is_file()


def test_a_wrong_answer_is_shown_with_the_names_of_the_parameters(
    grader: Command, kit: Path
) -> None:
    fill_in(kit, "relu.ipynb", BLANK, NEGATIVE)
    check = grader("run", ".", "--json", cwd=kit).checks["relu.zero"]
    assert (check["status"], check["earned"]) == ("failed", 0.0)
    assert check["example"] == "Z = np.array([[0.]])\nrelu(Z)"
    said = grader("run", ".", cwd=kit).out
    assert "the public checks; those that decide a grade did not run" in said


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("submission.relu(np.zeros((1, 1))).nothing", "failed"),
        ("submission.relu(np.zeros((1, 1))); raise MemoryError", "failed"),
        ("raise ValueError; submission.relu(1.0)", "void"),
    ],
)
def test_without_a_reference_no_answer_makes_a_check_void(
    grader: Command, kit: Path, body: str, status: str
) -> None:
    fill_in(kit, "relu.py", BLANK, "return np.maximum(0.0, Z)")
    check = f'def test_zero(submission):\n    """The answer at 0 is 0."""\n    {body}\n'
    (kit / "tests/public/test_relu.py").write_text(HEAD + check)
    assert grader("run", ".", "--json", cwd=kit).statuses == {"relu.zero": status}


def test_a_check_that_assumes_something_of_an_answer_is_graded(grader: Command, kit: Path) -> None:
    fill_in(kit, "relu.py", BLANK, "return np.maximum(0.0, Z)")
    check = '''
@given(some.matrices())
def test_zero(submission, Z):
    """The answer at 0 is 0."""
    assume(submission.relu(Z)[0, 0] > 0.0)
'''
    (kit / "tests/public/test_relu.py").write_text(HEAD + check)
    assert grader("run", ".", "--json", cwd=kit).statuses == {"relu.zero": "passed"}


def test_a_simple_example_is_found_without_a_reference(grader: Command, kit: Path) -> None:
    fill_in(kit, "relu.py", BLANK, "return np.maximum(0.0, Z) + (Z.size > 2)")
    check = '''
@given(some.matrices())
def test_zero(submission, Z):
    """The positive part."""
    expect.close(submission.relu(Z), (Z + abs(Z)) / 2, "A")
'''
    (kit / "tests/public/test_relu.py").write_text(HEAD + check)
    found = grader("run", ".", "--json", cwd=kit).checks["relu.zero"]
    assert found["example"].count("0.") in (3, 4)


def test_modules_of_the_student_stand_for_none_of_ours(grader: Command, kit: Path) -> None:
    raises = "raise SystemExit('imported')\n"
    names = ("numpy", "random", "grader", "pytest", "hypothesis", "json", "conftest", "tests")
    write(kit, {f"{name}.py": raises for name in names} | {"pytest.ini": "[pytest]\naddopts = -x"})
    fill_in(kit, "relu.py", BLANK, "return np.maximum(0.0, Z)")
    ran = grader("run", ".", "--json", cwd=kit)
    assert (ran.code, ran.err, ran.statuses) == (0, "", {"relu.zero": "passed"})


# which course counts


def test_a_course_around_goes_before_a_kit(
    grader: Command, own_course: Path, kit: Path, small_course: Path
) -> None:
    inside = Path(shutil.copytree(kit, own_course / "handed in" / "alice"))
    for cwd, submission in ((inside, "."), (inside, "exercises"), (own_course, inside)):
        report = grader("run", submission, "--json", cwd=cwd).report
        assert report["suite"] == "hidden"
    report = grader("run", ".", "--json", "--course", small_course, cwd=kit).report
    assert report["suite"] == "hidden"


def test_the_kit_that_someone_works_in_is_found(grader: Command, kit: Path) -> None:
    for cwd, submission in (
        (kit, "."),
        (kit, "exercises"),
        (kit, "exercises/relu.py"),
        (kit / "exercises", "relu.py"),
        (kit / "exercises", ".."),
    ):
        ran = grader("run", submission, "--json", "--out", kit.parent / "out", cwd=cwd)
        assert (ran.code, ran.err, ran.report["suite"]) == (1, "", "public"), (cwd, submission)


def test_a_kit_that_someone_hands_in_is_not_run_unasked(
    grader: Command, kit: Path, tmp_path: Path
) -> None:
    """Its checks may be anything, and would run outside of the sandbox."""
    (kit / "tests/public/test_relu.py").write_text("raise SystemExit('ran')\n")
    ran = grader("run", kit, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "No course was found" in ran.err
    assert "ran" not in ran.err.split()


def test_it_can_be_named(grader: Command, kit: Path, right: Path, tmp_path: Path) -> None:
    ran = grader("run", right, "--json", "--course", kit, cwd=tmp_path)
    assert (ran.code, ran.statuses) == (0, {"relu.zero": "passed"})
    ran = grader("run", kit, "--json", "--course", kit, cwd=tmp_path)
    assert (ran.code, ran.err, ran.statuses) == (1, "", {"relu.zero": "not_started"})


@pytest.mark.parametrize("secret", ["reference", "tests/hidden"])
def test_with_a_room_of_secrets_it_is_no_kit(
    grader: Command, kit: Path, tmp_path: Path, secret: str
) -> None:
    (kit / secret).mkdir()
    ran = grader("run", ".", cwd=kit)
    assert (ran.code, ran.out) == (2, "")
    assert "No course was found" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("run . --suite hidden", "is a kit for students, which has no hidden checks but"),
        ("run . --suite all", "is a kit for students, which has no all checks but"),
        ("stubs", "is a kit for students: it has no references. Run this in the course itself"),
        ("kit other", "is a kit for students: it has no references."),
        ("run . --only rule", 'has no exercise "rule". It has: relu, softmax.'),
    ],
)
def test_what_needs_the_course_says_so(
    grader: Command, kit: Path, arguments: str, words: str
) -> None:
    ran = grader(*arguments.split(), cwd=kit)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not as grader wrote it ("),
        ("[]", "is not as grader wrote it (Expected `object`, got `array`)"),
        ('{"title": 1}', "is not as grader wrote it (Expected `str`, got `int` - at `$.title`)"),
        (b"\xff", "is not as grader wrote it ("),
    ],
)
def test_a_syllabus_that_is_damaged(
    grader: Command, kit: Path, text: str | bytes, words: str
) -> None:
    write(kit, {"syllabus.json": text})
    ran = grader("run", ".", cwd=kit)
    assert (ran.code, ran.out) == (2, "")
    assert f"{kit / 'syllabus.json'} {words}" in ran.err
    assert ran.err.endswith("Take this file from the kit again.\n")


def test_list_in_a_kit(grader: Command, kit: Path) -> None:
    assert grader("list", cwd=kit / "exercises").out == (
        "Miniature\n\n"
        "relu: Doubling, 1 check, 1 point\n    relu\n    slope\n"
        "    stub: exercises/relu.py\n    notebook: exercises/relu.ipynb\n"
        "    public checks: tests/public/test_relu.py\n\n"
        "softmax: Doubling, 0 checks, 0 points\n    softmax\n"
        "    stub: exercises/softmax.py\n    notebook: exercises/softmax.ipynb\n"
    )


def test_the_whole_kit_handed_in_is_graded_by_the_course(
    grader: Command, kit: Path, small_course: Path, tmp_path: Path
) -> None:
    write(kit / "exercises", RIGHT)
    ran = grader("run", kit, "--json", "--course", small_course, cwd=tmp_path)
    assert (ran.code, ran.err, set(ran.statuses.values())) == (0, "", {"passed"})
