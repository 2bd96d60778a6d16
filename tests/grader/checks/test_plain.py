"""Checks load without pytest and Hypothesis, and whatever stands in never decides anything."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

LOADED = """
import sys
from pathlib import Path
from grader.checks.plain import NeedsHypothesis, Rejected, load_checks, replace_libraries

replace_libraries()
root = Path(sys.argv[1])
sys.path.insert(0, str(root))
checks = load_checks(root, root / "tests" / "hidden" / "test_a.py")
real = [n for n in sys.modules if n.startswith(("_pytest", "hypothesis.internal"))]
assert not real, real
for name in sys.argv[2:]:
    try:
        print(name, getattr(checks, name)())
    except NeedsHypothesis:
        print(name, "needs")
    except Exception as error:
        print(name, type(error).__name__)
"""

DEFINITIONS = """
import pytest as pt
import numpy as np
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
from hypothesis import HealthCheck, assume, event, example, given, note, settings, target
from hypothesis.strategies import SearchStrategy
from pytest import approx, fixture, mark

from grader.kit import strategies as some

Numbers = SearchStrategy[int] | None
EXPECTED = approx(3.0)
RAISES = pt.raises(ValueError)
MIXED = (st.integers(0, 3) | st.just(4)).map(lambda x: x + 1).filter(bool).flatmap(st.just)
ARRAYS = hnp.arrays(float, st.tuples(st.integers(1, 3)))


@st.composite
def made(draw, low=0):
    return draw(st.integers(low))


@fixture
def bare():
    return 1


@fixture(scope="module", params=[1, 2])
def with_arguments():
    return 2


@mark.points(2)
@mark.bonus
@pt.mark.parametrize("n", [1, 2])
@settings(max_examples=3, suppress_health_check=list([HealthCheck.too_slow]))
@example(1)
@given(x=st.integers().map(lambda x: x), y=made(3), z=st.builds(dict))
def check():
    return "check"


@given(st.integers().map(str))
def mapped():
    return "mapped"


class Kept:
    pass
"""

BODIES = {
    "assume(True)": "True",
    "assume(0)": "Rejected",
    "note('x'), event('x'), target(1.0)": "(None, None, None)",
    "3.0 == EXPECTED": "needs",
    "3.0 != EXPECTED": "needs",
    "EXPECTED == 3.0": "needs",
    "np.float64(3) == EXPECTED": "needs",
    "np.ones(3) == EXPECTED": "needs",
    "np.ones(3) < EXPECTED": "needs",
    "EXPECTED in [1, 2]": "needs",
    "bool(MIXED)": "needs",
    "list(MIXED)": "needs",
    "MIXED.example()": "needs",
    "approx(3)": "needs",
    "pt.approx(3)": "needs",
    "pt.fail('no')": "needs",
    "pt.skip('no')": "needs",
    "pt.raises(ValueError).__enter__()": "needs",
    "RAISES.__enter__()": "needs",
    "st.integers(1, 2)": "needs",
    "some.vectors()": "needs",
    "given(st.none())": "needs",
    "__import__('hypothesis').find": "needs",
    "__import__('hypothesis.errors').errors.Flaky": "needs",
}


def run(folder: Path, source: str, *names: str) -> list[str]:
    checks = folder / "tests" / "hidden" / "test_a.py"
    checks.parent.mkdir(parents=True)
    checks.write_text(source)
    command = [sys.executable, "-P", "-c", LOADED, str(folder), *names]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_decorators_leave_checks_as_they_are(tmp_path: Path) -> None:
    names = ("check", "mapped", "bare", "with_arguments", "Kept")
    said = run(tmp_path, DEFINITIONS, *names)
    assert said[:4] == ["check check", "mapped mapped", "bare 1", "with_arguments 2"]
    assert "tests.hidden.test_a.Kept object" in said[4]  # the name that pickled values look for


def test_what_a_body_asks_of_them_is_refused(tmp_path: Path) -> None:
    functions = [f"def body{n}():\n    return {body}\n" for n, body in enumerate(BODIES)]
    names = [f"body{n}" for n in range(len(BODIES))]
    said = run(tmp_path, DEFINITIONS + "\n\n".join(functions), *names)
    found = dict(zip(BODIES, (line.partition(" ")[2] for line in said), strict=True))
    assert found == BODIES


def test_no_check_can_catch_it(tmp_path: Path) -> None:
    source = (
        "import pytest\n"
        "def body():\n    try:\n        pytest.fail('x')\n    except Exception:\n        return 1\n"
    )
    assert run(tmp_path, source, "body") == ["body needs"]


@pytest.mark.parametrize("name", ["pytest", "hypothesis"])
def test_they_stand_in_for_nothing_that_is_loaded(name: str) -> None:
    code = f"import {name}\nfrom grader.checks.plain import replace_libraries\nreplace_libraries()"
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert "AssertionError" in done.stderr
