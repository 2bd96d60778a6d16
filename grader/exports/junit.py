"""XML of test results as JUnit writes it, for what shows tests: an exercise is a suite of them.

What a student's code raised or overran is an error, a wrong or missing answer a failure, and a
check that could not run by our fault is skipped. No time is told: the same report, the same bytes.
"""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.exports.told import BROKEN, WRONG, told
from grader.model import CheckResult, ExerciseResult, Report, Status
from grader.report import words
from grader.report.text import cleaned


def to_xml(report: Report) -> str:
    """Return the file."""
    report = cleaned(report)
    root = Element("testsuites", {"name": report.course, **_counts(*report.exercises)})
    for exercise in report.exercises:
        suite = SubElement(root, "testsuite", {"name": exercise.name, **_counts(exercise)})
        for check in exercise.checks:
            _case(suite, exercise, check)
    indent(root)
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _counts(*exercises: ExerciseResult) -> dict[str, str]:
    statuses = [check.status for exercise in exercises for check in exercise.checks]
    return {
        "tests": str(len(statuses)),
        "failures": str(sum(status in WRONG for status in statuses)),
        "errors": str(sum(status in BROKEN for status in statuses)),
        "skipped": str(statuses.count(Status.VOID)),
        "time": "0",
    }


def _case(suite: Element, exercise: ExerciseResult, check: CheckResult) -> None:
    case = SubElement(
        suite, "testcase", {"classname": exercise.name, "name": check.name, "time": "0"}
    )
    if exercise.file:
        case.set("file", exercise.file)
    properties = SubElement(case, "properties")
    points = {"title": words.title(check), "points": words.amount(check.points)}
    for name, value in {**points, "earned": words.amount(check.earned)}.items():
        SubElement(properties, "property", {"name": name, "value": value})
    if check.status is Status.PASSED:
        return
    tag = "failure" if check.status in WRONG else "error"
    said = {"message": words.sentence(check), "type": check.status.value}
    if check.status is Status.VOID:
        tag = "skipped"
    SubElement(case, tag, said).text = told(check)
