import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jinja2
import pytest

from grader.model import CheckResult, Isolation, Report, Status, Suite
from grader.report import html, words
from grader.report.mathml import mathml

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]

VOID_TAGS = {"meta", "link", "wbr", "br", "rect", "circle", "path", "use"}


class Page(HTMLParser):
    """The page as tags with attributes, its headings and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_TAGS:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


def page(report: Report) -> Page:
    parsed = Page(html.to_html(report))
    assert parsed.open == []
    return parsed


def test_every_check_is_on_the_page(full_report: Report) -> None:
    shown = page(full_report)
    for exercise in full_report.exercises:
        assert exercise.title in shown.text
        for number, check in enumerate(exercise.checks, 1):
            assert check.title.replace("`", "") in shown.text
            assert f"{exercise.name}-{number}" in shown.values("id")


def test_headings_come_in_order(full_report: Report) -> None:
    headings = page(full_report).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(headings))


def test_ids_are_unique_and_links_lead_somewhere(full_report: Report) -> None:
    shown = page(full_report)
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    targets = {link.removeprefix("#") for link in shown.values("href") if link.startswith("#")}
    assert targets <= set(ids)


def test_nothing_is_run_or_fetched(full_report: Report) -> None:
    text = html.to_html(full_report)
    shown = Page(text)
    assert not {"script", "iframe", "img", "object", "form"} & {tag for tag, _ in shown.tags}
    assert not any(name.startswith("on") for _, attrs in shown.tags for name in attrs)
    assert not re.search(r"https?:|url\(|@import|src=", text)
    assert all(link.startswith(("#", "data:")) for link in shown.values("href"))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text


def test_landmarks_language_and_skip_link(full_report: Report) -> None:
    shown = page(full_report)
    tags = [tag for tag, _ in shown.tags]
    assert {"main", "nav", "footer"} <= set(tags)
    assert ("html", {"lang": "en"}) in shown.tags
    links = [attrs for tag, attrs in shown.tags if tag == "a"]
    assert links[0]["href"] == "#main-content"


def test_the_page_tells_all_of_a_failed_check(full_report: Report) -> None:
    text = page(full_report).text
    check = full_report.exercises[1].checks[4]
    assert check.example is not None
    assert check.example in text
    assert "Known mistake: “keeps the two in the penalty”." in text
    assert "yours keeps the 2 of the square." in text
    assert "Every element of dW2 is 2 times the expected one." in text
    assert check.hint.replace("`", "") in text
    assert words.STATUS[check.status] in text


def test_numbers_stand_in_the_place_of_the_lines_that_say_them(full_report: Report) -> None:
    shown = page(full_report)
    check = full_report.exercises[1].checks[4]
    assert "\n".join(check.message.splitlines()[1:]) not in shown.text
    words = " ".join(shown.text.split())
    assert "dW2[0, 2]2.51.250.33" in words
    assert "db2right everywhere3e-11" in words
    assert "2 (worst)" in words
    assert "The mask D1, dropout 2: 12 of 36 units are kept, 33%." in shown.values("aria-label")


def test_scales_and_masks_stand_beside_the_lines(full_report: Report) -> None:
    exercise = full_report.exercises[2]
    check = exercise.checks[1]
    for comparisons, is_shown in ((check.comparisons, False), (check.comparisons[1:], True)):
        alone = replace(exercise, checks=(replace(check, comparisons=comparisons),))
        text = page(replace(full_report, exercises=(alone,), worked_run=None)).text
        assert ("yours      2" in text) == is_shown


def test_lines_stand_where_there_are_no_numbers(full_report: Report) -> None:
    error = full_report.exercises[2].checks[3]
    assert error.message.splitlines()[1].strip() in page(full_report).text
    assert "<strong>&gt; 31 | A1 = A1 * D1 / keep_prob</strong>" in html.to_html(full_report)


def test_formulas_are_set_where_a_function_fails(full_report: Report) -> None:
    shown = page(full_report)
    assert [tag for tag, _ in shown.tags].count("math") == 2
    assert "What compute_cost_with_regularization computes, regularization 1" in shown.values(
        "aria-label"
    )
    right = replace(
        full_report, exercises=(replace(full_report.exercises[0], formulas={"f": ("x",)}),)
    )
    assert "math" not in [tag for tag, _ in page(right).tags]


@pytest.mark.parametrize("latex", [r"\frac{", "x^", "<b>&", r"\bigl\lVert x \bigr\rVert"])
def test_a_formula_that_cannot_be_set_is_shown(latex: str) -> None:
    parsed = Page(str(mathml(latex)))
    assert parsed.open == []
    assert parsed.tags[0][0] in ("math", "code")
    assert "Vert" not in parsed.text


def test_the_summary_comes_first(full_report: Report) -> None:
    text = " ".join(page(full_report).text.split())
    assert text.index("Next step") < text.index("16 of 31 points", 40) < text.index("Exercises")
    assert "Bonus, outside the total: 1 of 3 points." in text


def test_a_hint_is_shown_only_where_it_is_needed(report: MakeReport, check: MakeCheck) -> None:
    hint = "Divide by `keep_prob`."
    assert "Divide by" not in page(report(check(hint=hint))).text
    assert "Divide by keep_prob." in page(report(check(hint=hint, status=Status.FAILED))).text


def test_void_is_our_fault_and_stays_possible(report: MakeReport, check: MakeCheck) -> None:
    text = " ".join(page(report(check(), check("B", status=Status.VOID, points=2.0))).text.split())
    assert "1 check could not run (2 points)." in text
    assert "a mistake in the grader, not in your code; it is not counted against you" in text
    assert "1 of 3 points" in text


def test_no_word_of_void_or_bonus_where_there_is_none(report: MakeReport, check: MakeCheck) -> None:
    text = page(report(check())).text
    assert "mistake in the grader" not in text
    assert "onus" not in text


def test_nothing_submitted(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(status=Status.NOT_STARTED, message=""), files={})
    exercise = replace(made.exercises[0], file=None)
    text = page(replace(made, exercises=(exercise,))).text
    assert "Hand in a file" in text
    assert "No file of the submission defines a function of this exercise." in text
    assert "The submission holds no file that could be graded." in text


def test_a_course_without_exercises_has_a_page(report: MakeReport) -> None:
    assert "0 of 0 points" in page(replace(report(), exercises=())).text


def test_no_isolation_is_said_aloud(report: MakeReport, check: MakeCheck) -> None:
    assert "No isolation." in page(report(check(), isolation=Isolation.NONE)).text
    assert "No isolation." not in page(report(check())).text


def test_both_suites_are_told_apart(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(suite=Suite.PUBLIC), check(), suite=Suite.ALL)
    shown = page(made)
    assert {"public", "hidden"} <= set(shown.words)
    assert len(shown.values("id")) == len(set(shown.values("id")))


ATTACKS = [
    "<script>alert(1)</script>",
    "</pre></article><h1>100 of 100</h1>",
    "{{ 7 * 7 }}{% raw %}{{ report }}",
    '" onmouseover="alert(1)',
    "`<img src=x onerror=alert(1)>`",
    "</style><style>*{display:none}</style>",
    "<!--",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_of_a_student_is_only_text(
    report: MakeReport, check: MakeCheck, attack: str
) -> None:
    harmless, hostile = (
        report(
            check(status=Status.ERROR, message=f"{text}\n{text}", example=text, mistake=text),
            submission=text,
            files={text: text},
            notes=(text,),
            course_version=text,
        )
        for text in ("plain", attack)
    )
    shown = page(hostile)
    without_breaks = [tag for tag, _ in shown.tags if tag not in ("code", "wbr")]
    assert without_breaks == [tag for tag, _ in page(harmless).tags if tag not in ("code", "wbr")]
    assert attack.replace("`", "") in shown.text
    assert not any(name.startswith("on") for _, attrs in shown.tags for name in attrs)


def test_what_cannot_be_seen_is_seen(report: MakeReport, check: MakeCheck) -> None:
    bad = "\x1b]0;x\x07\u202e\u200b\ud800\x00"
    text = html.to_html(report(check(status=Status.ERROR, message=f"{bad}\n{bad}", example=bad)))
    assert r"\x1b]0;x\x07\u202e\u200b\ud800\x00" in text
    assert not set(bad) & set(text) - set("]0;x")
    text.encode()


def test_a_huge_message_is_cut(report: MakeReport, check: MakeCheck) -> None:
    made = report(check(status=Status.FAILED, message="<" * (50 * 2**20)))
    assert len(html.to_html(made)) < 60_000


def test_the_same_report_gives_the_same_page(full_report: Report) -> None:
    backwards = replace(full_report, files=dict(reversed(full_report.files.items())))
    assert html.to_html(backwards) == html.to_html(full_report)


def test_sixty_failed_checks_stay_small(large_report: Report) -> None:
    assert len(html.to_html(large_report).encode()) < 300_000


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        html.render("report.html.j2")


def test_templates_are_looked_for_in_the_package_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "grader" / "report" / "html.py"
    monkeypatch.setattr(html, "__file__", str(module))
    assert html.template_folder() == tmp_path / "templates"
    (tmp_path / "grader" / "templates").mkdir(parents=True)
    assert html.template_folder() == tmp_path / "grader" / "templates"
