"""The page as text: what it tells, that it is whole, and that names cannot break it."""

import html
import re
from pathlib import Path

import pytest

from grader.classpage.gather import Gathered, Listed, gather, read_report
from grader.classpage.page import per_cent, separates, to_html, write_class_page
from grader.errors import OutputError
from grader.model import Report
from grader.report.text import cleaned
from tests.grader.classpage.conftest import (
    COPIES,
    STUDENTS,
    make_check,
    make_exercise,
    make_report,
    wrong,
)


@pytest.fixture(scope="module")
def page(gathered: Gathered) -> str:
    return to_html(gathered)


def told(page: str) -> str:
    """The text of a page, on one line."""
    body = page[page.index("<body>") : page.index("<script>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body.replace("<wbr>", ""))).split())


def section(page: str, name: str) -> str:
    start = page.index(f'<h2 id="{name}"')
    return told(f"<body>{page[start : page.index('</section>', start)]}<script>")


def test_the_class_in_numbers(page: str) -> None:
    assert "15 of 22 points, the median" in told(page)
    assert "50 to 60 %: 9 submissions" in told(page)
    assert "3 to 21 points" in told(page)
    assert "1 without a grade" in told(page)


def test_what_is_to_look_at(page: str) -> None:
    look = section(page, "look")
    assert "Initialization: how it is done : Upside down" in look
    assert "but only 0 of the 11 strongest" in look
    assert "student 05 Dropout: how it is done: took too long in 1 check" in look
    assert "zz is empty zz is empty holds no file that could be graded." in look


def test_every_check_has_its_rate_and_what_it_is_worth(page: str) -> None:
    checks = section(page, "exercises")
    assert "65 % miss points (26 of 40); separates strongly (0.53)" in checks
    assert "40 % miss points (16 of 40, 4 not started); separates hardly (0.11)" in checks
    assert "Strong pass 50 % 20 of 40 0.82 strongly" in checks
    assert "Large batches 2 % 1 of 40 too few to say" in checks
    assert "Drawn 10 % 4 of 40, 4 not started 0.61 strongly" in checks
    assert (
        "Upside down look at it 40 % 16 of 40, 4 not started \N{MINUS SIGN}0.34 the wrong way round"
        in checks
    )
    assert "Planted bonus 100 % 40 of 40 nobody passes" in checks


def test_mistakes_are_counted(page: str) -> None:
    assert "Forgets to rescale Dropout: how it is done Divide by keep_prob . 10 of 40" in section(
        page, "mistakes"
    )


def test_copies_stand_in_one_group_that_has_a_key(page: str) -> None:
    same = section(page, "same")
    members = " ".join(COPIES)
    assert f"3 submissions {members} Dropout: how it is done , in f" in same
    key = re.search(rf"{members} .*?grader comment (\w+) ", same)
    assert key is not None
    assert f'id="same-{key[1]}"' in page
    assert "rescaled is not as it must be. Every element is a quarter too small." in same
    assert "13 submissions have a wrong answer there, 3 have this one." in same
    assert "The known mistake forgets to rescale gives these answers." in same


def test_every_report_is_linked(page: str) -> None:
    rows = page[page.index('<table class="sortable">') :]
    links = re.findall(r'href="([^"]*/report\.html)"', rows)
    assert links == [f"{name.replace(' ', '%20')}/report.html" for name in STUDENTS]
    assert "zz%20is%20empty" not in page


def test_links_and_ids_hold_together(page: str) -> None:
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_it_needs_nothing_else(page: str) -> None:
    assert not re.search(r"https?://|@import|url\(", page)
    assert page.count("<script>") == 1


def test_names_are_shown_and_never_run() -> None:
    name = '<img src=x onerror="alert(1)">&\u202e'
    message = "</script><script>alert(2)</script>"
    exercise = make_exercise("e", wrong("c", 0.5, title=name, message=message))
    report = make_report(name, exercise, course=name)
    listed = [Listed(name), Listed(f"{name}2"), Listed("b", name)]
    page = to_html(gather(listed, lambda _: cleaned(report)))
    assert "<img" not in page
    assert "\u202e" not in page
    assert page.count("<script>") == 1
    assert (
        'href="%3Cimg%20src%3Dx%20onerror%3D%22alert%281%29%22%3E%26%E2%80%AE/report.html"' in page
    )


@pytest.mark.parametrize("listed", [[], [Listed("a", "It is empty.")]])
def test_a_class_without_a_report_has_a_page(listed: list[Listed]) -> None:
    page = to_html(gather(listed, lambda _: None))
    assert "0 submissions have a grade" in told(page)


def test_a_course_without_checks_has_a_page() -> None:
    assert "1 submission" in told(to_html(gather([Listed("a")], make_report)))


def test_reports_are_read_from_the_folder(reports: Path) -> None:
    (reports / "student 00" / "report.json").write_text("{")
    listed = [Listed(folder.name) for folder in reports.iterdir()]

    def read(student: str) -> Report | None:
        return read_report(reports / student)

    page = write_class_page(reports, gather(listed, read)).read_text("utf-8")
    assert page == to_html(gather(listed[::-1], read))
    assert "Its report is missing" in told(page)
    assert "3 submissions student 11 student 23 student 35" in told(page)
    assert [path.name for path in reports.iterdir() if path.is_file()] == ["class.html"]


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError, match=r"class\.html cannot be written .*--out DIR"):
        write_class_page(tmp_path / "out", Gathered())


def test_a_class_of_hundreds_has_a_page_that_can_be_mailed() -> None:
    exercises = [
        make_exercise(f"exercise_{e}", *(make_check(f"law_{c}_holds_here") for c in range(14)))
        for e in range(15)
    ]

    def read(student: str) -> Report:
        wrongly = wrong("odd", float(int(student) % 97), message="dW1 is wrong in 2 elements.")
        return make_report(student, *exercises, make_exercise("last", wrongly))

    page = to_html(gather([Listed(f"{i:04}") for i in range(300)], read))
    assert len(page.encode()) < 500_000


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "0 %"), (0, 9, "0 %"), (1, 1000, "1 %"), (999, 1000, "99 %"), (1, 3, "33 %")],
)
def test_nothing_is_rounded_to_none_or_all(part: int, whole: int, said: str) -> None:
    assert per_cent(part, whole) == said
    assert per_cent(whole, whole) == ("100 %" if whole else "0 %")


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.4, "strongly"), (0.3, "well"), (0.2, "a little"), (0.0, "hardly")],
)
def test_discrimination_in_words(number: float, said: str) -> None:
    assert separates(number) == said
    assert separates(-0.01) == "the wrong way round"
