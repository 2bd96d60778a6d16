"""The runtime as links in a folder, and as rules of landlock, where nothing can be bound."""

from pathlib import Path

from .runtime import HOME, PACKAGES, Runtime


def mirror(runtime: Runtime, home: Path) -> None:
    """Lay out links in home as the binds lie in /runtime; masked folders are left out."""
    for real, seen in runtime.binds:
        target = home / seen.relative_to(HOME)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() or any(seen in mask.parents for mask in runtime.masks):
            _mirror_entries(runtime, real, seen, target)
        else:
            target.symlink_to(real)


def _mirror_entries(runtime: Runtime, real: Path, seen: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for entry in real.iterdir():
        link = target / entry.name
        if seen / entry.name not in runtime.masks and not link.is_symlink() and not link.exists():
            link.symlink_to(entry)


def readable(runtime: Runtime, home: Path) -> list[str]:
    """Return what a worker confined by landlock may read: what the links lead to.

    A rule holds for everything below a folder, so a folder with a masked one in it is given
    entry by entry.
    """
    paths = [str(home / "lib"), str(home / PACKAGES.relative_to(HOME)), str(home / "bin")]
    for real, seen in runtime.binds:
        paths += _open_parts(runtime, real, seen)
    for path in runtime.system:
        paths += _open_parts(runtime, path, path)
    return paths


def _open_parts(runtime: Runtime, real: Path, seen: Path) -> list[str]:
    if not any(seen in mask.parents for mask in runtime.masks):
        return [str(real)]
    parts = []
    for entry in real.iterdir():
        if seen / entry.name not in runtime.masks:
            parts += _open_parts(runtime, entry, seen / entry.name)
    return parts


def open_to_all(path: Path) -> bool:
    """Return whether any user can reach a path and read it."""
    return path.stat().st_mode & 0o4 != 0 and all(
        parent.stat().st_mode & 0o1 for parent in path.parents
    )
