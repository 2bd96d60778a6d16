import unicodedata
from dataclasses import replace

import pytest

from grader.model import Report
from grader.report.text import AUTHORS, LINE, MESSAGE, cleaned, printable

HOSTILE = [
    ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    ("\x1b[2J", r"\x1b[2J"),
    ("a\x00b", r"a\x00b"),
    ("\u202eevil\u2066", r"\u202eevil\u2066"),
    ("zero\u200bwidth\ufeff\u2060", r"zero\u200bwidth\ufeff\u2060"),
    ("\ud800", r"\ud800"),
    ("\U000e0041", r"\U000e0041"),
    ("\u3164\u2800\u115f", r"\u3164\u2800\u115f"),
    ("x\u2028y\x85z", r"x\u2028y\x85z"),
    ("50\xa0%", r"50\xa0%"),
    ("back\rover", r"back\rover"),
    ("\x9b31m", r"\x9b31m"),
]


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_what_cannot_be_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_letters_of_every_script_stay() -> None:
    text = "naïve Δ ≤ 数値 Ελλ हिन्दी مرحبا\n    dW2 = ∂J/∂W2 🙂"
    assert printable(text) == text


def test_ends_of_lines_and_tabs_keep_the_layout() -> None:
    assert printable("one\r\n\ttwo") == "one\n    two"


def test_one_line_shows_its_newlines() -> None:
    assert printable("a\nb", keep="") == r"a\nb"


def test_joiners_are_for_authors() -> None:
    assert printable("می\u200cشود", keep=AUTHORS) == "می\u200cشود"
    assert "\\u200c" in printable("می\u200cشود")


def test_accents_do_not_pile_up() -> None:
    shown = printable("e" + "\u0301" * 50)
    assert sum(bool(unicodedata.combining(character)) for character in shown) == 3


def test_a_huge_text_is_cut_before_it_is_looked_at() -> None:
    shown = printable("\x1b" * (50 * 2**20))
    assert len(shown) <= MESSAGE
    assert shown.endswith(r"\x1b … (cut: 52,428,800 characters in all)")


def test_the_limit_itself_is_not_cut() -> None:
    assert printable("x" * MESSAGE) == "x" * MESSAGE
    assert len(printable("x" * (MESSAGE + 1))) <= MESSAGE


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE] + ["x" * 9_999, "\t" * 1_500])
@pytest.mark.parametrize("keep", ["", "\n", AUTHORS])
def test_what_is_printable_stays_as_it_is(text: str, keep: str) -> None:
    once = printable(text, keep=keep)
    assert printable(once, keep=keep) == once


def test_cleaning_twice_changes_nothing(full_report: Report) -> None:
    hostile = replace(
        full_report,
        submission="\u202e" * 900,
        files={"a\u200b.py": "1", r"a\u200b.py": "2", "b" * 900: "3", "b" * 901: "4"},
        notes=tuple("\x00" * 3_000 for _ in range(90)),
    )
    assert cleaned(cleaned(hostile)) == cleaned(hostile) != hostile


def test_files_that_look_the_same_are_told_apart(full_report: Report) -> None:
    files = {"a\u200b.py": "1", r"a\u200b.py": "2", "b" * 900: "3", "b" * 901: "4"}
    shown = cleaned(replace(full_report, files=files)).files
    assert sorted(shown.values()) == ["1", "2", "3", "4"]
    assert all(len(name) <= LINE for name in shown)


def test_ten_thousand_notes_become_a_few(full_report: Report) -> None:
    notes = cleaned(replace(full_report, notes=("left out",) * 10_000)).notes
    assert len(notes) == 50
    assert notes[-1] == "9,951 more notes are left out."
    assert cleaned(replace(full_report, notes=notes)).notes == notes
