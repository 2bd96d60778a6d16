"""Worked runs as pictures: what is drawn is what was measured, and it is told in words too."""

import re
from dataclasses import replace

import pytest

from grader.model import Panel, Plane, Report, Training
from grader.report import pictures
from grader.report.html import to_html
from grader.report.terminal import summary
from tests.grader.report.test_html import Page


def training(*costs: float, label: str = "he", steps: int = 100) -> Training:
    return Training(label, steps, costs, ("01", "11"), "All right.")


def panel(*trainings: Training) -> Panel:
    return Panel("Title", "Text", Plane((0.0, 10.0), (0.0, 4.0), ()), trainings)


def test_a_curve_goes_from_cost_to_cost() -> None:
    drawn = pictures.chart(panel(training(2.0, 1.0, 0.0)))
    assert drawn is not None
    assert drawn.ticks == ("2", "1.5", "1", "0.5", "0")
    assert [line.path for line in drawn.lines] == ["M0.0 0.0L50.0 50.0L100.0 100.0"]
    assert (drawn.steps, drawn.cut) == (100, False)


def test_a_shorter_training_ends_earlier() -> None:
    drawn = pictures.chart(panel(training(2.0, 1.0), training(2.0, 1.0, steps=50)))
    assert drawn is not None
    assert [line.path for line in drawn.lines] == ["M0.0 0.0L100.0 50.0", "M0.0 0.0L50.0 50.0"]


def test_a_high_start_does_not_press_the_others_flat() -> None:
    drawn = pictures.chart(panel(training(15.0, *[0.6] * 29), training(0.9, *[0.5] * 29)))
    assert drawn is not None
    assert (drawn.ticks[0], drawn.cut) == ("0.8", True)
    assert drawn.lines[0].path.startswith("M0.0 -10.0L")


@pytest.mark.parametrize("cost", [0.0, 5e-324, 1e-300, 1e300, 1.7e308, -1.0])
def test_costs_of_any_size_are_drawn(cost: float) -> None:
    drawn = pictures.chart(panel(training(cost, cost, cost)))
    assert drawn is not None
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawn.lines[0].path)]
    assert all(-10 <= number <= 110 for number in numbers)
    assert len(set(drawn.ticks)) == 5


def test_trainings_that_came_to_no_end_have_no_curve_and_change_no_style() -> None:
    assert pictures.chart(panel(training())) is None
    drawn = pictures.chart(panel(training(), training(2.0, 1.0)))
    assert drawn is not None
    assert [line.style for line in drawn.lines] == [2]


def test_cells_are_drawn_where_class_1_is_answered() -> None:
    made = replace(training(1.0), rows=("0110", "0000", "1001", "1111"))
    assert pictures.cells(made) == (
        "M25 0h50v25h-50M0 50h25v25h-25M75 50h25v25h-25M0 75h100v25h-100"
    )


def test_points_lie_where_they_are() -> None:
    plane = Plane((0.0, 10.0), (0.0, 4.0), ((0.0, 0.0, 0), (5.0, 4.0, 0), (10.0, 2.0, 1)))
    assert pictures.marks(plane, 0) == "M0.0 100.0h0M50.0 0.0h0"
    assert pictures.marks(plane, 1) == "M98.5 48.5l3 3m0-3l-3 3"


def test_a_curve_in_words() -> None:
    assert pictures.told(training(0.954, 0.5, 0.108)) == "Cost from 0.95 to 0.11 in 100 steps."


def test_the_page_shows_every_training_and_says_what_is_missing(full_report: Report) -> None:
    shown = Page(to_html(full_report))
    names = [attributes.get("aria-label") for tag, attributes in shown.tags if tag == "svg"]
    assert "Decision boundary: he. 99% of the points are right." in names
    assert "Cost curves: Five ways to begin. Each curve is told in words below." in names
    assert sum(name.startswith("Decision boundary") for name in names if name) == 4
    text = " ".join("".join(shown.words).split())
    assert "Cost from 0.95 to 0.11 in 100 steps." in text
    assert "initialize_parameters_xavier is not written yet." in text
    assert "Costs above 0.8 are cut off." not in text


def test_a_page_without_a_worked_run_says_nothing_of_it(full_report: Report) -> None:
    assert "Your network at work" in to_html(full_report)
    assert "Your network at work" not in to_html(replace(full_report, worked_run=None))


def test_what_a_student_wrote_is_shown_and_never_run(full_report: Report) -> None:
    evil = "</svg><script>alert(1)</script>\u202e\x1b[31m"
    one = Training(f'"{evil}', 1, (1.0, 0.5), ("01",), f"f raised X: {evil}")
    panels = (Panel(evil, evil, Plane((0.0, 1.0), (0.0, 1.0), ()), (one,)),)
    page = to_html(replace(full_report, worked_run=panels))
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert r"\x1b[31m" in page


def test_the_same_report_has_the_same_pictures(full_report: Report) -> None:
    assert to_html(full_report) == to_html(replace(full_report))


def test_a_worked_run_of_this_course_is_small(full_report: Report) -> None:
    rows = ("01" * 20,) * 40  # the worst: no two cells in a row are alike
    plane = Plane((0.0, 1.0), (0.0, 1.0), tuple((n / 150, n / 150, n % 2) for n in range(150)))
    trainings = tuple(Training("he", 200, (0.123,) * 41, rows, "Some.") for _ in range(4))
    panels = (Panel("Title", "Text", plane, trainings),) * 3
    more = len(to_html(replace(full_report, worked_run=panels))) - len(
        to_html(replace(full_report, worked_run=None))
    )
    assert more < 250_000


def test_the_terminal_counts_the_trainings(full_report: Report) -> None:
    from rich.console import Console

    console = Console(width=100, record=True)
    console.print(summary(full_report))
    assert "4 of 5 trainings came to an end: see the page" in console.export_text()
