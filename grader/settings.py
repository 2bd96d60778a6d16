"""`[tool.grader]` of a course's pyproject.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import CourseError
from grader.model import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What a course may decide; every key is optional.

    Attributes:
        limits: of one call of a student's function.
        check_seconds: wall time of one check in the trusted process, comparisons included.
        packages: what student code may import besides the standard library.
    """

    limits: Limits = Limits()
    check_seconds: float = 120.0
    packages: tuple[str, ...] = ("numpy",)


_KEYS = {
    "cpu_seconds": float,
    "wall_seconds": float,
    "memory_mib": int,
    "callbacks": int,
    "check_seconds": float,
    "packages": list,
}


def read_settings(root: Path) -> Settings:
    """Read the settings of the course at `root`.

    Raises:
        CourseError: the file is no TOML, a key is unknown or a value has another type.
    """
    path = root / "pyproject.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("grader", {})
    except FileNotFoundError:
        table = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is no TOML file ({error}). Mend that line.") from None
    for key, value in table.items():
        _require(path, key, value)
    return _settings(table)


def _require(path: Path, key: str, value: Any) -> None:
    if key not in _KEYS:
        raise CourseError(
            f"{path}: [tool.grader] has the key {key!r}, which grader does not know. "
            f"Known keys: {', '.join(sorted(_KEYS))}."
        )
    wanted = _KEYS[key]
    right = isinstance(value, int | float) if wanted is float else isinstance(value, wanted)
    positive = isinstance(value, list) or (right and not isinstance(value, bool) and value > 0)
    if not (right and positive):
        raise CourseError(
            f"{path}: [tool.grader] {key} = {value!r} must be "
            + ("a list of package names." if wanted is list else "a positive number.")
        )


def _settings(table: dict[str, Any]) -> Settings:
    default = Limits()
    limits = Limits(
        cpu_seconds=float(table.get("cpu_seconds", default.cpu_seconds)),
        wall_seconds=float(table.get("wall_seconds", default.wall_seconds)),
        memory_bytes=int(table.get("memory_mib", default.memory_bytes // 2**20)) * 2**20,
        callbacks=int(table.get("callbacks", default.callbacks)),
    )
    packages = tuple(dict.fromkeys(["numpy", *table.get("packages", [])]))
    return Settings(limits, float(table.get("check_seconds", 120.0)), packages)
