"""Processes that are trusted with checks and references: clean, and gone when we are."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
PARENT = "GRADERPARENT"  # number of the process that started us


@contextmanager
def trusted_process(module: str, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `python -P -m MODULE`; it is killed when the block ends.

    It gets a session of its own: Ctrl-C reaches the command alone, which ends its children.
    """
    words = tempfile.TemporaryFile()  # noqa: SIM115  # a pipe that nobody reads could fill up
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )
    process.stderr = words
    try:
        yield process
    finally:
        # The whole session: a bwrap that was still starting does not notice that we are gone.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # it died with words on their way to it
                    stream.close()


def last_words(process: "subprocess.Popen[bytes]") -> str:
    """Why a process could not do its work, in one sentence."""
    process.kill()
    code = process.wait()
    assert process.stderr is not None
    process.stderr.seek(0)
    words = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
    said = f" It said: {words[-1]}" if words else ""
    return f"exit code {code}.{said}"


def die_with_parent() -> None:
    """Leave nothing behind when the command, which then ends no child of its own, is killed."""
    if sys.platform == "linux":
        import ctypes  # the command itself has no need of it

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.environ.get(PARENT) not in (None, str(os.getppid())):
        os._exit(1)  # it was killed while we were starting


def take_stdout() -> int:
    """Keep stdout for ourselves, as a descriptor: what checks print goes nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return kept


def _environment() -> dict[str, str]:
    """Nothing that configures Python, pytest or numpy is inherited."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PYTEST", "HYPOTHESIS"))
    }
    return kept | {
        PARENT: str(os.getpid()),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
