"""What Python needs to run in the sandbox, and nothing more.

The worker sees this machine's Python at neutral paths below /runtime: the interpreter, the
standard library without the packages installed in it, the allowed packages one by one, and
`grader/worker` as the package `worker`. Neither grader nor a course is among them.
"""

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import SandboxError

HOME = Path("/runtime")
PACKAGES = HOME / "packages"
WORKER = Path(__file__).parent.parent / "worker"
INSTALLED = ("site-packages", "dist-packages")  # folders of packages in a library folder
MANY_LIBRARIES = 16  # a prefix with more of them (conda) is shown with its whole lib folder

Bind = tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where things are, and where the worker sees them.

    Attributes:
        interpreter: as the worker sees it.
        binds: real path and path below /runtime.
        system: folders and files of shared libraries, seen where they are.
        links: symbolic links of the root folder, such as /lib to usr/lib.
        masks: folders among the others that must look empty.
    """

    interpreter: Path
    binds: tuple[Bind, ...]
    system: tuple[Path, ...]
    links: tuple[tuple[str, Path], ...]
    masks: tuple[Path, ...]


def survey(packages: Iterable[str]) -> Runtime:
    """Find this interpreter, its library, the packages and the shared libraries."""
    binds = [*_interpreter(), *_packages(packages), (WORKER, PACKAGES / "worker")]
    system = tuple(_system_libraries())
    return Runtime(
        interpreter=binds[0][1],
        binds=tuple(binds),
        system=system,
        links=tuple(_links()),
        masks=tuple(_masks(binds, system)),
    )


def _interpreter() -> Iterator[Bind]:
    real = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    yield real, HOME / "bin" / real.name
    yield from _prefix_libraries()
    seen = set()
    for kind in ("stdlib", "platstdlib"):
        folder = Path(sysconfig.get_path(kind, vars=_base()))
        if folder not in seen and folder.is_dir():
            seen.add(folder)
            yield folder.resolve(), HOME / folder.relative_to(sys.base_prefix)


def _base() -> dict[str, str]:
    """In a virtual environment some paths point into it unless they are told otherwise."""
    return {"installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix}


def _prefix_libraries() -> Iterator[Bind]:
    """Shared libraries beside the interpreter: libpython, or all of a conda environment's."""
    folder = Path(sys.base_prefix, "lib")
    if sys.base_prefix == "/usr":
        return  # the system's own, seen where they are
    found = sorted(folder.glob("*.so*"))
    if len(found) > MANY_LIBRARIES:
        yield folder.resolve(), HOME / "lib"
        return
    for path in found:
        yield path.resolve(), HOME / "lib" / path.name


def _packages(names: Iterable[str]) -> Iterator[Bind]:
    for name in names:
        path = _location(name)
        yield path, PACKAGES / path.name
        libraries = path.with_name(f"{name}.libs")  # where wheels keep shared libraries
        if libraries.is_dir():
            yield libraries, PACKAGES / libraries.name


def _location(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SandboxError(f"the package {name} is not installed: pip install {name}")
    origin = Path(spec.origin).resolve()
    return origin.parent if spec.submodule_search_locations else origin


def _system_libraries() -> Iterator[Path]:
    """Only the folder of this machine's architecture where the system keeps one (Debian)."""
    machine = sysconfig.get_config_var("MULTIARCH") or ""
    narrow = [Path("/usr/lib", machine), Path("/lib", machine)] if machine else []
    narrow = [path for path in narrow if path.is_dir()]
    wide = [Path("/usr/lib64"), Path("/lib64")]
    wide += [*Path("/lib").glob("ld-*.so*"), *Path("/usr/lib").glob("ld-*.so*")] if narrow else []
    wide += [] if narrow else [Path("/usr/lib"), Path("/lib")]
    extra = [Path("/etc/ld.so.cache"), Path("/etc/alternatives")]
    seen: set[Path] = set()
    for path in [*narrow, *wide, *extra]:
        if path.exists() and not _below_link(path) and path not in seen:
            seen.add(path)
            yield path


def _below_link(path: Path) -> bool:
    return Path("/", path.parts[1]).is_symlink()


def _links() -> Iterator[tuple[str, Path]]:
    for path in (Path("/lib"), Path("/lib64")):
        if path.is_symlink():
            yield os.readlink(path), path  # noqa: PTH115 - the text of the link, as it is


def _masks(binds: Iterable[Bind], system: Iterable[Path]) -> Iterator[Path]:
    """Folders of installed packages that came along with a library folder."""
    pairs = [(real, seen) for real, seen in binds if PACKAGES not in seen.parents]
    for real, seen in [*pairs, *((path, path) for path in system)]:
        for name in INSTALLED:
            for found in [real / name, *real.glob(f"python*/{name}")]:
                if found.is_dir():
                    yield seen / found.relative_to(real)
