"""Experiments on references and their mutants: `python -P -m grader.verify.laboratory`.

A task comes as JSON on stdin, findings go as JSON lines to stdout. What is tried is the course's
own code, so it runs in a trusted process, at the speed that tens of thousands of examples need.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.checks import fixtures
from grader.checks.examination import pytest_arguments
from grader.checks.process import die_with_parent, take_stdout
from grader.course import file_of_checks
from grader.model import Suite
from grader.verify.doubts import Doubts
from grader.verify.seeds import Seeds, count_comparisons


def main() -> None:
    """Do one experiment on one exercise."""
    die_with_parent()
    output = os.fdopen(take_stdout(), "w", buffering=1)
    task = json.loads(sys.stdin.buffer.readline())

    def tell(**finding: Any) -> None:
        print(json.dumps(finding), file=output)

    root = Path(task["root"])
    os.chdir("/")
    sys.path.insert(0, str(root))
    plugin: Doubts | Seeds
    if task["suspects"]:
        plugin = Doubts(task["suspects"], task["examples"], tell)
    else:
        plugin = Seeds(task["seeds"], count_comparisons(), tell)
    file = file_of_checks(root, task["exercise"], Suite.HIDDEN)
    code = pytest.main(pytest_arguments(root, [file]), plugins=[fixtures, plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(f"pytest could not collect the checks (exit code {int(code)})")


if __name__ == "__main__":
    main()
