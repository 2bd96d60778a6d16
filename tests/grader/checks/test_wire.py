"""Conversations with a real worker: order, limits, callbacks, and workers that lie."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest

from grader.checks.calls import Call
from grader.checks.wire import (
    Conversation,
    Departed,
    Reply,
    again,
    image,
    interpret,
    limit_reached,
    respond_by,
)
from grader.kit.submission import callback
from grader.kit.verdicts import Leave, Mismatch, StudentError
from grader.model import Isolation, Limits, SourceFile, Status
from grader.sandbox import Sandbox, WorkerGone, open_sandbox
from grader.worker import codec
from grader.worker.frames import Kind

LIMITS = Limits(cpu_seconds=0.4, wall_seconds=5.0, callbacks=10)
SOURCE = """
import os
import numpy as np

COUNT = []

def count(x):
    COUNT.append(x)
    return len(COUNT)

def double(x): return 2 * x
def large(x): return np.ones(int(x))
def draws(): return np.random.rand(), np.random.default_rng().random()
def raises(): raise KeyError("no such key")
def blank(): raise NotImplementedError
def hungry(): raise MemoryError
def strange(): return {1}
def hangs(x):
    while x > 5: pass
    return x
def dies(): os._exit(3)
def calls_back(f, n): return sum(f(float(i)) for i in range(int(n)))
def lies(n):
    for fd in range(3, 60):
        try: os.write(fd, b"\\x01" * int(n))
        except OSError: pass
    return 1
def forges(kind):
    import struct
    for fd in range(3, 60):
        try: os.write(fd, struct.pack("<IQB", 2**31, 7, int(kind)))
        except OSError: pass
    return 1
"""

FUNCTIONS = tuple(re.findall(r"^def (\w+)", SOURCE, re.MULTILINE))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(("numpy",), LIMITS, Isolation.NONE) as made:
        yield made


@pytest.fixture
def talk(sandbox: Sandbox) -> Iterator[Conversation]:
    file = SourceFile("a.py", "", (SOURCE,))
    made = Conversation(sandbox, [file], {}, LIMITS)
    made.load("double", FUNCTIONS)
    yield made
    made.close()


def call(function: str, *args: object, seed: int = 1) -> Call:
    return Call(function, codec.encode((args, {})), (), seed)


def value(reply: Reply) -> object:
    return interpret("f", reply, LIMITS).value


def test_loading_says_what_is_there(talk: Conversation) -> None:
    loaded = talk.load("double", ("double", "missing"))
    assert loaded.file == "a.py"
    assert list(loaded.missing) == ["missing"]


def test_each_load_starts_from_the_beginning(talk: Conversation) -> None:
    counts = [value(talk.ask(call("count", 0))) for _ in range(2)]
    talk.load("double", ("count",))
    assert [*counts, value(talk.ask(call("count", 0)))] == [1, 2, 1]


def test_calls_sent_ahead_are_answered_in_order(talk: Conversation) -> None:
    calls = [call("double", n) for n in range(500)]
    assert [value(reply) for reply in talk.ask_all(calls)] == [2 * n for n in range(500)]


def test_large_arguments_and_answers_pass_between_small_ones(talk: Conversation) -> None:
    sizes = [3, 300_000, 2, 1_000_000, 70_000, 1]
    calls = [call("double", np.ones(n)) for n in sizes]
    assert [np.size(value(reply)) for reply in talk.ask_all(calls)] == sizes  # type: ignore[arg-type]
    calls = [call("large", n) for n in sizes * 3]
    assert [np.size(value(reply)) for reply in talk.ask_all(calls)] == sizes * 3  # type: ignore[arg-type]


def test_the_seed_decides_what_is_random(talk: Conversation) -> None:
    first, other, again_ = (value(talk.ask(call("draws", seed=seed))) for seed in (1, 2, 1))
    assert first == again_
    assert first != other


def test_a_death_costs_its_own_call_only(talk: Conversation) -> None:
    calls = [call("hangs", n) for n in (1, 2, 3, 9, 4, 5)]
    answers = []
    with pytest.raises(WorkerGone) as gone:
        for reply in talk.ask_all(calls):
            answers.append(value(reply))
    assert (answers, gone.value.status) == ([1, 2, 3], Status.TIMEOUT)
    assert not talk.alive
    with pytest.raises(WorkerGone):
        talk.ask(calls[0])
    talk.load("double", ("hangs",))
    assert value(talk.ask(calls[0])) == 1


def test_each_call_sent_ahead_has_limits_of_its_own(sandbox: Sandbox) -> None:
    source = "import time\ndef waits(): time.sleep(0.3)"
    limits = Limits(cpu_seconds=1, wall_seconds=1.0)
    talk = Conversation(sandbox, [SourceFile("a.py", "", (source,))], {}, limits)
    talk.load("waits", ("waits",))
    assert len(list(talk.ask_all([call("waits")] * 6))) == 6
    talk.close()


@pytest.mark.parametrize(("function", "args"), [("lies", (13,)), ("lies", (500,)),
                                                 ("forges", (18,)), ("forges", (99,))])  # fmt: skip
def test_a_worker_that_lies_is_ended_and_the_next_is_fine(
    talk: Conversation, function: str, args: tuple[int]
) -> None:
    with pytest.raises(WorkerGone):
        talk.ask(call(function, *args))
        talk.ask(call("double", 1))
    assert not talk.alive
    talk.load("double", ("double",))
    assert value(talk.ask(call("double", 4))) == 8


def with_callback(n: int, function: Callable[[float], float]) -> Call:
    arguments = codec.encode(((codec.Handle(0), n), {}))
    return Call("calls_back", arguments, (callback(function, takes=[()]),), 1)


LIAR = """
import sys

SAID = {"file": "seen.py", "functions": {}, "missing": {}, "notes": []}
PLACES = [module for name, module in sys.modules.items() if name.endswith("namespace")]
LIES = [setattr(place.Opened, "report", lambda self: SAID) for place in PLACES]

def f(): return LIES
"""


def test_the_file_that_was_graded_is_one_of_the_submission(sandbox: Sandbox) -> None:
    talk = Conversation(sandbox, [SourceFile("a.py", "", (LIAR,))], {}, LIMITS)
    with closing(talk), pytest.raises(WorkerGone):
        talk.load("e", ("f",))
    talk = Conversation(sandbox, [SourceFile("seen.py", "", (LIAR,))], {}, LIMITS)
    with closing(talk):
        assert talk.load("e", ("f",)).file == "seen.py"  # what it says is true by chance


def test_callbacks_run_here(talk: Conversation) -> None:
    asked = []
    reply = talk.ask(with_callback(4, lambda x: asked.append(x) or x * 10))  # type: ignore[func-returns-value]
    assert (value(reply), asked) == (60.0, [0.0, 1.0, 2.0, 3.0])


def test_a_callback_that_fails_tells_nothing(talk: Conversation) -> None:
    def fails(x: float) -> float:
        raise ValueError("the secret answer is 42")

    reply = talk.ask(with_callback(1, fails))
    assert reply.kind is Kind.RAISED
    assert b"secret" not in reply.payload


def test_callbacks_are_counted(talk: Conversation) -> None:
    with pytest.raises(StudentError, match="raised RuntimeError"):
        interpret("f", talk.ask(with_callback(11, lambda x: x)), LIMITS)


def test_a_dialogue_is_repeated_while_the_same_is_asked(talk: Conversation) -> None:
    dialogue: list[tuple[bytes, bytes]] = []
    told = with_callback(3, lambda x: x * 10)

    def respond(request: bytes) -> bytes:
        dialogue.append((request, respond_by(told.callbacks, request)))
        return dialogue[-1][1]

    first = talk.ask(told, respond)
    assert talk.ask(with_callback(3, lambda _: 0.0), again(deque(dialogue))) == first
    with pytest.raises(Departed):
        talk.ask(with_callback(4, lambda _: 0.0), again(deque(dialogue)))
    assert not talk.alive


def test_what_an_answer_means(talk: Conversation) -> None:
    def meaning(function: str) -> BaseException:
        with pytest.raises(BaseException) as caught:
            interpret(function, talk.ask(call(function)), LIMITS)
        return caught.value

    raised = meaning("raises")
    assert isinstance(raised, StudentError)
    assert (raised.raised.kind, raised.raised.message) == ("KeyError", "'no such key'")
    assert raised.raised.code == 'def raises(): raise KeyError("no such key")'
    assert raised.raised.file == "a.py"
    assert raised.raised.line == 1 + SOURCE[: SOURCE.index("def raises")].count("\n")
    assert isinstance(meaning("strange"), Mismatch)
    blank, hungry = meaning("blank"), meaning("hungry")
    assert isinstance(blank, Leave)
    assert isinstance(hungry, Leave)
    assert (blank.status, hungry.status) == (Status.NOT_STARTED, Status.MEMORY)
    assert limit_reached("f", Status.TIMEOUT, LIMITS).status == Status.TIMEOUT


def test_where_an_exception_came_from_is_not_in_its_image(sandbox: Sandbox) -> None:
    def image_of(name: str, source: str) -> bytes:
        talk = Conversation(sandbox, [SourceFile(name, "", (source,))], {}, LIMITS)
        talk.load("f", ("f",))
        try:
            return image(talk.ask(call("f")))
        finally:
            talk.close()

    first = image_of("a.py", "def f():\n    raise ValueError('no')\n")
    assert image_of("b.py", "# a comment\ndef f():\n    x = 1\n    raise ValueError('no')") == first
    assert image_of("a.py", "def f():\n    raise ValueError('yes')\n") != first
    assert image_of("a.py", "def f():\n    raise KeyError('no')\n") != first
