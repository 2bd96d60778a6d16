"""Experiments on references and their mutants: `python -P -m grader.verify.laboratory`.

Tasks come as lines of JSON on stdin, findings go as such lines to stdout. What is tried is the
course's own code, so it runs in a trusted process, at the speed that tens of thousands of examples
need.
"""

import gc
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import pytest

from grader.checks import fixtures
from grader.checks.examination import pytest_arguments
from grader.checks.process import PARENT, die_with_parent, take_stdout
from grader.course import file_of_checks
from grader.kit import strategies  # noqa: F401  # most checks want them, and they take long to import
from grader.model import Suite
from grader.verify.doubts import Doubts
from grader.verify.seeds import Seeds, count_comparisons


def main() -> None:
    """Do one experiment after another, each on one exercise; null says that it has ended."""
    die_with_parent()
    output = os.fdopen(take_stdout(), "w", buffering=1)
    os.chdir("/")
    gc.freeze()  # what is imported here serves every experiment
    for line in sys.stdin.buffer:
        if code := _apart(json.loads(line), output):
            sys.exit(code)
        print("null", file=output)


def _apart(task: dict[str, Any], output: TextIO) -> int:
    """Do it in a process of its own, which imports and marks the checks; returns its exit code."""
    os.environ[PARENT] = str(os.getpid())
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        die_with_parent()
        _do(task, output)
        code = 0
    except BaseException:  # whoever started us reads the last line
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _do(task: dict[str, Any], output: TextIO) -> None:
    def tell(**finding: Any) -> None:
        print(json.dumps(finding), file=output)

    root = Path(task["root"])
    sys.path.insert(0, str(root))
    plugin: Doubts | Seeds
    if task["suspects"]:
        plugin = Doubts(task["suspects"], task["examples"], tell)
    else:
        plugin = Seeds(task["seeds"], count_comparisons(), tell)
    file = file_of_checks(root, task["exercise"], Suite.HIDDEN)
    code = pytest.main(pytest_arguments(root, [file]), plugins=[fixtures, plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest could not collect the checks (exit code {int(code)})")


if __name__ == "__main__":
    main()
