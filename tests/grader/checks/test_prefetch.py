"""Calls known beforehand are made ahead; what a worker dies of is left to one that confirms."""

from collections.abc import Iterator

import pytest

from grader.checks import prefetch
from grader.checks.bank import CheckBank, Recorded
from grader.checks.prefetch import Fetched, Prefetcher, Wanted
from grader.checks.transcript import digest, transcript
from grader.checks.wire import Conversation, Reply, image, interpret
from grader.errors import SandboxError
from grader.model import Isolation, Limits, SourceFile, Status
from grader.sandbox import Sandbox, open_sandbox
from grader.worker import codec

LIMITS = Limits(cpu_seconds=0.3, wall_seconds=5.0)
SOURCE = """
import numpy as np
STATE = []
def count(x):
    STATE.append(x)
    return len(STATE)
def hangs(x):
    while x == 3: pass
    return x
def large(x): return np.ones(2**17)
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(("numpy",), LIMITS, Isolation.NONE) as made:
        yield made


def bank(*examples: str) -> CheckBank:
    """Each example is a text such as "count1 later2": functions with an argument; later is not
    known beforehand."""
    calls = tuple(
        tuple(
            Recorded(word[:-1], codec.encode(((int(word[-1]),), {})), 1, word[:-1] != "later")
            for word in example.split()
        )
        for example in examples
    )
    return CheckBank("test_a", "test_a", b"", calls)


def fetch(sandbox: Sandbox, *banks: CheckBank, source: str = SOURCE) -> list[Fetched]:
    talk = Conversation(sandbox, [SourceFile("a.py", "", (source,))], {}, LIMITS)
    names = ("count", "hangs", "large", "missing")
    made = Prefetcher(talk, [Wanted("double", names, each) for each in banks])
    made.start()
    return [made.next() for _ in banks]


def values(fetched: Fetched) -> list[list[object]]:
    return [
        [None if reply is None else interpret("f", reply, LIMITS).value for reply in replies]
        for replies in fetched.replies
    ]


def test_calls_are_made_in_the_order_of_the_bank_from_a_fresh_start(sandbox: Sandbox) -> None:
    first, second = fetch(sandbox, bank("count1 later1 count2", "", "count3"), bank("count4"))
    assert values(first) == [[1, None, 2], [], [3]]
    assert values(second) == [[1]]
    assert first.loaded is not None
    assert first.loaded.file == "a.py"
    replies = [reply for each in first.replies for reply in each if isinstance(reply, Reply)]
    assert first.transcript == transcript(digest(image(reply)) for reply in replies)


def test_a_check_without_such_calls_has_an_empty_transcript(sandbox: Sandbox) -> None:
    (only,) = fetch(sandbox, bank("later1"))
    assert (values(only), only.transcript) == ([[None]], transcript([]))


def test_a_death_is_told_and_its_function_is_not_called_again(sandbox: Sandbox) -> None:
    dead, after, other = fetch(
        sandbox, bank("hangs1", "hangs3", "hangs2"), bank("count1 hangs1 count2"), bank("count1")
    )
    assert values(dead) == [[1], [None], [None]]
    assert (dead.transcript, dead.death) == (None, ("hangs", Status.TIMEOUT))
    assert values(after) == [[1, None, None]]
    assert (after.transcript, after.death) == (None, None)
    assert values(other) == [[1]]
    assert other.transcript is not None


def test_a_file_that_cannot_be_loaded_is_left_alone(sandbox: Sandbox) -> None:
    source = "import os\nx = os._exit(1)\ndef count(n): return x"
    first, second = fetch(sandbox, bank("count1"), bank("count1"), source=source)
    assert first.death is not None
    assert first.death[1] is Status.CRASHED
    for each in (first, second):
        assert (each.loaded, values(each), each.transcript) == (None, [[None]], None)
    assert second.death is None


def test_what_is_missing_is_not_called(sandbox: Sandbox) -> None:
    (only,) = fetch(sandbox, bank("count1 missing1"))
    assert (values(only), only.transcript) == ([[1, None]], None)


def test_large_answers_are_not_piled_up(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "AHEAD_BYTES", 3 * 2**20)
    many, after = fetch(sandbox, bank(*["large1"] * 9), bank("count1"))
    assert [reply is not None for (reply,) in many.replies] == [True] * 3 + [False] * 6
    assert (many.transcript, many.death) == (None, None)
    assert values(after) == [[1]]


def test_whoever_waits_is_told_of_a_broken_sandbox() -> None:
    closed = open_sandbox(("numpy",), LIMITS, Isolation.NONE)
    closed.close()
    with pytest.raises(SandboxError):
        fetch(closed, bank("count1"))


def test_whoever_wants_no_more_waits_for_one_call_at_most(sandbox: Sandbox) -> None:
    source = "import time\ndef count(x): time.sleep(0.2)"
    talk = Conversation(sandbox, [SourceFile("a.py", "", (source,))], {}, LIMITS)
    wanted = Wanted("double", ("count",), bank(*["count1"] * 200))
    made = Prefetcher(talk, [wanted, wanted])
    made.start()
    made.stop()
    fetched = made.next()
    assert sum(reply is not None for (reply,) in fetched.replies) < 200
    assert fetched.transcript is None
