"""What a worker can see, write and use."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

import grader.model
from grader.model import Isolation

CANARY = "canary-5f0c2b7e"

WALK = """
import os
found = []
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if folder + name not in ("/proc", "/sys")]
    found += [folder + "/" + name for name in folders + files if "canary-5f0c2b7e" in name]
say(found)
"""
READ = """
for path in {paths}:
    try:
        open(path, "rb").read(1)
        say("read " + path)
    except OSError as problem:
        pass
"""
PROCESSES = """
import os
try:
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
except OSError:
    pids = map(str, range(1, 2000))
for pid in pids:
    for name in ("environ", "cmdline", "mem", "maps", "root", "cwd", "fd"):
        path = f"/proc/{pid}/{name}"
        try:
            data = os.listdir(path) if name == "fd" else os.readlink(path) if name in (
                "root", "cwd") else open(path, "rb").read(4096)
        except OSError:
            continue
        if pid not in (str(os.getpid()), "self"):
            say(f"{path} {data}"[:200])
        elif b"canary-5f0c2b7e" in (data if type(data) is bytes else b""):
            say(path)
"""
WRITE = """
import os
writable = []
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if folder != "/" or name != "proc"]
    if folder.count("/") > 4:
        folders.clear()
    try:
        open(os.path.join(folder, "x"), "w").close()
        writable.append(folder)
    except OSError:
        pass
say(sorted(writable))
"""


def test_a_walk_finds_no_canary(shared, run, tmp_path) -> None:
    (tmp_path / CANARY).write_text("secret")
    with tempfile.NamedTemporaryFile(prefix=CANARY, dir="/var/tmp"):
        assert run(shared, WALK) == "[]"


def test_what_is_installed_beside_numpy_cannot_be_read(shared, run, tmp_path) -> None:
    (tmp_path / "canary").write_text("secret")
    paths = [pytest.__file__, grader.model.__file__, str(tmp_path / "canary"), __file__]
    paths += [
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/root/.bashrc",
        "/dev/mem",
        "/dev/tty",
    ]
    paths += [str(Path(grader.model.__file__).parent.parent / "pyproject.toml")]
    assert run(shared, READ.format(paths=paths)) == ""


@pytest.mark.parametrize("name", ["grader", "pytest", "hypothesis", "reference", "pip", "conftest"])
def test_nothing_but_numpy_and_the_standard_library_can_be_imported(shared, run, name) -> None:
    assert run(shared, f"import {name}").startswith("ModuleNotFoundError")


def test_no_other_process_can_be_looked_into(sandbox, run, monkeypatch) -> None:
    monkeypatch.setenv("SECRET", CANARY)
    with sandbox.worker() as worker:
        assert run(worker, PROCESSES) == ""


def test_the_environment_holds_nothing_of_ours(shared, run) -> None:
    names = run(shared, "import os\nsay(' '.join(sorted(os.environ)))").split()
    ours = {"PYTHONHOME", "PYTHONPATH", "PYTHONHASHSEED", "LD_LIBRARY_PATH", "LC_ALL", "HOME"}
    assert {name for name in names if not name.endswith("_NUM_THREADS")} - {"PWD"} == ours


def test_only_temporary_folders_can_be_written(sandbox, shared, run) -> None:
    writable = run(shared, WRITE)
    if sandbox.isolation is Isolation.LANDLOCK:
        assert writable == "[]"  # its own folder lies where it cannot walk to
        assert run(shared, "open('x', 'w').write('x')\nsay('wrote')") == "wrote"
    elif sandbox.isolation is Isolation.BWRAP:
        assert writable in ("['/dev/shm', '/tmp']", "[]")  # [] where landlock hides the root
    else:
        assert writable == "['/dev/shm', '/tmp']"


def test_a_file_has_a_greatest_size(worker, run) -> None:
    said = run(
        worker, "with open('x', 'wb', 0) as f:\n  [f.write(bytes(2**20)) for _ in range(40)]"
    )
    assert "File too large" in said


@pytest.mark.parametrize(("folder", "mebi"), [("/tmp", 64), ("/dev/shm", 16)])
def test_temporary_folders_have_a_greatest_size(zygote, run, folder, mebi) -> None:
    fill = f"""
written = 0
try:
    for at in range(8):
        with open(f"{folder}/{{at}}", "wb", 0) as file:
            for _ in range(20):
                written += file.write(bytes(2**20))
except OSError as problem:
    say(problem.errno)
say(written >> 20)
"""
    with zygote.worker() as worker:
        number, written = run(worker, fill).splitlines()
    assert (int(number), int(written)) == (28, mebi)


def test_files_can_be_counted(zygote, run) -> None:
    source = "for at in range(5000):\n  open(f'/tmp/{at}', 'w').close()"
    with zygote.worker() as worker:
        assert "No space left" in run(worker, source)


def test_no_capability_is_left(shared, run) -> None:
    said = run(shared, "say(open('/proc/self/status').read())")
    if said.startswith("PermissionError"):  # landlock hides /proc
        source = (
            "import ctypes\nlibc = ctypes.CDLL(None)\nsay([libc.prctl(23, n) for n in range(9)])"
        )
        assert run(shared, source) == str([-1] * 9)
        return
    rows = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)
    assert {rows[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert rows["NoNewPrivs"] == "1"
    assert rows["Seccomp"] == "2"


def test_only_the_two_pipes_are_open(shared, run) -> None:
    source = """
import os
def kind(fd):
    try:
        return os.fstat(fd).st_mode >> 12
    except OSError:
        return None
say([kind(fd) for fd in range(64)])
say([os.path.samestat(os.fstat(fd), os.stat("/dev/null")) for fd in range(3)])
"""
    kinds, nulls = run(shared, source).splitlines()
    assert eval(kinds) == [2, 2, 2, 1, 1] + [None] * 59
    assert nulls == "[True, True, True]"


def test_memory_ends_in_an_exception(sandbox, worker, run) -> None:
    assert run(worker, "x = bytearray(4 * 2**30)").startswith("MemoryError")
    assert (
        run(worker, "import numpy\nx = [numpy.empty(2**25) for _ in range(20)]")
        .partition(":")[0]
        .endswith("MemoryError")
    )
    assert run(worker, "say('lives')") == "lives"


def test_forks_fail_and_threads_stop_at_the_limit(zygote, run) -> None:
    forks = """
import os
failed = 0
for _ in range(100):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        failed += 1
say(failed)
"""
    threads = """
import threading, time
threading.stack_size(2**18)
started = 0
try:
    for _ in range(100):
        threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
say(started)
"""
    with zygote.worker() as worker:
        assert run(worker, forks) == "100"
        assert 0 < int(run(worker, threads)) < 64


def test_live_workers_are_different_users(zygote, run, as_root) -> None:
    if not as_root:
        pytest.skip("an ordinary user has no other users to give")
    with zygote.worker() as one, zygote.worker() as two:
        users = [run(worker, "import os\nsay(os.getresuid())") for worker in (one, two)]
    assert users[0] != users[1]
    assert all(min(eval(user)) >= 20_000 for user in users)


def test_live_workers_cannot_see_or_signal_each_other(zygote, run) -> None:
    with zygote.worker() as one, zygote.worker() as two:
        run(one, "open('/tmp/mine', 'w').close()\nopen('/dev/shm/mine', 'w').close()")
        assert run(two, "import os\nsay(os.listdir('/tmp') + os.listdir('/dev/shm'))") == "[]"
        assert (
            run(two, "import os\nsay([p for p in os.listdir('/proc') if p.isdigit()])") == "['1']"
        )
        assert run(two, "import os\nos.kill(-1, 9)").startswith("OSError")
        assert run(one, "say('lives')") == "lives"


def test_lone_workers_are_different_users_too(open_way, run, as_root) -> None:
    if not as_root:
        pytest.skip("an ordinary user has no other users to give")
    with open_way(Isolation.BWRAP) as sandbox, sandbox.worker() as one, sandbox.worker() as two:
        users = [run(worker, "import os\nsay(os.getuid())") for worker in (one, two)]
    assert users[0] != users[1]
    assert "0" not in users


def test_the_hash_seed_is_fixed(sandbox, run) -> None:
    with sandbox.worker() as one, sandbox.worker() as two:
        assert run(one, "say(hash('a'))") == run(two, "say(hash('a'))")


def test_the_folder_of_landlock_is_removed(open_way, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_way(Isolation.LANDLOCK) as sandbox:
        sandbox.worker()
        assert list(tmp_path.glob("grader-*"))
    assert not list(tmp_path.glob("grader-*"))


def test_an_environment_variable_of_ours_does_not_reach_bwrap(
    open_way, processes, monkeypatch
) -> None:
    monkeypatch.setenv("SECRET", CANARY)
    seen = 0
    with open_way(Isolation.BWRAP) as sandbox, sandbox.worker():
        for pid in processes(os.getpid()) - {os.getpid()}:
            with suppress(FileNotFoundError, ProcessLookupError):  # one that ended meanwhile
                assert CANARY not in Path(f"/proc/{pid}/environ").read_text(errors="replace")
                seen += 1
    assert seen >= 2  # bwrap and the worker inside it
