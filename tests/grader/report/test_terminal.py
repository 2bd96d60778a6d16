import io
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest
from rich.console import Console

from grader.model import CheckResult, Isolation, Report, Status, Suite
from grader.report.terminal import summary

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]


def shown(report: Report, *, width: int = 80, terminal: bool = False) -> str:
    out = io.StringIO()
    colours: Literal["auto", "truecolor"] = "truecolor" if terminal else "auto"
    console = Console(file=out, width=width, force_terminal=terminal, color_system=colours)
    console.print(summary(report))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_the_width(full_report: Report, width: int) -> None:
    assert max(map(len, shown(full_report, width=width).splitlines())) <= width


def test_points_per_exercise_and_in_total(full_report: Report) -> None:
    lines = [" ".join(line.split()) for line in shown(full_report).splitlines()]
    assert "Initialization: where the weights begin 5 of 5 6 of 6" in lines
    assert "Total 13 of 28 16 of 31" in lines
    assert "Total 16 of 31 points, bonus 1 of 3" in lines


def test_it_ends_with_the_isolation(full_report: Report) -> None:
    assert shown(full_report).splitlines()[-1].startswith("Isolation    full")


def test_it_says_where_it_is_no_grade(report: MakeReport, check: MakeCheck) -> None:
    for suite, said in ((Suite.HIDDEN, 0), (Suite.PUBLIC, 1)):
        text = shown(report(check(suite=suite), suite=suite), width=200)
        assert text.count("the public checks; those that decide a grade did not run") == said


def test_the_first_findings_come_with_their_hint(full_report: Report) -> None:
    text = shown(full_report)
    assert text.count("Hint:") == 2  # the third finding is our fault, and needs none
    assert "✗ Wrong answer  regularization: The cost agrees with the reference" in text
    assert "        numeric    1.250   (central difference, step 1e-05)" in text
    assert "◷ Took too long  dropout: The same neurons are silent on the way back" in text
    assert "7 more checks not passed: see the page." in text


def test_checks_with_one_cause_are_told_once(report: MakeReport, check: MakeCheck) -> None:
    blank = {"status": Status.NOT_STARTED, "message": "f is not written yet."}
    made = report(*(check(title, **blank) for title in ("Right is close", "B", "C")))
    assert "Right is close and 2 more checks" in shown(made)


def test_the_mistake_behind_it_is_told(full_report: Report) -> None:
    text = " ".join(shown(full_report).split())
    assert "The mistake behind it: The penalty on `W2` is `lambd / m * W2`; yours keeps" in text
    assert "Every element of dW2 is 2 times the expected one." in text


def test_notes_of_exercises_are_told_up_to_a_few(full_report: Report) -> None:
    text = " ".join(shown(full_report).split())
    assert "Note: dropout: dropout.py and week1.ipynb both define this exercise" in text
    many = replace(full_report, notes=tuple(f"left out {number}" for number in range(9)))
    text = shown(many)
    assert text.count("Note: ") == 6
    assert "4 more notes: see the page." in text


def test_a_pipe_gets_no_colour(full_report: Report) -> None:
    assert "\x1b" not in shown(full_report)
    assert "\x1b" in shown(full_report, terminal=True)


def test_markup_of_a_student_is_not_interpreted(report: MakeReport, check: MakeCheck) -> None:
    attack = "[bold red]x[/] [link=https://example.org]y[/link] :smile: [/"
    made = report(
        check(attack, status=Status.ERROR, message=attack, hint=attack),
        notes=(attack,),
        course=attack,
    )
    text = shown(made, width=300)
    assert text.count(attack) >= 5
    assert "\x1b]8" not in shown(made, terminal=True)


def test_escape_sequences_are_shown(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(status=Status.ERROR, message="\x1b]0;owned\x07 \u202e \ud800"))
    text = shown(made)
    assert r"\x1b]0;owned\x07 \u202e \ud800" in text
    text.encode()


def test_a_long_message_shows_its_first_lines(report: MakeReport, check: MakeCheck) -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    text = shown(report(check(status=Status.FAILED, message=lines)))
    assert "line 6\n" in text.replace(" \n", "\n").replace(" ", "").replace("line", "line ")
    assert "line 7" not in text
    assert "…" in text


def test_void_is_told_as_ours(report: MakeReport, check: MakeCheck) -> None:
    text = shown(report(check(status=Status.VOID)))
    assert "not counted against" in text
    assert "Not counted  1 check, by a mistake of ours" in text


def test_nothing_submitted(report: MakeReport, check: MakeCheck) -> None:
    text = shown(report(check(status=Status.NOT_STARTED), files={}))
    assert "Hand in a file" in text
    assert "The function is missing or still a stub." in text


def test_full_marks_are_short(report: MakeReport, check: MakeCheck) -> None:
    text = shown(report(check()))
    assert "Every check is passed: nothing is left to do." in text
    assert len(text.splitlines()) < 14


def test_no_isolation_is_said(report: MakeReport, check: MakeCheck) -> None:
    assert "proves nothing" in shown(report(check(), isolation=Isolation.NONE), width=120)
