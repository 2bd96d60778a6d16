import json
from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from grader.errors import GraderError
from grader.model import CheckResult, ExerciseResult, Report, Status
from grader.report.json_report import from_json, to_json
from grader.report.text import cleaned


def test_what_was_written_is_read_again(full_report: Report) -> None:
    assert from_json(to_json(full_report)) == cleaned(full_report)


def test_the_keys_are_those_of_the_record(full_report: Report) -> None:
    data = json.loads(to_json(full_report))
    assert list(data) == [field.name for field in fields(Report)]
    assert list(data["exercises"][0]) == [field.name for field in fields(ExerciseResult)]
    assert list(data["exercises"][0]["checks"][0]) == [field.name for field in fields(CheckResult)]


def test_the_documented_keys_are_there(full_report: Report) -> None:
    data = json.loads(to_json(full_report))
    documented = "schema submission course course_version files isolation earned possible"
    assert set(documented.split()) | {"bonus_earned", "exercises"} <= set(data)
    exercise = data["exercises"][1]
    assert {"name", "title", "earned", "possible", "checks"} <= set(exercise)
    keys = "name title functions points bonus earned status message example mistake"
    assert set(keys.split()) <= set(exercise["checks"][0])
    assert data["isolation"] == "zygote"
    assert exercise["checks"][4]["status"] == "failed"
    assert exercise["checks"][4]["mistake"] == "keeps_the_two_in_the_penalty"
    assert exercise["checks"][0]["example"] is None


def test_a_worked_run_is_null_where_nobody_asked(full_report: Report) -> None:
    data = json.loads(to_json(full_report))
    assert [panel["title"] for panel in data["worked_run"]] == ["Five ways to begin", "Not drawn"]
    assert data["worked_run"][0]["trainings"][2]["costs"] == [0.95, 0.7, 0.11]
    assert json.loads(to_json(replace(full_report, worked_run=None)))["worked_run"] is None


def test_a_report_of_a_time_without_worked_runs_is_read(full_report: Report) -> None:
    data = json.loads(to_json(full_report))
    del data["worked_run"]
    assert from_json(json.dumps(data).encode()).worked_run is None


def test_equal_reports_give_equal_bytes(full_report: Report) -> None:
    backwards = dict(reversed(full_report.files.items()))
    whole = replace(full_report, files=backwards, earned=int(full_report.earned))
    assert whole == full_report
    assert to_json(whole) == to_json(full_report)
    assert to_json(replace(whole, bonus_earned=-0.0)) == to_json(replace(whole, bonus_earned=0))


def test_the_layout_is_for_people_too(full_report: Report) -> None:
    text = to_json(full_report).decode()
    assert text.startswith('{\n  "schema": 1,\n  "submission": "anna-lindqvist",\n')
    assert text.endswith("}\n")
    assert '"earned": 16.0' in text


def test_a_lone_surrogate_and_a_huge_message_are_written(
    report: Callable[..., Report], check: Callable[..., CheckResult]
) -> None:
    made = report(check(status=Status.FAILED, message="\ud800\x00" + "x" * 5_000_000))
    data = to_json(made)
    assert len(data) < 10_000
    assert from_json(data).exercises[0].checks[0].message.startswith(r"\ud800\x00xxx")


def test_later_keys_are_passed_over(full_report: Report) -> None:
    data = json.loads(to_json(full_report)) | {"behaviour_groups": []}
    assert from_json(json.dumps(data).encode()) == cleaned(full_report)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b'{"schema": 1}', b'{"schema": 2}', b"\xff", b'{"schema": "1"}']
)
def test_what_is_no_report_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(GraderError, match="run `grader run` to write"):
        from_json(data)
