"""Notebooks of exercises: the text of the stub in cells, formulas set, and graded like it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.course import open_course
from grader.errors import CourseError
from grader.formulas import read_formulas
from grader.stubs import derive_notebook, write_stubs
from grader.stubs.prose import formula_lines, markdown
from tests.grader.conftest import ROOT, Command

STUB = '''\
# For authors: derived from reference/scale.py by "grader stubs"; make changes there.
"""Scaling

What the lecture says of 2 * x_1 and <b>.
"""

import numpy as np

__all__ = ["scale", "shift"]

LIMIT = 3  # shown


def given(x: float) -> float:
    """Stay whole."""
    return x


class Box:
    """Stays whole."""


# about scale
def scale(x: float) -> float:
    """Scale x.

        y = 2 * x

    Args:
        x: a number.

    Returns:
        y: a number.

    Source:
        Lecture "Scaling",
        part 1.
    """
    raise NotImplementedError("Write scale here.")


AFTER = scale


def shift(x):
    raise NotImplementedError("Write shift here.")
'''
CELLS = [
    """<!-- For authors: derived from reference/scale.py by "grader stubs"; make changes there. -->

# Scaling

What the lecture says of 2 \\* x_1 and \\<b>.

Write your answers in place of the lines that `raise NotImplementedError`, and save. To have them \
checked, run `grader run .` in a terminal, in the folder that you got.""",
    "import numpy as np\n\nLIMIT = 3  # shown",
    "Written for you; use it where it helps.",
    '''def given(x: float) -> float:
    """Stay whole."""
    return x


class Box:
    """Stays whole."""''',
    """## `scale`

Scale x.

$$
y = 2 x
$$

*Source:* Lecture "Scaling", part 1.""",
    STUB[STUB.index("# about") : STUB.index("\n\n\nAFTER")],
    "AFTER = scale",
    "## `shift`",
    STUB[STUB.index("def shift") :].rstrip(),
]
FORMULAS = {"y = 2 * x": "y = 2 x"}


def notebook(stub: str = STUB, formulas: dict[str, str] = FORMULAS) -> nbformat.NotebookNode:
    return nbformat.reads(derive_notebook("scale", stub, formulas), as_version=nbformat.NO_CONVERT)


def test_a_notebook_is_its_stub_in_cells() -> None:
    assert [cell.source for cell in notebook().cells] == CELLS
    assert [cell.cell_type for cell in notebook().cells] == [
        "markdown" if source[0] in "<#W" and source != CELLS[5] else "code" for source in CELLS
    ]


def test_the_same_stub_gives_the_same_bytes() -> None:
    first, second = (derive_notebook("scale", STUB, FORMULAS) for _ in range(2))
    assert first == second
    assert first.endswith("}\n")
    cells = json.loads(first)["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{i}" for i in range(1, 10)]
    assert all(c["outputs"] == [] and not c["execution_count"] for c in cells if "outputs" in c)


def test_a_formula_that_is_not_set_is_shown_as_it_is() -> None:
    assert (
        "```text\n    y = 2 * x\n```".replace("    ", "") in notebook(formulas={}).cells[4].source
    )


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        ("Do.", "Do."),
        ("Do.\n\nArgs:\n    x: a.\n\nReturns:\n    y: b.\n", "Do."),
        ("Do.\n\nArgs:\n    x: a.\n\n    More of x.\nSource:\n    L.", "Do.\n\n*Source:* L."),
        ("Do.\n\n    a = 1\n    b = 2\n\nMore.", "Do.\n\n$$\n1\n$$\n\n$$\n2\n$$\n\nMore."),
        ("Do.\n\n    a = 1\n      c = 3", "Do.\n\n```text\na = 1\n  c = 3\n```"),
        ("c * r**depth, _x_, x_1, `a*b`, $5", "c \\* r\\*\\*depth, \\_x\\_, x_1, `a*b`, \\$5"),
        ("# no\n> no\n~~no~~ \\n", "\\# no\n\\> no\n\\~\\~no\\~\\~ \\\\n"),
    ],
)
def test_a_docstring_as_markdown(docstring: str, shown: str) -> None:
    assert markdown(docstring, {"a = 1": "1", "b = 2": "2"}) == shown


def test_a_formula_that_no_docstring_has_is_named() -> None:
    with pytest.raises(CourseError) as caught:
        derive_notebook("scale", STUB, FORMULAS | {"y = 3 * x": "y = 3x"})
    assert str(caught.value) == (
        "reference/formulas.toml: no docstring of reference/scale.py has the formula 'y = 3 * x'. "
        "Write it as it stands there, or take it out."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[scale\n", "reference/formulas.toml cannot be read as TOML ("),
        ("scale = 1\n", "reference/formulas.toml: scale must be a table of texts. Write [scale]"),
        ("[scale]\na = 1\n", "reference/formulas.toml: scale must be a table of texts."),
    ],
)
def test_formulas_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    assert read_formulas(tmp_path) == {}
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/formulas.toml").write_text(text)
    with pytest.raises(CourseError) as caught:
        read_formulas(tmp_path)
    assert str(caught.value).startswith(words)


def test_formulas_of_an_exercise_that_is_not_listed(own_course: Path) -> None:
    (own_course / "reference/formulas.toml").write_text("[rule]\n'a' = 'b'\n")
    with pytest.raises(CourseError, match=r'formulas\.toml: "rule" is no exercise of the course'):
        write_stubs(own_course)


# the notebooks of this course

EXERCISES = open_course(ROOT).exercises
RUN = """
import json, sys
for name, cells in json.load(sys.stdin).items():
    space = {"__name__": "__main__"}
    for cell in cells:
        exec(compile(cell, name, "exec"), space)
    print(name, *(n for n, value in space.items() if callable(value)))
"""


def cells_of(name: str) -> list[nbformat.NotebookNode]:
    made = nbformat.read(ROOT / f"exercises/{name}.ipynb", as_version=nbformat.NO_CONVERT)
    return list(made.cells)


def test_every_notebook_runs_from_top_to_bottom() -> None:
    codes = {
        e.name: [cell.source for cell in cells_of(e.name) if cell.cell_type == "code"]
        for e in EXERCISES
    }
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN],
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for exercise, line in zip(EXERCISES, ran.stdout.splitlines(), strict=True):
        assert {exercise.name, *exercise.functions} <= set(line.split())


def test_every_formula_of_the_course_is_set() -> None:
    formulas = read_formulas(ROOT)
    for exercise in EXERCISES:
        tree = ast.parse((ROOT / f"exercises/{exercise.name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.Module):
                for line in formula_lines(ast.get_docstring(node) or ""):
                    assert line in formulas[exercise.name], (exercise.name, line)


def answered(name: str) -> str:
    """The notebook of an exercise with the answers of the reference in its cells."""
    source = (ROOT / f"reference/{name}.py").read_text()
    tree = ast.parse(source)
    texts = {n.name: ast.unparse(n) for n in tree.body if isinstance(n, ast.FunctionDef)}
    private = [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.Assign)
        and ast.unparse(node).removeprefix("def ").startswith("_")
        and not ast.unparse(node).startswith("__all__")
    ]
    made = nbformat.read(ROOT / f"exercises/{name}.ipynb", as_version=nbformat.NO_CONVERT)
    for above, cell in zip(made.cells, made.cells[1:], strict=False):
        if above.source.startswith("## `"):
            function = above.source.split("`")[1]
            cell.source = "\n\n".join([texts[function], *private])
            private = []
    return str(nbformat.writes(made))


def test_notebooks_filled_in_have_full_marks(grader: Command, tmp_path: Path) -> None:
    folder = tmp_path / "filled in"
    folder.mkdir()
    for exercise in EXERCISES:
        (folder / f"{exercise.name}.ipynb").write_text(answered(exercise.name))
        stub = ROOT / f"exercises/{exercise.name}.py"
        (folder / stub.name).write_bytes(stub.read_bytes())  # which must not stand in the way
    out = tmp_path / "report of it"
    ran = grader("run", folder, "--course", ROOT, "--out", out, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert set(ran.statuses.values()) == {"passed"}
    assert [e["file"] for e in ran.report["exercises"]] == [f"{e.name}.ipynb" for e in EXERCISES]
