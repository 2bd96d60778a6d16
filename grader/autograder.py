"""autograder.zip for Gradescope: this tool, the course, and two scripts that bring them together.

The package travels as it is here, with its templates, so that Gradescope grades as this machine
does; what it needs is pinned to the versions that are installed here.
"""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

import grader
from grader.course import read_syllabus
from grader.errors import CourseError, OutputError
from grader.gradebook.rules import read_policy
from grader.report.files import write_whole
from grader.report.html import template_folder
from grader.settings import read_table

NAME = "autograder.zip"

_ROOMS = ("reference", "exercises", "tests/hidden", "tests/public")
_SCRIPTS = ("setup.sh", "run_autograder")
_PACKAGE = "proven-grader"


def write_autograder(root: Path, folder: Path, *, unsafe: bool = False) -> Path:
    """Write autograder.zip for the course at `root`; the same course gives the same bytes.

    Args:
        unsafe: grade even where student code cannot be isolated.

    Raises:
        CourseError: there is no course with references, or its policy is wrong.
        OutputError: the file cannot be written.
    """
    read_syllabus(root)  # a kit has none, and grades nobody
    read_policy(root)  # what is wrong with it is said here, not to a student there
    path = folder / NAME
    write_whole(path, _packed(dict(_contents(root, unsafe=unsafe))))
    return path


def _contents(root: Path, *, unsafe: bool) -> Iterator[tuple[str, bytes]]:
    for name in _SCRIPTS:
        yield name, (template_folder() / "ci" / "gradescope" / name).read_bytes()
    yield "options", b"--unsafe\n" if unsafe else b""
    yield "requirements.txt", _lines(_required())
    yield "constraints.txt", _lines(f"{each.name}=={each.version}" for each in _installed())
    yield from _below(Path(grader.__file__).parent, "package/grader")
    yield from _below(template_folder(), "package/grader/templates")
    for room in _ROOMS:
        yield from _below(root / room, f"course/{room}")
    if (root / "pyproject.toml").is_file():
        yield "course/pyproject.toml", (root / "pyproject.toml").read_bytes()
    yield from _deadlines(root)


def _deadlines(root: Path) -> Iterator[tuple[str, bytes]]:
    """The file of students' own deadlines, which the course's settings name."""
    name = read_table(root, "tool.grader.late").get("deadlines")
    if not name:
        return
    if not (root / name).resolve().is_relative_to(root.resolve()):
        raise CourseError(
            f"[tool.grader.late] deadlines = {name!r} lies outside of the course, and cannot come "
            "along. Move the file into the course."
        )
    yield f"course/{name}", (root / name).read_bytes()


def _below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder but hidden ones and what Python makes."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        made = any(part == "__pycache__" or part.startswith(".") for part in parts)
        if path.is_file() and not made:
            yield str(PurePosixPath(name, *parts)), path.read_bytes()


def _packed(contents: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name)  # with no time of its own
            entry.external_attr = (0o755 if name in _SCRIPTS else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return data.getvalue()


def _required() -> list[str]:
    """What this package says that it needs: in its clone, or where it is installed."""
    clone = Path(grader.__file__).parents[1] / "pyproject.toml"
    try:
        project = tomllib.loads(clone.read_text("utf-8"))["project"]
        if project["name"] == _PACKAGE:
            return list(project["dependencies"])
    except (OSError, KeyError, ValueError):
        pass
    try:
        required = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        raise OutputError(
            "What grader needs is not known here, because it was not installed by pip; install "
            "it with pip and try again."
        ) from None
    return [each for each in required if "extra ==" not in each]


def _installed() -> list[metadata.Distribution]:
    """Every package here, each once, but this one."""
    found = {each.name.lower(): each for each in metadata.distributions() if each.name}
    return [found[name] for name in sorted(found) if name != _PACKAGE]


def _lines(lines: Iterator[str] | list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
