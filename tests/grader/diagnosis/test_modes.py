"""Live, by the bank and by kept outcomes a failed check has the same diagnosis."""

import sqlite3
from pathlib import Path

import pytest

from grader.checks.messages import Event, Noticed
from grader.model import CheckResult, Diagnosis
from tests.grader.diagnosis.conftest import write_mistakes
from tests.grader.miniature import reference, report, results, write_course

CHECKS = '''
@settings(max_examples=30)
@given(some.matrices())
def test_double(submission, A):
    """Doubles."""
    expect.close(submission.double(A), 2 * A, "B")


@settings(max_examples=30)
@given(some.matrices())
def test_sum(submission, A):
    """The second call depends on the first."""
    expect.close(submission.total(submission.double(A)), 2 * A.sum(axis=1), "sums")


@settings(max_examples=15)
@given(st.integers(0, 5))
def test_twice(submission, x):
    """Calls back."""
    f = callback(lambda t: t * t + 1, takes=[()])
    expect.close(submission.twice(f, float(x)), (x * x + 1.0) ** 2 + 1, "y")


@settings(max_examples=15)
@given(st.data())
def test_live(submission, data):
    """No bank has it."""
    x = float(data.draw(st.integers(1, 9)))
    expect.close(submission.double(x), 2 * x, "y")


def test_alone(submission):
    """Nothing is drawn."""
    expect.close(submission.double(1.5), 3.0, "y")


@settings(max_examples=15)
@given(some.matrices())
def test_noise(submission, A):
    """Chance."""
    answer = expect.array(submission.noise(A), A.shape, "B")
    expect.holds(bool(np.all(answer >= A)), "Something was taken away.")
'''
FUNCTIONS = (
    "def double(A):\n    return 2 * A",
    "def total(A):\n    return A.sum(axis=1)",
    "def twice(f, x):\n    return f(f(x))",
    "def noise(A):\n    return A + np.random.rand(*A.shape)",
)
ROWS = (
    ("triples", "double", "2 * A", "3 * A", "test_double test_sum test_live test_alone"),
    ("wrong_axis", "total", "axis=1", "axis=0", "test_sum"),
    ("once", "twice", "f(f(x))", "f(x)", "test_twice"),
    ("subtracts", "noise", "A + np", "A - np", "test_noise"),
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = write_course(tmp_path / "course", {"mini": (reference(*FUNCTIONS), CHECKS)})
    write_mistakes(made, "mini", ROWS)
    return made


def submission(double: str, total: str, twice: str, noise: str) -> dict[str, str]:
    bodies = {"double(A)": double, "total(A)": total, "twice(f, x)": twice, "noise(A)": noise}
    functions = (f"def {head}:\n    {body}\n" for head, body in bodies.items())
    return {"mini.py": "import numpy as np\n" + "".join(functions)}


KNOWN = submission(
    "B = A + A; return A + B",
    "return np.array([sum(column) for column in A.T])",
    "y = f(x); return y",
    "B = np.random.random_sample(A.shape); return A - B",
)
UNKNOWN = submission(
    "return 2 * A + 1", "return A.T.sum(axis=0) + 1e-3", "return f(x + 1)", "return A - 1"
)


def names(checks: dict[str, CheckResult]) -> dict[str, str]:
    found = ((name, check.diagnosis) for name, check in checks.items())
    return {name: "+".join(each.mistakes) for name, each in found if each and each.mistakes}


def test_all_modes_name_the_same_mistakes(root: Path) -> None:
    first = report(root, KNOWN)
    assert names(results(first)) == {
        "double": "triples",
        "sum": "triples+wrong_axis",
        "twice": "once",
        "live": "triples",
        "alone": "triples",
        "noise": "subtracts",
    }
    double = results(first)["double"]
    assert double.mistake == "triples"
    sentence = "Your B is 1.5 times the right one."
    assert double.diagnosis == Diagnosis(("triples",), ("triples.",), sentence, reveals=True)
    assert report(root, KNOWN) == first
    assert report(root, KNOWN, live=True) == first


def test_no_mode_names_what_nobody_knows(root: Path) -> None:
    first = report(root, UNKNOWN)
    checks = results(first)
    assert names(checks) == {}
    diagnosis = checks["double"].diagnosis
    assert diagnosis is not None
    assert diagnosis.likeness == "Your B is one too large."
    assert report(root, UNKNOWN, live=True) == first


def test_an_example_says_what_it_needs_to_run(root: Path) -> None:
    checks = results(report(root, KNOWN))
    assert "np.random.seed(" in (checks["noise"].example or "")
    assert "np.random.seed(" not in (checks["double"].example or "")
    functions: dict[str, object] = {}
    exec(KNOWN["mini.py"], functions)
    for name in ("twice", "noise"):
        exec(checks[name].example or "", functions)  # "f" is written out
    assert "def f(x):" in (checks["twice"].example or "")


def test_another_word_for_a_mistake_is_told_of_kept_outcomes_too(root: Path, cache: Path) -> None:
    report(root, KNOWN)
    renamed = (("trebles", *ROWS[0][1:]), *ROWS[1:])
    write_mistakes(root, "mini", renamed)
    assert names(results(report(root, KNOWN)))["double"] == "trebles"
    with sqlite3.connect(cache / "outcomes.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM outcomes").fetchone()[0] > len(ROWS)


def test_a_check_that_cannot_be_explained_has_failed_all_the_same(root: Path) -> None:
    source = root / "reference/mini.py"
    source.write_text(source.read_text() + "\nif __name__ == 'reference.other': pass\n")
    (root / "reference/mistakes/mini.toml").write_text("mistake = 3\n")
    events: list[Event] = []
    found = results(report(root, KNOWN, on_event=events.append))
    assert names(found) == {}
    assert {check.status for check in found.values()} == {"failed"}
    assert not any(isinstance(event, Noticed) for event in events)
