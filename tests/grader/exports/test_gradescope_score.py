"""The score on Gradescope, by what its submission_metadata.json tells."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.errors import OutputError
from grader.exports.gradescope_metadata import read_metadata
from grader.exports.gradescope_score import Score, score_of
from grader.gradebook.policy import Counts, Own, Policy
from grader.model import Report
from tests.grader.conftest import Command, write

# The example of gradescope-autograders.readthedocs.io, one hour and a day late; a date for a
# single student, where somebody has an extension, is what Gradescope writes beside it.
DOCUMENTED: dict[str, Any] = {
    "id": 123456,
    "created_at": "2018-08-02T00:00:00.365935-07:00",
    "assignment": {
        "due_date": "2018-07-31T23:00:00.000000-07:00",
        "group_size": 4,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2018-07-02T00:00:00.000000-07:00",
        "title": "Programming Assignment 1",
        "total_points": "20.0",
    },
    "submission_method": "upload",
    "users": [{"email": "student@example.com", "id": 1234, "name": "Student User"}],
    "previous_submissions": [
        {
            "submission_time": "2017-04-06T14:24:48.087023-07:00",
            "score": 0.0,
            "results": {"score": 0.0, "tests": [], "extra_data": {}},
        }
    ],
}
POLICY = Policy(percent=10, grace=timedelta(minutes=5))


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """The file with some of it changed, as it is read."""

    def read(**changed: Any) -> Any:
        path = tmp_path / "submission_metadata.json"
        path.write_text(json.dumps(DOCUMENTED | changed))
        return read_metadata(path)

    return read


def extended(due: str) -> dict[str, Any]:
    user = {"name": "Student User", "email": "student@example.com", "sid": "77"}
    return {"users": [user | {"assignment": {"due_date": due}}]}


def test_late_by_the_due_date_of_gradescope(full_report: Report, told: Any) -> None:
    score = score_of(full_report, POLICY, told())
    lost = round(full_report.earned * 0.2, 2)
    assert score.points == pytest.approx(full_report.earned - lost)
    (said,) = score.remarks
    assert said.startswith("Handed in late, by 1 day and 1 hour: that costs ")
    assert score.facts == {
        "students": ["Student User"],
        "handed_in": "2018-08-02T00:00:00.365935-07:00",
        "due": "2018-07-31T23:00:00-07:00",
        "penalty": lost,
    }


def test_in_time_costs_nothing(full_report: Report, told: Any) -> None:
    score = score_of(full_report, POLICY, told(created_at="2018-07-31T23:04:00-07:00"))
    assert (score.points, score.remarks) == (full_report.earned, ())


@pytest.mark.parametrize(
    ("own", "changed", "days"),
    [
        ({}, {}, 2),
        ({}, extended("2018-08-01T23:30:00-07:00"), 1),
        ({}, extended("2018-08-03T00:00:00-07:00"), 0),
        ({"student@example.com": Own(extension=timedelta(days=1))}, {}, 1),
        ({"Student User": Own(due=datetime(2018, 9, 1, tzinfo=UTC))}, {}, 0),
        ({"77": Own(handed_in=datetime(2018, 7, 1, tzinfo=UTC))}, extended(""), 0),
        ({}, {"assignment": {"due_date": None}}, 3),
        ({}, {"assignment": {}}, 3),
    ],
)
def test_whose_due_date_counts(
    full_report: Report, told: Any, own: dict[str, Own], changed: dict[str, Any], days: int
) -> None:
    """Extensions there go before its due date, that before the course's; own ones before all."""
    if changed == extended(""):
        changed = extended("2018-07-31T23:00:00-07:00")
    policy = replace(POLICY, own=own, due=datetime(2018, 7, 30, 12, tzinfo=UTC))
    score = score_of(full_report, policy, told(**changed))
    assert score.points == pytest.approx(full_report.earned * (1 - days / 10), abs=0.01)


def test_of_a_group_whoever_has_the_most_time_decides(full_report: Report, told: Any) -> None:
    users = [
        *extended("2018-08-02T23:00:00-07:00")["users"],
        {"name": "Other", "sid": None, "assignment": {"due_date": "2018-08-01T00:00:00Z"}},
    ]
    score = score_of(full_report, POLICY, told(users=users))
    assert score.points == full_report.earned
    assert score.facts["students"] == ["Student User", "Other"]


def earlier(report: Report, score: float | None, **changed: str) -> dict[str, Any]:
    extra = {"course_version": report.course_version, "suite": report.suite} | changed
    return {
        "submission_time": "2018-07-20T10:00:00Z",
        "score": score,
        "results": {"score": score, "extra_data": extra},
    }


def test_where_the_best_counts_an_earlier_submission_may(full_report: Report, told: Any) -> None:
    policy = replace(POLICY, counts=Counts.BEST)
    most = full_report.earned + 1
    previous = [earlier(full_report, most), earlier(full_report, None), earlier(full_report, 0.5)]
    score = score_of(full_report, policy, told(previous_submissions=previous))
    assert score.points == most
    assert "an earlier one of 2018-07-20 10:00 has" in score.remarks[-1]
    now = score_of(full_report, policy, told(previous_submissions=previous[1:])).points
    for of_another in (earlier(full_report, 99, suite="public"), {"score": 99.0}):
        other = score_of(full_report, policy, told(previous_submissions=[of_another]))
        assert other.points == now < most
    assert score_of(full_report, POLICY, told(previous_submissions=previous)).points == now


def test_without_it_nobody_is_late_and_the_student_is_told(full_report: Report) -> None:
    score = score_of(full_report, replace(POLICY, due=datetime(2018, 1, 1, tzinfo=UTC)), None)
    assert score.points == full_report.earned
    assert "not known when this was handed in" in score.remarks[0]
    assert score_of(full_report, Policy(), None) == Score(full_report.earned)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("", "is not as Gradescope writes it"),
        ("[]", "is not as Gradescope writes it"),
        ("{}", "created_at"),
        ('{"created_at": "yesterday"}', "created_at"),
        ('{"created_at": "2018-08-02T00:00:00Z", "users": 7}', "users"),
    ],
)
def test_what_is_missing_or_damaged_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "submission_metadata.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(OutputError, match="graded as if it were in time") as raised:
        read_metadata(path)
    assert words in str(raised.value)
    assert str(path) in str(raised.value)


# the command


def test_a_run_is_scored_by_the_policy_of_the_course(
    grader: Command, own_course: Path, wrong: Path, tmp_path: Path
) -> None:
    late = "\n[tool.grader.late]\ndue = 2018-07-01T00:00:00Z\npercent_per_day = 25\n"
    with (own_course / "pyproject.toml").open("a") as settings:
        settings.write(late)
    write(tmp_path, {"metadata.json": json.dumps(DOCUMENTED), "damaged.json": "{"})
    command = ("run", wrong, "--course", own_course, "--out", tmp_path / "out")
    wants = ("--gradescope", tmp_path, "--gradescope-metadata")
    ran = grader(*command, *wants, tmp_path / "metadata.json")
    assert (ran.code, ran.err) == (1, "")
    results = json.loads((tmp_path / "results.json").read_text())
    assert results["score"] == 1.0
    assert "that costs 1 point of 2." in results["output"]
    ran = grader(*command, *wants, tmp_path / "damaged.json")
    assert ran.code == 1
    assert "damaged.json is not as Gradescope writes it" in ran.err
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 2.0
    ran = grader(*command, "--gradescope-metadata", tmp_path / "metadata.json")
    assert (ran.code, ran.out) == (2, "")
    assert "belong together" in ran.err
