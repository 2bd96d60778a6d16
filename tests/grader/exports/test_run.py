"""A report as Gradescope, readers of JUnit's XML and GitHub Actions take it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest

from grader.exports import github
from grader.exports.gradescope import to_results
from grader.exports.junit import to_xml
from grader.model import Report, Status
from grader.report.text import cleaned
from tests.grader.conftest import Command

# As gradescope-autograders.readthedocs.io documents results.json; nothing else may be in it.
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
TEST = {
    "score": {"type": "number"},
    "max_score": {"type": "number"},
    "status": {"enum": ["passed", "failed"]},
    "name": {"type": "string"},
    "name_format": FORMAT,
    "number": {"type": "string"},
    "output": {"type": "string"},
    "output_format": FORMAT,
    "tags": {"type": "array", "items": {"type": "string"}},
    "visibility": VISIBILITY,
    "extra_data": {"type": "object"},
}
RESULTS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": False, "properties": TEST},
        },
        "leaderboard": {"type": "array"},
    },
}


def results(report: Report) -> Any:
    made = json.loads(to_results(report))
    jsonschema.validate(made, RESULTS)
    return made


def checks(report: Report) -> list[Any]:
    return [check for exercise in report.exercises for check in exercise.checks]


# Gradescope


def test_gradescope_has_the_points_of_the_report(full_report: Report) -> None:
    made = results(full_report)
    assert made["score"] == full_report.earned
    told = [test for test in made["tests"] if "bonus" not in test["tags"] and "score" in test]
    assert sum(test["score"] for test in told) == full_report.earned
    void = sum(check.points for check in checks(full_report) if check.status is Status.VOID)
    assert sum(test["max_score"] for test in told) == full_report.possible - void
    assert len({test["number"] for test in made["tests"]}) == len(checks(full_report))


def test_gradescope_calls_our_faults_ours(full_report: Report) -> None:
    made = results(full_report)
    for test, check in zip(made["tests"], checks(full_report), strict=True):
        expected = {Status.VOID: None, Status.PASSED: "passed"}.get(check.status, "failed")
        assert test.get("status") == expected
        assert bool(test["output"]) == (check.status is not Status.PASSED)
    assert "1 check could not run. This is a mistake in the grader" in made["output"]


def test_gradescope_runs_nothing_that_a_student_wrote(hostile: Report) -> None:
    made = results(hostile)
    formats = {made[key] for key in made if key.endswith("_format")}
    formats |= {test[key] for test in made["tests"] for key in test if key.endswith("_format")}
    assert formats == {"text"}
    assert "\\u001b" not in to_results(hostile)


# JUnit


def test_junit_is_read_by_junitparser(full_report: Report, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(to_xml(full_report), "utf-8")
    suites = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert [suite.name for suite in suites] == [each.name for each in full_report.exercises]
    cases = [case for suite in suites for case in suite]
    kinds = {
        Status.FAILED: junitparser.Failure,
        Status.NOT_STARTED: junitparser.Failure,
        Status.VOID: junitparser.Skipped,
    }
    for case, check in zip(cases, checks(full_report), strict=True):
        passed = check.status is Status.PASSED
        expected = [] if passed else [kinds.get(check.status, junitparser.Error)]
        assert [type(each) for each in case.result] == expected
        assert {each.type for each in case.result} == ({check.status.value} if expected else set())
    written = (suites.tests, suites.failures, suites.errors, suites.skipped)
    suites.update_statistics()
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == written
    assert suites.tests == len(cases)


def test_junit_is_xml_whatever_a_student_wrote(hostile: Report) -> None:
    (suite, *_) = junitparser.JUnitXml.fromstring(to_xml(hostile).encode())
    (case,) = suite
    assert "</pre><script>" in case.result[0].text
    assert "\\x1b[31m\\x00" in case.result[0].text


# GitHub


def test_github_annotates_what_did_not_pass_at_its_file_and_line(full_report: Report) -> None:
    lines = github.annotations(full_report).splitlines()
    missed = [check for check in checks(full_report) if check.status is not Status.PASSED]
    assert len(lines) == len(missed)
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    assert sum(line.startswith("::warning") for line in lines) == sum(
        check.bonus or check.status is Status.VOID for check in missed
    )
    (raised,) = [line for line in lines if "raised ValueError" in line]
    assert raised.startswith("::error file=dropout.py,line=31,title=dropout%3A A probability")
    (notebook,) = [line for line in lines if "raised IndexError" in line]
    assert ",line=" not in notebook.partition("::")[2].partition("::")[0]


def test_github_takes_no_command_from_a_student(hostile: Report) -> None:
    for line in github.annotations(hostile).splitlines():
        head, _, message = line.removeprefix("::").partition("::")
        assert head.split(" ")[0] in ("error", "warning")
        assert "\n" not in message
    hostile_line = next(line for line in github.annotations(hostile).splitlines() if "a|b" in line)
    assert "file=a%2Cb%3Ac.py" in hostile_line
    assert "title=initialization%3A a|b%2Cc%3Ad %250A%3A%3Astop::" in hostile_line
    made = github.summary(hostile)
    assert not any(line.lstrip().startswith("::") for line in github.stop("t").splitlines()[1:])
    assert "<script>" not in made
    assert "&lt;i&gt;\\|x" in made
    block = made[made.index("<details>") : made.index("</details>")]
    assert "\n\n#" not in block


def test_no_empty_line_of_a_message_ends_the_html_of_a_summary(full_report: Report) -> None:
    first = full_report.exercises[0]
    check = replace(
        first.checks[0], status=Status.ERROR, message="f raised E:\nx\n\n\n# no heading"
    )
    report = replace(full_report, exercises=(replace(first, checks=(check,)),))
    block = github.summary(report).partition("<pre>")[2].partition("</pre>")[0]
    assert "# no heading" in block
    assert "\n\n" not in block


def test_github_summarizes_every_exercise(full_report: Report) -> None:
    made = github.summary(full_report)
    rows = [line for line in made.splitlines() if line.startswith("| ")]
    assert len(rows) == len(full_report.exercises) + 1
    assert made.startswith("## Practical aspects of deep learning: ")
    assert "mistake in the grader" in made.replace("\\", "")


@pytest.mark.parametrize("make", [to_results, to_xml, github.annotations, github.summary])
def test_the_same_report_has_the_same_bytes_cleaned_or_not(
    make: Any, full_report: Report, hostile: Report
) -> None:
    for report in (full_report, hostile, replace(hostile, exercises=())):
        assert make(report) == make(cleaned(report))


# the command


def test_a_run_tells_all_of_them(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    arguments = ("run", wrong, "--course", small_course, "--out", tmp_path / "out")
    scope, junit, summary = tmp_path / "results", tmp_path / "j/junit.xml", tmp_path / "summary.md"
    ran = grader(
        *arguments, "--gradescope", scope, "--junit", junit, "--github",
        GITHUB_STEP_SUMMARY=str(summary),
    )  # fmt: skip
    assert (ran.code, ran.err) == (1, "")
    made = json.loads((scope / "results.json").read_text())
    jsonschema.validate(made, RESULTS)
    assert made["score"] == 2
    assert junitparser.JUnitXml.fromfile(str(junit)).failures == 1
    assert summary.read_text().startswith("## Miniature: 2 of 4 points")
    lines = ran.out.splitlines()
    assert lines[0].startswith("::error file=relu.py,title=relu%3A Negative numbers become 0::")
    token = lines[1].removeprefix("::stop-commands::")
    assert (len(token), lines[-1]) == (32, f"::{token}::")
    assert any("2 of 4 points" in line for line in lines[2:-1])


def test_json_on_standard_output_stays_json(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    arguments = ("run", wrong, "--course", small_course, "--out", tmp_path / "out")
    ran = grader(*arguments, "--github", "--json", "--gradescope", tmp_path)
    assert ran.report["earned"] == 2
    assert ran.err.startswith("::error")
    assert (tmp_path / "results.json").exists()
    ran = grader(*arguments, "--junit", "/proc/no/junit.xml")
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be written" in ran.err
