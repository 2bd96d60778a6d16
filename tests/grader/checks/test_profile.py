"""Every student gets the same examples, and drawing them leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from grader.checks.profile import EXAMPLES

ROOT = Path(__file__).parents[3]

# Floats and texts, for these are what Hypothesis mixes local constants into.
DRAW = """
import os, sys
from grader.checks.profile import load_profile
load_profile()
{imports}
from hypothesis import given, strategies as st

@given(st.lists(st.floats() | st.integers() | st.text(), max_size=3))
def test_draws(value):
    print(ascii(value))

touched = []

def hook(event, args):
    if event in ("open", "os.mkdir") and not isinstance(args[0], int):
        path = os.fsdecode(args[0])
        writes = event == "os.mkdir" or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR)
        if writes or "hypothesis" in path and "site-packages" not in path:
            touched.append(path)

sys.dont_write_bytecode = True
sys.addaudithook(hook)
test_draws()
print(touched)
"""

ODD = "\n".join(f"x{i} = {i}.{i}e17, 9{i}7654321, 'a word {i} of this module'" for i in range(99))

CHECKS = '''
import pytest
from hypothesis import given, settings, strategies as st


def note(name, value):
    with open({draws!r}, "a") as file:
        print(name, value, file=file)


@pytest.mark.parametrize("factor", [1, 2])
@settings(max_examples=20)
@given(x=st.floats(-4, 4))
def test_scaled(submission, factor, x):
    """Scaled."""
    assert submission.double(x * factor) == 2 * x * factor
    note(f"scaled {{factor}}", x)


@given(x=st.floats(-4, 4))
def test_doubled(submission, x):
    """Doubled."""
    assert submission.double(x) == 2 * x
    note("doubled", x)
'''


def python(folder: Path, *arguments: str, path: Path = ROOT) -> str:
    """Run Python in a folder, with grader and one more folder to import from; return its output."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "HYPOTHESIS"))
    }
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=environment
        | {"PYTHONPATH": f"{path}{os.pathsep}{ROOT}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_drawing_depends_on_nothing_around_and_leaves_nothing(tmp_path: Path, empty: Path) -> None:
    (tmp_path / "odd_constants.py").write_text(ODD)
    *alone, touched = python(empty, "-c", DRAW.format(imports="")).splitlines()
    beside = python(empty, "-c", DRAW.format(imports="import odd_constants"), path=tmp_path)
    assert len(alone) == EXAMPLES
    assert beside.splitlines()[:-1] == alone
    assert [path for path in eval(touched) if not path.startswith(os.devnull)] == []
    assert list(empty.iterdir()) == []


def course(folder: Path, draws: Path) -> Path:
    """A miniature course whose checks note what was drawn; returns the file of checks."""
    checks = folder / "tests" / "hidden" / "test_double.py"
    checks.parent.mkdir(parents=True)
    checks.write_text(CHECKS.format(draws=str(draws)))
    (folder / "reference").mkdir()
    (folder / "reference" / "__init__.py").touch()
    (folder / "reference" / "double.py").write_text("def double(x):\n    return 2 * x\n")
    return checks


def run_checks(checks: Path, *options: str) -> str:
    fixed = ["-c", os.devnull, "--rootdir", str(checks.parents[2]), "--noconftest", "-q"]
    plugins = ["-p", "grader.checks.plugin", "-p", "no:cacheprovider", "--import-mode=importlib"]
    arguments = ["-m", "pytest", *fixed, *plugins, str(checks), *options]
    return python(checks.parents[3] / "empty", *arguments, path=checks.parents[2])


def drawn(draws: Path, name: str) -> list[str]:
    return [line for line in draws.read_text().splitlines() if line.startswith(name)]


def test_checks_draw_the_same_in_every_selection_and_place(tmp_path: Path, empty: Path) -> None:
    draws = tmp_path / "draws"
    checks = course(tmp_path / "course", draws)
    assert "3 passed" in run_checks(checks)
    counts = {"doubled": EXAMPLES, "scaled 1": 20, "scaled 2": 20}  # a parametrized check
    together = {name: drawn(draws, name) for name in counts}
    assert {name: len(lines) for name, lines in together.items()} == counts

    draws.unlink()
    run_checks(course(tmp_path / "moved", draws), "-k", "doubled or test_scaled[2]")
    assert {name: drawn(draws, name) for name in counts} == together | {"scaled 1": []}

    assert list(empty.iterdir()) == []
    left = [path for path in checks.parents[2].rglob("*") if path.is_file()]
    names = {path.name for path in left if path.suffix != ".pyc"}
    assert names == {"test_double.py", "double.py", "__init__.py"}


def test_the_profile_is_that_of_grading() -> None:
    profile = settings.get_profile("grading")
    assert profile.derandomize
    assert profile.database is None
    assert profile.deadline is None
    assert profile.max_examples == EXAMPLES
    assert Phase.explain not in profile.phases  # it prints paths of hidden checks
    assert Phase.shrink in profile.phases
    assert settings.default == profile
