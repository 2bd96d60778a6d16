"""After a change only the exercises are examined whose grading it can touch."""

from pathlib import Path

import pytest

from grader.checks.findings import Findings
from grader.checks.messages import Decided, Opened
from grader.course import Course
from grader.model import Check, Exercise, Isolation, Status, Submission, Suite
from grader.regrading import Regrading, touched
from grader.settings import Settings
from tests.grader.miniature import submitted

RELU = "def relu(Z):\n    return Z\n"
SOFTMAX = "def softmax(z):\n    return z\n"
BOTH = {"relu.py": RELU, "softmax.py": SOFTMAX}


def exercise(name: str) -> Exercise:
    check = Check("test_it", "It holds", "", 1.0, False, (name,), Suite.HIDDEN)
    return Exercise(name, name, (name,), (check,))


COURSE = Course(Path(), "Small", "1", (exercise("relu"), exercise("softmax")), {}, Settings())


def found(course: Course, submission: Submission) -> Findings:
    """As if every check passed of which a file holds the function without the word wrong."""
    findings = Findings(Isolation.ZYGOTE)
    for each in course.exercises:
        texts = {file.name: file.cells[0] for file in submission.files}
        file = next((name for name, text in texts.items() if f"def {each.name}" in text), None)
        right = file is not None and "wrong" not in texts[file]
        status = Status.PASSED if right else Status.FAILED
        findings.add(Opened(each.name, file, ()))
        findings.add(Decided(each.name, Suite.HIDDEN, "test_it", status, "", None))
    return findings


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (BOTH, ()),
        (BOTH | {"relu.py": RELU + "# wrong"}, ("relu",)),
        ({"relu.py": RELU}, ("softmax",)),
        (BOTH | {"notes.py": "X = 1\n"}, ()),
        (BOTH | {"notes.py": "softmax = 1\n"}, ("softmax",)),
        (BOTH | {"notes.py": "no_softmax = 1\n"}, ()),
        (BOTH | {"a/softmax.py": "X = 1\n"}, ("softmax",)),
        (BOTH | {"relu.py": RELU + "from softmax import softmax\n"}, ("relu", "softmax")),
        (BOTH | {"relu.py": "relu = getattr(__import__('softmax'), 'f')\n"}, ("relu", "softmax")),
    ],
)
def test_what_a_change_touches(files: dict[str, str], names: tuple[str, ...]) -> None:
    before, after = submitted(BOTH), submitted(files)
    assert touched(COURSE, before, after, found(COURSE, before)) == names


def test_what_is_imported_touches_all() -> None:
    before = BOTH | {"sizes.py": "N = 1\n", "relu.py": f"from sizes import N\n{RELU}"}
    after = before | {"sizes.py": "N = 2\n"}
    names = touched(COURSE, submitted(before), submitted(after), Findings())
    assert names == ("relu", "softmax")


def test_a_file_that_was_graded_touches_its_exercise() -> None:
    before = submitted({"week.py": "relu = 1\n"})
    known = Findings(opened={"softmax": Opened("softmax", "week.py", ())})
    assert touched(COURSE, before, submitted({"week.py": ""}), known) == ("relu", "softmax")


def test_findings_are_those_of_a_whole_examination() -> None:
    examined: list[tuple[str, ...]] = []

    def examine(course: Course, submission: Submission) -> Findings:
        examined.append(tuple(each.name for each in course.exercises))
        return found(course, submission)

    regrading = Regrading(COURSE, examine)
    versions = [BOTH, BOTH | {"relu.py": RELU + "# wrong"}, {"softmax.py": SOFTMAX}, BOTH, BOTH]
    for files in versions:
        submission = submitted(files)
        findings, whole = regrading.findings(submission), found(COURSE, submission)
        assert (findings.decided, findings.opened) == (whole.decided, whole.opened)
        assert findings.isolation is Isolation.ZYGOTE
    assert examined == [("relu", "softmax"), ("relu",), ("relu",), ("relu",)]
