"""Code that speaks in the grader's name: frames of its own, patched libraries, kept outcomes."""

import pytest

FRAMES = """
import builtins
import os
import struct
import sys


def pending():
    frame = sys._getframe()
    while frame.f_code.co_name != "_call":
        frame = frame.f_back
    return frame.f_locals["number"]


def encoded(value):
    return sys.modules["worker.codec"].encode(value)


def mapping(**values):
    return sys.modules["worker.codec"].encode_mapping(values)


def answer(value):
    return mapping(value=encoded(value), changed=encoded([]))


def raised(**more):
    said = {name: encoded("E") for name in ("type", "message")}
    said |= {name: encoded(False) for name in ("blank", "memory")}
    return mapping(**said | more)


def say(kind, payload, number=None):
    number = pending() if number is None else number
    data = memoryview(struct.pack("<IQB", len(payload), number, kind) + payload)
    while data:
        data = data[os.write(4, data):]
"""
# Each case: what `forward` does; its checks end with the status, or in one of several ways.
IN_FORWARD = {
    "an answer of its own, and another": ("say(18, answer(W @ X + 1))\n    return W @ X", ""),
    "answers with wrong ids": ("[say(18, answer(W @ X), n) for n in range(9)]", "crashed"),
    "an oversized frame": (
        "os.write(4, struct.pack('<IQB', 2**32 - 1, pending(), 18))\n"
        "    while True:\n        os.write(4, bytes(2**16))",
        "crashed",
    ),
    "noise on every descriptor": (
        "for n in range(64):\n        try:\n            os.write(n, bytes([255]) * 4096)\n"
        "        except OSError:\n            pass\n    return W @ X",
        "crashed",
    ),
    "an array of a gigantic shape": (
        "say(18, b'a' + bytes([11, 32]) + bytes([255]) * 300)",
        "crashed",
    ),
    "a value that travels only to workers": (
        "say(18, mapping(value=b'H' + bytes(4), changed=encoded([])))",
        "crashed",
    ),
    "a frame of another kind": ("say(17, encoded({'file': 'x', 'missing': {}, 'notes': []}))", ""),
    "a request": ("say(3, encoded(None))", "crashed"),
    "a callback where there is none": ("say(21, encoded({'handle': 0, 'args': ()}))", "crashed"),
    "changes that are no places": (
        "say(18, mapping(value=encoded(W @ X + 1), changed=encoded([[], {}, None])))\n"
        "    os._exit(0)",
        "",
    ),
    "an exception with nested flags": (
        "say(19, raised(blank=(b'l' + bytes([1, 0, 0, 0])) * 40 + b'N'))",
        "",
    ),
    "no exception at all": ("say(19, encoded([1, 2, 3]))", "crashed"),
    "answers ahead": (
        "os.set_blocking(3, False)\n    try:\n        data = os.read(3, 2**16)\n"
        "    except OSError:\n        data = b''\n    while len(data) >= 13:\n"
        "        size, number, _ = struct.unpack('<IQB', data[:13])\n"
        "        data = data[13 + size :]\n        say(18, answer(np.zeros((2, 2))), number)",
        "",
    ),
    "nothing but None from the codec": (
        "for name in [name for name in sys.modules if name.startswith('worker')]:\n"
        "        for key, value in list(vars(sys.modules[name]).items()):\n"
        "            if callable(value):\n"
        "                setattr(sys.modules[name], key, lambda *_, **__: b'N')",
        "crashed",
    ),
}
IN_NUMERIC = {
    "a handle that is none": ("say(21, encoded({'handle': 9, 'args': (1.0,)}))", "crashed"),
    "arguments without end": (
        "for _ in range(150):\n        try:\n            J(np.zeros(10**5))\n"
        "        except RuntimeError:\n            pass\n    return 2 * theta",
        "crashed",
    ),
    "a million calls": ("for _ in range(10**6):\n        J(theta)", "error"),
    "a million calls in frames of its own": (
        "for _ in range(10**6):\n        say(21, encoded({'handle': 0, 'args': (1.0,)}))\n"
        "        os.read(3, 64)",
        "crashed",
    ),
    "arguments that are no number": (
        "for x in (None, 'x', 1j, [1.0], {}, True, np.zeros(3), np.zeros((1, 1)), J, 2**70):\n"
        "        try:\n            J(x)\n        except (RuntimeError, TypeError):\n"
        "            pass\n    return 0.0",
        "failed",
    ),
    "more and fewer of them": (
        "for args in ((), (1.0, 2.0)):\n        try:\n            J(*args)\n"
        "        except RuntimeError:\n            pass\n    return 0.0",
        "failed",
    ),
    "keeping it for later": (
        "old = getattr(sys, 'old', J)\n    sys.old = J\n"
        "    return (old(theta + 1e-4) - old(theta - 1e-4)) / 2e-4",
        "",
    ),
}
PATCHED = """
def forward(W, X):
    for name in ("allclose", "array_equal", "isclose", "all", "any", "isfinite", "asarray"):
        setattr(np, name, lambda *_, **__: True)
    np.testing.assert_allclose = np.testing.assert_array_equal = lambda *_, **__: None
    builtins.isinstance = builtins.issubclass = lambda *_: True
    builtins.abs = builtins.max = builtins.sum = lambda *_: 0
    return W @ X + 1


def gradient(W, X):
    return W + 1


def numeric(J, theta):
    return 5
"""
WITHOUT_NUMERIC = """
def forward(W, X):
    return W @ X


def gradient(W, X):
    return W @ X @ X.T
"""


def of(function: str, body: str) -> str:
    arguments = {"forward": "W, X", "numeric": "J, theta"}[function]
    return f"{FRAMES}\n\ndef {function}({arguments}):\n    {body}\n"


def ended(grade, missed, hostile: str, function: str, end: str) -> None:
    """Require that no check of the function passes, and how they end where that is certain.

    Where it is not, the worker is out of step with us, and the next check may suffer, too.
    """
    ends = grade(hostile).missed
    assert ends == missed(**{end: function}) if end else set(ends) >= set(missed(x=function))
    assert "double" not in ends


@pytest.mark.parametrize("case", IN_FORWARD)
def test_frames_earn_nothing(grade, missed, nothing_survives, case: str) -> None:
    body, end = IN_FORWARD[case]
    ended(grade, missed, of("forward", body), "forward", end)


@pytest.mark.parametrize("case", IN_NUMERIC)
def test_callbacks_earn_nothing(grade, missed, nothing_survives, case: str) -> None:
    body, end = IN_NUMERIC[case]
    ended(grade, missed, of("numeric", body), "numeric", end)


def test_patches_of_libraries_stay_with_the_student(grade, missed) -> None:
    ends = grade(FRAMES + PATCHED).missed
    assert set(ends) == set(missed(failed="forward gradient numeric"))


def test_a_message_of_16_mib_is_cut(grade, missed) -> None:
    graded = grade(of("forward", "say(19, raised(message=encoded('x' * (2**24 - 999))))"))
    assert set(graded.missed) >= set(missed(error="forward"))
    assert max(map(len, graded.messages.values())) < 3_000


@pytest.mark.parametrize(
    "numeric", ["", "\n\ndef numeric(J, theta):\n    raise NotImplementedError"]
)
def test_what_is_not_written_is_nobody_elses_fault(grade, missed, numeric: str) -> None:
    """Its answers so far are right ones, so the next submission has the same."""
    assert grade(layer=f"import numpy as np\n{WITHOUT_NUMERIC}{numeric}").missed == missed(
        not_started="numeric"
    )
    assert grade().missed == {}


def test_a_right_answer_that_asks_nothing_was_not_worked_out(grade, missed) -> None:
    """Although the same answer has passed before, from those who asked for values of J."""
    assert grade().missed == {}
    assert grade("def numeric(J, theta):\n    return 0.0").missed == missed(failed="numeric")


def test_the_same_wrong_answers_fail_again(grade, missed) -> None:
    hostile = "def forward(W, X):\n    return W @ X + 1"
    first, second = grade(hostile), grade(hostile)
    assert first.missed == second.missed != {}
    assert first.messages == second.messages


@pytest.mark.parametrize(
    "error",
    [
        "ValueError('\\x1b[2J\\x1b]0;x\\x07<script>alert(1)</script>[bold red]x[/] \\u202e \\0')",
        "type('\\x1b[31m<b>', (Exception,), {})('x')",
        "type('E', (Exception,), {'__str__': lambda self: sys.exit()})()",
        "type('E', (Exception,), {'__str__': lambda self: 'x' * 50 * 2**20})()",
        "type('S', (BaseException,), {'__class__': property(lambda self: 1 / 0)})('x')",
    ],
)
def test_what_exceptions_say_is_shown_harmlessly(grade, missed, error: str) -> None:
    graded = grade(of("forward", f"raise {error}"))
    assert graded.missed == missed(error="forward")
    shown = graded.everything()
    assert "\x1b" not in shown.replace("\\x1b", "")
    assert "<script>" not in graded.page
    assert max(map(len, graded.messages.values())) < 3_000
