"""Examiners that hang, die or are killed cost a submission one check, and the rest is graded."""

import os
import signal
from pathlib import Path

import pytest

from grader.checks.findings import Findings
from grader.checks.messages import (
    Broken,
    Decided,
    Event,
    Noticed,
    Opened,
    Ready,
    Started,
    Struck,
    Undecided,
)
from grader.checks.process import trusted_process
from grader.checks.watch import _broken_off, _Watch
from grader.errors import SandboxError
from grader.model import Isolation, Status, Suite
from tests.grader.miniature import reference, report, results, statuses, write_course

DOUBLE = reference("def double(x):\n    return 2 * x")
RIGHT, WRONG = {"a.py": "def double(x): return x + x"}, {"a.py": "def double(x): return 3 * x"}

PLAIN = '''
def test_{name}(submission):
    """Twice."""
    expect.close(submission.double({x}), 2 * {x}, "y")
'''
# What an answer can do to a comparison; the reference's answers do not.
CRUEL = '''
def test_cruel(submission):
    """Does something terrible where an answer is wrong."""
    if submission.double(1) != 2:
        {deed}
'''


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))


def course(tmp_path: Path, deed: str, *, first: bool = False) -> Path:
    plain = [PLAIN.format(name=name, x=x) for name, x in (("a", 0), ("b", 3))]
    cruel = CRUEL.format(deed=deed)
    checks = "import os, time\n" + "".join(
        [cruel, *plain] if first else [plain[0], cruel, plain[1]]
    )
    return write_course(
        tmp_path / "course", {"twice": (DOUBLE, checks)}, settings="check_seconds = 3.0\n"
    )


DEEDS = {
    "hangs": ("time.sleep(600)", Status.TIMEOUT, "longer than 3 s"),
    "is killed": ("os.kill(os.getpid(), 9)", Status.FAILED, "more memory"),
    "leaves": ("os._exit(0)", Status.FAILED, "more memory"),
}


@pytest.mark.parametrize("first", [False, True], ids=["in the middle", "first"])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_comparison_that_hangs_or_dies_costs_its_check(
    tmp_path: Path, deed: str, first: bool
) -> None:
    code, status, words = DEEDS[deed]
    root = course(tmp_path, code, first=first)
    assert set(statuses(report(root, RIGHT)).values()) == {"passed"}
    made = report(root, WRONG)
    assert statuses(made) == {"a": "passed", "cruel": status, "b": "failed"}
    assert words in results(made)["cruel"].message
    if first:
        assert report(root, WRONG, live=True) == made


@pytest.mark.parametrize("live", [False, True], ids=["replayed", "live"])
def test_a_mistake_of_ours_is_not_told_as_the_submissions_and_deletes_no_check(
    tmp_path: Path, live: bool
) -> None:
    half = "examination" if live else "deciding"
    root = course(tmp_path, f"import grader.checks.{half} as ours; ours.decide = None")
    made = report(root, WRONG, live=live)
    assert statuses(made) == {"a": "passed", "cruel": "failed", "b": "failed"}
    assert "(TypeError). That is a mistake of the grader's" in results(made)["cruel"].message


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (" It said: TypeError: no", "(TypeError)"),
        (" It said: grader.worker.layout.Refused: is nested", "(Refused)"),
        (" It said: MemoryError", "more memory"),
        (" It said: numpy._core._exceptions._ArrayMemoryError: Unable", "more memory"),
        ("", "more memory"),
    ],
)
def test_what_an_examiner_ended_of_is_told_apart(said: str, told: str) -> None:
    assert told in _broken_off(f"exit code 1.{said}")


def test_an_examiner_that_died_before_it_took_its_job_is_left_in_peace() -> None:
    with trusted_process("no_such_module") as process:
        process.wait()
        assert process.stdin is not None
        with pytest.raises(BrokenPipeError):
            process.stdin.write(b"a job")
            process.stdin.flush()


def test_an_examiner_that_is_killed_from_outside_is_replaced(tmp_path: Path) -> None:
    root = course(tmp_path, "pass")
    report(root, RIGHT)
    killed = []

    def kill(event: Event) -> None:
        if isinstance(event, Started) and event.check == "test_cruel" and not killed:
            killed.append(_examiner())
            os.kill(killed[0], signal.SIGKILL)

    made = report(root, RIGHT, on_event=kill)
    assert killed
    # The check that it was at counts as one that it died of, unless it had just said how it ended.
    found = list(statuses(made).values())
    assert found.count("passed") >= 2
    assert set(found) <= {"passed", "failed"}


def _examiner() -> int:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"grader.checks.examiner" in words and int(parent) == os.getpid():
            return int(process.name)
    raise AssertionError("no examiner is running")


def test_checks_that_print_and_warn_a_lot_are_drained(tmp_path: Path) -> None:
    noise = "\n    import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr)\n    os.write(1, b'test_a' * 99)\n"  # noqa: E501
    checks = "import os" + "".join(
        PLAIN.format(name=name, x=1).replace('"""\n', '"""' + noise, 1) for name in ("a", "b")
    )
    root = write_course(tmp_path / "course", {"twice": (DOUBLE, checks)})
    for live in (False, True):
        assert statuses(report(root, RIGHT, live=live)) == {"a": "passed", "b": "passed"}
        assert statuses(report(root, WRONG, live=live)) == {"a": "failed", "b": "failed"}


def test_checks_that_cannot_be_imported_are_void_and_the_others_run(tmp_path: Path) -> None:
    good = PLAIN.format(name="a", x=1)
    exercises = {"bad": (DOUBLE, "import nowhere\n" + good), "good": (DOUBLE, good)}
    root = write_course(tmp_path / "course", exercises)
    events: list[Event] = []
    made = report(root, RIGHT, on_event=events.append)
    assert [str(e.checks[0].status) for e in made.exercises] == ["void", "passed"]
    assert any(isinstance(e, Noticed) and "nowhere" in e.message for e in events)


H = Suite.HIDDEN


def decided(check: str, status: Status, message: str = "") -> Decided:
    return Decided("twice", H, check, status, message, None)


def undecided(check: str, item: str = "") -> Undecided:
    return Undecided("twice", H, check, item or check, True)


def found(*events: Event) -> Findings:
    findings = Findings()
    for event in events:
        findings.add(event)
    return findings


def verdicts(findings: Findings) -> dict[str, Status]:
    return {check: each.status for (_, _, check), each in findings.decided.items()}


def test_the_first_failing_item_decides_a_parametrized_check() -> None:
    passed, failed = decided("a", Status.PASSED), decided("a", Status.FAILED, "first")
    for events in ([passed, failed], [failed, passed], [failed, decided("a", Status.ERROR)]):
        assert found(*events).decided["twice", H, "a"] == failed


def test_what_is_open_is_settled_by_what_is_found_later_and_only_that() -> None:
    replayed = found(
        Ready(Isolation.ZYGOTE),
        Opened("twice", "a.py", ("note",)),
        decided("a", Status.PASSED),
        decided("b", Status.PASSED, "of one item"),
        undecided("b", "b[2]"),
        undecided("c"),
        Struck("twice", "double", Status.TIMEOUT),
    )
    assert {check for _, _, check in replayed.open} == {"b", "c"}
    later = found(
        Opened("twice", "other.py", ()),
        decided("b", Status.FAILED),
        decided("c", Status.ERROR),
    )
    both = replayed.then(later)
    assert verdicts(both) == {"a": Status.PASSED, "b": Status.FAILED, "c": Status.ERROR}
    assert both.isolation is Isolation.ZYGOTE
    assert both.opened["twice"].file == "a.py"
    # A check that nothing was found of later has no verdict from before either.
    assert verdicts(replayed.then(found())) == {"a": Status.PASSED}


def test_a_broken_examiner_is_our_fault() -> None:
    with pytest.raises(SandboxError, match="no luck"):
        found(Broken("no luck"))


def test_a_check_runs_until_it_is_decided_or_left() -> None:
    watch, started = _Watch(3.0), Started("twice", H, "a")
    before = watch.seconds()
    for event in (started, Ready(Isolation.NONE), Opened("twice", None, ())):
        watch.note(event)
        assert (watch.running, watch.told, watch.seconds()) == (started, False, 3.0)
    for end in (decided("a", Status.PASSED), undecided("a")):
        watch.note(started)
        watch.note(end)
        assert (watch.running, watch.told, watch.seconds()) == (None, True, before)


def test_where_checks_hang_the_next_ones_of_the_exercise_have_half_the_time() -> None:
    watch, here, there = _Watch(40.0), Started("twice", H, "a"), Started("once", H, "a")
    waits = []
    for watch.running in (here, here, there, here, here, here):
        waits.append(watch.seconds())
        watch.hung[watch.running.exercise] += 1
    assert waits == [40.0, 20.0, 40.0, 10.0, 5.0, 5.0]
    assert _Watch(3.0, here, hung=watch.hung).seconds() == 3.0


def test_an_examiner_has_less_time_once_a_check_hung(tmp_path: Path) -> None:
    hangs = "\n".join(
        CRUEL.format(deed="time.sleep(600)").replace("_cruel", f"_{name}") for name in "ab"
    )
    checks = {"twice": (DOUBLE, f"import time\n{hangs}")}
    root = write_course(tmp_path / "course", checks, settings="check_seconds = 8.0\n")
    told = [check.message for check in results(report(root, WRONG)).values()]
    assert ["than 8 s" in told[0], "than 5 s" in told[1]] == [True, True]
