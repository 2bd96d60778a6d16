"""Live, by the bank, and by kept outcomes: the same report, byte for byte."""

import sqlite3
from pathlib import Path

import pytest

from grader.checks.messages import Event, Struck, Undecided
from grader.checks.outcome import FLAKY
from tests.grader.miniature import reference, report, results, statuses, write_course

# What `f(A)` does instead of returning 2 * A, and how its check ends.
BEHAVIOURS = {
    "right": ("return A + A", "passed"),
    "tripled": ("return 3 * A", "failed"),
    "corner": ("return 2 * A if A.size < 5 else 2 * A + 1e-3", "failed"),
    "none": ("return None", "failed"),
    "lists": ("return (2 * A).tolist()", "failed"),
    "flat": ("return (2 * A).ravel()", "failed"),
    "nan": ("return np.where(A > 3, np.nan, 2 * A)", "failed"),
    "a_set": ("return {1, 2}", "failed"),
    "an_object": ("return object()", "failed"),
    "large": ("return np.ones((300, 1000))", "failed"),
    "in_place": ("A *= 2; return A", "passed"),
    "float32": ("return np.float32(2) * A.astype(np.float32)", "passed"),
    "raises": ("raise ValueError('no such axis')", "error"),
    "raises_late": ("return 2 * A if A.sum() < 5 else {}['large']", "error"),
    "exits": ("raise SystemExit(3)", "error"),
    "endless_recursion": ("return endless_recursion(A)", "error"),
    "blank": ("raise NotImplementedError", "not_started"),
    "blank_late": ("if A.sum() > 5: raise NotImplementedError('later')\n    return 2 * A",
                   "not_started"),
    "global_random": ("return 2 * A + np.random.randn() * (A.size > 6)", "failed"),
    "own_random": ("return 2 * A + np.random.default_rng().normal() * (A.size > 6)", "failed"),
    "fixed_seed": ("np.random.seed(3); return 2 * A + (np.random.rand() > 2)", "passed"),
    "counts": ("STATE.append(1); return 2 * A + (len(STATE) > 13)", "failed"),
    "counts_in_vain": ("STATE.append(1); return 2 * A + 0 * len(STATE)", "passed"),
    "hungry": ("return np.ones(2**40)", "memory"),
    "hangs": ("while True: pass", "timeout"),
    "hangs_late": ("while A.sum() > 9: pass\n    return 2 * A", "timeout"),
    "wrong_then_hangs": ("while A.shape == (1, 1) and A[0, 0] == 0: pass\n    return 3 * A",
                         "timeout"),
    "hangs_on_small_ones": ("while A.size == 2 and A.any(): pass\n    return 2 * A + (A.size > 8)",
                            None),
    "dies": ("import os; os._exit(3)", "crashed"),
    "dies_late": ("import os\n    if A.sum() > 9: os._exit(3)\n    return 2 * A", "crashed"),
}  # fmt: skip

CHECK = '''
@settings(max_examples=20)
@given(some.matrices())
def test_{name}(submission, A):
    """Doubles."""
    expect.close(submission.{name}(A), 2 * A, "answer")
'''
SETTINGS = "cpu_seconds = 0.2\nwall_seconds = 20.0\n"


def double(name: str, body: str = "return 2 * A") -> str:
    return f"def {name}(A):\n    {body}\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(cache: Path) -> int:
    with sqlite3.connect(cache / "outcomes.sqlite3") as connection:
        return int(connection.execute("SELECT count(*) FROM outcomes").fetchone()[0])


def test_all_modes_give_the_same_report(tmp_path: Path, cache: Path) -> None:
    names = [*BEHAVIOURS, "missing"]
    checks = "".join(CHECK.format(name=name) for name in names)
    root = write_course(
        tmp_path / "course",
        {"double": (reference(*map(double, names)), checks)},
        settings=SETTINGS,
    )
    bodies = [double(name, body) for name, (body, _) in BEHAVIOURS.items()]
    files = {"double.py": "import numpy as np\nSTATE = []\n" + "".join(bodies)}

    first = report(root, files)
    expected = {name: status for name, (_, status) in BEHAVIOURS.items() if status}
    found = statuses(first)
    assert found == expected | {"missing": "not_started"} | {
        name: found[name] for name in BEHAVIOURS if name not in expected
    }
    assert report(root, files, live=True) == first

    outcomes, events = kept(cache), list[Event]()
    assert report(root, files, on_event=events.append) == first
    assert not any(isinstance(event, Undecided) for event in events)
    decided = {name for name, status in found.items() if status in ("passed", "failed", "error")}
    # An answer that does not come again is not kept.
    assert results(first)["counts"].message == FLAKY
    assert kept(cache) == outcomes == len(decided - {"counts"})


def test_a_kept_outcome_carries_nothing_of_the_submission_it_came_from(tmp_path: Path) -> None:
    checks = """
@given(st.integers(0, 9))
def test_alone(submission, x):
    \"\"\"One call.\"\"\"
    expect.close(submission.f(x), x, "y")


@given(st.integers(0, 9))
def test_chain(submission, x):
    \"\"\"The call that raises is made with an answer, and raises only sometimes.\"\"\"
    expect.close(submission.g(submission.same(x)), x, "y")
"""
    functions = [f"def {name}(x):\n    return x" for name in ("f", "g", "same")]
    root = write_course(tmp_path / "course", {"same": (reference(*functions), checks)})
    first = {
        "alices.py": "def same(x): return x\ndef f(x):\n    raise KeyError(x)  # alice\n"
        "def g(x):\n    if x > 3: raise ValueError('large')  # alice\n    return x\n"
    }
    second = {
        "bobs.py": "# Bob.\n\ndef same(x):\n    return x\n\ndef check(x):\n    if not x <= 3:\n"
        "        raise ValueError('large')  # bob\n\ndef f(x):\n    {}[x]  # bob\n"
        "def g(x):\n    check(x)\n    return x\n"
    }
    events: list[Event] = []
    alice, bob = report(root, first), report(root, second, on_event=events.append)
    assert not any(type(event).__name__ == "Undecided" for event in events)  # it was all kept
    for made, name, others in ((alice, "alice", "bob"), (bob, "bob", "alice")):
        for result in results(made).values():
            assert result.status == "error"
            assert f"of {name}s.py" in result.message
            assert f"# {name}" in result.message
            assert others not in result.message
    assert "on line 11 of bobs.py" in results(bob)["alone"].message
    assert "on line 8 of bobs.py" in results(bob)["chain"].message
    assert report(root, second, live=True) == bob
    assert report(root, first, live=True) == alice


def test_what_one_submission_lacks_is_not_kept_for_the_next(tmp_path: Path) -> None:
    checks = """
@given(st.integers(1, 9))
def test_chain(submission, x):
    \"\"\"Two functions.\"\"\"
    expect.close(submission.g(submission.f(x * 0.1)), x * 0.1, "y")
"""
    functions = [f"def {name}(x):\n    return x" for name in ("f", "g")]
    root = write_course(
        tmp_path / "course", {"same": (reference(*functions), checks)}, settings=SETTINGS
    )
    f, g = "def f(x): return x\n", "def g(x): return x\n"
    for files, status in (
        ({"half.py": f}, "not_started"),
        ({"blank.py": f + "def g(x): raise NotImplementedError('by half.py')\n"}, "not_started"),
        ({"whole.py": f + g}, "passed"),
        ({"half.py": f}, "not_started"),
        ({"wrong.py": f + "def g(x): return 2 * x\n"}, "failed"),
        ({"hangs.py": f + "def g(x):\n    while True: pass\n"}, "timeout"),
        ({"whole.py": f + g}, "passed"),
    ):
        made = report(root, files)
        assert statuses(made) == {"chain": status}, files


def test_functions_that_answer_by_the_clock_have_failed(tmp_path: Path) -> None:
    bodies = {
        "clock": "return 2 * A + (time.perf_counter_ns() // 100 % 2)",
        "entropy": "return 2 * A + (os.urandom(1)[0] % 2)",
        "rarely": "return 2 * A + (os.urandom(1)[0] > 250)",
        "kind": "return {} if os.urandom(1)[0] % 2 else undefined",
        "by_process": "return 2 * A + (time.monotonic() > START + 0.2)",
    }
    checks = "".join(CHECK.format(name=name) for name in bodies)
    root = write_course(tmp_path / "course", {"double": (reference(*map(double, bodies)), checks)})
    source = "import os, time\nSTART = time.monotonic()\n"
    files = {"a.py": source + "".join(double(*body) for body in bodies.items())}
    for live in (False, False, True):
        found = statuses(report(root, files, live=live))
        assert {found[name] for name in ("clock", "entropy")} == {"failed"}
        assert found["kind"] in ("failed", "error")
        assert {found["rarely"], found["by_process"]} <= {"failed", "passed"}


def test_limits_are_bounded_by_function_and_not_by_check(tmp_path: Path) -> None:
    live_only = CHECK.replace("expect.close(", "assert pytest.approx(0) == 0\n    expect.close(")
    checks = ["import time\n"]
    names = ("one", "two")
    for n in range(4):
        for name in names:
            check = CHECK if n % 2 else live_only
            checks.append(check.replace("test_{name}", f"test_{name}_{n}").format(name=name))
    references = reference(*map(double, names))
    root = write_course(
        tmp_path / "course", {"double": (references, "".join(checks))}, settings=SETTINGS
    )
    files = {"a.py": "".join(double(name, "while True: pass") for name in names)}
    for live in (True, False, False):
        events: list[Event] = []
        made = report(root, files, live=live, on_event=events.append)
        assert set(statuses(made).values()) == {"timeout"}
        deaths = [event for event in events if isinstance(event, Struck)]
        assert len(deaths) == 3 * len(names)


def test_a_limit_on_the_way_to_a_small_example_is_no_limit(tmp_path: Path) -> None:
    """What a check fails of is decided by then: it does not count, in whatever mode."""
    check = """
@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_{n}(submission, x):
    \"\"\"Doubles.\"\"\"
    expect.close(submission.double(x), 2 * x, "y")
"""
    checks = "".join(check.format(n=n) for n in range(5))
    functions = reference("def double(x):\n    return 2 * x")
    root = write_course(tmp_path / "course", {"double": (functions, checks)}, settings=SETTINGS)
    wrong = "    return 2 * x + (x > 2)\n"
    whole, hangs = ({"a.py": f"def double(x):\n{first}{wrong}"} for first in (
        "", "    while 0 < x < 3: pass\n"))  # fmt: skip
    events: list[Event] = []
    live = report(root, hangs, live=True, on_event=events.append)
    assert set(statuses(live).values()) == {"failed"}
    assert not any(isinstance(event, Struck) for event in events)
    events.clear()
    assert report(root, hangs, on_event=events.append) == live
    # The bank asks for all answers before the check looks at one: once.
    assert sum(isinstance(event, Struck) for event in events) <= 1
    # The answers of the bank are those of another, who hangs nowhere: theirs was kept.
    assert statuses(report(root, whole)) == statuses(live)
    assert report(root, hangs) == live


def test_a_limit_in_one_check_is_no_excuse_in_another(tmp_path: Path) -> None:
    """A wrong answer that comes before any limit is what a check tells, in every mode."""
    check = """
@settings(max_examples=10)
@given(st.integers({low}, {high}))
def test_{low}(submission, x):
    \"\"\"Doubles.\"\"\"
    expect.close(submission.double(x), 2 * x, "y")
"""
    ranges = (1, 9), (50, 99), (20, 29), (2, 9), (30, 39), (40, 49)
    checks = "".join(check.format(low=low, high=high) for low, high in ranges)
    functions = "def double(x):\n    return 2 * x"
    root = write_course(
        tmp_path / "course", {"double": (reference(functions), checks)}, settings=SETTINGS
    )
    files = {"a.py": "def double(x):\n    while x > 19: pass\n    return 3 * x"}
    made = report(root, files)
    assert list(statuses(made).values()) == [
        "failed", "timeout", "timeout", "timeout", "timeout", "timeout"
    ]  # fmt: skip
    assert report(root, files, live=True) == made


def test_a_check_that_answers_could_empty_is_failed(tmp_path: Path) -> None:
    checks = """
@given(st.integers(0, 9))
def test_all_rejected(submission, x):
    \"\"\"Looks at positive answers only.\"\"\"
    y = submission.double(x)
    assume(y >= 0)
    expect.close(y, 2 * x, "y")
"""
    functions = "def double(x):\n    return 2 * x"
    root = write_course(tmp_path / "course", {"double": (reference(functions), checks)})
    for body, status in (("-1", "failed"), ("2 * x", "passed"), ("-(x > 3)", "failed")):
        files = {"a.py": f"def double(x): return {body}\n"}
        made = report(root, files)
        assert statuses(made) == {"all_rejected": status}
        assert report(root, files, live=True) == made
