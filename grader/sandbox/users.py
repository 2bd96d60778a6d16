"""Numbers for the users that workers become when root started us."""

import os
import threading
from pathlib import Path

# No distribution, systemd or container engine gives these out (systemd's UIDS-GIDS document).
RESERVED = range(0x70000000, 0x7FFE0000)
# What a container with 65,536 users has left, below systemd's dynamic users.
SMALL = range(20_000, 60_000)

_taken: set[int] = set()
_lock = threading.Lock()


def mapped_range(uid_map: str) -> range | None:
    """Return numbers that exist in this user namespace; None if it has too few."""
    rows = [tuple(map(int, line.split())) for line in uid_map.splitlines()]
    for wanted in (RESERVED, SMALL):
        for first, _, count in rows:
            if first <= wanted.start and wanted.stop <= first + count:
                return wanted
    return None


def our_range() -> range | None:
    """Return the numbers that our workers may become."""
    try:
        maps = [Path(f"/proc/self/{kind}_map").read_text("ascii") for kind in ("uid", "gid")]
    except FileNotFoundError:  # a kernel without user namespaces: all numbers exist
        return RESERVED
    ranges = [mapped_range(text) for text in maps]
    return ranges[0] if ranges[0] == ranges[1] else None


def take(among: range) -> int:
    """Return a number that no living worker of this process has.

    Other processes of grader draw from the same numbers: with RESERVED, a hundred workers on
    one machine share a number with a chance of two in a hundred thousand.
    """
    with _lock:
        while (uid := among[int.from_bytes(os.urandom(8)) % len(among)]) in _taken:
            pass
        _taken.add(uid)
        return uid


def give_back(uid: int) -> None:
    """Let another worker have the number."""
    with _lock:
        _taken.discard(uid)
