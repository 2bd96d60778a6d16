"""Formulas of the docstrings: from the course to a report, and into kits."""

import ast
from pathlib import Path

import pytest

from grader.contents import read_contents
from grader.course import open_course
from grader.errors import CourseError
from grader.formulas import formulas_of, read_formulas
from grader.handout import kit_files
from tests.grader.conftest import SOFTMAX
from tests.grader.miniature import reference, write_course

MODULE = '''
def relu(Z):
    """Cut off.

        A = max(0, Z)
        A >= 0

    Args:
        Z: any shape.
    """


def helper():
    """A = max(0, Z)"""
'''
LATEX = {"A = max(0, Z)": r"A = \max(0, Z)", "A >= 0": r"A \ge 0", "elsewhere": "x"}


def test_the_formulas_of_a_function_are_the_lines_of_its_docstring() -> None:
    found = formulas_of(ast.parse(MODULE), ("relu",), LATEX)
    assert found == {"relu": (r"A = \max(0, Z)", r"A \ge 0")}
    assert formulas_of(ast.parse(MODULE), ("helper",), {}) == {}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    softmax = SOFTMAX.replace(
        ":\n", ':\n    """Shares.\n\n        e / sum(e)\n\n    They add up to 1.\n    """\n', 1
    )
    check = "def test_it(submission):\n    " + '"""It holds."""\n    submission.softmax([1])\n'
    root = write_course(tmp_path / "course", {"softmax": (reference(softmax), check)})
    (root / "reference" / "formulas.toml").write_text(
        "[softmax]\n'e / sum(e)' = '\\frac{e}{\\sum e}'\n", "utf-8"
    )
    return root


def test_a_course_and_its_kit_have_them(course: Path, tmp_path: Path) -> None:
    formulas = {"softmax": (r"\frac{e}{\sum e}",)}
    assert open_course(course).exercises[0].formulas == formulas
    kit = tmp_path / "kit"
    kit.mkdir()
    (kit / "syllabus.json").write_bytes(kit_files(course)["syllabus.json"])
    assert read_contents(kit).exercises[0].formulas == formulas


def test_a_file_that_is_no_toml_is_named(course: Path) -> None:
    (course / "reference" / "formulas.toml").write_text("[softmax\n", "utf-8")
    with pytest.raises(CourseError, match=r"formulas\.toml cannot be read as TOML"):
        open_course(course)
    (course / "reference" / "formulas.toml").unlink()
    assert read_formulas(course) == {}
