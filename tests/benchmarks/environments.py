"""Scratch environments: one for each tool, with the versions that requirements/ pins."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


class NotInstalled(Exception):
    """A tool cannot be had here; the message is a sentence."""


def environment(tool: str, cache: Path) -> Path:
    """Return the folder with the programs of a tool's environment; made when it is missing.

    Raises:
        NotInstalled: pip could not install it.
    """
    requirements = HERE / "requirements" / f"{tool}.txt"
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:8]
    folder = cache / f"environment-{tool}-{digest}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _make(tool, folder, requirements)
        (folder / "complete").touch()
    return folder / "bin"


def _make(tool: str, folder: Path, requirements: Path) -> None:
    pip = (str(folder / "bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check")
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [*pip, "install", "--no-deps", "--requirement", str(requirements)],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise NotInstalled(f"{tool} cannot be installed: {said[-1]}")


def variables(programs: Path, root: Path, scratch: Path) -> dict[str, str]:
    """The environment variables of a run: nothing of the person's own configuration.

    The checks, the kit and the references come from the course's folder, the modules that student
    code imports from its helpers.
    """
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PYTEST", "JUPYTER", "IPYTHON", "GRADER"))
    }
    path = [HERE / "inside", root / "exercises/helpers", root]
    return kept | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "HOME": str(scratch),
        "OPENBLAS_NUM_THREADS": "1",  # as this tool sets it for itself
        "OMP_NUM_THREADS": "1",
    }
