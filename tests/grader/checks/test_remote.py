"""What exceeds a limit is tried again before it counts, and not for ever."""

import contextlib
import time
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from grader.checks.calls import Call
from grader.checks.messages import Struck
from grader.checks.remote import STRIKES, RemoteTarget, Strikes, loading
from grader.checks.transcript import DIGEST, Kept
from grader.checks.wire import Conversation
from grader.kit.verdicts import Leave, StudentError
from grader.model import Isolation, Limits, SourceFile, Status
from grader.sandbox import Sandbox, WorkerGone, WorkerProcess, open_sandbox
from grader.worker import codec

LIMITS = Limits(cpu_seconds=0.3, wall_seconds=5.0)
SOURCE = """
def hangs():
    while True: pass
def hangs_too(): hangs()
def dies(): import os; os._exit(1)
def double(x): return 2 * x
def sometimes(x):
    while x == 3: pass
    if x > 5: raise KeyError("no")
    return x
STATE = []
def count():
    STATE.append(1)
    return len(STATE)
"""
FUNCTIONS = ("hangs", "hangs_too", "dies", "double", "sometimes", "count", "missing")


class Counting:
    """A sandbox that counts its workers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.made = 0
        self._sandbox = sandbox

    def worker(self) -> WorkerProcess:
        self.made += 1
        return self._sandbox.worker()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(("numpy",), LIMITS, Isolation.NONE) as made:
        yield made


@pytest.fixture
def counting(sandbox: Sandbox) -> Counting:
    return Counting(sandbox)


def target(
    counting: Counting,
    source: str = SOURCE,
    strikes: Strikes | None = None,
    limits: Limits = LIMITS,
) -> RemoteTarget:
    file = SourceFile("a.py", "", (source,))
    talk = Conversation(counting, [file], {}, limits)  # type: ignore[arg-type]
    made = RemoteTarget(talk, strikes)
    made.begin("double", FUNCTIONS)
    return made


def call(function: str, *args: object) -> Call:
    return Call(function, codec.encode((args, {})), (), 1)


def ending(made: RemoteTarget, function: str, *args: object) -> str:
    with pytest.raises(Leave) as leave:
        made.call(call(function, *args))
    return leave.value.status


def test_a_function_that_hangs_is_tried_three_times_and_no_more(counting: Counting) -> None:
    told: list[Struck] = []
    made = target(counting, strikes=Strikes(tell=told.append))
    for _ in range(5):
        made.begin("double", FUNCTIONS)
        assert ending(made, "hangs") == Status.TIMEOUT
    assert told == [Struck("double", "hangs", Status.TIMEOUT)] * STRIKES
    # Each death but the last is followed by a worker that dies in turn.
    assert counting.made <= STRIKES + 1
    assert made.call(call("double", 2)).value == 4
    assert ending(made, "dies") == Status.CRASHED


def test_strikes_go_on_from_those_of_earlier_examiners(counting: Counting) -> None:
    before = [Struck("double", "hangs", Status.TIMEOUT)] * 2
    told: list[Struck] = []
    made = target(counting, strikes=Strikes(before, told.append))
    ending(made, "hangs")
    assert len(told) == 1
    before = [Struck("double", "hangs", Status.MEMORY)] * 3
    made = target(counting, strikes=Strikes(before))
    started = counting.made
    assert ending(made, "hangs") == Status.MEMORY
    assert counting.made <= started + 1


def test_a_function_of_the_same_name_in_another_exercise_is_another(counting: Counting) -> None:
    made = target(counting, strikes=Strikes([Struck("other", "double", Status.TIMEOUT)] * 3))
    assert made.call(call("double", 1)).value == 2


def test_what_is_slow_once_is_confirmed_and_passes(counting: Counting) -> None:
    end = time.time() + 1.6
    wait = f"time.sleep(max(0, {end} - time.time()))"
    source = f"import time\ndef double(x):\n    {wait}\n    return x"
    told: list[Struck] = []
    limits = Limits(cpu_seconds=0.3, wall_seconds=1.0)
    made = target(counting, source, Strikes(tell=told.append), limits)
    assert made.call(call("double", 3)).value == 3
    assert told == [Struck("double", "double", Status.TIMEOUT)]


def test_a_file_that_hangs_as_it_is_loaded_is_tried_three_times(counting: Counting) -> None:
    told: list[Struck] = []
    made = target(
        counting, "x = sum(iter(int, 1))\ndef double(): return x", Strikes((), told.append)
    )
    for _ in range(4):
        made.begin("double", FUNCTIONS)
        assert ending(made, "double") == Status.TIMEOUT
        assert made.loaded is None
    assert told == [Struck("double", loading("double"), Status.TIMEOUT)] * STRIKES


def test_what_is_missing_is_not_called(counting: Counting) -> None:
    made = target(counting)
    assert ending(made, "missing") == Status.NOT_STARTED
    assert made.log == []


def kept(made: RemoteTarget, *calls: Call) -> Kept:
    made.begin("double", FUNCTIONS)
    for each in calls:
        with contextlib.suppress(StudentError):
            made.call(each)
    assert made.log is not None
    asked = tuple(made.log)
    last = len(asked) - 1
    return Kept(Status.ERROR, "", None, None, asked, made.answers(), last, decisive=len(asked))


def test_a_log_can_be_gone_through_again(counting: Counting) -> None:
    made = target(counting)
    outcome = kept(made, call("double", 1), call("count"), call("count"), call("sometimes", 9))
    assert len(outcome.answers) == 4 * DIGEST
    made.begin("double", FUNCTIONS)
    same, reply = made.answers_again(outcome)
    assert same
    assert reply is not None
    assert b"KeyError" in reply.payload


def test_going_through_a_log_ends_at_the_first_other_answer(counting: Counting) -> None:
    calls = call("double", 1), call("double", 2), call("hangs")
    outcome = kept(target(counting, "def double(x): return 3 * x\ndef hangs(): pass"), *calls)
    made = target(counting)
    assert made.answers_again(outcome) == (False, None)
    assert made.call(call("double", 2)).value == 4  # it never came to hang


def test_a_death_on_the_way_through_a_log_counts(counting: Counting) -> None:
    outcome = kept(target(counting, "def hangs(): pass"), call("hangs"))
    told: list[Struck] = []
    made = target(counting, strikes=Strikes(tell=told.append))
    with pytest.raises(WorkerGone):
        made.answers_again(outcome)
    assert ending(made, "hangs") == Status.TIMEOUT
    assert len(told) == 2


def test_a_death_where_a_small_example_was_searched_does_not_count(counting: Counting) -> None:
    outcome = replace(kept(target(counting, "def hangs(): pass"), call("hangs")), decisive=0)
    told: list[Struck] = []
    made = target(counting, strikes=Strikes(tell=told.append))
    with pytest.raises(WorkerGone):
        made.answers_again(outcome)
    assert told == []


def test_a_search_is_apart(counting: Counting) -> None:
    """The functions are loaded afresh, a death counts at once and for nothing later."""
    told: list[Struck] = []
    made = target(counting, strikes=Strikes(tell=told.append))
    assert [made.call(call("count")).value for _ in range(2)] == [1, 2]
    for _ in range(2):
        with made.searching():
            assert made.call(call("count")).value == 1
            started = counting.made
            assert ending(made, "hangs") == Status.TIMEOUT
            assert counting.made <= started + 1
    assert (told, made.decisive) == ([], 3)
    assert made.log is not None
    assert len(made.log) == 4
    assert ending(made, "hangs") == Status.TIMEOUT
    assert len(told) == 2
    made.begin("double", FUNCTIONS)
    assert (made.log, made.decisive) == ([], None)


def test_the_call_that_ended_an_example_is_found_in_the_log(counting: Counting) -> None:
    made = target(counting)
    calls = [call("sometimes", 7), call("sometimes", 6), call("double", 1), call("sometimes", 8)]
    kept(made, *calls)
    assert made.place_of([(calls[2], None), (calls[1], None)], "sometimes") == 1
    assert made.place_of([(calls[3], None)], "sometimes") == 3
    assert made.place_of([], "sometimes") == 0
