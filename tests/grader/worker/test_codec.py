"""The codec: bit for bit, exact types only, and robust against any bytes."""

import contextlib
import enum
import struct
import tracemalloc
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.worker import layout
from grader.worker.codec import (
    LIMIT,
    Generator,
    Handle,
    Malformed,
    OwnFunction,
    Refused,
    decode,
    encode,
    encode_answer,
    encode_mapping,
)

DTYPES = [*layout.DTYPES, *(d.newbyteorder(">") for d in layout.DTYPES)]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(-5, 5), inner)
    ),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit, and of the same type."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    if isinstance(one, complex):
        return same((one.real, one.imag), (other.real, other.imag))
    return bool(one == other)


@given(PLAIN)
def test_plain_values_come_back(value: Any) -> None:
    assert same(decode(encode(value)), value)


@given(st.sampled_from(DTYPES).flatmap(lambda d: arrays.arrays(d, arrays.array_shapes(min_dims=0))))
def test_arrays_come_back_bit_for_bit(array: np.ndarray) -> None:
    back = decode(encode(array))
    little = array.dtype.newbyteorder("<")
    assert back.dtype == little
    assert back.shape == array.shape
    assert back.tobytes() == array.astype(little).tobytes()
    assert back.flags.writeable
    assert back.flags.c_contiguous
    assert back.ctypes.data % 16 == 0  # as numpy's own


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", ">f4", "<f2"])
def test_nan_payloads_and_minus_zero_survive(dtype: str) -> None:
    bits = {2: [0x7E01, 0x8000], 4: [0x7FC00001, 1 << 31], 8: [0x7FF8000000000001, 1 << 63]}
    size = np.dtype(dtype).itemsize
    words = np.array(bits[size], f"u{size}")
    array = words.astype(words.dtype.newbyteorder(dtype[0])).view(dtype)
    assert decode(encode(array)).view(f"u{size}").tolist() == bits[size]


@pytest.mark.parametrize(
    "array",
    [
        np.array(3.5),
        np.zeros((0, 3)),
        np.zeros((3, 0, 2), np.int8),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(10.0)[::-2],
        np.broadcast_to(np.float32(2), (3, 4)),
        np.array([True, False]),
        np.array([1 + 2j], np.complex64),
        np.arange(3, dtype=np.longlong),
    ],
    ids=str,
)
def test_every_layout_comes_back_contiguous(array: np.ndarray) -> None:
    back = decode(encode(array))
    assert np.array_equal(back, array)
    assert back.shape == array.shape
    assert back.dtype == array.dtype


@pytest.mark.parametrize("code", [d.str for d in layout.DTYPES])
def test_numpy_scalars_keep_their_dtype(code: str) -> None:
    scalar = np.dtype(code).type(1)
    back = decode(encode(scalar))
    assert type(back) is type(scalar)
    assert back == scalar


def test_the_types_that_travel_to_the_worker_only() -> None:
    value = (Handle(3), OwnFunction("f"), Generator(-7))
    assert decode(encode(value), to_worker=True) == value
    for part in value:
        with pytest.raises(Malformed):
            decode(encode(part))


def test_a_mapping_of_encoded_values_is_a_dict() -> None:
    assert decode(encode_mapping({"a": encode([1]), "b": encode(None)})) == {"a": [1], "b": None}


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.dictionaries(NAMES, st.text() | arrays.arrays(float, 3), max_size=4))
def test_a_mapping_is_as_good_as_a_whole(values: dict[str, Any]) -> None:
    back = decode(encode_mapping({key: encode(value) for key, value in values.items()}))
    assert list(back) == list(values)
    for key, value in back.items():
        assert encode(value) == encode(values[key])
        assert type(value) is str or value.ctypes.data % 16 == 0


def test_an_answer_is_a_mapping_whose_refusal_names_no_key() -> None:
    answer = decode(encode_answer([np.ones(2)], [0, "x"]))
    assert list(answer) == ["value", "changed"]
    assert answer["value"][0].tolist() == [1, 1]
    assert answer["changed"] == [0, "x"]
    assert decode(encode_answer(nested(32), []))["value"] == nested(32)
    with pytest.raises(Refused, match=r"^the answer\[1\] is of type set"):
        encode_answer([0, {1}], [])


@pytest.mark.parametrize(
    "value", [{}, {"": 1}, {"\0": 1}, {"a\0b": 1, "c": 2}, {"a": 1, 2: 3}, {5: {"x": {}}}], ids=str
)
def test_keys_of_every_kind_come_back(value: dict[Any, Any]) -> None:
    assert same(decode(encode(value)), value)


def test_equal_values_are_equal_bytes_wherever_their_arrays_came_from() -> None:
    array = np.arange(6.0).reshape(2, 3)
    others = [array.copy("F"), array.astype(">f8"), np.tile(array, (1, 2))[:, :3]]
    assert {encode(("x", other)) for other in others} == {encode(("x", array))}


class Sub(np.ndarray):
    pass


class Number(enum.IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


class Hostile(type):
    @property
    def __module__(cls) -> str:  # type: ignore[override]
        raise SystemExit


REFUSED = [
    (np.zeros(2).view(Sub), "Sub"),
    (np.ma.masked_array([1.0]), "MaskedArray"),
    (Number.ONE, "Number"),
    (Text("x"), "Text"),
    (OrderedDict(), "OrderedDict"),
    ({1, 2}, "set"),
    (range(3), "range"),
    (len, "builtin_function_or_method"),
    (np.array([None]), "dtype object"),
    (np.array(["a"]), "dtype <U1"),
    (np.zeros(2, "M8[s]"), "dtype datetime64"),
    (np.zeros(2, "f8,i4"), "dtype"),
    (np.zeros(2, np.longdouble), "dtype float128"),
    (np.longdouble(1), "longdouble"),
    (np.str_("a"), "str_"),
    (2**63, "64 bits"),
    ("\ud800", "surrogate"),
    ({1.5: 2}, "key"),
    ({True: 2}, "key"),
    ({np.int64(1): 2}, "key"),
]


@pytest.mark.parametrize(("value", "word"), REFUSED, ids=[word for _, word in REFUSED])
def test_other_types_are_refused_by_name(value: object, word: str) -> None:
    with pytest.raises(Refused, match=word):
        encode(value)


def test_a_matrix_is_refused() -> None:
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([[1.0]])
    with pytest.raises(Refused, match=r"^the answer\[2\]\['dW1'\] is of type numpy.matrix"):
        encode([1, 2, {"a": 0, "dW1": matrix}])


def test_the_sentence_names_the_place_and_the_subject() -> None:
    with pytest.raises(Refused, match=r"^the answer\[1\]\[0\] is of type set"):
        encode((0, [{1}]))
    with pytest.raises(Refused, match=r"^the argument is an array of dtype object"):
        encode(np.array([None]), "the argument")


def test_a_hostile_type_cannot_break_the_sentence() -> None:
    kind = Hostile("x", (), {})
    with pytest.raises(Refused, match="unknown type"):
        encode(kind())


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_depth_is_bounded() -> None:
    assert decode(encode(nested(32))) == nested(32)
    with pytest.raises(Refused, match="32 levels"):
        encode(nested(33))
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Refused, match="32 levels"):
        encode(loop)


def test_count_is_bounded() -> None:
    assert len(decode(encode([None] * 100_000))) == 100_000
    with pytest.raises(Refused, match="100,000 items"):
        encode([None] * 100_001)
    wide: list[Any] = [0] * 100
    for _ in range(10):
        wide = [wide] * 100
    with pytest.raises(Refused, match="items"):
        encode(wide)


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(LIMIT // 8 + 1),
        np.broadcast_to(0.0, (2**40,)),
        np.empty((0, 2**40)),
        "x" * (LIMIT + 1),
        "\u20ac" * (LIMIT // 2),
        b"x" * (LIMIT + 1),
        [np.zeros(LIMIT // 16)] * 3,
        [b"x" * (LIMIT - 100), [0.5] * 1000],
    ],
    ids=["array", "broadcast", "empty", "str", "utf-8", "bytes", "sum", "many"],
)
def test_size_is_bounded(value: object) -> None:
    with pytest.raises(Refused, match=r"large|larger"):
        encode(value)


MALFORMED = {
    "nothing": b"",
    "tag": b"?",
    "left over": b"NN",
    "short int": b"i\0\0",
    "long text": b"s\xff\xff\xff\xff",
    "no utf-8": b"s\x01\0\0\0\xff",
    "surrogate": b"s\x03\0\0\0\xed\xa0\x80",
    "long list": b"l\xff\xff\xff\xff",
    "same text": b"d" + struct.pack("<II", 2, 3) + b"a\0aNN",
    "too few keys": b"d" + struct.pack("<II", 2, 1) + b"aNN",
    "too many keys": b"d" + struct.pack("<II", 1, 3) + b"a\0bN",
    "keys of nothing": b"d" + struct.pack("<II", 0, 1) + b"ai",
    "long keys": b"d" + struct.pack("<II", 1, 2**31) + b"aN",
    "keys without end": b"d" + struct.pack("<II", 1, 2**20) + bytes(2**20) + b"N",
    "same key": b"D\x02\0\0\0" + 2 * (encode(1) + b"N"),
    "float key": b"D\x01\0\0\0" + encode(1.0) + b"N",
    "list key": b"D\x01\0\0\0" + encode([]) + b"N",
    "bool key": b"D\x01\0\0\0TN",
    "dtype": b"n\x63" + bytes(8),
    "dimensions": b"a\x0b\xff" + bytes(8 * 255),
    "short shape": b"a\x0b\x02" + bytes(7),
    "short items": b"a\x0b\x01" + struct.pack("<I", 2) + bytes(24),
    "no items": b"a\x0b\x00",
    "wrapped": b"a\x0b\x03" + struct.pack("<III", 2**31, 2**31, 4),
    "gigantic": b"a\x0b\x02" + struct.pack("<II", 0, 2**31) + bytes(16),
    "gigantic too": b"a\x0b\x04" + struct.pack("<IIII", 0, 2**20, 2**20, 2**20) + bytes(16),
    "padding only": b"_" + bytes(15),
    "padding after padding": (b"_" + bytes(15)) * 5000 + b"N",
    "padding alone": b"_" * 5000,
    "deep": b"l\x01\0\0\0" * 5000 + b"N",
    "own": b"O" + encode(3),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=list(MALFORMED))
def test_what_no_encoder_wrote_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode(data, to_worker=True)


@pytest.mark.parametrize("value", [np.array([False, True]), np.True_], ids=["array", "scalar"])
def test_a_bool_that_is_neither_is_made_one(value: Any) -> None:
    back = decode(encode(value)[:-1] + b"\x07")
    assert back.dtype == bool
    assert back.tobytes()[-1] == 1


def tried(data: bytes) -> None:
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with contextlib.suppress(Malformed):
        decode(data, to_worker=True)
    peak = tracemalloc.get_traced_memory()[1] - before
    assert peak < 100 * len(data) + 20_000


@pytest.fixture(scope="module")
def traced() -> Any:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_keys_are_split_only_as_often_as_they_are_announced(traced: None) -> None:
    data = MALFORMED["keys without end"]
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with pytest.raises(Malformed):
        decode(data)
    assert tracemalloc.get_traced_memory()[1] - before < 7 * len(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_malformed_or_a_value(traced: None, data: bytes) -> None:
    tried(data)


TAGS = st.sampled_from([bytes([c]) for c in b"NTFifcsbltdDnaHOG_"])
COUNTS = st.integers(0, 4).map(lambda n: n.to_bytes(4, "little"))


@given(st.lists(TAGS | COUNTS | st.binary(max_size=9), max_size=40).map(b"".join))
def test_random_tags_are_malformed_or_a_value(traced: None, data: bytes) -> None:
    tried(data)


SEEDS = [
    encode({"W1": np.arange(6.0).reshape(2, 3), "b": [1, (2.5, "x", b"y", None)], 3: 1j}),
    encode({"W1": np.arange(6.0).reshape(2, 3), "D1": np.ones((2, 3), bool), "x": {}}),
    encode_mapping({"x": encode(np.ones(3)), "y": encode(2)}),
    encode((Handle(1), OwnFunction("f"), Generator(2), np.float32(2), np.zeros((0, 4)))),
]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 200),
)
def test_mutated_bytes_are_malformed_or_a_value(
    traced: None, data: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    mutated = bytearray(data)
    for place, byte in changes:
        mutated[place % len(mutated)] = byte
    tried(bytes(mutated))
    tried(bytes(mutated[: cut % len(mutated)]))


def test_buffers_of_every_kind_are_read() -> None:
    data = encode([1, "a", np.arange(3)])
    for buffer in (data, bytearray(data), memoryview(data)):
        assert decode(buffer)[:2] == [1, "a"]


def test_the_copy_does_not_follow_the_buffer() -> None:
    buffer = bytearray(encode(np.zeros(4)))
    array = decode(buffer)
    buffer[-1] = 0x40
    assert not array.any()


def test_arrays_of_a_value_share_nothing_with_each_other() -> None:
    data = encode([np.zeros(2), np.zeros((0, 2)), np.zeros(2)])
    one, _, other = decode(data)
    one += 1
    assert not other.any()
    assert not decode(data)[0].any()
