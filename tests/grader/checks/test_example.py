"""An example is code: run it, and it makes the very arrays that failed."""

import ast
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.calls import Answer, Call, Session, answer_callback
from grader.checks.example import LONGEST, literal, parameter_names, render
from grader.kit import callback, generator
from grader.kit.submission import Own

nan, inf = np.nan, np.inf


class Silent:
    def call(self, _: Call) -> Answer:
        return Answer(None)


def rendered(
    *calls: tuple[Any, ...], names: dict[str, tuple[str, ...]] | None = None
) -> str | None:
    """The example of these calls: function, positional arguments, and keywords in a dict last."""
    session = Session()
    session.begin_check("test_a", Silent())
    for function, args, kwargs in calls:
        session.call(function, args, kwargs)
    return render(session.trace, lambda function: (names or {}).get(function, ()))


def rebuilt(code: str) -> Any:
    return eval(code, {"np": np})


def same(a: Any, b: Any) -> None:
    """The same types, shapes, dtypes and values, however deep; nan is nan, and -0.0 is not 0.0."""
    assert type(a) is type(b)
    if isinstance(a, np.ndarray):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
    elif isinstance(a, dict):
        assert list(a) == list(b)
        same(list(a.values()), list(b.values()))
    elif isinstance(a, list | tuple):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            same(one, other)
    else:
        assert repr(a) == repr(b)


VALUES = {
    "matrix": np.array([[1.0, -2.5, 1e-17], [0.1 + 0.2, 1e300, -0.0]]),
    "column": np.array([[1.0], [2.0]]),
    "0-d": np.array(1.5),
    "0-d int": np.array(3),
    "0-d bool": np.array(True),
    "0-d nan": np.array(nan),
    "empty": np.zeros(0),
    "no rows": np.zeros((0, 3)),
    "no columns of ints": np.zeros((2, 0), dtype=np.int64),
    "no bools": np.zeros((0, 2), dtype=bool),
    "bool": np.array([[True, False], [False, True]]),
    "int": np.array([[1, -2], [2**62, 0]]),
    "int8": np.array([1, -2], dtype=np.int8),
    "uint64": np.array([2**64 - 1], dtype=np.uint64),
    "float32": np.array([[0.1, 1e-8]], dtype=np.float32),
    "float16": np.array([0.1, 65504], dtype=np.float16),
    "complex": np.array([1 + 2j, 0.1 - 0.5j]),
    "complex64": np.array([0.1j], dtype=np.complex64),
    "complex nan": np.array([complex(nan, 1), complex(1, -inf)]),
    "three dimensions": np.arange(24.0).reshape(2, 3, 4),
    "not finite": np.array([[nan, inf], [-inf, 1.0]]),
    "not finite float32": np.array([nan, -inf], dtype=np.float32),
    "wide": np.linspace(0, 1, 40).reshape(2, 20),
    "many": np.arange(600).reshape(20, 30) % 7,
    "uniform": np.full((2, 400), 0.5),
    "uniform float32": np.full((3, 3), 0.1, dtype=np.float32),
    "uniform nan": np.full((3, 3), nan),
    "uniform bool": np.ones((4, 4), dtype=bool),
    "nearly uniform": np.array([0.0] * 9 + [-0.0]),
    "Fortran order": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "None": None,
    "True": True,
    "number": 0.1,
    "nan": nan,
    "inf": inf,
    "-inf": -inf,
    "complex number": 1.5 + 2j,
    "infinite complex": complex(inf, nan),
    "text": 'it\'s "nan"\nand inf',
    "bytes": b"\x00inf",
    "empty dict": {},
    "parameters": {"W1": np.ones((2, 3)), "b1": np.zeros((2, 1)), 3: [1, 2]},
    "dict of numbers": {"a": 1, "b": inf},
    "empty tuple": (),
    "tuple of one": (1.5,),
    "tuple of one array": (np.eye(2),),
    "cache": (np.eye(2), np.array([[True]]), {"dW": np.eye(3)}, [np.eye(2), None]),
    "nested tuples": (((1,), ()), [[], [(np.eye(2), nan)]]),
    "deep": [[[[[[[[[[[[[[[[[[[[1.0]]]]]]]]]]]]]]]]]]]],
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_literal_rebuilds_its_value(value: Any) -> None:
    same(rebuilt(literal(value)), value)


ELEMENTS = st.sampled_from(["f8", "f4", "f2", "i8", "u1", "?"])
ARRAYS = hnp.arrays(ELEMENTS, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text()
NESTED = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(NESTED)
def test_whatever_a_check_sends_is_rebuilt(value: Any) -> None:
    again = rebuilt(literal(value))
    if isinstance(value, np.ndarray):
        np.testing.assert_array_equal(again, value)
        assert again.dtype == value.dtype
    else:
        np.testing.assert_equal(again, value)


@pytest.mark.parametrize("value", [np.float64(0.1), np.float32(0.5), np.int64(3), np.bool_(True)])
def test_a_numpy_scalar_is_written_as_a_number(value: Any) -> None:
    assert rebuilt(literal(value)) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (np.array([[1.0, 2.0], [3.0, 4.0]]), "np.array([[1., 2.],\n          [3., 4.]])"),
        (np.array([nan, -inf]), "np.array([ np.nan, -np.inf])"),
        (np.full((2, 400), 0.5), "np.full((2, 400), 0.5)"),
        (np.zeros((0, 3)), "np.zeros((0, 3), dtype=np.float64)"),
        (
            {"W1": np.array([[1.0], [2.0]]), "b1": np.array([[0.5]])},
            "{\n    'W1': np.array([[1.],\n                    [2.]]),\n"
            "    'b1': np.array([[0.5]]),\n}",
        ),
        ((1, 2.5), "(1, 2.5)"),
        ({"a": 1}, "{'a': 1}"),
    ],
    ids=["matrix", "not finite", "uniform", "empty", "parameters", "tuple", "dict"],
)
def test_a_literal_reads_well(value: Any, code: str) -> None:
    assert literal(value) == code


def test_stand_ins_are_written_as_a_student_would() -> None:
    args = (callback(abs, takes=[()]), Own("relu"), generator(3))
    assert rendered(("apply", args, {})) == "apply(f, relu, np.random.default_rng(3))"


# whole examples


def test_arguments_have_the_names_of_the_reference() -> None:
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert rendered(("forward", (A, 0.5), {}), names={"forward": ("A", "keep_prob")}) == (
        "A = np.array([[1., 2.],\n              [3., 4.]])\nforward(A, 0.5)"
    )


def test_an_example_can_be_pasted_and_run() -> None:
    sent = (np.eye(2) * nan, {"W1": np.ones((2, 2)), "b1": np.zeros((2, 0))}, (1, [np.array(2)]))
    code = rendered(
        ("f", sent, {"keep_prob": 0.5, "D": np.eye(2)}), names={"f": ("X", "parameters", "cache")}
    )
    received: list[Any] = []
    scope = {"np": np, "f": lambda *args, **kwargs: received.extend((args, kwargs))}
    exec(code or "", scope)
    same(received, [sent, {"keep_prob": 0.5, "D": np.eye(2)}])


@pytest.mark.parametrize("names", [{}, {"f": ("X",)}], ids=["unknown", "too few"])
def test_arguments_without_a_name_stand_in_the_call(names: dict[str, tuple[str, ...]]) -> None:
    code = rendered(("f", (np.eye(2), np.eye(3)), {}), names=names)
    assert code is not None
    received: list[Any] = []
    exec(code, {"np": np, "f": lambda *args: received.extend(args)})
    same(received, [np.eye(2), np.eye(3)])


def test_each_function_is_shown_once_in_the_order_of_the_calls() -> None:
    calls = (("forward", (1,), {}), ("backward", (2,), {}), ("forward", (3,), {}))
    assert rendered(*calls) == "forward(1)\nbackward(2)"


def test_of_one_function_the_first_calls_are_shown_with_what_differs() -> None:
    calls = [("cost", (np.eye(2), scale), {}) for scale in (0.0, 1.0, 2.0, 3.0)]
    code = rendered(*calls, names={"cost": ("A", "lambd")})
    assert code is not None
    lines = [line for line in code.splitlines() if line.startswith("cost")]
    assert lines == ["cost(A, 0.0)", "cost(A, 1.0)", "cost(A, 2.0)"]
    assert code.count("A = ") == 1


def test_a_name_that_was_bound_to_something_else_is_bound_again() -> None:
    calls = [("f", (matrix,), {}) for matrix in (np.eye(1), np.eye(2), np.eye(1))]
    code = rendered(*calls, names={"f": ("A",)})
    received: list[Any] = []
    exec(code or "", {"np": np, "f": received.append})
    same(received, [np.eye(1), np.eye(2), np.eye(1)])


def test_what_the_example_before_did_is_not_shown() -> None:
    session = Session()
    session.begin_check("test_a", Silent())
    session.call("f", (1,), {})
    session.begin_example()
    session.call("f", (2,), {})
    assert render(session.trace, lambda _: ()) == "f(2)"


def test_no_calls_are_no_example() -> None:
    assert rendered() is None


@pytest.mark.parametrize("size", [1_000, 100_000], ids=["long", "huge"])
def test_an_example_that_is_too_long_is_left_out(size: int) -> None:
    assert rendered(("f", (np.arange(float(size)),), {})) is None


def test_the_longest_example_is_shown_whole() -> None:
    fits = "x" * (LONGEST - len("f('')"))
    assert rendered(("f", (fits,), {})) == f"f('{fits}')"
    assert rendered(("f", (fits + "x",), {})) is None


def test_long_arrays_are_never_abbreviated() -> None:
    code = literal(np.arange(1001))
    assert "..." not in code
    ast.parse(code)


# names


class Module:
    @staticmethod
    def forward(X: Any, parameters: Any, keep_prob: float = 0.5) -> None: ...

    number = 3
    text = str  # a class without a signature to be read


@pytest.mark.parametrize(
    ("function", "names"),
    [
        ("forward", ("X", "parameters", "keep_prob")),
        ("missing", ()),
        ("number", ()),
        ("text", ()),
    ],
)
def test_names_come_from_the_signature(function: str, names: tuple[str, ...]) -> None:
    assert parameter_names(Module, function) == names


def test_a_function_of_the_check_is_written_out_where_it_is_short() -> None:
    f = callback(lambda t: t * t, takes=[()])
    g = callback(lambda A, t: A * t, takes=[(1, 2), ()])
    for t in (1.0, 2.0, 2.0):
        answer_callback(f, (t,))
        answer_callback(g, (np.ones((1, 2)), t))
    code = rendered(("h", (f, g, 1.0), {}), names={"h": ("f", "g", "x")})
    assert code is not None
    names: dict[str, Any] = {"np": np, "h": lambda *_: None}
    exec(code, names)
    assert (names["f"](1.0), names["f"](np.float64(2))) == (1.0, 4.0)
    same(names["g"](np.ones((1, 2)), 2.0), np.full((1, 2), 2.0))


def test_a_function_that_is_asked_for_much_is_only_named() -> None:
    f = callback(lambda t: t, takes=[()])
    for t in range(41):
        answer_callback(f, (t / 7,))
    comment = "# f is a function of this check's; yours asks for 41 of its values"
    assert rendered(("h", (f,), {})) == f"{comment}\nh(f)"
    long = callback(lambda A: A / 3, takes=[(9, 9)])
    for t in range(3):
        answer_callback(long, (np.full((9, 9), t / 7),))
    comment = "# f is a function of this check's; yours asks for 3 of its values"
    assert rendered(("h", (long,), {})) == f"{comment}\nh(f)"


def test_a_call_that_is_a_matter_of_chance_is_given_its_seed() -> None:
    session = Session()
    session.begin_check("test_a", Silent())
    for x in (1, 2):
        session.call("f", (x,), {})
    second = session.trace[1][0]
    code = render(session.trace, lambda _: (), [second])
    assert code == f"f(1)\nnp.random.seed({second.seed})\nf(2)"
