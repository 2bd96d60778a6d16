"""Kits: what students get of a course, and nothing of its references or its hidden checks."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Template

from grader.contents import FILE, Contents, Listed, to_json
from grader.course import KIT_HELPERS, PUBLIC, Course, helper_files, open_course, read_syllabus
from grader.errors import CourseError, OutputError
from grader.reading import parse, read_text
from grader.report.html import template_folder
from grader.stubs import derive_all

_ROOMS = ("reference", "exercises", "tests")
_SECRET = (("reference",), ("tests", "hidden"))


def write_kit(root: Path, folder: Path) -> list[Path]:
    """Write what students get of the course at `root`; return the paths of what was not there.

    Raises:
        CourseError: something of the course is missing, or gives away what it must not.
        OutputError: a file is there with other content, in which case nothing is written, or one
            cannot be written.
    """
    _require_place(root, folder)
    files = {folder / name: content for name, content in kit_files(root).items()}
    _require_nothing_lost(files)
    missing = [path for path in files if not path.exists()]
    for path in missing:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(files[path])
        except OSError as error:
            raise OutputError(
                f"{path} cannot be written ({error.strerror}). Free the place or the permission."
            ) from None
    return missing


def kit_files(root: Path) -> dict[str, bytes]:
    """The content of each file of a kit, by its path below the kit."""
    read_syllabus(root)  # a kit has none, and makes no kits
    course = open_course(root)
    contents = _contents(course)
    files = {FILE: to_json(contents), "README.md": _readme(contents).encode()}
    for path, content in derive_all(root).items():
        files[path.relative_to(root).as_posix()] = content
    for path in helper_files(root):
        name = (KIT_HELPERS / path.name).as_posix()
        if name in files:
            raise CourseError(f"{path} has the name of an exercise. Rename it.")
        files[name] = _public(path)
    for path in _public_checks(root, course):
        files[path.relative_to(root).as_posix()] = _public(path)
    return files


def _contents(course: Course) -> Contents:
    exercises = tuple(
        Listed(
            each.name,
            each.title,
            _parameters(course.root, each.name, each.functions),
            each.formulas,
        )
        for each in course.exercises
    )
    return Contents(course.title, exercises, tuple(course.helpers), course.settings)


def _parameters(root: Path, name: str, functions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    tree = parse(root / "reference" / f"{name}.py", "Write it.")
    nodes = {node.name: node.args for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {function: tuple(_names(nodes[function])) for function in functions}


def _names(arguments: ast.arguments) -> Iterator[str]:
    for each in (*arguments.posonlyargs, *arguments.args, arguments.vararg):
        if each is not None:
            yield each.arg
    for each in (*arguments.kwonlyargs, arguments.kwarg):
        if each is not None:
            yield each.arg


def _public_checks(root: Path, course: Course) -> Iterator[Path]:
    """What lies in tests/public/, but for checks of exercises that are not listed."""
    listed = {f"test_{exercise.name}.py" for exercise in course.exercises}
    for path in sorted((root / PUBLIC).rglob("*")):
        parts = path.relative_to(root).parts
        made = any(part == "__pycache__" or part.startswith(".") for part in parts)
        unlisted = path.name.startswith("test_") and path.name not in listed
        if path.is_file() and not made and not unlisted:
            yield path


def _public(path: Path) -> bytes:
    """The content of a file, if it needs nothing that students do not have."""
    if path.suffix != ".py":
        return path.read_bytes()
    for node in ast.walk(parse(path, "Write it.")):
        for name in _imported(node):
            if any(tuple(name.split("."))[: len(secret)] == secret for secret in _SECRET):
                raise CourseError(
                    f"{path}, line {node.lineno}, imports {name}, which students do not get. "  # type: ignore[attr-defined]
                    "Write what it needs into a file of its own folder."
                )
    return read_text(path, "Write it.").encode()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _require_place(root: Path, folder: Path) -> None:
    place, rooms = folder.resolve(), [root.resolve() / room for room in _ROOMS]
    if any(folder.joinpath(*room).exists() for room in _SECRET):
        trouble = "is a course"
    elif any(place.is_relative_to(room) for room in rooms):
        trouble = "lies in a room of the course"
    elif folder.exists() and not folder.is_dir():
        trouble = "is no folder"
    else:
        return
    raise OutputError(f"{folder} {trouble}. Name another folder for the kit.")


def _require_nothing_lost(files: dict[Path, bytes]) -> None:
    other = [path for path, content in files.items() if path.exists() and _differs(path, content)]
    if other:
        more, them = (f" and {len(other) - 1} more", "them") if other[1:] else ("", "it")
        raise OutputError(
            f"Nothing was written, so that no work is lost: {other[0]}{more} would be overwritten. "
            f"Name another folder, or move {them} away."
        )


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


def _readme(contents: Contents) -> str:
    settings, limits = contents.settings, contents.settings.limits
    rows = [
        f"| {each.title} | `exercises/{each.name}.ipynb` | {len(each.functions)} |"
        for each in contents.exercises
    ]
    head = ["| exercise | notebook | functions to write |", "|---|---|--:|"]
    text = (template_folder() / "kit.md").read_text("utf-8")
    return Template(text).substitute(
        title=contents.title,
        table="\n".join([*head, *rows]),
        packages=" ".join(settings.packages),
        imports=", ".join(settings.packages),
        example=contents.exercises[0].name,
        cpu=f"{limits.cpu_seconds:g}",
        wall=f"{limits.wall_seconds:g}",
        memory=limits.memory_bytes // 2**20,
    )
