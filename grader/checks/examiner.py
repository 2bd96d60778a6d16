"""The examiner process: `python -P -m grader.checks.examiner`, events on stdout.

On stdin come a setup and then jobs, a line each, until it is closed. The sandbox is started first,
while this memory holds nothing but the setup; only then pytest, Hypothesis, the checks and the
references are imported. It is the only process that holds both a pipe to a worker and an expected
value, so its memory is limited: an answer can make a comparison allocate far more than the machine
has.
"""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from grader.checks.messages import (
    Broken,
    Event,
    Finished,
    Job,
    Setup,
    Way,
    decode_job,
    decode_setup,
    encode,
)
from grader.checks.process import die_with_parent, take_stdout
from grader.contents import is_kit
from grader.errors import GraderError
from grader.sandbox import Sandbox, open_sandbox

MEMORY_BYTES = 4 * 2**30  # of address space; comparing two answers of 16 MiB needs far less


def main() -> None:
    """Examine one submission after another."""
    die_with_parent()
    events = take_stdout()
    try:
        _serve(decode_setup(sys.stdin.buffer.readline()), lambda event: _send(events, event))
    except GraderError as error:
        _send(events, Broken(str(error)))


def _serve(setup: Setup, send: Callable[[Event], None]) -> None:
    with open_sandbox(setup.packages, setup.limits, setup.lowest, setup.only) as sandbox:
        _limit_memory()
        os.chdir("/")  # nothing may be discovered from where grader was started
        # What lies in a kit is its student's: none of it may stand for a module of ours.
        sys.path.insert(len(sys.path) if is_kit(Path(setup.root)) else 0, setup.root)
        examine = _way(setup, sandbox, send)
        for line in sys.stdin.buffer:
            examine(decode_job(line))
            send(Finished())


def _way(setup: Setup, sandbox: Sandbox, send: Callable[[Event], None]) -> Callable[[Job], None]:
    # Imported late: these bring in everything that student code must never see.
    if setup.way is Way.WORKED_RUN:
        from grader.checks.working import show

        return lambda job: show(setup, job, sandbox, send)
    if setup.way is Way.SEARCH:
        from grader.checks.examination import examine

        return lambda job: examine(setup, job, sandbox, send)
    from grader.checks.replaying import Replaying

    return Replaying(setup, sandbox, send).examine


def _send(events: int, event: Event) -> None:
    data = memoryview(encode(event))
    while data:
        data = data[os.write(events, data) :]


def _limit_memory() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()
