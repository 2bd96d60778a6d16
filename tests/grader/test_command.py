"""The command from outside: what it prints, writes and answers, whatever it is given."""

import fcntl
import hashlib
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from grader.course import open_course
from grader.errors import OutputError
from grader.report.files import require_place
from tests.grader.conftest import RELU, SLOPE, SOFTMAX, Command, environment_of

RIGHT = {
    "relu.py": f"import numpy as np\n\n{RELU}\n{SLOPE}",
    "softmax.py": f"import numpy as np\n{SOFTMAX}",
}
WRONG = RIGHT | {"relu.py": RIGHT["relu.py"].replace("maximum", "minimum")}
NOT_STARTED = {"relu.py": "def relu(Z):\n    raise NotImplementedError\n"}
SLEEPS = {"relu.py": "import time\n\n\ndef relu(Z):\n    time.sleep(600)\n"}

Fingerprint = dict[str, tuple[int, int, bytes]]


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def fingerprint(folder: Path) -> Fingerprint:
    """Everything below a folder: mode, time of change, content."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(scope="session")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("right") / "alice", RIGHT)


@pytest.fixture(scope="session")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("wrong") / "bob", WRONG)


# what cannot be graded


@pytest.fixture
def desk(small_course: Path, tmp_path: Path) -> Path:
    """A working folder with a good submission and much that is none."""
    folder = tmp_path / "desk"
    write(folder / "sub", RIGHT)
    write(folder / "empty", {})
    write(folder / "other", {"notes.txt": "x", "plot.png": b"\x89PNG\r\n"})
    write(folder / "unreadable", {"relu.py": b"\x7fELF\x00\x01\x02"})
    write(folder / "grader-report", RIGHT)
    write(
        folder,
        {
            "relu.py": b"\x7fELF\x00\x01\x02",
            "plot.png": b"\x89PNG\r\n",
            "relu.ipynb": '{"cells": [',
            "list.ipynb": "[1, 2]",
            "sub.zip": b"PK\x03\x04 no more",
            "file": "in the way",
        },
    )
    shutil.copytree(small_course, folder / "course")
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("run nowhere", "nowhere does not exist; give a folder, a .py file"),
        ("run nowhere/relu.py", "nowhere/relu.py does not exist; give a folder, a .py file"),
        ("run empty", "empty holds no .py or .ipynb file; give the folder with the answers"),
        ("run other", "other holds no .py or .ipynb file; give the folder with the answers"),
        ("run relu.py", "relu.py cannot be graded: "),
        ("run unreadable", "unreadable holds nothing that can be graded; relu.py: "),
        ("run plot.png", "plot.png cannot be graded: files like it are not read; give a folder"),
        ("run relu.ipynb", "relu.ipynb cannot be graded: "),
        ("run list.ipynb", "list.ipynb cannot be graded: "),
        ("run sub.zip", "sub.zip cannot be graded: it is damaged or is no zip file; pack it again"),
        ("run sub --course nowhere", "--course nowhere does not exist. Name the folder of a"),
        ("run sub --course other", "--course other is no course (a folder with reference/ and "),
        ("run sub --course file", "--course file is no course (a folder with reference/ and "),
        ("list --course other", "--course other is no course (a folder with reference/ and "),
        ("stubs --course other", "--course other is no course (a folder with reference/ and "),
        ("run sub --only relu --only rule", 'has no exercise "rule". It has: relu, softmax.'),
        ("run sub --out sub", "--out sub lies inside the submission, into which nothing is "),
        ("run sub --out sub/a/b", "--out sub/a/b lies inside the submission, into which nothing"),
        ("run sub --out course/../sub/a", "lies inside the submission, into which nothing is"),
        ("run grader-report", "grader-report lies inside the submission, into which nothing is"),
        ("run sub --out file", "file (it is no folder); name a folder that you may write to."),
        ("run sub --out file/a", "file/a (file is no folder); name a folder that you may"),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_file_and_the_way_out(
    grader: Command, desk: Path, arguments: str, words: str
) -> None:
    before = fingerprint(desk)
    command = arguments.split()
    own = [] if "--course" in command else ["--course", "course"]
    ran = grader(*command, *own, cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: ")
    assert words in ran.err
    assert ran.err.endswith(".\n")
    assert ran.err.count("\n") == 1
    assert fingerprint(desk) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("run sub --nothing", "No such option '--nothing'"),
        ("run sub --suite secret", "'secret' is not one of 'public', 'hidden', 'all'"),
        ("run", "Missing argument 'SUBMISSION'"),
        ("run sub sub", "Got unexpected extra argument (sub)"),
        ("run sub --out", "Option '--out' requires an argument"),
        ("rnu sub", "No such command 'rnu'"),
        ("", "Grade numerical Python exercises"),
    ],
)
def test_a_mistyped_command_says_so(
    grader: Command, desk: Path, arguments: str, words: str
) -> None:
    before = fingerprint(desk)
    ran = grader(*arguments.split(), cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert fingerprint(desk) == before


@pytest.mark.parametrize(
    ("room", "named"),
    [
        ("reference", "own course is no course"),
        ("reference/__init__.py", "reference/__init__.py is missing. Write it"),
        ("reference/relu.py", "reference/relu.py is missing. reference/__init__.py lists"),
        ("tests", "tests/hidden/test_relu.py is missing. reference/__init__.py lists"),
        ("tests/hidden", "tests/hidden/test_relu.py is missing. reference/__init__.py lists"),
        ("tests/hidden/test_softmax.py", "tests/hidden/test_softmax.py is missing"),
        ("tests/public", "has no public checks. Write "),
    ],
)
def test_a_course_with_a_room_missing(
    grader: Command, own_course: Path, right: Path, tmp_path: Path, room: str, named: str
) -> None:
    gone = own_course / room
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    suite = "public" if room == "tests/public" else "hidden"
    before = fingerprint(tmp_path)
    ran = grader("run", right, "--course", own_course, "--suite", suite, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert named in ran.err
    assert ran.err.count("\n") == 1
    assert fingerprint(tmp_path) == before


def test_no_course_from_here_upward(grader: Command, right: Path, tmp_path: Path) -> None:
    ran = grader("run", right, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(
        f"grader: No course was found from {tmp_path} upward .*Name one with --course DIR.\n",
        ran.err,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_that_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked of the system, root would get another answer.
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path)
    with pytest.raises(OutputError, match=r"Permission denied.*name a folder that you may"):
        require_place(tmp_path / "a")
    (tmp_path / "a").mkdir()
    require_place(tmp_path / "a" / "b")
    assert list((tmp_path / "a").iterdir()) == []


def test_a_mistake_of_ours_is_no_grade(tmp_path: Path) -> None:
    broken = "import grader.cli as c\ndef cli(**_): raise ZeroDivisionError\nc.cli = cli\nc.main()"
    ended = subprocess.run([sys.executable, "-c", broken], capture_output=True, check=False)
    assert ended.returncode == 2
    assert b"ZeroDivisionError" in ended.stderr
    assert ended.stderr.endswith(b"mistake of grader itself. Nothing was graded.\n")


# what a run says, writes and answers


def test_full_marks(grader: Command, small_course: Path, right: Path, tmp_path: Path) -> None:
    ran = grader("run", right, "--course", small_course, "--out", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "4 of 4 points" in ran.out
    assert str(tmp_path / "report.html") in ran.out.replace("\n", "").replace(" ", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]


def test_missing_points(grader: Command, small_course: Path, wrong: Path, tmp_path: Path) -> None:
    ran = grader("run", wrong, "--course", small_course, "--out", tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert "2 of 4 points" in ran.out
    assert "Negative numbers become 0" in ran.out
    assert "Hint: Compare with 0." in ran.out


def test_a_void_check_is_no_grade(grader: Command, own_course: Path, right: Path) -> None:
    checks = own_course / "tests/hidden/test_softmax.py"
    checks.write_text(checks.read_text().replace("1.0", "2.0"))
    ran = grader("run", right, "--course", own_course, "--json", cwd=own_course)
    assert ran.code == 2
    assert ran.statuses == {
        "relu.negatives_vanish": "passed",
        "relu.the_slope_is_a_step": "passed",
        "softmax.shares_add_up_to_one": "void",
    }
    assert (ran.report["earned"], ran.report["possible"]) == (3.0, 4.0)
    told = grader("run", right, "--course", own_course, cwd=own_course)
    assert told.code == 2
    assert "1 check, by a mistake of ours" in told.out


def test_json_is_all_of_standard_output(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    ran = grader("run", wrong, "--course", small_course, "--out", tmp_path, "--json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (tmp_path / "report.json").read_text()
    assert json.loads(ran.out)["submission"] == "bob"


def test_a_report_names_the_course_and_the_very_files(
    grader: Command, small_course: Path, right: Path, tmp_path: Path
) -> None:
    ran = grader("run", right, "--course", small_course, "--out", tmp_path, "--json")
    course = open_course(small_course)
    hashes = {name: hashlib.sha256((right / name).read_bytes()).hexdigest() for name in RIGHT}
    assert (ran.report["course"], ran.report["course_version"]) == (course.title, course.version)
    assert ran.report["files"] == hashes
    assert [e["file"] for e in ran.report["exercises"]] == ["relu.py", "softmax.py"]
    page = (tmp_path / "report.html").read_text()
    assert all(part in page for part in [course.version, *hashes, *hashes.values()])


def test_a_submission_is_left_as_it_was(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    before = fingerprint(folder)
    assert grader("run", folder, "--course", small_course, "--out", tmp_path).code == 0
    assert fingerprint(folder) == before


@pytest.mark.parametrize(
    ("cwd", "report"),
    [
        (".", "grader-report/sub"),
        ("beside", "beside/grader-report/sub"),
        ("sub", "grader-report/sub"),
        ("sub/deep", "grader-report/sub"),
    ],
)
def test_the_default_folder_is_never_inside_the_submission(
    grader: Command, small_course: Path, tmp_path: Path, cwd: str, report: str
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    (folder / "deep").mkdir()
    (tmp_path / "beside").mkdir()
    before = fingerprint(folder)
    ran = grader("run", folder, "--course", small_course, cwd=tmp_path / cwd)
    assert ran.code == 0
    assert fingerprint(folder) == before
    assert (tmp_path / report / "report.html").is_file()
    assert [str(p.parent.relative_to(tmp_path)) for p in tmp_path.rglob("report.json")] == [report]
    shown = ran.out.replace("\n", "").replace(" ", "")
    assert str(tmp_path / report / "report.html") in shown


def test_a_link_does_not_lead_the_report_into_the_submission(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    (tmp_path / "grader-report").symlink_to(folder)
    ran = grader("run", "sub", "--course", small_course, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "lies inside the submission" in ran.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(RIGHT)


@pytest.mark.parametrize(
    ("name", "absolute"),
    [("my answers", True), ("Übung 3 答え", False), ("it's; rm -rf [x]", True), ("-", False)],
)
def test_a_path_is_taken_as_it_is(
    grader: Command, small_course: Path, tmp_path: Path, name: str, absolute: bool
) -> None:
    folder = write(tmp_path / name, RIGHT)
    given = folder if absolute else name
    ran = grader("run", given, "--course", small_course, "--only", "relu", "--json", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.report["submission"] == name
    assert (tmp_path / "grader-report" / name / "report.html").is_file()


def test_the_nearest_course_is_graded_with_from_below_it(
    grader: Command, own_course: Path, right: Path
) -> None:
    ran = grader("run", right, "--out", own_course / "out", "--json", cwd=own_course / "tests")
    assert ran.code == 0
    assert ran.report["course"] == "Miniature"


@pytest.mark.parametrize(
    ("names", "graded"),
    [
        (["relu"], ["relu"]),
        (["softmax", "relu"], ["relu", "softmax"]),
        (["softmax", "softmax"], ["softmax"]),
    ],
)
def test_some_exercises_only(
    grader: Command,
    small_course: Path,
    right: Path,
    tmp_path: Path,
    names: list[str],
    graded: list[str],
) -> None:
    only = [word for name in names for word in ("--only", name)]
    ran = grader("run", right, "--course", small_course, "--json", *only, cwd=tmp_path)
    assert ran.code == 0
    assert [exercise["name"] for exercise in ran.report["exercises"]] == graded


@pytest.mark.parametrize(
    ("suite", "checks"),
    [
        ("public", ["zero"]),
        ("hidden", ["negatives_vanish", "the_slope_is_a_step"]),
        ("all", ["zero", "negatives_vanish", "the_slope_is_a_step"]),
    ],
)
def test_suites(
    grader: Command, small_course: Path, right: Path, tmp_path: Path, suite: str, checks: list[str]
) -> None:
    arguments = ("--course", small_course, "--suite", suite, "--only", "relu", "--json")
    ran = grader("run", right, *arguments, cwd=tmp_path)
    assert (ran.code, ran.report["suite"]) == (0, suite)
    assert list(ran.statuses) == [f"relu.{name}" for name in checks]


def test_a_course_inside_the_submission_counts_for_its_public_checks_only(
    grader: Command, own_course: Path, tmp_path: Path
) -> None:
    write(own_course, RIGHT)
    arguments = ("run", own_course, "--course", own_course, "--out", tmp_path / "out")
    ran = grader(*arguments, "--json")
    assert (ran.code, list(ran.statuses)) == (0, ["relu.zero"])
    assert "lies inside the submission; only its public checks run." in ran.err
    refused = grader(*arguments, "--suite", "hidden")
    assert refused.code == 2
    assert "Name the real course with --course DIR." in refused.err


def test_drawn_anew_the_report_is_the_same(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    arguments = ("run", wrong, "--course", small_course, "--json", "--out", tmp_path)
    assert grader(*arguments, "--live") == grader(*arguments)


# terminals


def test_a_terminal_that_knows_ascii_only(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "Übung", NOT_STARTED | {"softmax.py": "def softmax(z):\n    é"})
    ran = grader("run", folder, "--course", small_course, PYTHONIOENCODING="ascii", cwd=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.isascii()
    assert "0 of 4 points" in ran.out


def on_a_terminal(command: list[str], cwd: Path, cache: Path) -> tuple[int, bytes]:
    """Run with standard error on a terminal; what the terminal got."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    environment = environment_of(cache, TERM="xterm-256color")
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=slave
    )
    os.close(slave)
    assert process.stdout is not None
    shown = b""
    while chunk := _read(master):
        shown += chunk
    process.stdout.close()
    os.close(master)
    return process.wait(), shown


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # how Linux says that nobody holds the other side any more
        return b""


def test_a_bar_shows_how_far_it_is_where_somebody_watches(
    small_course: Path, right: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-P", "-m", "grader", "run", str(right)]
    code, shown = on_a_terminal(
        [*command, "--course", str(small_course)], tmp_path, tmp_path / "cache"
    )
    assert code == 0
    assert b"drawing the examples of " in shown
    assert b"3/3" in shown


# Ctrl-C


def family(root: int) -> dict[int, str]:
    """The living processes that descend from one, with their command lines."""
    parents, words = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        if stat[0] != "Z":
            parents[int(folder.name)], words[int(folder.name)] = int(stat[1]), line
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return {pid: words[pid] for pid in found}


def until(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
@pytest.mark.parametrize("phase", ["worker.zygote", "grader.checks.record"])
def test_an_interrupted_run_leaves_nothing_behind(
    grader: Command,
    small_course: Path,
    cache: Path,
    tmp_path: Path,
    phase: str,
    number: signal.Signals,
) -> None:
    desk = tmp_path / "desk"
    folder = write(desk / "sub", SLEEPS)
    before = fingerprint(desk)
    kept = cache if phase == "worker.zygote" else tmp_path / "cache"
    if kept == cache:  # its banks must be there
        grader("run", folder, "--course", small_course, "--only", "softmax", "--out", tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader", "run", "sub", "--course", str(small_course)],
        cwd=desk,
        env=environment_of(kept),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    until(lambda: any(phase in line for line in family(process.pid).values()))
    time.sleep(0.3)  # well into it
    started = family(process.pid)
    os.killpg(process.pid, number)  # a terminal tells the whole group
    out, err = process.communicate(timeout=30)
    if number == signal.SIGINT:
        assert process.returncode == 2
        assert err.strip() == b"grader: interrupted. Nothing was written."  # below the ^C
    assert out == b""
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), seconds=10)
    assert fingerprint(desk) == before


# the other commands


@pytest.mark.parametrize("command", ["run", "list", "doctor", "stubs"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_examples(grader: Command, command: str, option: str) -> None:
    ran = grader(command, option)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(rf"^  grader {command}( |$)", ran.out, re.MULTILINE)


def test_help_lists_all_commands_in_full(grader: Command) -> None:
    ran = grader("--help")
    assert ran.code == 0
    assert all(f"grader {command}" in ran.out for command in ["run", "list", "doctor", "stubs"])
    assert "..." not in ran.out.partition("Commands:")[2]


def test_help_states_the_default_folder(grader: Command) -> None:
    said = " ".join(grader("run", "--help").out.split())
    assert "Default: grader-report/NAME in the working folder" in said


def test_the_version(grader: Command) -> None:
    from grader import __version__

    assert grader("--version").out == f"grader {__version__}\n"


def test_list_names_every_exercise_and_function_in_full(
    grader: Command, small_course: Path
) -> None:
    ran = grader("list", "--course", small_course, COLUMNS="30")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "Miniature\n\n"
        "relu: Doubling, 2 checks, 3 points\n    relu\n    slope\n\n"
        "softmax: Doubling, 1 check, 1 point\n    softmax\n"
    )


def test_doctor_says_which_level_is_reached(grader: Command) -> None:
    ran = grader("doctor")
    assert ran.code in (0, 1)
    assert ran.err == ""
    levels = re.findall(r"\b(zygote|bwrap|landlock|none) +\S? *(?:works|does not)", ran.out)
    assert levels == ["zygote", "bwrap", "landlock", "none"]
    assert ran.out.splitlines()[-1].endswith(".")


def test_stubs_are_written_and_watched(grader: Command, own_course: Path) -> None:
    stub = own_course / "exercises/relu.py"
    missing = grader("stubs", "--check", cwd=own_course)
    assert missing.code == 1
    assert f"{stub} is out of date. Run `grader stubs`.\n" in missing.out
    assert not stub.exists()
    wrote = grader("stubs", cwd=own_course)
    assert (wrote.code, wrote.err) == (0, "")
    assert f"wrote {stub}\n" in wrote.out
    assert grader("stubs", "--check", cwd=own_course) == grader("stubs", cwd=own_course)
    left_over = stub.with_name("sigmoid.py")
    left_over.write_text(stub.read_text())
    ran = grader("stubs", "--check", cwd=own_course)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(f"{left_over} belongs to no exercise of the course. Delete it")
    graded = grader("run", own_course / "exercises", "--json", cwd=own_course)
    assert set(graded.statuses.values()) == {"not_started"}
