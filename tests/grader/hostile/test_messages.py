"""What a student's code says reaches everyone who reads a report, so it is made harmless first."""

from pathlib import Path

import pytest

from tests.grader.conftest import RIGHT, Command, write

HEAD = "import numpy as np\n\n\nclass Odd(Exception):\n    pass\n\n\n"
SAYS = {
    "markup": 'raise ValueError("</pre><script>alert(1)</script><b>{{ 7 * 7 }}[red]x[/] `c`")',
    "terminal": 'raise ValueError("\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\r over")',
    "bidi": 'raise ValueError("\\u202etxt.exe\\u2066\\u200b\\ufeff")',
    "surrogate": 'raise ValueError("\\ud800\\x00 end")',
    "huge": 'raise ValueError("<\\x1b" * (25 * 2**20))',
    "deep": 'Odd.__str__ = lambda self: self.__str__(); raise Odd("x")',
    "leaves": 'Odd.__str__ = lambda self: exit(3); raise Odd("x")',
    "no text": 'Odd.__str__ = lambda self: b"bytes"; raise Odd("x")',
    "class": 'raise type("<i>\\x1b[2J\\u202e" * 99, (Exception,), {})("x")',
    "cause": 'raise ValueError("a") from ValueError("<b>" * 10**6)',
    "group": 'raise ExceptionGroup("<u>" * 10**6, [ValueError("b")] * 100)',
}


@pytest.fixture(scope="module")
def graded(grader: Command, small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports on submissions that say such things, each in a folder of its own."""
    place = tmp_path_factory.mktemp("says")
    for name, says in SAYS.items():
        body = f"{HEAD}def relu(Z):\n    {says}\n\n\ndef slope(Z):\n    return {says!r}\n"
        write(place / "in" / name, RIGHT | {"relu.py": body})
    ran = grader("batch", place / "in", "--course", small_course, "--out", place / "out")
    assert ran.code == 0, ran.err
    write(place, {"printed.txt": ran.out})
    last = grader(
        "run", place / "in" / "markup", "--course", small_course, "--out", place / "out" / "markup"
    )
    write(place, {"terminal.txt": last.out})
    return place


@pytest.mark.parametrize("name", SAYS)
def test_it_comes_out_short_and_harmless(graded: Path, name: str) -> None:
    for file in ("report.html", "report.json"):
        text = (graded / "out" / name / file).read_text("utf-8")
        assert len(text) < 40_000
        assert not set("\x1b\x07\x9b\u202e\u2066\u200b\ufeff\ud800\x00") & set(text)
    page = (graded / "out" / name / "report.html").read_text("utf-8")
    assert not any(tag in page for tag in ("<script", "<b>", "<i>", "<u>"))
    assert "relu raised " in page


def test_what_cannot_be_said_is_said_to_be_so(graded: Path) -> None:
    for name in ("deep", "leaves", "no text"):
        text = (graded / "out" / name / "report.json").read_text("utf-8")
        assert "relu raised Odd on line 9 of relu.py: (its message could not be read)" in text


def test_a_terminal_shows_markup_as_it_is(graded: Path) -> None:
    text = " ".join((graded / "terminal.txt").read_text("utf-8").split())
    assert "<script>alert(1)</script><b>{{ 7 * 7 }}[red]x[/] `c`" in text
