"""A miniature course, and a way to grade hostile submissions that watches everything around."""

import contextlib
import ctypes
import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.checks.messages import Event
from grader.checks.run import examine
from grader.course import Course, open_course
from grader.grade import make_report
from grader.model import Isolation, Limits, Report, Status, Suite
from grader.report.html import to_html
from grader.report.json_report import to_json
from grader.report.terminal import summary
from grader.submission import read_submission
from tests.grader.hostile.course import (
    CANARY,
    CHECKS_OF_DRAWN,
    CHECKS_OF_LAYER,
    CHECKS_OF_OTHER,
    DRAWN,
    INIT,
    LAYER,
    OTHER,
    RIGHT,
    SETTINGS,
)

# Which checks call a function, by which one of several a check ends first.
CALLS = {
    "forward": ("product", "unchanged", "spread", "total", "ratio", "both", "identity", "drawn"),
    "gradient": ("gradient",),
    "numeric": ("numeric", "constant", "both"),
    "double": ("double",),
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write a folder of files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def family(root: int) -> set[int]:
    """Processes that descend from root and live; orphans come to us, see `alone`."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if words[0] != "Z":
            parents[int(folder.name)] = int(words[1])
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return found


@pytest.fixture(scope="module", autouse=True)
def orphans_are_ours() -> Iterator[None]:
    """Whatever loses its parent becomes a child of this process, so that it is seen."""
    set_child_subreaper = 36
    prctl = ctypes.CDLL(None).prctl
    assert prctl(set_child_subreaper, 1, 0, 0, 0) == 0
    yield
    assert prctl(set_child_subreaper, 0, 0, 0, 0) == 0
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@pytest.fixture
def nothing_survives() -> Iterator[None]:
    """Fail if processes are left a moment after the test."""
    before = family(os.getpid())
    yield
    end = time.monotonic() + 5
    while left := family(os.getpid()) - before:
        assert time.monotonic() < end, left
        time.sleep(0.02)


@pytest.fixture(scope="module", autouse=True)
def the_next_one_gets_all_points(grade: "Grade") -> Iterator[None]:
    """Whatever was kept of hostile submissions does a correct one no harm."""
    yield
    assert grade(only=()).missed == {}


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The course, with a cache and a home of its own and a canary in each."""
    folder = tmp_path_factory.mktemp("surroundings")
    patch = pytest.MonkeyPatch()
    for name in ("GRADER_CACHE", "HOME", "XDG_CONFIG_HOME"):
        write(folder / name.lower(), {"secret.txt": f"{CANARY}-{name}"})
        patch.setenv(name, str(folder / name.lower()))
    patch.setenv("GRADER_SECRET", f"{CANARY}-environment")
    yield folder
    patch.undo()


@pytest.fixture(scope="session")
def course_folder(surroundings: Path) -> Path:
    return write(
        surroundings / "course",
        {
            "pyproject.toml": SETTINGS,
            "reference/__init__.py": INIT.lstrip(),
            "reference/layer.py": LAYER.lstrip(),
            "reference/other.py": OTHER.lstrip(),
            "reference/drawn.py": DRAWN.lstrip(),
            "tests/hidden/test_layer.py": CHECKS_OF_LAYER,
            "tests/hidden/test_other.py": CHECKS_OF_OTHER,
            "tests/hidden/test_drawn.py": CHECKS_OF_DRAWN,
        },
    )


@pytest.fixture(scope="session")
def course(course_folder: Path) -> Course:
    return open_course(course_folder)


@dataclass
class Graded:
    """A report, and everything that was said on the way to it."""

    report: Report
    events: list[Event] = field(default_factory=list)

    @property
    def statuses(self) -> dict[str, Status]:
        return {
            check.name.removeprefix("test_"): check.status
            for exercise in self.report.exercises
            for check in exercise.checks
        }

    @property
    def missed(self) -> dict[str, str]:
        """How the checks ended that did not pass."""
        return {name: str(s) for name, s in self.statuses.items() if s is not Status.PASSED}

    @property
    def messages(self) -> dict[str, str]:
        return {
            check.name.removeprefix("test_"): check.message
            for exercise in self.report.exercises
            for check in exercise.checks
        }

    @property
    def page(self) -> str:
        return to_html(self.report)

    def everything(self) -> str:
        """All that anybody is shown."""
        console = Console(record=True, width=200, file=io.StringIO())
        console.print(summary(self.report))
        parts = [to_json(self.report).decode(), self.page, console.export_text()]
        return "\n".join([*parts, *map(repr, self.events), repr(self.report)])


Grade = Callable[..., Graded]
Missed = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def missed() -> Missed:
    """What `Graded.missed` has to be: `missed(failed="forward product")`.

    The name of a function stands for the checks that call it.
    """

    def expected(*, drawn: bool = False, **statuses: str) -> dict[str, str]:
        ends: dict[str, str] = {}
        for status, names in statuses.items():
            for check in (check for name in names.split() for check in CALLS.get(name, (name,))):
                ends.setdefault(check, status)
        return ends if drawn else {check: end for check, end in ends.items() if check != "drawn"}

    return expected


@pytest.fixture(scope="session")
def grade(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Grade:
    """Grade right answers, with hostile ones in their place; void and canaries fail at once.

    Its arguments: what follows in layer.py and so replaces functions there; other files by name.
    """

    def graded(
        hostile: str = "",
        *,
        only: tuple[str, ...] = ("layer", "other"),
        live: bool = False,
        limits: Limits | None = None,
        **files: str,
    ) -> Graded:
        more = {f"{name}.py": text for name, text in files.items()}
        folder = write(
            tmp_path_factory.mktemp("hostile"),
            RIGHT | {"layer.py": RIGHT["layer.py"] + hostile} | more,
        )
        submission = read_submission(folder)
        events: list[Event] = []
        chosen = course.only(only)
        if limits:
            chosen = replace(chosen, settings=replace(chosen.settings, limits=limits))
        findings = examine(
            chosen, submission, lowest=Isolation.LANDLOCK, live=live, on_event=events.append
        )
        result = Graded(make_report(chosen, submission, Suite.HIDDEN, findings), events)
        assert Status.VOID not in result.statuses.values(), result.messages
        assert CANARY not in result.everything()
        return result

    return graded
