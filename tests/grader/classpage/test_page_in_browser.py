"""The class page in a real Chromium: accessible, never wider than the window, and sortable."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classpage.gather import Gathered, Listed, gather
from grader.classpage.page import to_html
from grader.gradebook import comments as kept
from grader.model import Comment, Report
from grader.report.html import to_html as report_html
from tests.grader.classpage.conftest import COPIES, class_report, make_exercise, make_report, wrong
from tests.grader.report.test_page_in_browser import QUIET, _browser_path, axe, playwright

Open = Callable[..., object]


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=_browser_path(), args=QUIET)
        yield started
        started.close()


@pytest.fixture
def open_page(chromium, tmp_path: Path) -> Iterator[Open]:
    opened = []

    def show(
        what: Gathered | Report, width: int = 1280, scheme: str = "light", **how: object
    ) -> object:
        path = tmp_path / "page.html"
        shown = report_html(what) if isinstance(what, Report) else to_html(what, written(what))
        path.write_text(shown, encoding="utf-8")
        size = {"width": width, "height": 800}
        page = chromium.new_page(viewport=size, color_scheme=scheme, **how)
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(path.as_uri())
        opened.append(page)
        return page

    yield show
    for page in opened:
        page.close()


def written(gathered: Gathered) -> list[kept.Comment]:
    """A comment on each group that there is."""
    now = datetime.now(UTC)
    groups = enumerate(gathered.groups.shared())
    return [kept.Comment("See page 12.", "Ms Li", None, g.key, now, i) for i, g in groups]


def wide(page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth")


def column(page, number: int) -> list[str]:
    rows = f"[...document.querySelectorAll('.sortable tbody tr')].map(r => r.cells[{number}]"
    return page.evaluate(f"{rows}.textContent)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violation_and_no_overflow(open_page: Open, gathered: Gathered, width, scheme) -> None:
    page = open_page(gathered, width, scheme, bypass_csp=True)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert "color-contrast" in {rule["id"] for rule in results.response["passes"]}
    assert not wide(page)
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_comments_in_a_report_are_accessible(open_page: Open, scheme) -> None:
    both = (Comment("First.\n\nThen.", "Ms Li", "dropout"), Comment("W" * 300))
    report = replace(class_report(COPIES[0]), comments=both)
    page = open_page(report, 320, scheme, bypass_csp=True)
    assert page.get_by_role("heading", name="Comments for you").is_visible()
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert not wide(page)


def test_long_names_are_no_wider(open_page: Open) -> None:
    long = "W" * 240
    exercise = make_exercise(long, wrong(long, 0.5, functions=(long,), message=long, mistake=long))
    report = make_report(long, exercise, course=long)
    listed = [Listed(long), Listed(f"{long}2"), Listed("b", long)]
    page = open_page(gather(listed, lambda _: report), 320)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert not wide(page)


def test_headings_sort_the_table(open_page: Open, gathered: Gathered) -> None:
    page = open_page(gathered)  # with its policy, which lets no other script run
    names, points = column(page, 0), column(page, 1)
    page.get_by_role("button", name="Points").click()
    down = sorted(map(float, points), reverse=True)
    assert list(map(float, column(page, 1))) == down
    head = page.get_by_role("columnheader", name="Points")
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Points").press("Enter")
    assert list(map(float, column(page, 1))) == down[::-1]
    assert head.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Submission").click()
    assert column(page, 0) == names
    assert head.get_attribute("aria-sort") is None
    assert page.complaints == []


def test_without_a_script_it_is_sorted_by_name(open_page: Open, gathered: Gathered) -> None:
    page = open_page(gathered, java_script_enabled=False)
    assert page.get_by_role("button").count() == 0
    assert not page.get_by_text("The heading of a column sorts by it.").is_visible()
    head = page.get_by_role("columnheader", name="Submission")
    assert head.get_attribute("aria-sort") == "ascending"


def test_a_link_to_an_exercise_unfolds_it(open_page: Open, gathered: Gathered) -> None:
    page = open_page(gathered)
    check = page.get_by_role("rowheader", name="Upside down")
    assert not check.is_visible()
    page.get_by_role("link", name="Initialization: how it is done").first.click()
    check.wait_for(state="visible")


def test_the_table_scrolls_by_keyboard(open_page: Open, gathered: Gathered) -> None:
    page = open_page(gathered, 320)
    page.get_by_role("region", name="Table of submissions").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
