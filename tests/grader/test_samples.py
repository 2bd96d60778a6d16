"""Submissions as students hand them in, graded by this course through the command."""

import ast
import base64
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.mistakes import read_mistakes
from tests.grader.conftest import ROOT, Command, Ran

SAMPLES = ROOT / "tests/grader/samples"
# What the samples answer; the course may have more.
ANSWERED = ("initialization", "regularization", "dropout", "gradient_checking")
CORRECT = {name: (SAMPLES / f"correct/{name}.py").read_text() for name in ANSWERED}


@pytest.fixture
def grade(grader: Command, tmp_path: Path) -> Command:
    def run(submission: Path, *exercises: str) -> Ran:
        only = [word for name in exercises or ANSWERED for word in ("--only", name)]
        out = tmp_path / "report of it"
        ran = grader("run", submission, "--course", ROOT, "--out", out, "--json", *only)
        assert ran.err == ""
        return ran

    return run


def functions(source: str) -> dict[str, str]:
    """The source of each function of a module."""
    return {
        node.name: ast.get_source_segment(source, node) or ""
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


def file_of(ran: Ran, exercise: str) -> str | None:
    return next(each["file"] for each in ran.report["exercises"] if each["name"] == exercise)


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


# notebooks

IMPORTS = """\
# import packages
import numpy as np
import matplotlib.pyplot as plt
import h5py
import scipy.io
import sklearn
import sklearn.datasets
from reg_utils import sigmoid, relu, plot_decision_boundary, initialize_parameters, load_2D_dataset
from reg_utils import compute_cost, predict, forward_propagation, backward_propagation
from reg_utils import update_parameters
from testCases import *
from public_tests import *

%matplotlib inline
plt.rcParams['figure.figsize'] = (7.0, 4.0) # set default size of plots
plt.rcParams['image.cmap'] = 'gray'

%load_ext autoreload
%autoreload 2"""
MODEL = """\
def model(X, Y, learning_rate=0.3, num_iterations=30000, print_cost=True, lambd=0, keep_prob=1):
    parameters = initialize_parameters([X.shape[0], 20, 3, 1])
    for i in range(0, num_iterations):
        a3, cache = forward_propagation_with_dropout(X, parameters, keep_prob)
        cost = compute_cost_with_regularization(a3, Y, parameters, lambd)
        grads = backward_propagation_with_dropout(X, Y, cache, keep_prob)
        parameters = update_parameters(parameters, grads, learning_rate)
    plt.plot(costs)
    plt.show()
    return parameters"""
DEMO = """\
%%time
parameters = model(train_X, train_Y, num_iterations=10**12)
while True:
    pass"""
TEST_CELL = """\
A3, t_Y, parameters = compute_cost_with_regularization_test_case()
print("cost = " + str(compute_cost_with_regularization(A3, t_Y, parameters, lambd=0.1)))
raise SystemExit"""
PLOT = """\
plt.title("Model with dropout")
axes = plt.gca()
axes.set_xlim([-0.75, 0.40])
plot_decision_boundary(lambda x: predict_dec(parameters, x.T), train_X, train_Y)"""
BROKEN = """\
for i in range(num_iterations):
    # YOUR CODE STARTS HERE

    # YOUR CODE ENDS HERE"""
SHELL = "!pip install scikit-learn\n!ls *.mat\nnp.dot?\nfiles = !ls\n%cd datasets"


def cell(source: str, outputs: list[Any] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 7,
        "metadata": {"deletable": False, "nbgrader": {"grade": True}},
        "outputs": outputs or [],
        "source": source.splitlines(keepends=True),
    }


def notebook(*cells: dict[str, Any]) -> str:
    text = {"cell_type": "markdown", "metadata": {}, "source": "# Regularization\n\n`J_plus =`"}
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps(
        {"cells": [text, *cells], "metadata": metadata, "nbformat": 4, "nbformat_minor": 2}
    )


def picture(kilobytes: int) -> list[Any]:
    """A saved plot, and what training printed."""
    png = base64.b64encode(random.Random(0).randbytes(kilobytes * 768)).decode()
    lines = [f"Cost after iteration {i}: {0.6 / (i + 1)}\n" for i in range(2000)]
    data = {"image/png": png, "text/plain": ["<matplotlib.figure.Figure>"]}
    return [
        {"output_type": "stream", "name": "stdout", "text": lines},
        {"output_type": "display_data", "metadata": {}, "data": data},
    ]


def marked(source: str) -> str:
    """A function between the markers of the course, in a cell with a magic."""
    head, _, body = source.partition("\n")
    return f"# GRADED FUNCTION\n\n{head}\n    ### START CODE HERE ###\n{body}\n    ### END CODE ###"


def answers(*exercises: str, magic: str = "") -> list[dict[str, Any]]:
    return [
        cell(magic + marked(source))
        for exercise in exercises
        for source in functions(CORRECT[exercise]).values()
    ]


def course_notebook() -> str:
    """Two exercises in one notebook with all that the well-known one has, and much output."""
    return notebook(
        cell(IMPORTS),
        cell("train_X, train_Y, test_X, test_Y = load_2D_dataset()", picture(100)),
        cell(MODEL),
        cell(DEMO, picture(200)),
        *answers("regularization"),
        cell(TEST_CELL),
        cell(BROKEN),
        cell(SHELL),
        *answers("dropout"),
        cell(PLOT, picture(100)),
        cell(DEMO),
    )


def test_a_notebook_of_the_course_grades_by_its_functions_alone(
    grade: Command, tmp_path: Path
) -> None:
    path = tmp_path / "Regularization_v2a.ipynb"
    path.write_text(course_notebook())
    assert path.stat().st_size > 500_000
    ran = grade(path, "regularization", "dropout")
    assert set(ran.statuses.values()) == {"passed"}
    assert ran.code == 0
    assert file_of(ran, "regularization") == file_of(ran, "dropout") == path.name
    assert ran.report["earned"] == ran.report["possible"] > 0


BLANK = """\
# GRADED FUNCTION: gradient_check

def gradient_check(x, theta, epsilon=1e-7, print_msg=False):
    # (approx. 5 lines)
    theta_plus = theta + epsilon
    theta_minus = theta - epsilon
    J_plus =
    J_minus =
    # YOUR CODE STARTS HERE

    # YOUR CODE ENDS HERE
    return difference"""


def test_a_notebook_half_filled_is_graded_for_its_other_half(
    grade: Command, tmp_path: Path
) -> None:
    right = functions(CORRECT["gradient_checking"])
    cells = [BLANK if name == "gradient_check" else marked(right[name]) for name in right]
    path = tmp_path / "Gradient+Checking+v1.ipynb"
    head = "import numpy as np\nfrom testCases import *\nfrom gc_utils import *"
    path.write_text(notebook(cell(head), *map(cell, cells)))
    ran = grade(path, "gradient_checking")
    assert ran.code == 1
    assert {name: check["status"] for name, check in ran.checks.items()} == {
        name: "not_started" if "gradient_check" in check["functions"] else "passed"
        for name, check in ran.checks.items()
    }
    said = {check["message"] for check in ran.checks.values() if check["status"] != "passed"}
    assert len(said) == 1
    assert "cell" in said.pop()


# folders, files and archives


def test_the_right_sample_has_full_marks(grade: Command) -> None:
    ran = grade(SAMPLES / "correct")
    assert set(ran.statuses.values()) == {"passed"}
    assert ran.code == 0


def test_the_sample_halfway_loses_what_its_mistakes_cost(grade: Command) -> None:
    ran = grade(SAMPLES / "halfway")
    made = {
        "regularization": "forgets_the_two",
        "dropout": "forgets_to_rescale",
        "gradient_checking": "multiplies_db1_by_four",
    }
    expected = {
        f"{exercise}.{check.removeprefix('test_')}"
        for exercise, name in made.items()
        for mistake in read_mistakes(ROOT, exercise)
        if mistake.name == name
        for check in mistake.fails
    }
    lost = {name for name, check in ran.checks.items() if check["status"] != "passed"}
    unwritten = {"predict_probabilities", "gradient_check_n"}
    for name, check in ran.checks.items():
        if unwritten.intersection(check["functions"]):
            assert check["status"] == "not_started", name
            expected.add(name)
    wrong = {"gradient_check", "backward_propagation"}  # moves x, and divides J by theta
    extra = lost - expected
    assert expected <= lost
    assert extra
    assert all(wrong.intersection(ran.checks[name]["functions"]) for name in extra)
    assert ran.code == 1
    assert 0 < ran.report["earned"] < ran.report["possible"]


@pytest.fixture(scope="session")
def mixed() -> dict[str, str]:
    """Half the answers in modules, half in notebooks, and what lies around."""
    return {
        "initialization.py": CORRECT["initialization"],
        "Regularization.ipynb": course_notebook(),
        "gradient_checking.py": CORRECT["gradient_checking"],
        "notes.txt": "call me",
        "untitled.ipynb": notebook(cell("print('hello')")),
        "scratch.py": "def broken(:\n",
    }


def test_modules_and_notebooks_in_one_folder(
    grade: Command, tmp_path: Path, mixed: dict[str, str]
) -> None:
    ran = grade(write(tmp_path / "sub", mixed))
    assert set(ran.statuses.values()) == {"passed"}
    assert ran.code == 0
    assert [file_of(ran, name) for name in ANSWERED] == [
        "initialization.py",
        "Regularization.ipynb",
        "Regularization.ipynb",
        "gradient_checking.py",
    ]


def test_a_zip_is_graded_like_its_folder(
    grade: Command, tmp_path: Path, mixed: dict[str, str]
) -> None:
    path = tmp_path / "sub.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in mixed.items():
            archive.writestr(f"answers of bob/{name}", text)
            archive.writestr(f"__MACOSX/answers of bob/._{name}", "\0")
    ran = grade(path)
    assert set(ran.statuses.values()) == {"passed"}
    assert ran.code == 0
    assert file_of(ran, "dropout") == "answers of bob/Regularization.ipynb"


def test_a_single_file_is_graded_for_what_it_answers(grade: Command) -> None:
    ran = grade(SAMPLES / "correct/initialization.py", "initialization", "dropout")
    assert {name.partition(".")[0]: status for name, status in ran.statuses.items()} == {
        "initialization": "passed",
        "dropout": "not_started",
    }
    assert ran.code == 1
    assert (file_of(ran, "initialization"), file_of(ran, "dropout")) == ("initialization.py", None)


# which file counts

STALE = "def forward_propagation_with_dropout(X, parameters, keep_prob=0.5):\n    return None\n"


def test_the_file_named_after_the_exercise_counts(grade: Command, tmp_path: Path) -> None:
    wrong = CORRECT["dropout"].replace("return", "return None  #")
    ran = grade(
        write(tmp_path / "sub", {"a.py": wrong, "dropout.py": CORRECT["dropout"], "z.py": wrong}),
        "dropout",
    )
    assert ran.code == 0
    assert file_of(ran, "dropout") == "dropout.py"


def test_else_the_file_with_most_functions_counts(grade: Command, tmp_path: Path) -> None:
    files = {"a.py": STALE, "week1.py": CORRECT["dropout"], "z.py": STALE}
    ran = grade(write(tmp_path / "sub", files), "dropout")
    assert ran.code == 0
    assert file_of(ran, "dropout") == "week1.py"


def test_a_name_that_two_exercises_share_is_told_apart(grade: Command, tmp_path: Path) -> None:
    """`forward_propagation` is a network in one notebook and theta * x in the other."""
    network = cell("def forward_propagation(X, parameters):\n    return 1 / 0")
    files = {
        "A Regularization.ipynb": notebook(cell(IMPORTS), network, *answers("regularization")),
        "Gradient Checking.ipynb": notebook(
            cell("import numpy as np\nfrom gc_utils import *"), *answers("gradient_checking")
        ),
    }
    ran = grade(write(tmp_path / "sub", files), "gradient_checking")
    assert ran.code == 0
    assert file_of(ran, "gradient_checking") == "Gradient Checking.ipynb"


def test_functions_may_be_spread_over_files(grade: Command, tmp_path: Path) -> None:
    right = functions((SAMPLES / "halfway/initialization.py").read_text())
    scaled = right.pop("scaled")
    files = {
        f"{name}.py": f"import numpy as np\nfrom tools import *\n{right[name]}" for name in right
    }
    files["tools.py"] = f"import numpy as np\n{scaled}"
    ran = grade(write(tmp_path / "sub", files), "initialization")
    assert set(ran.statuses.values()) == {"passed"}
    assert (ran.code, len(files)) == (0, 6)
