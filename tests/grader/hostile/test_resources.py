"""Code that takes what it can: time, memory, processes, output, the interpreter itself."""

import pytest

# Each case: the body of `forward`, and how its checks end.
IN_A_CALL = {
    "exit": ("os._exit(0)", "crashed"),
    "endless loop": ("while True: pass", "timeout"),
    "sleep": ("time.sleep(60)", "timeout"),
    "stopped clocks": (
        "time.sleep = time.monotonic = lambda *_: 0\n    signal.pthread_sigmask(0, range(1, 32))\n"
        "    while True: pass",
        "timeout",
    ),
    "2 GiB": ("return np.ones(2**28)", "memory"),
    "2 GiB, one by one": (
        "kept = []\n    while True:\n        kept.append(np.empty(2**20))",
        "memory",
    ),
    "2 GiB, swallowed": (
        "try:\n        np.ones(2**28)\n    except MemoryError:\n        return None",
        "failed",
    ),
    "fork bomb": ("[os.fork() for _ in range(20)]", "error"),
    "what the system refuses": (
        "for ask in (\n"
        "        lambda: subprocess.run(['/bin/sh', '-c', 'true']),\n"
        "        lambda: socket.create_connection(('127.0.0.1', 22), 1),\n"
        "        lambda: os.kill(os.getpid(), 9),\n"
        "        lambda: os.kill(os.getppid(), 9),\n"
        "        lambda: os.kill(-1, 9),\n"
        "    ):\n"
        "        try:\n            ask()\n            return None\n"
        "        except OSError:\n            pass\n"
        "    raise OSError",
        "error",
    ),
    "segmentation fault": ("ctypes.string_at(0)", "crashed"),
    "abort": ("os.abort()", "crashed"),
    "recursion": ("return forward(W, X)", "error"),
    "recursion without end": (
        "sys.setrecursionlimit(2**31 - 1)\n    nested = lambda _: max(map(nested, [0]))\n"
        "    return nested(0)",
        "crashed",
    ),
    "closed pipes": ("os.closerange(3, 64)", "crashed"),
    "a full disk": ("open('/tmp/x', 'wb').truncate(2**26)", "error"),
    "many descriptors": ("return [open('/dev/null') for _ in range(100)]", "error"),
}
IMPORTS = "import ctypes, os, signal, socket, subprocess, sys, threading, time\n"
FLOOD = """
def forward(W, X):
    for _ in range(200):
        print("x" * 10_000)
        sys.stderr.write("y" * 10_000)
        for descriptor in (0, 1, 2):
            os.write(descriptor, b"z" * 10_000)
    return W @ X
"""
THREADS = """
def forward(W, X):
    for _ in range(100):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            break
    return W @ X
"""


def forward(body: str) -> str:
    return f"{IMPORTS}\n\ndef forward(W, X):\n    {body}\n"


@pytest.mark.parametrize("case", IN_A_CALL)
def test_a_call_that_takes_too_much(grade, missed, nothing_survives, case: str) -> None:
    body, end = IN_A_CALL[case]
    assert grade(forward(body)).missed == missed(**{end: "forward"})


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("os._exit(0)", "crashed"),
        ("sum(iter(int, 1))", "timeout"),
        ("ctypes.string_at(0)", "crashed"),
    ],
)
def test_a_file_that_takes_too_much_when_it_is_loaded(
    grade, missed, nothing_survives, value: str, end: str
) -> None:
    """The other exercise, in a file of its own, keeps its points."""
    hostile = f"{IMPORTS}\nTAKEN = {value}\n\n\ndef forward(W, X):\n    return W @ X + TAKEN\n"
    assert grade(hostile).missed == missed(**{end: "forward gradient numeric"})


def test_exceptions_that_end_a_program(grade, missed) -> None:
    hostile = """
import sys


def forward(W, X):
    sys.exit(0)


def gradient(W, X):
    raise KeyboardInterrupt


def numeric(J, theta):
    raise GeneratorExit


def double(x):
    return next(iter([]))
"""
    graded = grade(hostile, other="from layer import double")
    assert graded.missed == missed(error="forward gradient numeric double")


def test_leaving_while_it_is_loaded_is_an_exception(grade, missed) -> None:
    hostile = f"{IMPORTS}\nTAKEN = sys.exit(0)\n\n\ndef forward(W, X):\n    return W @ X + TAKEN\n"
    assert grade(hostile).missed == missed(error="forward")


@pytest.mark.parametrize("hostile", [FLOOD, THREADS], ids=["output", "threads"])
def test_what_does_no_harm_takes_no_points(grade, nothing_survives, hostile: str) -> None:
    assert grade(IMPORTS + hostile).missed == {}


def test_nothing_is_left_for_the_next_one(grade) -> None:
    leaves = """
import os


def forward(W, X):
    for name in ("/tmp/left", "/dev/shm/left"):
        with open(name, "w") as file:
            file.write("left")
    return W @ X
"""
    looks = """
import os


def forward(W, X):
    return W @ X if os.listdir("/tmp") == os.listdir("/dev/shm") == [] else None
"""
    assert grade(leaves).missed == {}
    assert grade(looks).missed == {}
