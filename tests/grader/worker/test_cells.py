"""Cells: magics go, lines stay, and one broken piece does not lose the others."""

import ast
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.worker.cells import parse_cell, split_lines, without_magics


def names(text: str, is_notebook: bool = True) -> list[str]:
    cell = parse_cell(dedent(text), "N", is_notebook)
    return [node.name for node in cell.statements if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("%matplotlib inline", "pass"),
        ("    %time f(x)", "    pass"),
        ("!pip install numpy", "pass"),
        ("?np.dot", "pass"),
        ("np.dot?", "pass"),
        ("np.dot??  ", "pass"),
        ("files = !ls *.py", "files = None"),
        ("t = %timeit -o f()", "t = None"),
        ("a % b", "a % b"),
        ("x = 'what?'", "x = 'what?'"),
    ],
)
def test_magic_lines_become_python(line: str, plain: str) -> None:
    assert without_magics([line]) == [plain]


def test_a_magic_that_goes_on_goes_on() -> None:
    assert without_magics(["!pip install a \\", "   b", "x = 1"]) == ["pass", "", "x = 1"]


def test_what_is_inside_brackets_and_strings_is_no_magic() -> None:
    lines = ['"""', "%not magic", '"""', "x = (1", "  % 2)", "y = 3 \\", "  % 2", "%magic"]
    assert without_magics(lines) == [*lines[:-1], "pass"]


def test_quotes_in_a_magic_open_nothing() -> None:
    assert without_magics(["!echo it's (", "%who"]) == ["pass", "pass"]


def test_time_keeps_its_body_and_bash_does_not() -> None:
    assert without_magics(["%%time", "x = 1"]) == ["", "x = 1"]
    assert without_magics(["%%bash", "x = 1"]) == ["", ""]
    assert without_magics(["%%writefile a.py", "def f(): pass"]) == ["", ""]


def test_lines_keep_their_numbers() -> None:
    cell = parse_cell("%matplotlib inline\n\n\ndef f():\n    return 1", "N", True)
    assert [node.lineno for node in cell.statements] == [1, 4]


def test_a_py_file_keeps_its_percent_signs_broken() -> None:
    assert parse_cell("%time\n", "N", False).broken


BLANK = '''
    import numpy as np

    def first(x):
        return x

    def blank(x):
        """Fill me in
at the margin."""
        J_plus =
        return J_plus

    @np.vectorize
    def last(x):
        """Words
at the margin
and more of them."""
        return x
'''


def test_one_broken_function_does_not_lose_the_others() -> None:
    text = dedent(BLANK.replace("\n    ", "\n"))
    assert names(text) == ["first", "last"]
    cell = parse_cell(text, "N.ipynb cell 7", True)
    (broken,) = [b for b in cell.broken if b.defines]
    assert broken.defines == ("blank",)
    assert broken.sentence == "line 10 of N.ipynb cell 7 does not parse: invalid syntax"
    last = cell.statements[-1]
    assert isinstance(last, ast.FunctionDef)
    assert last.lineno == 14


@pytest.mark.parametrize(
    "piece",
    [
        "for i in range(3):\n    # your code",
        "def g():\n    # your code",
        "x = (1, 2",
        "x = 'open",
        'x = """open',
        "if x:\n    y = 1\nelse:\n",
        "print 'two'",
        "\x00",
        "def g(:\n  pass",
        "(" * 300 + ")" * 300,
    ],
)
def test_what_follows_a_broken_piece_survives(piece: str) -> None:
    assert names(f"def f():\n    return 1\n{piece}\ndef h():\n    return 2\n")[:1] == ["f"]
    if not piece.startswith('x = """'):
        assert names(f"{piece}\ndef h():\n    return 2\n") == ["h"]


def test_a_bracket_that_closes_too_late_loses_only_its_own_line() -> None:
    assert names("x = (1, 2\ndef f():\n    return 1\ny = 3)\ndef g():\n    return 1") == ["f", "g"]


def test_line_ends_and_byte_order_marks_are_understood() -> None:
    assert names("\ufeffdef f():\r\n    return 1\r\n%who\r\ndef g():\r  return 2") == ["f", "g"]


def test_a_very_deep_expression_is_a_broken_piece() -> None:
    cell = parse_cell("x = " + "-" * 100_000 + "1\ndef f(): pass", "N", True)
    assert len(cell.broken) == 1
    assert [type(node) for node in cell.statements] == [ast.FunctionDef]


def test_escapes_that_python_frowns_upon_are_right() -> None:
    assert names('def f():\n    "\\s"') == ["f"]


TEXT = '@a\ndef f(x):\n    """d\nm"""\n    %who\n    return (x[1], {2})\n!ls\nfor i in x: # c\n'


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from("()[]{}'\"\\\n%!?#:x \t\0\f="))))
def test_any_text_at_all_is_a_cell(changes: list[tuple[int, str]]) -> None:
    text = list(TEXT * 2)
    for place, character in changes:
        text[place] = character
    cell = parse_cell("".join(text), "N", True)
    assert len(without_magics(text)) == len(text)
    assert all(node.lineno <= len(split_lines("".join(text))) for node in cell.statements)
