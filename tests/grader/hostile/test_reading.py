"""Code that looks for what it must not see: it answers right only if it finds nothing."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.model import Limits

SLOWLY = Limits(cpu_seconds=30, wall_seconds=60)  # looking everywhere takes time
HUNTERS = """
import gc
import importlib
import os
import re
import sys

TOKEN = re.compile(rb"canary-[0-9a-f]{8}-[a-zA-Z_]+")  # no text of ours matches it


def matches(place, data):
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    return [f"{place}: {word.decode()}" for word in TOKEN.findall(data)]


def content(path):
    try:
        with open(path, "rb") as file:
            return file.read(2**20)
    except OSError:
        return b""


def in_environment():
    return [m for item in os.environ.items() for m in matches("environment", "=".join(item))]


def in_files(*roots):
    found = []
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys")]
            for name in files:
                path = os.path.join(folder, name)
                found += matches(path, path)
                if not name.endswith((".so", ".pyc")) and os.path.isfile(path):
                    found += matches(path, content(path))
    return found


def in_processes():
    found = []
    for number in os.listdir("/proc"):
        for name in ("environ", "cmdline", "maps", "mountinfo", "stack", "auxv"):
            path = f"/proc/{number}/{name}"
            found += matches(path, content(path))
        for name in ("root", "cwd"):
            if number.isdigit() and number != str(os.getpid()):
                try:
                    found.append(f"/proc/{number}/{name}: {os.listdir(f'/proc/{number}/{name}')}")
                except OSError:
                    pass
    return found


def in_descriptors():
    found = []
    for number in range(256):
        if number not in (3, 4):  # our own pipes
            try:
                os.lseek(number, 0, 0)
                found += matches(f"descriptor {number}", os.read(number, 2**20))
            except OSError:
                pass
    return found


def in_objects():
    found = []
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple, set):
            values = list(thing.values()) if type(thing) is dict else list(thing)
            for value in values:
                if type(value) in (str, bytes):
                    found += matches(f"a {type(thing).__name__}", value)
    return found


def in_frames():
    found, frame = [], sys._getframe()
    while frame:
        found += matches(frame.f_code.co_name, repr(sorted(map(repr, frame.f_locals.values()))))
        frame = frame.f_back
    return found


def in_memory():
    found = []
    try:
        maps, memory = open("/proc/self/maps"), open("/proc/self/mem", "rb", 0)
    except OSError:
        return []
    with maps, memory:
        for line in maps:
            place, rights, *_ = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            if rights[0] == "r" and end < 2**47:
                try:
                    memory.seek(start)
                    found += matches(line, memory.read(min(end - start, 2**26)))
                except OSError:
                    pass
    return found
"""
HIDDEN_MODULES = (
    *("reference", "reference.layer", "tests.hidden.test_layer", "test_layer", "hidden"),
    *("grader", "grader.kit", "grader.checks.run", "hypothesis", "pytest", "_pytest", "msgspec"),
)


def hunts(call: str, prepare: str = "") -> str:
    """A layer.py that answers right as long as the hunter comes home with nothing."""
    return f"""
{HUNTERS}

{prepare}


def home_with_nothing():
    if not hasattr(sys, "found"):
        sys.found = {call}
    if sys.found:
        raise LookupError(" ".join(sys.found)[:400])


def forward(W, X):
    home_with_nothing()
    return W @ X
"""


@pytest.fixture
def planted(surroundings: Path) -> Path:
    """A canary where packages are installed: beside numpy, which the worker may import."""
    path = Path(np.__file__).parents[1] / f"grader_test_{os.getpid()}.py"
    path.write_text((surroundings / "home" / "secret.txt").read_text())
    yield path
    path.unlink()


def test_hunters_find_what_there_is(surroundings: Path, course_folder: Path) -> None:
    """Or the tests below would prove nothing."""
    code = f"{HUNTERS}\nkept = [open({str(surroundings / 'home/secret.txt')!r}).read()]\n"
    for call in (
        *("in_environment()", f"in_files({str(course_folder)!r})", "in_processes()"),
        *("in_objects()", "in_memory()"),
    ):
        said = subprocess.run(
            [sys.executable, "-c", f"{code}print({call})"], capture_output=True, text=True
        )
        assert "canary-" in said.stdout, (call, said)


@pytest.mark.parametrize(
    "call",
    [
        "in_environment() + in_processes() + in_descriptors()",
        "in_objects() + in_frames() + in_memory()",
    ],
)
def test_neither_processes_nor_memory_hold_anything(grade, nothing_survives, call: str) -> None:
    assert grade(hunts(call), limits=SLOWLY).missed == {}


def test_no_file_in_reach_holds_anything(grade, planted: Path) -> None:
    assert grade(hunts("in_files('/')"), limits=SLOWLY).missed == {}


def test_nothing_is_where_it_is_known_to_be(
    grade, planted: Path, surroundings: Path, course_folder: Path
) -> None:
    here = Path(__file__)
    known = [planted, surroundings, course_folder, here, here.parents[3] / "grader", Path.home()]
    names = [str(path) for path in known] + [f"/proc/{os.getpid()}", f"/proc/{os.getppid()}"]
    hostile = hunts(f"[name for name in {names!r} if os.path.exists(name)]")
    assert grade(hostile).missed == {}


def test_modules_of_the_trusted_side_are_not_there(grade) -> None:
    imports = f"""
def imported():
    found = []
    for name in {HIDDEN_MODULES!r}:
        for load in (importlib.import_module, __import__):
            try:
                found += [name] if type(load(name)) is type(sys) else []
            except ImportError:
                pass
    return found + [name for name in sys.modules if name.split(".")[0] in {HIDDEN_MODULES!r}]
"""
    assert grade(hunts("imported()", imports)).missed == {}


@pytest.mark.parametrize(
    "layer",
    [
        "from reference.layer import forward",
        "from reference import layer\n\ndef forward(W, X):\n    return layer.forward(W, X)",
        "def forward(W, X):\n    import reference.layer\n    return reference.layer.forward(W, X)",
        "from grader.kit import expect\n\ndef forward(W, X):\n    return expect.array(W @ X)",
    ],
)
def test_what_is_imported_of_the_reference_answers_nothing(grade, missed, layer: str) -> None:
    every = missed(failed="forward gradient numeric")
    assert set(grade(layer=layer).missed) == set(every)


def test_expected_values_are_in_no_object(grade, missed) -> None:
    """The check compares where the student is not: no array in reach is the product."""
    hostile = """
import gc
import sys


def forward(W, X):
    frame, seen = sys._getframe(), []
    while frame:
        seen += frame.f_locals.values()
        frame = frame.f_back
    for thing in [*gc.get_objects(), *seen]:
        for value in gc.get_referents(thing):
            if type(value) is np.ndarray and value.shape == (2, 2) and W.any() and X.any():
                return value
    raise LookupError
"""
    assert grade(hostile).missed == missed(error="forward")


def test_a_callback_leads_nowhere(grade, missed) -> None:
    hostile = """
def numeric(J, theta):
    cells = [cell.cell_contents for cell in J.__closure__ or ()]
    for thing in [J, *cells, *(vars(cell) for cell in cells if hasattr(cell, "__dict__"))]:
        for name in ("function", "asked", "__wrapped__", "callback"):
            if hasattr(thing, name) and "worker" not in str(getattr(thing, name).__code__):
                return 2 * theta
    return J.__globals__["reference"]
"""
    assert grade(hostile).missed == missed(error="numeric")
