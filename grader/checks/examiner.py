"""The examiner process: `python -P -m grader.checks.examiner`, a job on stdin, events on stdout.

It starts the sandbox first, while its memory holds nothing but the job, and only then imports
pytest, Hypothesis, the checks and the references. It is the only process that holds both a pipe
to a worker and an expected value, so its memory is limited: an answer can make a comparison
allocate far more than the machine has.
"""

import os
import resource
import sys

from grader.checks.messages import Broken, Event, Job, decode_job, encode
from grader.checks.process import die_with_parent, take_stdout
from grader.errors import GraderError
from grader.sandbox import open_sandbox

MEMORY_BYTES = 4 * 2**30  # of address space; comparing two answers of 16 MiB needs far less


def main() -> None:
    """Examine one submission."""
    die_with_parent()
    events = take_stdout()
    job = decode_job(sys.stdin.buffer.readline())
    try:
        _examine(job, events)
    except GraderError as error:
        _send(events, Broken(str(error)))


def _examine(job: Job, events: int) -> None:
    with open_sandbox(job.packages, job.limits, job.lowest, job.only) as sandbox:
        _limit_memory()
        os.chdir("/")  # nothing may be discovered from where grader was started
        sys.path.insert(0, job.root)
        # Imported late: these bring in everything that student code must never see.
        if job.live:
            from grader.checks.examination import examine as run
        else:
            from grader.checks.replaying import replay as run
        run(job, sandbox, lambda event: _send(events, event))


def _send(events: int, event: Event) -> None:
    data = memoryview(encode(event))
    while data:
        data = data[os.write(events, data) :]


def _limit_memory() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    main()
