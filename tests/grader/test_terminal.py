"""The command on a terminal: what it knows of letters, the bar, Ctrl-C."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.grader.conftest import (
    Command,
    environment_of,
    fingerprint,
    write,
)

NOT_STARTED = {"relu.py": "def relu(Z):\n    raise NotImplementedError\n"}
ENDLESS = {"relu.py": "def relu(Z):\n    while True:\n        pass\n"}


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


def busy(pid: int) -> bool:
    """Whether a process has computed for longer than it takes to start: a worker is in its call."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(words[11]) + int(words[12]) > 0.5 * os.sysconf("SC_CLK_TCK")


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
    folder = write(desk / "sub", ENDLESS)
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
    until(lambda: any(phase in line and busy(pid) for pid, line in family(process.pid).items()))
    started = family(process.pid)
    os.killpg(process.pid, number)  # a terminal tells the whole group
    out, err = process.communicate(timeout=30)
    if number == signal.SIGINT:
        assert process.returncode == 2
        assert err.strip() == b"grader: interrupted. Nothing was written."  # below the ^C
    assert out == b""
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), seconds=10)
    assert fingerprint(desk) == before
