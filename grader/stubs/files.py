"""The stubs of a course on the disk: exercises/NAME.py and NAME.ipynb, each of the same reference.

Helper modules, in a folder beside them, are no stubs.
"""

from pathlib import Path

from grader.course import read_syllabus
from grader.errors import CourseError, OutputError
from grader.formulas import read_formulas, require_listed
from grader.mistakes import read_mistakes
from grader.stubs.derive import derive_stub
from grader.stubs.notebook import derive_notebook

ROOM = Path("exercises")


def write_stubs(root: Path) -> list[Path]:
    """Write the stubs that differ from what their references say; return their paths.

    Raises:
        CourseError: a stub cannot be derived; then none is written.
        OutputError: a file cannot be written.
    """
    stubs = derive_all(root)
    changed = [path for path, stub in stubs.items() if _content(path) != stub]
    for path in changed:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(stubs[path])
        except OSError as error:
            raise OutputError(
                f"{path} cannot be written ({error.strerror}). Free the place or the permission."
            ) from None
    return changed


def stale_stubs(root: Path) -> list[Path]:
    """The stubs that are missing or differ from their references, and files that are no stub."""
    stubs = derive_all(root)
    drifted = {path for path, stub in stubs.items() if _content(path) != stub}
    there = {path for kind in ("*.py", "*.ipynb") for path in (root / ROOM).glob(kind)}
    return sorted(drifted | there - stubs.keys())


def derive_all(root: Path) -> dict[Path, bytes]:
    """What each stub and notebook must be, by its path, in the order of the syllabus."""
    names, formulas = read_syllabus(root), read_formulas(root)
    require_listed(formulas, names)
    derived: dict[Path, bytes] = {}
    for name in names:
        stub = derive_stub(name, _reference(root, name), read_mistakes(root, name))
        notebook = derive_notebook(name, stub, formulas.get(name, {}))
        derived[root / ROOM / f"{name}.py"] = stub.encode()
        derived[root / ROOM / f"{name}.ipynb"] = notebook.encode()
    return derived


def _reference(root: Path, name: str) -> str:
    path = root / "reference" / f"{name}.py"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise CourseError(
            f'{path} is missing, but reference/__init__.py lists "{name}". '
            "Write the file, or take the name out of __all__."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Save it as UTF-8.") from None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
