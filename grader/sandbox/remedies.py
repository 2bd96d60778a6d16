"""What to do when a way of isolation does not work here, by the evidence found."""

import os
import sys
from pathlib import Path

from ..model import Isolation

MEANING = {
    Isolation.ZYGOTE: "a warm zygote in bubblewrap, namespaces of its own for each worker",
    Isolation.BWRAP: "one bubblewrap for each worker",
    Isolation.LANDLOCK: "landlock, seccomp and limits, without namespaces",
    Isolation.NONE: "a plain child process, for your own work only",
}
PROFILE = "profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }"


def remedy(isolation: Isolation, said: str) -> str:
    """Return what to do to get this way of isolation, given what it failed with."""
    if "libseccomp" in said or "bubblewrap is missing" in said:
        return said.rpartition(": ")[2].capitalize() + "."
    if sys.platform != "linux":
        return "Grade others in Linux, for example in a container or in WSL."
    if "landlock" in said.replace("landlock: a worker", ""):
        return _landlock()
    if isolation in (Isolation.ZYGOTE, Isolation.BWRAP):
        return " ".join(_namespaces())
    return "This is a fault of grader, or its packages are not whole: install it again."


def _landlock() -> str:
    return (
        f"This kernel ({os.uname().release}) must be 5.13 or newer with landlock in the boot "
        "option lsm=."
    )


def _namespaces() -> list[str]:
    found = [
        sentence
        for setting, value, sentence in (
            (
                "kernel/apparmor_restrict_unprivileged_userns",
                "1",
                "AppArmor keeps bubblewrap from making namespaces: install bubblewrap, write "
                f"`{PROFILE}` to /etc/apparmor.d/bwrap and load it with `apparmor_parser -r "
                "/etc/apparmor.d/bwrap`, or set `sysctl "
                "kernel.apparmor_restrict_unprivileged_userns=0`.",
            ),
            (
                "kernel/unprivileged_userns_clone",
                "0",
                "User namespaces are switched off: set `sysctl "
                "kernel.unprivileged_userns_clone=1`.",
            ),
            (
                "user/max_user_namespaces",
                "0",
                "User namespaces are switched off: set `sysctl user.max_user_namespaces=10000`.",
            ),
        )
        if _setting(setting) == value
    ]
    if _in_container():
        found.append(
            "In a container, start it with `--security-opt seccomp=unconfined --security-opt "
            "apparmor=unconfined --cap-add SYS_ADMIN`, or with `--privileged`."
        )
    if not found:
        found.append("Install the package bubblewrap.")
    return found


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text("ascii").strip()
    except OSError:
        return ""


def _in_container() -> bool:
    marks = ("/.dockerenv", "/run/.containerenv")
    return any(Path(mark).exists() for mark in marks)
