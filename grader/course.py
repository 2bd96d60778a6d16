"""Opens a course: the syllabus, its exercises and their checks, by reading, never by running.

Everything that decides points is known before a check runs, so what runs cannot change it.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.contents import Listed, is_kit, read_contents
from grader.errors import CourseError
from grader.formulas import formulas_of, read_formulas
from grader.model import Check, Exercise, Feedback, Suite
from grader.reading import listed, parse, read_text, title
from grader.settings import Settings, read_settings
from grader.syllabus import read_checks

HIDDEN = Path("tests/hidden")
PUBLIC = Path("tests/public")
HELPERS = Path("exercises/helpers")
KIT_HELPERS = Path("exercises")  # in a kit beside the stubs, where notebooks find them

_WRITE_INIT = "Write it: a docstring with the course's title, and __all__ with its exercises."


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it lies on the disk.

    Attributes:
        version: hash of everything that decides a grade: references, checks, helper modules,
            settings.
        helpers: source of the helper modules that student code may import, by name.
        is_kit: it is what students have of a course: public checks, and no references.
    """

    root: Path
    title: str
    version: str
    exercises: tuple[Exercise, ...]
    helpers: dict[str, str]
    settings: Settings
    is_kit: bool = False

    def only(self, names: tuple[str, ...]) -> "Course":
        """The same course with just these exercises, in the order of the syllabus."""
        known = [exercise.name for exercise in self.exercises]
        for name in names:
            if name not in known:
                raise CourseError(
                    f'The course at {self.root} has no exercise "{name}". '
                    f"It has: {', '.join(known)}."
                )
        kept = tuple(e for e in self.exercises if e.name in names) if names else self.exercises
        return replace(self, exercises=kept)


def find_course(start: Path) -> Path:
    """Return the nearest folder from `start` upward that is a course, or else a kit of one.

    A course goes first: a kit that was handed in may lie below the course that it came from.
    """
    above = (start, *start.parents)
    courses = [folder for folder in above if _is_course(folder)]
    for folder in courses or filter(is_kit, above):
        return folder
    raise CourseError(
        f"No course was found from {start} upward (a folder with reference/ and tests/hidden/). "
        "Name one with --course DIR."
    )


def _is_course(folder: Path) -> bool:
    return (folder / "reference" / "__init__.py").is_file() and (folder / HIDDEN).is_dir()


def open_course(root: Path, suite: Suite | None = None) -> Course:
    """Read the course at `root` with the checks of one suite (default: hidden; of a kit, public).

    Raises:
        CourseError: a file or a part of one is missing; names the file and what to write.
    """
    if is_kit(root):
        return _open_kit(root, suite or Suite.PUBLIC)
    init = root / "reference" / "__init__.py"
    tree = parse(init, _WRITE_INIT)
    suite = suite or Suite.HIDDEN
    formulas = read_formulas(root)
    exercises = tuple(
        _exercise(root, name, suite, formulas.get(name, {})) for name in read_syllabus(root)
    )
    _require_checks(root, exercises, suite)
    settings, helpers = read_settings(root), helper_files(root)
    return Course(
        root=root,
        title=title(tree, init),
        version=_version(root, settings, helpers),
        exercises=exercises,
        helpers=_sources(helpers),
        settings=settings,
    )


def settings_of(root: Path) -> Settings:
    """The settings of the course or kit at `root`."""
    return read_contents(root).settings if is_kit(root) else read_settings(root)


def _open_kit(root: Path, suite: Suite) -> Course:
    if suite is not Suite.PUBLIC:
        raise CourseError(
            f"{root} is a kit for students, which has no {suite} checks but the public ones. "
            "Name the course itself with --course DIR."
        )
    contents = read_contents(root)
    helpers = [root / KIT_HELPERS / f"{name}.py" for name in contents.helpers]
    exercises = tuple(_listed_exercise(root, each) for each in contents.exercises)
    _require_checks(root, exercises, suite)
    return Course(
        root=root,
        title=contents.title,
        version=_version(root, contents.settings, helpers),
        exercises=exercises,
        helpers=_sources(helpers),
        settings=contents.settings,
        is_kit=True,
    )


def _listed_exercise(root: Path, listed: Listed) -> Exercise:
    file, functions = file_of_checks(root, listed.name, Suite.PUBLIC), tuple(listed.functions)
    way_out = "Take it from the kit again."
    checks = read_checks(root, file, functions, Suite.PUBLIC, way_out) if file.is_file() else ()
    return Exercise(listed.name, listed.title, functions, checks, listed.formulas)


def _require_checks(root: Path, exercises: tuple[Exercise, ...], suite: Suite) -> None:
    if not any(exercise.checks for exercise in exercises):
        where = f"Write {file_of_checks(root, exercises[0].name, suite)}." if exercises else ""
        raise CourseError(f"The course at {root} has no {suite} checks. {where}".rstrip())


def read_syllabus(root: Path) -> tuple[str, ...]:
    """The exercises of the course in teaching order: `__all__` of reference/__init__.py."""
    if is_kit(root):
        raise CourseError(
            f"{root} is a kit for students: it has no references. Run this in the course itself, "
            "or name that with --course DIR."
        )
    init = root / "reference" / "__init__.py"
    names = listed(parse(init, _WRITE_INIT), init)
    if not names:
        raise CourseError(f"{init}: __all__ is empty. List the exercises in teaching order.")
    return names


def file_of_checks(root: Path, exercise: str, suite: Suite) -> Path:
    """Where the checks of an exercise are."""
    return root / (HIDDEN if suite is Suite.HIDDEN else PUBLIC) / f"test_{exercise}.py"


def worked_run_file(root: Path) -> Path:
    """Where the plan of the worked run is, of a course or a kit.

    Raises:
        CourseError: there is none.
    """
    path = root / PUBLIC / "worked_run.py"
    if not path.is_file():
        raise CourseError(f"{path} is missing. Write it, or leave out --worked-run.")
    return path


def _exercise(root: Path, name: str, suite: Suite, formulas: dict[str, str]) -> Exercise:
    path = root / "reference" / f"{name}.py"
    way_out = (
        f'reference/__init__.py lists "{name}": write the file, or take the name out of __all__.'
    )
    tree = parse(path, way_out)
    functions = _functions(tree, path)
    suites = (Suite.PUBLIC, Suite.HIDDEN) if suite is Suite.ALL else (suite,)
    checks: list[Check] = []
    for each in suites:
        file = file_of_checks(root, name, each)
        if each is Suite.HIDDEN or file.is_file():
            checks += read_checks(root, file, functions, each, way_out)
    return Exercise(
        name, title(tree, path), functions, tuple(checks), formulas_of(tree, functions, formulas)
    )


def _functions(tree: ast.Module, path: Path) -> tuple[str, ...]:
    functions = listed(tree, path)
    if not functions:
        raise CourseError(f"{path}: __all__ is empty. List the functions that students write.")
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name in functions:
        if name not in defined:
            raise CourseError(
                f'{path}: __all__ lists "{name}", which is no function of the file. '
                "Write it, or take the name out."
            )
    return functions


def helper_files(root: Path) -> list[Path]:
    """The helper modules of a course, which is no kit."""
    return sorted((root / HELPERS).glob("*.py"))


def _sources(files: list[Path]) -> dict[str, str]:
    return {
        path.stem: read_text(path, "Write it, or take it from the kit again.") for path in files
    }


def _version(root: Path, settings: Settings, helpers: list[Path]) -> str:
    deciding = replace(settings, feedback=Feedback.FULL)  # what is shown decides no grade
    digest = hashlib.sha256(repr(deciding).encode())
    files = {path.relative_to(root).as_posix(): path for path in (*_deciding(root), *helpers)}
    for name in sorted(files):
        content = files[name].read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _deciding(root: Path) -> Iterator[Path]:
    """Every file that can decide a grade: what checks read beside themselves is one too."""
    for room in (Path("reference"), HIDDEN, PUBLIC, HELPERS):
        for path in (root / room).rglob("*"):
            parts = path.relative_to(root).parts
            made = any(part == "__pycache__" or part.startswith(".") for part in parts)
            if path.is_file() and not made:
                yield path
