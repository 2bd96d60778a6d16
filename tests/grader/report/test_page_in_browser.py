"""The page in a real Chromium: accessible, and never wider than the window."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from grader.model import CheckResult, Comparing, Comparison, Diagnosis, Feedback, Report, Status
from grader.report.files import end_watch, write_report
from grader.report.html import to_html
from grader.report.policy import seen

# In CI nothing of this file may be skipped: a missing package is an error there.
load = importlib.import_module if os.environ.get("CI") else pytest.importorskip
playwright = load("playwright.sync_api")
axe = load("axe_playwright_python.sync_playwright")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _browser_path() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium on this machine, and CI must not skip the page's own tests")
    if found is None:
        pytest.skip("no Chromium on this machine: install chromium to check the page")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=_browser_path(), args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Open a report from a file, as a reader would, with no network at all."""
    opened = []

    def show(report: Report, width: int, scheme: Literal["light", "dark"]) -> object:
        path = tmp_path / "report.html"
        path.write_text(to_html(report), encoding="utf-8")
        page = browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        )
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(path.as_uri())
        opened.append(page)
        return page

    yield show
    for page in opened:
        page.close()


def _wide(page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violation_and_no_overflow(open_page, full_report: Report, width, scheme) -> None:
    page = open_page(full_report, width, scheme)
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert "color-contrast" in {rule["id"] for rule in results.response["passes"]}
    assert not _wide(page)
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []


def test_no_violation_where_things_are_held_back(open_page, full_report: Report) -> None:
    page = open_page(seen(full_report, Feedback.SCORE), 320, "dark")
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert not _wide(page)


LONG = tuple(
    Comparison(kind, "W" * 300, (4, 9), (1.23456e-300,) * 36, (-1.5e-300,) * 36, 7, 0.5)
    for kind in Comparing
)
WORDY = Diagnosis(("W" * 300,), ("W" * 900,), "W" * 900)


def test_a_hostile_page_is_no_wider(open_page, report, check) -> None:
    long = "W" * 1_900
    page = open_page(
        report(
            check(long, status=Status.FAILED, message=f"{long}\n{long}", example=long, hint=long),
            check(long, status=Status.FAILED, message=long, comparisons=LONG, diagnosis=WORDY),
            check(long, functions=(long,)),
            submission=long,
            files={long: long},
            notes=(long,),
            course_version=long,
        ),
        320,
        "light",
    )
    assert not _wide(page)


def test_long_code_scrolls_by_keyboard(open_page, full_report: Report) -> None:
    page = open_page(full_report, 320, "light")
    code = page.locator("#regularization-5").get_by_role("group", name="Example 5", exact=True)
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_the_first_tab_is_the_skip_link(open_page, full_report: Report) -> None:
    page = open_page(full_report, 1280, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the result"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_the_next_step_leads_to_its_check(open_page, full_report: Report) -> None:
    page = open_page(full_report, 1280, "light")
    page.get_by_role("link", name="Go to this check").click()
    assert page.evaluate("document.querySelector(':target h4').textContent") == (
        "The cost agrees with the reference"
    )


def test_the_policy_of_the_page_stops_scripts(browser, full_report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    text = to_html(full_report).replace("</body>", "<script>document.title='run'</script></body>")
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.title() == "anna-lindqvist: 16 of 31 points"
    page.close()


def test_a_watched_page_follows_and_keeps_its_place(
    browser, full_report: Report, tmp_path: Path
) -> None:
    write_report(full_report, tmp_path, watched=True)
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto((tmp_path / "report.html").as_uri())
    page.evaluate("window.isOld = true; window.scrollTo(0, 1234)")
    write_report(full_report, tmp_path, watched=True)  # saved, and nothing new
    page.wait_for_timeout(1_000)
    assert page.evaluate("window.isOld")
    found = ("", 0)
    write_report(replace(full_report, submission="bob"), tmp_path, watched=True)
    for _ in range(200):  # the policy of the page forbids what a function to wait for needs
        with suppress(Exception):  # it is going to the new page just now
            found = (page.title()[:3], page.evaluate("window.scrollY"))
        if found == ("bob", 1234):
            break
        page.wait_for_timeout(50)
    assert found == ("bob", 1234)
    end_watch(full_report, tmp_path)
    page.wait_for_timeout(1_000)
    assert page.title().startswith("bob")  # nobody watches any more, and nothing disturbs
    page.close()


def test_hints_unfold_without_a_script(
    open_page, report, check: Callable[..., CheckResult]
) -> None:
    blank = {"status": Status.NOT_STARTED, "message": "f is not written yet."}
    page = open_page(report(check("A", hint="First.", **blank), check("B", **blank)), 1280, "dark")
    hint = page.get_by_text("First.")
    assert not hint.is_visible()
    page.get_by_text("A", exact=True).click()
    assert hint.is_visible()
