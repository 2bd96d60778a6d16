"""The loop in a process of its own, driven by frames."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from grader.worker.codec import Generator, Handle, OwnFunction, decode, encode
from grader.worker.frames import HEADER, Kind

PACKAGES = Path(__file__).parents[3] / "grader"


class Worker:
    """A worker in a plain child process."""

    def __init__(self) -> None:
        here_read, there_write = os.pipe()
        there_read, here_write = os.pipe()
        code = f"import sys; sys.path.insert(0, {str(PACKAGES)!r})\n"
        code += f"from worker.loop import serve; serve({there_read}, {there_write})"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code], pass_fds=(there_read, there_write)
        )
        os.close(there_read)
        os.close(there_write)
        self._read, self.write_fd = here_read, here_write

    def send(self, kind: int, value: object, number: int = 7) -> None:
        data = encode(value)
        os.write(self.write_fd, HEADER.pack(len(data), number, kind) + data)

    def receive(self) -> tuple[int, Kind, Any]:
        length, number, kind = HEADER.unpack(self._exactly(HEADER.size))
        return number, Kind(kind), decode(self._exactly(length))

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            ready, _, _ = select.select([self._read], [], [], 20)
            part = os.read(self._read, size - len(data)) if ready else b""
            if not part:
                raise EOFError
            data += part
        return data

    def ask(self, kind: int, value: object) -> tuple[Kind, Any]:
        self.send(kind, value)
        number, reply, payload = self.receive()
        assert number == 7
        return reply, payload

    def open(self, text: str, *functions: str) -> Any:
        files = [{"name": "ex.py", "cells": [dedent(text)]}]
        helpers = {"tools": "def twice(x): return 2 * x"}
        sources = {"files": files, "helpers": helpers, "callbacks": 5}
        assert self.ask(1, sources) == (Kind.READY, None)
        return self.reopen(*functions)

    def reopen(self, *functions: str) -> Any:
        kind, payload = self.ask(2, {"exercise": "ex", "functions": list(functions or ("f",))})
        assert kind is Kind.READY
        return payload

    def call(self, *args: object, name: str = "f", seed: int = 1, **kwargs: object) -> Any:
        return self.ask(3, {"function": name, "seed": seed, "arguments": (args, kwargs)})

    def value(self, *args: object, **more: Any) -> Any:
        kind, payload = self.call(*args, **more)
        assert kind is Kind.ANSWER, payload
        return payload["value"]

    def ends(self) -> bool:
        try:
            self._exactly(1)
        except EOFError:
            return self.process.wait(20) is not None
        return False

    def close(self) -> None:
        for fd in (self.write_fd, self._read):
            os.close(fd)
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture
def fresh() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def test_a_call_is_answered(worker: Worker) -> None:
    ready = worker.open("from tools import twice\ndef f(x, y=1): return twice(x) + y")
    assert ready == {"file": "ex.py", "functions": {"f": "ex.py"}, "missing": {}, "notes": []}
    assert worker.call(2) == (Kind.ANSWER, {"value": 5, "changed": []})
    assert worker.value(2, y=3) == 7
    array = worker.value(np.ones((2, 2)))
    assert array.tolist() == [[3, 3], [3, 3]]


def test_what_changed_in_place_is_said(worker: Worker) -> None:
    worker.open("def f(a, b, c=None):\n    b += 1\n    c['x'].append(len)\n    return a")
    sent = (np.zeros(2), np.zeros(2))
    assert worker.call(*sent, c={"x": []})[1]["changed"] == [1, "c"]


def test_an_equal_value_of_another_type_is_a_change(worker: Worker) -> None:
    worker.open("def f(a):\n    a[0] = 1.0")
    assert worker.call([1])[1]["changed"] == [0]


CHANGES = {
    "an element": "a[0, 0] += 1",
    "a view's element": "a.T[0] = 7",
    "the last bit": "a[:] = np.nextafter(a, 2)",
    "the sign of zero": "d['z'][0] = -0.0",
    "a bool": "d['mask'][0] ^= True",
    "the shape": "a.shape = 4",
    "the shape, items as they were": "a.shape = (1, 2, 2)",
    "the dtype": "a.dtype = np.int64",
    "the byte order": "a.dtype = '>f8'",
    "the strides": "a.strides = a.strides[::-1]",
    "the strides of one row": "d['z'].strides = (0,)",
    "the items lie elsewhere": (
        "a.__setstate__((1, a.shape, a.dtype, False, np.ones((2, 2)).tobytes()))"
    ),
    "a value of the dict": "d['z'] = d['z'].copy() + 1",
    "another key": "d['new'] = 1",
    "one key less": "del d['z']",
    "other keys for the same values": "d.update({k + '_': d.pop(k) for k in list(d)})",
    "the order of keys": "d['mask'] = d.pop('mask'); d['z'] = d.pop('z')",
    "a type": "d['n'] = 1.0",
    "a bool for an int": "d['n'] = True",
    "a list in a tuple": "t[0].append(1)",
    "a list's item": "t[0][0] = np.float64(t[0][0])",
    "an array in a list in a tuple": "t[0][1][0] = 3",
    "what cannot be sent": "t[0].append(len)",
    "a list in itself": "t[0].append(t[0])",
}
SAME = {
    "nothing": "pass",
    "a copy": "a = a.copy(); a += 1",
    "other names": "a, d = d, a",
    "there and back": "a += 1; a -= 1",
    "out and in again": "d['t'] = d.pop('t')",
    "an equal array": "d['z'] = d['z'].copy()",
    "an equal list": "t[0][:] = list(t[0])",
    "the shape, and back": "a.shape = 4; a.shape = (2, 2)",
    "flags": "a.flags.writeable = False",
}


@pytest.mark.parametrize(
    ("body", "changes"),
    [*((body, True) for body in CHANGES.values()), *((body, False) for body in SAME.values())],
    ids=[*CHANGES, *SAME],
)
def test_no_change_in_place_escapes(worker: Worker, body: str, changes: bool) -> None:
    worker.open(f"import numpy as np\ndef f(a, d, t):\n    {body}\n    return 0")
    mask = np.array([True, False])
    more = {"mask": mask, "z": np.arange(3.0), "n": 1, "t": "text"}
    arguments = (np.arange(1.0, 5).reshape(2, 2), more, ([1, np.zeros(2), {}], 2.5))
    changed = worker.call(*arguments)[1]["changed"]
    assert bool(changed) is changes
    assert worker.call(a=arguments[0], d=more, t=arguments[2])[1]["changed"] == [
        "adt"[place] for place in changed
    ]


def test_arguments_are_arrays_as_any(worker: Worker) -> None:
    worker.open("""
        def f(a, b):
            a += b
            flags = a.flags
            return [a, flags.aligned, flags.c_contiguous, a.ctypes.data % 16]
    """)
    value = worker.value(np.ones((2, 3)), np.ones(3))
    assert value[0].tolist() == [[2] * 3] * 2
    assert value[1:] == [True, True, 0]


def test_requests_wait_in_the_pipe(worker: Worker) -> None:
    worker.open("""
        import os, select
        def f(x): return x
    """)
    for number in range(200):
        call = {"function": "f", "seed": 0, "arguments": ((number,), {})}
        worker.send(3, call, number + 2**63)
    for number in range(200):
        got, kind, payload = worker.receive()
        assert (got, kind, payload["value"]) == (number + 2**63, Kind.ANSWER, number)


def test_no_byte_of_the_next_request_is_read(worker: Worker) -> None:
    worker.open("""
        import os, sys, time
        def f():
            time.sleep(0.2)
            frame = sys._getframe()
            while frame.f_code.co_name != "serve":
                frame = frame.f_back
            return os.read(frame.f_locals["read_fd"], 13)
    """)
    call = {"function": "f", "seed": 0, "arguments": ((), {})}
    worker.send(3, call)
    header = HEADER.pack(1, 9, 3)
    os.write(worker.write_fd, header)
    assert worker.receive()[2]["value"] == header


@pytest.mark.parametrize("kind", [0, 4, 5, 17, 18, 255])
def test_a_kind_that_is_no_request_ends_the_worker(fresh: Worker, kind: int) -> None:
    fresh.send(kind, None)
    assert fresh.ends()


@pytest.mark.parametrize(
    "data", [HEADER.pack(2**24 + 1, 1, 3), HEADER.pack(1, 1, 3) + b"?", HEADER.pack(0, 1, 3)]
)
def test_a_malformed_frame_ends_the_worker(fresh: Worker, data: bytes) -> None:
    os.write(fresh.write_fd, data)
    assert fresh.ends()


def test_a_closed_pipe_ends_the_worker() -> None:
    worker = Worker()
    worker.close()
    assert worker.process.returncode == 0


# --- exceptions


def raised(worker: Worker, body: str, *args: object) -> Any:
    worker.open("import sys, os\n" + dedent(body))
    kind, payload = worker.call(*args)
    assert kind is Kind.RAISED, payload
    worker.open("def f(): return 1")
    assert worker.value() == 1
    return payload


def test_an_exception_says_where_it_came_from(worker: Worker) -> None:
    body = "def g(x):\n    return x.T @ [1, 2, 3]\ndef f(x):\n    return g(x)"
    payload = raised(worker, body, np.ones((2, 2)))
    assert payload.pop("message").startswith("matmul: ")
    assert payload == {
        "type": "ValueError",
        "file": "ex.py",
        "line": 3,
        "code": "def g(x):\n    return x.T @ [1, 2, 3]",
        "above": 1,
        "blank": False,
        "memory": False,
    }


def test_the_lines_around_are_those_of_the_block(worker: Worker) -> None:
    body = (
        "def f(x):\n    y = 1\n    if x:\n\n        z = 2\n        z = z.T\n        w = 3\n"
        "    return y\n"
    )
    payload = raised(worker, body, 1)
    assert (payload["code"], payload["above"]) == ("z = 2\nz = z.T\nw = 3", 1)


def test_a_stub_and_a_missing_function_are_blank(worker: Worker) -> None:
    payload = raised(worker, "def f():\n    raise NotImplementedError('your turn')")
    assert payload["blank"]
    worker.open("def g(): pass")
    payload = worker.call()[1]
    assert payload["blank"]
    assert payload["message"] == "No file defines a function f."


def test_running_out_of_memory_is_told_apart(worker: Worker) -> None:
    assert raised(worker, "def f():\n    raise MemoryError")["memory"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("def f(): sys.exit(0)", "SystemExit"),
        ("def f(): raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): return f()", "RecursionError"),
        ("def f(): input()", "EOFError"),
        ("def f(): raise BaseException", "BaseException"),
        ("def f(): raise GeneratorExit", "GeneratorExit"),
        ("def f(): raise", "RuntimeError"),
        ("def f(x): pass", "TypeError"),
    ],
)
def test_every_exception_is_raised_and_the_worker_lives(
    worker: Worker, body: str, kind: str
) -> None:
    assert raised(worker, body)["type"] == kind


HOSTILE = {
    "raises": ("def __str__(self): sys.exit()", "(its message could not be read)"),
    "recurses": ("def __str__(self): return str(self)", "(its message could not be read)"),
    "is no text": ("def __str__(self): return 3", "(its message could not be read)"),
    "is huge": ("def __str__(self): return 'x' * (50 << 20)", "x" * 500),
    "has surrogates": ("def __str__(self): return '\\ud800\\x1b[1m'", "?\x1b[1m"),
    "is a subclass": (
        "def __str__(self):\n"
        "        class S(str):\n"
        "            def __getitem__(self, key): return 7\n"
        "            def encode(self, *a): sys.exit()\n"
        "            __len__ = __str__ = __getitem__\n"
        "        return S('text')",
        "text",
    ),
    "hides its trace": (
        "__traceback__ = property(lambda self: 1 / 0)\n    __class__ = property(sys.exit)\n"
        "    def __str__(self): return 'x'",
        "x",
    ),
}


@pytest.mark.parametrize(("method", "message"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_exception_says_no_more_than_it_may(
    worker: Worker, method: str, message: str
) -> None:
    payload = raised(worker, f"class E(Exception):\n    {method}\ndef f():\n    raise E")
    assert (payload["type"], payload["message"]) == ("E", message)


def test_a_hostile_class_name_is_capped(worker: Worker) -> None:
    body = "def f():\n    raise type('N' * 1000, (Exception,), {})"
    assert raised(worker, body)["type"] == "N" * 100


def test_a_hostile_metaclass_is_not_asked(worker: Worker) -> None:
    body = """
        class M(type):
            def __getattribute__(cls, name): sys.exit()
            def __instancecheck__(cls, other): sys.exit()
            def mro(cls): return type.mro(cls)
        class E(Exception, metaclass=M): pass
        def f(): raise E("x")
    """
    assert raised(worker, body)["type"] == "E"


def test_a_frame_that_pretends_to_be_a_students_line_is_harmless(worker: Worker) -> None:
    body = "def f(): exec(compile('\\n' * 98 + '1/0', 'ex.py', 'exec'))"
    payload = raised(worker, body)
    assert (payload["line"], payload["code"]) == (99, None)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("[1, {2}]", "the answer[1] is of type set"),
        ("np.zeros(3 << 20)", "the answer is an array of shape (3145728,), which is too large"),
        ("{'\\ud800': {1}}", "the answer['\\ud800'] is text with a lone surrogate"),
        ("getattr(stats, '\\ud800')", "the answer needs scipy.stats.?, which"),
        ("type('N', (), {'__module__': '\\ud800'})()", "the answer is of type ?.N;"),
        ("stats.norm", "the answer needs scipy.stats.norm, which is not installed here"),
        ("[np.asarray(stats.norm)]", "the answer[0] is an array of dtype object"),
        ("(x for x in [])", "the answer is of type generator"),
        ("b'x' * ((1 << 24) - 8)", "the answer makes the whole larger than 16 MiB"),
        ("[b'x' * ((1 << 24) - 31)] * 1", "the answer is larger than 16 MiB"),
    ],
)
def test_what_is_no_data_is_refused(worker: Worker, value: str, words: str) -> None:
    worker.open(f"import numpy as np\nfrom scipy import stats\ndef f(): return {value}")
    kind, payload = worker.call()
    assert kind is Kind.REFUSED, payload
    assert payload["message"].startswith(words)


# --- arguments that stand for something


def test_a_handle_calls_back(worker: Worker) -> None:
    worker.open("def f(g, x): return g(x, 2) + 1")
    call = {"function": "f", "seed": 1, "arguments": ((Handle(3), np.ones(2)), {})}
    worker.send(3, call)
    number, kind, payload = worker.receive()
    assert (number, kind, payload["handle"]) == (7, Kind.CALLBACK, 3)
    assert payload["args"][0].tolist() == [1, 1]
    assert payload["args"][1] == 2
    worker.send(4, {"value": 41})
    assert worker.receive() == (7, Kind.ANSWER, {"value": 42, "changed": []})


def test_a_callback_that_fails_raises_in_the_students_code(worker: Worker) -> None:
    worker.open(
        "def f(g):\n    try:\n        g()\n    except RuntimeError as e:\n        return str(e)"
    )
    worker.send(3, {"function": "f", "seed": 1, "arguments": ((Handle(0),), {})})
    assert worker.receive()[1] is Kind.CALLBACK
    worker.send(4, {"error": True})
    assert worker.receive()[2]["value"] == "the function that was passed in failed"


def test_callbacks_are_counted(worker: Worker) -> None:
    worker.open("def f(g):\n    while True:\n        g()")
    for _ in range(2):  # each call has its own count
        worker.send(3, {"function": "f", "seed": 1, "arguments": ((Handle(0),), {})})
        for _ in range(5):
            assert worker.receive()[1] is Kind.CALLBACK
            worker.send(4, {"value": None})
        _, kind, payload = worker.receive()
        assert (kind, payload["type"]) == (Kind.RAISED, "RuntimeError")
        assert payload["message"].endswith("called too often")


def test_a_callback_takes_data_only(worker: Worker) -> None:
    worker.open("def f(g): g({1})")
    payload = worker.call(Handle(0))[1]
    assert payload["type"] == "TypeError"
    assert payload["message"].startswith("what the function is called with['args'][0] is of type")


def test_a_callback_after_the_call_is_impossible(worker: Worker) -> None:
    worker.open("kept = []\ndef f(*g):\n    kept.extend(g)\n    if not g: kept[0]()")
    worker.call(Handle(0))
    kind, payload = worker.call()
    assert (kind, payload["type"]) == (Kind.RAISED, "RuntimeError")
    assert "after the call is over" in payload["message"]


def test_a_reply_that_is_no_result_ends_the_worker(fresh: Worker) -> None:
    fresh.open("def f(g):\n    try:\n        g()\n    except BaseException:\n        return 1")
    fresh.send(3, {"function": "f", "seed": 1, "arguments": ((Handle(0),), {})})
    assert fresh.receive()[1] is Kind.CALLBACK
    fresh.send(3, {"value": 1})
    assert fresh.ends()


def test_the_students_own_function_is_an_argument(worker: Worker) -> None:
    worker.open("def f(g, x): return g(x)\ndef h(x): return x + 1", "f", "h")
    assert worker.value(OwnFunction("h"), 1) == 2
    assert worker.call(OwnFunction("gone"), 1)[1]["blank"]


def test_a_generator_is_made_from_its_seed(worker: Worker) -> None:
    worker.open("def f(rng): return rng.normal(size=3)")
    expected = np.random.default_rng(5).normal(size=3)
    assert worker.value(Generator(5)).tolist() == expected.tolist()


# --- chance

DRAWS = """
    import random
    import numpy as np
    AT_OPEN = (np.random.rand(), random.random(), np.random.default_rng().random())
    def f():
        first = [
            np.random.rand(),
            random.random(),
            np.random.default_rng().random(),
            np.random.default_rng().random(),
            np.random.RandomState().rand(),
            random.Random().random(),
            np.random.Generator(np.random.PCG64()).random(),
        ]
        np.random.seed()
        random.seed()
        return first + [np.random.rand(), random.random()], AT_OPEN
"""


def test_everything_random_follows_the_seed(worker: Worker) -> None:
    worker.open(DRAWS)
    one, again, other = worker.value(seed=1), worker.value(seed=1), worker.value(seed=-2)
    assert one == again
    assert len({*one[0], *other[0]}) == 18
    assert one[1] == other[1]  # drawn while it was loaded
    worker.reopen()
    assert worker.value(seed=1) == one
    expected = np.random.RandomState(1).rand()
    assert one[0][0] == expected


WAYS_TO_RANDOM = {
    "at the top": ("import random", "random.random()"),
    "by name": ("from random import random as r", "r()"),
    "in the function": ("", "__import__('random').random()"),
    "by importlib": ("import importlib", "importlib.import_module('random').random()"),
    "by sys": ("import sys", "sys.modules['random'].random()"),
    "from another module": ("import statistics", "statistics.NormalDist().samples(1)[0]"),
    "by text": ("", "eval('__import__(\"random\")').random()"),
}


@pytest.mark.parametrize(("above", "draw"), WAYS_TO_RANDOM.values(), ids=list(WAYS_TO_RANDOM))
def test_random_is_seeded_once_it_is_in_reach(fresh: Worker, above: str, draw: str) -> None:
    fresh.open(f"{above}\ndef g(): return 1\ndef f(): return [{draw}, {draw}]", "f", "g")
    assert fresh.value(name="g") == 1
    first = fresh.value(seed=5)
    fresh.value(seed=6)
    assert fresh.value(seed=5) == first
    if "samples" not in draw:
        import random

        expected = random.Random(5)
        assert first == [expected.random(), expected.random()]


def test_chance_is_the_same_in_another_process(worker: Worker, fresh: Worker) -> None:
    worker.open(DRAWS)
    fresh.open(DRAWS)
    assert worker.value() == fresh.value()


def test_a_seed_of_the_students_own_is_respected(worker: Worker) -> None:
    worker.open("""
        import random
        import numpy as np
        def f():
            np.random.seed(3)
            rngs = np.random.default_rng(3), np.random.RandomState(3), random.Random(3)
            return [np.random.rand(), *[r.random() for r in rngs[::2]], rngs[1].rand()]
    """)
    import random

    expected = [
        np.random.RandomState(3).rand(),
        np.random.default_rng(3).random(),
        random.Random(3).random(),
        np.random.RandomState(3).rand(),
    ]
    assert worker.value() == expected


# --- surroundings


def test_printing_and_warning_go_nowhere(fresh: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    fresh.open("""
        import sys, warnings
        import numpy as np
        print("while loading")
        def f():
            print("hello", file=sys.stderr, flush=True)
            sys.stdout.write("x")
            warnings.warn("careful")
            return np.log(np.zeros(1)) / 0
    """)
    assert fresh.value().tolist() == [-np.inf]
    assert capfd.readouterr() == ("", "")


def test_numeric_errors_are_as_numpy_has_them_at_every_call(worker: Worker) -> None:
    worker.open("import numpy as np\ndef f():\n    np.seterr(all='raise')\n    return 1")
    assert worker.value() == 1
    assert worker.value() == 1
    worker.open("import numpy as np\nnp.seterr(all='raise')\ndef f(): return np.ones(1) / 0")
    assert worker.value().tolist() == [np.inf]
    worker.open(
        "import numpy as np\ndef f(raises):\n    if raises: np.seterr(all='raise')\n"
        "    return np.ones(1) / 0"
    )
    assert worker.call(True)[1]["type"] == "FloatingPointError"
    assert worker.value(False).tolist() == [np.inf]


def test_old_names_of_numpy_are_there(worker: Worker) -> None:
    worker.open("import numpy as np\ndef f(x): return np.int(x), np.float(x), x.astype(np.bool)")
    assert worker.value(np.float64(2)) == (2, 2.0, True)


def test_sources_may_come_again(worker: Worker) -> None:
    worker.open("def f(): return 1")
    worker.open("def f(): return 2")
    assert worker.value() == 2


def test_a_call_before_anything_is_opened_is_blank(fresh: Worker) -> None:
    kind, payload = fresh.call()
    assert (kind, payload["blank"]) == (Kind.RAISED, True)


def test_os_exit_ends_the_worker(fresh: Worker) -> None:
    fresh.open("import os\ndef f(): os._exit(3)")
    fresh.send(3, {"function": "f", "seed": 1, "arguments": ((), {})})
    assert fresh.ends()
    assert fresh.process.returncode == 3


def test_a_call_is_cheap(worker: Worker) -> None:
    worker.open("def f(a): return a * 2")
    array = np.ones((10, 10))
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        for _ in range(100):
            worker.call(array)
        best = min(best, (time.perf_counter() - start) / 100)
    assert best < 1e-3  # about 80 us on an idle machine; a loaded one is given room
