"""Miniature courses and submissions, written as text and graded for real."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from grader.checks.findings import Findings
from grader.checks.messages import Event
from grader.checks.run import examine
from grader.course import open_course
from grader.grade import make_report
from grader.model import CheckResult, Isolation, Report, SourceFile, Submission, Suite
from grader.report.json_report import to_json

HEAD = """
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.kit import Submission, callback, expect
from grader.kit import strategies as some

"""


def write_course(
    root: Path, exercises: dict[str, tuple[str, str]], *, settings: str = "", beside: str = ""
) -> Path:
    """Write a course.

    Args:
        exercises: by name, the reference and the hidden checks (below `HEAD`).
        settings: lines of [tool.grader].
        beside: a module tests/hidden/laws.py.
    """
    hidden = root / "tests" / "hidden"
    hidden.mkdir(parents=True, exist_ok=True)
    (root / "reference").mkdir(exist_ok=True)
    names = ", ".join(map(repr, exercises))
    (root / "reference" / "__init__.py").write_text(f'"""Miniature."""\n\n__all__ = [{names}]\n')
    for name, (reference, checks) in exercises.items():
        (root / "reference" / f"{name}.py").write_text(reference)
        (hidden / f"test_{name}.py").write_text(HEAD + checks)
    (root / "pyproject.toml").write_text(f"[tool.grader]\n{settings}")
    (hidden / "laws.py").write_text(beside)
    return root


def reference(*functions: str) -> str:
    """A reference module of these functions, each given with its definition."""
    names = [text.strip().removeprefix("def ").partition("(")[0] for text in functions]
    body = "\n\n".join(text.strip() for text in functions)
    return f'"""Doubling."""\n\nimport numpy as np\n\n__all__ = {names!r}\n\n\n{body}\n'


def submitted(files: dict[str, str]) -> Submission:
    """A submission of these files."""
    return Submission(
        "alice",
        tuple(
            SourceFile(name, hashlib.sha256(text.encode()).hexdigest(), (text,))
            for name, text in sorted(files.items())
        ),
    )


def report(
    root: Path,
    files: dict[str, str],
    *,
    live: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> Report:
    """Grade a submission."""
    course, submission = open_course(root), submitted(files)
    found: Findings = examine(
        course, submission, lowest=Isolation.NONE, live=live, on_event=on_event
    )
    return make_report(course, submission, Suite.HIDDEN, found)


def graded(root: Path, files: dict[str, str], *, live: bool = False) -> str:
    """The report.json of a submission."""
    return to_json(report(root, files, live=live)).decode()


def results(made: Report) -> dict[str, CheckResult]:
    """How each check ended, by its name without "test_"."""
    found = [check for exercise in made.exercises for check in exercise.checks]
    return {check.name.removeprefix("test_"): check for check in found}


def statuses(made: Report) -> dict[str, str]:
    """The status of each check, by its name without "test_"."""
    return {name: str(check.status) for name, check in results(made).items()}
