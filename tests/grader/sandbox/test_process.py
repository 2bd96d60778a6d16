"""Deadlines and deaths: nothing a worker does may hold us up."""

import contextlib
import os
import signal
import struct
import time
from pathlib import Path

import pytest

from grader.model import Isolation, Limits, Status
from grader.sandbox import Deadline, WorkerGone, life
from grader.sandbox.bwrap import Way
from grader.sandbox.orders import Plan
from grader.sandbox.zygote import Zygote

LOOP = "while True: pass"
FLOOD = """
import os
while True:
    os.write(4, bytes(2**16))
"""


@pytest.fixture(params=[Isolation.ZYGOTE, Isolation.BWRAP, Isolation.LANDLOCK, Isolation.NONE])
def any_sandbox(request, open_way):
    with open_way(request.param) as opened:
        yield opened


@pytest.mark.parametrize(
    ("attack", "status"),
    [
        pytest.param(LOOP, Status.TIMEOUT, id="endless loop"),
        pytest.param("import time\ntime.sleep(60)", Status.TIMEOUT, id="sleep"),
        pytest.param("import os\nos.read(3, 1)", Status.TIMEOUT, id="wait for us"),
        pytest.param("import os\nos._exit(0)", Status.CRASHED, id="exit"),
        pytest.param("import os\nos.abort()", Status.CRASHED, id="abort"),
        pytest.param("import os\nos.closerange(0, 64)", Status.CRASHED, id="close everything"),
        pytest.param("import ctypes\nctypes.string_at(0)", Status.CRASHED, id="segmentation fault"),
    ],
)
def test_a_death_has_its_status_and_the_next_worker_works(zygote, run, attack, status) -> None:
    started = time.monotonic()
    with zygote.worker() as worker:
        with pytest.raises(WorkerGone) as caught:
            run(worker, attack, cpu=0.3, wall=1.0)
        assert caught.value.status is status
        with pytest.raises(WorkerGone):
            worker.send(b"x", Deadline(1, 1))
    assert time.monotonic() - started < 4
    with zygote.worker() as following:
        assert run(following, "say('works')") == "works"


def test_a_flood_of_output_is_cut_off(zygote, run) -> None:
    with zygote.worker() as worker:
        assert run(worker, FLOOD) == ""  # zeros: an empty answer
        with pytest.raises(WorkerGone) as caught:
            worker.send(bytes(2**27), Deadline(5, 5))
    assert caught.value.status is Status.CRASHED
    with zygote.worker() as following:
        assert run(following, "say('works')") == "works"


@pytest.mark.parametrize("attack", [LOOP, "import time\ntime.sleep(60)"])
def test_every_way_keeps_the_deadline(any_sandbox, run, attack) -> None:
    with any_sandbox.worker() as worker:
        started = time.monotonic()
        with pytest.raises(WorkerGone) as caught:
            run(worker, attack, cpu=0.2, wall=0.5)
        assert caught.value.status is Status.TIMEOUT
        assert time.monotonic() - started < 2


def test_a_process_killed_by_the_kernel_was_out_of_memory(any_sandbox, run) -> None:
    with any_sandbox.worker() as worker:
        assert run(worker, "say(1)") == "1"
        os.kill(life.pid_behind(worker._life.pidfd), signal.SIGKILL)
        with pytest.raises(WorkerGone) as caught:
            run(worker, "say(1)")
        assert caught.value.status is Status.MEMORY


def test_the_kernel_ends_a_worker_over_its_lifetime_of_cpu(run, as_root) -> None:
    plan = Plan(("numpy", "executes"), body="executes:serve", lifetime_cpu=1)
    zygote = Zygote(plan, Way.ROOT if as_root else Way.USER)
    with (
        contextlib.closing(zygote),
        zygote.worker() as worker,
        pytest.raises(WorkerGone) as caught,
    ):
        run(worker, LOOP, cpu=20, wall=20)
    assert caught.value.status is Status.TIMEOUT


def test_cpu_counts_for_each_call(zygote, run) -> None:
    burn = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    with zygote.worker() as worker:
        for _ in range(4):
            assert run(worker, burn, cpu=0.5) == ""


def test_threads_share_the_limit_of_cpu(zygote, run) -> None:
    source = f"""
import threading
def spin():
    {LOOP}
for _ in range(3):
    threading.Thread(target=spin, daemon=True).start()
spin()
"""
    with zygote.worker() as worker, pytest.raises(WorkerGone) as caught:
        run(worker, source, cpu=0.3, wall=5)
    assert caught.value.status is Status.TIMEOUT


def test_the_limit_of_memory_is_the_callers(open_way, run) -> None:
    limits = Limits(memory_bytes=512 * 2**20)
    with open_way(Isolation.ZYGOTE, limits=limits) as sandbox, sandbox.worker() as worker:
        assert run(worker, "x = bytearray(600 * 2**20)").startswith("MemoryError")
        assert run(worker, "x = bytearray(100 * 2**20)") == ""


def test_a_send_does_not_block_on_a_worker_that_is_writing(zygote) -> None:
    talk = "import os\nfor _ in range(64): os.write(4, bytes(2**16))"
    size = 2**22
    with zygote.worker() as worker:
        deadline = Deadline(5, 10)
        data = talk.encode()
        rest = b"say('" + b"x" * size + b"')"
        worker.send(struct.pack("<I", len(data)) + data, deadline)
        worker.send(struct.pack("<I", len(rest)) + rest, deadline)
        assert worker.receive(2**22, deadline) == bytes(2**22)
        assert worker.receive(4, deadline) == bytes(4)  # the first text said nothing
        assert struct.unpack("<I", worker.receive(4, deadline)) == (size,)
        assert worker.receive(size, deadline) == b"x" * size


def test_what_was_answered_before_death_is_received(zygote, run) -> None:
    source = "import os, struct\nos.write(4, struct.pack('<I', 3) + b'end')\nos._exit(0)"
    with zygote.worker() as worker:
        assert run(worker, source) == "end"
        with pytest.raises(WorkerGone) as caught:
            run(worker, "say(1)")
    assert caught.value.status is Status.CRASHED


def test_closing_twice_is_harmless(zygote) -> None:
    worker = zygote.worker()
    worker.close()
    worker.close()
    with pytest.raises(WorkerGone):
        worker.receive(1, Deadline(1, 1))


def _descriptors() -> list[str]:
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def test_many_workers_leave_no_descriptor(zygote, run) -> None:
    zygote.worker().close()
    before = _descriptors()
    for _ in range(20):
        with zygote.worker() as worker:
            run(worker, "say(1)")
    assert _descriptors() == before


def test_causes_of_death() -> None:
    assert life.cause(signal.SIGXCPU, 0, 100) is Status.TIMEOUT
    assert life.cause(signal.SIGKILL, 100, 100) is Status.TIMEOUT
    assert life.cause(signal.SIGKILL, 1, 100) is Status.MEMORY
    assert life.cause(signal.SIGSEGV, 1, 100) is Status.CRASHED
    assert life.cause(0, 1, 100) is Status.CRASHED
