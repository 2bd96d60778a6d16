"""A course is read, never run; whatever would make points go astray is named with its way out."""

import shutil
from pathlib import Path

import pytest

from grader.course import Course, file_of_checks, find_course, open_course, read_syllabus
from grader.errors import CourseError
from grader.model import Check, Suite

FILES = {
    "reference/__init__.py": '"""A miniature course."""\n\n__all__ = ["relu", "softmax"]\n',
    "reference/relu.py": '''"""Rectified linear units.

More about them.
"""

__all__ = ["relu", "relu_backward"]


def relu(z):
    """The positive part."""
    return max(z, 0.0)


def relu_backward(dA, Z):
    """Where Z is positive, dA."""
    return dA * (Z > 0)


def sigmoid(z):
    """Given, not graded."""
    return z
''',
    "reference/softmax.py": '"""Shares"""\n__all__ = ("softmax",)\ndef softmax(z):\n    return z\n',
    "tests/hidden/test_relu.py": '''"""What relu must do."""

import pytest


@pytest.mark.points(2)
def test_negatives_vanish(submission):
    """Negative numbers
    become zero.

    Take the larger of
    the number and zero.

    Teachers' talk.
    """
    assert submission.relu(-1.0) == 0.0


@pytest.mark.bonus
def test_the_gradient_stops_there(submission):
    """No gradient flows where Z is negative"""
    assert submission.relu_backward(1.0, submission.relu(-1.0)) == 0.0
''',
    "tests/hidden/test_softmax.py": '''
@pytest.mark.points(0.5)
@pytest.mark.bonus()
def test_sums(submission):
    """Shares sum to one."""
    assert sum(submission.softmax([1.0, 2.0])) == 1
''',
    "tests/public/test_relu.py": '''
def test_zero(submission):
    """Zero stays zero."""
    assert submission.relu(0.0) == 0.0
''',
    "exercises/helpers/relu_utils.py": "def plot():\n    pass\n",
}
HIDDEN_RELU = "tests/hidden/test_relu.py"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    for name, text in FILES.items():
        write(folder, name, text)
    return folder


def write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def replace(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text()
    assert text.count(old) == 1
    write(root, name, text.replace(old, new))


def refusal(root: Path, suite: Suite | None = None) -> str:
    with pytest.raises(CourseError) as caught:
        open_course(root, suite)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.__cause__ is None
    return message


def check_of(root: Path, body: str, above: str = "") -> Check:
    """The one check of relu in a course that has this body and these lines above it."""
    write(root, HIDDEN_RELU, f'{above}\ndef test_a(submission):\n    """A."""\n    {body}\n')
    return open_course(root).exercises[0].checks[0]


# what is read


def test_the_course_is_what_its_files_say(root: Path) -> None:
    course = open_course(root)
    assert course.root == root
    assert course.title == "A miniature course"
    assert course.helpers == {"relu_utils": "def plot():\n    pass\n"}
    assert [(e.name, e.title, e.functions) for e in course.exercises] == [
        ("relu", "Rectified linear units", ("relu", "relu_backward")),
        ("softmax", "Shares", ("softmax",)),
    ]


def test_checks_come_in_the_order_of_their_file_with_title_hint_and_points(root: Path) -> None:
    relu, softmax = open_course(root).exercises
    assert relu.checks == (
        Check(
            name="test_negatives_vanish",
            title="Negative numbers become zero",
            hint="Take the larger of the number and zero.",
            points=2.0,
            bonus=False,
            functions=("relu",),
            suite=Suite.HIDDEN,
        ),
        Check(
            name="test_the_gradient_stops_there",
            title="No gradient flows where Z is negative",
            hint="",
            points=1.0,
            bonus=True,
            functions=("relu", "relu_backward"),
            suite=Suite.HIDDEN,
        ),
    )
    assert [(check.points, check.bonus) for check in softmax.checks] == [(0.5, True)]


def test_the_syllabus_is_in_teaching_order(root: Path) -> None:
    write(root, "reference/__init__.py", '"""C."""\n__all__: list[str] = ["softmax", "relu"]\n')
    assert read_syllabus(root) == ("softmax", "relu")
    assert [exercise.name for exercise in open_course(root).exercises] == ["softmax", "relu"]


@pytest.mark.parametrize(
    ("suite", "names"),
    [
        (None, ["test_negatives_vanish", "test_the_gradient_stops_there"]),
        (Suite.HIDDEN, ["test_negatives_vanish", "test_the_gradient_stops_there"]),
        (Suite.PUBLIC, ["test_zero"]),
        (Suite.ALL, ["test_zero", "test_negatives_vanish", "test_the_gradient_stops_there"]),
    ],
)
def test_each_suite_has_its_checks(root: Path, suite: Suite | None, names: list[str]) -> None:
    relu, _ = open_course(root, suite).exercises
    assert [check.name for check in relu.checks] == names
    for check in relu.checks:
        assert check.suite is (Suite.PUBLIC if check.name == "test_zero" else Suite.HIDDEN)


def test_an_exercise_may_lack_public_checks(root: Path) -> None:
    _, softmax = open_course(root, Suite.PUBLIC).exercises
    assert softmax.checks == ()


def test_nothing_of_a_course_is_run(root: Path) -> None:
    for name in FILES:
        replace(root, name, FILES[name], FILES[name] + "\nraise SystemExit('it ran')\n")
    open_course(root, Suite.ALL)


def test_files_of_checks_lie_by_suite() -> None:
    assert file_of_checks(Path("c"), "relu", Suite.HIDDEN) == Path("c/tests/hidden/test_relu.py")
    assert file_of_checks(Path("c"), "relu", Suite.PUBLIC) == Path("c/tests/public/test_relu.py")


def test_some_exercises_only(root: Path) -> None:
    course = open_course(root)
    assert course.only(()) == course
    assert [e.name for e in course.only(("softmax",)).exercises] == ["softmax"]
    assert [e.name for e in course.only(("softmax", "relu")).exercises] == ["relu", "softmax"]
    assert course.only(("relu",)).version == course.version
    with pytest.raises(CourseError, match=r'no exercise "dropout"\. It has: relu, softmax\.$'):
        course.only(("dropout",))


@pytest.mark.parametrize("below", ["", "reference", "tests/hidden", "exercises/helpers"])
def test_the_nearest_course_from_a_folder_upward(root: Path, below: str) -> None:
    assert find_course(root / below) == root


def test_no_course_from_a_folder_upward(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"No course was found .* Name one with --course DIR\.$"):
        find_course(tmp_path)


# which functions a check calls


@pytest.mark.parametrize(
    ("body", "functions"),
    [
        ("submission.relu(1)", ("relu",)),
        ("submission.relu_backward(1, submission.relu(1))", ("relu", "relu_backward")),
        ("submission.relu(1), submission.sigmoid(1)", ("relu",)),
        ("f = submission.relu; f(1)", ("relu",)),
        ("submission.sigmoid(submission.own('relu'))", ("relu",)),
        ("getattr(submission, 'relu')(1)", ("relu",)),
        ("[submission.relu(x) for x in range(3)]", ("relu",)),
        ("(lambda: submission.relu(1))()", ("relu",)),
    ],
)
def test_the_functions_that_a_check_calls(
    root: Path, body: str, functions: tuple[str, ...]
) -> None:
    assert check_of(root, body).functions == functions


@pytest.mark.parametrize(
    "above",
    [
        "def answer(submission):\n    return submission.relu(1)\n",
        "def inner(submission):\n    return submission.relu(1)\n\n"
        "def answer(submission):\n    return inner(submission)\n",
        "class Laws:\n    def hold(self, submission):\n        return submission.relu(1)\n\n"
        "answer = Laws().hold\n",
        "NAMES = ('relu',)\n\n"
        "def answer(submission):\n    return [getattr(submission, name) for name in NAMES]\n",
        "def answer(submission):\n    return answer(submission) or submission.relu(1)\n",
        "from tests.hidden.laws import answer\n",
        "from tests.hidden.laws import positive as answer\n",
        "from tests.hidden.more_laws import answer\n",
        "from tests.public.laws import answer\n",
    ],
    ids=[
        "a helper",
        "a helper of a helper",
        "a method",
        "names in a constant",
        "recursion",
        "an imported helper",
        "under another name",
        "imported twice over",
        "from the public checks",
    ],
)
def test_functions_are_found_through_helpers(root: Path, above: str) -> None:
    law = "def positive(submission):\n    return submission.relu(1)\n\nanswer = positive\n"
    write(root, "tests/hidden/laws.py", law)
    write(root, "tests/public/laws.py", law)
    write(root, "tests/hidden/more_laws.py", "from tests.hidden.laws import answer\n")
    assert check_of(root, "answer(submission)", above).functions == ("relu",)


def test_parameters_of_a_check_may_name_functions(root: Path) -> None:
    above = "@pytest.mark.parametrize('name', ['relu', 'relu_backward'])"
    body = "getattr(submission, name)(1)"
    assert check_of(root, body, above).functions == ("relu", "relu_backward")


@pytest.mark.parametrize(
    ("body", "above"),
    [
        ("pass", ""),
        ("assert reference.relu(1) == 1", "from reference import relu as reference\n"),
        ("relu(1)", "def relu(x):\n    return x\n"),
        ("submission.sigmoid(1)", ""),
        ("submission.softmax(1)", ""),
        ("submission.changed", ""),
        ("answer(submission)", "def answer(s):\n    return s.relu(1)\n"),
        ("answer(submission)", "from somewhere import answer\n"),
        ("answer(submission)", "from tests.hidden.absent import answer\n"),
        ("answer(submission)", "from tests.hidden.laws import other as answer\n"),
        ("answer(submission)", "from .laws import answer\n"),
        ("pass", "def unused(submission):\n    return submission.relu(1)\n"),
    ],
    ids=[
        "nothing",
        "the reference",
        "its own relu",
        "a given function",
        "a function of another exercise",
        "an attribute",
        "a helper that calls it otherwise",
        "a helper from elsewhere",
        "a helper from nowhere",
        "a helper that is not defined",
        "a relative import",
        "a helper that it does not call",
    ],
)
def test_a_check_that_calls_no_function_of_the_students(root: Path, body: str, above: str) -> None:
    write(root, "tests/hidden/laws.py", "def answer(submission):\n    return submission.relu(1)\n")
    with pytest.raises(CourseError) as caught:
        check_of(root, body, above)
    assert str(caught.value) == (
        f"{root / HIDDEN_RELU}: test_a calls no function that students write, so whatever they "
        "hand in would pass. Take `submission` as an argument and call one of relu, "
        "relu_backward as submission.NAME(...)."
    )


def test_a_check_without_a_submission(root: Path) -> None:
    body = 'def test_a(x):\n    """A."""\n    submission.relu(x)\n'
    write(root, HIDDEN_RELU, body)
    assert "test_a calls no function that students write" in refusal(root)


# marks


@pytest.mark.parametrize(
    ("above", "points", "bonus"),
    [
        ("", 1.0, False),
        ("@pytest.mark.points(3)", 3.0, False),
        ("@pytest.mark.points(0.25)", 0.25, False),
        ("@mark.points(3)", 3.0, False),
        ("@pytest.mark.bonus\n@pytest.mark.points(3)", 3.0, True),
        ("@pytest.mark.bonus()", 1.0, True),
        ("@mark.bonus", 1.0, True),
        ("@given(some.matrices())\n@pytest.mark.points(2)\n@settings(max_examples=3)", 2.0, False),
        ("@pytest.mark.pointsman(3)", 1.0, False),
    ],
)
def test_marks_decide_points(root: Path, above: str, points: float, bonus: bool) -> None:
    check = check_of(root, "submission.relu(1)", above)
    assert (check.points, check.bonus) == (points, bonus)


@pytest.mark.parametrize(
    "mark",
    [
        "points(0)",
        "points(-1)",
        'points("2")',
        "points(True)",
        "points(1e999)",
        "points(1j)",
        "points(None)",
        "points()",
        "points(1, 2)",
        "points(number=2)",
        "points(2, bonus=True)",
        "points(1 + 1)",
        "points(POINTS)",
        "points",
        "points(2)\n@pytest.mark.points(3)",
    ],
)
def test_points_are_one_positive_number(root: Path, mark: str) -> None:
    with pytest.raises(CourseError) as caught:
        check_of(root, "submission.relu(1)", f"@pytest.mark.{mark}")
    assert str(caught.value) == (
        f"{root / HIDDEN_RELU}: the points of test_a must be one positive number, as in "
        "@pytest.mark.points(2)."
    )


@pytest.mark.parametrize(
    "above",
    [
        "pytestmark = pytest.mark.points(2)\n",
        "pytestmark = [pytest.mark.bonus]\n",
        "heavy = pytest.mark.points(3)\n@heavy",
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.points(2))])",
        "@pytest.mark.points(2)\nclass Extra:\n    pass\n",
    ],
    ids=["pytestmark", "pytestmark list", "alias", "param", "class"],
)
def test_a_mark_that_would_not_count(root: Path, above: str) -> None:
    with pytest.raises(CourseError, match="points and bonus count only as decorators") as caught:
        check_of(root, "submission.relu(1)", above)
    assert str(caught.value).startswith(f"{root / HIDDEN_RELU}, line 1: ")


# what is missing or wrong

NOT_A_LIST = "has no __all__ that is a plain list of names. Write one, as in"
LISTED = 'reference/__init__.py lists "relu": write the file, or take the name out of __all__.'
MISSING = {
    "reference/__init__.py": "Write it: a docstring with the course's title, and __all__ with "
    "its exercises.",
    "reference/relu.py": LISTED,
    HIDDEN_RELU: LISTED,
}


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_file(root: Path, name: str) -> None:
    (root / name).unlink()
    assert refusal(root) == f"{root / name} is missing. {MISSING[name]}"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "reference/__init__.py is missing" in refusal(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    assert "reference/__init__.py is missing" in refusal(tmp_path / "file")


@pytest.mark.parametrize("name", ["reference/relu.py", HIDDEN_RELU])
def test_a_folder_in_place_of_a_file(root: Path, name: str) -> None:
    (root / name).unlink()
    (root / name).mkdir()
    assert refusal(root) == f"{root / name} cannot be read: Is a directory. Mend that first."


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf8(root: Path, name: str) -> None:
    write(root, name, FILES[name].encode() + b"# caf\xe9\n")
    at = len(FILES[name].encode()) + 5
    message = refusal(root, Suite.ALL)
    assert message == f"{root / name} is not UTF-8 at byte {at}. Save it as UTF-8."


@pytest.mark.parametrize("name", [name for name in FILES if "helpers" not in name])
@pytest.mark.parametrize("text", ["x = = 1\n", "x = (\n", "x\0\n"], ids=["=", "open", "null"])
def test_a_file_that_does_not_parse(root: Path, name: str, text: str) -> None:
    write(root, name, text)
    message = refusal(root, Suite.ALL)
    assert message.startswith(str(root / name))
    assert "does not parse" in message
    if "\0" not in text:
        assert ", line 1, " in message


def test_a_helper_of_checks_that_does_not_parse(root: Path) -> None:
    write(root, "tests/hidden/laws.py", "def answer(:\n")
    with pytest.raises(CourseError, match=r"laws\.py, line 1, does not parse"):
        check_of(root, "answer(submission)", "from tests.hidden.laws import answer\n")


@pytest.mark.parametrize("name", ["reference/__init__.py", "reference/relu.py"])
@pytest.mark.parametrize("text", ["", '"""  """\n', "# A title?\n"], ids=["none", "blank", "#"])
def test_a_module_without_a_docstring(root: Path, name: str, text: str) -> None:
    write(root, name, text + '__all__ = ["relu"]\n\ndef relu():\n    pass\n')
    assert refusal(root) == (
        f"{root / name} has no docstring. Its first line is the title: write one."
    )


@pytest.mark.parametrize("name", ["reference/__init__.py", "reference/relu.py"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "__all__ = NAMES",
        '__all__ = ["relu"] + OTHERS',
        '__all__ = [name for name in ("relu",)]',
        '__all__ = ["relu", *OTHERS]',
        '__all__ = ["re" + "lu"]',
        '__all__ = "relu"',
        '__all__ = {"relu"}',
        '__all__ = {"relu": 1}',
        "__all__ = [1]",
        '__all__ = ["../relu"]',
        '__all__ = [""]',
        '__all__ = ["relu"]\n__all__ += ["softmax"]',
        '__all__ = ["relu"]\n__all__ = ["softmax"]',
        "__all__: list[str]",
        'if True:\n    __all__ = ["relu"]',
    ],
)
def test_an_all_that_is_no_plain_list(root: Path, name: str, text: str) -> None:
    write(root, name, f'"""Title."""\n{text}\n')
    assert f"{root / name} {NOT_A_LIST}" in refusal(root)


@pytest.mark.parametrize("name", ["reference/__init__.py", "reference/relu.py"])
def test_a_name_listed_twice(root: Path, name: str) -> None:
    write(root, name, '"""Title."""\n__all__ = ["relu", "softmax", "relu"]\n')
    assert refusal(root) == f'{root / name}: __all__ lists "relu" twice. Take one out.'


def test_an_empty_all(root: Path) -> None:
    write(root, "reference/relu.py", '"""Title."""\n__all__ = []\n')
    assert refusal(root) == (
        f"{root / 'reference/relu.py'}: __all__ is empty. List the functions that students write."
    )
    write(root, "reference/__init__.py", '"""Title."""\n__all__ = []\n')
    assert refusal(root) == (
        f"{root / 'reference/__init__.py'}: __all__ is empty. List the exercises in teaching order."
    )


def test_a_function_that_the_reference_lacks(root: Path) -> None:
    replace(root, "reference/relu.py", "def relu_backward", "def relu_backwards")
    assert refusal(root) == (
        f'{root / "reference/relu.py"}: __all__ lists "relu_backward", which is no function of '
        "the file. Write it, or take the name out."
    )


@pytest.mark.parametrize("text", ['"""Soon."""\n', "def check_a(submission):\n    pass\n"])
def test_a_file_without_a_check(root: Path, text: str) -> None:
    write(root, HIDDEN_RELU, text)
    assert refusal(root) == (
        f"{root / HIDDEN_RELU} has no check. Write a function whose name starts with test_."
    )


@pytest.mark.parametrize("docstring", ["", '""', '"""\n    """', 'f"""Title."""'])
def test_a_check_without_a_docstring(root: Path, docstring: str) -> None:
    write(root, HIDDEN_RELU, f"def test_a(submission):\n    {docstring}\n    submission.relu(1)\n")
    assert refusal(root) == (
        f"{root / HIDDEN_RELU}: test_a has no docstring. Write one: its first line is the title "
        "that students read, its second paragraph the hint."
    )


def test_two_checks_of_one_name(root: Path) -> None:
    check = 'def test_a(submission):\n    """A."""\n    submission.relu(1)\n'
    write(root, HIDDEN_RELU, check + "\n" + check)
    assert refusal(root) == (f"{root / HIDDEN_RELU} has 2 checks named test_a. Rename all but one.")


@pytest.mark.parametrize(
    "hidden",
    [
        "class TestRelu:\n    def test_b(self, submission):\n        submission.relu(1)\n",
        "if True:\n    def test_b(submission):\n        submission.relu(1)\n",
        "async def test_b(submission):\n    submission.relu(1)\n",
        "def make():\n    def test_b(submission):\n        submission.relu(1)\n    return test_b\n",
    ],
    ids=["class", "if", "async", "nested"],
)
def test_a_check_that_would_not_count(root: Path, hidden: str) -> None:
    write(root, HIDDEN_RELU, FILES[HIDDEN_RELU] + "\n" + hidden)
    message = refusal(root)
    assert message.startswith(f"{root / HIDDEN_RELU}, line ")
    assert message.endswith(
        ": test_b is no check there. Write it as a plain function at the top level of the file."
    )


def test_a_course_without_public_checks(root: Path) -> None:
    shutil.rmtree(root / "tests/public")
    assert refusal(root, Suite.PUBLIC) == (
        f"The course at {root} has no public checks. Write {root / 'tests/public/test_relu.py'}."
    )


# the version


def version(root: Path) -> str:
    return open_course(root).version


@pytest.mark.parametrize(
    "name",
    [
        *FILES,
        "reference/mistakes/relu.toml",
        "reference/tables/values.npy",
        "tests/hidden/laws.py",
        "tests/hidden/answers.json",
        "exercises/helpers/more_utils.py",
    ],
)
def test_every_byte_that_can_decide_a_grade_is_in_the_version(root: Path, name: str) -> None:
    before = version(root)
    content = FILES.get(name, "").encode()
    write(root, name, content + b"# 1\n")
    after = version(root)
    write(root, name, content + b"# 2\n")
    assert len({before, after, version(root)}) == 3


def test_a_file_that_moves_changes_the_version(root: Path) -> None:
    write(root, "tests/hidden/a.py", "x = 1\n")
    before = version(root)
    (root / "tests/hidden/a.py").rename(root / "tests/hidden/b.py")
    assert version(root) != before


def test_bytes_that_move_between_files_change_the_version(root: Path) -> None:
    write(root, "tests/hidden/a.py", "x = 1\n")
    write(root, "tests/hidden/b.py", "y = 2\n")
    before = version(root)
    write(root, "tests/hidden/a.py", "x = 1\ny = 2\n")
    write(root, "tests/hidden/b.py", "")
    assert version(root) != before


@pytest.mark.parametrize("between", ["", "\0"], ids=repr)
def test_no_content_passes_for_another_file(root: Path, between: str) -> None:
    write(root, "tests/hidden/a.txt", "1")
    write(root, "tests/hidden/b.txt", "2")
    before = version(root)
    (root / "tests/hidden/b.txt").unlink()
    write(root, "tests/hidden/a.txt", f"1tests/hidden/b.txt{between}2")
    assert version(root) != before


def test_settings_are_in_the_version_by_their_values(root: Path) -> None:
    without = version(root)
    write(root, "pyproject.toml", "[tool.grader]\ncpu_seconds = 3\n")
    three = version(root)
    write(root, "pyproject.toml", "# more\n[tool.grader]\ncpu_seconds = 3.0\n[tool.ruff]\n")
    assert version(root) == three
    write(root, "pyproject.toml", "[tool.ruff]\n")
    assert version(root) == without
    assert three != without


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "exercises/relu.py",
        "tests/grader/test_tool.py",
        "reference/__pycache__/relu.cpython-311.pyc",
        "tests/hidden/__pycache__/test_relu.cpython-311.pyc",
        "reference/.relu.py.swp",
        "tests/hidden/.ipynb_checkpoints/test_relu-checkpoint.py",
    ],
)
def test_nothing_else_changes_the_version(root: Path, name: str) -> None:
    before = version(root)
    write(root, name, "anything\n")
    assert version(root) == before


def test_the_version_does_not_depend_on_the_place(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "elsewhere")
    assert version(tmp_path / "elsewhere") == version(root)


def test_the_version_is_that_of_the_whole_course_in_every_suite(root: Path) -> None:
    courses: list[Course] = [open_course(root, suite) for suite in (*Suite, None)]
    assert len({course.version for course in courses}) == 1
