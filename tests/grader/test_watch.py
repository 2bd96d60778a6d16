"""`grader run --watch`: each save is graded, and nothing but Ctrl-C ends it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from grader.errors import SandboxError
from grader.model import Submission
from grader.watching import keep_grading
from tests.grader.conftest import RIGHT, WRONG, Command, environment_of, write
from tests.grader.test_terminal import until

Watching = Callable[..., "Queue[str]"]
SECONDS = 30  # to wait for what must come
PAUSE = 1.5  # to wait for what must not come; longer than any save takes to be seen


@pytest.fixture
def watching() -> Iterator[Watching]:
    """Watch a path in a thread; what is graded and told comes in a queue, in short."""
    ends: list[Callable[[], None]] = []

    def start(path: Path, grade: Callable[[Submission], None] = lambda _: None) -> "Queue[str]":
        heard: Queue[str] = Queue()
        over = threading.Event()

        def on_save(submission: Submission) -> None:
            if over.is_set():
                raise KeyboardInterrupt
            heard.put("".join(file.cells[0] for file in submission.files))
            grade(submission)

        thread = threading.Thread(target=keep_grading, args=(path, on_save, heard.put))
        thread.start()

        def end() -> None:
            over.set()
            folder = path if path.suffix == "" else path.parent
            write(folder, {"end.py" if folder == path else path.name: "end = 1\n"})
            thread.join(SECONDS)
            assert not thread.is_alive()

        ends.append(end)
        return heard

    yield start
    for end in ends:
        end()


def test_each_save_is_graded_once(watching: Watching, tmp_path: Path) -> None:
    folder = write(tmp_path / "bob", {"a.py": "a = 1\n"})
    heard = watching(folder)
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    write(folder, {"a.py": "a = 2\n"})
    assert heard.get(timeout=SECONDS) == "a = 2\n"
    write(folder, {"a.py": "a = 2\n", "notes.txt": "nothing that is graded"})
    with pytest.raises(Empty):
        heard.get(timeout=PAUSE)


def test_what_is_saved_while_it_grades_is_graded_next(watching: Watching, tmp_path: Path) -> None:
    folder = write(tmp_path / "bob", {"a.py": "a = 1\n"})
    saved: list[int] = []

    def grade(_: Submission) -> None:
        if len(saved) < 3:
            saved.append(1)
            write(folder, {"a.py": f"a = {len(saved) + 1}\n"})

    heard = watching(folder, grade)
    for number in (1, 2, 3, 4):
        assert heard.get(timeout=SECONDS) == f"a = {number}\n"


def test_what_is_deleted_or_broken_is_told_and_what_follows_graded(
    watching: Watching, tmp_path: Path
) -> None:
    folder = write(tmp_path / "bob", {"a.py": "a = 1\n"})
    heard = watching(folder)
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    (folder / "a.py").unlink()
    assert "holds no .py or .ipynb file" in heard.get(timeout=SECONDS)
    write(folder, {"a.py": "a = 1\n"})
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    write(folder, {"a.py": "def f(:\n"})  # half a file is one that does not parse
    assert heard.get(timeout=SECONDS) == "def f(:\n"


def test_a_folder_that_is_put_anew_is_watched_on(watching: Watching, tmp_path: Path) -> None:
    folder = write(tmp_path / "bob", {"a.py": "a = 1\n"})
    heard = watching(folder)
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    shutil.rmtree(folder)
    assert "bob" in heard.get(timeout=SECONDS)
    write(folder, {"a.py": "a = 2\n"})
    while (said := heard.get(timeout=SECONDS)) != "a = 2\n":
        assert "bob" in said
    write(folder, {"a.py": "a = 3\n"})
    assert heard.get(timeout=SECONDS) == "a = 3\n"


def test_a_single_file_may_be_replaced_as_editors_do(watching: Watching, tmp_path: Path) -> None:
    file = write(tmp_path, {"a.py": "a = 1\n"}) / "a.py"
    heard = watching(file)
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    write(tmp_path, {".a.tmp": "a = 2\n"})
    (tmp_path / ".a.tmp").replace(file)
    assert heard.get(timeout=SECONDS) == "a = 2\n"


def test_a_grading_that_fails_is_told(watching: Watching, tmp_path: Path) -> None:
    folder = write(tmp_path / "bob", {"a.py": "a = 1\n"})

    def grade(submission: Submission) -> None:
        if submission.files[0].cells[0] == "a = 1\n":
            raise SandboxError("No sandbox today.")

    heard = watching(folder, grade)
    assert heard.get(timeout=SECONDS) == "a = 1\n"
    assert heard.get(timeout=SECONDS) == "No sandbox today."
    while heard.get(timeout=PAUSE + 1) != "a = 1\n":  # tried again as soon as it is watched
        pass
    write(folder, {"a.py": "a = 2\n"})
    while heard.get(timeout=SECONDS) != "a = 2\n":
        pass


def test_the_command(small_course: Path, cache: Path, tmp_path: Path) -> None:
    folder, out = write(tmp_path / "bob", WRONG), tmp_path / "out"
    command = (sys.executable, "-P", "-m", "grader", "run", str(folder), "--watch")
    process = subprocess.Popen(
        [*command, "--course", str(small_course), "--out", str(out)],
        env=environment_of(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        until(lambda: _earned(out) == 2.0)
        assert "report.watch.js" in (out / "report.html").read_text("utf-8")
        write(folder, RIGHT)
        until(lambda: _earned(out) == 4.0)
        write(folder, {"relu.py": "def relu(:\n"})
        until(lambda: _earned(out) == 1.0)
    finally:
        os.killpg(process.pid, signal.SIGINT)
    printed, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, errors) == (0, b"")
    text = printed.decode()
    assert "Ctrl-C ends it." in text
    assert "4 of 4 points (2 more)" in text
    assert "Every check is passed: nothing is left to do." in text
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.json"]
    assert "<script" not in (out / "report.html").read_text("utf-8")


def _earned(out: Path) -> float | None:
    if not (out / "report.watch.js").exists():
        return None
    return float(json.loads((out / "report.json").read_text("utf-8"))["earned"])


def test_it_is_for_people(grader: Command, small_course: Path, right: Path) -> None:
    ran = grader("run", right, "--course", small_course, "--watch", "--json")
    assert ran.code == 2
    assert "--watch is for people: leave out --json, --junit" in ran.err
    ran = grader("run", right / "nowhere", "--course", small_course, "--watch")
    assert (ran.code, ran.out) == (2, "")
    assert "does not exist" in ran.err
