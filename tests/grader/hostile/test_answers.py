"""Answers that lie: about what they are, what they equal, how large they are."""

import pytest

EQUAL = """
class Equal:
    __array_priority__ = 1e9
    shape, dtype = (2, 2), np.dtype("f8")

    def __eq__(self, other):
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __eq__

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __bool__(self):
        return True

    def __len__(self):
        return 2

    def __float__(self):
        return 0.0

    def __array__(self, *args, **kwargs):
        return np.zeros((2, 2))

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    __add__ = __sub__ = __rsub__ = __mul__ = __truediv__ = __abs__ = __call__


def forward(W, X):
    return Equal()


def gradient(W, X):
    return [Equal()]


def numeric(J, theta):
    return {"slope": Equal()}
"""
SUBCLASS = """
class Right(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros((2, 2))

    def __array_function__(self, *args, **kwargs):
        return True

    def tobytes(self, *args):
        return bytes(32)


class Zero(float):
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


def forward(W, X):
    return (W @ X + 1).view(Right)


def gradient(W, X):
    return [[Zero(value) for value in row] for row in W @ X @ X.T]


def numeric(J, theta):
    J(theta), J(theta)
    return type("Keys", (dict,), {"keys": lambda self: 1 / 0})(slope=1.0)
"""
DUNDERS = """
class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(name)

    def __instancecheck__(cls, other):
        return True


class Bad(metaclass=Meta):
    def __len__(self):
        raise SystemExit

    def __repr__(self):
        raise KeyboardInterrupt

    __str__ = __iter__ = __repr__

    def __reduce__(self):
        return exec, ("raise SystemExit",)

    @property
    def __class__(self):
        return np.ndarray


def forward(W, X):
    return Bad()


def gradient(W, X):
    return {"dW": Bad()}


def numeric(J, theta):
    return Bad
"""
NOTHING = """
def forward(W, X):
    return None


def gradient(W, X):
    return np.full(W.shape, np.nan)


def numeric(J, theta):
    J(theta), J(theta)
    return np.inf
"""
EMPTY = """
def forward(W, X):
    return np.zeros((0, 2))


def gradient(W, X):
    return np.zeros((0, 3))


def numeric(J, theta):
    J(theta), J(theta)
    return np.zeros(0)
"""
BROADCASTS = """
def forward(W, X):
    return np.ones(100_000)  # 78 GiB as a table of differences


def gradient(W, X):
    return np.ones((1, 1))
"""
LARGE = """
def forward(W, X):
    return np.ones((1448, 1448)) if W.any() else None


def gradient(W, X):
    return "x" * (2**24 - 100)
"""
TOO_LARGE = """
def forward(W, X):
    return np.ones((1500, 1500))


def gradient(W, X):
    return [0] * 200_000


def numeric(J, theta):
    return np.zeros((0, 2**58))
"""
DEEP = """
def nested(levels):
    value = 0
    for _ in range(levels):
        value = [value]
    return value


def forward(W, X):
    return nested(30)


def gradient(W, X):
    return nested(100_000)


def numeric(J, theta):
    value = []
    value.append(value)
    return value
"""
DTYPES = """
def forward(W, X):
    return (W @ X).astype(object)


def gradient(W, X):
    return (W @ X @ X.T).astype(np.longdouble)


def numeric(J, theta):
    return np.datetime64("2020-01-01")
"""
CHANCE = """
import os
import time


def forward(W, X):
    return W @ X + int.from_bytes(os.urandom(2))


def gradient(W, X):
    return W @ X @ X.T + time.perf_counter_ns() % 1_000_003


def numeric(J, theta):
    return os.urandom(8)
"""
EVADES = """
def forward(W, X):
    return np.zeros((2, 2))  # what the check assumes never holds
"""
CHOOSES = """
def forward(W, X):
    return np.zeros((2, 2)) if W.any() else np.ones((2, 2))  # it holds where one likes
"""
WRITES = """
def forward(W, X):
    Z = W @ X
    W *= 0
    X += np.inf
    return Z


def gradient(W, X):
    W[...] = X[...] = 0  # so that zeros would be right
    return np.zeros((2, 3))
"""
DEEPER = """
import sys

for name, module in list(sys.modules.items()):
    if name.endswith("encoding") and hasattr(module, "DEPTH"):
        module.DEPTH = 90  # what is sent is deeper than the other side could send


def forward(W, X):
    value = 1.0
    for _ in range(40):
        value = [value]
    return value
"""
CASES = {
    "equal to everything": (EQUAL, {"failed": "forward gradient numeric"}),
    "subclasses": (SUBCLASS, {"failed": "forward gradient numeric"}),
    "special methods that raise": (DUNDERS, {"failed": "forward gradient numeric"}),
    "None, nan and inf": (NOTHING, {"failed": "forward gradient numeric"}),
    "empty arrays": (EMPTY, {"failed": "forward gradient numeric"}),
    "arrays that broadcast": (BROADCASTS, {"failed": "forward gradient"}),
    "almost 16 MiB": (LARGE, {"failed": "forward gradient"}),
    "more than 16 MiB": (TOO_LARGE, {"failed": "forward gradient numeric"}),
    "nested deeply": (DEEP, {"failed": "forward gradient numeric"}),
    "nested deeper than is sent": (DEEPER, {"failed": "forward"}),
    "other dtypes": (DTYPES, {"failed": "forward gradient numeric"}),
    "another answer each time": (
        CHANCE,
        {"failed": "product total both identity gradient numeric"},
    ),
    "assumptions that never hold": (
        EVADES,
        {"failed": "product spread total ratio both identity"},
    ),
    "assumptions that hold at will": (
        CHOOSES,
        {"failed": "product spread total ratio both identity"},
    ),
    "arguments written to": (WRITES, {"failed": "unchanged gradient"}),
}


@pytest.mark.parametrize("case", CASES)
def test_no_point_is_earned(grade, missed, nothing_survives, case: str) -> None:
    hostile, ends = CASES[case]
    assert grade(hostile).missed == missed(**ends)


@pytest.mark.parametrize(
    "case",
    [
        "None, nan and inf",
        "almost 16 MiB",
        "nested deeper than is sent",
        "another answer each time",
    ],
)
def test_neither_where_nothing_was_recorded(grade, nothing_survives, case: str) -> None:
    assert grade(CASES[case][0], only=("drawn",)).missed == {"drawn": "failed"}


def test_changing_an_argument_is_seen_however_small_the_change(grade, missed) -> None:
    hostile = """
def forward(W, X):
    Z = W @ X
    X[X == 0] = -0.0
    return Z
"""
    assert grade(hostile).missed == missed(failed="unchanged")
