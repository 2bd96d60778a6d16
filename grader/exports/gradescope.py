"""results.json, as an autograder of Gradescope leaves it.

Texts are shown as text: Markdown and HTML of a student's making are never run. The score is the
points earned, or what the policy of the course makes of them (gradescope_score); bonus points that
do not count are told.
"""

import json
from typing import Any

from grader.exports.gradescope_score import Score
from grader.exports.told import remarks, told
from grader.model import CheckResult, Report, Status
from grader.report import words
from grader.report.text import cleaned


def to_results(report: Report, score: Score | None = None, *, visibility: str = "visible") -> str:
    """Return the file.

    Args:
        report: what the student may see of it.
        score: None where the points earned are all there is to it.
        visibility: of all tests: hidden, after_due_date, after_published or visible.
    """
    report = cleaned(report)
    score = score or Score(report.earned)
    results = {
        "score": score.points,
        "output": _summary(report, score),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",  # it says the same, and how the grader fared
        "extra_data": {
            "course_version": report.course_version,
            "suite": report.suite,
            "isolation": report.isolation,
            "possible": report.possible,
            "bonus_earned": report.bonus_earned,
            **score.facts,
        },
        "tests": [
            _test(exercise.name, check, f"{major}.{minor}")
            for major, exercise in enumerate(report.exercises, 1)
            for minor, check in enumerate(exercise.checks, 1)
        ],
    }
    return json.dumps(results, indent=2, ensure_ascii=False) + "\n"


def _summary(report: Report, score: Score) -> str:
    points = f"{words.amount(report.earned)} of {words.count(report.possible, 'point')}"
    bonus = f", bonus {words.amount(report.bonus_earned)}" if report.bonus_earned else ""
    return "\n".join([f"{points}{bonus}.", *score.remarks, *remarks(report)])


def _test(exercise: str, check: CheckResult, number: str) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": f"{exercise}: {words.title(check)}{' (bonus)' if check.bonus else ''}",
        "name_format": "text",
        "number": number,
        "output": told(check),
        "output_format": "text",
        "tags": [exercise, *(["bonus"] if check.bonus else [])],
        "extra_data": {"check": check.name, "status": check.status, "mistake": check.mistake},
    }
    if check.status is not Status.VOID:  # our fault is no failure of the student
        passed = check.status is Status.PASSED
        points = {"score": check.earned, "max_score": check.points}
        test |= {**points, "status": "passed" if passed else "failed"}
    return test
