"""`[tool.grader]` of a course's pyproject.toml."""

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import CourseError
from grader.model import Feedback, Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What a course may decide; every key is optional.

    Attributes:
        limits: of one call of a student's function.
        check_seconds: wall time of one check in the trusted process, comparisons included.
        packages: what student code may import besides the standard library.
        feedback: what students may see of hidden checks; it decides no grade.
    """

    limits: Limits = Limits()
    check_seconds: float = 120.0
    packages: tuple[str, ...] = ("numpy",)
    feedback: Feedback = Feedback.FULL


_KEYS = {
    "cpu_seconds": float,
    "wall_seconds": float,
    "memory_mib": int,
    "callbacks": int,
    "check_seconds": float,
    "packages": list,
    "feedback": Feedback,
}


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_seconds(value: Any) -> bool:
    return type(value) in (int, float) and value > 0 and math.isfinite(value)


def _is_packages(value: Any) -> bool:
    names = value if isinstance(value, list) else [None]
    return all(isinstance(name, str) and name.isidentifier() for name in names)


def _is_feedback(value: Any) -> bool:
    return isinstance(value, str) and value in set(Feedback)


_KINDS: dict[type, tuple[str, Callable[[Any], bool]]] = {
    int: ("a positive whole number", _is_count),
    float: ("a positive number", _is_seconds),
    list: ("a list of names as they are imported", _is_packages),
    Feedback: ("one of " + ", ".join(f'"{each}"' for each in Feedback), _is_feedback),
}


def read_settings(root: Path) -> Settings:
    """Read the settings of the course at `root`.

    Raises:
        CourseError: the file is no TOML, a key is unknown or a value has another type.
    """
    path, table = root / "pyproject.toml", read_table(root, "tool.grader")
    table.pop("verify", None)  # what a proof demands decides no grade; grader.verify reads it
    _ = table.pop("grades", None), table.pop("late", None)  # read by grader.gradebook.rules
    for key, value in table.items():
        _require(path, key, value)
    return _settings(table)


def read_table(root: Path, name: str) -> dict[str, Any]:
    """One table of the course's pyproject.toml, empty where there is none; raises likewise."""
    path = root / "pyproject.toml"
    table: Any = _load(path)
    for part in name.split("."):
        table = table.get(part, {})
        if not isinstance(table, dict):
            raise CourseError(f"{path}: {part} must be a table. Write [{name}] above its keys.")
    return dict(table)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is no TOML file ({error}). Mend that line.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}. Mend that first.") from None


def _require(path: Path, key: str, value: Any) -> None:
    if key not in _KEYS:
        raise CourseError(
            f"{path}: [tool.grader] has the key {key!r}, which grader does not know. "
            f"Known keys: {', '.join(sorted(_KEYS))}."
        )
    kind, is_right = _KINDS[_KEYS[key]]
    if not is_right(value):
        raise CourseError(f"{path}: [tool.grader] {key} = {value!r} must be {kind}.")


def _settings(table: dict[str, Any]) -> Settings:
    default = Limits()
    limits = Limits(
        cpu_seconds=float(table.get("cpu_seconds", default.cpu_seconds)),
        wall_seconds=float(table.get("wall_seconds", default.wall_seconds)),
        memory_bytes=int(table.get("memory_mib", default.memory_bytes // 2**20)) * 2**20,
        callbacks=int(table.get("callbacks", default.callbacks)),
    )
    packages = tuple(dict.fromkeys(["numpy", *table.get("packages", [])]))
    seconds = float(table.get("check_seconds", 120.0))
    return Settings(limits, seconds, packages, Feedback(table.get("feedback", Feedback.FULL)))
