"""Opens a course: the syllabus, its exercises and their checks, by reading, never by running.

Everything that decides points is known before a check runs, so what runs cannot change it.
"""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.model import Check, Exercise, Suite
from grader.settings import Settings, read_settings

HIDDEN = Path("tests/hidden")
PUBLIC = Path("tests/public")
HELPERS = Path("exercises/helpers")


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it lies on the disk.

    Attributes:
        version: hash of everything that decides a grade: references, checks, helper modules,
            settings.
        helpers: source of the helper modules that student code may import, by name.
    """

    root: Path
    title: str
    version: str
    exercises: tuple[Exercise, ...]
    helpers: dict[str, str]
    settings: Settings

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
        return Course(self.root, self.title, self.version, kept, self.helpers, self.settings)


def find_course(start: Path) -> Path:
    """Return the nearest folder from `start` upward that is a course."""
    for folder in (start, *start.parents):
        if (folder / "reference" / "__init__.py").is_file() and (folder / HIDDEN).is_dir():
            return folder
    raise CourseError(
        f"No course was found from {start} upward (a folder with reference/ and tests/hidden/). "
        "Name one with --course DIR."
    )


def open_course(root: Path, suite: Suite | None = None) -> Course:
    """Read the course at `root` with the checks of one suite (default: hidden).

    Raises:
        CourseError: a file or a part of one is missing; names the file and what to write.
    """
    init = root / "reference" / "__init__.py"
    tree = _parse(init, "Write it: a docstring with the course's title, and __all__.")
    suite = suite or Suite.HIDDEN
    names = read_syllabus(root)
    exercises = tuple(_exercise(root, name, suite) for name in names)
    return Course(
        root=root,
        title=_first_line(tree, init),
        version=_version(root),
        exercises=exercises,
        helpers=_helpers(root),
        settings=read_settings(root),
    )


def read_syllabus(root: Path) -> tuple[str, ...]:
    """The exercises of the course in teaching order: `__all__` of reference/__init__.py."""
    init = root / "reference" / "__init__.py"
    names = _all(_parse(init, "Write it: a docstring with the course's title, and __all__."), init)
    if not names:
        raise CourseError(f"{init}: __all__ is empty. List the exercises in teaching order.")
    return names


def file_of_checks(root: Path, exercise: str, suite: Suite) -> Path:
    """Where the checks of an exercise are."""
    return root / (HIDDEN if suite is Suite.HIDDEN else PUBLIC) / f"test_{exercise}.py"


def _exercise(root: Path, name: str, suite: Suite) -> Exercise:
    path = root / "reference" / f"{name}.py"
    tree = _parse(path, _write_or_unlist(name))
    functions = _all(tree, path)
    suites = (Suite.PUBLIC, Suite.HIDDEN) if suite is Suite.ALL else (suite,)
    checks: list[Check] = []
    for each in suites:
        file = file_of_checks(root, name, each)
        if each is Suite.HIDDEN or file.is_file():
            checks += _checks(file, name, functions, each)
    return Exercise(name, _first_line(tree, path), functions, tuple(checks))


def _write_or_unlist(name: str) -> str:
    return f'reference/__init__.py lists "{name}": write the file, or take the name out of __all__.'


def _checks(path: Path, exercise: str, functions: tuple[str, ...], suite: Suite) -> list[Check]:
    tree = _parse(path, _write_or_unlist(exercise))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    checks = [
        _check(path, node, _calls(node, defined), functions, suite)
        for node in defined.values()
        if node.name.startswith("test_")
    ]
    if not checks:
        raise CourseError(f"{path} has no check. Write a function whose name starts with test_.")
    return checks


def _check(
    path: Path, node: ast.FunctionDef, calls: set[str], functions: tuple[str, ...], suite: Suite
) -> Check:
    text = (ast.get_docstring(node) or "").split("\n\n")
    if not text[0].strip():
        raise CourseError(
            f"{path}: {node.name} has no docstring. Write one: its first line is the title that "
            "students read, its second paragraph the hint."
        )
    points, bonus = _marks(path, node)
    return Check(
        name=node.name,
        title=" ".join(text[0].split()).removesuffix("."),
        hint=" ".join(text[1].split()) if len(text) > 1 else "",
        points=points,
        bonus=bonus,
        functions=tuple(name for name in functions if name in calls),
        suite=suite,
    )


def _calls(node: ast.FunctionDef, defined: dict[str, ast.FunctionDef]) -> set[str]:
    """Names of the student functions that a check calls, itself or through its own helpers."""
    calls: set[str] = set()
    seen, todo = {node.name}, [node]
    while todo:
        for part in ast.walk(todo.pop()):
            if isinstance(part, ast.Attribute) and _is_submission(part.value):
                calls.add(part.attr)
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                calls.add(part.value)  # submission.own("name"), getattr(submission, "name")
            if isinstance(part, ast.Name) and part.id in defined and part.id not in seen:
                seen.add(part.id)
                todo.append(defined[part.id])
    return calls


def _is_submission(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "submission"


def _marks(path: Path, node: ast.FunctionDef) -> tuple[float, bool]:
    points, bonus = 1.0, False
    for decorator in node.decorator_list:
        mark = ast.unparse(decorator)
        if mark.startswith("pytest.mark.points"):
            points = _points(path, node, decorator)
        bonus = bonus or mark.startswith("pytest.mark.bonus")
    return points, bonus


def _points(path: Path, node: ast.FunctionDef, decorator: ast.expr) -> float:
    if isinstance(decorator, ast.Call) and len(decorator.args) == 1:
        value = decorator.args[0]
        if isinstance(value, ast.Constant) and type(value.value) in (int, float):
            number = float(value.value)  # type: ignore[arg-type]
            if number > 0:
                return number
    raise CourseError(
        f"{path}: the points of {node.name} must be one positive number, as in "
        "@pytest.mark.points(2)."
    )


def _all(tree: ast.Module, path: Path) -> tuple[str, ...]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            assert isinstance(node, ast.Assign)
            try:
                return tuple(ast.literal_eval(node.value))
            except (ValueError, TypeError):
                break
    raise CourseError(f"{path} has no __all__ that is a plain list of names. Write one.")


def _first_line(tree: ast.Module, path: Path) -> str:
    text = (ast.get_docstring(tree) or "").strip()
    if not text:
        raise CourseError(f"{path} has no docstring. Its first line is the title: write one.")
    return text.splitlines()[0].removesuffix(".")


def _parse(path: Path, way_out: str) -> ast.Module:
    try:
        return ast.parse(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} is missing. {way_out}") from None
    except SyntaxError as error:
        raise CourseError(f"{path}, line {error.lineno}, does not parse: {error.msg}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None


def _helpers(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((root / HELPERS).glob("*.py"))}


def _version(root: Path) -> str:
    files = [
        *(root / "reference").rglob("*.py"),
        *(root / "reference").rglob("*.toml"),
        *(root / HIDDEN).rglob("*.py"),
        *(root / PUBLIC).rglob("*.py"),
        *(root / HELPERS).glob("*.py"),
    ]
    digest = hashlib.sha256(repr(read_settings(root)).encode())
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        content = path.read_bytes()
        name = path.relative_to(root).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]
