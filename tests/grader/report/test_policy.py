"""What a student may see: the policy filters everything that is written for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.model import (
    CheckResult,
    Comparing,
    Comparison,
    Diagnosis,
    Feedback,
    Panel,
    Report,
    Status,
    Suite,
    Training,
)
from grader.report.html import to_html
from grader.report.json_report import to_json
from grader.report.policy import seen
from tests.grader.report.test_terminal import shown

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]

YOURS, EXPECTED, FACTOR, DISTANCE = 2.5171, 1.2586, 0.98765, 0.33307
SECRETS = ("1.2586", "1.259", "2.5171", "2.517", "0.98765", "0.33307", "0.33", "twice", "4.4321")
TOLD = "Keep the mask: 1/keep_prob belongs to A1."
WRONG = {
    "status": Status.FAILED,
    "message": "dW2 is 0.98765 times what it should be, 1.2586.\n    yours   2.517\n    4.4321",
    "example": "f(np.array([7.125]))",
    "hint": "Draw a picture.",
    "mistake": "forgets_the_mask",
    "diagnosis": Diagnosis(("forgets_the_mask",), (TOLD,), "Every element is twice 1.2586.", True),
    "comparisons": (
        Comparison(Comparing.ENTRIES, "dW2", (1, 2), (YOURS, 0.0), (EXPECTED, 0.0), 0, DISTANCE),
        Comparison(Comparing.GRADIENT, "W of 4.4321", (), (YOURS,), (EXPECTED,), 0, DISTANCE),
    ),
}


def written(report: Report) -> str:
    """Everything that a student could read."""
    return to_json(report).decode() + to_html(report) + shown(report, width=300)


@pytest.fixture
def wrong(report: MakeReport, check: MakeCheck) -> Report:
    return report(check("The gradient is right", **WRONG), check("Zero stays zero"))


def test_full_is_all_of_it(full_report: Report) -> None:
    assert seen(full_report, Feedback.FULL) is full_report


def test_a_hint_holds_no_expected_value_and_none_that_follows(wrong: Report) -> None:
    text = written(seen(wrong, Feedback.HINT))
    assert [secret for secret in SECRETS if secret in text.replace("0.33333", "")] == []
    for kept in ("dW2 is not right; the worst element is dW2[0, 0].", TOLD, "7.125", "picture"):
        assert kept in text.replace("<wbr>", "")
    assert all(secret in written(wrong) for secret in ("1.2586", "2.517", "twice"))


def test_a_likeness_that_reveals_nothing_is_a_hint(report: MakeReport, check: MakeCheck) -> None:
    kept = Diagnosis((), (), "The answer has the sign turned round.", reveals=False)
    made = report(check(**WRONG | {"diagnosis": kept}))
    assert kept.likeness in written(seen(made, Feedback.HINT))
    held = replace(kept, reveals=True)
    made = report(check(**WRONG | {"diagnosis": held}))
    assert seen(made, Feedback.HINT).exercises[0].checks[0].diagnosis is None


def test_a_name_that_is_a_phrase_may_hold_a_value(report: MakeReport, check: MakeCheck) -> None:
    numbers = Comparison(Comparing.ENTRIES, "twice 1.2586", (), (1.0,), (2.0,), 0, 0.5)
    made = seen(report(check(**WRONG | {"comparisons": (numbers,)})), Feedback.HINT)
    assert made.exercises[0].checks[0].message == ""
    assert "This does not hold for what your function answers." in written(made)


def test_a_student_s_own_exception_is_no_secret_in_a_hint(full_report: Report) -> None:
    text = written(seen(full_report, Feedback.HINT))
    assert "operands could not be broadcast together with shapes (3,4) (4,3)" in text
    assert "A1 = A1 * D1 / keep_prob" in text


def test_a_score_is_status_title_and_points(full_report: Report) -> None:
    text = written(seen(full_report, Feedback.SCORE)).replace("<wbr>", "")
    for check in (check for each in full_report.exercises for check in each.checks):
        assert check.title.replace("`", "") in text.replace("<code>", "").replace("</code>", "")
        for said in (*check.message.splitlines(), check.hint, check.example, check.mistake):
            assert not said or said not in text
    assert "operands" not in text
    assert "both define this exercise" not in text
    assert "Your network at work" not in text
    assert "Your course shows only points for these checks." in text
    assert "16 of 31" in text


def test_points_and_statuses_are_those_of_the_full_report(full_report: Report) -> None:
    for feedback in Feedback:
        made = seen(full_report, feedback)
        assert (made.earned, made.possible, made.bonus_earned) == (16.0, 31.0, 1.0)
        for kept, all_of_it in zip(made.exercises, full_report.exercises, strict=True):
            statuses = [(check.name, check.status, check.earned) for check in kept.checks]
            assert statuses == [(c.name, c.status, c.earned) for c in all_of_it.checks]


def test_different_checks_do_not_become_one_cause(report: MakeReport, check: MakeCheck) -> None:
    made = report(*(check(title, **WRONG) for title in ("First", "Second", "Third")))
    assert "3 checks, one cause" not in to_html(seen(made, Feedback.SCORE))
    blank = {"status": Status.NOT_STARTED, "message": "f is not written yet."}
    made = report(*(check(title, **blank) for title in ("First", "Second", "Third")))
    assert "3 checks, one cause" in to_html(seen(made, Feedback.SCORE))


def test_public_checks_hold_nothing_back(report: MakeReport, check: MakeCheck) -> None:
    public, hidden = check("A", suite=Suite.PUBLIC, **WRONG), check("B", **WRONG)
    alone = report(public, suite=Suite.PUBLIC)
    assert seen(alone, Feedback.SCORE) is alone
    both = report(public, hidden, suite=Suite.ALL)
    kept = seen(both, Feedback.HINT).exercises[0].checks
    assert kept[0] == public
    assert kept[1].comparisons == ()


def test_a_hidden_input_cannot_reach_a_score_through_a_public_check(
    report: MakeReport, check: MakeCheck
) -> None:
    told = {"status": Status.ERROR, "message": "f raised ValueError: args of before: [7.125]"}
    made = report(check("A", suite=Suite.PUBLIC, **told), check("B"), suite=Suite.ALL)
    assert "7.125" not in written(seen(made, Feedback.SCORE))


def test_a_worked_run_may_quote_student_code(wrong: Report) -> None:
    panel = Panel("P", "Text", None, (Training("he", 0, (), (), "f raised ValueError: 7.25"),))
    made = replace(wrong, worked_run=(panel,))
    assert "7.25" in written(seen(made, Feedback.HINT))
    assert "7.25" not in written(seen(made, Feedback.SCORE))
