"""syllabus.json of a kit: what students' copies know of the course, where its references are not.

`grader kit` writes it. A folder that has it, and neither references nor hidden checks, is a kit.
"""

from pathlib import Path

import msgspec

from grader.errors import CourseError
from grader.settings import Settings

FILE = "syllabus.json"

_WAY_OUT = "Take this file from the kit again."


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise.

    Attributes:
        functions: what students write, each with the names of its parameters.
        formulas: as in `grader.model.Exercise`.
    """

    name: str
    title: str
    functions: dict[str, tuple[str, ...]]
    formulas: dict[str, tuple[str, ...]] = {}


class Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course without its secrets.

    Attributes:
        exercises: in teaching order.
        helpers: names of the helper modules, which lie beside the stubs.
    """

    title: str
    exercises: tuple[Listed, ...]
    helpers: tuple[str, ...]
    settings: Settings


def is_kit(root: Path) -> bool:
    """Whether a folder is what `grader kit` writes."""
    secrets = (root / "reference", root / "tests" / "hidden")
    return (root / FILE).is_file() and not any(path.exists() for path in secrets)


def read_contents(root: Path) -> Contents:
    """The contents of the kit at `root`.

    Raises:
        CourseError: the file is not as `grader kit` wrote it.
    """
    path = root / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Contents)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}. {_WAY_OUT}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not as grader wrote it ({error}). {_WAY_OUT}") from None


def to_json(contents: Contents) -> bytes:
    """The text of the file."""
    return msgspec.json.format(msgspec.json.encode(contents), indent=2) + b"\n"
