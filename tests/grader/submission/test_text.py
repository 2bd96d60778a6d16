"""Encodings of Python files."""

import time

import pytest

from grader.submission.gathered import LeftOutError
from grader.submission.text import decode_python


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("é = 1\n".encode(), "é = 1\n"),
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        (b"# coding: latin-1\n# \xe9\n", "# coding: latin-1\n# é\n"),
        (b"#!/usr/bin/python\r\n# -*- coding: cp1252 -*-\r\n# \x80", None),
        (b"# vim: set fileencoding=shift_jis :\r# \x83\x65\r", None),
        (b"a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
        (b"x = 1\n\n# coding: none, but this comes too late\n", None),
    ],
)
def test_text_is_decoded_as_python_does(data: bytes, text: str | None) -> None:
    decoded = decode_python(data)
    assert "\r" not in decoded
    assert text is None or decoded == text


@pytest.mark.parametrize(
    "data",
    [
        b"# \xe9\n",
        b"x = 1\n\n\n\xff",
        b"# coding: no-such-encoding\n",
        b"# coding: rot13\n",
        b"# coding: zlib\n",
        b"# coding: undefined\n",
        b"# coding: unicode_escape\n'\\x41'",
        b"# coding: raw-unicode-escape\n",
        b"# coding: utf-16\nx",
        b"# coding: utf-7\n# +2AA-\n",
        b"# coding: aliases\n",
        b"\xef\xbb\xbf# coding: latin-1\n",
        b"# coding: " + b"x" * 100_000 + b"\n",
    ],
)
def test_what_is_no_text_is_left_out(data: bytes) -> None:
    with pytest.raises(LeftOutError, match="save it as UTF-8"):
        decode_python(data)


def test_nul_and_utf_16_are_binary() -> None:
    for data in (b"x = 1\0", "x = 1\n".encode("utf-16")):
        with pytest.raises(LeftOutError, match="binary"):
            decode_python(data)


@pytest.mark.parametrize("codec", [b"punycode", b"idna"])
def test_slow_codecs_are_not_run(codec: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(LeftOutError):
        decode_python(b"# coding: " + codec + b"\n" + b"a-" + b"b9" * 2_000_000)
    assert time.perf_counter() - start < 1.0
